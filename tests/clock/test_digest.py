"""The mail of the morning: due on the right days, once, with numbers and nothing else."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core import mail

from casework.models import Case, Deadline
from decisions.models import Beschikking
from tests.factories import (
    actor_of,
    age_grants,
    drive,
    make_case,
    make_gemeente,
    make_staff,
    make_team,
    run_outbox,
)
from toegang.accounts.models import User, system_user
from toegang.clock.digest import Counts, counts_for, put_digests
from toegang.clock.tasks import tick
from toegang.core import outbox
from toegang.core.models import OutboxRow

pytestmark = pytest.mark.django_db
HERE = ZoneInfo("Europe/Amsterdam")
MONDAY = date(2026, 11, 23)
EASTER_TUESDAY = date(2027, 3, 30)


@pytest.fixture
def team():
    return make_team(make_gemeente())


def staff(name, team, digest="dagelijks", **facts):
    user = make_staff(name, team)
    User.objects.filter(pk=user.pk).update(email=f"{name}@voorbeeld.example", digest=digest, **facts)
    user.refresh_from_db()
    return user


def clock_at(day, hour=8, minute=0):
    """The clock's actor at a moment in the Netherlands."""
    now = datetime(day.year, day.month, day.day, hour, minute, tzinfo=HERE)
    return replace(actor_of(system_user()), now=now, today=day)


def put(day, hour=8, minute=0):
    before = set(OutboxRow.objects.values_list("key", flat=True))
    put_digests(clock_at(day, hour, minute))
    rows = OutboxRow.objects.filter(kind="send_digest").exclude(key__in=before)
    return sorted(row.payload["user_id"] for row in rows)


def carry_out(user):
    """One digest of today, as the worker carries it out."""
    today = actor_of(user).today
    key = f"overzicht:{user.pk}:{today}"
    outbox.put("send_digest", key=key, case_id=None, gemeente_id=None, user_id=user.pk, on=str(today))
    run_outbox()


# -- When ----------------------------------------------------------------------------------------------------------


def test_it_is_put_from_eight_in_the_morning(team):
    sanne = staff("sanne", team)
    assert put(MONDAY, 7, 59) == []
    assert put(MONDAY, 8, 0) == [sanne.pk]


def test_a_house_without_a_mail_server_puts_none(team, settings):
    staff("sanne", team)
    settings.SENDS_MAIL = False
    assert put(MONDAY) == []


def test_a_missed_morning_is_caught_up(team):
    sanne = staff("sanne", team)
    assert put(MONDAY, 15, 20) == [sanne.pk]


@pytest.mark.parametrize("day", [date(2026, 11, 21), date(2026, 11, 22), date(2026, 12, 25), date(2027, 3, 29)])
def test_not_on_days_off(team, day):
    staff("sanne", team)
    assert put(day) == []


@pytest.mark.parametrize(
    ("day", "comes"),
    [
        (MONDAY, True),
        (MONDAY + timedelta(days=1), False),
        (MONDAY + timedelta(days=4), False),
        (EASTER_TUESDAY, True),  # tweede paasdag was the day before
        (EASTER_TUESDAY + timedelta(days=1), False),
    ],
)
def test_weekly_is_the_first_workday_of_the_week(team, day, comes):
    joost = staff("joost", team, "wekelijks")
    assert put(day) == ([joost.pk] if comes else [])


def test_only_who_wants_it_works_here_and_has_an_address(team):
    staff("nooit", team, "nooit")
    staff("weg", team, is_active=False)
    User.objects.filter(pk=staff("zonder", team).pk).update(email="")
    User.objects.create_user("fatima", kind="inwoner", name="Fatima", email="f@voorbeeld.example", digest="dagelijks")
    sanne = staff("sanne", team)
    assert put(MONDAY) == [sanne.pk]


def test_two_ticks_and_two_clocks_put_it_once(team):
    sanne = staff("sanne", team)
    assert put(MONDAY) == [sanne.pk]
    assert put(MONDAY, 8, 1) == []
    key = f"overzicht:{sanne.pk}:{MONDAY}"
    outbox.put("send_digest", key=key, case_id=None, gemeente_id=None, user_id=sanne.pk, on=str(MONDAY))
    assert OutboxRow.objects.filter(kind="send_digest").count() == 1
    assert put(MONDAY + timedelta(days=1)) == [sanne.pk]


def test_the_tick_puts_it(team, monkeypatch):
    sanne = staff("sanne", team)
    seen = []
    monkeypatch.setattr("toegang.clock.tasks.put_digests", lambda actor: seen.append(actor.user.kind))
    tick()
    assert seen == ["systeem"] and sanne.digest == "dagelijks"


