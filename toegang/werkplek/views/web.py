"""Meldingen by the website that wait for the team."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse

from casework.models import WebMelding
from casework.selectors import CASEWORKERS
from casework.services.web import settle_web_melding, web_meldingen_of
from toegang.core.access import ActingRequest, professional
from toegang.core.forms import Form
from toegang.core.pages import posted
from toegang.werkplek.saving import save

FIELDS = ("persoonsgegevens", "meldingen")


class DropForm(Form):
    """Why nothing is made of it."""

    why = forms.CharField(
        label="Waarom maakt u hier geen melding van?",
        widget=forms.Textarea({"rows": 3}),
        max_length=2000,
        help_text="Bijvoorbeeld: dubbel verstuurd, of een andere gemeente. Bel eerst met wie het stuurde.",
    )


def open_web_melding(request: ActingRequest, pk: UUID) -> WebMelding:
    """One that waits for the actor's teams, with the look in the log; else the ordinary 404.

    Who sends a form that a colleague was first with, is told so by the service, and keeps what was typed.
    """
    mine = web_meldingen_of(request.actor)
    waiting = mine if request.method == "POST" else mine.filter(handled_on=None)
    found: WebMelding = get_object_or_404(waiting, pk=pk)
    facts = {"object_type": "webmelding", "object_id": str(pk), "fields": FIELDS, "gemeente_id": found.gemeente_id}
    request.actor.looked_at("Melding via de website bekeken", **facts)
    return found


@professional(roles=CASEWORKERS)
def web_melding(request: ActingRequest, pk: UUID) -> HttpResponse:
    """Show what was typed; make a melding or a signal of it, or say why not."""
    found = open_web_melding(request, pk)
    form = DropForm(posted(request))

    def act() -> object:
        return settle_web_melding(web_id=pk, actor=request.actor, why=form.cleaned_data["why"])

    if answer := save(request, form, act, done="De reden is vastgelegd.", back=reverse("werkplek:worklist")):
        return answer
    page = {"web": found, "form": form, "forms": [form], "has_errors": bool(form.errors)}
    return render(request, "werkplek/web_melding.html", page)


def facts_of(found: WebMelding) -> dict[str, Any]:
    """What was typed, for the form of a melding or a signal."""
    same = (
        *("given_names", "family_name", "street", "house_number", "postcode", "city", "phone", "no_phone", "no_post"),
        *("safe_contact", "words", "urgent", "received_on", "reporter_name", "reporter_capacity", "reporter_contact"),
        "came_by",
    )
    told = {name: getattr(found, name) for name in same} | {"name_prefix": found.prefix}
    told |= {"born": found.birth if found.born else None, "team": found.team_id, "gemeente": found.gemeente_id}
    careful = f"\n\nLet op bij contact: {found.safe_contact}" if found.safe_contact else ""
    told |= {"aware": "ja" if found.aware else "nee", "seen": found.words + careful}
    told |= {name.replace("reporter", "source"): told[name] for name in same if name.startswith("reporter_")}
    return told | {"knew_way": {True: "ja", False: "nee", None: ""}[found.knew_way]}
