"""The pages of the inwoner: overview, case, letter and plan. Every look is logged."""

from __future__ import annotations

import logging
from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from casework.models import Letter, Person
from casework.selectors import basis_of
from plans.models import Plan
from toegang.accounts.models import Gemeente
from toegang.core import documents
from toegang.core.access import ActingRequest, resident
from toegang.core.dates import long_date
from toegang.core.pages import file_answer, image_answer
from toegang.portaal.letters import summary_of, text_of
from toegang.portaal.selectors import (
    CaseView,
    Helpers,
    cases_of,
    helpers_of,
    home_of,
    own_letters,
    own_plans,
    photo_for,
    plan_view,
)
from toegang.portaal.texts import ANSWERS, BEFORE_THE_DECISION, DOERS

# The groups of data that a page shows, as the log tells them (NEN 7513).
SHOWN = {
    "list": ("hulpvragen", "brieven", "plan"),
    "case": ("hulpvragen", "brieven", "plan"),
    "letter": ("brieven",),
    "plan": ("plan",),
    "looks": ("inzagelog",),
}
logger = logging.getLogger(__name__)


def house_of(gemeente: Gemeente | None, helpers: Helpers) -> dict[str, Any]:
    """What the frame of a page shows: the gemeente with its telephone, the contactpersoon, and who covers."""
    named = {"gemeente_naam": f"Gemeente {gemeente.name}", "gemeente_telefoon": gemeente.phone} if gemeente else {}
    return named | {
        "contactpersoon": helpers.contact,
        "vervanger": helpers.cover,
        "vervanging_tot": helpers.until,
        "home": [("Mijn overzicht", reverse("portaal:home"))],
    }


def _whose(request: ActingRequest, *persons: Person) -> dict[str, Any]:
    """Whose letter or plan this is, when it is another person's."""
    others = [person.name for person in persons if person.user_id != request.actor.user_id]
    return {"meegelezen": " en ".join(others)}


@resident
@require_safe
def home(request: ActingRequest) -> HttpResponse:
    """Show what waits for the inwoner and, when one case runs, that case; several get a card each."""
    cases = cases_of(request.actor)
    running = [view for view in cases if view.is_open]
    shown = running[0] if len(running) == 1 else None
    facts = {"case_ids": [view.case.pk for view in cases], "fields": SHOWN["list"]}
    request.actor.looked_at("Eigen overzicht bekeken", action="list", **facts)
    helpers = {view.helpers for view in running}
    gemeente = cases[0].case.gemeente if cases else home_of(request.actor)
    house = house_of(gemeente, helpers.pop() if len(helpers) == 1 else Helpers())
    tasks = [task for view in cases for task in view.tasks]
    others = [view for view in cases if view is not shown]
    page = {"cases": cases, "view": shown, "others": others, "running": running, "tasks": tasks}
    if shown:
        _look(request, shown)
    return render(request, "portaal/home.html", house | page)


def _look(request: ActingRequest, view: CaseView) -> None:
    facts = {"object_type": "case", "object_id": str(view.case.pk), "fields": SHOWN["case"]}
    what = "Eigen zaak bekeken" if view.is_own else "Zaak meegelezen"
    request.actor.looked_at(what, view.case, **facts, **view.basis)


@resident
@require_safe
def case(request: ActingRequest, pk: UUID) -> HttpResponse:
    """Show one of the own cases."""
    view = next((found for found in cases_of(request.actor) if found.case.pk == pk), None)
    if view is None:
        raise Http404
    _look(request, view)
    page = house_of(view.case.gemeente, view.helpers) | {"view": view, "tasks": view.tasks}
    return render(request, "portaal/case.html", page)


def _sent_letter(request: ActingRequest, pk: UUID, action: str, what: str) -> Letter:
    """Give a sent letter to the own person, and note the look; else the ordinary 404."""
    related = ("case__gemeente", "case__person", "gemeente", "addressee", "hulpvraag__person", "document")
    letters = own_letters(request.actor).filter(sent_on__isnull=False).select_related(*related)
    letter: Letter = get_object_or_404(letters, pk=pk)
    if letter.addressee.user_id != request.actor.user_id:
        what = what.replace("Eigen brief", "Brief van een ander")
    facts = {"action": action, "object_type": "letter", "object_id": str(letter.pk), "fields": SHOWN["letter"]}
    request.actor.looked_at(what, letter.case, **facts, **basis_of(letter))
    return letter


@resident
@require_safe
def letter(request: ActingRequest, letter: UUID) -> HttpResponse:
    """Show the words of a letter; of a decision the summary first."""
    found = _sent_letter(request, letter, "look", "Eigen brief gelezen")
    return _letter_page(request, found)


def _letter_page(request: ActingRequest, found: Letter, *, damaged: bool = False) -> HttpResponse:
    text = text_of(found)
    page = {
        "letter": found,
        "dated": long_date(found.dated) if found.dated else "",
        "sections": text.sections,
        "contact_changed": text.contact_changed,
        "summary": summary_of(found, text.sections),
        "size": -(-found.document.size // 1000) if found.document else 0,
        "damaged": damaged,
    }
    house = house_of(found.case.gemeente, helpers_of(request.actor, found.case)) | _whose(request, found.addressee)
    return render(request, "portaal/letter.html", house | page, status=503 if damaged else 200)


@resident
@require_safe
def letter_pdf(request: ActingRequest, letter: UUID) -> HttpResponse:
    """Give the stored letter, byte for byte as it was sent."""
    found = _sent_letter(request, letter, "download", "Eigen brief als PDF geopend")
    assert found.document is not None  # noqa: S101 (the database holds it for every sent letter)
    try:
        return file_answer(found.document, download=False)
    except documents.DamagedFile:
        logger.exception("stored letter cannot be read")
        return _letter_page(request, found, damaged=True)


@resident
@require_safe
def plan(request: ActingRequest, plan: UUID) -> HttpResponse:
    """Show the shared or agreed plan: the own words, the goals with who does what, and the own help."""
    found: Plan = get_object_or_404(own_plans(request.actor).select_related("case__gemeente", "case__person"), pk=plan)
    view = plan_view(found, request.actor)
    own = any(person.user_id == request.actor.user_id for person in view.persons)
    what = "Eigen plan gelezen" if own else "Plan van een ander gelezen"
    facts = {"object_type": "plan", "object_id": str(found.pk), "fields": SHOWN["plan"]}
    request.actor.looked_at(what, found.case, **facts, **basis_of(found))
    page = {
        "view": view,
        "plan": found,
        "reference": found.case.reference if own else "",
        "answer": ANSWERS.get(found.agreement, ""),
        "goals": [
            (goal, [(DOERS[x.by], x.what, long_date(x.by_when) if x.by_when else "") for x in goal.actions.all()])
            for goal in view.goals
        ],
        "lines": [(line, f"{long_date(line.starts_on)} tot en met {long_date(line.ends_on)}") for line in view.lines],
        "awaits_decision": any(line.hulpvraag.status in BEFORE_THE_DECISION for line in view.lines),
        "shared": long_date(found.shared_on) if found.shared_on else "",
        "agreed": long_date(found.agreed_on) if found.agreed_on else "",
    }
    house = house_of(found.case.gemeente, helpers_of(request.actor, found.case)) | _whose(request, *view.persons)
    return render(request, "portaal/plan.html", house | page)


@resident
@require_safe
def photo(request: ActingRequest, photo: UUID) -> HttpResponse:
    """Give the photo of who helps the inwoner now; it tells nothing of a case, and is no look at one."""
    return image_answer(get_object_or_404(photo_for(request.actor), pk=photo).image)
