"""Dates in Dutch words."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.utils.timezone import get_current_timezone, localtime

MONTHS = (
    "januari", "februari", "maart", "april", "mei", "juni",
    "juli", "augustus", "september", "oktober", "november", "december",
)  # fmt: skip
DAYS = ("maandag", "dinsdag", "woensdag", "donderdag", "vrijdag", "zaterdag", "zondag")


def long_date(day: date) -> str:
    """Write a day in full: 4 december 2026."""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def weekday_date(day: date) -> str:
    """Write a day in full with its weekday: vrijdag 4 december 2026."""
    return f"{DAYS[day.weekday()]} {long_date(day)}"


def start_of(day: date) -> datetime:
    """The first moment of a day: midnight in our own time zone."""
    return datetime.combine(day, time.min, get_current_timezone())


def end_of(day: date) -> datetime:
    """The moment at which a day is over: the first moment of the next day."""
    return start_of(day + timedelta(days=1))


def last_day_before(moment: datetime) -> date:
    """The last day of a period that is over at a moment: midnight belongs to the day that it ends."""
    return (localtime(moment) - timedelta(microseconds=1)).date()


@dataclass(frozen=True)
class PartialDate:
    """A date of which the day, the month and the day, or everything may be unknown (as in the BRP).

    Raises ValueError for a combination that does not exist, or for a part whose larger part is unknown.
    """

    year: int | None = None
    month: int | None = None
    day: int | None = None

    def __post_init__(self) -> None:
        if (self.month and not self.year) or (self.day and not self.month):
            raise ValueError("Een dag hoort bij een maand, een maand bij een jaar.")
        if self.year:
            date(self.year, self.month or 1, self.day or 1)

    @classmethod
    def from_int(cls, number: int) -> "PartialDate":
        """Read what `as_int` wrote."""
        return cls(number // 10000 or None, number // 100 % 100 or None, number % 100 or None)

    def as_int(self) -> int:
        """Return yyyymmdd, with zeros for what is unknown."""
        return (self.year or 0) * 10000 + (self.month or 0) * 100 + (self.day or 0)

    @staticmethod
    def number_of(day: "PartialDate | None") -> int:
        """As `as_int`, and nothing for no date at all."""
        return day.as_int() if day else 0

    @property
    def is_complete(self) -> bool:
        """Tell whether the day is known."""
        return self.day is not None

    def earliest(self) -> date:
        """Return the first day that it can be."""
        return date(self.year, self.month or 1, self.day or 1) if self.year else date.min

    def __str__(self) -> str:
        if not self.year:
            return "onbekend"
        words = [str(self.day or ""), MONTHS[self.month - 1] if self.month else "", str(self.year)]
        return " ".join(word for word in words if word)
