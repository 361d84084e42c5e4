"""Noodtoegang: within the own gemeenten, counted, told, ended by the clock, judged by another, shown later."""

import re
import threading
from datetime import timedelta

import pytest
from django.core import mail
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.db.models import F
from django.test.utils import CaptureQueriesContext

from casework.models import AccessRules, Case, EmergencyAccess, Grant, Reason
from casework.permissions import may_handle, may_view_safety
from casework.selectors import emergencies_for_resident, emergencies_to_review, timeline_of
from casework.services import emergency
from casework.services.emergency import UsedUp, change_access_rules, end_emergency_access, judge_emergency
from tests.core.test_numbers import at_once
from tests.factories import (
    LONG_AGO,
    actor_of,
    age_grants,
    make_case,
    make_gemeente,
    make_resident,
    make_staff,
    make_team,
    run_outbox,
)
from toegang.accounts.models import RoleAssignment, User
from toegang.core.dates import start_of
from toegang.core.lifecycle import Blocked
from toegang.core.models import LogRow, OutboxRow
from toegang.core.records import Stale
from toegang.core.terms import equated_days
from toegang.core.workdays import add_working_days

WHY = "De buren hoorden geschreeuw en de politie belt."
PAST = ("2024-01-01", "2024-01-01 01:00")


@pytest.fixture
def house():
    """A case of Els' team in the north; Bram works in another team there, Mo in another gemeente."""
    noord, elders = make_gemeente(), make_gemeente("Elders")
    teams = make_team(noord), make_team(noord, "Wijkteam Zuid"), make_team(elders, "Wijkteam Elders")
    els, bram, mo = (make_staff(name, team) for name, team in zip(("els", "bram", "mo"), teams, strict=True))
    return make_case(actor_of(els)).case, els, bram, mo


def staff_with_mail(name, *args, **facts):
    user = make_staff(name, *args, **facts)
    User.objects.filter(pk=user.pk).update(email=f"{name}@voorbeeld.example")
    return user


def take(case, user, **other):
    """Noodtoegang of a user to a case, with the first category."""
    category = Reason.objects.filter(kind="noodtoegang").order_by("pk")[0]
    facts = {"gemeente_id": case.gemeente_id, "reference": case.reference, "category": category, "reason": WHY}
    return emergency.take_emergency_access(actor=actor_of(user), **facts | other)


def age(access):
    """Move noodtoegang an hour back, with its grant: in a test of one transaction now() stands still."""
    age_grants(access.case)
    hour = timedelta(hours=1)
    times = {"begun_at": access.begun_at - hour, "ends_at": access.ends_at - hour + timedelta(minutes=30)}
    EmergencyAccess.objects.filter(pk=access.pk).update(**times)
    until = access.ends_at + timedelta(minutes=30)
    Grant.objects.filter(pk=access.grant_id).update(validity=(access.begun_at - hour, until))


def shapes(queries):
    """Each query up to its values; savepoints and cursors bear a number."""
    told = [query["sql"].partition("WHERE")[0][:300] for query in queries if "SAVEPOINT" not in query["sql"]]
    return [re.sub(r"_sync_[0-9]+|VALUES.*", "", sql) for sql in told]


@pytest.mark.django_db
def test_it_opens_one_case_to_read_for_the_minutes_of_the_gemeente(house):
    case, els, bram, _ = house
    other = make_case(actor_of(els), given_names="Piet").case
    assert take(case, bram) == case
    actor = actor_of(User.objects.get(pk=bram.pk))
    assert set(Case.objects.visible_to(actor)) == {case} != {case, other}
    assert not may_handle(case, actor) and not may_view_safety(case, actor)
    access = EmergencyAccess.objects.get()
    grant = Grant.objects.get(user=bram)
    assert (access.grant, access.user, access.team_id, access.reference) == (grant, bram, case.team_id, case.reference)
    assert (grant.kind, grant.validity.upper - grant.validity.lower) == ("noodtoegang", timedelta(minutes=60))
    assert (access.begun_at, access.ends_at) == (grant.validity.lower, grant.validity.upper)
    assert (access.category, access.reason) == ("Er is acuut gevaar voor iemand", WHY)
    assert access.shown_from == actor.today + timedelta(days=14)
    assert access.review_by == add_working_days(actor.today, 5, equated_days())
    row = LogRow.objects.get(action="emergency")
    assert (row.case_id, row.object_type, row.object_id, row.detail) == (case.pk, "grant", str(grant.pk), WHY)
    assert "Toegang gegeven: Bram, noodtoegang" in [entry.title for entry in timeline_of(case)]


