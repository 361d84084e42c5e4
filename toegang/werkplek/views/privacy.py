"""Requests about the own data: registered, taken step by step, and watched by the privacy officer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from casework.enums import PrivacyKind
from casework.models import Case, PrivacyRequest, Reason
from casework.permissions import may_answer, may_look_again
from casework.selectors.privacy import PRIVACY_ROLE, watched_requests
from casework.services import privacy as services
from decisions.services import inzage
from toegang.core.access import ActingRequest, professional
from toegang.core.lifecycle import steps_for
from toegang.core.pages import posted
from toegang.core.templatetags.ui import DueView
from toegang.werkplek.forms import privacy as forms
from toegang.werkplek.page import attempt, case_context, case_in_scope
from toegang.werkplek.saving import save_version
from toegang.werkplek.views.case import allow

PRIVACY = frozenset({PRIVACY_ROLE})
NOT_YOURS = "Alleen wie de zaak behandelt, of een toetser die meekijkt, beantwoordt dit verzoek."
K = PrivacyKind
LEADS = frozenset({"take_up", "prepare", "settle", "restrict"})  # what a request asks for; other steps go aside


@dataclass(frozen=True)
class StepPage:
    """One step of a request as a page: its form, what it carries out, and for which kind."""

    name: str
    form: type[forms.StepForm]
    act: Callable[..., Any]
    title: str
    done: str
    kinds: tuple[str, ...] = tuple(K.values)
    reasons: str = ""


STEPS: dict[str, StepPage] = {
    "oppakken": StepPage(
        "take_up", forms.TakeUpForm, services.take_up, "Verzoek oppakken", "Het verzoek is in behandeling."
    ),
    "verzamelen": StepPage(
        "prepare", forms.PrepareForm, inzage.prepare, "Gegevens verzamelen",
        "De gegevens staan klaar. Kies per onderdeel of u het meegeeft.", (K.INZAGE,),
    ),
    "afronden": StepPage(
        "settle", forms.SettleForm, services.settle_correction, "Verbetering afronden",
        "Het verzoek is afgehandeld. De inwoner krijgt een brief.", (K.CORRECTIE,),
    ),
    "beperken": StepPage(
        "restrict", forms.RestrictForm, services.restrict, "Gebruik beperken",
        "Het gebruik van deze zaak is beperkt. De inwoner krijgt een brief.", (K.BEPERKING,),
    ),
    "opheffen": StepPage(
        "lift", forms.LiftForm, services.lift_restriction, "Beperking opheffen", "De beperking is opgeheven.",
        (K.BEPERKING,),
    ),
    "verlengen": StepPage(
        "prolong", forms.ProlongForm, services.prolong, "Termijn verlengen",
        "De termijn is verlengd. De inwoner krijgt een brief.",
    ),
    "afwijzen": StepPage(
        "reject", forms.RejectForm, services.reject, "Verzoek afwijzen",
        "Het verzoek is afgewezen. De inwoner krijgt een brief.", reasons="avg_afwijzing",
    ),
}  # fmt: skip


@professional(roles=PRIVACY)
def privacy_requests(request: ActingRequest) -> HttpResponse:
    """Show the privacy officer every open request with its term: numbers and dates, no names and no content."""
    rows = watched_requests(request.actor)
    request.actor.looked_at("Lijst privacyverzoeken", action="list", case_ids=list({row.case_id for row in rows}))
    late = sum(row.due.on < request.actor.today for row in rows)
    return render(request, "werkplek/privacy_requests.html", {"rows": rows, "late": late})


@professional
def case_privacy(request: ActingRequest, pk: UUID) -> HttpResponse:
    """Show the requests about own data in this case, the statements, and the uses while it was restricted."""
    case = case_in_scope(request, pk, "privacy")
    found = case.privacy_requests.select_related("person")
    context = case_context(request, case, "privacy") | {
        "rows": [(row, DueView(row.due_on, request.actor.today)) for row in found],
        "statements": case.statements.select_related("person", "hulpvraag"),
        "uses": case.restricted_uses.select_related("by"),
    }
    return render(request, "werkplek/privacy.html", context)


@professional
def privacy_new(request: ActingRequest, pk: UUID) -> HttpResponse:
    """Register a request that came by telephone, letter or at the desk; whoever sees the case may."""
    case = case_in_scope(request, pk, "privacy")
    people, today = services.people_with_a_question(case), request.actor.today
    only = people.first() if people.count() == 1 else None
    form = forms.RequestForm(
        posted(request), people=people, hulpvragen=list(case.hulpvragen.all()), today=today,
        initial={"received_on": today, "person": only, "asker": "zelf"},
    )  # fmt: skip
    if form.is_valid():
        act = partial(services.register_request, case_id=pk, facts=form.facts(), actor=request.actor)
        if found := attempt(form, act, case):
            messages.success(request, "Het verzoek is vastgelegd.")
            return redirect("werkplek:privacy_request", pk, found.pk)
    page = {"form": form, "forms": [form], "has_errors": bool(form.errors)}
    return render(request, "werkplek/privacy_new.html", case_context(request, case, "privacy") | page)


def request_in_case(
    request: ActingRequest, pk: UUID, verzoek: UUID, part: str = "privacy"
) -> tuple[Case, PrivacyRequest]:
    """Give a case in scope with one of its requests; else the ordinary 404."""
    case = case_in_scope(request, pk, part)
    related = ("person", "case", "hulpvraag__person", "reviewed_by", "looked_by", "pdf", "json")
    return case, get_object_or_404(case.privacy_requests.select_related(*related), pk=verzoek)


def request_url(found: PrivacyRequest) -> str:
    """The page of one request."""
    return reverse("werkplek:privacy_request", args=[found.case_id, found.pk])


@professional
def privacy_request(request: ActingRequest, pk: UUID, verzoek: UUID) -> HttpResponse:
    """Show one request, where it stands, and the steps that may be taken."""
    case, found = request_in_case(request, pk, verzoek)
    page = {
        "record": found,
        "due": DueView(found.due_on, request.actor.today, done=not found.is_open()),
        "may_answer": may_answer(found, request.actor),
        "may_look": may_look_again(found, request.actor),
        "sees_safety": request.user.has_perm("casework.view_safety", case),
        "statement": getattr(found, "statement", None),
        **_offered(request, found),
    }
    return render(request, "werkplek/privacy_request.html", case_context(request, case, "privacy") | page)


def _offered(request: ActingRequest, found: PrivacyRequest) -> dict[str, Any]:
    """The steps for this kind and state; what stands in the way of gathering is told, other steps are left out."""
    open_steps = {step.name: step.obstacles for step in steps_for(found, request.actor)}
    steps, obstacles = [], []
    for slug, page in STEPS.items():
        if page.name not in open_steps or found.kind not in page.kinds:
            continue
        if page.name != "take_up" and open_steps[page.name]:
            obstacles += [o.text for o in open_steps[page.name] if page.name == "prepare"]
            continue
        url = reverse("werkplek:privacy_step", args=[found.case_id, found.pk, slug])
        steps.append((page.title, url, page.name in LEADS))
    return {"steps_to_take": steps, "stops": obstacles}


@professional
def privacy_step(request: ActingRequest, pk: UUID, verzoek: UUID, step: str) -> HttpResponse:
    """Take one step of a request; when somebody was first, show both texts."""
    case, found = request_in_case(request, pk, verzoek)
    page = STEPS.get(step)
    if page is None or found.kind not in page.kinds:
        raise Http404
    allowed = allow(request, allowed=may_answer(found, request.actor), sentence=NOT_YOURS)
    grounds = Reason.objects.listed(page.reasons, request.actor.today)
    form = page.form(posted(request), record=found, grounds=grounds)
    if form.is_valid():
        act = partial(page.act, request_id=found.pk, actor=request.actor, **form.facts())
        back = request_url(found)
        if answer := save_version(request, form, act, case=case, done=page.done, back=back, texts=form.texts):
            return answer
    context = case_context(request, case, "privacy") | {"form": form, "forms": [form], "has_errors": bool(form.errors)}
    context |= {"page": page, "record": found, "allowed": allowed, "back": request_url(found)}
    return render(request, "werkplek/privacy_step.html", context)
