"""A simple question, answered at once."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from casework.enums import BY_OURSELVES
from casework.models import Reason, ShortQuestion
from casework.permissions import REGISTRARS
from casework.services.short import KIND, own_short_questions, record_short_question
from toegang.core.access import ActingRequest, professional
from toegang.core.pages import posted
from toegang.werkplek.forms.melding import TeamForm
from toegang.werkplek.saving import save
from toegang.werkplek.teams import teams_to_register_for

DONE = "Vastgelegd. Komt er toch meer bij kijken? Kies dan ‘Toch een melding’."


class ShortQuestionForm(TeamForm):
    """What was asked and how it ended; no name."""

    words = forms.CharField(
        label="Wat was de vraag?",
        widget=forms.Textarea({"rows": 3}),
        max_length=500,
        help_text="In een paar woorden. Schrijf geen naam of nummer op.",
    )
    outcome = forms.ChoiceField(label="Hoe liep het af?", widget=forms.RadioSelect)
    route = forms.ChoiceField(
        label="Hoe kwam de vraag binnen?",
        choices=[(route, route.label) for route in BY_OURSELVES],
        initial=BY_OURSELVES[0],
        widget=forms.RadioSelect,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["outcome"].choices = Reason.objects.listed(KIND, self.today).choices()  # type: ignore[attr-defined]


@professional(roles=REGISTRARS)
def short_question(request: ActingRequest) -> HttpResponse:
    """Record a question that was answered at once; those of today stand below, each to be made a melding after all."""
    form = ShortQuestionForm(posted(request), today=request.actor.today, teams=teams_to_register_for(request.actor))

    def act() -> ShortQuestion:
        given = form.cleaned_data
        told = {name: given[name] for name in ("words", "outcome", "route")}
        return record_short_question(gemeente_id=given["gemeente"], team_id=given["team"], actor=request.actor, **told)

    if answer := save(request, form, act, done=DONE, back=reverse("werkplek:short_question")):
        return answer
    page = {"form": form, "forms": [form], "has_errors": bool(form.errors)}
    return render(request, "werkplek/short_question.html", page | {"today": own_short_questions(request.actor)})
