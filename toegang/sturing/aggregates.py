"""Counts for the managers: nothing but counts, and no count that could point at a person.

Only this module reads cases for sturing. It gives numbers per month and per step, never a name, reference or key, and
it suppresses small numbers itself, so that no page, table or figure can show what was not given.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from dateutil.relativedelta import relativedelta
from django.db.models import Count, F, Q, QuerySet
from django.db.models.functions import TruncMonth

from casework.enums import CaseStatus
from casework.models import Case, Deadline, Melding, ShortQuestion
from casework.notices import TEXTS
from toegang.accounts.models import RoleAssignment

if TYPE_CHECKING:
    from toegang.core.access import Actor

SMALLEST = 10  # a count below this is not shown, zero neither (house policy 5–20; never set it below 5)
LEAST_FOR_SHARE = 20  # a percentage of fewer says more about single cases than about the work
FEWEST_HIDDEN = 2  # with a total, one hidden count is no secret: the others give it away
MONTHS_BACK = 12
OPEN_STEPS = [status for status in CaseStatus if status != CaseStatus.AFGESLOTEN]
BEFORE_HELP = OPEN_STEPS.index(CaseStatus.UITVOERING)  # that many steps come before the help runs

Shown = int | None  # None: not shown


@dataclass(frozen=True)
class Published:
    """Counts that may be shown with their total."""

    cells: tuple[Shown, ...]
    total: Shown


@dataclass(frozen=True)
class Flow:
    """What came in and went out per month; the last month runs until the day of the figures."""

    months: tuple[date, ...]
    inflow: Published
    outflow: Published


@dataclass(frozen=True)
class Steps:
    """Open cases per step of the journey, in the words for the manager."""

    names: tuple[str, ...]
    counts: Published


@dataclass(frozen=True)
class OnTime:
    """How much of the onderzoek was ready within the term; no share of too few."""

    percentage: int | None
    of: Shown


def suppress(counts: Sequence[int]) -> Published:
    """Hide every count below SMALLEST, and as many of the smallest others as the total would give away.

    What is hidden together is at least two counts and at least SMALLEST, so that total minus the rest tells nothing
    of one small count (secondary suppression). A small total is hidden as well.
    """
    hidden = {n for n, count in enumerate(counts) if count < SMALLEST}
    for n in sorted(range(len(counts)), key=lambda n: counts[n]):
        enough = len(hidden) >= FEWEST_HIDDEN and sum(counts[m] for m in hidden) >= SMALLEST
        if not hidden or enough:
            break
        hidden.add(n)
    total = sum(counts)
    cells = tuple(None if n in hidden else count for n, count in enumerate(counts))
    return Published(cells, total if total >= SMALLEST else None)


def gemeenten_of(actor: Actor) -> dict[int, str]:
    """The gemeenten that the actor is a manager for today; another role there gives no figures."""
    held = RoleAssignment.objects.on(actor.today).filter(user_id=actor.user_id, role="manager")
    return dict(held.order_by("gemeente__name").values_list("gemeente_id", "gemeente__name"))


def months_until(today: date) -> tuple[date, ...]:
    """The first days of the last twelve months, the running one included."""
    running = today.replace(day=1)
    return tuple(running - relativedelta(months=back) for back in reversed(range(MONTHS_BACK)))


def flow(gemeente_ids: Sequence[int], today: date) -> Flow:
    """Meldingen that came in and cases that were closed, per month.

    A second melding for the same person on the same day is linked to the first and counted once.
    """
    months = months_until(today)
    came = Melding.objects.filter(gemeente_id__in=gemeente_ids, linked_to=None)
    went = Case.objects.filter(gemeente_id__in=gemeente_ids)
    return Flow(
        months,
        _per_month(came, "received_on", months, today),
        _per_month(went, "closed_on", months, today),
    )


def _per_month(rows: QuerySet[Any], day: str, months: tuple[date, ...], today: date) -> Published:
    period = rows.filter(**{f"{day}__gte": months[0], f"{day}__lte": today}).order_by()
    found = period.annotate(month=TruncMonth(day)).values("month").annotate(number=Count("*"))
    counts = dict(found.values_list("month", "number"))
    return suppress([counts.get(month, 0) for month in months])


def short_questions(gemeente_ids: Sequence[int], today: date) -> Shown:
    """Simple questions that were answered at once in the last twelve months."""
    period = {"on__gte": months_until(today)[0], "on__lte": today}
    (count,) = suppress([ShortQuestion.objects.filter(gemeente_id__in=gemeente_ids, **period).count()]).cells
    return count


def open_per_step(gemeente_ids: Sequence[int]) -> Steps:
    """Cases that run, by the step where they are."""
    found = Case.objects.filter(gemeente_id__in=gemeente_ids, status__in=OPEN_STEPS).order_by()
    counts = dict(found.values("status").annotate(number=Count("*")).values_list("status", "number"))
    names = tuple(TEXTS[status].manager for status in OPEN_STEPS)
    return Steps(names, suppress([counts.get(status, 0) for status in OPEN_STEPS]))


def onderzoek_on_time(gemeente_ids: Sequence[int], today: date) -> OnTime:
    """The share of the Wmo terms of the onderzoek that were met (Wmo 2015 art. 2.3.2 lid 1: six weeks).

    Counted are all terms of which the last day fell in the twelve months and is past, met or not: counting only what
    is ready would leave out what is late.
    """
    past = Q(due_on__gte=months_until(today)[0], due_on__lt=today)
    terms = Deadline.objects.filter(past, gemeente_id__in=gemeente_ids, key="wmo_onderzoek")
    found = terms.aggregate(all=Count("*"), met=Count("due_on", filter=Q(met_on__lte=F("due_on"))))
    every = found["all"]
    share = round(100 * found["met"] / every) if every >= LEAST_FOR_SHARE else None
    return OnTime(share, every if every >= LEAST_FOR_SHARE else None)
