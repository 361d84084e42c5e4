"""A question at another desk: sent on, taken, ended, or back."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse

from casework.models import Reason
from casework.permissions import may_handle
from casework.services import forwarding as service
from toegang.core.access import ActingRequest, professional
from toegang.core.forms import Form, NearDateField
from toegang.core.pages import posted
from toegang.werkplek.page import case_in_scope
from toegang.werkplek.saving import save
from toegang.werkplek.views.case import allow, show_step

TAKEN, ENDED, BACK = "opgepakt", "uitkomst", "terug"


class ForwardForm(Form):
    """Which desk, and whose yes."""

    desk = forms.ChoiceField(label="Naar welk loket gaat deze vraag?", widget=forms.RadioSelect)
    contact = forms.CharField(label="Wie sprak u daar, en hoe is die te bereiken?", max_length=200)
    agreed_by = forms.CharField(
        label="Wie vindt het goed?", max_length=200, help_text="Bijvoorbeeld: de inwoner zelf. Zonder ja gaat er niets."
    )
    agreed_on = NearDateField(past=True, label="Op welke dag?")

    def __init__(self, *args: Any, today: Any, **kwargs: Any) -> None:
        super().__init__(*args, today=today, **kwargs)
        self.fields["desk"].choices = Reason.objects.listed(service.DESKS, today).choices()  # type: ignore[attr-defined]


class FollowForm(Form):
    """What became of it."""

    what = forms.ChoiceField(
        label="Wat weet u nu?",
        choices=[
            (TAKEN, "Het loket heeft de vraag opgepakt"),
            (ENDED, "Het loket is klaar"),
            (BACK, "Wij pakken de vraag zelf weer op"),
        ],
        widget=forms.RadioSelect,
    )
    text = forms.CharField(
        label="Vertel er iets over",
        widget=forms.Textarea({"rows": 3}),
        max_length=2000,
        help_text="Wie het daar doet, wat de uitkomst is, of waarom de vraag terugkomt.",
    )


@professional
def hand_over(request: ActingRequest, pk: UUID, hulpvraag: UUID) -> HttpResponse:
    """Send a question on to the desk that can answer it."""
    case = case_in_scope(request, pk, "doorzetten")
    found = get_object_or_404(case.hulpvragen.select_related("person"), pk=hulpvraag)
    allowed = allow(request, allowed=may_handle(case, request.actor))
    today = request.actor.today
    form = ForwardForm(posted(request), today=today, initial={"agreed_on": today})

    def act() -> object:
        facts = service.ForwardFacts(**form.cleaned_data)
        return service.forward(hulpvraag_id=found.pk, facts=facts, actor=request.actor)

    done = f"De vraag is doorgezet naar {form.data.get('desk', '')}."
    if answer := save(request, form, act, case=case, done=done, back=reverse("werkplek:case", args=[pk])):
        return answer
    return show_step(request, case, "werkplek/hand_over.html", form, allowed=allowed, hulpvraag=found)


@professional
def forwarded(request: ActingRequest, pk: UUID, forwarding: UUID) -> HttpResponse:
    """Follow a question that is at another desk."""
    case = case_in_scope(request, pk, "doorgezet")
    row = get_object_or_404(case.forwardings.select_related("hulpvraag__person"), pk=forwarding)
    allowed = allow(request, allowed=may_handle(case, request.actor)) and row.ended_on is None
    form = FollowForm(posted(request))

    def act() -> object:
        text, who = form.cleaned_data["text"], {"forwarding_id": row.pk, "actor": request.actor}
        if form.cleaned_data["what"] == TAKEN:
            return service.note_taken(contact=text, **who)
        if form.cleaned_data["what"] == ENDED:
            return service.note_outcome(outcome=text, **who)
        return service.take_back(why=text, **who)

    back = reverse("werkplek:case", args=[pk])
    if answer := save(request, form, act, case=case, done="Dit is vastgelegd.", back=back):
        return answer
    page = {"row": row, "back": back, "part": "overzicht"}
    return show_step(request, case, "werkplek/forwarded.html", form, allowed=allowed, **page)
