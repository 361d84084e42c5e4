"""The overview of a case, and the steps that start there: contactpersoon, a step back, a referral, another desk."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from casework.deadlines import NOT_OURS
from casework.enums import DECISION_LAWS, HulpvraagStatus
from casework.models import Case, Hulpvraag
from casework.permissions import may_assign, may_handle
from casework.selectors import current_step, due_views, team_workers, timeline_of
from casework.selectors.facts import people_with_laws
from casework.services import analysis, handover
from decisions.services.fast import fits
from decisions.services.urgent import UNDECIDED
from plans.services.evaluation import confirm_referral, proposed_evaluation
from toegang.accounts.models import User
from toegang.core.access import ActingRequest, professional
from toegang.core.lifecycle import steps_for
from toegang.core.pages import posted
from toegang.core.templatetags.ui import DueView, StepView
from toegang.werkplek.forms.case import ContactpersoonForm, ReferralForm, StepBackForm
from toegang.werkplek.next_action import next_action
from toegang.werkplek.page import attempt, case_context, case_in_scope

HANDS_OVER = {HulpvraagStatus.GEMELD, HulpvraagStatus.ONDERZOEK}
NOT_YOURS = "Deze stap mag u niet doen. Alleen de contactpersoon van deze zaak mag dat."
NOT_YOURS_TO_ASSIGN = "Alleen de teamleider of de contactpersoon draagt een zaak over."


@professional
def overview(request: ActingRequest, pk: UUID) -> HttpResponse:
    """Show what to do now, where each hulpvraag is, and who and what this case is about."""
    case = case_in_scope(request, pk, "overzicht")
    context = case_context(request, case, "overzicht")
    dues = due_views(case, request.actor.today)
    forwarded = {row.hulpvraag_id: row for row in case.forwardings.order_by("sent_on", "pk")} if _sent_on(case) else {}
    facts = {"contact": context["contactpersoon"], "handles": context["may_handle"], "dues": dues}
    page = {
        "next": next_action(case, request.actor, **facts),
        "rows": [
            _row(request, case, hulpvraag, steps, forwarded) for hulpvraag, steps in context["steps_per_hulpvraag"]
        ],
        "journeys": _journeys(context["steps_per_hulpvraag"]),
        "terms": dues,
        "entries": timeline_of(case, limit=8),
        "people": people_with_laws(case),
        "signals": case.signals.all(),
        "meldingen": case.meldingen.prefetch_related("hulpvragen", "feedback").order_by("-registered_at"),
    }
    return render(request, "werkplek/case.html", {**context, **page})


def _sent_on(case: Case) -> bool:
    """Whether a question of this case was ever sent on, by what is here already."""
    return any(hulpvraag.status == HulpvraagStatus.DOORGEZET for hulpvraag in case.hulpvragen.all())


def _journeys(each: list[tuple[Hulpvraag, list[StepView]]]) -> list[tuple[str, list[StepView]]]:
    """The seven steps, per hulpvraag where they differ."""
    found: list[tuple[list[str], list[StepView]]] = []
    for hulpvraag, steps in each:
        names = next((names for names, known in found if known == steps), None)
        if names is None:
            found.append(([str(hulpvraag)], steps))
        else:
            names.append(str(hulpvraag))
    if len(found) == 1:
        return [("De zeven stappen", found[0][1])]
    return [(" en ".join(names), steps) for names, steps in found]


def _row(
    request: ActingRequest, case: Case, hulpvraag: Hulpvraag, steps: list[StepView], forwarded: dict[Any, Any]
) -> dict[str, Any]:
    """Where one hulpvraag is, in its own seven steps, and its own first term."""
    ours = (d for d in hulpvraag.deadlines.all() if d.met_on is None and d.key not in NOT_OURS)
    dues = sorted(d.due_on for d in ours)
    return {
        "hulpvraag": hulpvraag,
        "step": steps[current_step(case, hulpvraag) - 1],
        "due": DueView(dues[0], request.actor.today) if dues else None,
        "hands_over": hulpvraag.status in HANDS_OVER,
        "urgent": case.urgent and hulpvraag.status in UNDECIDED and hulpvraag.law in DECISION_LAWS,
        "forwarded": forwarded.get(hulpvraag.pk),
        "fast": fits(case, hulpvraag),
        "referred": hulpvraag.status == HulpvraagStatus.VERWEZEN,
    }


def allow(request: ActingRequest, *, allowed: bool, sentence: str = NOT_YOURS) -> bool:
    """Let a colleague read the page, and refuse what a colleague sends."""
    if request.method == "POST" and not allowed:
        raise PermissionDenied(sentence)
    return allowed


def show_step(
    request: ActingRequest,
    case: Case,
    template: str,
    form: forms.BaseForm,
    *,
    allowed: bool,
    part: str = "",
    **facts: Any,
) -> HttpResponse:
    """Show a page with one form of this case; who may not do it reads why."""
    context = case_context(request, case, part)
    page = {"form": form, "forms": [form], "allowed": allowed, "has_errors": bool(form.errors), **facts}
    return render(request, template, {**context, **page})


@professional
def contactpersoon(request: ActingRequest, pk: UUID) -> HttpResponse:
    """Choose the one contactpersoon among those who work in the team today; the same choice twice is one."""
    case = case_in_scope(request, pk, "contactpersoon")
    present = case.contactpersoon()
    if request.method == "POST" and present and request.POST.get("user") == str(present.pk):
        return _assigned(request, case, present)
    allowed = allow(request, allowed=may_assign(case, request.actor), sentence=NOT_YOURS_TO_ASSIGN)
    members = team_workers(case.team_id, request.actor.today).exclude(pk=present.pk if present else None)
    start = {"user": None if present else request.actor.user, "seen": present.pk if present else None}
    form = ContactpersoonForm(posted(request), members=members, is_first=present is None, initial=start)
    if form.is_valid():
        facts = {"case_id": pk, "actor": request.actor, **form.cleaned_data}
        if attempt(form, lambda: handover.hand_over_case(**facts), case):
            return _assigned(request, case, form.cleaned_data["user"])
    return show_step(request, case, "werkplek/contactpersoon.html", form, allowed=allowed, present=present)


def _assigned(request: ActingRequest, case: Case, user: User) -> HttpResponse:
    messages.success(request, f"{user.name} is nu de contactpersoon van deze zaak.")
    if not Case.objects.visible_to(request.actor).filter(pk=case.pk).exists():
        return redirect("werkplek:worklist")  # a shielded case is seen by who holds it
    return redirect("werkplek:case", case.pk)


@professional
def step_back(request: ActingRequest, pk: UUID) -> HttpResponse:
    """Go back a step with a reason; what was written stays."""
    case = case_in_scope(request, pk, "stap terug")
    allowed = allow(request, allowed=may_handle(case, request.actor))
    steps = [step for step in steps_for(case, request.actor) if step.name.startswith("return_to_")]
    form = StepBackForm(posted(request), steps=steps, state=case.get_status_display())
    if form.is_valid():
        step, reason = form.cleaned_data["step"], form.cleaned_data["reason"]
        facts = {"case_id": pk, "step": step, "reason": reason, "actor": request.actor}
        if moved := attempt(form, lambda: analysis.step_back(**facts), case):
            messages.success(request, f"U ging een stap terug. De stand is nu: {moved.get_status_display()}.")
            return redirect("werkplek:case", pk)
    return show_step(request, case, "werkplek/step_back.html", form, allowed=allowed, steps_back=steps)


@professional
def referral(request: ActingRequest, pk: UUID, hulpvraag: UUID) -> HttpResponse:
    """Confirm who helps after a referral, from when, and when that is looked at again."""
    case = case_in_scope(request, pk, "verwijzing")
    found = get_object_or_404(case.hulpvragen.select_related("person"), pk=hulpvraag)
    allowed = allow(request, allowed=may_handle(case, request.actor))
    today = request.actor.today
    form = ReferralForm(
        posted(request), today=today, initial={"starts_on": today, "evaluation_on": proposed_evaluation(today)}
    )
    if form.is_valid():
        facts = {"hulpvraag_id": found.pk, "actor": request.actor, **form.facts()}
        if attempt(form, lambda: confirm_referral(**facts), case):
            messages.success(request, f"De verwijzing is bevestigd. {form.cleaned_data['provider']} geeft de hulp.")
            return redirect("werkplek:case", pk)
    return show_step(request, case, "werkplek/referral.html", form, allowed=allowed, hulpvraag=found)
