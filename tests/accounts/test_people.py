"""Accounts, roles and teams as a beheerder gives and ends them: periods, own rights, the last beheerder, scope."""

from datetime import timedelta
from threading import Thread

import pytest
from allauth.mfa.models import Authenticator
from django.db import IntegrityError, connection, transaction
from django.test import Client

from tests.factories import LONG_AGO, actor_of, make_beheerder, make_gemeente, make_staff, make_team
from toegang.accounts.history import person_history
from toegang.accounts.models import (
    Identity,
    Ketenpartner,
    Membership,
    Organisatie,
    Role,
    RoleAssignment,
    Source,
    User,
    system_user,
)
from toegang.accounts.selectors import managed_gemeenten, people_of, way_in
from toegang.accounts.services import assignments, people, sign_in
from toegang.accounts.services.assignments import BY_SIGN_IN, NOT_YOURS, OWN, PARTNER
from toegang.core.lifecycle import Blocked
from toegang.core.models import LogRow
from toegang.core.records import Stale

pytestmark = pytest.mark.django_db
WORKER = "wijkteamlid"


@pytest.fixture
def gemeente():
    return make_gemeente()


@pytest.fixture
def actor(gemeente):
    return actor_of(make_beheerder("bea", gemeente))


@pytest.fixture
def anna(gemeente):
    return make_staff("anna", roles=(), gemeente=gemeente)


def give(user, gemeente, actor, *, role=WORKER, since=None, until=None):
    facts = {"role": Role.objects.get(pk=role), "gemeente": gemeente, "reason": "Nieuw in dienst"}
    assignments.give_role(user=user, since=since or actor.today, until=until, actor=actor, **facts)
    return RoleAssignment.objects.filter(user=user, role=role).latest("pk")


def stop(row, actor, last_day=None):
    assignments.end_role(assignment=row, last_day=last_day, reason="Uit dienst", actor=actor)


def refused(call, *args, **facts):
    with pytest.raises(Blocked) as stopped, transaction.atomic():
        call(*args, **facts)
    return str(stopped.value)


def test_a_role_is_given_kept_and_logged(anna, gemeente, actor):
    until = actor.today + timedelta(days=9)
    row = give(anna, gemeente, actor, until=until)
    assert (row.since, row.until, row.source) == (actor.today, until, Source.HAND)
    kept = row.history.get()
    assert (kept.history_user, kept.history_change_reason) == (actor.user, "Nieuw in dienst")
    log = LogRow.objects.latest("id")
    assert (log.what, log.detail, log.gemeente_id) == ("Gegeven: wijkteamlid", "Nieuw in dienst", gemeente.pk)
    give(anna, gemeente, actor, until=until)
    assert RoleAssignment.objects.filter(user=anna).count() == 1


def test_the_period_of_a_role_is_sound(anna, gemeente, actor):
    day = timedelta(days=1)
    assert "voor de eerste dag" in refused(give, anna, gemeente, actor, until=actor.today - day)
    assert "terugwerkende kracht" in refused(give, anna, gemeente, actor, since=actor.today - day)
    give(anna, gemeente, actor, since=actor.today + 5 * day, until=actor.today + 9 * day)
    for since, until in [(0, None), (0, 5), (9, None), (6, 7)]:
        facts = {"since": actor.today + since * day, "until": None if until is None else actor.today + until * day}
        assert "Anna heeft dit al: wijkteamlid, van" in refused(give, anna, gemeente, actor, **facts)
    give(anna, gemeente, actor, until=actor.today + 4 * day)
    give(anna, gemeente, actor, since=actor.today + 10 * day)
    give(anna, gemeente, actor, role="toetser")
    assert RoleAssignment.objects.filter(user=anna).count() == 4


@pytest.mark.parametrize("model", [RoleAssignment, Membership])
def test_the_database_refuses_two_at_the_same_time(anna, gemeente, model):
    facts = {"gemeente": gemeente, "role_id": WORKER} if model is RoleAssignment else {"team": make_team(gemeente)}
    model.objects.create(user=anna, since=LONG_AGO, until=LONG_AGO + timedelta(days=3), **facts)
    with pytest.raises(IntegrityError, match="at_a_time"), transaction.atomic():
        model.objects.create(user=anna, since=LONG_AGO + timedelta(days=3), **facts)
    model.objects.create(user=anna, since=LONG_AGO + timedelta(days=4), **facts)


def test_a_role_ends_on_its_last_day(anna, gemeente, actor):
    row, last = give(anna, gemeente, actor), actor.today + timedelta(days=7)
    stop(row, actor, last)
    row.refresh_from_db()
    assert (row.until, row.history.count()) == (last, 2)
    stop(row, actor, last)
    assert row.history.count() == 2
    assert "Dit stopt al op" in refused(stop, row, actor, last + timedelta(days=1))
    stop(row, actor, actor.today)
    row.refresh_from_db()
    assert row.until == actor.today


