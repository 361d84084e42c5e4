"""A spoedbesluit: decided and sent by who handles the case, tested afterwards by a toetser."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from casework.enums import DECISION_LAWS, Channel
from casework.models import Case, Hulpvraag
from decisions.models import UrgentDecision
from decisions.permissions import may_decide_urgently, may_handle, may_test_urgent
from decisions.services import urgent as services
from decisions.services.reviewing import toetsers_for
from decisions.urgent_letters import KIND, urgent_sheet
from providers.models import Provider
from providers.selectors import products_on
from toegang.core.access import ActingRequest, professional
from toegang.core.letters import LetterError
from toegang.core.pages import posted
from toegang.werkplek.forms.urgent import AnswerForm, OtherToetserForm, TestForm, UrgentForm
from toegang.werkplek.page import attempt, case_context, case_in_scope
from toegang.werkplek.saving import save
from toegang.werkplek.views.case import allow, show_step
from toegang.werkplek.views.decision import decisions_url
from toegang.werkplek.views.review import TOETSERS

DONE = {
    Channel.DIGITAAL: "Het spoedbesluit is genomen. De brief wordt verzonden.",
    Channel.PAPIER: "Het spoedbesluit is genomen. De brief komt zo op de afdruklijst: post hem vandaag.",
}
PREVIEW = "bekijken"  # the button that shows the letter first


@professional
def urgent_new(request: ActingRequest, pk: UUID, hulpvraag: UUID) -> HttpResponse:
    """Decide on temporary help at once; the letter is shown first when asked."""
    case = case_in_scope(request, pk, "besluit")
    found = get_object_or_404(case.hulpvragen.select_related("person", "case__gemeente", "gemeente"), pk=hulpvraag)
    allowed = allow(request, allowed=may_decide_urgently(found, request.actor), sentence=services.NO_MANDATE)
    if found.law not in DECISION_LAWS:
        messages.warning(request, "Over deze vraag beslist een ander loket. Zet haar door, en bel dat loket meteen.")
        return redirect(decisions_url(case))
    form = _form(request, found)
    facts: dict[str, Any] = {"hulpvraag": found, "last_day": services.last_day(found, request.actor.today)}
    if request.method == "POST" and PREVIEW in request.POST:
        facts |= _preview(request, case, found, form)
    else:
        answer = save(
            request,
            form,
            lambda: services.decide_urgently(
                hulpvraag_id=found.pk, facts=services.UrgentFacts(**form.cleaned_data), actor=request.actor
            ),
            case=case,
            done=DONE[found.person.channel_for(KIND)],
            back=decisions_url(case),
        )
        if answer:
            return answer
    return show_step(request, case, "werkplek/urgent.html", form, allowed=allowed, part="besluit", **facts)


def _form(request: ActingRequest, hulpvraag: Hulpvraag) -> UrgentForm:
    today, gemeente_id = request.actor.today, hulpvraag.gemeente_id
    providers = Provider.objects.filter(contracts__gemeente_id=gemeente_id, contracts__product__law=hulpvraag.law)
    return UrgentForm(
        posted(request),
        today=today,
        initial={"starts_on": today},
        products=products_on(hulpvraag.law, today),
        providers=providers.distinct().order_by("name"),
        reviewers=toetsers_for(gemeente_id, request.actor),
    )


def _preview(request: ActingRequest, case: Case, hulpvraag: Hulpvraag, form: UrgentForm) -> dict[str, Any]:
    """The letter as it would go out today; what stands in its way becomes errors of the form."""
    if not form.is_valid():
        return {}
    given = services.UrgentFacts(**form.cleaned_data)
    urgent = attempt(form, lambda: services.draft_urgent(hulpvraag, given, request.actor), case)
    if urgent is None:
        return {}
    urgent.gemeente, urgent.case = case.gemeente, case
    try:
        return {"sheet": urgent_sheet(urgent, request.actor.today), "is_preview": True}
    except LetterError as problem:
        return {"sheet": None, "letter_problem": str(problem), "is_preview": True}


@professional(roles=TOETSERS)
def urgent_test(request: ActingRequest, urgent: UUID) -> HttpResponse:
    """Test a spoedbesluit that was sent: agree, or say what must follow."""
    related = ("hulpvraag__person", "case__gemeente", "gemeente", "product", "provider", "decided_by", "letter")
    if services.was_tested(urgent_id=urgent, actor=request.actor):
        messages.info(request, "U toetste dit spoedbesluit al.")
        return redirect("werkplek:review_list")
    found = get_object_or_404(UrgentDecision.objects.select_related(*related), pk=urgent)
    case = case_in_scope(request, found.case_id, "toetsing")
    if not may_test_urgent(found, request.actor):
        raise PermissionDenied("Een ander dan wie besliste, toetst dit spoedbesluit.")
    form = TestForm(posted(request))
    answer = save(
        request,
        form,
        lambda: services.test_urgent(urgent_id=found.pk, actor=request.actor, **form.cleaned_data),
        case=case,
        done="Uw toets is vastgelegd.",
        back=reverse("werkplek:review_list"),
    )
    if answer:
        return answer
    page = {"urgent": found, "form": form, "forms": [form], "has_errors": bool(form.errors)}
    return render(request, "werkplek/urgent_test.html", case_context(request, case, "") | page)


@professional
def urgent_follow(request: ActingRequest, pk: UUID, urgent: UUID) -> HttpResponse:
    """Ask another toetser, or write down what was done after the toetser did not agree."""
    case = case_in_scope(request, pk, "besluit")
    found = get_object_or_404(
        case.urgent_decisions.select_related("hulpvraag__person", "product", "reviewer"), pk=urgent
    )
    allowed = allow(request, allowed=may_handle(case, request.actor))
    reviewers = toetsers_for(case.gemeente_id, request.actor).exclude(pk=found.decided_by_id)
    waits = found.tested_on is None
    form = OtherToetserForm(posted(request), reviewers=reviewers) if waits else AnswerForm(posted(request))

    step: Callable[..., UrgentDecision] = services.ask_other_toetser if waits else services.answer_toets

    def act() -> object:
        return step(urgent_id=found.pk, actor=request.actor, **form.cleaned_data)

    answer = save(request, form, act, case=case, done="Dit is vastgelegd.", back=decisions_url(case))
    if answer:
        return answer
    return show_step(request, case, "werkplek/urgent_follow.html", form, allowed=allowed, part="besluit", urgent=found)
