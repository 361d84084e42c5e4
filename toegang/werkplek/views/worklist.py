"""What must I do today, and what does nobody do yet."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render

from casework.enums import GrantKind
from casework.models import Grant
from casework.selectors import CASEWORKERS, WorkRow, team_cases, unassigned_cases, worklist_of
from casework.selectors.caseload import not_taken_for, open_assignments
from casework.selectors.privacy import requests_to_answer
from casework.selectors.signals import waiting_signals
from casework.services.web import web_meldingen_of
from toegang.core.access import ActingRequest, professional
from toegang.core.templatetags.ui import DueView

GROUPS = ("Te laat", "Deze week", "Later", "Zonder termijn")
MOST_WAITING = 50  # the oldest first; who takes one sees the next


def group_of(row: WorkRow, today: date) -> str:
    """Give the group of a row; a week ends on Sunday."""
    if row.due is None:
        return "Zonder termijn"
    if row.due.on < today:
        return "Te laat"
    return "Deze week" if row.due.on <= today + timedelta(days=6 - today.weekday()) else "Later"


@professional(roles=CASEWORKERS)
def worklist(request: ActingRequest) -> HttpResponse:
    """Show the actor's own cases by urgency, and the team's cases that wait for a contactpersoon."""
    today = request.actor.today
    rows = worklist_of(request.actor)
    waiting = list(unassigned_cases(request.actor)[:MOST_WAITING])
    asked = list(requests_to_answer(request.actor).select_related("person"))
    shown = [*(row.case.pk for row in rows), *(case.pk for case in waiting), *(found.case_id for found in asked)]
    web = list(web_meldingen_of(request.actor).filter(handled_on=None)[:MOST_WAITING])
    by_website = f"Via de website: {', '.join(str(found.pk) for found in web)}" if web else ""
    _looked(request, "Werkvoorraad", list(dict.fromkeys(shown)), by_website)
    groups = [(name, [row for row in rows if group_of(row, today) == name]) for name in GROUPS]
    page = {
        "groups": [(name, found) for name, found in groups if found],
        "count": len(rows),
        "waiting": waiting,
        "asked": [(found, DueView(found.due_on, today)) for found in asked],
        "web": web,
        "given": list(open_assignments(request.actor)),
        "not_taken": not_taken_for(request.actor),
        "signals": waiting_signals(request.actor),
        "calm": not any(found for name, found in groups[:2]),
        "next_due": next((row.due.on for row in rows if row.due and row.due.on >= today), None),
    }
    return render(request, "werkplek/worklist.html", page)


@professional(roles=CASEWORKERS)
def team_list(request: ActingRequest) -> HttpResponse:
    """Show the cases that the actor may see, the most urgent first, each with its contactpersoon."""
    rows = team_cases(request.actor)
    pks = [row.case.pk for row in rows]
    _looked(request, "Zaken van het team", pks)
    grants = Grant.objects.valid_now().filter(kind=GrantKind.CONTACTPERSOON, case_id__in=pks).select_related("user")
    names = {grant.case_id: grant.user.name for grant in grants}
    return render(request, "werkplek/team.html", {"rows": [(row, names.get(row.case.pk, "")) for row in rows]})


def _looked(request: ActingRequest, what: str, pks: Iterable[UUID], detail: str = "") -> None:
    """Note one look with all the cases that the list shows."""
    facts = {"fields": ("persoonsgegevens", "termijnen"), "detail": detail}
    request.actor.looked_at(what, action="list", case_ids=list(pks), **facts)
