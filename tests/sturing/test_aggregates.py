"""Counts for managers: exact, by gemeente and month, and small numbers never given away."""

from datetime import date, timedelta
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.enums import CaseStatus
from casework.models import Melding
from casework.notices import TEXTS
from tests import factories as make
from tests.sturing.rows import cases, meldingen, terms
from toegang.accounts.models import RoleAssignment, User
from toegang.sturing import aggregates
from toegang.sturing.aggregates import LEAST_FOR_SHARE, SMALLEST, OnTime, Published, suppress

TODAY = date(2026, 11, 22)


@pytest.fixture
def place(db):
    gemeente = make.make_gemeente()
    return gemeente, make.make_team(gemeente)


def test_the_months_are_the_last_twelve_with_the_running_one():
    months = aggregates.months_until(TODAY)
    assert (len(months), months[0], months[-1]) == (12, date(2025, 12, 1), date(2026, 11, 1))


@pytest.mark.parametrize(
    ("counts", "cells", "total"),
    [
        ([12, 30, 15], (12, 30, 15), 57),
        ([], (), None),
        ([0, 0], (None, None), None),
        ([4, 5], (None, None), None),
        ([9, 9], (None, None), 18),
        ([9, 40, 12], (None, 40, None), 61),  # one hidden count would follow from the total
        ([0, 9, 40, 12], (None, None, 40, None), 61),  # together below ten they would follow as well
        ([6, 6, 40], (None, None, 40), 52),
        ([3, 50], (None, None), 53),
        ([10, 10], (10, 10), 20),
    ],
)
def test_small_counts_are_hidden_and_the_total_does_not_give_them_away(counts, cells, total):
    assert suppress(counts) == Published(cells, total)


@given(st.lists(st.integers(0, 60), max_size=14))
def test_no_small_count_is_shown_and_none_follows_from_what_is_shown(counts):
    shown = suppress(counts)
    hidden = [count for count, cell in zip(counts, shown.cells, strict=True) if cell is None]
    assert all(cell is None or cell == count >= SMALLEST for cell, count in zip(shown.cells, counts, strict=True))
    assert shown.total is None or shown.total == sum(counts) >= SMALLEST
    if hidden and shown.total is not None:
        assert len(hidden) >= 2
        assert sum(hidden) >= SMALLEST
    assert all(count >= SMALLEST for count in counts) == (not hidden)


def test_flow_counts_meldingen_and_closed_cases_per_month(place):
    gemeente, team = place
    running = cases(gemeente, team, 12)
    meldingen(running, date(2026, 11, 22))
    meldingen(running, date(2025, 12, 1))
    meldingen(running, date(2025, 11, 30))  # before the twelve months
    meldingen(running[:9], date(2026, 6, 15))  # too few to show
    cases(gemeente, team, 15, status=CaseStatus.AFGESLOTEN, closed_on=date(2026, 3, 31))
    flow = aggregates.flow([gemeente.pk], TODAY)
    # The nine of June would follow from the total, so a month of twelve is hidden beside it.
    assert flow.inflow == Published((*(None,) * 11, 12), 33)
    assert flow.outflow == Published((None,) * 12, 15)


def test_one_month_with_figures_among_hidden_ones_keeps_its_total_safe(place):
    """Fifteen in one month and nothing else: the total alone, since month and total would tell the rest is nought."""
    gemeente, team = place
    cases(gemeente, team, 15, status=CaseStatus.AFGESLOTEN, closed_on=date(2026, 3, 31))
    outflow = aggregates.flow([gemeente.pk], TODAY).outflow
    assert outflow == Published((None,) * 12, 15)


def test_a_linked_melding_is_counted_once(place):
    gemeente, team = place
    found = meldingen(cases(gemeente, team, 12), date(2026, 5, 5))
    again = meldingen([m.case for m in found], date(2026, 5, 5))
    for first, second in zip(found, again, strict=True):
        Melding.objects.filter(pk=second.pk).update(linked_to=first)
    assert aggregates.flow([gemeente.pk], TODAY).inflow.total == 12


def test_open_cases_are_counted_per_step_and_closed_ones_not(place):
    gemeente, team = place
    cases(gemeente, team, 11, status=CaseStatus.MELDING)
    cases(gemeente, team, 20, status=CaseStatus.UITVOERING)
    cases(gemeente, team, 5, status=CaseStatus.PLAN)
    cases(gemeente, team, 6, status=CaseStatus.BESLUIT)
    cases(gemeente, team, 30, status=CaseStatus.AFGESLOTEN, closed_on=TODAY)
    steps = aggregates.open_per_step([gemeente.pk])
    assert steps.names == tuple(TEXTS[s].manager for s in CaseStatus if s != CaseStatus.AFGESLOTEN)
    assert steps.counts == Published((11, None, None, None, None, None, 20, None), 42)


@pytest.mark.parametrize(
    ("on_time", "late", "open_late", "share"),
    [
        (15, 3, 2, OnTime(75, 20)),
        (15, 3, 1, OnTime(None, None)),
        (20, 0, 0, OnTime(100, 20)),
        (0, 0, 0, OnTime(None, None)),
    ],
)
def test_the_share_on_time_counts_what_is_late_and_asks_twenty(place, on_time, late, open_late, share):
    gemeente, team = place
    found = meldingen(cases(gemeente, team, 30), date(2026, 4, 1))
    due = date(2026, 5, 13)
    assert LEAST_FOR_SHARE == 20
    terms(found[:on_time], due, due)
    terms(found[on_time : on_time + late], due, due + timedelta(days=1))
    terms(found[on_time + late : on_time + late + open_late], due, None)
    terms(found[29:], TODAY, None)  # ends today, so it can still be met
    terms(found[28:29], date(2025, 11, 30), None)  # before the twelve months
    assert aggregates.onderzoek_on_time([gemeente.pk], TODAY) == share


def test_another_gemeente_is_not_counted(place):
    gemeente, team = place
    other = make.make_gemeente("Anderdam")
    meldingen(cases(other, make.make_team(other), 40), TODAY)
    meldingen(cases(gemeente, team, 11), TODAY)
    flow, steps = aggregates.flow([gemeente.pk], TODAY), aggregates.open_per_step([gemeente.pk])
    assert (flow.inflow.total, steps.counts.total) == (11, 11)


def test_only_the_role_of_manager_gives_figures_of_a_gemeente(place):
    gemeente, _ = place
    other, former = make.make_gemeente("Anderdam"), make.make_gemeente("Verledenstad")
    user = make.make_staff("mira", make.make_team(other), roles=("wijkteamlid",))
    RoleAssignment.objects.create(user=user, gemeente=gemeente, role_id="manager", since=make.LONG_AGO)
    ended = {"since": make.LONG_AGO, "until": make.LONG_AGO + timedelta(days=30)}
    RoleAssignment.objects.create(user=user, gemeente=former, role_id="manager", **ended)
    assert aggregates.gemeenten_of(make.actor_of(user)) == {gemeente.pk: "Voorbeeldstad"}
    assert User.objects.count() == 1


def test_the_rule_holds_for_every_pair_of_small_numbers():
    for one, other in product(range(25), repeat=2):
        shown = suppress([one, other, 100])
        assert (None in shown.cells) == (min(one, other) < SMALLEST)
        assert shown.total == one + other + 100
