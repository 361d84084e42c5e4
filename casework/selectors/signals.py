"""Signals: who sees which, and what waits."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Count, Q

from casework.enums import OPEN_SIGNALS
from casework.models import Case, Signal

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from toegang.core.access import Actor


def signals_seen_by(actor: Actor) -> QuerySet[Signal]:
    """Signals of the own teams, and those that ended in a case that the actor sees."""
    return Signal.objects.visible_to(actor, Case.objects.visible_to(actor)).select_related("team", "handler", "case")


def team_signals(actor: Actor, *, waiting: bool) -> QuerySet[Signal]:
    """The signals of the own teams that wait, urgent first and then by the day of review; or else those that ended.

    One that was handed over waits too once the day of its answer has come.

    One that joined an earlier signal at once is counted with that one.
    """
    found: QuerySet[Signal] = signals_seen_by(actor).filter(pk__in=Signal.objects.of_teams(actor).values("pk"))
    counts = {"tries": Count("attempts", distinct=True), "others": Count("linked", distinct=True)}
    if waiting:
        late = Q(answer_due_on__lte=actor.today, answered_on=None)
        found = found.filter(Q(status__in=OPEN_SIGNALS) | late)
        return found.annotate(**counts).order_by("-urgent", "review_on", "received_on", "pk")
    return found.exclude(status__in=OPEN_SIGNALS).annotate(**counts).order_by("-ended_on", "pk")


@dataclass(frozen=True)
class Waiting:
    """How many signals of the own teams wait, and for how many the day of review or of an answer has come."""

    open: int
    due: int


def waiting_signals(actor: Actor) -> Waiting:
    """Count what waits, for the work list."""
    waits = Q(status__in=OPEN_SIGNALS)
    late = Q(answer_due_on__lte=actor.today, answered_on=None)
    due = Q(waits, review_on__lte=actor.today) | late
    counted = Signal.objects.of_teams(actor).aggregate(open=Count("pk", filter=waits), due=Count("pk", filter=due))
    return Waiting(**counted)
