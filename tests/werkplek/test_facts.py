"""The pages of the file of one person: written, bettered, seen for one law, and what was allowed."""

import pytest

from casework.models import Fact, FactUse, Leefgebied
from tests.casework.test_facts import CANARY, allowed, fact, house  # noqa: F401 (house: a fixture)
from tests.factories import actor_of
from tests.werkplek.browsing import browser_of, fill, words
from toegang.core.models import LogRow

pytestmark = pytest.mark.django_db
HELD = "Er is ook iets vastgelegd voor een andere wet"


def file_url(case, person=None, law="wmo"):
    return f"/werkplek/zaak/{case.pk}/dossier/{(person or case.person).pk}/{law}/"


def test_from_the_case_to_the_file_and_back(house):  # noqa: F811
    case, anna, _, son = house
    browser, url = browser_of(anna), file_url(case)
    for page in ("", "analyse/"):
        shown = browser.get(f"/werkplek/zaak/{case.pk}/{page}").content.decode()
        assert f'href="{url}"' in shown and f'href="{file_url(case, son, "jeugd")}"' in shown
    assert "Er staat nog niets in dit dossier." in words(browser.get(url))
    form = {"leefgebied": Leefgebied.objects.first().pk, "text": CANARY, "source": "", "gathered_on": "morgen"}
    wrong = browser.post(f"{url}toevoegen/", form)
    assert set(wrong.context["form"].errors) == {"source"} and CANARY in wrong.content.decode()
    wrong = browser.post(f"{url}toevoegen/", form | {"source": "zijzelf"})
    assert "De dag ligt in de toekomst." in words(wrong) and CANARY in wrong.content.decode()
    assert browser.post(f"{url}toevoegen/", form | {"source": "zijzelf", "gathered_on": "vandaag"}).url == url
    assert CANARY in words(browser.get(url))
    assert CANARY not in words(browser.get(file_url(case, law="jeugd")))


def test_two_who_better_the_same_fact_see_both_texts(house):  # noqa: F811
    case, anna, _, _ = house
    url = f"{file_url(case)}verbeteren/{fact(case, anna).pk}/"
    browser, area = browser_of(anna), Leefgebied.objects.first().pk
    first, second = (fill(browser, url, "version", text=text, leefgebied=area) for text in ("Kanarie 2", "Kanarie 3"))
    assert first().url == file_url(case)
    late = second()
    assert late.status_code == 409 and "Kanarie 2" in words(late) and "Kanarie 3" in words(late)
    assert Fact.objects.get().text == "Kanarie 2"


def test_another_law_reads_that_something_is_held_back_until_it_is_allowed(house):  # noqa: F811
    case, anna, bram, _ = house
    fact(case, anna, law="jeugd")
    hers = case.hulpvragen.get(person=case.person, law="wmo")
    url, inquiry = file_url(case), f"/werkplek/zaak/{case.pk}/analyse/onderzoek/{hers.pk}/"
    for user in (anna, bram):
        browser = browser_of(user)
        assert HELD in words(browser.get(url)) and HELD in words(browser.get(inquiry))
        assert CANARY not in words(browser.get(url)) + words(browser.get(inquiry))
    browser = browser_of(anna)
    form = {"from_law": "jeugd", "ground": "toestemming", "purpose": "Het plan", "evidence": "Gezegd",
            "since": "vandaag", "until": "1-1-2024", "giver": ""}  # fmt: skip
    wrong = browser.post(f"{url}gebruik/", form)
    assert set(wrong.context["form"].errors) == {"giver", "until"} and "Het plan" in wrong.content.decode()
    assert browser.post(f"{url}gebruik/", form | {"giver": "zijzelf", "until": "vandaag"}).url == url
    for page in (url, inquiry):
        assert CANARY in words(browser.get(page)) and HELD not in words(browser.get(page))
    use = FactUse.objects.get()
    for _ in range(2):  # a double click ends it once
        assert browser.post(f"{url}gebruik/{use.pk}/beeindigen/").url == url
    assert CANARY not in words(browser.get(inquiry)) and "Beëindigd" in words(browser.get(url))
    assert use.history.count() == 2


def test_a_fact_is_bettered_under_its_own_law_and_person_only(house):  # noqa: F811
    case, anna, _, son = house
    record, use = fact(case, anna, law="jeugd"), allowed(case, anna)
    browser = browser_of(anna)
    assert browser.get(f"{file_url(case, law='jeugd')}verbeteren/{record.pk}/").status_code == 200
    for url in (
        f"{file_url(case)}verbeteren/{record.pk}/",
        f"{file_url(case, son, 'jeugd')}verbeteren/{record.pk}/",
        f"{file_url(case, son, 'jeugd')}gebruik/{use.pk}/beeindigen/",
        file_url(case, law="pw"),
        file_url(case, law="kanarie"),
        file_url(case, son),  # he has no question under the Wmo
    ):
        assert browser.get(url).status_code == 404, url


def test_a_look_tells_whose_data_and_for_which_law(house):  # noqa: F811
    case, anna, _, _ = house
    browser_of(anna).get(file_url(case, law="jeugd"))
    row = LogRow.objects.filter(action="look", case_id=case.pk).latest("id")
    assert (row.detail, row.what) == ("Voor de wet: Jeugdwet", "Zaak bekeken: dossier")
    assert "dossier van een persoon" in row.fields


def test_a_colleague_reads_and_does_not_write(house):  # noqa: F811
    case, anna, bram, _ = house
    fact(case, anna)
    browser, url = browser_of(bram), file_url(case)
    shown = browser.get(url)
    assert CANARY in words(shown) and "toevoegen/" not in shown.content.decode()
    assert browser.post(f"{url}toevoegen/").status_code == 403
    assert actor_of(bram).user == bram
