"""The first call: an activity of its own with spoed and safety first, that leads to the page where it goes on."""

import pytest
from django.core.exceptions import PermissionDenied

from casework.models import Case, FirstCall, Person, SafetyRecord
from casework.services import talks
from tests.factories import actor_of, age_grants, drive, make_case, make_gemeente, make_staff, make_team
from tests.werkplek.browsing import browser_of, words
from toegang.core.models import LogRow

pytestmark = pytest.mark.django_db
TOLD = {"urgent": "nee", "safe": "ja", "called_on": "vandaag", "spoke_with": "mevrouw zelf", "what": "Zij valt vaak.",
        "wants": "Veilig naar buiten.", "agreed": "Ik kom langs.", "way": "gesprek"}  # fmt: skip


@pytest.fixture
def house():
    team = make_team(make_gemeente())
    anna = make_staff("anna", team)
    return make_case(actor_of(anna)).case, anna


def url_of(case):
    return f"/werkplek/zaak/{case.pk}/gesprek/eerste/"


@pytest.mark.parametrize(
    ("way", "page"),
    [("gesprek", "gesprek/"), ("opgelost", "sluiten/"), ("hulpmiddel", "snel/"), ("spoed", "spoed/"),
     ("doorzetten", "doorzetten/")],
)  # fmt: skip
def test_it_is_kept_and_leads_on(house, way, page):
    case, anna = house
    browser = browser_of(anna)
    answer = browser.post(url_of(case), TOLD | {"way": way})
    assert answer.url.startswith(f"/werkplek/zaak/{case.pk}/{page}") and browser.get(answer.url).status_code == 200
    row = FirstCall.objects.get()
    assert (row.what, row.wants, row.agreed, row.way, row.by) == ("Zij valt vaak.", "Veilig naar buiten.",
                                                                  "Ik kom langs.", way, anna)  # fmt: skip
    shown = words(browser.get(f"/werkplek/zaak/{case.pk}/gesprek/"))
    for part in ("Zij valt vaak.", "Veilig naar buiten.", "Ik kom langs.", "iedereen is veilig"):
        assert part in shown


@pytest.mark.parametrize("law", ["pw", "wgs"])
def test_spoed_of_another_desk_leads_to_the_overview(law):
    anna = make_staff("anna", make_team(make_gemeente()))
    case = make_case(actor_of(anna), laws=(law,)).case
    browser = browser_of(anna)
    assert browser.post(url_of(case), TOLD | {"way": "spoed"}).url == f"/werkplek/zaak/{case.pk}/"
    answer = browser.get(f"/werkplek/zaak/{case.pk}/spoed/{case.hulpvragen.get().pk}/", follow=True)
    assert "Over deze vraag beslist een ander loket" in words(answer)


def test_with_several_questions_it_leads_to_the_overview():
    team = make_team(make_gemeente())
    anna = make_staff("anna", team)
    case = make_case(actor_of(anna), laws=("wmo", "jeugd")).case
    assert browser_of(anna).post(url_of(case), TOLD | {"way": "spoed"}).url == f"/werkplek/zaak/{case.pk}/"


def test_spoed_becomes_a_badge(house):
    case, anna = house
    browser_of(anna).post(url_of(case), TOLD | {"urgent": "ja"})
    assert Case.objects.get(pk=case.pk).urgent
    assert "Spoed" in words(browser_of(anna).get(f"/werkplek/zaak/{case.pk}/"))


def test_worries_stand_in_the_veiligheidsdossier_and_nowhere_else(house):
    case, anna = house
    worry = "Haar broer slaat haar."
    assert "Schrijf wat u zorgen maakt" in words(browser_of(anna).post(url_of(case), TOLD | {"safe": "nee"}))
    browser_of(anna).post(url_of(case), TOLD | {"safe": "nee", "worries": worry})
    assert SafetyRecord.objects.get(case=case).text == worry and Case.objects.get(pk=case.pk).has_safety
    row = FirstCall.objects.get()
    assert row.safe == "nee"
    assert worry not in "".join(str(value) for value in vars(row).values())
    assert not LogRow.objects.filter(detail__contains="broer").exists()
    assert worry not in words(browser_of(anna).get(f"/werkplek/zaak/{case.pk}/gesprek/"))


def test_what_is_typed_as_a_worry_is_never_dropped(house):
    case, anna = house
    answer = browser_of(anna).post(url_of(case), TOLD | {"worries": "Een blauw oog"})
    assert "Kies dan ‘Nee, of ik twijfel’" in words(answer) and "Een blauw oog" in words(answer)
    assert not FirstCall.objects.exists() and not SafetyRecord.objects.exists()


