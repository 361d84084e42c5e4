"""The answer of the inwoner to the plan."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render

from plans.enums import PlanStatus
from plans.models import Plan
from plans.services.agreement import agree_plan
from plans.services.evaluation import proposed_evaluation
from plans.services.plan import present_plan
from toegang.core.access import ActingRequest, professional
from toegang.werkplek.forms.plan import AgreementForm
from toegang.werkplek.page import case_context
from toegang.werkplek.saving import save
from toegang.werkplek.views.plan import handled_case, plan_url


@professional
def plan_agree(request: ActingRequest, pk: UUID) -> HttpResponse:
    """Record the answer, in one of its forms, and plan the evaluation."""
    case = handled_case(request, pk, "plan")
    plan = present_plan(case)
    if plan is None or plan.status != PlanStatus.GEDEELD:
        messages.warning(request, _not_now(plan))
        return redirect(plan_url(case))
    today = request.actor.today
    initial = {"on": today, "evaluation_on": proposed_evaluation(today)}
    form = AgreementForm(request.POST or None, initial=initial, today=today)
    answer = save(
        request,
        form,
        lambda: agree_plan(plan_id=plan.pk, actor=request.actor, **form.cleaned_data),
        case=case,
        done="Het antwoord van de inwoner is vastgelegd.",
        back=plan_url(case),
    )
    context = case_context(request, case, "plan") | {"plan": plan, "form": form, "forms": [form]}
    return answer or render(request, "werkplek/plan_agree.html", context | {"has_errors": bool(form.errors)})


def _not_now(plan: Plan | None) -> str:
    """Why there is nothing to answer now."""
    if plan is None or plan.status == PlanStatus.CONCEPT:
        return "Deel eerst het plan met de inwoner."
    return "Het antwoord op dit plan is al vastgelegd."
