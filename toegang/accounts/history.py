"""Who changed what, when and why of people, teams, ketenpartners and roles: from the history, in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from toegang.accounts.models import Membership, ReportRight, RoleAssignment, User
from toegang.accounts.selectors import gemeente_names, period
from toegang.core.access import Actor
from toegang.core.templatetags.ui import TimelineEntry

MOST = 50
PERSON = {"name": "naam", "job_title": "functie", "phone": "telefoon", "email": "e-mail"}
WORDS = {"name": "naam", "description": "omschrijving", "sort": "soort"}
SERVED = "historicalteam_gemeenten_set"  # the gemeenten of a row of a team's history
SELF = "de persoon zelf of het systeem"


def person_history(user: User, actor: Actor) -> list[TimelineEntry]:
    """What happened to an account, its roles and its teams, the newest first; at most 50 rows."""
    roles = RoleAssignment.history.filter(user_id=user.pk).select_related("history_user", "role", "gemeente")
    teams = Membership.history.filter(user_id=user.pk).select_related("history_user", "team")
    rights = ReportRight.history.filter(user_id=user.pk).select_related("history_user", "gemeente")
    reports = rights[:MOST] if user.ketenpartner_id else ()
    found = [
        *changes_of(user, PERSON, "Account gemaakt"),
        *(_assigned(row, f"meldformulier, gemeente {row.gemeente}", actor) for row in reports),
        *(_assigned(row, f"rol {row.role}, gemeente {row.gemeente}", actor) for row in roles[:MOST]),
        *(_assigned(row, f"team {row.team}", actor) for row in teams[:MOST]),
    ]
    return sorted(found, key=lambda entry: entry.moment, reverse=True)[:MOST]


def words_history(record: Any, made: str) -> list[TimelineEntry]:
    """What happened to a ketenpartner or a role, the newest first."""
    return changes_of(record, WORDS, made)


def team_history(team: Any) -> list[TimelineEntry]:
    """What happened to a team and which gemeenten it served, the newest first."""
    rows = list(team.history.select_related("history_user").prefetch_related(f"{SERVED}__gemeente")[: MOST + 1])
    found = []
    for row, before in zip(rows, [*rows[1:], None], strict=False):
        lines = _differences(row, before, WORDS)
        if before and _served(row) != _served(before):
            lines.append(f"gemeenten: {_served(before) or 'nog geen'} → {_served(row) or 'geen'}")
        if before is None or lines:
            found.append(_entry(row, "Team gewijzigd" if before else "Team gemaakt", lines))
    return found[:MOST]


def _served(row: Any) -> str:
    return gemeente_names([link.gemeente for link in getattr(row, SERVED).all()])


def changes_of(record: Any, fields: Mapping[str, str], made: str) -> list[TimelineEntry]:
    """What happened to a record, the newest first; `fields` gives the words for what may change, `made` its begin."""
    rows = list(record.history.select_related("history_user")[: MOST + 1])
    told = [(row, *_told(row, before, fields, made)) for row, before in zip(rows, [*rows[1:], None], strict=False)]
    return [_entry(row, title, lines) for row, title, lines in told if title][:MOST]


def _told(row: Any, before: Any, fields: Mapping[str, str], made: str) -> tuple[str, list[str]]:
    """A title and the lines under it: what is different, else the words that were kept with it; "" when none were."""
    reason = row.history_change_reason or ""
    if row.history_type == "+":
        return made, [reason] if reason != made else []
    if before is None:
        return reason, []  # made before there was a history
    if getattr(row, "is_active", True) != getattr(before, "is_active", True):
        return "Account aangezet" if row.is_active else "Account uitgezet", [reason]
    lines = _differences(row, before, fields)
    return ("Gegevens gewijzigd", lines) if lines else (reason, [])


def _differences(row: Any, before: Any, fields: Mapping[str, str]) -> list[str]:
    pairs = [(label, getattr(before, key, ""), getattr(row, key, "")) for key, label in fields.items() if before]
    return [f"{label}: {_filled(old)} → {_filled(new)}" for label, old, new in pairs if old != new]


def _filled(value: Any) -> Any:
    return "leeg" if value in (None, "") else value


def _assigned(row: Any, what: str, actor: Actor) -> TimelineEntry:
    verb = {"+": "Gegeven", "~": "Einde vastgelegd", "-": "Weggehaald"}[row.history_type]
    return _entry(row, f"{verb}: {what}", [period(row.since, row.until, actor.today), row.history_change_reason or ""])


def _entry(row: Any, title: str, lines: Iterable[str]) -> TimelineEntry:
    by = row.history_user.name if row.history_user else SELF
    return TimelineEntry(row.history_date, title, by, ". ".join(line for line in lines if line))