def test_a_worry_after_a_call_that_was_safe_is_kept_too(house):
    case, anna = house
    browser_of(anna).post(url_of(case), TOLD)
    for worry in ("Een blauw oog", "Ook de kat"):
        browser_of(anna).post(url_of(case), TOLD | {"safe": "nee", "worries": worry})
    assert SafetyRecord.objects.filter(case=case).count() == 2 and FirstCall.objects.count() == 2


def test_the_same_worry_about_another_or_later_is_written_again(house):
    case, anna = house
    child = Person.objects.create(gemeente=case.gemeente, given_names="Elif", family_name="Yıldız", born=20180101)
    case.household.members.create(gemeente=case.gemeente, person=child, since=case.opened_on)
    worried = TOLD | {"safe": "nee", "worries": "Bang voor vader", "about": case.person_id}
    for call in (worried, worried, worried | {"about": child.pk}, worried | {"what": "Er is weer geroepen."}):
        browser_of(anna).post(url_of(case), call)
    about = SafetyRecord.objects.filter(text="Bang voor vader").values_list("person", flat=True)
    assert sorted(map(str, about)) == sorted(map(str, (case.person_id, child.pk, case.person_id)))


def test_with_more_people_a_worry_is_about_one_of_them(house):
    case, anna = house
    person = Person.objects.create(gemeente=case.gemeente, given_names="Elif", family_name="Yıldız", born=20180101)
    case.household.members.create(gemeente=case.gemeente, person=person, since=case.opened_on)
    worried = TOLD | {"safe": "nee", "worries": "Zij eet niet"}
    assert "Kies over wie u zich zorgen maakt" in words(browser_of(anna).post(url_of(case), worried))
    browser_of(anna).post(url_of(case), worried | {"about": person.pk})
    assert SafetyRecord.objects.get().person == person


def test_after_the_conversation_it_is_too_late(house):
    case, anna = house
    drive(case, "vraaganalyse")
    assert "Dat kan tot het gesprek is gevoerd" in words(browser_of(anna).get(url_of(case)))
    browser_of(anna).post(url_of(case), TOLD)
    assert not FirstCall.objects.exists()


def test_who_may_not_write_there_is_told_whom_to_call(house):
    case, _ = house
    bram = make_staff("bram", case.team)
    case.grants.filter(kind="contactpersoon").update(kind="vervanger", user=bram)
    age_grants(case)
    browser = browser_of(bram)
    assert "Wat maakt u zorgen?" not in words(browser.get(url_of(case)))
    answer = browser.post(url_of(case), TOLD | {"safe": "nee"}, follow=True)
    assert "Bel nu de contactpersoon of de aandachtsfunctionaris" in words(answer)
    assert FirstCall.objects.get().safe == "nee" and not SafetyRecord.objects.exists()
    assert Case.objects.get(pk=case.pk).has_safety  # so that the contactpersoon sees that there is something
    facts = talks.CallFacts(actor_of(bram).today, "x", "x", "x", False, "nee", "Dreiging", case.person, "x", "gesprek")
    with pytest.raises(PermissionDenied):
        talks.note_first_call(case_id=case.pk, facts=facts, actor=actor_of(bram))


def test_twice_pressed_is_one(house):
    case, anna = house
    for _ in range(2):
        browser_of(anna).post(url_of(case), TOLD)
    assert FirstCall.objects.count() == 1


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"urgent": ""}, "Kies of er spoed is"),
        ({"safe": ""}, "Kies of iedereen veilig is"),
        ({"called_on": "morgen"}, "Deze dag moet nog komen"),
        ({"called_on": "1-1-2001"}, "ligt vóór de melding"),
        ({"agreed": ""}, "Wat sprak u af?"),
    ],
)
def test_what_is_wrong_is_told_and_what_was_typed_stays(house, changed, sentence):
    case, anna = house
    answer = browser_of(anna).post(url_of(case), TOLD | changed)
    assert sentence in words(answer) and "Zij valt vaak." in words(answer) and not FirstCall.objects.exists()


def test_a_colleague_reads_and_does_not_write(house):
    case, anna = house
    bram = browser_of(make_staff("bram", case.team))
    assert "Dit kunt u hier niet doen" in words(bram.get(url_of(case)))
    assert bram.post(url_of(case), TOLD).status_code == 403
    assert "Eerste telefoongesprek vastleggen" in words(browser_of(anna).get(f"/werkplek/zaak/{case.pk}/"))
