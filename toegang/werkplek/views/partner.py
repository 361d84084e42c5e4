"""What somebody of a ketenpartner was asked to do: one thing at a time, never a case."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render

from casework.selectors.reports import report_gemeenten, reports_of
from casework.services import talks
from casework.services.intake import report_as_partner
from casework.services.signals import signal_as_partner
from plans.selectors import partner_tasks
from toegang.core.access import ActingRequest, professional
from toegang.core.pages import posted
from toegang.werkplek.forms.partner import PartnerHeldForm, PartnerMeldingForm
from toegang.werkplek.page import attempt

THANKS = "Dank u wel. De gemeente heeft uw melding ontvangen en neemt contact op."
THANKS_FOR_SIGNAL = "Dank u wel. De gemeente heeft uw signaal ontvangen en zoekt eerst zelf contact met de inwoner."

partner = professional(roles=frozenset({"ketenpartner"}))


@partner
def home(request: ActingRequest) -> HttpResponse:
    """Show what is asked now."""
    tasks = partner_tasks(request.actor)
    shown = [task.grant.case_id for task in tasks]
    request.actor.looked_at("Gevraagd aan een ketenpartner", action="list", case_ids=shown)
    page = {"tasks": tasks, "reports": reports_of(request.actor), "may_report": report_gemeenten(request.actor)}
    return render(request, "werkplek/partner_home.html", page)


@partner
def report(request: ActingRequest) -> HttpResponse:
    """Send a melding to a gemeente that asked this ketenpartner; the answer is the same whoever it is about."""
    found = report_gemeenten(request.actor).prefetch_related("teams")
    places = [(gemeente, team) for gemeente in found for team in gemeente.teams.all()]
    user = request.actor.user
    if not places or user is None or user.ketenpartner is None:
        raise Http404
    form = PartnerMeldingForm(posted(request), places=places, today=request.actor.today)
    if form.is_valid():
        where, source = {"actor": request.actor, **form.where()}, (user.name, user.ketenpartner.name)
        if form.is_signal:
            sent, thanks = attempt(form, lambda: signal_as_partner(told=form.signal(), **where)), THANKS_FOR_SIGNAL
        else:
            sent, thanks = attempt(form, lambda: report_as_partner(facts=form.facts(*source), **where)), THANKS
        if sent:
            messages.success(request, thanks)
            return redirect("werkplek:partner_home")
    page = {"form": form, "forms": [form], "has_errors": bool(form.errors)}
    return render(request, "werkplek/partner_report.html", page)


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
