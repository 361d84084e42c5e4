"""The Algemene termijnenwet (Atw): when a term set by law ends. Pure functions of dates."""

from collections.abc import Collection
from datetime import date, datetime, timedelta
from functools import cache

from dateutil.easter import easter
from dateutil.relativedelta import relativedelta

# Days that a royal decree puts on a par with a feestdag (art. 3 lid 3). They stand with their sources in
# reference/closing_days.toml, which a test compares with these; a new decree is added there and here.
EQUATED_DAYS = frozenset(
    {
        date(2023, 4, 28),
        date(2023, 5, 19),
        date(2024, 5, 10),
        date(2024, 12, 27),
        date(2025, 5, 30),
        date(2026, 1, 2),
        date(2026, 5, 15),
        date(2027, 5, 7),
        date(2028, 4, 28),
        date(2028, 5, 26),
    }
)

# Art. 4 sub a: the law does not govern longer terms. Each unit has its own limit; twelve weeks are covered.
MAX_DAYS = 90
MAX_WEEKS = 12
MAX_MONTHS = 3

_SATURDAY = 5
_SUNDAY = 6
_ONE_DAY = timedelta(days=1)
_MIN_DAYS_ART_2 = 3
_MIN_WORKING_DAYS_ART_2 = 2


@cache
def closing_days(year: int) -> frozenset[date]:
    """Return the feestdagen of `year` (Atw art. 3 lid 1, and Goede Vrijdag of lid 2), from 2014 on.

    Weekends and the equated days of lid 3 are not among them. Before 2014 the day was another than 27 April.
    """
    easter_sunday = easter(year)
    kings_day = date(year, 4, 27)
    if kings_day.weekday() == _SUNDAY:
        kings_day -= _ONE_DAY
    moving = (-2, 1, 39, 50)  # Goede Vrijdag, tweede paasdag, Hemelvaartsdag, tweede pinksterdag
    fixed = ((1, 1), (5, 5), (12, 25), (12, 26))
    return frozenset(
        {
            kings_day,
            *(easter_sunday + timedelta(days=offset) for offset in moving),
            *(date(year, month, day) for month, day in fixed),
        }
    )


def is_closing_day(day: date, equated: Collection[date] = EQUATED_DAYS) -> bool:
    """Tell whether `day` is a Saturday, a Sunday, a feestdag or one of the `equated` days (Atw art. 1 and 3).

    Raises TypeError for a datetime: it equals no date, so a feestdag would be missed in silence.
    """
    if isinstance(day, datetime):
        raise TypeError("A term is counted in dates, not in moments.")
    return day.weekday() >= _SATURDAY or day in closing_days(day.year) or day in equated


def next_working_day(day: date, equated: Collection[date] = EQUATED_DAYS) -> date:
    """Return `day` itself when it is a working day, else the first working day after it."""
    while is_closing_day(day, equated):
        day += _ONE_DAY
    return day


def add_working_days(start: date, n: int, equated: Collection[date] = EQUATED_DAYS) -> date:
    """Return the `n`-th working day after `start`; `start` itself does not count.

    Raises ValueError when `n` is less than one.
    """
    if n < 1:
        raise ValueError("Working days are counted from one.")
    day = start
    for _ in range(n):
        day = next_working_day(day + _ONE_DAY, equated)
    return day


def term_end(
    start: date, *, days: int = 0, weeks: int = 0, months: int = 0, equated: Collection[date] = EQUATED_DAYS
) -> date:
    """Return the last day of a term of `days`, `weeks` or `months` after the event on `start`.

    The day of the event does not count. A month ends on the same day of the month, or on its last day when there is
    no such day (Verordening 1182/71 art. 3 lid 2 onder c). A last day on a Saturday, Sunday or feestdag moves to
    the next working day (Atw art. 1 lid 1); a term of at least three days holds at least two working days (art. 2).
    Terms of more than 90 days, twelve weeks or three months end on their nominal day (art. 4). `equated` are the
    days of art. 3 lid 3. Raises ValueError unless exactly one length is given and positive.
    """
    given = sorted((days, weeks, months))
    if given[:2] != [0, 0] or given[2] == 0:
        raise ValueError("Give a term in days, in weeks or in months, as one positive number.")
    length = days + 7 * weeks
    nominal_end = start + relativedelta(months=months) + timedelta(days=length)
    if days > MAX_DAYS or weeks > MAX_WEEKS or months > MAX_MONTHS:
        return nominal_end
    end = next_working_day(nominal_end, equated)
    if not months and length < _MIN_DAYS_ART_2:
        return end
    return max(end, add_working_days(start, _MIN_WORKING_DAYS_ART_2, equated))
