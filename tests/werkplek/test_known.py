"""Before somebody is made: who is there already is shown and linked first, and nobody who must not be told of."""

import pytest

from casework.models import AccessRules, Case, Melding, Person
from tests.casework.test_card import house  # noqa: F401 (house: a fixture)
from tests.factories import actor_of, make_case, make_staff, make_team
from tests.werkplek.browsing import browser_of, fill, words
from toegang.core.models import LogRow

pytestmark = pytest.mark.django_db
ADDRESS = "/werkplek/melding/nieuw/"
ASKED = "Kennen wij deze persoon al?"


def melding(**other):
    """Fatima Yıldız as somebody else heard it on the telephone."""
    facts = {"given_names": "Fatma", "family_name": "Jildiz", "born_dag": "12", "born_maand": "4", "born_jaar": "1978",
             "received_on": "vandaag", "route": "telefoon", "aware": "ja", "words": "Het lukt niet meer.", "law": "wmo",
             "need": "Hulp in huis", "letter_channel": "papier"}  # fmt: skip
    return facts | other


def send(user, **other):
    return fill(browser_of(user), ADDRESS, "given_names", **melding(**other))()


def test_somebody_who_sounds_the_same_is_asked_about_before_anything_is_saved(house):  # noqa: F811
    case, anna, _ = house
    page = send(anna.user)
    assert ASKED in words(page) and "Ja: Fatima Yıldız, geboren 12 april 1978, heeft al een zaak" in words(page)
    assert Person.objects.count() == Case.objects.count() == 1
    row = LogRow.objects.filter(object_type="lookup").latest("id")
    assert (row.what, str(case.person_id) in row.detail) == ("Personen gezocht", True)


@pytest.mark.parametrize(("same", "people", "cases"), [(True, 1, 1), (False, 2, 2)])
def test_the_same_is_linked_and_another_is_new(house, same, people, cases):  # noqa: F811
    case, anna, _ = house
    browser = browser_of(anna.user)
    asked = fill(browser, ADDRESS, "given_names", **melding())()
    known = str(case.person_id) if same else "nieuw"
    answer = browser.post(ADDRESS, {**_hidden(asked), "gevraagd": "ja", "known": known})
    assert answer.status_code == 302, words(answer)
    assert (Person.objects.count(), Case.objects.count()) == (people, cases)
    newest = Melding.objects.get(words="Het lukt niet meer.")
    assert (newest.case_id == case.pk) == (newest.person_id == case.person_id) == same
    assert Person.objects.get(pk=case.person_id).given_names == "Fatima"  # what is known is never overwritten


def _hidden(answer):
    typed = {}
    for name, value in answer.context["typed"]:
        typed.setdefault(name, []).append(value)
    return typed


@pytest.mark.parametrize(("same", "people"), [(True, 2), (False, 3)])
def test_somebody_else_in_the_same_melding_is_asked_about_too(house, same, people):  # noqa: F811
    """After the first person, on a page of its own: both answers go along, and nothing is saved before."""
    case, anna, _ = house
    browser = browser_of(anna.user)
    second = {"whose_2": "ander", "law_2": "jeugd", "need_2": "Hulp bij school", "other_given_names": "Fatma",
              "other_family_name": "Jildiz", "other_born_dag": "12", "other_born_maand": "4",
              "other_born_jaar": "1978"}  # fmt: skip
    first = {"given_names": "Nieuw", "family_name": "Persoon", "born_jaar": "1990", "born_dag": "", "born_maand": ""}
    asked = fill(browser, ADDRESS, "given_names", **melding(**first, **second))()
    assert ASKED in words(asked) and "U typte: Fatma Jildiz" in words(asked) and Person.objects.count() == 1
    wrong = browser.post(ADDRESS, {**_hidden(asked), "gevraagd_2": "ja"})
    assert ASKED in words(wrong) and Person.objects.count() == 1
    known = str(case.person_id) if same else "nieuw"
    answer = browser.post(ADDRESS, {**_hidden(wrong), "gevraagd_2": "ja", "known_2": known})
    assert answer.status_code == 302, words(answer)
    assert Person.objects.count() == people
    question = Melding.objects.get(words="Het lukt niet meer.").hulpvragen.get(law="jeugd")
    assert (question.person_id == case.person_id) == same