@pytest.mark.django_db
def test_after_its_end_the_case_is_gone(house):
    case, _, bram, _ = house
    take(case, bram)
    assert Case.objects.visible_to(actor_of(bram)).filter(pk=case.pk).exists()
    Grant.objects.filter(user=bram).update(validity=PAST)
    assert not Case.objects.visible_to(actor_of(bram)).filter(pk=case.pk).exists()


@pytest.mark.django_db
def test_it_opens_a_shielded_case_of_the_own_team_too(house):
    case, *_ = house
    Case.objects.update(shielded=True)
    colleague = make_staff("collega", case.team)
    assert not Case.objects.visible_to(actor_of(colleague)).exists()
    assert take(case, colleague) == case
    assert Case.objects.visible_to(actor_of(colleague)).get() == case


@pytest.mark.django_db
def test_a_visible_case_is_just_given(house):
    case, els, _, _ = house
    AccessRules.objects.update(a_day=1)
    colleague = make_staff("collega", case.team)
    assert [take(case, user) for user in (els, colleague, colleague)] == [case] * 3
    assert not EmergencyAccess.objects.exists() and not Grant.objects.filter(kind="noodtoegang").exists()


@pytest.mark.django_db
def test_unknown_foreign_and_closed_long_ago_take_the_same_queries(house):
    case, els, bram, mo = house
    foreign = make_case(actor_of(mo), given_names="Verweg").case
    old, recent = (make_case(actor_of(els), given_names=name).case for name in ("Oud", "Kortgeleden"))
    today = actor_of(els).today
    closed = {"status": "afgesloten", "close_reason": "x"}
    Case.objects.filter(pk=old.pk).update(closed_on=today - timedelta(days=366), **closed)
    Case.objects.filter(pk=recent.pk).update(closed_on=today - timedelta(days=365), **closed)
    Case.objects.filter(pk=foreign.pk).update(reference="ZD-2026-99999")  # known there only
    asked = []
    for facts in (
        {"reference": "ZD-2026-88888"},
        {"reference": "ZD-2026-99999"},
        {"reference": old.reference},
        {"reference": "ZD-2026-99999", "gemeente_id": foreign.gemeente_id},
    ):
        with CaptureQueriesContext(connection) as queries:
            assert take(case, bram, **facts) is None
        asked.append(shapes(queries))
    assert len(asked[0]) > 5 and asked == [asked[0]] * 4
    assert not EmergencyAccess.objects.exists()
    assert take(recent, bram) == recent


@pytest.mark.django_db
@pytest.mark.parametrize("leave", ["role", "team", "served"])
def test_a_gemeente_counts_only_with_a_team_that_serves_it_and_a_role_there(house, leave):
    _case, _els, bram, mo = house
    foreign = make_case(actor_of(mo), given_names="Verweg").case
    team = bram.memberships.get().team
    team.gemeenten.add(foreign.gemeente)
    role = RoleAssignment.objects.create(user=bram, gemeente=foreign.gemeente, role_id="wijkteamlid", since=LONG_AGO)
    if leave == "role":
        RoleAssignment.objects.filter(pk=role.pk).update(role_id="toetser")
    elif leave == "team":
        bram.memberships.update(until="2024-01-01")
    else:
        team.gemeenten.remove(foreign.gemeente)
    assert take(foreign, bram) is None
    if leave == "role":
        RoleAssignment.objects.filter(pk=role.pk).update(role_id="wijkteamlid")
        assert take(foreign, bram) == foreign


