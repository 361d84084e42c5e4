"""The plan of a household: read, written part by part, shared."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Prefetch
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from casework.enums import DECISION_LAWS
from casework.models import Case, Hulpvraag
from casework.permissions import may_handle
from plans.enums import CareForm, PlanStatus, Rung
from plans.models import Goal, MaatwerkLine, Plan
from plans.rules import ready_to_share
from plans.services import agreement
from plans.services import plan as services
from providers.selectors import products_on
from toegang.core.access import ActingRequest, professional
from toegang.core.lifecycle import Missing
from toegang.werkplek.forms.plan import ActionForm, GoalForm, LadderForm, LineForm, ProductForm, WordsForm
from toegang.werkplek.page import case_context, case_in_scope
from toegang.werkplek.saving import save_version, take

NOT_YOURS = "Alleen de contactpersoon schrijft in deze zaak."


@dataclass(frozen=True)
class HulpvraagPart:
    """What a plan says of one hulpvraag: the ladder, rung by rung, and the maatwerk."""

    hulpvraag: Hulpvraag
    rungs: list[tuple[str, str]]
    lines: list[MaatwerkLine]

    @property
    def is_weighed(self) -> bool:
        """Whether every rung of the ladder has its finding."""
        return all(finding for _, finding in self.rungs)


@professional
def case_plan(request: ActingRequest, pk: UUID) -> HttpResponse:
    """Show the present plan, what it still needs, and the versions before it."""
    case = case_in_scope(request, pk, "plan")
    context = case_context(request, case, "plan")
    versions = _versions(case)
    plan = next((version for version in versions if version.status != PlanStatus.VERVANGEN), None)
    missing = list(ready_to_share(plan)) if plan and plan.status == PlanStatus.CONCEPT else []
    context |= {
        "plan": plan,
        "parts": _parts(plan, context["hulpvragen"]) if plan else [],
        "obstacles": _places(missing, case),
        "former": [version for version in versions if version.status == PlanStatus.VERVANGEN],
        "may_begin": plan is None or (plan.status == PlanStatus.AKKOORD and case.plan_agreed_on is None),
    }
    return render(request, "werkplek/plan.html", context)


def _versions(case: Case) -> list[Plan]:
    """All versions, the newest first, with what they hold."""
    goals = Goal.objects.filter(removed=False).prefetch_related("actions")
    lines = MaatwerkLine.objects.select_related("product", "goal", "provider", "hulpvraag__person")
    return list(case.plans.prefetch_related(Prefetch("goals", goals), Prefetch("lines", lines), "rungs"))


def _parts(plan: Plan, hulpvragen: Iterable[Hulpvraag]) -> list[HulpvraagPart]:
    found = {(rung.hulpvraag_id, rung.rung): rung.finding for rung in plan.rungs.all()}
    return [
        HulpvraagPart(
            hulpvraag,
            [(rung.label, found.get((hulpvraag.pk, rung.value), "")) for rung in Rung],
            [line for line in plan.lines.all() if line.hulpvraag_id == hulpvraag.pk],
        )
        for hulpvraag in hulpvragen
        if hulpvraag.law in DECISION_LAWS
    ]


def _places(missing: Iterable[Missing], case: Case) -> list[tuple[str, str]]:
    """Each missing thing with the page where it is written: the goal, the ladder, or a first goal."""
    routes: dict[type, str] = {Goal: "werkplek:plan_action", Hulpvraag: "werkplek:plan_ladder"}
    return [
        (m.text, reverse(routes[type(m.about)], args=[case.pk, m.about.pk]) if m.about else _goal_url(case))
        for m in missing
    ]


def _goal_url(case: Case) -> str:
    return reverse("werkplek:plan_goal", args=[case.pk])


def plan_url(case: Case) -> str:
    """The page of the plan."""
    return reverse("werkplek:case_plan", args=[case.pk])


def handled_case(request: ActingRequest, pk: UUID, part: str) -> Case:
    """Give a case in scope that the actor handles; else the sentence that says who does."""
    case = case_in_scope(request, pk, part)
    if not may_handle(case, request.actor):
        raise PermissionDenied(NOT_YOURS)
    return case


def _page(request: ActingRequest, case: Case, form: Any, **facts: Any) -> HttpResponse:
    """One form of the plan; `facts` are heading, lead and button."""
    context = case_context(request, case, "plan") | {
        "form": form,
        "forms": [form],
        "has_errors": bool(form.errors),
        **facts,
    }
    return render(request, "werkplek/plan_form.html", context)


def _present(request: ActingRequest, case: Case) -> Plan | None:
    """The plan to write in; None when there is none, or when a page opens that cannot be written now."""
    plan = services.present_plan(case)
    if plan is None:
        messages.warning(request, "Begin eerst het plan.")
        return None
    if request.method == "GET" and plan.status != PlanStatus.CONCEPT:
        messages.warning(request, f"Dit plan kunt u nu niet wijzigen: het is ‘{plan.get_status_display()}’.")
        return None
    return plan


@professional
@require_POST
def plan_open(request: ActingRequest, pk: UUID) -> HttpResponse:
    """Begin the plan, or a new version of it."""
    case = case_in_scope(request, pk, "plan")
    return take(
        request,
        lambda: services.open_plan(case_id=case.pk, actor=request.actor),
        done="Het plan staat klaar. Begin met wat de inwoner wil bereiken.",
        back=plan_url(case),
    )


@professional
def plan_words(request: ActingRequest, pk: UUID) -> HttpResponse:
    """Write what the inwoner wants, in own words."""
    case = handled_case(request, pk, "plan")
    if (plan := _present(request, case)) is None:
        return redirect(plan_url(case))
    form = WordsForm(request.POST or None, initial={"version": plan.version, "own_words": plan.own_words})

    def write() -> Plan:
        return services.write_words(plan_id=plan.pk, actor=request.actor, **form.cleaned_data)

    def texts(present: Plan) -> list[tuple[str, str, str]]:
        return [("Wat de inwoner wil bereiken", form.cleaned_data["own_words"], present.own_words)]

    answer = save_version(
        request, form, write, case=case, done="De woorden zijn bewaard.", back=plan_url(case), texts=texts
    )
    return answer or _page(request, case, form, heading="Wat wil de inwoner?", button="Opslaan")


@professional
def plan_goal(request: ActingRequest, pk: UUID) -> HttpResponse:
    """Add a goal."""
    case = handled_case(request, pk, "plan")
    if (plan := _present(request, case)) is None:
        return redirect(plan_url(case))
    form = GoalForm(request.POST or None, initial={"version": plan.version})

    def write() -> Goal:
        return services.add_goal(plan_id=plan.pk, actor=request.actor, **form.cleaned_data)

    def texts(present: Plan) -> list[tuple[str, str, str]]:
        return [("Doel", *_among(form.cleaned_data["result"], [goal.result for goal in present.goals.all()]))]

    answer = save_version(
        request, form, write, case=case, done="Het doel is toegevoegd.", back=plan_url(case), texts=texts
    )
    return answer or _page(request, case, form, heading="Doel toevoegen", button="Doel toevoegen")


def _among(mine: str, present: list[str]) -> tuple[str, str]:
    """What I add beside the list that is there now; the same twice when it is in that list already."""
    return mine, mine if mine in present else "\n".join(present)


@professional
def plan_action(request: ActingRequest, pk: UUID, goal: UUID) -> HttpResponse:
    """Add who does what for a goal."""
    case = handled_case(request, pk, "plan")
    if (plan := _present(request, case)) is None:
        return redirect(plan_url(case))
    found = get_object_or_404(plan.goals, pk=goal)
    form = ActionForm(request.POST or None, initial={"version": plan.version}, today=request.actor.today)

    def write() -> object:
        return services.add_action(plan_id=plan.pk, goal_id=found.pk, actor=request.actor, **form.cleaned_data)

    def texts(present: Plan) -> list[tuple[str, str, str]]:  # noqa: ARG001 (the goal tells what is there now)
        return [("Actie", *_among(form.cleaned_data["what"], [action.what for action in found.actions.all()]))]

    answer = save_version(
        request, form, write, case=case, done="De actie is toegevoegd.", back=plan_url(case), texts=texts
    )
    return answer or _page(
        request, case, form, heading="Actie toevoegen", lead=f"Doel: {found.result}", button="Actie toevoegen"
    )


@professional
def plan_ladder(request: ActingRequest, pk: UUID, hulpvraag: UUID) -> HttpResponse:
    """Write what each rung of the ladder gives for one hulpvraag."""
    case = handled_case(request, pk, "plan")
    found = get_object_or_404(case.hulpvragen.select_related("person"), pk=hulpvraag, law__in=DECISION_LAWS)
    if (plan := _present(request, case)) is None:
        return redirect(plan_url(case))
    form = LadderForm(request.POST or None, initial={"version": plan.version, **_findings(plan, found)})

    def write() -> Plan:
        findings = {rung.value: form.cleaned_data[rung.value] for rung in Rung}
        version = form.cleaned_data["version"]
        return services.walk_ladder(
            plan_id=plan.pk, version=version, hulpvraag_id=found.pk, findings=findings, actor=request.actor
        )

    def texts(present: Plan) -> list[tuple[str, str, str]]:
        findings = _findings(present, found)
        return [(rung.label, form.cleaned_data[rung.value], findings.get(rung.value, "")) for rung in Rung]

    answer = save_version(
        request, form, write, case=case, done="De ladder is bewaard.", back=plan_url(case), texts=texts
    )
    lead = f"{found}: {found.need}"
    return answer or _page(request, case, form, heading="Welke hulp is lichter?", lead=lead, button="Opslaan")


def _findings(plan: Plan, hulpvraag: Hulpvraag) -> dict[str, str]:
    return dict(plan.rungs.filter(hulpvraag=hulpvraag).values_list("rung", "finding"))


@professional
def plan_line(request: ActingRequest, pk: UUID, hulpvraag: UUID) -> HttpResponse:
    """Add maatwerk: first which help, then how much, how often and until when."""
    case = handled_case(request, pk, "plan")
    found = get_object_or_404(case.hulpvragen.select_related("person"), pk=hulpvraag, law__in=DECISION_LAWS)
    if (plan := _present(request, case)) is None:
        return redirect(plan_url(case))
    if not plan.goals.filter(removed=False).exists():
        messages.warning(request, "Voeg eerst een doel toe. Daarna kunt u maatwerk toevoegen.")
        return redirect(_goal_url(case))
    lead = f"{found}: {found.need}"
    products = products_on(found.law, request.actor.today)
    asked = ProductForm(request.GET or None, products=products)
    if not request.POST and not asked.is_valid():
        return _page(request, case, asked, heading="Maatwerk toevoegen", lead=lead, button="Verder", method="get")
    form = _line_form(request, plan, asked)

    def write() -> MaatwerkLine:
        facts = {**form.cleaned_data}
        version, product, goal = facts.pop("version"), facts.pop("product"), facts.pop("goal")
        line = services.LineFacts(hulpvraag_id=found.pk, goal_id=goal.pk, product_id=product.pk, **facts)
        return services.add_line(plan_id=plan.pk, version=version, facts=line, actor=request.actor)

    def texts(present: Plan) -> list[tuple[str, str, str]]:
        lines = present.lines.filter(hulpvraag=found).select_related("product")
        return [("Maatwerk", *_among(_line_text(form.cleaned_data), [str(line) for line in lines]))]

    answer = save_version(
        request, form, write, case=case, done="Het maatwerk staat erin.", back=plan_url(case), texts=texts
    )
    facts = {"heading": "Maatwerk toevoegen", "lead": lead, "button": "Maatwerk toevoegen"}
    return answer or _page(request, case, form, product=_chosen(form, asked), **facts)


def _line_form(request: ActingRequest, plan: Plan, asked: ProductForm) -> LineForm:
    """The form of a line, with the unit and the usual frequency of the product filled in."""
    initial: dict[str, Any] = {"version": plan.version, "form": CareForm.NATURA}
    goals = plan.goals.filter(removed=False)
    if not request.POST:
        product = asked.cleaned_data["product"]
        initial |= {"product": product.pk, "unit": product.unit, "frequency": product.frequency}
        initial["goal"] = goals[0].pk if len(goals) == 1 else None
    products = asked.fields["product"].queryset  # type: ignore[attr-defined]
    return LineForm(request.POST or None, initial=initial, products=products, goals=goals, today=request.actor.today)


def _chosen(form: LineForm, asked: ProductForm) -> object:
    """The product that the form is about; None when what was sent is no product of this law."""
    if form.is_bound:
        return form.cleaned_data.get("product")
    return asked.cleaned_data["product"]


def _line_text(given: dict[str, Any]) -> str:
    """The line that was asked, in the words of the plan."""
    asked = {name: given[name] for name in ("product", "volume", "unit", "frequency")}
    return str(MaatwerkLine(**asked))


@professional
@require_POST
def plan_line_remove(request: ActingRequest, pk: UUID, line: UUID) -> HttpResponse:
    """Take a line of maatwerk out of the draft."""
    case = handled_case(request, pk, "plan")
    plan = get_object_or_404(case.plans.exclude(status=PlanStatus.VERVANGEN))
    if not plan.lines.filter(pk=line).exists():
        messages.info(request, "Dit maatwerk staat niet meer in het plan.")
        return redirect(plan_url(case))
    return take(
        request,
        lambda: services.remove_line(plan_id=plan.pk, version=plan.version, line_id=line, actor=request.actor),
        done="Het maatwerk is weggehaald.",
        back=plan_url(case),
    )


@professional
@require_POST
def plan_share(request: ActingRequest, pk: UUID) -> HttpResponse:
    """Share the plan with the inwoner."""
    return _step(request, pk, agreement.share_plan, "Het plan is gedeeld. De inwoner kan het lezen.")


@professional
@require_POST
def plan_take_back(request: ActingRequest, pk: UUID) -> HttpResponse:
    """Take the shared plan back to change it."""
    return _step(request, pk, agreement.take_back_plan, "U kunt het plan weer aanpassen.")


@professional
@require_POST
def plan_remind(request: ActingRequest, pk: UUID) -> HttpResponse:
    """Send a reminder of the plan."""
    return _step(request, pk, agreement.remind_of_plan, "De herinnering gaat weg.")


def _step(request: ActingRequest, pk: UUID, service: Any, done: str) -> HttpResponse:
    case = handled_case(request, pk, "plan")
    plan = get_object_or_404(case.plans.exclude(status=PlanStatus.VERVANGEN))
    return take(request, lambda: service(plan_id=plan.pk, actor=request.actor), done=done, back=plan_url(case))
