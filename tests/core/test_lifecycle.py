"""The one executor: locked, then source, permission, obstacles, transition, history, log; and one winner."""

import threading
from contextlib import suppress

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, models, transaction

from casework.models import Case
from tests.factories import actor_of, drive, fresh, make_case, make_gemeente, make_staff, make_team
from toegang.core.lifecycle import Blocked, Missing, NotLocked, carry_out, lock, steps_for
from toegang.core.models import LogRow

TOO_LATE = "Deze stap kan niet meer: de stand is nu ‘Evaluatie’."
QUICK_PAIRS, LONG_PAIRS = 5, 500


@pytest.fixture
def house():
    """A team with a contactpersoon, a colleague and one case in melding."""
    team = make_team(make_gemeente())
    anna, bram = make_staff("anna", team), make_staff("bram", team)
    return make_case(actor_of(anna)).case, anna, bram


def kept(case):
    """What is stored of a case: its state, its history rows and its log rows."""
    return fresh(case).status, case.history.count(), LogRow.objects.filter(case_id=case.pk).count()


@pytest.mark.django_db
def test_a_row_that_is_not_locked_is_refused(house):
    case, anna, _ = house
    before = kept(case)
    with pytest.raises(NotLocked):
        carry_out(fresh(case), "close", by=actor_of(anna), on=actor_of(anna).today)
    assert kept(case) == before


@pytest.mark.django_db(transaction=True)
def test_a_lock_ends_with_its_transaction(house):
    case, anna, _ = house
    with transaction.atomic():
        held = lock(Case, case.pk)
    with pytest.raises(NotLocked), transaction.atomic():
        carry_out(held, "plan_conversation", by=actor_of(anna), on=actor_of(anna).now, form="thuis")
    with transaction.atomic():
        carry_out(lock(Case, case.pk), "plan_conversation", by=actor_of(anna), on=actor_of(anna).now, form="thuis")
    assert fresh(case).status == "gesprek"


@pytest.mark.django_db
def test_first_source_then_permission_then_obstacles(house):
    case, anna, bram = house
    stranger, handler = actor_of(bram), actor_of(anna)
    with pytest.raises(Blocked) as wrong_state:
        carry_out(lock(Case, case.pk), "start_evaluation", by=stranger)
    assert wrong_state.value.obstacles == (
        Missing("Deze stap kan niet meer: de stand is nu ‘Melding’. Anna was u voor: ‘Zaak geopend’."),
    )
    with pytest.raises(PermissionDenied, match="Deze stap mag u niet doen"):
        carry_out(lock(Case, case.pk), "close", by=stranger, on=stranger.today)
    with pytest.raises(Blocked) as not_ready:
        carry_out(lock(Case, case.pk), "close", by=handler, on=handler.today)
    assert not_ready.value.obstacles == (
        Missing("Kies een reden voor het afsluiten.", "afsluiten"),
        Missing("Deze hulpvraag loopt nog: Wmo, Fatima Yıldız.", "afsluiten"),
    )


@pytest.mark.django_db
def test_a_step_that_does_not_exist_is_refused(house):
    case, anna, _ = house
    with pytest.raises(Blocked):
        carry_out(lock(Case, case.pk), "save", by=actor_of(anna))


@pytest.mark.django_db
def test_a_step_is_kept_with_who_why_and_when(house):
    case, anna, _ = house
    actor = actor_of(anna)
    carry_out(lock(Case, case.pk), "plan_conversation", by=actor, on=actor.now, form="thuis", reason="Op verzoek")
    row = case.history.latest()
    assert (row.status, row.history_user, row.history_change_reason) == ("gesprek", anna, "Op verzoek")
    log = LogRow.objects.get(action="step", case_id=case.pk)
    assert (log.user_id, log.what, log.detail) == (anna.pk, "Gesprek gepland", "Op verzoek")
    assert (log.object_type, log.gemeente_id) == ("case.plan_conversation", case.gemeente_id)


@pytest.mark.django_db
def test_what_fails_after_the_step_takes_everything_back(house):
    case, anna, _ = house
    actor, before = actor_of(anna), kept(case)
    with suppress(ZeroDivisionError), transaction.atomic():
        carry_out(lock(Case, case.pk), "plan_conversation", by=actor, on=actor.now, form="thuis")
        assert kept(case) != before
        raise ZeroDivisionError
    assert kept(case) == before


