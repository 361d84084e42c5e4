"""Absence: cases are covered by the rule of the team from the first day, and the cover ends by itself."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from casework.models import Case, Grant
from casework.selectors import worklist_of
from casework.services import cover, sharing
from casework.services.handover import hand_over_case
from tests.factories import (
    actor_of,
    age_grants,
    make_case,
    make_gemeente,
    make_staff,
    make_team,
    run_outbox,
)
from toegang.accounts.models import Absence, AbsenceReason, Team
from toegang.clock.tasks import tick
from toegang.core.dates import end_of
from toegang.core.lifecycle import Blocked
from toegang.core.models import OutboxRow

pytestmark = pytest.mark.django_db


@pytest.fixture
def house():
    """A case with its contactpersoon, a colleague and a teamleider."""
    team = make_team(make_gemeente())
    anna, bram = make_staff("anna", team), make_staff("bram", team)
    leader = make_staff("tess", team, roles=("teamleider",))
    return make_case(actor_of(anna)).case, anna, bram, leader


def away(user, cover_by=None, by=None, start=0, days=5):
    today = actor_of(user).today
    since = today + timedelta(days=start)
    return cover.register_absence(
        user=user,
        since=since,
        until=since + timedelta(days=days),
        reason=AbsenceReason.VERLOF,
        cover=cover_by,
        actor=actor_of(by or user),
    )


def covers(case):
    rows = Grant.objects.valid_now().filter(case=case, kind="vervanger").order_by("user__username")
    return [row.user.username for row in rows]


def test_the_colleague_who_was_named_covers_until_the_end_of_the_last_day(house):
    case, anna, bram, _ = house
    absence = away(anna, bram)
    run_outbox()
    grant = Grant.objects.get(kind="vervanger")
    assert (grant.user, grant.absence, grant.case) == (bram, absence, case)
    assert grant.validity.upper == end_of(absence.until)
    assert bram.has_perm("casework.handle_case", case)
    assert case.contactpersoon() == anna
    assert [(row.case, row.covers) for row in worklist_of(actor_of(bram))] == [(case, True)]
    assert [(row.case, row.covers) for row in worklist_of(actor_of(anna))] == [(case, False)]


def test_the_rule_of_the_team_may_say_the_teamleiders(house):
    case, anna, _, _ = house
    Team.objects.filter(pk=case.team_id).update(cover="teamleiders")
    away(anna)
    run_outbox()
    assert covers(case) == ["tess"]


def test_who_was_named_but_is_absent_too_gives_way_to_the_teamleiders(house):
    case, anna, bram, leader = house
    away(bram, leader)
    away(anna, bram)
    run_outbox()
    assert covers(case) == ["tess"]


def test_a_coming_absence_is_begun_by_the_clock_on_its_first_day(house):
    case, anna, bram, _ = house
    absence = away(anna, bram, start=3)
    run_outbox()
    tick()
    run_outbox()
    assert covers(case) == []
    Absence.objects.filter(pk=absence.pk).update(since=actor_of(anna).today)
    for _ in range(2):
        tick()
        run_outbox()
    assert covers(case) == ["bram"]
    assert OutboxRow.objects.filter(kind="settle_absence").count() == 1


def test_a_case_that_comes_during_the_absence_is_covered_too(house):
    _, anna, bram, leader = house
    away(anna, bram)
    run_outbox()
    new = make_case(actor_of(leader), given_names="Piet", become_contactpersoon=False).case
    hand_over_case(case_id=new.pk, user=anna, seen=None, reason="Kent hem", actor=actor_of(leader))
    run_outbox()
    assert covers(new) == ["bram"]


def test_ending_early_ends_the_cover_and_nothing_else(house):
    case, anna, bram, _ = house
    absence = away(anna, bram)
    run_outbox()
    other = make_case(actor_of(bram), given_names="Piet").case
    age_grants(case)
    for _ in range(2):
        cover.end_absence(absence_id=absence.pk, actor=actor_of(anna))
        run_outbox()
    assert covers(case) == []
    assert (case.contactpersoon(), other.contactpersoon()) == (anna, bram)
    assert away(anna, bram).pk != absence.pk  # the days are free again


def test_cover_that_belongs_to_an_absence_is_not_ended_by_hand(house):
    case, anna, bram, _ = house
    away(anna, bram)
    run_outbox()
    grant = Grant.objects.get(kind="vervanger")
    with pytest.raises(Blocked):
        sharing.end_access(case_id=case.pk, grant_id=grant.pk, reason="x", actor=actor_of(anna))
    assert covers(case) == ["bram"]


def test_a_hand_over_ends_the_cover_of_who_was_absent(house):
    case, anna, bram, leader = house
    away(anna, bram)
    run_outbox()
    age_grants(case)
    cato = make_staff("cato", case.team)
    hand_over_case(case_id=case.pk, user=cato, seen=anna.pk, reason="Lang weg", actor=actor_of(leader))
    run_outbox()
    assert (case.contactpersoon(), covers(case)) == (cato, [])


def test_a_shielded_case_is_covered_only_by_whom_its_contactpersoon_named(house):
    case, anna, bram, leader = house
    Case.objects.filter(pk=case.pk).update(shielded=True)
    by_leader = away(anna, bram, by=leader)
    run_outbox()
    assert covers(case) == []
    cover.end_absence(absence_id=by_leader.pk, actor=actor_of(leader))
    away(anna, bram)
    run_outbox()
    assert covers(case) == ["bram"]


def test_who_may_register_for_whom(house):
    _, anna, bram, leader = house
    elsewhere = make_staff("els", make_team(make_gemeente("Elders")), roles=("teamleider",))
    for by in (bram, elsewhere):
        with pytest.raises(PermissionDenied):
            away(anna, bram, by=by)
    absence = away(anna, bram, by=leader)
    with pytest.raises(PermissionDenied):
        cover.end_absence(absence_id=absence.pk, actor=actor_of(bram))
    assert absence.registered_by == leader


def test_what_cannot_be_registered(house):
    _, anna, bram, _ = house
    with pytest.raises(Blocked, match="Kies wie de zaken overneemt"):
        away(anna)
    for who in (anna, make_staff("els", make_team(make_gemeente("Elders")))):
        with pytest.raises(Blocked, match="werkt niet in een team"):
            away(anna, who)
    with pytest.raises(Blocked, match="op zijn vroegst vandaag"):
        away(anna, bram, start=-1)
    with pytest.raises(Blocked, match="voor de eerste dag"):
        away(anna, bram, days=-1)
    first = away(anna, bram)
    assert away(anna, bram) == first
    with pytest.raises(Blocked, match="is al afwezig"):
        away(anna, bram, start=2)
    facts = {"user": anna, "registered_by": anna, "reason": "verlof", "since": first.until, "until": first.until}
    with pytest.raises(IntegrityError, match="one_absence_at_a_time"), transaction.atomic():
        Absence.objects.create(**facts)
