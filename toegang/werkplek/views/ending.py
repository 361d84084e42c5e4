"""Closing a case and opening it again."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect

from casework.enums import CaseStatus
from casework.models import Reason
from casework.permissions import may_assign, may_handle
from casework.rules import ENDED
from casework.services import analysis
from toegang.core.access import ActingRequest, professional
from toegang.core.pages import posted
from toegang.werkplek.forms.case import CloseForm, ReopenForm
from toegang.werkplek.page import attempt, case_in_scope
from toegang.werkplek.views.case import NOT_YOURS_TO_ASSIGN, allow, show_step


@professional
def close_case(request: ActingRequest, pk: UUID) -> HttpResponse:
    """Close the case with a reason; the page names the hulpvragen that end with it."""
    case = case_in_scope(request, pk, "afsluiten")
    if request.method == "POST" and case.status == CaseStatus.AFGESLOTEN:
        return _already(request, pk, "Deze zaak is al afgesloten.")
    allowed = allow(request, allowed=may_handle(case, request.actor))
    reasons = Reason.objects.listed("sluiten", request.actor.today)
    form = CloseForm(posted(request), reasons=reasons)
    if form.is_valid():
        facts = {"case_id": pk, "reason": form.cleaned_data["reason"], "actor": request.actor}
        if attempt(form, lambda: analysis.close_case(**facts), case):
            messages.success(request, "De zaak is afgesloten.")
            return redirect("werkplek:case", pk)
    ending = case.hulpvragen.exclude(status__in=ENDED).select_related("person")
    return show_step(request, case, "werkplek/close.html", form, allowed=allowed, ending=ending)


@professional
def reopen_case(request: ActingRequest, pk: UUID) -> HttpResponse:
    """Open a closed case again, at a new melding or at the old plan."""
    case = case_in_scope(request, pk, "heropenen")
    if request.method == "POST" and case.status != CaseStatus.AFGESLOTEN:
        return _already(request, pk, "Deze zaak is al open.")
    allowed = allow(request, allowed=may_assign(case, request.actor), sentence=NOT_YOURS_TO_ASSIGN)
    form = ReopenForm(posted(request))
    if form.is_valid():
        reason, at_plan = form.cleaned_data["reason"], form.cleaned_data["at_plan"] == "ja"
        facts = {"case_id": pk, "reason": reason, "at_plan": at_plan, "actor": request.actor}
        if attempt(form, lambda: analysis.reopen_case(**facts), case):
            messages.success(request, "De zaak is weer open.")
            return redirect("werkplek:case", pk)
    return show_step(request, case, "werkplek/reopen.html", form, allowed=allowed)


def _already(request: ActingRequest, pk: UUID, sentence: str) -> HttpResponse:
    messages.info(request, sentence)
    return redirect("werkplek:case", pk)
