"""The page of the people of a case and its forms: filled in, wrong, late, by a colleague, and in the log."""

from datetime import timedelta

import pytest

from casework.models import Address, HouseholdMember, Letter, Person, PersonMerge
from casework.selectors.around import KINDS
from casework.services.card import Place
from casework.services.letters import order_letter
from tests.casework.test_card import add, change, contact, house, moved, posted  # noqa: F401 (house: a fixture)
from tests.factories import make_case, run_outbox
from tests.werkplek.browsing import browser_of, fill, words
from toegang.core.models import LogRow

pytestmark = pytest.mark.django_db


def url(case, page="", person=None):
    return f"/werkplek/zaak/{case.pk}/mensen/" + (f"{(person or case.person).pk}/{page}/" if page else "")


def errors(answer):
    return set(answer.context["form"].errors)


def test_the_page_shows_everybody_and_the_look_is_noted(house):  # noqa: F811
    case, anna, bram = house
    change(case, contact(no_phone=True, safe_contact="Via haar zus", phone="06-12345678", language="Turks",
                         interpreter="tolk", decision_channel="digitaal"), anna)  # fmt: skip
    moved(case, anna, days=3)
    posted(case, anna, care_of="p/a Elif")
    add(case, anna, "familie", kind="ouder", gezag="onbekend")
    add(case, anna, "vertegenwoordiger", kind="mentor", scope="zorg", name="Mia Mentor", organisation="Stichting Steun")
    add(case, anna, "netwerk", does="kookt op woensdag", how_often="elke week", told_by="zijzelf", name="Buurman Bo")
    page = browser_of(anna.user).get(url(case))
    told = words(page)
    for sentence in (
        "Niet bellen. Via haar zus", "Taal: Turks · Een tolk nodig", "Zeedijk 3b", "Eerdere adressen (1)",
        "p/a Elif Postweg 1, 1111 AA Lindemeer", "Besluiten: digitaal, in het portaal", "Gezag nog niet bekend",
        "Mia Mentor , Stichting Steun mentor · zorg en ondersteuning Bewijs nog niet gezien",
        "Buurman Bo elke week kookt op woensdag Gehoord van: zijzelf", "F. Yıldız Geachte F. Yıldız",
    ):  # fmt: skip
        assert sentence in told, sentence
    look = LogRow.objects.filter(action="look", case_id=case.pk).latest("id")
    assert (look.what, look.user_id) == ("Zaak bekeken: mensen", anna.user_id)
    assert {"huishouden", "familie en netwerk"} <= set(look.fields)
    theirs = browser_of(bram.user).get(url(case))
    assert "kookt op woensdag" in words(theirs) and "familie/nieuw/" not in theirs.content.decode()


def test_the_overview_warns_before_somebody_calls(house):  # noqa: F811
    case, anna, _ = house
    change(case, contact(no_phone=True, no_post=True, phone="06-12345678", safe_contact="Via haar zus"), anna)
    told = words(browser_of(anna.user).get(f"/werkplek/zaak/{case.pk}/"))
    assert "Niet bellen: Via haar zus" in told and "Geen post naar het woonadres" in told
    assert "06-12345678" not in told


def test_a_name_is_changed_and_what_is_wrong_stays_typed(house):  # noqa: F811
    case, anna, _ = house
    browser, there = browser_of(anna.user), url(case, "naam")
    typed = {"family_name": "O'Brien-de Vries", "name_use": "N", "partner_prefix": "", "partner_family_name": ""}
    wrong = fill(browser, there, "family_name", **typed)()
    assert errors(wrong) == {"partner_family_name"}
    assert wrong.context["form"]["family_name"].value() == "O'Brien-de Vries"
    died = {"died": "on", "deceased_dag": "1", "deceased_maand": "1", "deceased_jaar": "1950"}
    assert errors(fill(browser, there, "family_name", **died)()) == {"deceased"}
    assert fill(browser, there, "family_name", **typed | {"partner_family_name": "Öz"})().url == url(case)
    person = Person.objects.get(pk=case.person_id)
    assert (person.letter_name, person.born, person.version) == ("F. O'Brien-de Vries-Öz", 19780412, 2)


