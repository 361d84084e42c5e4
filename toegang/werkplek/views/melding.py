"""A new melding, by a professional."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render

from casework.enums import Route
from casework.models import Case, ShortQuestion, Signal, WebMelding
from casework.permissions import REGISTRARS
from casework.rules import OF_AGE, is_younger
from casework.selectors import CASEWORKERS
from casework.services.intake import MeldingFacts, Question, Registered, register_melding
from casework.services.people import PersonFacts
from casework.services.short import made_a_melding, short_question_of
from casework.services.signals import become_melding
from casework.services.web import settle_web_melding
from toegang.core import sealing
from toegang.core.access import ActingRequest, Actor, professional
from toegang.core.dates import PartialDate, long_date
from toegang.core.pages import posted
from toegang.werkplek.forms.melding import MeldingForm
from toegang.werkplek.known import ask_known, is_key
from toegang.werkplek.page import attempt
from toegang.werkplek.teams import teams_of_gemeente, teams_to_register_for
from toegang.werkplek.views.signals import new_signal, open_signal
from toegang.werkplek.views.web import facts_of, open_web_melding

MINOR = "{} is nog geen 18. De melding is geregistreerd. Vraag wie gezag heeft, en leg dat vast bij Mensen."


@professional(roles=REGISTRARS)
def melding_new(request: ActingRequest) -> HttpResponse:
    """Register a melding; the same one twice leads to the same case. Without the inwoner's knowledge it is a signal."""
    if request.POST.get("aware") == "nee":
        return new_signal(request)
    origin = _origin(request)
    form = _form(request, origin)
    if request.method == "POST" and form.is_valid():
        facts = replace(form.facts(), known=origin.known, proven=bool(origin.known))
        facts = replace(facts, person=origin.numbered(facts.person))
        if not origin.known:
            ask, known = ask_known(request, form.cleaned_data["gemeente"], facts.person, submit="Melding opslaan")
            if ask:
                return ask
            facts = replace(facts, known=known)
        ask, questions = _others(request, form.cleaned_data["gemeente"], facts)
        if ask:
            return ask
        facts = replace(facts, questions=questions)
        registered = attempt(form, lambda: _register(form, request, facts, origin))
        if registered:
            return _after(request, registered)
    page = {"form": form, "forms": [form], "team_name": form.teams[0].name, "has_errors": bool(form.errors)}
    return render(request, "werkplek/melding.html", page | {"origin": origin})


def _others(
    request: ActingRequest, gemeente_id: int, facts: MeldingFacts
) -> tuple[HttpResponse | None, list[Question]]:
    """Of somebody else in the same melding it is asked in the same way, after the first one."""
    questions = []
    for number, question in enumerate(facts.questions):
        known = None
        if question.person:
            asked = {"submit": "Melding opslaan", "which": f"_{number + 1}"}
            ask, known = ask_known(request, gemeente_id, question.person, **asked)
            if ask:
                return ask, []
        questions.append(replace(question, known=known))
    return None, questions


@dataclass(frozen=True)
class Origin:
    """What a melding comes of, when it is not typed from nothing: a signal, or what somebody sent by the website."""

    signal: Signal | None = None
    web: WebMelding | None = None
    short: ShortQuestion | None = None

    @property
    def known(self) -> UUID | None:
        """Who signed in with DigiD, or is represented: nobody asks who that is."""
        return self.web.person_id if self.web else None

    def numbered(self, person: PersonFacts) -> PersonFacts:
        """The person of the form, with the number that DigiD gave when it is still who sent it.

        A number that no key opens is left out, as everywhere: the melding does not wait for it.
        """
        sender = self.web
        if sender is None or not sender.bsn_sealed or person.bsn or person.born != sender.born:
            return person
        with suppress(sealing.Unreadable):
            return replace(person, bsn=sealing.unseal(sender.bsn_sealed))
        return person

    @property
    def route(self) -> str:
        """The route that is known already."""
        return Route.SIGNAAL if self.signal else Route.PORTAAL if self.web else ""

    @property
    def initial(self) -> dict[str, Any]:
        """What is filled in."""
        if self.short:
            return {"words": self.short.words, "team": self.short.team_id, "gemeente": self.short.gemeente_id}
        return signal_facts(self.signal) if self.signal else facts_of(self.web) if self.web else {}

    def settle(self, form: MeldingForm, registered: Registered, actor: Actor) -> None:
        """End what the melding came of."""
        if self.signal:
            become_melding(signal_id=self.signal.pk, case=registered.case, why=form.yes(), actor=actor)
        if self.web:
            settle_web_melding(web_id=self.web.pk, melding=registered.melding, actor=actor)
        if self.short:
            made_a_melding(question_id=self.short.pk, melding=registered.melding, actor=actor)


def _origin(request: ActingRequest) -> Origin:
    """The signal or the melding by the website that the address names; else the ordinary 404, or nothing."""
    signal, web, short = (request.GET.get(name, "") for name in ("signaal", "website", "korte"))
    if is_key(signal):
        found, allowed = open_signal(request, UUID(signal), "melding")
        if not allowed or not (found.is_open or request.method == "POST"):
            raise Http404  # who was overtaken while typing is told by the service, and keeps what was typed
        return Origin(signal=found)
    if is_key(web):
        return Origin(web=open_web_melding(request, UUID(web)))
    return Origin(short=short_question_of(UUID(short), request.actor) if is_key(short) else None)


def _form(request: ActingRequest, origin: Origin) -> MeldingForm:
    actor = request.actor
    teams = teams_of_gemeente(origin.web.gemeente_id) if origin.web else teams_to_register_for(actor)
    facts: dict[str, Any] = {"may_be_contactpersoon": "wijkteamlid" in actor.roles, "came": origin.route}
    return MeldingForm(posted(request), today=actor.today, teams=teams, initial=origin.initial, **facts)


def signal_facts(signal: Signal) -> dict[str, Any]:
    """What a signal tells, for a melding that comes of it."""
    names = ("given_names", "family_name", "street", "house_number", "postcode", "city", "phone", "urgent")
    born = PartialDate.from_int(signal.born) if signal.born else None
    facts = {name: getattr(signal, name) for name in names} | {"name_prefix": signal.prefix, "born": born}
    return facts | {"team": signal.team_id, "gemeente": signal.gemeente_id}


@transaction.atomic
def _register(form: MeldingForm, request: ActingRequest, facts: MeldingFacts, origin: Origin) -> Registered:
    registered = register_melding(
        actor=request.actor,
        gemeente_id=form.cleaned_data["gemeente"],
        team_id=form.cleaned_data["team"],
        facts=facts,
        become_contactpersoon=form.cleaned_data.get("become_contactpersoon", False),
    )
    origin.settle(form, registered, request.actor)
    return registered


def _after(request: ActingRequest, registered: Registered) -> HttpResponse:
    """To the case; a case that the actor may not see is only named by its team, a shielded one is never found."""
    case = registered.case
    if Case.objects.visible_to(request.actor).filter(pk=case.pk).exists():
        messages.success(request, _what_happened(registered, request.actor))
        if is_younger(registered.melding.person, OF_AGE, request.actor.today):
            messages.warning(request, MINOR.format(registered.melding.person.name))
        return redirect("werkplek:case", case.pk)
    if registered.new_case or case.shielded:
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
