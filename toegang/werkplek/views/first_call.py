"""The first call after a melding: an activity of its own, that ends at the way on."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse

from casework.enums import FirstWay
from casework.models import Case
from casework.permissions import may_handle, may_view_safety
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
    allowed = allow(request, allowed=may_handle(case, request.actor))
    writes = may_view_safety(case, request.actor)
    start = {"called_on": request.actor.today, "spoke_with": case.person.name}
    form = CallForm(posted(request), today=request.actor.today, may_write_safety=writes, initial=start)

    def act() -> object:
        given = dict(form.cleaned_data)
        safe = given.pop("safe")
        if safe == "nee" and not writes:
            messages.warning(request, TELL)
        facts = talks.CallFacts(**{"worries": "", **given, "safety_asked": safe != "niet"})
        return talks.note_first_call(case_id=pk, facts=facts, actor=request.actor)

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
    if len(questions) > 1:
        return reverse("werkplek:case", args=[case.pk])
    return reverse(OF_A_QUESTION[FirstWay(way)], args=[case.pk, questions[0].pk])
