"""The decision on each hulpvraag: written, sent to the toetser, sent to the inwoner."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from casework.deadlines import AT_AANVRAAG
from casework.enums import DECISION_LAWS, HulpvraagStatus
from casework.letters import Sheet
from casework.models import Case, Hulpvraag, Reason
from decisions.enums import BeschikkingStatus, Outcome
from decisions.letters import draft_sheet
from decisions.models import Beschikking, FormerDecision, UrgentDecision
from decisions.rules import ready_for_review, ready_to_send
from decisions.services import drafting as services
from decisions.services.reviewing import toetsers_for
from decisions.services.urgent import UNDECIDED
from toegang.core.access import ActingRequest, professional
from toegang.core.letters import LetterError
from toegang.core.lifecycle import Blocked, Missing
from toegang.core.templatetags.ui import DueView
from toegang.werkplek.forms.decision import DecisionForm
from toegang.werkplek.page import case_context, case_in_scope, links
from toegang.werkplek.saving import save_version, take
from toegang.werkplek.views.plan import handled_case

B = BeschikkingStatus


@dataclass(frozen=True)
class DecisionPart:
    """The decisions on one hulpvraag: the one on its way, those that were sent, here or before, at once, by when."""

    hulpvraag: Hulpvraag
    under_way: Beschikking | None
    sent: list[Beschikking]
    former: list[FormerDecision]
    urgent: list[UrgentDecision]
    due: DueView | None
    may_begin: bool
    may_be_urgent: bool


@professional
def case_decision(request: ActingRequest, pk: UUID) -> HttpResponse:
    """Show the decision on each hulpvraag."""
    case = case_in_scope(request, pk, "besluit")
    context = case_context(request, case, "besluit")
    found = list(case.beschikkingen.select_related("letter", "reviewer", "drafted_by").exclude(status=B.VERVALLEN))
    former = list(case.former_decisions.all())
    urgent = list(case.urgent_decisions.select_related("product", "provider", "letter", "reviewer", "decided_by"))
    context["parts"] = [
        _part(
            hulpvraag,
            [b for b in found if b.hulpvraag_id == hulpvraag.pk],
            [f for f in former if f.hulpvraag_id == hulpvraag.pk],
            [u for u in urgent if u.hulpvraag_id == hulpvraag.pk],
            request.actor.today,
        )
        for hulpvraag in context["hulpvragen"]
        if hulpvraag.law in DECISION_LAWS
    ]
    return render(request, "werkplek/decision.html", context)


def _part(
    hulpvraag: Hulpvraag,
    beschikkingen: list[Beschikking],
    former: list[FormerDecision],
    urgent: list[UrgentDecision],
    today: date,
) -> DecisionPart:
    terms = {d.key: d for d in hulpvraag.deadlines.all() if d.met_on is None}
    term = terms.get(AT_AANVRAAG.get(hulpvraag.law, ""))
    under_way = next((b for b in beschikkingen if b.status != B.VERZONDEN), None)
    return DecisionPart(
        hulpvraag,
        under_way,
        [b for b in beschikkingen if b.status == B.VERZONDEN],
        former,
        urgent,
        DueView(term.due_on, today) if term else None,
        hulpvraag.status == HulpvraagStatus.AANVRAAG and under_way is None,
        hulpvraag.status in UNDECIDED,
    )


def decisions_url(case: Case) -> str:
    """The page with the decisions of a case."""
    return reverse("werkplek:case_decision", args=[case.pk])


def decision_url(case: Case, beschikking: Beschikking) -> str:
    """The page of one decision."""
    return reverse("werkplek:decision_edit", args=[case.pk, beschikking.pk])


@professional
@require_POST
def decision_open(request: ActingRequest, pk: UUID, hulpvraag: UUID) -> HttpResponse:
    """Begin the decision on a hulpvraag, or go to the one that was begun."""
    case = handled_case(request, pk, "besluit")
    found = get_object_or_404(case.hulpvragen, pk=hulpvraag)
    try:
        opened = services.open_draft(hulpvraag_id=found.pk, actor=request.actor)
    except Blocked as stop:
        messages.warning(request, str(stop))
        return redirect(decisions_url(case))
    return redirect(decision_url(case, opened))


@professional
def decision_edit(request: ActingRequest, pk: UUID, beschikking: UUID) -> HttpResponse:
    """Write the decision; in another state than concept only read it."""
    case = handled_case(request, pk, "besluit") if request.method == "POST" else case_in_scope(request, pk, "besluit")
    found = _of_case(case, beschikking)
    form = _form(request, found)

    def write() -> Beschikking:
        given = {**form.cleaned_data}
        version = given.pop("version")
        facts = services.DraftFacts(**given)
        return services.write_draft(beschikking_id=found.pk, version=version, facts=facts, actor=request.actor)

    answer = save_version(
        request,
        form,
        write,
        case=case,
        done="Het besluit is bewaard.",
        back=decision_url(case, found),
        texts=lambda present: _both(form.cleaned_data, present),
    )
    return answer or render(request, "werkplek/decision_edit.html", _edit_context(request, case, found, form))


def _of_case(case: Case, pk: UUID) -> Beschikking:
    related = ("hulpvraag__person", "case__gemeente", "gemeente", "letter", "reviewer", "drafted_by", "approved_by")
    return get_object_or_404(case.beschikkingen.select_related(*related), pk=pk)


def _form(request: ActingRequest, beschikking: Beschikking) -> DecisionForm:
    actor = request.actor
    grounds = Reason.objects.listed("weigering", actor.today).filter(key__startswith=beschikking.hulpvraag.law)
    return DecisionForm(
        request.POST or None,
        initial={
            "version": beschikking.version,
            "outcome": beschikking.outcome,
            "refusal_ground": beschikking.refusal_ground,
            "motivation": beschikking.motivation,
            "reviewer": beschikking.reviewer_id,
        },
        grounds=[reason.label for reason in grounds.order_by("key")],
        reviewers=toetsers_for(beschikking.gemeente_id, actor),
    )


def _both(mine: dict[str, Any], present: Beschikking) -> list[tuple[str, str, str]]:
    return [
        ("Besluit", Outcome(mine["outcome"]).label, present.get_outcome_display()),
        ("Grond voor de weigering", _ground(mine), present.refusal_ground),
        ("Motivering", mine["motivation"], present.motivation),
        ("Toetser", str(mine["reviewer"] or ""), str(present.reviewer or "")),
    ]


def _ground(mine: dict[str, Any]) -> str:
    """A ground stands in a refusal only."""
    return str(mine["refusal_ground"]) if mine["outcome"] == Outcome.WEIGERING else ""


def _edit_context(request: ActingRequest, case: Case, found: Beschikking, form: DecisionForm) -> dict[str, Any]:
    context = case_context(request, case, "besluit")
    return {
        **context,
        **letter_preview(found, request.actor.today),
        "beschikking": found,
        "lines": found.lines.select_related("product", "provider", "goal"),
        "form": form,
        "forms": [form],
        "has_errors": bool(form.errors),
        "obstacles": links(_missing(found), case),
        "may_write": context["may_handle"] and found.status == B.CONCEPT,
        "may_drop": context["may_handle"] and found.status in {B.CONCEPT, B.TER_TOETSING, B.VASTGESTELD},
    }


def _missing(found: Beschikking) -> list[Missing]:
    """What the next step of the drafter still asks."""
    if found.status == B.CONCEPT:
        return list(ready_for_review(found))
    return [*ready_for_review(found), *ready_to_send(found)] if found.status == B.VASTGESTELD else []


def letter_preview(beschikking: Beschikking, today: date) -> dict[str, Sheet | str | None]:
    """The letter as it would go out today, or the sentence that says why it cannot be made."""
    try:
        return {"sheet": draft_sheet(beschikking, today), "letter_problem": ""}
    except LetterError as problem:
        return {"sheet": None, "letter_problem": str(problem)}


@professional
@require_POST
def decision_submit(request: ActingRequest, pk: UUID, beschikking: UUID) -> HttpResponse:
    """Ask the toetser."""
    return _step(request, pk, beschikking, services.submit_for_review, "Het besluit ligt bij {0.reviewer}.")


@professional
@require_POST
def decision_issue(request: ActingRequest, pk: UUID, beschikking: UUID) -> HttpResponse:
    """Take the number and order the letter."""
    return _step(request, pk, beschikking, services.issue_beschikking, "Besluit {0.number} wordt verzonden.")


@professional
@require_POST
def decision_drop(request: ActingRequest, pk: UUID, beschikking: UUID) -> HttpResponse:
    """Let an unsent decision lapse."""
    return _step(request, pk, beschikking, services.drop_draft, "Het besluit is vervallen.")


def _step(request: ActingRequest, pk: UUID, key: UUID, service: Callable[..., Beschikking], done: str) -> HttpResponse:
    """One step of a decision; its page tells how it stands then."""
    case = handled_case(request, pk, "besluit")
    found = get_object_or_404(case.beschikkingen, pk=key)
    return take(
        request,
        lambda: service(beschikking_id=found.pk, actor=request.actor),
        done=done,
        back=decision_url(case, found),
    )