@pytest.mark.django_db
def test_above_the_number_of_the_day_it_is_refused_whatever_is_asked(house):
    case, els, bram, _ = house
    cases = [make_case(actor_of(els), given_names=f"N{n}").case for n in range(4)]
    assert [take(each, bram) for each in cases[:3]] == cases[:3]
    for reference in (cases[3].reference, "ZD-2026-88888"):
        with pytest.raises(UsedUp, match="op één dag 3 keer noodtoegang krijgen"):
            take(case, bram, reference=reference)
    assert take(cases[0], bram) == cases[0]  # still open
    first = EmergencyAccess.objects.filter(case=cases[0])
    first.update(begun_at=F("begun_at") - timedelta(days=1))
    assert take(cases[3], bram) == cases[3]
    assert EmergencyAccess.objects.count() == 4


@pytest.mark.django_db
def test_the_day_of_the_number_begins_at_our_own_midnight(house):
    """Not at that of the database: in the first hours of a day the number would not count."""
    case, els, bram, _ = house
    AccessRules.objects.update(a_day=1)
    take(make_case(actor_of(els), given_names="Piet").case, bram)
    EmergencyAccess.objects.update(begun_at=start_of(actor_of(bram).today))
    with pytest.raises(UsedUp):
        take(case, bram)
    EmergencyAccess.objects.update(begun_at=F("begun_at") - timedelta(seconds=1))
    assert take(case, bram) == case


@pytest.mark.django_db(transaction=True)
def test_of_twenty_requests_at_once_no_more_pass_than_may(house):
    _case, els, bram, _ = house
    cases = [make_case(actor_of(els), given_names=f"N{n}").case for n in range(20)]
    passed, refused = [], []

    def ask(number):
        try:
            passed.append(take(cases[number], bram))
        except UsedUp:
            refused.append(number)

    at_once(20, ask)
    assert (len(passed), len(refused), EmergencyAccess.objects.count()) == (3, 17, 3)


@pytest.mark.django_db(transaction=True)
def test_counting_without_the_lock_lets_too_many_pass(house):
    """Negative control: two count before either takes, which nothing but the lock prevents."""
    case, els, bram, _ = house
    cases = [case, make_case(actor_of(els), given_names="Piet").case]
    AccessRules.objects.update(a_day=1)
    both_counted = threading.Barrier(2)

    def ask(number):
        with transaction.atomic():
            assert EmergencyAccess.objects.filter(user=bram).count() < 1
            both_counted.wait()
            emergency._open(cases[number], AccessRules.objects.get(), "Acuut", WHY, actor_of(bram))

    at_once(2, ask)
    assert EmergencyAccess.objects.count() == 2


@pytest.mark.django_db
def test_who_watches_gets_a_mail_without_names(house):
    case, _, bram, _ = house
    lies = staff_with_mail("lies", case.team, roles=("teamleider",))
    fay = staff_with_mail("fay", roles=("privacy",), gemeente=case.gemeente)
    staff_with_mail("andere-leider", bram.memberships.get().team, roles=("teamleider",))
    staff_with_mail("andere-fg", roles=("privacy",), gemeente=make_gemeente("Ver weg"))
    staff_with_mail("wijkteamlid", case.team)
    make_staff("zonder-adres", roles=("privacy",), gemeente=case.gemeente)
    gone = staff_with_mail("weg", roles=("privacy",), gemeente=case.gemeente)
    take(case, bram)
    rows = OutboxRow.objects.filter(kind="tell_emergency")
    assert {row.payload["user_id"] for row in rows} == {lies.pk, fay.pk, gone.pk}
    assert all(set(row.payload) == {"user_id"} for row in rows)
    User.objects.filter(pk=gone.pk).update(is_active=False)
    mail.outbox.clear()
    run_outbox()
    told = [letter for letter in mail.outbox if letter.subject == "Noodtoegang gebruikt in Toegang"]
    assert sorted(address for letter in told for address in letter.to) == [
        "fay@voorbeeld.example",
        "lies@voorbeeld.example",
    ]
    for secret in (case.reference, "Fatima", "Yıldız", "Bram", "geschreeuw"):
        assert [letter for letter in told if secret in letter.body + letter.subject + str(letter.extra_headers)] == []


@pytest.mark.django_db
def test_without_mail_nothing_is_put_and_it_stands_on_the_list(house, settings):
    settings.SENDS_MAIL = False
    case, _, bram, _ = house
    lies = staff_with_mail("lies", case.team, roles=("teamleider",))
    take(case, bram)
    assert not OutboxRow.objects.filter(kind="tell_emergency").exists()
    assert [row.user for row in emergencies_to_review(actor_of(lies))] == [bram]


