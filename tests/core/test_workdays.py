"""The Algemene termijnenwet: named cases, every day of thirty-one years against an oracle, and properties."""

import tomllib
from bisect import bisect_left, bisect_right
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.core.data_closing_days import CLOSING_DAYS
from toegang.core.workdays import (
    EQUATED_DAYS,
    add_working_days,
    closing_days,
    is_closing_day,
    next_working_day,
    term_end,
)

DECREES = Path(__file__).parents[2] / "reference" / "closing_days.toml"


def decreed_days():
    rows = tomllib.loads(DECREES.read_text(encoding="utf-8"))["closing_day"]
    assert all(row["reason"] and row["source"] for row in rows)
    return [row["date"] for row in rows]


def test_shipped_days_are_those_of_the_decrees_in_reference():
    days = decreed_days()
    assert len(days) == len(set(days)) == 10
    assert frozenset(days) == EQUATED_DAYS


@pytest.mark.parametrize("year", CLOSING_DAYS)
def test_closing_days_are_the_literal_days_of_the_law(year):
    assert closing_days(year) == CLOSING_DAYS[year]


VECTORS = {
    "1 bezwaar, Christmas": ((2026, 11, 13), {"days": 42}, (2026, 12, 28)),
    "2 bezwaar, Koningsdag": ((2027, 3, 16), {"days": 42}, (2027, 4, 28)),
    "3 Wmo aanvraag, Easter": ((2027, 3, 12), {"days": 14}, (2027, 3, 30)),
    "4 bezwaar, 5 mei, Hemelvaartsdag and decree": ((2027, 3, 24), {"days": 42}, (2027, 5, 10)),
    "5 Wmo onderzoek, leap day": ((2028, 1, 18), {"days": 42}, (2028, 2, 29)),
    "5 the same in a common year": ((2027, 1, 18), {"days": 42}, (2027, 3, 1)),
    "6 leap day on Sunday": ((2032, 1, 18), {"days": 42}, (2032, 3, 1)),
    "7 Jeugd eight weeks, New Year": ((2026, 11, 6), {"days": 56}, (2027, 1, 4)),
    "8 Wmo onderzoek, Whit Monday": ((2027, 4, 5), {"days": 42}, (2027, 5, 18)),
    "9 art. 2, two working days": ((2026, 12, 24), {"days": 3}, (2026, 12, 29)),
    "10 art. 4, thirteen weeks": ((2026, 9, 25), {"weeks": 13}, (2026, 12, 25)),
    "11 art. 4, 85 days": ((2026, 10, 1), {"days": 85}, (2026, 12, 28)),
}


@pytest.mark.parametrize(("start", "term", "end"), VECTORS.values(), ids=VECTORS)
def test_vectors_of_the_domain(start, term, end):
    assert term_end(date(*start), **term) == date(*end)


def test_art_1_friday_to_sunday_moves_to_monday():
    assert term_end(date(2026, 9, 11), days=7) == date(2026, 9, 18)  # Friday, a working day
    assert term_end(date(2026, 9, 12), days=7) == date(2026, 9, 21)
    assert term_end(date(2026, 9, 13), days=7) == date(2026, 9, 21)


def test_art_2_extends_three_days_but_not_two():
    # Thursday 24 December 2026: two feestdagen and a Sunday follow.
    start = date(2026, 12, 24)
    assert term_end(start, days=3) == date(2026, 12, 29)
    assert term_end(start, days=2) == date(2026, 12, 28)
    assert term_end(start, days=1) == date(2026, 12, 28)


def test_art_2_leaves_a_term_with_two_working_days_alone():
    assert term_end(date(2026, 9, 9), days=3) == date(2026, 9, 14)  # Thursday, Friday, then the weekend
    assert term_end(date(2026, 9, 8), days=3) == date(2026, 9, 11)


def test_art_2_counts_equated_days_as_closed():
    # Thursday 6 May 2027 is Hemelvaartsdag, Friday 7 May is equated to it.
    start = date(2027, 5, 4)
    assert term_end(start, days=3) == date(2027, 5, 11)
    assert term_end(start, days=3, equated=()) == date(2027, 5, 10)


def test_art_4_days_end_at_ninety():
    christmas = date(2026, 12, 25)
    assert term_end(christmas - timedelta(days=85), days=85) == date(2026, 12, 28)
    assert term_end(christmas - timedelta(days=90), days=90) == date(2026, 12, 28)
    assert term_end(christmas - timedelta(days=91), days=91) == christmas


def test_art_4_weeks_end_at_twelve():
    christmas = date(2026, 12, 25)
    assert term_end(christmas - timedelta(weeks=12), weeks=12) == date(2026, 12, 28)
    assert term_end(christmas - timedelta(weeks=13), weeks=13) == christmas


def test_art_4_months_end_at_three():
    assert term_end(date(2026, 9, 25), months=3) == date(2026, 12, 28)
    assert term_end(date(2026, 8, 25), months=4) == date(2026, 12, 25)


