"""Keeping what people change: history user, version, log row; a stale save never overwrites."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import models

from toegang.core import audit
from toegang.core.access import Actor


class Stale(Exception):  # noqa: N818 (not an error: somebody else was first)
    """The record was changed since the form was opened."""

    def __init__(self, record: Any, who: str, when: datetime | None) -> None:
        super().__init__(f"{record} was changed by {who}")
        self.record, self.who, self.when = record, who, when


def take_version(record: Any, version: int) -> None:
    """Count the version up; raises Stale, with who was first and when, if the form showed an older one."""
    if record.version != version:
        # The first row that bears the present version: steps that follow leave the version as it is.
        last = record.history.filter(version=record.version).select_related("history_user").last()
        who = last.history_user.name if last and last.history_user else "Een collega"
        raise Stale(record, who, last.history_date if last else None)
    record.version += 1


def attribute(record: models.Model, *, by: Actor, reason: str) -> None:
    """Let the history of the next save or delete tell who did it and why."""
    for name, value in (("_history_user", by.user), ("_change_reason", reason)):
        setattr(record, name, value)  # reaches the record also through the lazy user of a request


def keep(record: models.Model, *, by: Actor, what: str, reason: str = "", case_id: UUID | None = None) -> None:
    """Save a record with its history user and reason, and log the change in the same transaction.

    `case_id` is the case in which somebody changed a record that bears none, as of a person.
    """
    attribute(record, by=by, reason=reason or what)
    record.save()
    look = audit.Look(
        "write",
        what,
        case_id=case_id
        or getattr(record, "case_id", None)
        or (record.pk if record._meta.model_name == "case" else None),
        gemeente_id=getattr(record, "gemeente_id", None),
        object_type=record._meta.model_name or "",
        object_id=str(record.pk),
        detail=reason,
    )
    audit.write(by, [look])