@pytest.mark.django_db
def test_a_teamleider_is_not_told_of_the_own_act(house):
    case, _els, _, _ = house
    Case.objects.update(shielded=True)
    lies = staff_with_mail("lies", case.team, roles=("teamleider",))
    fay = staff_with_mail("fay", roles=("privacy",), gemeente=case.gemeente)
    take(case, lies)
    assert [row.payload["user_id"] for row in OutboxRow.objects.filter(kind="tell_emergency")] == [fay.pk]


@pytest.mark.django_db
def test_it_can_be_ended_before_its_time(house):
    case, els, bram, _ = house
    take(case, bram)
    access = EmergencyAccess.objects.get()
    age(access)
    end_emergency_access(case_id=case.pk, actor=actor_of(els))  # not theirs to end
    assert Case.objects.visible_to(actor_of(bram)).exists()
    end_emergency_access(case_id=case.pk, actor=actor_of(bram))
    end_emergency_access(case_id=case.pk, actor=actor_of(bram))
    assert not Case.objects.visible_to(actor_of(bram)).exists()
    access.refresh_from_db()
    assert access.ends_at == access.grant.validity.upper < access.begun_at + timedelta(minutes=90)
    assert next(row.history_change_reason for row in access.history.all()) == "Zelf beëindigd"


@pytest.mark.django_db
def test_the_list_is_of_the_own_gemeente_or_team_and_never_the_own_act(house):
    case, els, bram, mo = house
    zuid = bram.memberships.get().team
    lies = make_staff("lies", case.team, roles=("teamleider",))
    zoe = make_staff("zoe", zuid, roles=("teamleider",))
    fay = make_staff("fay", zuid, roles=("wijkteamlid", "privacy"))
    faraway = make_staff("ver", roles=("privacy",), gemeente=mo.memberships.get().team.gemeenten.get())
    take(case, bram)
    take(make_case(actor_of(bram), given_names="Piet").case, lies)
    take(case, fay)
    people = {
        user: [row.user for row in emergencies_to_review(actor_of(user))] for user in (lies, zoe, fay, faraway, els)
    }
    assert {user: set(rows) for user, rows in people.items()} == {
        lies: {bram, fay},
        zoe: {lies},
        fay: {bram, lies},
        faraway: set(),
        els: set(),
    }


@pytest.mark.django_db
def test_the_list_counts_what_was_opened_during_it(house):
    case, els, bram, _ = house
    lies = make_staff("lies", case.team, roles=("teamleider",))
    take(case, bram)
    access = EmergencyAccess.objects.get()
    facts = {"case_id": case.pk, "user_id": bram.pk, "actor_kind": "medewerker", "purpose": "werkplek"}
    for action, other in (
        ("look", {}),
        ("download", {}),
        ("write", {}),
        ("look", {"user_id": els.pk}),
        ("look", {"at": access.begun_at - timedelta(minutes=1)}),
        ("look", {"at": access.ends_at}),
    ):
        LogRow.objects.create(action=action, **facts | other)
    assert [row.looks for row in emergencies_to_review(actor_of(lies))] == [2]


@pytest.mark.django_db
def test_it_is_judged_once_by_somebody_else(house):
    case, els, bram, _ = house
    lies = make_staff("lies", case.team, roles=("teamleider",))
    fay = make_staff("fay", roles=("privacy",), gemeente=case.gemeente)
    take(case, bram)
    access = EmergencyAccess.objects.get()
    for user in (bram, els, make_staff("ver", roles=("privacy",), gemeente=make_gemeente("Ver weg"))):
        with pytest.raises(PermissionDenied):
            judge_emergency(access_id=access.pk, verdict="terecht", note="", actor=actor_of(user))
    judge_emergency(access_id=access.pk, verdict="navragen", note="Ik bel Bram.", actor=actor_of(lies))
    judge_emergency(access_id=access.pk, verdict="niet_terecht", note="Het kon wachten.", actor=actor_of(fay))
    with pytest.raises(Blocked, match="Fay heeft dit al beoordeeld: niet terecht"):
        judge_emergency(access_id=access.pk, verdict="terecht", note="", actor=actor_of(lies))
    access.refresh_from_db()
    assert (access.verdict, access.review_note, access.reviewed_by) == ("niet_terecht", "Het kon wachten.", fay)
    assert [row.verdict for row in access.history.all()] == ["niet_terecht", "navragen", ""]


