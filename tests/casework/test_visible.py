"""Scope: visible_to is the one definition, and says exactly what the grants and teams say."""

from datetime import timedelta

import pytest

from casework.enums import GrantKind
from casework.models import Case, Grant
from tests.factories import actor_of, make_case, make_gemeente, make_resident, make_staff, make_team
from toegang.accounts.models import Membership, RoleAssignment

AGES = ("2024-01-01", None)
PERIODS = [("2024-01-01", "2024-06-01"), ("2024-06-01", None), ("2020-01-01", "2099-01-01"), ("2098-01-01", None)]


@pytest.fixture
def world():
    """Two gemeenten, three teams, two cases of each team, one of them shielded in the first."""
    noord, zuid = make_gemeente(), make_gemeente("Elders")
    teams = [make_team(noord, "Noord 1"), make_team(noord, "Noord 2"), make_team(zuid, "Zuid")]
    workers = [make_staff(f"werker-{n}", team) for n, team in enumerate(teams)]
    cases = [make_case(actor_of(w), given_names=f"{w}-{n}").case for w in workers for n in range(2)]
    Case.objects.filter(pk=cases[1].pk).update(shielded=True)
    return teams, workers, cases


def visible(user):
    """The cases that the user sees now."""
    return set(Case.objects.visible_to(actor_of(user)))


def give(case, user, kind, validity=AGES):
    """A grant in any period."""
    facts = {"user_kind": user.kind, "reason": "Test", "validity": validity}
    Grant.objects.create(gemeente_id=case.gemeente_id, case=case, user=user, kind=kind, **facts)


@pytest.mark.django_db
def test_the_own_team_and_the_own_grants(world):
    teams, workers, cases = world
    colleague = make_staff("collega", teams[0])
    assert visible(workers[0]) == {cases[0], cases[1]}  # shielded too: the contactpersoon holds a grant
    assert visible(colleague) == {cases[0]}
    give(cases[5], colleague, GrantKind.CONSULT)
    give(cases[4], colleague, GrantKind.CONSULT, PERIODS[0])
    assert visible(colleague) == {cases[0], cases[5]}


@pytest.mark.django_db
def test_who_sees_nothing(world):
    teams, workers, _ = world
    today = actor_of(workers[0]).today
    gone = make_staff("vertrokken", teams[0])
    Membership.objects.filter(user=gone).update(until=today - timedelta(days=1))
    future = make_staff("nieuw", teams[0])
    Membership.objects.filter(user=future).update(since=today + timedelta(days=1))
    unroled = make_staff("zonder-rol", teams[0], roles=())
    manager = make_staff("manager", teams[0], roles=("manager",))
    beheerder = make_staff("beheerder", roles=("beheerder",), gemeente=teams[0].gemeenten.get())
    toetser = make_staff("toetser", roles=("toetser",), gemeente=teams[0].gemeenten.get())
    for user in (None, gone, future, unroled, manager, beheerder, toetser):
        assert visible(user) == set(), user


@pytest.mark.django_db
def test_a_team_of_two_gemeenten_shows_the_cases_of_those_that_somebody_works_for(world):
    teams, _, cases = world
    elsewhere = cases[5].gemeente
    teams[0].gemeenten.add(elsewhere)
    Case.objects.filter(pk=cases[5].pk).update(team=teams[0])
    colleague = make_staff("collega", teams[0], gemeente=cases[0].gemeente)
    both = make_staff("allebei", teams[0], gemeente=cases[0].gemeente)
    RoleAssignment.objects.create(user=both, gemeente=elsewhere, role_id="wijkteamlid", since="2020-01-01")
    assert visible(colleague) == {cases[0]}
    assert visible(both) == {cases[0], cases[5]}


@pytest.mark.django_db
def test_the_last_day_in_a_team_counts(world):
    teams, workers, cases = world
    leaving = make_staff("vertrekt", teams[0])
    Membership.objects.filter(user=leaving).update(until=actor_of(workers[0]).today)
    assert visible(leaving) == {cases[0]}


@pytest.mark.django_db
def test_an_inwoner_sees_the_own_case_only_even_as_a_member_of_a_team(world):
    teams, workers, cases = world
    resident = make_resident(cases[0], actor_of(workers[0]))
    Membership.objects.create(user=resident, team=teams[2], since="2020-01-01")
    RoleAssignment.objects.create(
        user=resident, gemeente=teams[2].gemeenten.get(), role_id="wijkteamlid", since="2020-01-01"
    )
    assert visible(resident) == {cases[0]}


@pytest.mark.django_db
def test_a_filter_keeps_the_scope(world):
    """Search, count and order start from the scope: a hidden case changes none of them."""
    _, workers, cases = world
    mine = Case.objects.visible_to(actor_of(workers[0]))
    assert mine.filter(person__given_names__contains="Werker-1").count() == 0
    assert mine.count() == 2
    assert list(mine.filter(pk__in=[c.pk for c in cases]).order_by("-reference")) == [cases[1], cases[0]]


@pytest.mark.django_db
def test_the_own_open_cases(world):
    _, workers, cases = world
    actor = actor_of(workers[0])
    give(cases[2], workers[0], GrantKind.TWEEDE)
    assert set(Case.objects.in_hand_of(actor)) == {cases[0], cases[1]}
    Case.objects.filter(pk=cases[1].pk).update(status="afgesloten", closed_on="2024-01-01", close_reason="verhuisd")
    assert set(Case.objects.in_hand_of(actor)) == {cases[0]}
    assert set(Case.objects.in_hand_of(actor_of(None))) == set()
