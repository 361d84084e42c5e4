"""Setting and meeting terms: computed by the rule of their day, never typed."""

from __future__ import annotations

from datetime import date

from casework.models import Deadline, Hulpvraag
from toegang.core.access import Actor
from toegang.core.records import keep
from toegang.core.terms import due_on


def set_deadline(*, hulpvraag: Hulpvraag, key: str, starts_on: date, cause: str, by: Actor) -> Deadline:
    """Compute a term and store it; computing it again keeps the former one in history, with the cause."""
    deadline = Deadline.objects.filter(hulpvraag=hulpvraag, key=key).first()
    if deadline is None:
        deadline = Deadline(gemeente_id=hulpvraag.gemeente_id, case_id=hulpvraag.case_id, hulpvraag=hulpvraag, key=key)
    deadline.starts_on, deadline.due_on, deadline.met_on = starts_on, due_on(key, starts_on), None
    deadline.cause = cause
    keep(deadline, by=by, what=f"Termijn {key}: {cause}")
    return deadline


def meet_deadline(*, hulpvraag: Hulpvraag, key: str, on: date, by: Actor) -> None:
    """Note the day on which what the term asks was done."""
    for deadline in Deadline.objects.filter(hulpvraag=hulpvraag, key=key, met_on=None):
        deadline.met_on = on
        keep(deadline, by=by, what=f"Termijn {key} gehaald")