@pytest.mark.django_db
def test_a_teamleider_who_is_also_privacy_officer_does_not_judge_the_own_act(house):
    case, _, _, _ = house
    Case.objects.update(shielded=True)
    lies = make_staff("lies", case.team, roles=("teamleider", "privacy"))
    take(case, lies)
    access = EmergencyAccess.objects.get()
    with pytest.raises(PermissionDenied):
        judge_emergency(access_id=access.pk, verdict="terecht", note="", actor=actor_of(lies))
    marked = {"verdict": "terecht", "reviewed_by": lies, "reviewed_at": access.begun_at}
    with pytest.raises(IntegrityError, match="emergency_four_eyes"), transaction.atomic():
        EmergencyAccess.objects.update(**marked)
    with pytest.raises(IntegrityError, match="emergency_mark_is_whole"), transaction.atomic():
        EmergencyAccess.objects.update(verdict="terecht")
    with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
        EmergencyAccess.objects.all().delete()


@pytest.mark.django_db
def test_the_inwoner_sees_it_when_the_delay_is_over(house):
    case, els, bram, _mo = house
    fatima = make_resident(case, actor_of(els))
    other = make_case(actor_of(els), given_names="Piet").case
    piet = make_resident(other, actor_of(els))
    today = actor_of(fatima).today
    take(case, bram)
    take(other, bram)
    assert list(emergencies_for_resident(actor_of(fatima))) == []
    for days, seen in ((1, []), (0, [case]), (-1, [case])):
        EmergencyAccess.objects.update(shown_from=today + timedelta(days=days))
        assert [row.case for row in emergencies_for_resident(actor_of(fatima))] == seen
    assert [row.case for row in emergencies_for_resident(actor_of(piet))] == [other]
    assert list(emergencies_for_resident(actor_of(bram))) == list(emergencies_for_resident(actor_of(els))) == []
    Grant.objects.filter(user=fatima).update(validity=PAST)
    assert list(emergencies_for_resident(actor_of(fatima))) == []


@pytest.mark.django_db
def test_each_role_sets_its_own_rules_of_its_own_gemeente(house):
    case, els, bram, mo = house
    noord, elders = case.gemeente, mo.memberships.get().team.gemeenten.get()
    fay = make_staff("fay", roles=("privacy",), gemeente=noord)
    ben = make_staff("ben", roles=("beheerder",), gemeente=noord)
    for user, values in ((fay, {"minutes": 30}), (ben, {"shown_after_days": 0}), (els, {"minutes": 30})):
        with pytest.raises(PermissionDenied):
            change_access_rules(gemeente=noord, version=0, actor=actor_of(user), **values)
    with pytest.raises(PermissionDenied):
        change_access_rules(gemeente=elders, version=0, actor=actor_of(ben), minutes=30)
    assert AccessRules.objects.count() == 1
    change_access_rules(gemeente=noord, version=0, actor=actor_of(ben), minutes=30, a_day=1)
    with pytest.raises(Stale):
        change_access_rules(gemeente=noord, version=0, actor=actor_of(fay), shown_after_days=3)
    change_access_rules(gemeente=noord, version=1, actor=actor_of(fay), shown_after_days=3)
    rules, default = AccessRules.objects.of(noord.pk), AccessRules.objects.of(elders.pk)
    assert (rules.minutes, rules.a_day, rules.closed_days, rules.review_days, rules.shown_after_days) == (
        30,
        1,
        365,
        5,
        3,
    )
    assert (default.gemeente, default.minutes, default.shown_after_days) == (None, 60, 14)
    assert [row.history_user for row in rules.history.all()] == [fay, ben]
    take(case, bram)
    access = EmergencyAccess.objects.get()
    assert access.ends_at - access.begun_at == timedelta(minutes=30)
    assert access.shown_from == actor_of(bram).today + timedelta(days=3)
