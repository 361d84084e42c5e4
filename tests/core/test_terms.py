"""Terms come from the dated rules, by the rule of the day that starts them."""

from datetime import date

import pytest
from django.db import IntegrityError

from toegang.core.models import ClosingDay, TermRule
from toegang.core.terms import due_on, equated_days, extended_due_on, rule_on


@pytest.fixture
def rules(db):
    """A term of two weeks that becomes ten days in 2026 and ends with that year."""
    TermRule.objects.create(
        key="proef", law="wmo", weeks=2, source="x", valid_from="2025-01-01", valid_until="2025-12-31"
    )
    TermRule.objects.create(
        key="proef", law="wmo", days=10, source="x", valid_from="2026-01-01", valid_until="2026-12-31"
    )


@pytest.mark.parametrize(
    ("start", "length"),
    [
        (date(2025, 1, 1), (0, 2)),
        (date(2025, 12, 31), (0, 2)),
        (date(2026, 1, 1), (10, 0)),
        (date(2026, 12, 31), (10, 0)),
    ],
)
def test_the_rule_of_the_day(rules, start, length):
    rule = rule_on("proef", start)
    assert (rule.days, rule.weeks) == length


@pytest.mark.parametrize(
    ("key", "day"), [("proef", date(2024, 12, 31)), ("proef", date(2027, 1, 1)), ("niets", date(2026, 1, 1))]
)
def test_without_a_rule_there_is_no_term(rules, key, day):
    with pytest.raises(LookupError):
        rule_on(key, day)


def test_the_newest_of_two_rules_counts(rules):
    TermRule.objects.create(key="proef", law="wmo", days=5, source="x", valid_from="2025-06-01")
    assert rule_on("proef", date(2025, 7, 1)).days == 5


@pytest.mark.parametrize(
    ("start", "due"),
    [
        (date(2025, 3, 3), date(2025, 3, 17)),  # Monday to Monday
        (date(2025, 3, 1), date(2025, 3, 17)),  # ends on a Saturday: the next Monday (Atw art. 1 lid 1)
        (date(2025, 4, 7), date(2025, 4, 22)),  # ends on Tweede Paasdag
        (date(2026, 3, 2), date(2026, 3, 12)),  # ten days by the rule of 2026
    ],
)
def test_the_last_day(rules, start, due):
    assert due_on("proef", start) == due


def test_a_day_that_a_decree_equates_counts_as_a_holiday(rules):
    ClosingDay.objects.create(date="2025-03-17", reason="Proef", source="x")
    assert date(2025, 3, 17) in equated_days()
    assert due_on("proef", date(2025, 3, 3)) == date(2025, 3, 18)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("key", "start", "due"),
    [
        ("wmo_onderzoek", date(2026, 3, 2), date(2026, 4, 13)),  # six weeks (Wmo 2015 art. 2.3.2 lid 1)
        ("wmo_besluit", date(2026, 3, 2), date(2026, 3, 16)),  # two weeks (Wmo 2015 art. 2.3.5 lid 2)
        ("wmo_persoonlijk_plan", date(2026, 3, 2), date(2026, 3, 9)),  # seven days (Wmo 2015 art. 2.3.2 lid 2)
        ("jeugd_besluit", date(2026, 3, 2), date(2026, 4, 28)),  # eight weeks end on Koningsdag (Awb art. 4:13)
        ("bezwaar_indienen", date(2026, 3, 2), date(2026, 4, 13)),  # six weeks from the day after (Awb art. 6:7, 6:8)
        ("avg_verzoek", date(2026, 3, 2), date(2026, 4, 2)),  # one month (AVG art. 12 lid 3)
        ("avg_verzoek", date(2025, 1, 31), date(2025, 2, 28)),  # there is no 31 February
        ("avg_verzoek", date(2027, 1, 31), date(2027, 3, 1)),  # 28 February is a Sunday (Verordening 1182/71 art. 3)
        ("avg_verzoek", date(2028, 1, 31), date(2028, 2, 29)),  # a leap year
        ("avg_verzoek", date(2026, 11, 25), date(2026, 12, 28)),  # Kerstmis and the weekend after it
    ],
)
def test_the_terms_of_the_law(key, start, due):
    assert due_on(key, start) == due


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("start", "due"),
    [
        (date(2026, 3, 2), date(2026, 6, 2)),
        (date(2025, 1, 31), date(2025, 4, 30)),  # from the receipt, not from the shorter month between
        (date(2026, 10, 27), date(2027, 1, 27)),
        (date(2026, 11, 14), date(2027, 2, 15)),  # 14 February is a Sunday
    ],
)
def test_a_term_that_is_made_longer_counts_from_the_receipt(start, due):
    assert extended_due_on("avg_verzoek", "avg_verlenging", start) == due


@pytest.mark.django_db
@pytest.mark.parametrize("lengths", [{}, {"days": 1, "months": 1}, {"weeks": 1, "months": 1}, {"days": 1, "weeks": 1}])
def test_a_rule_has_one_unit(lengths):
    with pytest.raises(IntegrityError):
        TermRule.objects.create(key="proef", law="avg", source="x", valid_from="2025-01-01", **lengths)