def test_a_month_without_such_a_day_ends_on_its_last_day():
    assert term_end(date(2025, 1, 31), months=1) == date(2025, 2, 28)
    assert term_end(date(2025, 3, 31), months=1) == date(2025, 4, 30)
    assert term_end(date(2025, 4, 30), months=1) == date(2025, 6, 2)  # 30 May 2025 is equated, then a weekend


def test_equated_days_come_from_the_caller():
    start = date(2026, 9, 1)
    assert term_end(start, days=14) == date(2026, 9, 15)
    assert term_end(start, days=14, equated=[date(2026, 9, 15)]) == date(2026, 9, 16)
    assert term_end(date(2025, 12, 19), days=14) == date(2026, 1, 5)
    assert term_end(date(2025, 12, 19), days=14, equated=()) == date(2026, 1, 2)


@pytest.mark.parametrize(
    "term",
    [
        {},
        {"days": 0},
        {"days": -1},
        {"weeks": -6},
        {"days": 7, "weeks": 1},
        {"days": 7, "weeks": -1},
        {"days": -7, "weeks": 2},
        {"months": 1, "weeks": 2},
        {"months": -1},
    ],
)
def test_a_term_is_one_positive_number(term):
    with pytest.raises(ValueError, match="one positive number"):
        term_end(date(2026, 9, 1), **term)


def test_a_moment_is_refused():
    with pytest.raises(TypeError, match="in dates"):
        term_end(datetime(2026, 9, 1, 12, 0), days=7)


def test_working_day_helpers():
    good_friday = date(2027, 3, 26)
    assert is_closing_day(good_friday)
    assert not is_closing_day(good_friday - timedelta(days=1))
    assert is_closing_day(date(2027, 5, 7))
    assert not is_closing_day(date(2027, 5, 7), ())
    assert next_working_day(date(2027, 3, 25)) == date(2027, 3, 25)
    assert next_working_day(good_friday) == date(2027, 3, 30)
    assert add_working_days(date(2027, 3, 24), 3) == date(2027, 3, 31)
    assert add_working_days(date(2027, 5, 5), 1, ()) == date(2027, 5, 7)
    with pytest.raises(ValueError, match="from one"):
        add_working_days(good_friday, 0)


# The oracle lists all open days once and looks up positions: another table and another method than the code.
DECREED = frozenset(decreed_days())
OPEN_DAYS = [
    day
    for day in (date(2020, 1, 1) + timedelta(days=n) for n in range(366 * 32 - 24))
    if day.isoweekday() < 6 and day not in CLOSING_DAYS[day.year] and day not in DECREED
]


def oracle(start, length, covered):
    nominal = start + timedelta(days=length)
    if not covered:
        return nominal
    first_open = OPEN_DAYS[bisect_left(OPEN_DAYS, nominal)]
    second_of_term = OPEN_DAYS[bisect_right(OPEN_DAYS, start) + 1]
    return max(first_open, second_of_term) if length >= 3 else first_open


@pytest.mark.parametrize(
    ("term", "length", "covered"),
    [
        ({"days": 2}, 2, True),
        ({"days": 3}, 3, True),
        ({"days": 7}, 7, True),
        ({"days": 14}, 14, True),
        ({"days": 42}, 42, True),
        ({"days": 56}, 56, True),
        ({"days": 90}, 90, True),
        ({"days": 91}, 91, False),
        ({"weeks": 6}, 42, True),
        ({"weeks": 12}, 84, True),
        ({"weeks": 13}, 91, False),
    ],
    ids=str,
)
def test_every_day_of_2020_to_2050_equals_the_oracle(term, length, covered):
    starts = [date(2020, 1, 1) + timedelta(days=n) for n in range((date(2051, 1, 1) - date(2020, 1, 1)).days)]
    assert len(starts) == 11323
    wrong = [start for start in starts if term_end(start, **term) != oracle(start, length, covered)]
    assert wrong == []


starts = st.dates(min_value=date(2014, 1, 1), max_value=date(2090, 12, 31))


def terms(*, days, weeks):
    return st.one_of(
        st.fixed_dictionaries({"days": st.integers(*days)}),
        st.fixed_dictionaries({"weeks": st.integers(*weeks)}),
    )


covered_terms = terms(days=(1, 90), weeks=(1, 12))
long_terms = terms(days=(91, 800), weeks=(13, 120))


@given(starts, covered_terms)
def test_a_covered_term_is_never_short_and_never_ends_on_a_closing_day(start, term):
    end = term_end(start, **term)
    assert end >= start + timedelta(**term)
    assert not is_closing_day(end)


@given(starts, starts, covered_terms)
def test_a_later_event_never_ends_a_term_earlier(one, other, term):
    earlier, later = sorted((one, other))
    assert term_end(earlier, **term) <= term_end(later, **term)


@given(starts, long_terms)
def test_a_long_term_ends_on_its_nominal_day(start, term):
    assert term_end(start, **term) == start + timedelta(**term)
