"""A new melding, by a professional."""

from __future__ import annotations

from dataclasses import replace

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Prefetch, Q
from django.http import HttpResponse
from django.shortcuts import redirect, render

from casework.models import Case
from casework.permissions import REGISTRARS
from casework.services.intake import MeldingFacts, Registered, register_melding
from toegang.accounts.models import Gemeente, Team
from toegang.core.access import ActingRequest, Actor, professional
from toegang.core.dates import long_date
from toegang.core.pages import posted
from toegang.werkplek.forms.melding import MeldingForm
from toegang.werkplek.known import ask_known
from toegang.werkplek.page import attempt
from toegang.werkplek.views.worklist import CASEWORKERS


@professional(roles=REGISTRARS)
def melding_new(request: ActingRequest) -> HttpResponse:
    """Register a melding; the same one twice leads to the same case."""
    form = _form(request)
    if request.method == "POST" and form.is_valid():
        facts = form.facts()
        ask, known = ask_known(request, form.cleaned_data["gemeente"], facts.person, submit="Melding opslaan")
        if ask:
            return ask
        registered = attempt(form, lambda: _register(form, request, replace(facts, known=known)))
        if registered:
            return _after(request, registered)
    page = {"form": form, "forms": [form], "team_name": form.teams[0].name, "has_errors": bool(form.errors)}
    return render(request, "werkplek/melding.html", page)


def _form(request: ActingRequest) -> MeldingForm:
    actor = request.actor
    of_work = actor.gemeenten_as(*REGISTRARS)
    own = Q(pk__in=actor.team_ids if actor.roles & CASEWORKERS else ())
    served = Team.gemeenten.through.objects.filter(gemeente_id__in=actor.gemeenten_as("klantcontact"))
    served_teams = Team.objects.filter(own | Q(pk__in=served.values("team_id"))).order_by("name")
    teams = list(served_teams.prefetch_related(Prefetch("gemeenten", Gemeente.objects.filter(pk__in=of_work))))
    if not teams:
        raise PermissionDenied("U zit in geen wijkteam. Vraag de functioneel beheerder om u in een team te zetten.")
    typed = posted(request)
    return MeldingForm(typed, today=actor.today, teams=teams, may_be_contactpersoon="wijkteamlid" in actor.roles)


def _register(form: MeldingForm, request: ActingRequest, facts: MeldingFacts) -> Registered:
    return register_melding(
        actor=request.actor,
        gemeente_id=form.cleaned_data["gemeente"],
        team_id=form.cleaned_data["team"],
        facts=facts,
        become_contactpersoon=form.cleaned_data.get("become_contactpersoon", False),
    )


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
