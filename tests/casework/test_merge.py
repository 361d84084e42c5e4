"""Two records of one person: linked, found as one, and undone to what it was."""

import pytest
from django.apps import apps
from django.core.exceptions import PermissionDenied

from casework.models import Case, Fact, HouseholdMember, Letter, Melding, Person, PersonMerge
from casework.selectors.around import cards_of
from casework.services import card, facts, merge
from casework.services.lookup import Wanted, look_up
from casework.services.people import person_of_bsn, welcome_resident
from tests.casework.test_card import fresh, house, posted  # noqa: F401 (house: a fixture)
from tests.factories import actor_of, make_case, make_gemeente, make_staff, make_team
from tests.housemates import add_housemate
from toegang.core.dates import PartialDate
from toegang.core.lifecycle import Blocked
from toegang.core.models import LogRow

pytestmark = pytest.mark.django_db
NUMBER = "999990019"


@pytest.fixture
def twice(house):  # noqa: F811
    """Fatima, and Fatma with a case and a number of her own, both with Anna."""
    case, anna, _ = house
    other = make_case(anna, ("wmo", "jeugd"), given_names="Fatma", family_name="Yildiz", bsn=NUMBER, postcode="").case
    return case, other, anna


def together(case, other, actor, reason="Gevraagd aan mevrouw"):
    ids = {"case_id": case.pk, "person_id": case.person_id, "other_id": other.person_id}
    return merge.merge_people(**ids, reason=reason, actor=actor)


def apart(case, found, actor):
    return merge.undo_merge(case_id=case.pk, merge_id=found.pk, reason="Toch haar zus", actor=actor)


def state():
    """Every row that names a person, and what persons bear that only one may."""
    rows = {}
    for label, field in merge._references():
        for pk, person in apps.get_model(label)._base_manager.values_list("pk", field):
            rows[label, field, str(pk)] = person
    bears = Person.objects.values_list("pk", "bsn_index", "user_id", "merged_into_id", "bsn_contested")
    return rows, {row[0]: row[1:] for row in bears}


def test_all_that_stood_under_the_other_stands_under_one(twice):
    case, other, anna = twice
    double, kept = other.person_id, case.person_id
    found = together(case, other, anna)
    rows, bears = state()
    assert double not in set(rows.values()) and len(found.moved) >= 4
    assert bears[kept][0] and bears[double] == (None, None, kept, False)
    assert Case.objects.get(pk=other.pk).person_id == kept
    assert set(Melding.objects.values_list("person", flat=True)) == {kept}
    assert person_of_bsn(NUMBER).pk == kept
    told = set(LogRow.objects.filter(detail="Gevraagd aan mevrouw").values_list("what", flat=True))
    assert told == {
        "Samengevoegd met een dubbele persoon", "Dubbele persoon overgenomen", "Personen samengevoegd",
    }  # fmt: skip


def test_undone_everything_is_as_it_was(twice):
    case, other, anna = twice
    area = apps.get_model("casework", "Leefgebied").objects.order_by("order")[0]
    words = facts.FactWords(area, "Slaapt slecht", "zijzelf", anna.today)
    facts.add_fact(case_id=other.pk, person_id=other.person_id, law="jeugd", words=words, actor=anna)
    before = state()
    found = together(case, other, anna)
    assert state() != before
    apart(case, found, anna)
    assert state() == before
    assert apart(case, found, anna).undone_by_id == anna.user_id  # twice is once
    assert LogRow.objects.filter(what="Samenvoegen ongedaan gemaakt").count() == 2


def test_what_came_later_stays(twice):
    case, other, anna = twice
    found = together(case, other, anna)
    later = make_case(anna, given_names="Fatima", postcode="1234 AB").melding
    apart(case, found, anna)
    assert Melding.objects.get(pk=later.pk).person_id == case.person_id


