"""The conversation: planned or moved, missed, held, or not held at all."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.timezone import localtime
from django.views.decorators.http import require_POST

from casework.enums import CaseStatus, TalkForm, TalkOutcome
from casework.models import Case, Talk
from casework.permissions import may_handle
from casework.services import talks
from toegang.core.access import ActingRequest, Actor, professional
from toegang.core.dates import weekday_date
from toegang.core.pages import posted
from toegang.core.templatetags.ui import TimelineEntry
from toegang.core.terms import equated_days
from toegang.core.workdays import is_closing_day
from toegang.werkplek.forms.talk import HeldForm, NoShowForm, OnFileForm, PlanForm, ToldForm
from toegang.werkplek.page import case_context, case_in_scope
from toegang.werkplek.saving import save, save_version
from toegang.werkplek.views.case import allow

BEFORE_ANALYSIS = {CaseStatus.MELDING, CaseStatus.GESPREK}
SATURDAY = 5


@professional
def case_talk(request: ActingRequest, pk: UUID) -> HttpResponse:
    """Show the conversation that is planned and those before it; plan or move one."""
    case = case_in_scope(request, pk, "gesprek")
    allow(request, allowed=may_handle(case, request.actor))
    form = PlanForm(posted(request), now=request.actor.now, initial=_planned_facts(case))
    if request.method == "POST" and (answer := _plan(request, case, form)):
        return answer
    return _talk_page(request, case, plan_form=form)


def _plan(request: ActingRequest, case: Case, form: PlanForm) -> HttpResponse | None:
    facts = form.cleaned_data if form.is_valid() else {}
    invited = " De uitnodiging wordt verzonden." if facts.get("invite") else ""
    return save_version(
        request,
        form,
        lambda: talks.plan_talk(
            case_id=case.pk,
            at=facts["at"],
            form=facts["form"],
            place=facts["place"],
            invite=facts["invite"],
            version=facts["version"],
            actor=request.actor,
        ),
        case=case,
        done=f"Het gesprek staat gepland op {in_words(facts['at'])}.{invited}" if facts else "",
        back=reverse("werkplek:case_talk", args=[case.pk]),
        texts=lambda present: _texts(facts, _planned(present)),
    )


def _texts(facts: dict[str, Any], planned: Talk | None) -> list[tuple[str, str, str]]:
    """My appointment beside the one that stands now."""
    mine = (in_words(facts["at"]), TalkForm(facts["form"]).label, facts["place"])
    now = ("Er is geen gesprek gepland.", "", "")
    if planned and planned.planned_at:
        now = (in_words(planned.planned_at), planned.get_form_display(), planned.place)
    return list(zip(("Wanneer", "Hoe u elkaar spreekt", "Plaats"), mine, now, strict=True))


def _planned(case: Case) -> Talk | None:
    return case.talks.filter(outcome=TalkOutcome.GEPLAND).first()


def _planned_facts(case: Case) -> dict[str, Any]:
    """The appointment as it stands, as a start for another one."""
    talk = _planned(case)
    facts: dict[str, Any] = {"version": case.version}
    if talk and talk.planned_at:
        at = localtime(talk.planned_at)
        facts |= {"on": at.date(), "time": at.time(), "form": talk.form, "place": talk.place}
    return facts


@professional
@require_POST
def talk_no_show(request: ActingRequest, pk: UUID) -> HttpResponse:
    """Note that the inwoner was not there."""
    case = case_in_scope(request, pk, "gesprek")
    allow(request, allowed=may_handle(case, request.actor))
    form = NoShowForm(request.POST)
    answer = save(
        request,
        form,
        lambda: talks.record_no_show(case_id=pk, note=form.cleaned_data["note"], actor=request.actor),
        case=case,
        done="Vastgelegd: de inwoner was er niet. Plan een nieuw gesprek, liefst op een andere manier.",
        back=reverse("werkplek:case_talk", args=[pk]),
    )
    return answer or _talk_page(request, case, no_show_form=form)


def _talk_page(
    request: ActingRequest, case: Case, *, plan_form: PlanForm | None = None, no_show_form: NoShowForm | None = None
) -> HttpResponse:
    actor = request.actor
    every = list(case.talks.all())
    planned = next((talk for talk in every if talk.outcome == TalkOutcome.GEPLAND), None)
    context = case_context(request, case, "gesprek")
    page: dict[str, Any] = {
        "planned": planned,
        "when": in_words(planned.planned_at) if planned and planned.planned_at else "",
        "is_past": bool(planned and planned.planned_at and planned.planned_at <= actor.now),
        "closing_day": _closing_day(planned),
        "invitation": case.letters.filter(kind="uitnodiging").last(),
        "calls": list(case.first_calls.select_related("by")),
        "entries": [_entry(talk) for talk in reversed(every) if talk is not planned],
        "is_open": case.status in BEFORE_ANALYSIS,
        "plan_form": plan_form or PlanForm(now=actor.now, initial=_planned_facts(case)),
        "no_show_form": no_show_form or NoShowForm(),
    }
    page["forms"] = [page["plan_form"], page["no_show_form"]]
    page["has_errors"] = any(form.errors for form in page["forms"])
    return render(request, "werkplek/talk.html", {**context, **page})


def _entry(talk: Talk) -> TimelineEntry:
    """One conversation of the past, with who was there and what was said."""
    present = f"Aanwezig: {talk.present}" if talk.present else ""
    detail = "\n".join(text for text in (talk.place, present, talk.summary) if text)
    moment = talk.held_on or talk.planned_at
    assert moment is not None  # noqa: S101 (a talk was planned, held, or both)
    return TimelineEntry(moment, f"{talk.get_outcome_display()}: {talk.get_form_display().lower()}", "", detail)


def _closing_day(planned: Talk | None) -> str:
    """Why the day of the conversation is perhaps no good day; empty on a working day."""
    if planned is None or planned.planned_at is None:
        return ""
    day = localtime(planned.planned_at).date()
    if not is_closing_day(day, equated_days()):
        return ""
    return "Dit gesprek valt in het weekend." if day.weekday() >= SATURDAY else "Dit gesprek valt op een feestdag."


def in_words(at: datetime) -> str:
    """Write a moment as people say it: vrijdag 4 december 2026 om 10.30 uur."""
    local = localtime(at)
    return f"{weekday_date(local.date())} om {local:%H.%M} uur"


@professional
def talk_held(request: ActingRequest, pk: UUID) -> HttpResponse:
    """Record the conversation that was held."""
    case = case_in_scope(request, pk, "gesprek")
    allow(request, allowed=may_handle(case, request.actor))
    form = HeldForm(posted(request), case=case, today=request.actor.today, initial=_held_facts(case, request.actor))
    if request.method == "POST" and (answer := _hold(request, case, form)):
        return answer
    return _told_page(request, case, form, "werkplek/talk_held.html")


def _held_facts(case: Case, actor: Actor) -> dict[str, Any]:
    """The planned conversation, as a start; its day when that has come."""
    talk = _planned(case)
    if talk is None or talk.planned_at is None:
        return {"on": actor.today}
    return {"on": min(localtime(talk.planned_at).date(), actor.today), "form": talk.form}


def _hold(request: ActingRequest, case: Case, form: HeldForm) -> HttpResponse | None:
    names = ("on", "form", "present", "summary")
    return save(
        request,
        form,
        lambda: talks.hold_talk(
            case_id=case.pk,
            held=talks.HeldTalk(**{name: form.cleaned_data[name] for name in names}, **form.told()),
            actor=request.actor,
        ),
        case=case,
        done="Het gesprek is vastgelegd. Maak nu de vraaganalyse.",
        back=reverse("werkplek:case_analysis", args=[case.pk]),
    )


@professional
def talk_on_file(request: ActingRequest, pk: UUID) -> HttpResponse:
    """Go on without a conversation, with the reason."""
    case = case_in_scope(request, pk, "gesprek")
    allow(request, allowed=may_handle(case, request.actor))
    form = OnFileForm(posted(request), case=case, today=request.actor.today)
    if request.method == "POST" and (answer := _go_on_file(request, case, form)):
        return answer
    return _told_page(request, case, form, "werkplek/talk_on_file.html")


def _go_on_file(request: ActingRequest, case: Case, form: OnFileForm) -> HttpResponse | None:
    return save(
        request,
        form,
        lambda: talks.investigate_on_file(
            case_id=case.pk,
            reason=form.cleaned_data["reason"],
            held=talks.HeldTalk(request.actor.today, "", "", form.cleaned_data["summary"], **form.told()),
            actor=request.actor,
        ),
        case=case,
        done="Vastgelegd. Het onderzoek gaat verder op stukken.",
        back=reverse("werkplek:case_analysis", args=[case.pk]),
    )


def _told_page(request: ActingRequest, case: Case, form: ToldForm, template: str) -> HttpResponse:
    context = case_context(request, case, "gesprek")
    page = {"form": form, "forms": [form], "is_open": case.status in BEFORE_ANALYSIS, "has_errors": bool(form.errors)}
    return render(request, template, {**context, **page})