def test_without_an_answer_the_question_stays_and_nothing_typed_is_lost(house):  # noqa: F811
    _, anna, _ = house
    browser = browser_of(anna.user)
    asked = fill(browser, ADDRESS, "given_names", **melding(words="Tekst met <b>tekens</b>"))()
    for wrong in ({}, {"known": "iemand"}):
        again = browser.post(ADDRESS, {**_hidden(asked), "gevraagd": "ja", **wrong})
        assert "Kies" in words(again) and _hidden(again)["words"] == ["Tekst met <b>tekens</b>"], wrong
    assert Person.objects.count() == 1


@pytest.mark.parametrize(
    "typed",
    [
        {"family_name": "Jansen", "phone": "06 1234 5678"},
        {"family_name": "Jansen", "given_names": "Fatima", "postcode": "1234 AB", "house_number": "12",
         "street": "Dorpsweg", "city": "V", "born_jaar": "1990"},
    ],
)  # fmt: skip
def test_the_same_telephone_or_address_is_asked_about_too(house, typed):  # noqa: F811
    case, anna, _ = house
    Person.objects.filter(pk=case.person_id).update(phone="0612345678", phone_key="612345678")
    assert ASKED in words(send(anna.user, **typed))


@pytest.mark.parametrize(
    "typed",
    [
        {"family_name": "Pietersen"},
        {"born_jaar": "1979"},
        {"given_names": "Fatima", "family_name": "Yildiz", "postcode": "1234 AB"},  # surely the same: linked
    ],
)
def test_a_stranger_and_who_is_surely_the_same_are_not_asked_about(house, typed):  # noqa: F811
    _, anna, _ = house
    assert send(anna.user, **typed).status_code == 302


@pytest.mark.parametrize("hide", [{"shielded": True}, {"deceased": 20260101}])
def test_of_whom_nobody_may_know_is_as_if_there_were_nobody(house, hide):  # noqa: F811
    case, _, _ = house
    south = make_staff("zuid", make_team(case.gemeente, "Wijkteam Zuid"))
    assert ASKED in words(send(south))
    Person.objects.filter(pk=case.person_id).update(**hide)
    assert send(south).status_code == 302
    assert Person.objects.count() == 2


def test_somebody_hidden_cannot_be_chosen_by_hand(house):  # noqa: F811
    case, _, _ = house
    south = make_staff("zuid", make_team(case.gemeente, "Wijkteam Zuid"))
    make_case(actor_of(south), given_names="Fatma", family_name="Yildis", postcode="")  # somebody to be asked about
    Case.objects.filter(pk=case.pk).update(shielded=True)
    browser = browser_of(south)
    asked = fill(browser, ADDRESS, "given_names", **melding())()
    assert "Fatima" not in words(asked)
    answer = browser.post(ADDRESS, {**_hidden(asked), "gevraagd": "ja", "known": str(case.person_id)})
    assert "Deze persoon is niet meer te kiezen" in words(answer) and "Het lukt niet meer." in words(answer)
    assert case.meldingen.count() == 1


def test_above_the_number_an_hour_a_melding_is_taken_all_the_same(house):  # noqa: F811
    case, anna, _ = house
    AccessRules.objects.update(lookups_an_hour=1)
    browser = browser_of(anna.user)
    asked = fill(browser, ADDRESS, "given_names", **melding())()
    assert ASKED in words(asked)
    answer = browser.post(ADDRESS, {**_hidden(asked), "gevraagd": "ja", "known": str(case.person_id)})
    assert answer.status_code == 302 and Person.objects.count() == 1  # the answer counts, and is no look-up
    assert send(anna.user).status_code == 302
    assert Person.objects.count() == 2


def test_who_joins_a_household_is_looked_for_first(house):  # noqa: F811
    case, anna, _ = house
    other = make_case(anna, given_names="Sami", family_name="Jansen", born=20140501, postcode="4321 BA").case
    browser, there = browser_of(anna.user), f"/werkplek/zaak/{case.pk}/mensen/toevoegen/"
    child = {
        "given_names": "Samy",
        "family_name": "Janssen",
        "born_jaar": "2014",
        "since": "vandaag",
        "part_time": "on",
    }
    asked = fill(browser, there, "given_names", **child)()
    assert ASKED in words(asked)
    assert browser.post(there, {**_hidden(asked), "gevraagd": "ja", "known": str(other.person_id)}).status_code == 302
    assert set(other.person.households.all()) == {case.household, other.household}