def test_nobody_finds_the_other_any_more(twice):
    case, other, anna = twice
    wanted = Wanted(family_name="Yıldız", born=PartialDate(1978))
    ask = lambda: [known.name for known in look_up(gemeente_id=case.gemeente_id, wanted=wanted, actor=anna).people]  # noqa: E731
    assert set(ask()) == {"Fatma Yildiz", "Fatima Yıldız"}
    together(case, other, anna)
    assert ask() == ["Fatima Yıldız"]
    again = make_case(anna, given_names="Fatma", family_name="Yildiz", bsn=NUMBER, postcode="")
    assert again.case.person_id == case.person_id and Person.objects.count() == 2


def test_the_account_of_the_website_goes_along(twice):
    case, other, anna = twice
    user = welcome_resident(person_id=other.person_id, actor=anna)
    together(case, other, anna)
    assert fresh(case).user == user
    assert set(Case.objects.filter(grants__user=user, grants__kind="inwoner")) == {case, other}


def test_two_of_one_household_become_one(house):  # noqa: F811
    case, anna, _ = house
    double = add_housemate(case, "Fatma", anna, account=False)
    posted(case, anna)
    ids = {"case_id": case.pk, "person_id": double.pk, "to": card.Place("A", "1", "1111 AA", "B"), "version": 1}
    card.set_post_address(**ids, since=anna.today, actor=anna)
    before = state()
    pair = {"case_id": case.pk, "person_id": case.person_id, "other_id": double.pk}
    found = merge.merge_people(**pair, reason="Dubbel", actor=anna)
    assert HouseholdMember.objects.filter(person=double).exists()  # one place at the table is enough
    assert [each.person for each in cards_of(case, anna.today)] == [case.person]
    apart(case, found, anna)
    assert state() == before


@pytest.mark.parametrize("wrong", ["oneself", "number", "account", "again", "gemeente"])
def test_two_who_cannot_be_one_stay_two(twice, wrong):
    case, other, anna = twice
    if wrong == "number":
        Person.objects.filter(pk=case.person_id).update(bsn_index="x" * 64, bsn_sealed=other.person.bsn_sealed)
        person = fresh(case)
        person.bsn = "999990020"
        person.save()
    elif wrong == "account":
        for each in (case, other):
            welcome_resident(person_id=each.person_id, actor=anna)
    elif wrong == "again":
        together(case, other, anna)
    elif wrong == "gemeente":
        Person.objects.filter(pk=other.person_id).update(gemeente=make_gemeente("Elders"))
    before = state()
    with pytest.raises(Blocked):
        together(case, case if wrong == "oneself" else other, anna)
    assert state() == before


def test_who_does_not_see_every_case_of_both_merges_nothing(twice):
    case, other, anna = twice
    south = make_staff("zuid", make_team(case.gemeente, "Wijkteam Zuid"))
    hidden = make_case(actor_of(south), given_names="Fatma", family_name="Yildis", postcode="4321 BA").case
    assert [person.pk for person in merge.doubles_of(case.person, by=anna)] == [other.person_id]
    with pytest.raises(Blocked, match="een zaak die u niet ziet"):
        together(case, hidden, anna)
    bram = actor_of(make_staff("lezer", case.team))
    with pytest.raises(PermissionDenied):
        together(case, other, bram)
    assert not PersonMerge.objects.exists()


def test_who_is_written_down_under_the_name_of_the_partner_is_seen_from_both(house):  # noqa: F811
    case, anna, _ = house
    other = make_case(anna, given_names="F.", family_name="de Vries", born=19780412, postcode="").case.person
    assert merge.doubles_of(case.person, by=anna) == []
    case.person.name_use, case.person.partner_family_name = "P", "Vries"
    case.person.save()
    assert merge.doubles_of(case.person, by=anna) == [other]
    assert merge.doubles_of(other, by=anna) == [case.person]


def test_every_column_that_names_a_person_moves():
    """A new table that names a person is moved too: the list is read from the models."""
    labels = {label for label, _ in merge._references()}
    assert {"casework.Hulpvraag", "casework.Fact", "casework.Letter", "casework.SafetyRecord"} <= labels
    assert not [label for label in labels if "Historical" in label or label == "casework.Person"]
    assert Letter._meta.label in labels and Fact._meta.label in labels
