"""The first call after a melding: an activity of its own, that ends at the way on."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse

from casework.enums import DECISION_LAWS, FirstWay, Safe
from casework.models import Case
from casework.permissions import may_handle, may_view_safety
from casework.rules import BEFORE_THE_TALK
from casework.selectors import people_of_case
from casework.services import talks
from toegang.core.access import ActingRequest, professional
from toegang.core.pages import posted
from toegang.werkplek.forms.talk import CallForm
from toegang.werkplek.page import case_in_scope
from toegang.werkplek.saving import save
from toegang.werkplek.views.case import allow, show_step

OF_THE_CASE = {FirstWay.OPGELOST: "werkplek:case_close", FirstWay.GESPREK: "werkplek:case_talk"}
OF_A_QUESTION = {
    FirstWay.DOORZETTEN: "werkplek:hand_over",
    FirstWay.HULPMIDDEL: "werkplek:fast_choose",
    FirstWay.SPOED: "werkplek:urgent_new",
}
TELL = "Niet veilig? Bel nu de contactpersoon of de aandachtsfunctionaris. Zij leggen vast wat er aan de hand is."


@professional
def first_call(request: ActingRequest, pk: UUID) -> HttpResponse:
    """Write down the first call, and go where it leads."""
    case = case_in_scope(request, pk, "gesprek")
    allowed = allow(request, allowed=may_handle(case, request.actor)) and case.status in BEFORE_THE_TALK
    writes = may_view_safety(case, request.actor)
    start = {"called_on": request.actor.today, "spoke_with": case.person.name}
    facts = {"today": request.actor.today, "people": people_of_case(case), "may_write_safety": writes}
    form = CallForm(posted(request), initial=start, **facts)

    def act() -> object:
        told = talks.CallFacts(**{"worries": "", **form.cleaned_data})
        noted = talks.note_first_call(case_id=pk, facts=told, actor=request.actor)
        if told.safe == Safe.NEE and not writes:
            messages.warning(request, TELL)
        return noted

    done = "Het telefoongesprek is vastgelegd."
    answer = save(request, form, act, case=case, done=done, back=lambda: way_on(case, form.cleaned_data["way"]))
    if answer:
        return answer
    return show_step(request, case, "werkplek/first_call.html", form, allowed=allowed, part="gesprek")


def way_on(case: Case, way: str) -> str:
    """The page where it goes on; with several questions the overview, where each has its own."""
    if way in OF_THE_CASE:
        return reverse(OF_THE_CASE[FirstWay(way)], args=[case.pk])
    questions = list(case.hulpvragen.all())
    at_once = way == FirstWay.SPOED
    if len(questions) > 1 or (at_once and questions[0].law not in DECISION_LAWS):
        return reverse("werkplek:case", args=[case.pk])
    return reverse(OF_A_QUESTION[FirstWay(way)], args=[case.pk, questions[0].pk])
