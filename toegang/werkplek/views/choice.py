"""Who gives the help, line by line, and the aanvraag of each hulpvraag."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from casework.enums import DECISION_LAWS, CaseStatus
from casework.flow import ASKABLE
from casework.models import Case, Hulpvraag
from casework.rules import choices_made
from casework.services.intake import register_aanvraag_on
from plans.enums import Choice, PlanStatus
from plans.models import MaatwerkLine, Pgb
from plans.services import choice as services
from providers.selectors import contracts_for
from toegang.core.access import ActingRequest, professional
from toegang.werkplek.forms.choice import AanvraagForm, ChoiceForm, PgbForm, waiting_words
from toegang.werkplek.page import case_context, case_in_scope, links
from toegang.werkplek.saving import save, save_version, take
from toegang.werkplek.views.plan import handled_case


@dataclass(frozen=True)
class AanvraagPart:
    """Whether the aanvraag of one hulpvraag came in, and whether one can be recorded now."""

    hulpvraag: Hulpvraag
    open: bool


@professional
def case_choice(request: ActingRequest, pk: UUID) -> HttpResponse:
    """Show the choice of each line and the aanvraag of each hulpvraag."""
    case = case_in_scope(request, pk, "aanbieder")
    context = case_context(request, case, "aanbieder")
    hulpvragen = [h for h in context["hulpvragen"] if h.law in DECISION_LAWS]
    context |= {
        "lines": _agreed_lines(case).select_related("product", "provider", "hulpvraag__person", "goal", "pgb"),
        "aanvragen": [AanvraagPart(h, h.status in ASKABLE) for h in hulpvragen],
        "obstacles": links(choices_made(case), case) if case.status == CaseStatus.AANBIEDER else [],
    }
    return render(request, "werkplek/choice.html", context)


def _agreed_lines(case: Case) -> QuerySet[MaatwerkLine]:
    return MaatwerkLine.objects.filter(plan__case=case, plan__status=PlanStatus.AKKOORD)


def choice_url(case: Case) -> str:
    """The page of the choices."""
    return reverse("werkplek:case_choice", args=[case.pk])


@professional
@require_POST
def choice_done(request: ActingRequest, pk: UUID) -> HttpResponse:
    """Go on to the decision."""
    case = handled_case(request, pk, "aanbieder")
    return take(
        request,
        lambda: services.go_to_decision(case_id=case.pk, actor=request.actor),
        done="U kunt nu het besluit schrijven.",
        back=choice_url(case),
    )


@professional
def choice_line(request: ActingRequest, pk: UUID, line: UUID) -> HttpResponse:
    """Compare the providers with a contract and record the choice for one line."""
    case = handled_case(request, pk, "aanbieder")
    lines = _agreed_lines(case).select_related("product", "goal", "hulpvraag__person")
    found = get_object_or_404(lines, pk=line)
    day = max(found.starts_on, request.actor.today)
    contracts = list(contracts_for(product_id=found.product_id, gemeente_id=case.gemeente_id, day=day))
    initial = {"choice": found.choice, "provider": found.provider_id, "reason": found.choice_reason}
    form = ChoiceForm(request.POST or None, initial=initial, contracts=contracts)
    answer = save(
        request,
        form,
        lambda: services.choose_provider(line_id=found.pk, actor=request.actor, **form.cleaned_data),
        case=case,
        done="De keuze is vastgelegd.",
        back=_after_choice(case, found, form),
    )
    context = case_context(request, case, "aanbieder") | {
        "line": found,
        "offers": [(contract, waiting_words(contract.waiting_days)) for contract in contracts],
        "form": form,
        "forms": [form],
        "has_errors": bool(form.errors),
    }
    return answer or render(request, "werkplek/choice_line.html", context)


def _after_choice(case: Case, line: MaatwerkLine, form: ChoiceForm) -> str:
    """A pgb is worked out at once; the other choices are ready."""
    if form.is_bound and form.is_valid() and form.cleaned_data["choice"] == Choice.PGB:
        return reverse("werkplek:pgb", args=[case.pk, line.pk])
    return choice_url(case)


@professional
def pgb(request: ActingRequest, pk: UUID, line: UUID) -> HttpResponse:
    """Work out the pgb of one line: why, who manages it, the quality and the rate."""
    case = handled_case(request, pk, "aanbieder")
    lines = _agreed_lines(case).filter(choice=Choice.PGB).select_related("product", "hulpvraag__person")
    found = get_object_or_404(lines, pk=line)
    present = Pgb.objects.filter(line=found).first()
    names = ("wish", "manager", "able", "quality", "helper", "rate", "version")
    initial = {name: getattr(present, name) for name in names} if present else {"version": 0}
    form = PgbForm(request.POST or None, initial=initial, line=found)

    def act() -> Pgb:
        facts = {name: value for name, value in form.cleaned_data.items() if name != "version"}
        given = services.PgbFacts(**facts)
        return services.work_out_pgb(
            line_id=found.pk, version=form.cleaned_data["version"], facts=given, actor=request.actor
        )

    def texts(now: Pgb) -> list[tuple[str, str, str]]:
        return [(str(form.fields[n].label), str(form.cleaned_data[n]), str(getattr(now, n))) for n in names[:-1]]

    answer = save_version(
        request, form, act, case=case, done="Het pgb is uitgewerkt.", back=choice_url(case), texts=texts
    )
    context = case_context(request, case, "aanbieder") | {"line": found, "form": form, "forms": [form]}
    return answer or render(request, "werkplek/pgb.html", context | {"has_errors": bool(form.errors)})


@professional
def aanvraag(request: ActingRequest, pk: UUID, hulpvraag: UUID) -> HttpResponse:
    """Record the day on which the aanvraag of one hulpvraag came in."""
    case = handled_case(request, pk, "aanbieder")
    found = get_object_or_404(case.hulpvragen.select_related("person"), pk=hulpvraag, law__in=DECISION_LAWS)
    form = AanvraagForm(request.POST or None, initial={"received_on": request.actor.today}, today=request.actor.today)
    answer = save(
        request,
        form,
        lambda: register_aanvraag_on(hulpvraag_id=found.pk, actor=request.actor, **form.cleaned_data),
        case=case,
        done="De aanvraag is vastgelegd. De termijn voor het besluit loopt.",
        back=choice_url(case),
    )
    context = case_context(request, case, "aanbieder") | {"hulpvraag": found, "form": form, "forms": [form]}
    return answer or render(request, "werkplek/aanvraag.html", context | {"has_errors": bool(form.errors)})
