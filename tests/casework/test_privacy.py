"""Requests about the own data: registered on their day, answered within the term, told by letter."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from casework.enums import GrantKind
from casework.models import Case, Letter, Person, PrivacyRequest, Statement
from casework.selectors import due_views, worklist_of
from casework.selectors.privacy import requests_to_answer, restrictions, watched_requests
from casework.services import privacy
from casework.services.analysis import close_case
from casework.services.grants import begin_grant
from casework.services.privacy import RequestFacts
from decisions.services import inzage
from tests import factories as make
from toegang.clock.digest import counts_for
from toegang.core.lifecycle import Blocked, steps_for
from toegang.core.models import LogRow
from toegang.core.records import Stale
from toegang.portaal.letters import text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def team():
    return make.make_team(make.make_gemeente())


@pytest.fixture
def worker(team):
    return make.make_staff("sanne", team)


@pytest.fixture
def case(worker):
    return make.make_case(make.actor_of(worker)).case


def asked(case, worker, kind="inzage", *, on=None, **facts):
    """A request of the person whose name the case bears, by telephone, of today."""
    actor = make.actor_of(worker)
    given = {"words": "Ik wil het weten.", "route": "telefoon", "person": case.person, **facts}
    if kind == "correctie":
        given |= {"subject": "plan", **facts}
    facts = RequestFacts(kind=kind, received_on=on or actor.today, **given)
    return privacy.register_request(case_id=case.pk, facts=facts, actor=actor)


def fresh(record):
    return PrivacyRequest.objects.get(pk=record.pk)


def taken_up(record, worker, **facts):
    given = {"identity": "Paspoort aan de balie", **facts}
    return privacy.take_up(request_id=record.pk, version=record.version, actor=make.actor_of(worker), **given)


def test_a_request_is_registered_on_its_day_and_the_term_runs_from_it(case, worker):
    record = asked(case, worker, on=date(2026, 1, 30))
    assert (record.status, record.received_on, record.due_on) == ("ontvangen", date(2026, 1, 30), date(2026, 3, 2))
    assert [row.what for row in LogRow.objects.filter(object_id=str(record.pk))] == ["Verzoek ontvangen: Inzage"]
    assert ("Verzoek over gegevens: Inzage, Fatima Yıldız", date(2026, 3, 2)) in [
        (name, view.on) for name, view in due_views(case, make.actor_of(worker).today)
    ]


@pytest.mark.parametrize("kind", ["inzage", "correctie", "beperking"])
@pytest.mark.parametrize("state", ["melding", "besluit", "afgesloten"])
def test_no_state_of_the_case_refuses_a_request(case, worker, kind, state):
    if state == "afgesloten":
        close_case(case_id=case.pk, reason="ingetrokken", actor=make.actor_of(worker))
    else:
        make.drive(case, state)
    assert asked(case, worker, kind).status == "ontvangen"


def test_an_open_request_does_not_hold_the_end_of_the_case(case, worker):
    record = asked(case, worker)
    close_case(case_id=case.pk, reason="ingetrokken", actor=make.actor_of(worker))
    assert make.fresh(case).status == "afgesloten"
    assert list(requests_to_answer(make.actor_of(worker))) == [record]


def test_the_same_request_twice_is_one(case, worker):
    first = asked(case, worker)
    assert asked(case, worker) == first
    assert asked(case, worker, words="Iets anders") != first
    assert PrivacyRequest.objects.count() == 2


def test_a_day_that_is_still_to_come_and_a_correction_without_words_are_told(case, worker):
    tomorrow = make.actor_of(worker).today + timedelta(days=1)
    with pytest.raises(Blocked, match="in de toekomst"):
        asked(case, worker, on=tomorrow)
    with pytest.raises(Blocked, match="wat er niet klopt"):
        asked(case, worker, "correctie", words=" ")
    assert not PrivacyRequest.objects.exists()


def test_who_does_not_see_the_case_cannot_register(case, worker, team):
    stranger = make.make_staff("els", make.make_team(case.gemeente, "Wijkteam Zuid"))
    other = make.make_case(make.actor_of(stranger), given_names="Els", born=19600101)
    with pytest.raises(PermissionDenied):
        asked(case, stranger)
    with pytest.raises(PermissionDenied):  # a person of another case
        asked(case, worker, person=other.case.person)
    resident = make.make_resident(case, make.actor_of(worker))
    with pytest.raises(PermissionDenied):  # an inwoner, for somebody else
        asked(case, resident, person=Person.objects.get(pk=other.case.person_id))
    assert not PrivacyRequest.objects.exists()
    assert asked(case, resident, route="portaal").registered_by == resident


def test_who_answers(case, worker, team):
    record = asked(case, worker)
    colleague = make.make_staff("bram", team)
    toetser = make.make_staff("tessa", roles=("toetser",), gemeente=case.gemeente)
    leader = make.make_staff("lies", team, roles=("teamleider",))
    names = {
        user.username: sorted(s.name for s in steps_for(record, make.actor_of(user)))
        for user in (worker, colleague, toetser, leader)
    }
    assert names == {"sanne": ["prolong", "reject", "take_up"], "bram": [], "tessa": [], "lies": []}
    begin_grant(case=case, user=toetser, kind=GrantKind.CONSULT, reason="Vraag", by=make.actor_of(worker))
    assert sorted(s.name for s in steps_for(record, make.actor_of(toetser))) == ["prolong", "reject", "take_up"]
    with pytest.raises(PermissionDenied):
        taken_up(record, colleague)


def test_who_asks_is_known_and_a_representative_is_weighed(case, worker):
    record = asked(case, worker, asker="vertegenwoordiger", asker_name="Rogier")
    with pytest.raises(Blocked, match="hoe u weet wie"):
        taken_up(record, worker, identity=" ", weighing="Ouder met gezag")
    with pytest.raises(Blocked, match="waarom deze vertegenwoordiger"):
        taken_up(record, worker)
    assert taken_up(record, worker, weighing="Ouder met gezag, past bij het belang").status == "in_behandeling"


def child(case, years, worker):
    today = make.actor_of(worker).today
    born = date(today.year - years, today.month, today.day)
    Person.objects.filter(pk=case.person_id).update(born=int(f"{born:%Y%m%d}"))
    return make.fresh(case)


@pytest.mark.parametrize(("years", "refused"), [(11, True), (12, False)])
def test_a_child_younger_than_twelve_is_refused_with_a_sentence(case, worker, years, refused):
    record = taken_up(asked(child(case, years, worker), worker), worker)
    facts = {"request_id": record.pk, "version": record.version, "actor": make.actor_of(worker)}
    if not refused:
        assert inzage.prepare(**facts).status == "controle"
        return
    with pytest.raises(Blocked, match="Een kind jonger dan twaalf jaar krijgt zelf geen inzage"):
        inzage.prepare(**facts)
    assert fresh(record).status == "in_behandeling"


def test_a_parent_may_ask_for_a_child_younger_than_twelve(case, worker):
    record = asked(child(case, 8, worker), worker, asker="vertegenwoordiger", asker_name="De moeder")
    record = taken_up(record, worker, weighing="Gezag; het past bij het belang van het kind")
    prepared = inzage.prepare(request_id=record.pk, version=record.version, actor=make.actor_of(worker))
    assert prepared.status == "controle"


def test_the_term_is_made_longer_once_with_a_letter_that_says_why(case, worker):
    start = make.actor_of(worker).today
    record = asked(case, worker)
    facts = {"request_id": record.pk, "reason": "Het dossier is groot.", "actor": make.actor_of(worker)}
    longer = privacy.prolong(version=record.version, **facts)
    assert longer.due_on > record.due_on and longer.extended_on == start
    with pytest.raises(Blocked, match="maar één keer"):
        privacy.prolong(version=longer.version, **facts)
    make.run_outbox()
    letter = Letter.objects.get(kind="avg_verlenging")
    assert letter.sent_on == start
    words = " ".join(p for section in text_of(letter).sections for p in section.paragraphs)
    assert "Het dossier is groot." in words


def test_a_term_that_is_over_is_not_made_longer(case, worker):
    record = asked(case, worker, on=date(2026, 1, 5))
    with pytest.raises(Blocked, match="al voorbij"):
        privacy.prolong(request_id=record.pk, version=record.version, reason="Druk", actor=make.actor_of(worker))
    assert fresh(record).extended_on is None


def test_a_refusal_tells_its_ground_and_how_to_object(case, worker):
    record = asked(case, worker)
    ended = privacy.reject(
        request_id=record.pk, version=record.version, ground="Wij weten niet zeker wie dit vroeg",
        explanation="U liet zich niet zien.", actor=make.actor_of(worker),
    )  # fmt: skip
    assert (ended.status, ended.ended_on) == ("afgewezen", make.actor_of(worker).today)
    make.run_outbox()
    sections = {s.key: s for s in text_of(Letter.objects.get(kind="avg_antwoord")).sections}
    assert list(sections) == ["inleiding", "afwijzing", "wet_en_regels", "bezwaar", "klacht", "vragen"]
    assert sections["afwijzing"].paragraphs == [
        "Wij doen niet wat u vroeg. De reden: wij weten niet zeker wie dit vroeg.",
        "U liet zich niet zien.",
    ]
    assert "artikel 12 lid 6 AVG" in sections["wet_en_regels"].paragraphs[0]


def settled(record, worker, outcome, explanation=""):
    return privacy.settle_correction(
        request_id=record.pk, version=record.version, outcome=outcome, explanation=explanation,
        actor=make.actor_of(worker),
    )  # fmt: skip


def test_a_correction_ends_with_the_words_of_the_inwoner_beside_ours(case, worker):
    make.drive(case, "plan")
    before = list(case.onderzoek_answers.values_list("text", flat=True))
    hulpvraag = case.hulpvragen.get()
    record = asked(case, worker, "correctie", subject="verslag", hulpvraag=hulpvraag, words="Ik zei het anders.")
    ended = settled(taken_up(record, worker), worker, "verklaring")
    (statement,) = Statement.objects.all()
    assert (ended.status, ended.outcome) == ("afgehandeld", "verklaring")
    assert (statement.text, statement.subject, statement.hulpvraag, statement.person) == (
        "Ik zei het anders.", "verslag", hulpvraag, case.person,
    )  # fmt: skip
    assert list(case.onderzoek_answers.values_list("text", flat=True)) == before
    make.run_outbox()
    sections = [s.key for s in text_of(Letter.objects.get(kind="avg_antwoord")).sections]
    assert sections == ["inleiding", "verklaring", "wet_en_regels", "bezwaar", "klacht", "vragen"]


def test_a_correction_may_end_with_a_change_in_the_ordinary_way(case, worker):
    ended = settled(taken_up(asked(case, worker, "correctie"), worker), worker, "gewijzigd", "Het adres is nieuw.")
    assert (ended.outcome, ended.explanation) == ("gewijzigd", "Het adres is nieuw.")
    assert not Statement.objects.exists()


def test_each_kind_takes_its_own_steps_only(case, worker):
    actor = make.actor_of(worker)
    seen = {}
    for kind in ("inzage", "correctie", "beperking"):
        record = taken_up(asked(case, worker, kind), worker)
        ready = {step.name for step in steps_for(record, actor) if not step.obstacles}
        seen[kind] = ready
    assert seen == {
        "inzage": {"prepare", "prolong", "reject"},
        "correctie": {"settle", "prolong", "reject"},
        "beperking": {"restrict", "prolong", "reject"},
    }


def test_a_restriction_is_on_until_it_is_lifted(case, worker):
    record = taken_up(asked(case, worker, "beperking"), worker)
    on = privacy.restrict(
        request_id=record.pk, version=record.version, explanation="Tot wij het weten.", actor=make.actor_of(worker)
    )
    assert [found.case_id for found in restrictions()] == [case.pk]
    facts = {"request_id": record.pk, "version": on.version, "actor": make.actor_of(worker)}
    privacy.lift_restriction(reason="Nagekeken; gisteren gebeld.", **facts)
    assert list(restrictions()) == []
    with pytest.raises(Stale):
        privacy.lift_restriction(reason="Nog eens", **facts)


def test_the_deceased_get_no_letter(case, worker):
    record = asked(case, worker)
    Person.objects.filter(pk=case.person_id).update(deceased=20260101)
    privacy.reject(
        request_id=record.pk, version=record.version, ground="Het raakt de rechten van een ander te veel",
        explanation="x", actor=make.actor_of(worker),
    )  # fmt: skip
    assert fresh(record).answer is None
    assert not Letter.objects.filter(kind="avg_antwoord").exists()


def test_a_stale_step_changes_nothing(case, worker):
    record = asked(case, worker)
    taken_up(record, worker)
    with pytest.raises(Stale):
        privacy.reject(
            request_id=record.pk, version=record.version, ground="x", explanation="x", actor=make.actor_of(worker)
        )
    assert fresh(record).status == "in_behandeling"


@pytest.mark.parametrize(
    "wrong",
    [
        {"status": "afgewezen"},
        {"status": "afgehandeld", "ended_on": "2026-01-01"},
        {"outcome": "pakket"},
        {"extended_on": "2026-01-01"},
        {"lifted_on": "2026-01-01"},
        {"status": "weg"},
    ],
)
def test_the_database_holds_what_an_end_needs(case, worker, wrong):
    record = asked(case, worker)
    with pytest.raises(IntegrityError), transaction.atomic():
        PrivacyRequest.objects.filter(pk=record.pk).update(**wrong)


def test_the_privacy_officer_sees_the_terms_of_the_own_gemeente_and_nothing_else(case, worker, team):
    asked(case, worker, on=date(2026, 1, 5), words="KANARIE")
    privacy.reject(
        request_id=asked(case, worker, "beperking").pk, version=1, ground="x", explanation="x",
        actor=make.actor_of(worker),
    )  # fmt: skip
    officer = make.make_staff("fg", roles=("privacy",), gemeente=case.gemeente)
    elsewhere = make.make_staff("fg2", roles=("privacy",), gemeente=make.make_gemeente("Elders"))
    (row,) = watched_requests(make.actor_of(officer))
    assert (row.reference, row.kind, row.status, row.received_on) == (
        case.reference, "Inzage", "Ontvangen", date(2026, 1, 5),
    )  # fmt: skip
    assert row.due.on == date(2026, 2, 5) and "te laat" in row.due.words
    assert "KANARIE" not in str(row) and case.person.name not in str(row)
    assert watched_requests(make.actor_of(elsewhere)) == watched_requests(make.actor_of(worker)) == []
    assert not Case.objects.visible_to(make.actor_of(officer)).exists()


def test_who_handles_is_told_in_the_worklist_and_in_the_mail(case, worker, team):
    asked(case, worker, on=date(2026, 1, 5))
    asked(case, worker, "beperking")
    (row,) = worklist_of(make.actor_of(worker))
    assert (row.next_step, row.due.on) == ("Beantwoord het verzoek over de gegevens", date(2026, 2, 5))
    counts = counts_for(make.actor_of(worker))
    assert (counts.requests, counts.requests_late) == (2, 1)
    assert {"2 verzoeken over gegevens wachten op uw antwoord.", "1 verzoek over gegevens is te laat."} <= set(
        counts.sentences()
    )
    assert counts_for(make.actor_of(make.make_staff("bram", team))).requests == 0