@pytest.mark.django_db
def test_what_the_database_refuses_takes_everything_back(house):
    """A case cannot be closed without its day: the constraint speaks after the transition, before the log."""
    case, anna, _ = house
    case.hulpvragen.update(status="doorgezet")
    before = kept(case)
    locked = lock(Case, case.pk)
    locked.close_reason = "verhuisd"
    with pytest.raises(IntegrityError, match="closed_has_date_and_reason"), transaction.atomic():
        carry_out(locked, "close", by=actor_of(anna), on=None)
    assert kept(case) == before


@pytest.mark.django_db
def test_the_steps_that_are_offered_say_what_is_missing(house):
    case, anna, bram = house
    names = [step.name for step in steps_for(case, actor_of(anna))]
    assert names == [
        "close",
        "hold_conversation",
        "investigate_on_file",
        "plan_conversation",
        "start_referred_help",
    ]
    missing = {step.name: [str(m) for m in step.obstacles] for step in steps_for(case, actor_of(anna))}
    assert missing["plan_conversation"] == []
    assert missing["hold_conversation"][0] == "Er is nog geen gesprek gevoerd."
    assert steps_for(case, actor_of(bram)) == []


@pytest.mark.django_db
def test_a_record_can_be_reloaded_with_its_protected_status(house):
    case, _, _ = house
    held = fresh(case)
    Case.objects.filter(pk=case.pk).update(status="gesprek")
    with pytest.raises(AttributeError):  # so that Life is needed: Django alone cannot reload a protected field
        models.Model.refresh_from_db(fresh(case))
    held.refresh_from_db()
    assert held.status == "gesprek"
    with pytest.raises(AttributeError):
        held.status = "afgesloten"


@pytest.mark.django_db
def test_a_record_that_is_gone_keeps_its_status(house):
    case, _, _ = house
    held = fresh(case)
    held.pk = "00000000-0000-0000-0000-000000000000"
    with pytest.raises(Case.DoesNotExist):
        held.refresh_from_db()
    assert held.status == "melding"


def both_at_once(attempt, actors):
    """Run the attempt of each actor in a thread with a connection of its own; gives the outcomes."""
    start, outcomes = threading.Barrier(len(actors)), []

    def run(actor):
        try:
            outcomes.append(attempt(actor, start))
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(actor,)) for actor in actors]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return outcomes


def through_carry_out(case):
    """The attempt as a service makes it."""

    def attempt(actor, start):
        start.wait()
        try:
            with transaction.atomic():
                carry_out(lock(Case, case.pk), "start_evaluation", by=actor)
        except Blocked as blocked:
            return str(blocked)
        return "won"

    return attempt


def without_lock(case):
    """The attempt as it is often written: get, look, change, save."""

    def attempt(_, start):
        with transaction.atomic():
            record = Case.objects.get(pk=case.pk)
            start.wait()
            record.start_evaluation()
            start.wait()
            record.save()
        return "won"

    return attempt


def race(case, users, attempt, pairs):
    """Outcomes of so many pairs on one case that stands in uitvoering each time."""
    for _ in range(pairs):
        Case.objects.filter(pk=case.pk).update(status="uitvoering")
        yield sorted(both_at_once(attempt(case), [actor_of(user) for user in users]))


@pytest.fixture
def running_case(house):
    """A case in uitvoering with two people who may handle it."""
    case, anna, bram = house
    case = drive(case, "gesprek")
    case.grants.create(
        gemeente=case.gemeente, user=bram, user_kind="medewerker", kind="tweede", reason="Samen",
        validity=("2024-01-01", None),
    )  # fmt: skip
    return case, [anna, bram]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    "pairs", [QUICK_PAIRS, pytest.param(LONG_PAIRS, marks=pytest.mark.long)], ids=["quick", "long"]
)
def test_of_two_at_once_exactly_one_wins(running_case, pairs):
    case, users = running_case
    steps = LogRow.objects.filter(action="step", object_type="case.start_evaluation")
    told = {f"{TOO_LATE} {name} was u voor: ‘Evaluatie begonnen’." for name in ("Anna", "Bram")}
    results = list(race(case, users, through_carry_out, pairs))
    assert len(results) == pairs
    assert [won for _, won in results] == ["won"] * pairs
    assert {loser for loser, _ in results} <= told
    assert steps.count() == pairs
    assert fresh(case).status == "evaluatie"


@pytest.mark.django_db(transaction=True)
def test_without_the_lock_both_win(running_case):
    """Negative control: the race above is real."""
    case, users = running_case
    assert list(race(case, users, without_lock, QUICK_PAIRS)) == [["won", "won"]] * QUICK_PAIRS