def test_the_clock_costs_the_same_for_one_and_for_fifty(team, django_assert_num_queries):
    staff("sanne", team)
    put(MONDAY)
    clock = clock_at(MONDAY)
    with django_assert_num_queries(2):
        put_digests(clock)
    for number in range(50):
        staff(f"medewerker{number}", team)
    put(MONDAY)
    with django_assert_num_queries(2):
        put_digests(clock)


# -- What ------------------------------------------------------------------------------------------------------------


def test_the_mail_tells_numbers_and_the_way_in(team, settings):
    settings.SITE_ADDRESS = "https://toegang.voorbeeld.example"
    sanne = staff("sanne", team)
    case = make_case(actor_of(sanne)).case
    carry_out(sanne)
    (sent,) = mail.outbox
    assert (sent.to, sent.subject) == (["sanne@voorbeeld.example"], "Uw werk in Toegang")
    assert "1 zaak wacht op een stap van u." in sent.body
    assert "https://toegang.voorbeeld.example/\n" in sent.body
    whole = sent.message().as_string()
    for secret in (case.reference, case.person.family_name, case.person.given_names, "Sanne", team.name, str(case.pk)):
        assert secret not in whole
    assert (
        sent.extra_headers["Message-ID"] == f"<overzicht.{sanne.pk}.{actor_of(sanne).today}@toegang.voorbeeld.example>"
    )


def test_the_same_work_twice_is_one_mail(team):
    sanne = staff("sanne", team)
    make_case(actor_of(sanne))
    carry_out(sanne)
    carry_out(sanne)
    assert len(mail.outbox) == 1


@pytest.mark.parametrize("facts", [{"digest": "nooit"}, {"is_active": False}, {"email": ""}])
def test_who_changed_in_between_gets_no_mail(team, facts):
    sanne = staff("sanne", team)
    make_case(actor_of(sanne))
    User.objects.filter(pk=sanne.pk).update(**facts)
    carry_out(sanne)
    assert mail.outbox == []


def test_a_mail_of_another_day_is_not_sent_any_more(team):
    sanne = staff("sanne", team)
    make_case(actor_of(sanne))
    outbox.put("send_digest", key="oud", case_id=None, gemeente_id=None, user_id=sanne.pk, on="2026-01-05")
    run_outbox()
    assert mail.outbox == []


def test_nothing_to_tell_is_no_mail(team):
    sanne, joost = staff("sanne", team), staff("joost", team)
    make_case(actor_of(joost))  # a colleague's case tells Sanne nothing
    carry_out(sanne)
    assert mail.outbox == []


def test_each_number_counts_what_it_says(team):
    sanne = staff("sanne", team)
    today = actor_of(sanne).today
    sunday = today + timedelta(days=6 - today.weekday())
    days = [today - timedelta(days=1), today, sunday, sunday + timedelta(days=1)]
    for number, day in enumerate(days):
        case = make_case(actor_of(sanne), given_names=f"Persoon{number}").case
        Deadline.objects.filter(case=case).update(due_on=day)
    expected = Counts(waiting=4, late=1, due_this_week=2, to_review=0, requests=0, requests_late=0)
    assert counts_for(actor_of(sanne)) == expected


def test_a_case_that_lies_with_the_inwoner_or_whose_help_runs_waits_for_nobody(team):
    sanne = staff("sanne", team)
    running = drive(make_case(actor_of(sanne), given_names="Een").case, "uitvoering")
    shared = drive(make_case(actor_of(sanne), given_names="Twee").case, "aanbieder")
    assert counts_for(actor_of(sanne)).waiting == 1
    shared.plans.update(status="gedeeld")
    age_grants(running)
    age_grants(shared)
    assert Case.objects.in_hand_of(actor_of(sanne)).count() == 2
    assert counts_for(actor_of(sanne)).waiting == 0


def test_a_toetser_reads_what_waits_for_a_toets(team):
    sanne, tessa = staff("sanne", team), staff("tessa", team)
    case = drive(make_case(actor_of(sanne)).case, "vastgesteld")
    Beschikking.objects.filter(case=case).update(status="ter_toetsing", reviewer=tessa)
    assert counts_for(actor_of(tessa)).sentences() == ["1 besluit wacht op uw toets."]


def test_sentences_in_words():
    assert Counts(3, 0, 1, 2, 0, 0).sentences() == [
        "3 zaken wachten op een stap van u.",
        "1 termijn loopt deze week af.",
        "2 besluiten wachten op uw toets.",
    ]
    assert Counts(0, 1, 0, 0, 0, 0).sentences() == ["1 termijn is al voorbij."]
    assert Counts(0, 0, 0, 0, 0, 0).sentences() == []


def test_summer_and_winter_time_are_the_wall_clock():
    for day, utc_hour in ((date(2026, 7, 6), 6), (MONDAY, 7)):
        assert clock_at(day).now.astimezone(UTC).hour == utc_hour
