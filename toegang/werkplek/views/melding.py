"""A new melding, by a professional."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render

from casework.models import Case, Signal
from casework.permissions import REGISTRARS
from casework.selectors import CASEWORKERS
from casework.services.intake import MeldingFacts, Registered, register_melding
from casework.services.signals import become_melding
from toegang.core.access import ActingRequest, Actor, professional
from toegang.core.dates import PartialDate, long_date
from toegang.core.pages import posted
from toegang.werkplek.forms.melding import MeldingForm
from toegang.werkplek.known import ask_known, is_key
from toegang.werkplek.page import attempt
from toegang.werkplek.teams import teams_to_register_for
from toegang.werkplek.views.signals import new_signal, open_signal


@professional(roles=REGISTRARS)
def melding_new(request: ActingRequest) -> HttpResponse:
    """Register a melding; the same one twice leads to the same case. Without the inwoner's knowledge it is a signal."""
    if request.POST.get("aware") == "nee":
        return new_signal(request)
    signal = _signal(request)
    form = _form(request, signal)
    if request.method == "POST" and form.is_valid():
        facts = form.facts()
        ask, known = ask_known(request, form.cleaned_data["gemeente"], facts.person, submit="Melding opslaan")
        if ask:
            return ask
        registered = attempt(form, lambda: _register(form, request, replace(facts, known=known), signal))
        if registered:
            return _after(request, registered)
    page = {"form": form, "forms": [form], "team_name": form.teams[0].name, "has_errors": bool(form.errors)}
    page |= {"signal": signal}
    return render(request, "werkplek/melding.html", page)


def _signal(request: ActingRequest) -> Signal | None:
    """The signal that becomes a melding, if any."""
    key = request.GET.get("signaal", "")
    if not is_key(key):
        return None
    signal, allowed = open_signal(request, UUID(key), "melding")
    if not (allowed and signal.is_open):
        raise Http404
    return signal


def _form(request: ActingRequest, signal: Signal | None) -> MeldingForm:
    facts: dict[str, Any] = {"may_be_contactpersoon": "wijkteamlid" in request.actor.roles}
    if signal:
        facts |= {"signal": True, "initial": signal_facts(signal)}
    teams = teams_to_register_for(request.actor)
    return MeldingForm(posted(request), today=request.actor.today, teams=teams, **facts)


def signal_facts(signal: Signal) -> dict[str, Any]:
    """What a signal tells, for a melding that comes of it."""
    names = ("given_names", "family_name", "street", "house_number", "postcode", "city", "phone")
    born = PartialDate.from_int(signal.born) if signal.born else None
    facts = {name: getattr(signal, name) for name in names} | {"name_prefix": signal.prefix, "born": born}
    return facts | {"team": signal.team_id, "gemeente": signal.gemeente_id}


@transaction.atomic
def _register(form: MeldingForm, request: ActingRequest, facts: MeldingFacts, signal: Signal | None) -> Registered:
    registered = register_melding(
        actor=request.actor,
        gemeente_id=form.cleaned_data["gemeente"],
        team_id=form.cleaned_data["team"],
        facts=facts,
        become_contactpersoon=form.cleaned_data.get("become_contactpersoon", False),
    )
    if signal:
        become_melding(signal_id=signal.pk, case=registered.case, why=form.yes(), actor=request.actor)
    return registered


def _after(request: ActingRequest, registered: Registered) -> HttpResponse:
    """To the case; a case that the actor may not see is only named by its team, a shielded one is never found."""
    case = registered.case
    if Case.objects.visible_to(request.actor).filter(pk=case.pk).exists():
        messages.success(request, _what_happened(registered, request.actor))
        return redirect("werkplek:case", case.pk)
    if registered.new_case:
        sentence = f"De melding is bewaard. Team {case.team.name} pakt haar op."
    else:
        sentence = f"Deze inwoner heeft al een zaak bij team {case.team.name}. Uw melding is daar toegevoegd."
    messages.success(request, sentence)
    return redirect("werkplek:worklist" if request.actor.roles & CASEWORKERS else "werkplek:melding_new")


def _what_happened(registered: Registered, actor: Actor) -> str:
    on = registered.melding.received_on
    if registered.melding.linked_to:
        when = "vandaag" if on == actor.today else f"op {long_date(on)}"
        return f"Er was {when} al een melding van deze inwoner. Wij hebben ze aan elkaar gekoppeld."
    if not registered.new_case:
        return f"Deze inwoner had al een zaak. De melding is toegevoegd aan {registered.case.reference}."
    return f"De melding is bewaard. Het nummer van de zaak is {registered.case.reference}."
