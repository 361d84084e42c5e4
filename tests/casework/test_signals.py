"""A signal about somebody who did not ask: linked, followed and ended with a reason; no person, case or term of it."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from casework.enums import OPEN_SIGNALS, AttemptResult, AttemptWay, SignalKind, SignalStatus
from casework.models import Case, Deadline, Person, Reason, Signal, SignalAttempt, SignalSource
from casework.selectors.signals import signals_seen_by, team_signals, waiting_signals
from casework.services import signals
from tests.factories import actor_of, make_case, make_gemeente, make_staff, make_team
from toegang.core.lifecycle import Blocked, steps_for
from toegang.core.models import LogRow, OutboxRow
from toegang.core.terms import due_on
from toegang.core.wall import beyond_scope, standing_as

pytestmark = pytest.mark.django_db
S = SignalStatus


@pytest.fixture
def house():
    """Anna of the team of the signal, and Bram of another team of the same gemeente."""
    gemeente = make_gemeente()
    own, other = make_team(gemeente), make_team(gemeente, "Wijkteam Zuid")
    return own, actor_of(make_staff("anna", own)), other, actor_of(make_staff("bram", other))


def labels(kind, actor):
    return list(Reason.objects.valid_on(actor.today).filter(kind=kind).order_by("pk").values_list("label", flat=True))


def told(actor, **other):
    facts = {"kind": SignalKind.ZORGEN, "ground": labels(signals.GROUNDS, actor)[0], "received_on": actor.today,
             "seen": "De gordijnen blijven dicht.", "source_capacity": "buurvrouw", "source_name": "Riet Smit",
             "street": "Dorpsweg", "house_number": "9", "postcode": "1234 AB", "family_name": "Claassen"}  # fmt: skip
    return signals.SignalFacts(**facts | other)


def signal_of(team, actor, **other):
    gemeente_id = team.gemeenten.get().pk
    return signals.register_signal(actor=actor, gemeente_id=gemeente_id, team_id=team.pk, facts=told(actor, **other))


def attempt(signal, actor, **other):
    facts = {"on": actor.today, "way": AttemptWay.TELEFOON, "result": AttemptResult.GEEN, "text": ""} | other
    return signals.record_attempt(signal_id=signal.pk, actor=actor, **facts)


def test_a_signal_is_no_person_no_case_and_no_term(house):
    own, anna, _, _ = house
    signal = signal_of(own, anna)
    assert (signal.status, signal.case_id, signal.review_on) == (S.ONTVANGEN, None, due_on(signals.REVIEW, anna.today))
    assert not (Person.objects.exists() or Case.objects.exists() or Deadline.objects.exists())
    assert not OutboxRow.objects.exists()  # nobody is written to
    for wrong in ({"received_on": anna.today + timedelta(days=1)}, {"ground": "zomaar"}):
        with pytest.raises(Blocked):
            signal_of(own, anna, **wrong)
    assert Signal.objects.count() == 1


@pytest.mark.parametrize(
    "same",
    [
        {"family_name": "", "house_number": "9"},
        {"family_name": "Klaasen", "house_number": "11"},  # sounds the same, in the same street
        {"family_name": "", "postcode": "", "house_number": "", "phone": "+31 6 12345678"},
    ],
)
def test_a_second_signal_joins_the_first_also_when_another_team_takes_it(house, same):
    own, anna, other, bram = house
    first = signal_of(own, anna, phone="06-12345678")
    second = signal_of(other, bram, urgent=True, **same)
    first.refresh_from_db()
    assert (second.status, second.linked_to_id, second.team_id) == (S.SAMENGEVOEGD, first.pk, own.pk)
    assert first.urgent and [row.pk for row in team_signals(anna, waiting=True)] == [first.pk]
    assert team_signals(anna, waiting=True)[0].others == 1
    assert SignalSource.objects.count() == 2  # each keeps who gave it


def test_another_house_and_another_name_is_another_signal(house):
    own, anna, _, _ = house
    signal_of(own, anna)
    apart = (
        {"family_name": "Bakker"},  # in the same house, but somebody else
        {"kind": SignalKind.SCHULDEN},  # for another purpose
        {"born": 19440000},
        {"family_name": "Claassen", "postcode": "1234 XX"},
    )
    Signal.objects.update(born=19510327)
    for other in apart:
        assert signal_of(own, anna, **other).linked_to is None
    for row in Signal.objects.waiting():
        signals.drop_signal(signal_id=row.pk, reason=labels(signals.NOT_FOLLOWED, anna)[0], why="", actor=anna)
    assert signal_of(own, anna).linked_to is None  # the earlier one ended


def test_the_team_follows_it_and_nobody_else_sees_it(house):
    own, anna, _, bram = house
    signal = signal_of(own, anna)
    assert signals_seen_by(anna).get() == signal and not signals_seen_by(bram).exists()
    assert steps_for(signal, bram) == []
    for act in (signals.take_up, lambda **who: signals.record_answer(answer="x", **who)):
        with pytest.raises(PermissionDenied):
            act(signal_id=signal.pk, actor=bram)
    for actor, rows in ((anna, 1), (bram, 0)):
        with transaction.atomic(), standing_as(actor):
            seen = [model.objects.count() for model in (Signal, SignalSource, Signal.history.model)]
        assert seen == [rows, rows, rows], actor.name


def test_who_sees_the_case_that_came_of_it_sees_the_signal_but_not_its_source(house):
    own, anna, _, bram = house
    signal = signal_of(own, anna)
    attempt(signal, anna)
    with beyond_scope():
        case = make_case(bram).case
        signals.become_melding(signal_id=signal.pk, case=case, why="De inwoner zei ja", actor=anna)
    with transaction.atomic(), standing_as(bram):
        assert signals_seen_by(bram).get().case_id == case.pk
        assert (SignalAttempt.objects.count(), SignalSource.objects.count()) == (1, 0)
        with pytest.raises(PermissionDenied):
            signals.sources_of(signals_seen_by(bram).get(), bram)
    assert [source.name for _, source in signals.sources_of(signal, anna)] == ["Riet Smit"]
    assert "Riet" not in " ".join(case.meldingen.values_list("reporter_name", flat=True))


def test_the_trail_of_attempts(house):
    own, anna, _, _ = house
    signal = signal_of(own, anna, received_on=anna.today - timedelta(days=3))
    attempt(signal, anna, on=anna.today - timedelta(days=2))
    attempt(signal, anna, way=AttemptWay.HUISBEZOEK, result=AttemptResult.DENKT)
    assert attempt(signal, anna, way=AttemptWay.HUISBEZOEK, result=AttemptResult.DENKT)  # twice is once
    signal.refresh_from_db()
    assert (signal.status, signal.attempts.count()) == (S.CONTACT, 2)
    for day in (-4, 1):
        with pytest.raises(Blocked):
            attempt(signal, anna, on=anna.today + timedelta(days=day))
    assert LogRow.objects.filter(what="Contact gezocht", object_id=str(signal.pk)).count() == 2


def ends(actor, case, earlier):
    """Each end of a signal, and the state that it leaves."""
    to, reason = labels(signals.DESKS, actor)[0], labels(signals.NOT_FOLLOWED, actor)[0]
    return {
        "become_melding": ({"case": case, "why": "De inwoner zei ja"}, S.MELDING),
        "join_case": ({"reference": case.reference.lower(), "why": "Zelfde huis"}, S.SAMENGEVOEGD),
        "join_signal": ({"earlier_id": earlier.pk}, S.SAMENGEVOEGD),
        "hand_over_signal": ({"to": to, "contact": "Jo", "why": "Zorgen"}, S.OVERGEDRAGEN),
        "drop_signal": ({"reason": reason, "why": ""}, S.NIET_OPGEVOLGD),
    }


@pytest.mark.parametrize("name", ["become_melding", "join_case", "join_signal", "hand_over_signal", "drop_signal"])
def test_a_signal_ends_once_from_each_open_state(house, name):
    own, anna, _, _ = house
    case = make_case(anna).case
    earlier = signal_of(own, anna, family_name="De Wit", house_number="1", phone="0612121212")
    facts, state = ends(anna, case, earlier)[name]
    end = getattr(signals, name)
    for sought in (False, True):
        signal = signal_of(own, anna, house_number=f"4{sought:d}", family_name=f"Vos{sought:d}")
        if sought:
            attempt(signal, anna)
        ended = end(signal_id=signal.pk, actor=anna, **facts)
        assert (ended.status, ended.ended_on) == (state, anna.today)
        assert ended.case_id == (case.pk if name in {"become_melding", "join_case"} else None)
        for again in ends(anna, case, earlier):
            with pytest.raises(Blocked):
                getattr(signals, again)(signal_id=signal.pk, actor=anna, **ends(anna, case, earlier)[again][0])
        with pytest.raises(Blocked):
            attempt(signal, anna, text="Nog eens")
        ended.refresh_from_db()
        assert ended.status == state


def test_a_step_that_fails_leaves_nothing(house):
    own, anna, _, bram = house
    signal = signal_of(own, anna)
    hidden = make_case(bram).case
    rows = LogRow.objects.count()
    for act in (
        lambda: signals.join_case(signal_id=signal.pk, reference=hidden.reference, why="x", actor=anna),
        lambda: signals.hand_over_signal(signal_id=signal.pk, to="Buurman", contact="x", why="x", actor=anna),
        lambda: signals.join_signal(signal_id=signal.pk, earlier_id=signal.pk, actor=anna),
        lambda: signals.review_signal(
            signal_id=signal.pk, ground=signal.ground, review_on=anna.today + timedelta(days=99), actor=anna
        ),
    ):
        with pytest.raises(Blocked):
            act()
    signal.refresh_from_db()
    assert signal.status == S.ONTVANGEN and LogRow.objects.count() == rows
    with pytest.raises(IntegrityError), transaction.atomic():
        Signal.objects.filter(pk=signal.pk).update(case=hidden)  # no case before a yes


def test_the_meldpunt_of_the_wvggz_has_fourteen_days(house):
    own, anna, _, _ = house
    desk = Reason.objects.get(kind=signals.DESKS, key="wvggz").label
    signal = signal_of(own, anna)
    facts = {"contact": "mw. De Boer", "why": "Gevaar", "actor": anna}
    signals.hand_over_signal(signal_id=signal.pk, to=desk, **facts)
    signal.refresh_from_db()
    assert signal.answer_due_on == due_on("signaal_wvggz", anna.today) >= anna.today + timedelta(days=14)
    assert (waiting_signals(anna).open, waiting_signals(anna).due) == (0, 0)
    Signal.objects.update(answer_due_on=anna.today)
    assert waiting_signals(anna).due == 1
    signals.record_answer(signal_id=signal.pk, answer="Geen verplichte zorg.", actor=anna)
    assert waiting_signals(anna).due == 0
    again = signals.reopen_signal(signal_id=signal.pk, why="Toch zorgen", actor=anna)
    assert (again.status, again.ended_on, again.answer_due_on, again.answer) == (S.CONTACT, None, None, "")
    other = signals.hand_over_signal(signal_id=signal.pk, to=labels(signals.DESKS, anna)[0], **facts)
    assert other.answer_due_on is None  # only a term of the law is a term


def test_it_is_kept_on_a_ground_and_looked_at_again(house):
    own, anna, _, _ = house
    signal = signal_of(own, anna)
    Signal.objects.update(review_on=anna.today)
    assert waiting_signals(anna).due == 1
    day, ground = anna.today + timedelta(days=7), labels(signals.GROUNDS, anna)[2]
    signals.review_signal(signal_id=signal.pk, ground=ground, review_on=day, actor=anna)
    signal.refresh_from_db()
    assert (signal.review_on, signal.ground, waiting_signals(anna).due) == (day, ground, 0)
    assert signal.history.filter(history_change_reason="Signaal herbeoordeeld").count() == 1
    assert all(row.article for row in Reason.objects.filter(kind=signals.GROUNDS))


def test_signals_that_joined_go_along_to_an_earlier_one(house):
    own, anna, _, _ = house
    early = signal_of(own, anna, family_name="De Wit", house_number="1")
    signal = signal_of(own, anna)
    linked = signal_of(own, anna)
    signals.join_signal(signal_id=signal.pk, earlier_id=early.pk, actor=anna)
    linked.refresh_from_db()
    assert linked.linked_to_id == early.pk and team_signals(anna, waiting=True).get().others == 2


def test_the_contactpersoon_of_the_case_is_told(house, settings):
    settings.SENDS_MAIL = True
    own, anna, _, _ = house
    bea = make_staff("bea", own)
    bea.email = "bea@voorbeeld.nl"
    bea.save()
    case = make_case(actor_of(bea)).case
    signal = signal_of(own, anna)
    signals.join_case(signal_id=signal.pk, reference=case.reference, why="Zelfde huis", actor=anna)
    row = OutboxRow.objects.get(kind="tell_signal")
    assert (row.payload["user_id"], row.case_id) == (bea.pk, case.pk)
    assert "Signaal samengevoegd met een zaak" in LogRow.objects.filter(case_id=case.pk).values_list("what", flat=True)


def test_the_list_takes_the_same_queries_for_one_and_for_fifty(house):
    own, anna, _, _ = house

    def asked():
        with CaptureQueriesContext(connection) as queries:
            found = [(str(row), row.handler, row.tries, row.others) for row in team_signals(anna, waiting=True)]
            waiting_signals(anna)
        return len(queries), len(found)

    signal_of(own, anna)
    one = asked()
    for number in range(1, 50):
        signal_of(own, anna, postcode=f"{1234 + number} AB")
    assert (one, asked()) == ((2, 1), (2, 50))
    assert set(Signal.objects.values_list("status", flat=True)) <= set(OPEN_SIGNALS)


def test_what_was_joined_wrongly_is_taken_apart(house):
    own, anna, _, bram = house
    first = signal_of(own, anna)
    second = signal_of(own, anna)
    with pytest.raises(PermissionDenied):
        signals.split_signal(signal_id=second.pk, why="x", actor=bram)
    signals.split_signal(signal_id=second.pk, why="Dit is de zus", actor=anna)
    second.refresh_from_db()
    assert (second.status, second.linked_to, second.ended_on) == (S.ONTVANGEN, None, None)
    with pytest.raises(Blocked):
        signals.split_signal(signal_id=first.pk, why="x", actor=anna)
    assert {row.pk for row in team_signals(anna, waiting=True)} == {first.pk, second.pk}


def test_a_case_that_is_shielded_takes_its_signals_along(house):
    own, anna, _, _ = house
    carla = actor_of(make_staff("carla", own))
    case = make_case(anna).case
    signal, later = signal_of(own, anna), signal_of(own, anna)
    signals.join_case(signal_id=signal.pk, reference=case.reference, why="Zelfde huis", actor=anna)
    later.refresh_from_db()
    assert later.case_id == case.pk  # also what was told later
    assert signals_seen_by(carla).count() == 2
    Case.objects.filter(pk=case.pk).update(shielded=True)
    assert not signals_seen_by(carla).exists() and not team_signals(carla, waiting=False).exists()
    with transaction.atomic(), standing_as(carla):
        assert (Signal.objects.count(), SignalSource.objects.count(), Signal.history.count()) == (0, 0, 0)
    assert signals_seen_by(anna).count() == 2


def test_a_signal_becomes_a_melding_in_a_case_of_another_team(house):
    own, anna, _, bram = house
    signal = signal_of(own, anna)
    case = make_case(bram).case
    with transaction.atomic(), standing_as(anna):
        signals.become_melding(signal_id=signal.pk, case=case, why="De inwoner zei ja", actor=anna)
    signal.refresh_from_db()
    assert signal.case_id == case.pk


def test_an_answer_that_is_late_stands_among_what_waits(house):
    own, anna, _, _ = house
    signal = signal_of(own, anna)
    desk = Reason.objects.get(kind=signals.DESKS, key="wvggz").label
    signals.hand_over_signal(signal_id=signal.pk, to=desk, contact="x", why="x", actor=anna)
    assert not team_signals(anna, waiting=True).exists()
    Signal.objects.update(answer_due_on=anna.today)
    assert team_signals(anna, waiting=True).get() == signal


def test_another_team_of_the_gemeente_goes_on_with_it(house):
    own, anna, other, bram = house
    signal, later = signal_of(own, anna), signal_of(own, anna)
    signals.take_up(signal_id=signal.pk, actor=anna)
    elsewhere = make_team(make_gemeente("Elders"), "Ver weg")
    for wrong in (own.pk, elsewhere.pk):
        with pytest.raises(Blocked):
            signals.move_signal(signal_id=signal.pk, team_id=wrong, why="x", actor=anna)
    with transaction.atomic(), standing_as(anna):
        signals.move_signal(signal_id=signal.pk, team_id=str(other.pk), why="Woont in Zuid", actor=anna)
    later.refresh_from_db()
    assert later.team == other and not signals_seen_by(anna).exists()
    found = signals_seen_by(bram).get(linked_to=None)
    assert (found.pk, found.handler) == (signal.pk, None)