@pytest.mark.parametrize("name", ["Ö", "محمد", "O'Brien-de Vries", "Ali bin Mohammed"])
def test_every_name_is_a_name(house, name):  # noqa: F811
    case, anna, _ = house
    fill(browser_of(anna.user), url(case, "naam"), "family_name", family_name=name)()
    assert Person.objects.get(pk=case.person_id).family_name == name
    assert name in browser_of(anna.user).get(url(case)).context["cards"][0].person.letter_name


def test_two_who_change_a_person_at_once_see_both_texts(house):  # noqa: F811
    case, anna, _ = house
    browser, there = browser_of(anna.user), url(case, "contact")
    first, second = (fill(browser, there, "phone", phone=number) for number in ("06-1", "06-2"))
    assert first().url == url(case)
    late = second()
    assert late.status_code == 409 and "06-1" in words(late) and "06-2" in words(late)
    assert first().url == url(case)  # the same again was saved already
    assert Person.objects.get(pk=case.person_id).phone == "06-1"


def test_unsafe_contact_says_how_it_is_safe(house):  # noqa: F811
    case, anna, _ = house
    browser, there = browser_of(anna.user), url(case, "contact")
    assert errors(fill(browser, there, "phone", no_post="on")()) == {"safe_contact"}
    assert fill(browser, there, "phone", no_post="on", safe_contact="Op school")().url == url(case)
    told = words(browser.get(url(case)))
    assert "Geen post naar het woonadres. Op school" in told


def test_a_move_is_typed_with_its_day(house):  # noqa: F811
    case, anna, _ = house
    browser, there = browser_of(anna.user), url(case, "verhuizing")
    home = {"street": "Zeedijk", "house_number": "3b", "postcode": "4321ba", "city": "Lindemeer"}
    assert errors(fill(browser, there, "street", **home | {"postcode": "12", "since": "morgen"})()) == {
        "postcode", "since",
    }  # fmt: skip
    assert fill(browser, there, "street", **home, since="vandaag")().url == url(case)
    person = Person.objects.get(pk=case.person_id)
    assert (person.postcode, person.address_since) == ("4321 BA", anna.today)
    again = fill(browser, there, "street", **home, since="vandaag")()
    assert again.url == url(case) and Address.objects.count() == 1  # the same again changes nothing


def test_a_secret_address_stands_on_no_page(house):  # noqa: F811
    case, anna, _ = house
    moved(case, anna, days=3)
    moved(case, anna, days=1, shielded=True, to=Place("Schuilpad", "9", "9999 ZZ", "Ver"))
    browser = browser_of(anna.user)
    for page in ("", "naam", "contact", "verhuizing", "postadres"):
        shown = browser.get(url(case, page)).content.decode()
        assert "Schuilpad" not in shown and "Zeedijk" not in shown and "Dorpsweg" not in shown, page


def test_post_goes_elsewhere_and_home_again(house):  # noqa: F811
    case, anna, _ = house
    browser, there = browser_of(anna.user), url(case, "postadres")
    assert errors(fill(browser, there, "street", street="Postweg", since="vandaag")()) == {
        "house_number", "postcode", "city",
    }  # fmt: skip
    whole = {
        "street": "Postweg",
        "house_number": "1",
        "postcode": "1111 AA",
        "city": "Lindemeer",
        "care_of": "p/a Elif",
    }
    day = (anna.today - timedelta(days=2)).strftime("%d-%m-%Y")
    assert fill(browser, there, "street", **whole, since=day)().url == url(case)
    assert browser.get(there).context["form"]["street"].value() == "Postweg"
    assert fill(browser, there, "street", street="", house_number="", postcode="", city="", care_of="")().url
    assert "Geen ander postadres" in words(browser.get(url(case)))
    only = fill(browser, there, "street", street="", care_of="p/a haar zus")()
    assert "street" in errors(only) and only.context["form"]["care_of"].value() == "p/a haar zus"


