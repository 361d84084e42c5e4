"""Who looked: at one case, for who handles it; and the log of the gemeente, for the privacy officer."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import render

from casework.enums import GrantKind
from casework.looks import RESULTS, days_of, in_period, keys_of, log_of, looks_at, merged, numbers_of
from casework.permissions import leads_team_of, may_handle, may_view_safety
from toegang.accounts.models import Role, User
from toegang.core.access import ActingRequest, professional
from toegang.core.models import LogRow
from toegang.core.pages import paged
from toegang.werkplek.forms.looks import ACTIONS, CaseLooksForm, LogSearchForm
from toegang.werkplek.page import case_context, case_in_scope

WEEK = timedelta(days=7)
PRIVACY = frozenset({"privacy"})
NOT_YOURS = "Alleen wie de zaak behandelt en de teamleider zien wie in deze zaak keek."
NO_CASE = "Wij vinden geen zaak met dit nummer in uw gemeente"
GROUNDS = {**dict(GrantKind.choices), "team": "team"}
COLUMNS = ("Wanneer", "Wie", "Waarom dit mocht", "Wat", "Welke gegevens", "Resultaat")
LOG_COLUMNS = ("Wanneer", "Wie", "Handeling", "Zaak", "Waarom dit mocht", "Welke gegevens", "Resultaat")


@professional
def case_looks(request: ActingRequest, pk: UUID) -> HttpResponse:
    """Show who looked at the case or changed it, and on which ground; what one person did on a day is one line."""
    case = case_in_scope(request, pk, "wie keek")
    if not (may_handle(case, request.actor) or leads_team_of(case, request.actor)):
        raise PermissionDenied(NOT_YOURS)
    rows = looks_at(case, request.actor)
    known = rows.exclude(user_id=None).order_by("user_name")
    people = [(user or 0, name) for user, name in known.values_list("user_id", "user_name").distinct()]
    form = CaseLooksForm(request.GET or None, people=people)
    found = _narrowed(rows, form)
    shown = paged(request, days_of(found))
    lines = [(line, [GROUNDS[basis] for basis in line.bases]) for line in merged(shown["page"], found)]
    page = {**shown, "form": form, "lines": lines, "columns": COLUMNS, "has_errors": bool(form.errors)}
    page["sees_safety"] = may_view_safety(case, request.actor)
    page["alone"] = {user for user, _ in people} <= {request.actor.user_id}
    return render(request, "werkplek/case_looks.html", {**case_context(request, case, "inzage"), **page})


def _narrowed(rows: QuerySet[LogRow], form: CaseLooksForm) -> QuerySet[LogRow]:
    """What was asked; a field that is wrong says so and narrows nothing."""
    form.is_valid()
    asked = form.cleaned_data if form.is_bound else {}
    rows = in_period(rows, asked.get("since"), asked.get("until"))
    return rows.filter(user_id=asked["person"]) if asked.get("person") else rows


@professional(roles=PRIVACY)
def log_search(request: ActingRequest) -> HttpResponse:
    """Search the log of the own gemeenten: who did what and when; of a case its number, of an inwoner nothing."""
    today = request.actor.today
    form = LogSearchForm(request.GET or {"since": today - WEEK, "until": today})
    form.is_valid()  # what is wrong is said at the field, and does not narrow the list
    shown = paged(request, _searched(request, form))
    _note_search(request, form)
    rows = list(shown["page"])
    numbers = numbers_of({row.case_id for row in rows if row.case_id}, request.actor)
    roles = dict(Role.objects.values_list("key", "name"))
    lines = [_log_line(row, numbers.get(row.case_id, ""), roles) for row in rows]
    page = {**shown, "form": form, "lines": lines, "columns": LOG_COLUMNS, "has_errors": bool(form.errors)}
    return render(request, "werkplek/log_search.html", page)


def _searched(request: ActingRequest, form: LogSearchForm) -> QuerySet[LogRow]:
    """The rows that were asked for; without a first day of the last week, so that few months are read."""
    asked, actor = form.cleaned_data, request.actor
    until = asked.get("until") or actor.today
    rows = in_period(log_of(actor), asked.get("since") or until - WEEK, until)
    if asked.get("reference"):
        found = keys_of(asked["reference"].strip(), actor)
        if not found:
            form.add_error("reference", NO_CASE)
        rows = rows.filter(case_id__in=found)
    if asked.get("staff"):
        named = User.objects.filter(kind=User.Kind.MEDEWERKER, name__icontains=asked["staff"].strip())
        rows = rows.filter(user_id__in=list(named.values_list("pk", flat=True)))
    given = {name: asked[name] for name in ("action", "result") if asked.get(name)}
    return rows.filter(**given)


def _note_search(request: ActingRequest, form: LogSearchForm) -> None:
    """Log what was asked, in each gemeente whose log was read."""
    typed = {str(form.fields[name].label): form[name].value() for name in form.fields}
    detail = "; ".join(f"{label}: {value}" for label, value in typed.items() if value)
    for gemeente_id in sorted(request.actor.gemeenten_as("privacy")):
        request.actor.looked_at("Logboek doorzocht", action="search", gemeente_id=gemeente_id, detail=detail)


def _log_line(row: LogRow, number: str, roles: dict[str, str]) -> dict[str, Any]:
    """One row as the privacy officer reads it."""
    inwoner = row.actor_kind == User.Kind.INWONER
    return {
        "row": row,
        "who": "Een inwoner" if inwoner else row.user_name,
        "roles": ", ".join(roles.get(key, key) for key in row.roles),
        "action": ACTIONS.get(row.action, row.action),
        "case": number or (f"{len(row.case_ids)} zaken" if row.case_ids else ""),
        "ground": GROUNDS.get(row.basis, row.basis),
        "result": RESULTS.get(row.result, row.result),
    }