def test_a_last_day_is_not_before_the_first_nor_past(anna, gemeente, actor):
    row = give(anna, gemeente, actor, since=actor.today + timedelta(days=3))
    assert "voor de eerste dag" in refused(stop, row, actor, actor.today)
    old = RoleAssignment.objects.create(user=anna, gemeente=gemeente, role_id="toetser", since=LONG_AGO)
    assert "op zijn vroegst vandaag" in refused(stop, old, actor, actor.today - timedelta(days=1))
    assert RoleAssignment.objects.filter(user=anna, until=None).count() == 2


def test_a_role_that_ends_at_once_does_not_hold_today(anna, gemeente, actor):
    row = RoleAssignment.objects.create(user=anna, gemeente=gemeente, role_id=WORKER, since=LONG_AGO)
    assert anna.scope_on(actor.today).roles == {WORKER}
    stop(row, actor)
    assert anna.scope_on(actor.today).roles == set()
    stop(row, actor)
    assert "al gestopt op" in refused(stop, row, actor, actor.today)
    assert (row.history.count(), row.history.first().history_change_reason) == (2, "Uit dienst")


def test_a_role_of_later_is_taken_away_and_history_knows(anna, gemeente, actor):
    row = give(anna, gemeente, actor, since=actor.today + timedelta(days=3))
    stop(row, actor)
    assert not RoleAssignment.objects.filter(user=anna).exists()
    last = RoleAssignment.history.filter(user_id=anna.pk).latest()
    assert (last.history_type, last.history_user, last.history_change_reason) == ("-", actor.user, "Uit dienst")
    assert LogRow.objects.latest("id").detail == "Uit dienst"


def test_nobody_changes_the_own_rights(gemeente, actor):
    team, me = make_team(gemeente), actor.user
    row = RoleAssignment.objects.get(user=me)
    join = {"user": me, "team": team, "since": actor.today, "until": None, "reason": "x", "actor": actor}
    assert refused(give, me, gemeente, actor) == OWN
    assert refused(stop, row, actor) == OWN
    assert refused(assignments.join_team, **join) == OWN
    for act in (people.disable, people.wipe_factors, people.renew_invitation):
        assert refused(act, user=me, reason="x", actor=actor) == OWN
    me.refresh_from_db()
    assert me.is_active and me.has_usable_password()


def test_the_last_beheerder_stays(gemeente, actor):
    """The one who acts has an end date, so the other one is the last."""
    RoleAssignment.objects.filter(user=actor.user).update(until=actor.today + timedelta(days=30))
    ben = make_beheerder("ben", gemeente)
    row = RoleAssignment.objects.get(user=ben)
    assert "de laatste beheerder van de gemeente Voorbeeldstad" in refused(stop, row, actor)
    assert "de laatste beheerder" in refused(stop, row, actor, actor.today + timedelta(days=60))
    assert "de laatste beheerder" in refused(people.disable, user=ben, reason="x", actor=actor)
    carla = make_staff("carla", roles=("beheerder",), gemeente=gemeente)
    assert "de laatste beheerder" in refused(stop, row, actor)  # Carla was invited, and cannot sign in yet
    carla.set_password("een lang wachtwoord")
    carla.save()
    stop(row, actor)
    assert ben.scope_on(actor.today).roles == set()