def test_two_who_set_the_post_address_see_both(house):  # noqa: F811
    case, anna, _ = house
    browser, there = browser_of(anna.user), url(case, "postadres")
    whole = {"street": "Postweg", "house_number": "1", "postcode": "1111 AA", "city": "Lindemeer"}
    first, second = (fill(browser, there, "street", **whole | {"house_number": n}) for n in ("1", "2"))
    assert first().url == url(case)
    late = second()
    assert late.status_code == 409 and Address.objects.get().house_number == "1"


def test_who_died_on_an_unknown_day_stays_so(house):  # noqa: F811
    case, anna, _ = house
    browser, there = browser_of(anna.user), url(case, "naam")
    assert fill(browser, there, "family_name", died="on")().url == url(case)
    assert Person.objects.get(pk=case.person_id).deceased == 0
    fill(browser, there, "family_name", given_names="Fatma")()
    assert Person.objects.get(pk=case.person_id).deceased == 0
    day = {"died": "", "deceased_jaar": "2026"}
    assert errors(fill(browser, there, "family_name", **day)()) == {"died"}


def test_the_print_list_tells_what_must_not_be_posted(house):  # noqa: F811
    case, anna, _ = house
    person = change(case, contact(no_post=True, safe_contact="Op school"), anna)
    run_outbox()
    order_letter(kind="uitnodiging", case=case, addressee=person, subject="Uitnodiging", by=anna)
    Letter.objects.filter(sent_on=None).update(document=Letter.objects.exclude(document=None)[0].document_id)
    told = words(browser_of(anna.user).get("/werkplek/afdrukken/"))
    assert "Geef deze brief persoonlijk af. Op school" in told and "Dorpsweg" not in told


def test_somebody_joins_the_household_and_leaves_it(house):  # noqa: F811
    case, anna, _ = house
    browser, there = browser_of(anna.user), url(case) + "toevoegen/"
    child = {"given_names": "Sami", "family_name": "Yıldız", "since": "vandaag", "part_time": "on"}
    assert errors(fill(browser, there, "given_names", **child)()) == {"born"}
    born = {"born_jaar": "2014"}
    assert fill(browser, there, "given_names", **child | born)().url == url(case)
    son = Person.objects.get(given_names="Sami")
    assert (son.born, son.street, HouseholdMember.objects.get(person=son).part_time) == (20140000, "Dorpsweg", True)
    assert "woont hier een deel van de tijd" in words(browser.get(url(case)))
    assert "hoort al bij dit huishouden" in words(fill(browser, there, "given_names", **child | born)())
    assert fill(browser, url(case, "weg", son), "until", until="vandaag")().url == url(case)
    Person.objects.filter(pk=son.pk).update(phone="06-NIEUW", safe_contact="Opvang")
    gone = words(browser.get(url(case)))
    assert "Hoorde bij dit huishouden" in gone and "06-NIEUW" not in gone and "Opvang" not in gone
    assert browser.get(url(case, "contact", son)).status_code == 404
    stays = fill(browser, url(case, "weg"), "until", until="vandaag")()
    assert "De zaak staat op naam van deze persoon" in words(stays)


