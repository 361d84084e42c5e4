"""Four eyes: the decisions that wait for this toetser, and the test of one."""

from __future__ import annotations

from functools import partial
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import OuterRef, Subquery
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from casework.deadlines import SPOED_TOETS
from casework.models import Deadline
from decisions.enums import BeschikkingStatus
from decisions.models import Beschikking, UrgentDecision
from decisions.permissions import may_review
from decisions.services.drafting import approve, send_back, was_judged
from plans.models import LadderRung
from toegang.core.access import ActingRequest, professional
from toegang.werkplek.forms.decision import APPROVE, ReviewForm
from toegang.werkplek.page import attempt, case_context, case_in_scope
from toegang.werkplek.views.decision import letter_preview

TOETSERS = frozenset({"toetser"})


@professional(roles=TOETSERS)
def review_list(request: ActingRequest) -> HttpResponse:
    """Show the decisions that wait for this toetser, the oldest aanvraag first."""
    waiting = Beschikking.objects.filter(reviewer_id=request.user.pk, status=BeschikkingStatus.TER_TOETSING)
    related = ("case__gemeente", "hulpvraag__person", "drafted_by")
    rows = waiting.select_related(*related).order_by("hulpvraag__aanvraag_on", "pk")
    term = Deadline.objects.filter(hulpvraag=OuterRef("hulpvraag"), key=SPOED_TOETS).values("due_on")[:1]
    urgent = UrgentDecision.objects.filter(reviewer_id=request.user.pk, tested_on=None).annotate(test_by=Subquery(term))
    urgent = urgent.select_related("case__gemeente", "hulpvraag__person", "decided_by", "product").order_by(
        "decided_on", "pk"
    )
    facts = {"case_ids": [row.case_id for row in (*rows, *urgent)], "fields": ("persoonsgegevens", "besluiten")}
    request.actor.looked_at("Lijst te toetsen besluiten", action="list", **facts)
    return render(
        request, "werkplek/review_list.html", {"rows": rows, "urgent": urgent, "waiting": len(rows) + len(urgent)}
    )


@professional(roles=TOETSERS)
def review(request: ActingRequest, beschikking: UUID) -> HttpResponse:
    """Show the decision with what it rests on; approve it or send it back."""
    related = ("hulpvraag__person", "case__gemeente", "gemeente", "drafted_by", "reviewer")
    if was_judged(beschikking_id=beschikking, actor=request.actor):
        messages.info(request, "Dit besluit hoeft u niet meer te toetsen.")
        return redirect("werkplek:review_list")
    found = get_object_or_404(Beschikking.objects.select_related(*related), pk=beschikking)
    case = case_in_scope(request, found.case_id, "toetsing")
    if not may_review(found, request.actor):
        raise PermissionDenied("Een ander dan de opsteller toetst dit besluit.")
    form = ReviewForm(request.POST or None)
    if form.is_valid():
        attempt(form, partial(_judge, request, found, form.cleaned_data), case)
    if form.is_valid():
        return redirect("werkplek:review_list")
    context = case_context(request, case, "") | letter_preview(found, request.actor.today)
    context |= {
        "beschikking": found,
        "form": form,
        "forms": [form],
        "has_errors": bool(form.errors),
        **_grounds_of(found),
    }
    return render(request, "werkplek/review.html", context)


def _judge(request: ActingRequest, found: Beschikking, given: dict[str, str]) -> None:
    if given["action"] == APPROVE:
        approve(beschikking_id=found.pk, actor=request.actor)
        messages.success(request, "U bent akkoord. De contactpersoon kan het besluit versturen.")
        return
    send_back(beschikking_id=found.pk, remarks=given["remarks"], actor=request.actor)
    messages.success(request, "Het besluit is terug bij de opsteller, met uw opmerkingen.")


def _grounds_of(found: Beschikking) -> dict[str, object]:
    """What the decision rests on: the lines of the plan and the ladder of this hulpvraag."""
    rungs = LadderRung.objects.filter(hulpvraag=found.hulpvraag, plan__status="akkoord")
    return {
        "lines": found.hulpvraag.lines.filter(plan__status="akkoord").select_related("product", "provider", "goal"),
        "granted": set(found.lines.values_list("pk", flat=True)),
        "rungs": [(rung.get_rung_display(), rung.finding) for rung in rungs.order_by("pk")],
    }
