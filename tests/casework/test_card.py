"""Names, contact, homes and household of a person, and who stands around: written, kept, and never for a stranger."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from casework.enums import AddressKind, Gezag, MessageType
from casework.models import Address, Case, HouseholdMember, Letter, NetworkMember, Person, Relation, Representation
from casework.models.people import NO_POST, SHIELDED_ADDRESS
from casework.selectors.around import cards_of
from casework.services import around, card
from casework.services.letters import order_letter
from casework.services.people import PersonFacts, household_of
from tests.factories import actor_of, make_case, make_gemeente, make_staff, make_team, run_outbox
from tests.housemates import add_housemate
from toegang.accounts.models import User
from toegang.core.lifecycle import Blocked
from toegang.core.models import LogRow
from toegang.core.records import Stale

pytestmark = pytest.mark.django_db
NEW = card.Place("Zeedijk", "3b", "4321 BA", "Lindemeer")
POST = card.Place("Postweg", "1", "1111 AA", "Lindemeer")


@pytest.fixture
def house():
    """Fatima with her case, and a colleague of the team who does not handle it."""
    team = make_team(make_gemeente())
    anna, bram = make_staff("anna", team), make_staff("bram", team)
    return make_case(actor_of(anna)).case, actor_of(anna), actor_of(bram)


def names(**other):
    facts = {"given_names": "Fatima", "prefix": "", "family_name": "Yıldız", "gender": "V", "title": "",
             "born": 19780412, "name_use": "V", "partner_prefix": "van der", "partner_family_name": "Plas",
             "partner_title": "", "partner_ended": False, "deceased": None}  # fmt: skip
    return card.NameFacts(**facts | other)


def contact(**other):
    facts = {"phone": "", "email": "", "letter_channel": "papier", "decision_channel": "", "appointment_channel": "",
             "no_phone": False, "no_post": False, "safe_contact": "", "language": "", "interpreter": ""}  # fmt: skip
    return card.ContactFacts(**facts | other)


def change(case, facts, actor, version=1, person=None):
    whose = (person or case.person).pk
    return card.change_person(case_id=case.pk, person_id=whose, version=version, facts=facts, actor=actor)


def moved(case, actor, person=None, days=0, **other):
    whose = Person.objects.get(pk=(person or case.person).pk)
    facts = {"to": NEW, "since": actor.today - timedelta(days=days), "shielded": False, "together": False} | other
    return card.move(case_id=case.pk, person_id=whose.pk, version=whose.version, **facts, actor=actor)


def posted(case, actor, to=POST, days=0, **other):
    facts = {"to": to, "since": actor.today - timedelta(days=days), "version": fresh(case).version} | other
    return card.set_post_address(case_id=case.pk, person_id=case.person_id, **facts, actor=actor)


def fresh(case):
    return Person.objects.get(pk=case.person_id)


def told(excinfo):
    return [missing.text for missing in excinfo.value.obstacles]


# -- Names and contact -------------------------------------------------------------------------------------------


def test_a_name_is_written_as_its_bearer_wants(house):
    case, anna, _ = house
    person = change(case, names(), anna)
    assert (person.letter_name, person.salutation) == (
        "F. van der Plas-Yıldız",
        "Geachte mevrouw Van der Plas-Yıldız",
    )
    assert (person.version, person.history.first().history_user_id) == (2, anna.user_id)
    assert LogRow.objects.filter(what="Naam en geboorte gewijzigd", object_id=str(person.pk)).exists()
    assert fresh(case).family_key == "yildiz"  # found by the own name


def test_of_two_who_change_a_person_the_second_is_told(house):
    case, anna, _ = house
    change(case, names(), anna)
    with pytest.raises(Stale):
        change(case, contact(), anna)
    assert fresh(case).name_use == "V"


def test_who_does_not_handle_the_case_changes_nothing(house):
    case, anna, bram = house
    around_facts = {"name": "X", "does": "y", "told_by": "z", "since": anna.today}
    ids = {"case_id": case.pk, "person_id": case.person_id, "actor": bram}
    for act in (
        lambda: change(case, names(), bram),
        lambda: moved(case, bram),
        lambda: posted(case, bram),
        lambda: card.add_member(
            case_id=case.pk, facts=PersonFacts("Y", "Z", 20100101), since=bram.today, part_time=False, actor=bram
        ),
        lambda: card.end_membership(**ids, until=bram.today),
        lambda: around.add_around(**ids, kind="netwerk", facts=around_facts),
    ):
        with pytest.raises(PermissionDenied):
            act()
    assert fresh(case).version == 1


def test_nobody_of_another_case_is_changed(house):
    case, anna, _ = house
    other = make_case(anna, given_names="Piet", family_name="Jansen").case
    with pytest.raises(Blocked, match="Kies iemand die bij deze zaak hoort"):
        change(case, names(), anna, person=other.person)
    assert Person.objects.get(pk=other.person_id).version == 1


@pytest.mark.parametrize(
    ("chosen", "expected"),
    [
        ({}, {"beschikking": "papier", "uitnodiging": "papier", "verslag": "papier"}),
        (
            {"decision_channel": "digitaal"},
            {"beschikking": "digitaal", "uitnodiging": "papier", "verslag": "papier"},
        ),
        (
            {"appointment_channel": "digitaal"},
            {"beschikking": "papier", "uitnodiging": "digitaal", "verslag": "papier"},
        ),
    ],
)
def test_each_type_of_message_goes_by_its_own_channel(house, chosen, expected):
    case, anna, _ = house
    person = change(case, contact(**chosen), anna)
    assert {kind: person.channel_for(kind) for kind in expected} == expected
    letter = order_letter(kind="uitnodiging", case=case, addressee=person, subject="x", by=anna)
    assert letter.channel == expected["uitnodiging"]
    assert set(MessageType) == {MessageType.BESLUIT, MessageType.AFSPRAAK}


# -- Homes and post ----------------------------------------------------------------------------------------------


def test_who_moves_leaves_the_former_home_with_its_period(house):
    case, anna, _ = house
    moved(case, anna, days=30)
    moved(case, anna, days=2, to=POST)
    person = fresh(case)
    assert person.address_lines() == ["Postweg 1", "1111 AA  Lindemeer"]
    periods = [(str(found), found.since, found.until) for found in person.addresses.order_by("until")]
    day = anna.today
    assert periods == [
        ("Dorpsweg 12, 1234 AB  Voorbeeldstad", None, day - timedelta(days=31)),
        ("Zeedijk 3b, 4321 BA  Lindemeer", day - timedelta(days=30), day - timedelta(days=3)),
    ]


def test_a_move_lies_neither_in_the_future_nor_before_the_last(house):
    case, anna, _ = house
    with pytest.raises(Blocked, match="ligt in de toekomst"):
        moved(case, anna, days=-1)
    moved(case, anna, days=5)
    with pytest.raises(Blocked, match="woont al sinds"):
        moved(case, anna, days=6, to=POST)
    assert fresh(case).street == "Zeedijk" and Address.objects.count() == 1


def test_a_slip_is_set_right_on_the_day_itself_and_a_home_becomes_secret_where_it_is(house):
    case, anna, _ = house
    moved(case, anna, days=5)
    moved(case, anna, days=5, to=POST)
    assert fresh(case).street == "Postweg" and Address.objects.count() == 1
    moved(case, anna, to=POST, shielded=True)
    person = fresh(case)
    assert person.shielded and person.address_since == anna.today - timedelta(days=5) and Address.objects.count() == 1


def test_a_home_that_was_secret_stays_so_when_the_next_is_not(house):
    case, anna, _ = house
    moved(case, anna, days=9, shielded=True)
    moved(case, anna, days=2, to=POST)
    shelter = fresh(case).addresses.order_by("-until").first()
    assert (str(shelter), fresh(case).shielded) == (SHIELDED_ADDRESS, False)
    assert shelter.street == "Zeedijk"


def test_who_moves_along_keeps_a_secret_and_stops_the_move_that_cannot_be(house):
    case, anna, _ = house
    son = add_housemate(case, "Sami", anna, account=False)
    home = {name: getattr(case.person, name) for name in ("street", "house_number", "postcode", "city")}
    Person.objects.filter(pk=son.pk).update(**home, shielded=True, address_since=anna.today)
    with pytest.raises(Blocked, match="Sami Yıldız woont al sinds"):
        moved(case, anna, days=1, together=True)
    assert {person.street for person in Person.objects.all()} == {"Dorpsweg"}
    moved(case, anna, together=True)
    assert dict(Person.objects.values_list("given_names", "shielded")) == {"Fatima": False, "Sami": True}


def test_without_an_address_nobody_moves_along(house):
    case, anna, _ = house
    add_housemate(case, "Sami", anna, account=False)
    Person.objects.filter(pk=case.person_id).update(street="", house_number="", postcode="", city="")
    assert len(moved(case, anna, together=True)) == 1


def test_of_two_who_set_the_post_address_the_second_is_told(house):
    case, anna, _ = house
    posted(case, anna)
    with pytest.raises(Stale):
        posted(case, anna, to=None, version=1)
    assert fresh(case).post_lines(anna.today)[0] == "Postweg 1"


def test_the_household_moves_along_but_for_who_lives_elsewhere_too(house):
    case, anna, _ = house
    son, guest, half = (add_housemate(case, name, anna, account=False) for name in ("Sami", "Gast", "Half"))
    home = {name: getattr(case.person, name) for name in ("street", "house_number", "postcode", "city")}
    Person.objects.filter(pk__in=[son.pk, half.pk]).update(**home)
    HouseholdMember.objects.filter(person=half).update(part_time=True)
    assert {mover.pk for mover in moved(case, anna, together=True)} == {case.person_id, son.pk}
    streets = {person.given_names: person.street for person in Person.objects.all()}
    assert streets == {"Fatima": "Zeedijk", "Sami": "Zeedijk", "Gast": "", "Half": "Dorpsweg"}
    assert Person.objects.get(pk=son.pk).version == 2 and guest.street == ""


def test_post_goes_where_it_is_asked_and_home_again(house):
    case, anna, _ = house
    home = ["Dorpsweg 12", "1234 AB  Voorbeeldstad"]
    assert fresh(case).post_lines(anna.today) == home
    first = posted(case, anna, days=10, care_of="p/a Elif Yıldız")
    assert fresh(case).post_lines(anna.today) == ["p/a Elif Yıldız", "Postweg 1", "1111 AA  Lindemeer"]
    assert posted(case, anna, days=3, care_of="p/a Elif Yıldız") == first  # the same twice is one
    second = posted(case, anna, to=NEW, days=2)
    first.refresh_from_db()
    assert (first.until, second.until) == (anna.today - timedelta(days=3), None)
    assert posted(case, anna, to=None) is None
    assert fresh(case).post_lines(anna.today) == home
    assert fresh(case).post_lines(anna.today - timedelta(days=5))[0] == "p/a Elif Yıldız"


def test_a_slip_of_the_same_day_is_replaced_and_stays_in_the_history(house):
    case, anna, _ = house
    slip = posted(case, anna)
    posted(case, anna, to=NEW)
    assert fresh(case).post_lines(anna.today)[0] == "Zeedijk 3b"
    assert list(Address.history.filter(id=slip.pk).values_list("history_type", flat=True)) == ["-", "+"]
    with pytest.raises(Blocked, match="Er is al een postadres sinds"):
        posted(case, anna, days=1)


def test_the_database_keeps_one_post_address(house):
    case, anna, _ = house
    posted(case, anna)
    facts = {"gemeente_id": case.gemeente_id, "person_id": case.person_id, "kind": AddressKind.POST, "street": "x"}
    with pytest.raises(IntegrityError, match="one_post_address"), transaction.atomic():
        Address.objects.create(**facts, since=anna.today)


def test_an_unsafe_home_gets_no_post_and_a_secret_one_is_never_told(house):
    case, anna, _ = house
    change(case, contact(no_post=True, safe_contact="Via haar zus"), anna)
    assert fresh(case).post_lines(anna.today) == [NO_POST]
    moved(case, anna, shielded=True)
    assert fresh(case).post_lines(anna.today) == [SHIELDED_ADDRESS]
    posted(case, anna)
    assert fresh(case).envelope_lines(anna.today) == ["F. Yıldız", "Postweg 1", "1111 AA  Lindemeer"]
    seen = " ".join(fresh(case).envelope_lines(anna.today) + fresh(case).address_lines())
    assert "Zeedijk" not in seen and "Dorpsweg" not in seen


def test_who_died_gets_no_letters(house):
    case, anna, _ = house
    change(case, names(deceased=20260000), anna)
    assert str(fresh(case).death) == "2026"
    with pytest.raises(Blocked, match="is overleden"):
        order_letter(kind="verslag", case=case, addressee=fresh(case), subject="x", by=anna)
    assert not Letter.objects.filter(kind="verslag").exists()


# -- Household ---------------------------------------------------------------------------------------------------


def test_a_child_of_two_homes_belongs_to_both_households(house):
    case, anna, _ = house
    other = make_case(anna, given_names="Piet", family_name="Jansen", postcode="4321 BA").case
    facts = PersonFacts("Sami", "Yıldız", 20140501, bsn="999990019")
    child = card.add_member(case_id=case.pk, facts=facts, since=anna.today, part_time=True, actor=anna)
    same = card.add_member(case_id=other.pk, facts=facts, since=anna.today, part_time=True, actor=anna)
    assert child == same and child.memberships.filter(until=None, part_time=True).count() == 2
    ids = {"case_id": case.pk, "person_id": child.pk, "kind": "netwerk", "actor": anna}
    around.add_around(**ids, facts={"name": "Oma", "does": "past op", "told_by": "moeder", "since": anna.today})
    here, there = (cards_of(each, anna.today) for each in (case, other))
    assert [len(found.around["netwerk"]) for found in here if found.person == child] == [1]
    assert [len(found.around["netwerk"]) for found in there if found.person == child] == [0]  # each sees its part


def test_who_left_stays_in_the_case_and_may_come_back(house):
    case, anna, _ = house
    son = add_housemate(case, "Sami", anna, account=False)
    HouseholdMember.objects.filter(person=son).update(since=anna.today - timedelta(days=9))
    ids = {"case_id": case.pk, "person_id": son.pk, "actor": anna}
    with pytest.raises(Blocked, match="Vul een dag in van"):
        card.end_membership(**ids, until=anna.today - timedelta(days=10))
    card.end_membership(**ids, until=anna.today)
    assert [(found.person, found.left) for found in cards_of(case, anna.today)] == [(case.person, False), (son, True)]
    with pytest.raises(Blocked, match="hoort al niet meer bij dit huishouden"):
        card.end_membership(**ids, until=anna.today)
    for act in (
        lambda: change(case, contact(), anna, person=son),
        lambda: moved(case, anna, person=son),
        lambda: around.add_around(
            **ids, kind="netwerk", facts={"name": "X", "does": "y", "told_by": "z", "since": anna.today}
        ),
    ):  # where they live since is not for who stayed
        with pytest.raises(Blocked, match="hoort niet meer bij dit huishouden"):
            act()
    facts = PersonFacts(son.given_names, son.family_name, son.born)
    back = card.add_member(case_id=case.pk, facts=facts, since=anna.today, part_time=False, actor=anna)
    assert back == son and [found.left for found in cards_of(case, anna.today)] == [False, False]
    with pytest.raises(Blocked, match="hoort al bij dit huishouden"):
        card.add_member(case_id=case.pk, facts=facts, since=anna.today, part_time=False, actor=anna)


def test_who_joins_from_a_case_that_is_not_seen_is_told_to_its_contactpersoon(house, settings, mailoutbox):
    case, anna, _ = house
    settings.SENDS_MAIL = True
    els = make_staff("els", make_team(case.gemeente, "Wijkteam Zuid"))
    User.objects.filter(pk=els.pk).update(email="els@voorbeeldstad.example")
    other = make_case(actor_of(els), given_names="Sami", family_name="Jansen", bsn="999990019").case
    facts = PersonFacts("Sami", "Jansen", 19780412, bsn="999990019")
    card.add_member(case_id=case.pk, facts=facts, since=anna.today, part_time=True, actor=anna)
    row = LogRow.objects.get(case_id=other.pk, what__startswith="Persoon toegevoegd aan het huishouden van zaak")
    assert (row.user_id, row.object_id) == (anna.user_id, str(other.person_id))
    run_outbox()
    assert [(mail.to, "Sami" in mail.body) for mail in mailoutbox] == [(["els@voorbeeldstad.example"], False)]


def test_a_secret_address_goes_along_as_a_secret(house):
    case, anna, _ = house
    Person.objects.filter(pk=case.person_id).update(shielded=True)
    home = {name: getattr(case.person, name) for name in ("street", "house_number", "postcode", "city")}
    facts = PersonFacts("Sami", "Yıldız", 20140501, shielded=True, **home)
    child = card.add_member(case_id=case.pk, facts=facts, since=anna.today, part_time=False, actor=anna)
    assert child.address_lines() == [SHIELDED_ADDRESS]


def test_a_melding_for_a_child_of_two_homes_goes_to_the_household_that_is_seen(house):
    """Never into the shielded case of the other parent."""
    case, anna, _ = house
    els = actor_of(make_staff("els", make_team(case.gemeente, "Wijkteam Zuid")))
    mothers = make_case(els, given_names="Maria", family_name="Bos", born=19800101).case
    facts = PersonFacts("Sami", "Yıldız", 20140501, bsn="999990019")
    child = card.add_member(case_id=mothers.pk, facts=facts, since=anna.today, part_time=False, actor=els)
    card.add_member(case_id=case.pk, facts=facts, since=anna.today, part_time=True, actor=anna)
    Case.objects.filter(pk=mothers.pk).update(shielded=True)
    assert household_of(person=child, on=anna.today, by=anna) == case.household
    assert household_of(person=child, on=anna.today, by=els) == mothers.household
    HouseholdMember.objects.filter(household=case.household, person=child).update(until=anna.today)
    assert household_of(person=child, on=anna.today, by=anna) not in {case.household, mothers.household}


def test_whose_name_the_case_bears_does_not_leave(house):
    case, anna, _ = house
    with pytest.raises(Blocked, match="op naam van deze persoon"):
        card.end_membership(case_id=case.pk, person_id=case.person_id, until=anna.today, actor=anna)


# -- Around somebody ---------------------------------------------------------------------------------------------


def add(case, actor, circle, **facts):
    ids = {"case_id": case.pk, "person_id": case.person_id, "actor": actor}
    return around.add_around(**ids, kind=circle, facts={"name": "Elif Yıldız", "since": actor.today} | facts)


def mother(day, **other):
    return {"kind": "ouder", "gezag": "ja", "gezag_source": "gezagsregister", "gezag_checked_on": day} | other


def test_family_with_gezag_its_source_and_day(house):
    case, anna, _ = house
    found = add(case, anna, "familie", **mother(anna.today))
    assert (found.gezag, found.recorded_by_id) == (Gezag.JA, anna.user_id)
    assert add(case, anna, "familie", **mother(anna.today)).pk == found.pk  # a double click is one
    assert add(case, anna, "familie", kind="ouder", gezag="onbekend").gezag_source == ""
    assert Relation.objects.count() == 2


@pytest.mark.parametrize(
    ("circle", "wrong", "sentence"),
    [
        ("familie", {"kind": "ouder", "gezag": "nee"}, "Schrijf op waar het gezag uit blijkt"),
        ("familie", {"kind": "broer_zus", "gezag": "onbekend"}, "Gezag vult u alleen in bij wie een kind opvoedt."),
        ("familie", {"kind": "kind", "since": 1}, "De eerste dag ligt in de toekomst."),
        ("familie", {"kind": "kind", "until": -1}, "De laatste dag ligt vóór de eerste dag."),
        ("vertegenwoordiger", {"kind": "mentor", "scope": "zorg", "proof_seen_on": 0}, "Schrijf op welk bewijs u zag."),
        (
            "vertegenwoordiger",
            {"kind": "mentor", "scope": "zorg", "proof": "x", "proof_seen_on": 1},
            "Het bewijs kan niet in de toekomst zijn gezien.",
        ),
    ],
)
def test_what_does_not_fit_is_told_and_nothing_is_written(house, circle, wrong, sentence):
    case, anna, _ = house
    days = {name: anna.today + timedelta(days=value) for name, value in wrong.items() if isinstance(value, int)}
    with pytest.raises(Blocked) as excinfo:
        add(case, anna, circle, **wrong | days)
    assert [text for text in told(excinfo) if text.startswith(sentence)]
    assert not Relation.objects.exists() and not Representation.objects.exists()


def test_a_representative_without_proof_is_registered_and_marked(house):
    case, anna, _ = house
    found = add(case, anna, "vertegenwoordiger", kind="bewindvoerder", scope="geld")
    assert not found.proven
    facts = {"name": found.name, "since": found.since, "kind": "bewindvoerder", "scope": "geld"}
    facts |= {"proof": "beschikking rechtbank", "proof_seen_on": anna.today, "until": anna.today}
    ids = {"case_id": case.pk, "around_id": found.pk, "kind": "vertegenwoordiger", "actor": anna}
    changed = around.change_around(**ids, version=1, facts=facts)
    assert changed.proven and changed.until == anna.today
    with pytest.raises(Stale):
        around.change_around(**ids, version=1, facts=facts)


def test_nothing_holds_a_number_or_the_health_of_who_helps():
    names_of = {field.name for field in NetworkMember._meta.concrete_fields}
    assert names_of == {
        *("id", "gemeente", "case", "person", "name", "phone", "email", "since", "until", "recorded_by", "version"),
        *("does", "how_often", "told_by"),
    }


def test_the_page_of_the_people_takes_the_same_queries_for_any_household(house):
    case, anna, _ = house

    def asked():
        with CaptureQueriesContext(connection) as queries:
            cards_of(case, anna.today)
        return len(queries)

    few = asked()
    for name in ("Een", "Twee", "Drie"):
        add_housemate(case, name, anna, account=False)
        add(case, anna, "familie", kind="kind", name=name)
    posted(case, anna)
    assert asked() == few
