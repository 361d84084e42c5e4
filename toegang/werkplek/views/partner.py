"""What somebody of a ketenpartner was asked to do: one thing at a time, never a case."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render

from casework.services import talks
from plans.selectors import partner_tasks
from toegang.core.access import ActingRequest, professional
from toegang.core.pages import posted
from toegang.werkplek.forms.partner import PartnerHeldForm
from toegang.werkplek.page import attempt

partner = professional(roles=frozenset({"ketenpartner"}))


@partner
def home(request: ActingRequest) -> HttpResponse:
    """Show what is asked now."""
    tasks = partner_tasks(request.actor)
    shown = [task.grant.case_id for task in tasks]
    request.actor.looked_at("Gevraagd aan een ketenpartner", action="list", case_ids=shown)
    return render(request, "werkplek/partner_home.html", {"tasks": tasks})


@partner
def talk(request: ActingRequest, grant: int) -> HttpResponse:
    """Record the conversation that was held, and nothing else."""
    task = next((found for found in partner_tasks(request.actor, grant_id=grant) if found.is_talk), None)
    if task is None:
        raise Http404
    request.actor.looked_at("Gesprek door een ketenpartner", task.grant.case, object_type="grant", object_id=str(grant))
    today = request.actor.today
    form = PartnerHeldForm(posted(request), today=today, initial={"on": today})
    if form.is_valid():
        facts = talks.HeldTalk(**form.cleaned_data)
        if attempt(form, lambda: talks.hold_talk_as_partner(grant_id=grant, held=facts, actor=request.actor)):
            messages.success(request, "Dank u wel. Het gesprek is vastgelegd. De gemeente gaat ermee verder.")
            return redirect("werkplek:partner_home")
    page = {"task": task, "form": form, "forms": [form], "has_errors": bool(form.errors)}
    return render(request, "werkplek/partner_talk.html", page)
