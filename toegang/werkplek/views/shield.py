"""Shielding a case from the own team, and ending that."""

from __future__ import annotations

from functools import partial
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect

from casework.models import Case, Reason
from casework.permissions import may_shield
from casework.services.shielding import shield_case, unshield_case
from toegang.core.access import ActingRequest, professional
from toegang.core.pages import posted
from toegang.werkplek.forms.gates import ShieldForm, WhyForm
from toegang.werkplek.page import attempt, case_in_scope
from toegang.werkplek.views.case import allow, show_step

NOT_YOURS = "Alleen de contactpersoon of de teamleider schermt een zaak af."


@professional
def case_shield(request: ActingRequest, pk: UUID) -> HttpResponse:
    """Shield a case, or let the team see it again; who loses sight of it by that goes to the team list."""
    case = case_in_scope(request, pk, "afschermen")
    allowed = allow(request, allowed=may_shield(case, request.actor), sentence=NOT_YOURS)
    categories = Reason.objects.listed("afscherming", request.actor.today)
    form = WhyForm(posted(request)) if case.shielded else ShieldForm(posted(request), categories=categories)
    if form.is_valid():
        reason = form.words() if isinstance(form, ShieldForm) else form.cleaned_data["reason"]
        act = partial(unshield_case if case.shielded else shield_case, case_id=pk, reason=reason, actor=request.actor)
        if attempt(form, act, case):
            messages.success(
                request, "De zaak is weer open voor het team." if case.shielded else "De zaak is afgeschermd."
            )
            visible = Case.objects.visible_to(request.actor).filter(pk=pk).exists()
            return redirect("werkplek:case", pk) if visible else redirect("werkplek:team_list")
    return show_step(request, case, "werkplek/shield.html", form, allowed=allowed)
