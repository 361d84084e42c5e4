"""From melding to a case: registered on its day, linked, with the terms of the law and a receipt."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from casework.enums import CaseStatus, HulpvraagStatus
from casework.models import Case, Deadline, Grant, Household, HouseholdMember, Hulpvraag, Letter, Melding, Person
from casework.services import analysis, intake
from casework.services.intake import Question
from tests.factories import (
    actor_of,
    drive,
    fresh,
    make_case,
    make_gemeente,
    make_staff,
    make_team,
    melding_facts,
    person_facts,
    run_outbox,
    send_letters,
)
from toegang.core.lifecycle import Blocked
from toegang.core.models import OutboxRow

pytestmark = pytest.mark.django_db
AMSTERDAM = ZoneInfo("Europe/Amsterdam")
SON = {"given_names": "Emre", "family_name": "Yıldız", "born": 20150302}


@pytest.fixture
def team():
    return make_team(make_gemeente())


@pytest.fixture
def anna(team):
    return actor_of(make_staff("anna", team))


def on_day(actor, day):
    """The same actor on another day."""
    return replace(actor, today=day, now=datetime.combine(day, datetime.min.time(), AMSTERDAM))


def register(actor, facts, **changes):
    (gemeente_id,), (team_id,) = actor.gemeente_ids, actor.team_ids
    return intake.register_melding(actor=actor, gemeente_id=gemeente_id, team_id=team_id, facts=facts, **changes)


def terms(hulpvraag):
    return dict(Deadline.objects.filter(hulpvraag=hulpvraag).values_list("key", "due_on"))


def test_a_melding_opens_a_case_with_its_person_household_hulpvraag_contactpersoon_and_receipt(anna):
    found = register(anna, melding_facts(on=anna.today))

    case = Case.objects.get()
    assert (found.case, found.new_case) == (case, True)
    assert (case.status, case.opened_on, case.reference) == (
        CaseStatus.MELDING, anna.today, f"ZD-{anna.today.year}-00001",
    )  # fmt: skip
    assert [p.name for p in case.household.people.all()] == ["Fatima Yıldız"]
    assert case.contactpersoon() == anna.user
    (hulpvraag,) = found.hulpvragen
    assert (hulpvraag.law, hulpvraag.status, hulpvraag.melding_on) == ("wmo", HulpvraagStatus.GEMELD, anna.today)
    assert set(terms(hulpvraag)) == {"wmo_persoonlijk_plan", "wmo_onderzoek"}
    letter = Letter.objects.get()
    assert (letter.kind, letter.hulpvraag, letter.document, letter.sent_on) == (
        "ontvangstbevestiging", hulpvraag, None, None,
    )  # fmt: skip
    assert OutboxRow.objects.get().key == f"letter:{letter.pk}"


def test_a_second_melding_of_the_same_day_is_linked_and_makes_no_second_question(anna):
    first = register(anna, melding_facts())
    second = register(anna, melding_facts())

    assert (second.case, second.new_case, second.hulpvragen) == (first.case, False, [])
    assert (first.melding.linked_to, second.melding.linked_to) == (None, first.melding)
    assert Melding.objects.count() == 2
    assert (Case.objects.count(), Hulpvraag.objects.count(), Person.objects.count()) == (1, 1, 1)
    assert Letter.objects.count() == 1


def test_a_melding_of_another_day_is_a_new_question_with_its_own_terms(anna):
    first = register(anna, melding_facts(on=anna.today - timedelta(days=9)))
    second = register(anna, melding_facts(on=anna.today))

    assert (second.case, second.new_case, second.melding.linked_to) == (first.case, False, None)
    assert [h.melding_on for h in first.case.hulpvragen.all()] == [anna.today - timedelta(days=9), anna.today]
    assert Deadline.objects.filter(key="wmo_onderzoek").count() == 2


def test_two_laws_and_two_persons_are_one_household_with_one_case(anna):
    son = person_facts(**SON)
    facts = melding_facts()
    questions = [*facts.questions, Question("jeugd", "Hulp op school", person=son)]
    found = register(anna, replace(facts, questions=questions))

    case = Case.objects.get()
    household = Household.objects.get()
    assert case.household == household
    assert {p.name for p in household.people.all()} == {"Fatima Yıldız", "Emre Yıldız"}
    assert [(h.law, h.person.given_names) for h in found.hulpvragen] == [("wmo", "Fatima"), ("jeugd", "Emre")]
    assert [set(terms(h)) for h in found.hulpvragen] == [
        {"wmo_persoonlijk_plan", "wmo_onderzoek"},
        {"jeugd_onderzoek"},
    ]
    assert [(x.addressee.given_names, x.hulpvraag.law) for x in Letter.objects.order_by("hulpvraag__law")] == [
        ("Emre", "jeugd"),
        ("Fatima", "wmo"),
    ]


def test_a_question_of_a_housemate_joins_the_open_case(anna):
    first = register(anna, melding_facts())
    HouseholdMember.objects.create(
        gemeente_id=first.case.gemeente_id,
        household=first.case.household,
        person=Person.objects.create(gemeente_id=first.case.gemeente_id, **vars(person_facts(**SON))),
        since=anna.today,
    )
    second = register(anna, melding_facts(("jeugd",), **SON))

    assert (second.case, second.new_case) == (first.case, False)
    assert [str(h.person) for h in first.case.hulpvragen.order_by("law")] == ["Emre Yıldız", "Fatima Yıldız"]


def test_a_melding_after_the_case_was_closed_opens_a_new_case(anna):
    first = drive(make_case(anna).case, "plan")
    analysis.close_case(case_id=first.pk, reason="verhuisd", actor=actor_of(anna.user))
    second = register(anna, melding_facts(on=anna.today))

    assert second.new_case
    assert second.case != first
    assert second.case.household == first.household
    assert (second.case.person, Person.objects.count()) == (first.person, 1)


# domain.md §3.3, the rows that start with a melding or an aanvraag, with the equated days of the table.
MELDINGEN = [
    pytest.param("wmo", date(2028, 1, 18), date(2028, 2, 29), id="row 5: leap day"),
    pytest.param("wmo", date(2027, 1, 18), date(2027, 3, 1), id="row 5: no leap day"),
    pytest.param("wmo", date(2032, 1, 18), date(2032, 3, 1), id="row 6: leap day on Sunday"),
    pytest.param("wmo", date(2027, 4, 5), date(2027, 5, 18), id="row 8: Whit Monday"),
    pytest.param("jeugd", date(2027, 4, 5), date(2027, 5, 18), id="row 8, for the Jeugdwet by own policy"),
]


@pytest.mark.parametrize(("law", "received", "due"), MELDINGEN)
def test_the_onderzoek_is_due_six_weeks_after_the_melding(anna, law, received, due):
    (hulpvraag,) = register(on_day(anna, received), melding_facts((law,), on=received)).hulpvragen
    assert terms(hulpvraag)[f"{law}_onderzoek"] == due


def test_the_own_plan_is_due_seven_days_after_the_melding(anna):
    received = date(2026, 11, 12)
    (hulpvraag,) = register(anna, melding_facts(on=received)).hulpvragen
    assert terms(hulpvraag)["wmo_persoonlijk_plan"] == date(2026, 11, 19)


AANVRAGEN = [
    pytest.param("wmo", date(2027, 3, 12), date(2027, 3, 30), id="row 3: Easter"),
    pytest.param("jeugd", date(2026, 11, 6), date(2027, 1, 4), id="row 7: New Year"),
]


@pytest.mark.parametrize(("law", "received", "due"), AANVRAGEN)
def test_the_besluit_is_due_from_the_receipt_of_the_aanvraag(anna, law, received, due):
    actor = on_day(anna, received)
    (hulpvraag,) = register(actor, melding_facts((law,), on=received - timedelta(days=50))).hulpvragen
    intake.register_aanvraag_on(hulpvraag_id=hulpvraag.pk, received_on=received, actor=actor)

    assert terms(hulpvraag)[f"{law}_besluit"] == due
    row = Deadline.objects.get(hulpvraag=hulpvraag, key=f"{law}_besluit")
    assert (row.starts_on, row.cause, row.met_on) == (received, "aanvraag ontvangen", None)


@pytest.mark.parametrize(
    ("law", "days_after", "premature"),
    [("wmo", 10, True), ("wmo", 42, True), ("wmo", 43, False), ("jeugd", 10, False)],
)
def test_an_aanvraag_before_the_verslag_and_within_six_weeks_is_marked_not_refused(anna, law, days_after, premature):
    """Wmo 2015 art. 2.3.2 lid 9; the six weeks after 1 September 2026 end on 13 October."""
    melding = date(2026, 9, 1)
    (hulpvraag,) = register(anna, melding_facts((law,), on=melding)).hulpvragen
    intake.register_aanvraag_on(hulpvraag_id=hulpvraag.pk, received_on=melding + timedelta(days=days_after), actor=anna)

    hulpvraag = Hulpvraag.objects.get()
    assert (hulpvraag.status, hulpvraag.aanvraag_on, hulpvraag.aanvraag_premature) == (
        HulpvraagStatus.AANVRAAG, melding + timedelta(days=days_after), premature,
    )  # fmt: skip


def test_an_aanvraag_after_the_verslag_is_never_premature(anna):
    case = drive(make_case(anna).case, "verslag")
    (hulpvraag,) = case.hulpvragen.all()
    intake.register_aanvraag_on(hulpvraag_id=hulpvraag.pk, received_on=anna.today, actor=actor_of(anna.user))
    assert not Hulpvraag.objects.get().aanvraag_premature


@pytest.mark.parametrize(
    ("days", "sentence"),
    [(1, "De datum van de aanvraag ligt in de toekomst."), (-11, "De aanvraag kan niet vóór de melding van ")],
)
def test_an_aanvraag_of_an_impossible_day_changes_nothing(anna, days, sentence):
    (hulpvraag,) = make_case(anna).hulpvragen
    with pytest.raises(Blocked) as stop:
        intake.register_aanvraag_on(
            hulpvraag_id=hulpvraag.pk, received_on=anna.today + timedelta(days=days), actor=actor_of(anna.user)
        )
    assert str(stop.value).startswith(sentence)
    assert Hulpvraag.objects.get().aanvraag_on is None
    assert not Deadline.objects.filter(key="wmo_besluit").exists()


def test_the_receipt_that_the_worker_sends_in_the_portaal_is_noted_on_its_day(anna):
    (hulpvraag,) = make_case(anna).hulpvragen
    assert hulpvraag.receipt_sent_on is None
    assert run_outbox() == 1

    letter = Letter.objects.get()
    assert Hulpvraag.objects.get().receipt_sent_on == letter.sent_on == letter.dated == anna.today
    assert letter.document.content_type == "application/pdf"


def test_a_receipt_on_paper_is_noted_when_it_is_posted(anna):
    registered = make_case(anna, letter_channel="papier")
    run_outbox()
    assert Letter.objects.get().document is not None
    assert Hulpvraag.objects.get().receipt_sent_on is None

    send_letters(registered.case, actor_of(anna.user))
    assert Hulpvraag.objects.get().receipt_sent_on == anna.today


def test_a_referral_starts_no_term_and_asks_no_receipt(anna):
    (hulpvraag,) = register(anna, melding_facts(("jeugd",), referrer="huisarts", **SON)).hulpvragen
    assert hulpvraag.status == HulpvraagStatus.VERWEZEN
    assert (terms(hulpvraag), Letter.objects.count()) == ({}, 0)


def test_a_melding_of_the_deceased_is_told_and_makes_nothing(anna):
    case = make_case(anna).case
    Person.objects.update(deceased=20261101)
    with pytest.raises(Blocked, match="Fatima Yıldız is volgens onze gegevens overleden"):
        register(anna, melding_facts(on=anna.today))
    assert (Melding.objects.count(), fresh(case).status) == (1, CaseStatus.MELDING)


def test_a_melding_of_tomorrow_is_told_and_makes_nothing(anna):
    with pytest.raises(Blocked, match="De datum van de melding ligt in de toekomst"):
        register(anna, melding_facts(on=anna.today + timedelta(days=1)))
    assert (Case.objects.count(), Person.objects.count()) == (0, 0)


def test_a_teamleider_who_registers_is_no_contactpersoon(team):
    leader = actor_of(make_staff("leo", team, roles=("teamleider",)))
    case = register(leader, melding_facts()).case
    assert (case.contactpersoon(), Grant.objects.count()) == (None, 0)


def test_a_question_for_another_desk_is_handed_over_with_its_day(anna):
    registered = make_case(anna, laws=("wmo", "pw"))
    (pw,) = [h for h in registered.hulpvragen if h.law == "pw"]
    intake.hand_over(hulpvraag_id=pw.pk, to="Werk en inkomen", actor=actor_of(anna.user))

    pw.refresh_from_db()
    assert (pw.status, pw.handed_to, pw.ended_on) == (HulpvraagStatus.DOORGEZET, "Werk en inkomen", anna.today)
    assert Hulpvraag.objects.get(law="wmo").status == HulpvraagStatus.GEMELD
