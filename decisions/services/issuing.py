"""What every decision takes when it is sent: a number without gaps, and a letter that can be made."""

from __future__ import annotations

from collections.abc import Callable

from toegang.core.access import Actor
from toegang.core.letters import LetterError
from toegang.core.lifecycle import Blocked
from toegang.core.numbers import next_number


def decision_number(gemeente_id: int, actor: Actor) -> str:
    """The next number of this year in the one series of the gemeente."""
    year = actor.today.year
    return f"B-{year}-{next_number(gemeente_id=gemeente_id, series='besluit', year=year):05d}"


def must_be_made(compose: Callable[[], object]) -> None:
    """Take no number for a letter that the worker could not make: a text or a tariff of this day is missing."""
    try:
        compose()
    except LetterError as problem:
        raise Blocked([f"De brief kan nog niet gemaakt worden. {problem}. Vraag het de beheerder."]) from problem
