"""Signals: the list of the team, a new one, and what is done with one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any
from uuid import UUID

from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from casework.models import Case, Signal, WebMelding
from casework.permissions import REGISTRARS, works_in_team_of
from casework.selectors import CASEWORKERS
from casework.selectors.signals import signals_seen_by, team_signals
from casework.services import signals as service
from casework.services.web import settle_web_melding
from toegang.core.access import ActingRequest, professional
from toegang.core.forms import Form
from toegang.core.lifecycle import steps_for
from toegang.core.pages import paged, posted
from toegang.core.templatetags.ui import DueView
from toegang.werkplek.forms import signals as forms
from toegang.werkplek.known import is_key
from toegang.werkplek.saving import save, take
from toegang.werkplek.teams import teams_to_register_for
from toegang.werkplek.views.case import allow
from toegang.werkplek.views.web import facts_of, open_web_melding

FIELDS = ("persoonsgegevens", "signaal")
NOT_YOURS = "Alleen het team van dit signaal gaat ermee verder."


@professional(roles=CASEWORKERS)
def signal_list(request: ActingRequest) -> HttpResponse:
    """Show the signals of the own teams: those that wait, or those that ended."""
    waiting = request.GET.get("stand") != "afgerond"
    page = paged(request, team_signals(request.actor, waiting=waiting))
    shown = ", ".join(str(signal.pk) for signal in page["page"])
    request.actor.looked_at("Signalen van het team", action="list", object_type="signal", detail=shown, fields=FIELDS)
    rows = [(signal, _due(signal, request)) for signal in page["page"]]
    return render(request, "werkplek/signals.html", {**page, "rows": rows, "waiting": waiting})


def _due(signal: Signal, request: ActingRequest) -> DueView:
    """The day of review, or of one that was handed over the day of the answer."""
    return DueView(signal.answer_due_on or signal.review_on, request.actor.today)


@professional(roles=REGISTRARS)
def signal_new(request: ActingRequest) -> HttpResponse:
    """Register a signal."""
    return new_signal(request)


def new_signal(request: ActingRequest) -> HttpResponse:
    """The page of a new signal; who typed a melding of which the inwoner does not know, goes on with what was typed."""
    teams = teams_to_register_for(request.actor)
    from_melding, web = "aware" in request.POST, _web(request)
    facts: dict[str, Any] = {"today": request.actor.today, "teams": teams}
    if from_melding:
        form = forms.SignalForm(initial=_as_signal(request), **facts)
    else:
        form = forms.SignalForm(posted(request), initial=facts_of(web) if web else {}, **facts)
        if form.is_valid():
            where = {"gemeente_id": form.cleaned_data["gemeente"], "team_id": form.cleaned_data["team"]}
            back = "werkplek:signals" if request.actor.roles & CASEWORKERS else "werkplek:melding_new"
            done = "Het signaal is bewaard. Het team kijkt ernaar."

            @transaction.atomic
            def act() -> None:
                signal = service.register_signal(actor=request.actor, facts=form.facts(), **where)
                if web:
                    settle_web_melding(web_id=web.pk, signal=signal, actor=request.actor)

            if answer := save(request, form, act, done=done, back=reverse(back)):
                return answer
    page = {"form": form, "forms": [form], "has_errors": bool(form.errors), "from_melding": from_melding}
    return render(request, "werkplek/signal_new.html", page)


def _web(request: ActingRequest) -> WebMelding | None:
    """What came in by the website and becomes a signal, if any."""
    key = request.GET.get("website", "")
    return open_web_melding(request, UUID(key)) if is_key(key) else None


def _as_signal(request: ActingRequest) -> dict[str, Any]:
    """What was typed for a melding, under the names of a signal."""
    typed = request.POST
    names = (*forms.SAME, "name_prefix", "received_on", "team", "gemeente")
    found: dict[str, Any] = {name: typed[name] for name in names if name in typed}
    born = [typed.get(f"born_{part}", "") for part in ("dag", "maand", "jaar")]
    reporter = {"source_name": "reporter_name", "source_capacity": "reporter_capacity"}
    found |= {to: typed.get(name, "") for to, name in reporter.items()}
    found |= {"urgent": "urgent" in typed, "source_contact": typed.get("reporter_contact", "")}
    words = (typed.get("words", ""), typed.get("need", ""), typed.get("need_2", ""), typed.get("safe_contact", ""))
    return found | {"born": born, "seen": "\n\n".join(text for text in words if text)}


def open_signal(request: ActingRequest, pk: UUID, what: str) -> tuple[Signal, bool]:
    """A signal that the actor may see, with the look in the log, and whether the actor may go on with it."""
    signal = get_object_or_404(signals_seen_by(request.actor), pk=pk)
    facts = {"object_type": "signal", "object_id": str(pk), "fields": FIELDS}
    request.actor.looked_at(f"Signaal bekeken: {what}", **facts, gemeente_id=signal.gemeente_id, case_id=signal.case_id)
    return signal, works_in_team_of(signal, request.actor)


@professional(roles=CASEWORKERS)
def signal_page(request: ActingRequest, pk: UUID) -> HttpResponse:
    """Show what was seen, the trail of attempts, and what can be done now."""
    signal, allowed = open_signal(request, pk, "overzicht")
    possible = {step.name for step in steps_for(signal, request.actor) if not step.obstacles}
    today = request.actor.today
    page = {
        "signal": signal,
        "allowed": allowed,
        "attempts": signal.attempts.select_related("by"),
        "linked": signal.linked.all(),
        "review": DueView(signal.review_on, today),
        "case_seen": signal.case_id and Case.objects.visible_to(request.actor).filter(pk=signal.case_id).exists(),
        "answer_due": DueView(signal.answer_due_on, today) if signal.answer_due_on else None,
        "steps": [(slug, step.label) for slug, step in STEPS.items() if step.name in possible],
        "may_take": "take_up" in possible and signal.handler_id != request.actor.user_id,
    }
    return render(request, "werkplek/signal.html", page)


@professional(roles=CASEWORKERS)
def signal_source(request: ActingRequest, pk: UUID) -> HttpResponse:
    """Show who gave the signal, and those that joined it; a look of its own."""
    signal = get_object_or_404(signals_seen_by(request.actor), pk=pk)
    sources = service.sources_of(signal, request.actor)
    return render(request, "werkplek/signal_source.html", {"signal": signal, "sources": sources})


@professional(roles=CASEWORKERS)
def signal_take(request: ActingRequest, pk: UUID) -> HttpResponse:
    """Follow it oneself."""
    signal, allowed = open_signal(request, pk, "oppakken")
    allow(request, allowed=allowed, sentence=NOT_YOURS)
    back = reverse("werkplek:signal", args=[pk])
    if request.method != "POST":
        return redirect(back)
    act = partial(service.take_up, signal_id=signal.pk, actor=request.actor)
    return take(request, act, done="U volgt dit op.", back=back)


@professional(roles=CASEWORKERS)
def signal_attempt(request: ActingRequest, pk: UUID) -> HttpResponse:
    """Add an attempt to the trail."""
    signal, allowed = open_signal(request, pk, "poging")
    allowed = allow(request, allowed=allowed, sentence=NOT_YOURS)
    form = forms.AttemptForm(posted(request), today=request.actor.today, initial={"on": request.actor.today})

    def act() -> object:
        return service.record_attempt(signal_id=pk, actor=request.actor, **form.cleaned_data)

    back = reverse("werkplek:signal", args=[pk])
    if answer := save(request, form, act, done="De poging is vastgelegd.", back=back):
        return answer
    return _form(request, signal, form, heading="Poging vastleggen", allowed=allowed)


@dataclass(frozen=True)
class SignalStep:
    """A step of a signal as the page offers it."""

    name: str  # of the transition
    label: str
    form: type[Any]
    act: Callable[..., Signal]
    done: str
    intro: str = ""


SAFE = "Denkt u aan geweld of gevaar voor een kind? Bespreek het eerst met de aandachtsfunctionaris (meldcode)."
STEPS = {
    "zaak": SignalStep(
        *("join_case", "Er is al een zaak", forms.CaseStepForm, service.join_case),
        done="Het signaal staat nu bij de zaak.",
    ),
    "eerder": SignalStep(
        *("join_signal", "Hoort bij een eerder signaal", forms.EarlierStepForm, service.join_signal),
        done="De signalen zijn samengevoegd.",
    ),
    "team": SignalStep(
        *("move", "Naar een ander team", forms.TeamStepForm, service.move_signal),
        done="Het andere team gaat ermee verder.",
    ),
    "overdragen": SignalStep(
        *("hand_over", "Overdragen", forms.HandOverStepForm, service.hand_over_signal),
        done="De overdracht is vastgelegd.",
        intro=SAFE,
    ),
    "uitkomst": SignalStep(
        *("record_answer", "Uitkomst vastleggen", forms.AnswerStepForm, service.record_answer),
        done="De uitkomst is vastgelegd.",
    ),
    "bewaren": SignalStep(
        *("review", "Langer bewaren", forms.ReviewStepForm, service.review_signal),
        done="U kijkt opnieuw op de dag die u koos.",
        intro="De persoon weet niet van dit signaal. Bewaar het alleen zolang dat nodig is.",
    ),
    "niet": SignalStep(
        *("drop", "Niet opvolgen", forms.DropStepForm, service.drop_signal),
        done="Het signaal is afgerond.",
        intro=SAFE,
    ),
    "losmaken": SignalStep(
        *("split", "Losmaken: dit gaat over iemand anders", forms.ReopenStepForm, service.split_signal),
        done="Het signaal staat weer apart.",
    ),
    "heropenen": SignalStep(
        *("reopen", "Toch verder gaan", forms.ReopenStepForm, service.reopen_signal),
        done="Het signaal is weer open.",
    ),
}


@professional(roles=CASEWORKERS)
def signal_step(request: ActingRequest, pk: UUID, step: str) -> HttpResponse:
    """Take one of the steps."""
    signal, allowed = open_signal(request, pk, step)
    chosen = STEPS.get(step)
    if chosen is None:
        raise Http404
    allowed = allow(request, allowed=allowed, sentence=NOT_YOURS)
    mine = Signal.objects.of_teams(request.actor).waiting().filter(gemeente_id=signal.gemeente_id).exclude(pk=pk)
    others = {"earlier": mine.order_by("received_on")[:50], "teams": service.other_teams(signal)}
    form = chosen.form(posted(request), today=request.actor.today, **others)

    def act() -> Signal:
        return chosen.act(signal_id=pk, actor=request.actor, **form.cleaned_data)

    back = reverse("werkplek:signals") if step == "team" else reverse("werkplek:signal", args=[pk])
    if answer := save(request, form, act, done=chosen.done, back=back):
        return answer
    return _form(request, signal, form, heading=chosen.label, allowed=allowed, intro=chosen.intro)


def _form(request: ActingRequest, signal: Signal, form: Form, *, allowed: bool, **facts: Any) -> HttpResponse:
    page = {"signal": signal, "form": form, "forms": [form], "has_errors": bool(form.errors), "allowed": allowed}
    return render(request, "werkplek/signal_form.html", {**page, **facts})
