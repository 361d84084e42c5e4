"""Telling the melder or verwijzer how it goes, with the yes of the inwoner."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse

from casework.models import Reason
from casework.permissions import may_handle
from casework.services import feedback as service
from toegang.core.access import ActingRequest, professional
from toegang.core.pages import posted
from toegang.werkplek.forms.feedback import FeedbackForm
from toegang.werkplek.page import case_in_scope
from toegang.werkplek.saving import save
from toegang.werkplek.views.case import allow, show_step

INTRO = "Alleen als de inwoner ja zegt, vertelt u iets: één van deze zinnen, en niets meer."


@professional
def feedback(request: ActingRequest, pk: UUID, melding: UUID) -> HttpResponse:
    """Record the answer of the inwoner and what was told."""
    case = case_in_scope(request, pk, "overzicht")
    found = get_object_or_404(case.meldingen.prefetch_related("hulpvragen"), pk=melding)
    allowed, today = allow(request, allowed=may_handle(case, request.actor)), request.actor.today
    receivers = found.receivers
    if not receivers:
        raise Http404
    sentences = Reason.objects.listed(service.KIND, today)
    initial = {"said_on": today, "to": receivers[0] if len(receivers) == 1 else None}
    facts = {"receivers": receivers, "sentences": [each.label for each in sentences]}
    form = FeedbackForm(posted(request), today=today, initial=initial, **facts)

    def act() -> None:
        service.record_feedback(case_id=pk, melding_id=melding, facts=form.facts(), actor=request.actor)

    back = reverse("werkplek:case", args=[pk])
    if answer := save(request, form, act, case=case, done="Dit is vastgelegd.", back=back):
        return answer
    page = {"heading": "Terugkoppelen", "intro": INTRO, "submit": "Vastleggen", "back": back}
    return show_step(request, case, "werkplek/people_form.html", form, allowed=allowed, part="overzicht", **page)