@pytest.mark.django_db(transaction=True)
def test_of_two_beheerders_who_end_each_other_one_succeeds():
    gemeente = make_gemeente()
    pair = [make_beheerder(name, gemeente) for name in ("bea", "ben")]
    actors, outcomes = [actor_of(user) for user in pair], []

    def end_the_other(actor, user):
        try:
            people.disable(user=user, reason="weg", actor=actor)
            outcomes.append("done")
        except Blocked as stopped:
            outcomes.append(str(stopped))
        finally:
            connection.close()

    threads = [Thread(target=end_the_other, args=pairing) for pairing in zip(actors, reversed(pair), strict=True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted("done" if outcome == "done" else "refused" for outcome in outcomes) == ["done", "refused"]
    assert User.objects.filter(username__in=["bea", "ben"], is_active=True).count() == 1


def test_what_the_sign_in_gave_is_not_ended_by_hand(anna, gemeente, actor):
    facts = {"user": anna, "since": LONG_AGO, "source": Source.SSO}
    row = RoleAssignment.objects.create(gemeente=gemeente, role_id=WORKER, **facts)
    place = Membership.objects.create(team=make_team(gemeente), **facts)
    assert refused(stop, row, actor) == BY_SIGN_IN
    leave = {"membership": place, "last_day": None, "reason": "x", "actor": actor}
    assert refused(assignments.leave_team, **leave) == BY_SIGN_IN


def test_the_sign_in_leaves_room_for_what_was_planned_by_hand(anna, gemeente, actor):
    later = actor.today + timedelta(days=5)
    give(anna, gemeente, actor, since=later)
    wanted = {(WORKER, gemeente.pk)}
    sign_in._bring_up_to_date(RoleAssignment, anna, wanted, ("role_id", "gemeente_id"), actor)
    rows = RoleAssignment.objects.filter(user=anna).order_by("since").values_list("since", "until", "source")
    assert list(rows) == [(actor.today, later - timedelta(days=1), "sso"), (later, None, "hand")]


def test_a_team_is_joined_and_left(anna, gemeente, actor):
    team = make_team(gemeente)
    facts = {"user": anna, "team": team, "until": None, "reason": "Invallen", "actor": actor}
    assignments.join_team(since=actor.today, **facts)
    assert anna.scope_on(actor.today).team_ids == {team.pk}
    assert "Anna heeft dit al: Wijkteam Noord" in refused(
        assignments.join_team, since=actor.today + timedelta(days=1), **facts
    )
    row = Membership.objects.get(user=anna)
    assignments.leave_team(membership=row, last_day=None, reason="Klaar", actor=actor)
    assert anna.scope_on(actor.today).team_ids == set()


def test_who_is_of_a_ketenpartner_gets_no_role_and_no_team(gemeente, actor):
    partner = Ketenpartner.objects.create(organisatie=gemeente.organisatie, name="School", sort="school")
    juf = User.objects.create_user("juf", kind="medewerker", name="Juf", ketenpartner=partner)
    team = make_team(gemeente)
    join = {"user": juf, "team": team, "since": actor.today, "until": None, "reason": "x", "actor": actor}
    assert refused(give, juf, gemeente, actor) == PARTNER
    assert refused(assignments.join_team, **join) == PARTNER
    assert not RoleAssignment.objects.filter(user=juf).exists() and not Membership.objects.filter(user=juf).exists()


def test_a_foreign_gemeente_is_not_given_nor_ended(anna, gemeente, actor):
    foreign = make_gemeente("Elders")
    row = RoleAssignment.objects.create(user=anna, gemeente=foreign, role_id=WORKER, since=LONG_AGO)
    place = Membership.objects.create(user=anna, team=make_team(foreign), since=LONG_AGO)
    join = {"user": anna, "team": place.team, "since": actor.today, "until": None, "reason": "x", "actor": actor}
    assert refused(give, anna, foreign, actor, role="toetser") == NOT_YOURS
    assert refused(stop, row, actor) == NOT_YOURS
    assert refused(assignments.join_team, **join) == NOT_YOURS
    assert refused(assignments.leave_team, membership=place, last_day=None, reason="x", actor=actor) == NOT_YOURS


def test_whom_a_beheerder_looks_after(gemeente, actor):
    foreign = make_gemeente("Elders")
    elsewhere = Organisatie.objects.create(name="Andere organisatie")
    type(foreign).objects.filter(pk=foreign.pk).update(organisatie=elsewhere)
    team, gone = make_team(gemeente), LONG_AGO + timedelta(days=3)
    seen = {actor.user, make_staff("lid", team, roles=()), make_staff("rol", gemeente=gemeente)}
    for user in (former := make_staff("oud", roles=())), (moved := make_staff("verhuisd", gemeente=foreign)):
        RoleAssignment.objects.create(user=user, gemeente=gemeente, role_id=WORKER, since=LONG_AGO, until=gone)
    partner = Ketenpartner.objects.create(organisatie=gemeente.organisatie, name="School", sort="school")
    for name, facts in (("nieuw", {"organisatie": gemeente.organisatie}), ("juf", {"ketenpartner": partner})):
        seen.add(User.objects.create_user(name, kind="medewerker", name=name, **facts))
    User.objects.create_user("vreemd", kind="medewerker", name="vreemd", organisatie=elsewhere)
    User.objects.create_user("inwoner", kind="inwoner", name="Fatima", organisatie=gemeente.organisatie)
    placed = make_staff("geplaatst", gemeente=foreign)
    User.objects.filter(pk=placed.pk).update(organisatie=gemeente.organisatie)
    system_user()
    assert set(people_of(actor)) == seen | {former, moved}


def test_another_role_for_a_gemeente_is_no_beheer(gemeente, actor):
    other = make_gemeente("Elders")
    RoleAssignment.objects.create(user=actor.user, gemeente=other, role_id="manager", since=LONG_AGO)
    again = actor_of(actor.user)
    assert again.gemeente_ids == {gemeente.pk, other.pk}
    assert list(managed_gemeenten(again)) == [gemeente]


def test_who_works_elsewhere_too_keeps_the_own_password(gemeente, actor):
    """Else a beheerder could come in at a gemeente of another one, with a link of the own making."""
    foreign = make_gemeente("Elders")
    both, moved = make_staff("beide", gemeente=gemeente), make_staff("weg", gemeente=foreign)
    RoleAssignment.objects.create(user=both, gemeente=foreign, role_id="toetser", since=LONG_AGO)
    facts = {"reason": "x", "actor": actor}
    for act in (people.wipe_factors, people.renew_invitation, people.enable):
        assert refused(act, user=both, **facts).startswith("Beide werkt voor Elders.")
    details = {"details": people.Details(email="ik@elders.example"), "version": 0, "actor": actor}
    assert "Elders" in refused(people.change_person, user=both, **details)
    assert "Elders" in refused(people.disable, user=moved, **facts)
    people.disable(user=both, **facts)
    both.refresh_from_db()
    assert not both.is_active


def test_a_disabled_account_is_dead_at_once(anna, gemeente, actor):
    give(anna, gemeente, actor)
    browser = Client()
    browser.force_login(anna)
    assert browser.get("/werkplek/").status_code == 200
    people.disable(user=anna, reason="Uit dienst", actor=actor)
    answer = browser.get("/werkplek/")
    assert (answer.status_code, answer.url.split("?")[0]) == (302, "/inloggen/")
    people.enable(user=anna, reason="Vergissing", actor=actor)
    assert browser.get("/werkplek/").status_code == 302  # the old session stays dead
    titles = [(entry.title, entry.by, entry.detail) for entry in person_history(anna, actor)]
    assert titles[:2] == [("Account aangezet", "Bea", "Vergissing"), ("Account uitgezet", "Bea", "Uit dienst")]


def test_wiping_the_second_step_ends_the_sessions_and_keeps_the_password(anna, gemeente, actor):
    give(anna, gemeente, actor)
    anna.set_password("een lang wachtwoord")
    anna.save()
    Authenticator.objects.create(user=anna, type="totp", data={"secret": "x"})
    Authenticator.objects.create(user=anna, type="recovery_codes", data={})
    other = Authenticator.objects.create(user=actor.user, type="totp", data={"secret": "x"})
    browser = Client()
    browser.force_login(anna)
    assert way_in(anna, local=True) == "Eigen account, met tweede stap"
    people.wipe_factors(user=anna, reason="Telefoon kwijt", actor=actor)
    assert browser.get("/werkplek/").url.startswith("/inloggen/")
    assert list(Authenticator.objects.all()) == [other]
    anna.refresh_from_db()
    assert anna.has_usable_password() and way_in(anna, local=True) == "Eigen account, nog zonder tweede stap"
    assert person_history(anna, actor)[0].title == "Tweede stap gewist: Telefoon kwijt"


def test_who_signs_in_with_the_organisation_has_no_local_secrets(anna, gemeente, actor):
    give(anna, gemeente, actor)
    Identity.objects.create(user=anna, issuer="https://inlog.example", subject="a")
    for act in (people.wipe_factors, people.renew_invitation):
        assert "de inlog van de organisatie" in refused(act, user=anna, reason="x", actor=actor)
    assert way_in(anna, local=False) == "Met de inlog van de organisatie"


def test_a_new_account_has_no_password_and_a_name_of_its_own(gemeente, actor):
    facts = {"details": people.Details("Karel", "adviseur"), "organisatie": gemeente.organisatie, "ketenpartner": None}
    karel = people.add_person(username="karel", actor=actor, **facts)
    assert not karel.has_usable_password() and karel in people_of(actor)
    assert way_in(karel, local=True) == "Eigen account: de uitnodiging is nog niet gebruikt"
    assert refused(people.add_person, username="KAREL", actor=actor, **facts) == people.TAKEN
    assert User.objects.filter(username__iexact="karel").count() == 1


def test_details_are_changed_by_who_saw_them(anna, gemeente, actor):
    give(anna, gemeente, actor)
    version = people.last_change(anna)
    facts = {"user": anna, "version": version, "actor": actor}
    people.change_person(details=people.Details(name="Anna Bos", phone="06 2"), **facts)
    with pytest.raises(Stale) as stale:
        people.change_person(details=people.Details(name="Anna Vos"), **facts)
    assert (stale.value.record.name, stale.value.who) == ("Anna Bos", "Bea")
    entry = person_history(anna, actor)[0]
    assert (entry.title, entry.detail) == ("Gegevens gewijzigd", "naam: Anna → Anna Bos. telefoon: 06 1 → 06 2")
