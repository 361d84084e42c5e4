"""The evaluation: looking back together, and what follows."""

from __future__ import annotations

from functools import partial
from uuid import UUID

from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from casework.enums import CaseStatus
from casework.models import Case
from casework.services.analysis import step_back
from plans.enums import EvaluatieStatus
from plans.services.evaluation import hold_evaluation, move_evaluation, proposed_evaluation
from toegang.core.access import ActingRequest, professional
from toegang.core.templatetags.ui import DueView
from toegang.werkplek.forms.evaluation import CHANGE, CLOSE, GO_ON, EvaluationForm, MoveForm
from toegang.werkplek.page import case_context, case_in_scope
from toegang.werkplek.saving import save
from toegang.werkplek.views.plan import handled_case, plan_url


@professional
def case_evaluation(request: ActingRequest, pk: UUID) -> HttpResponse:
    """Show when the evaluation is, and record it when it is held."""
    case = _case(request, pk)
    today = request.actor.today
    form = EvaluationForm(request.POST or None, initial={"next_on": proposed_evaluation(today)}, today=today)
    if form.is_valid():
        hold = partial(_hold, request, case, form.cleaned_data)
        back = _next_page(case, form.cleaned_data["follow_up"])
        if answer := save(request, form, hold, case=case, done="De evaluatie is vastgelegd.", back=back):
            return answer
    return _page(request, case, form, MoveForm(initial={"due_on": case.evaluation_on}))


@professional
def evaluation_move(request: ActingRequest, pk: UUID) -> HttpResponse:
    """Plan the evaluation on another date."""
    case = _case(request, pk)
    form = MoveForm(request.POST or None, initial={"due_on": case.evaluation_on}, today=request.actor.today)
    answer = save(
        request,
        form,
        lambda: move_evaluation(case_id=case.pk, actor=request.actor, **form.cleaned_data),
        case=case,
        done="De evaluatie staat op de nieuwe datum.",
        back=evaluation_url(case),
    )
    return answer or _page(request, case, EvaluationForm(), form)


def evaluation_url(case: Case) -> str:
    """The page of the evaluation."""
    return reverse("werkplek:case_evaluation", args=[case.pk])


def _case(request: ActingRequest, pk: UUID) -> Case:
    """Who sees the case may read; only who handles it writes."""
    if request.method == "POST":
        return handled_case(request, pk, "evaluatie")
    return case_in_scope(request, pk, "evaluatie")


@transaction.atomic
def _hold(request: ActingRequest, case: Case, given: dict[str, str]) -> None:
    """Record the evaluation; a change goes back to the plan in the same transaction."""
    going_on = given["follow_up"] == GO_ON
    held = hold_evaluation(
        case_id=case.pk,
        inwoner_view=given["inwoner_view"],
        our_view=given["our_view"],
        next_on=given["next_on"] if going_on else None,  # type: ignore[arg-type]
        reason=given["reason"],
        actor=request.actor,
    )
    if given["follow_up"] == CHANGE and held.status != CaseStatus.PLAN:
        step_back(case_id=case.pk, step="return_to_plan", reason=given["reason"], actor=request.actor)


def _next_page(case: Case, follow_up: str) -> str:
    if follow_up == CLOSE:
        return reverse("werkplek:case_close", args=[case.pk])
    return plan_url(case) if follow_up == CHANGE else evaluation_url(case)


def _page(request: ActingRequest, case: Case, form: EvaluationForm, move_form: MoveForm) -> HttpResponse:
    evaluaties = list(case.evaluaties.all())
    planned = next((e for e in evaluaties if e.status != EvaluatieStatus.AFGEROND), None)
    context = case_context(request, case, "evaluatie") | {
        "planned": planned,
        "due": DueView(planned.due_on, request.actor.today) if planned else None,
        "former": [e for e in reversed(evaluaties) if e.status == EvaluatieStatus.AFGEROND],
        "form": form,
        "move_form": move_form,
        "forms": [form, move_form],
        "has_errors": bool(form.errors or move_form.errors),
    }
    return render(request, "werkplek/evaluation.html", context)