# {circle: (what is wrong, at which fields it is told, what is right)}
WRITTEN = {
    "familie": (
        {"name": "", "kind": "ouder", "gezag": "ja"},
        {"name", "gezag_source", "gezag_checked_on"},
        {"name": "Elif", "kind": "ouder", "gezag": "nee", "gezag_source": "BRP", "gezag_checked_on": "vandaag"},
    ),
    "vertegenwoordiger": (
        {"name": "Mia", "kind": "mentor", "scope": "", "proof_seen_on": "vandaag"},
        {"scope", "proof"},
        {"name": "Mia", "kind": "mentor", "scope": "zorg", "proof": "beschikking", "proof_seen_on": "vandaag"},
    ),
    "netwerk": (
        {"name": "Bo", "since": "morgen", "email": "geen", "until": "1-1-2024"},
        {"since", "email", "does", "told_by"},
        {"name": "Bo", "does": "kookt", "told_by": "zijzelf", "until": "1-1-2031"},
    ),
}


@pytest.mark.parametrize("circle", WRITTEN)
def test_somebody_around_is_written_changed_and_ended(house, circle):  # noqa: F811
    case, anna, _ = house
    wrong, fields, right = WRITTEN[circle]
    browser, there, model = browser_of(anna.user), url(case, f"{circle}/nieuw"), KINDS[circle]
    refused = fill(browser, there, "name", **wrong)()
    assert errors(refused) == fields and refused.context["form"]["name"].value() == wrong["name"]
    assert not model.objects.exists()
    assert fill(browser, there, "name", **right)().url == url(case)
    found = model.objects.get()
    edit = url(case, f"{circle}/{found.pk}")
    first, second = (fill(browser, edit, "name", name=name, until="vandaag") for name in ("Nieuw een", "Nieuw twee"))
    assert first().url == url(case)
    late = second()
    assert late.status_code == 409 and "Nieuw een" in words(late) and "Nieuw twee" in words(late)
    found.refresh_from_db()
    assert (found.name, found.until, found.version) == ("Nieuw een", anna.today, 2)


def test_gezag_is_asked_of_who_brings_up_a_child(house):  # noqa: F811
    case, anna, _ = house
    wrong = {"name": "Elif", "kind": "broer_zus", "gezag": "ja", "gezag_source": "x", "gezag_checked_on": "morgen"}
    answer = fill(browser_of(anna.user), url(case, "familie/nieuw"), "name", **wrong)()
    assert errors(answer) == {"gezag", "gezag_checked_on"}


def test_an_unknown_circle_does_not_exist(house):  # noqa: F811
    case, anna, _ = house
    assert browser_of(anna.user).get(url(case, "vijanden/nieuw")).status_code == 404


def test_a_double_is_linked_and_undone_on_the_page(house):  # noqa: F811
    case, anna, bram = house
    other = make_case(anna, given_names="Fatma", family_name="Yildiz", postcode="").case
    browser, there = browser_of(anna.user), url(case, "samenvoegen")
    assert errors(fill(browser, there, "reason", reason="x")()) == {"other"}
    wrong = fill(browser, there, "reason", reason="", other=str(other.person_id))()
    assert errors(wrong) == {"reason"}
    once = fill(browser, there, "reason", reason="Gevraagd", other=str(other.person_id))
    assert once().url == url(case)
    assert errors(once()) == {"other"}  # a double click changes nothing more
    page = browser.get(url(case))
    assert "Gevraagd" in words(page) and Person.objects.get(pk=other.person_id).merged_into_id == case.person_id
    back = url(case, f"samenvoegen/{PersonMerge.objects.get().pk}/terug")
    assert errors(fill(browser, back, "reason", reason="")()) == {"reason"}
    assert fill(browser, back, "reason", reason="Haar zus")().url == url(case)
    assert Person.objects.get(pk=other.person_id).merged_into_id is None
    assert "Gevraagd" not in words(browser.get(url(case)))
    assert "Alleen wie de zaak behandelt" in words(browser_of(bram.user).get(there))


def test_without_a_double_there_is_nothing_to_choose(house):  # noqa: F811
    case, anna, _ = house
    page = browser_of(anna.user).get(url(case, "samenvoegen"))
    assert "Wij vinden niemand die hierop lijkt" in words(page) and 'name="other"' not in page.content.decode()
