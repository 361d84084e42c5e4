"""Who signed in with DigiD and is not known here yet asks for help: the number goes along once, and is never shown."""

import io
from time import time

import pytest
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.test import Client

from casework.models import Person, WebMelding
from tests.factories import actor_of, make_case, make_gemeente, make_resident, make_staff, make_team
from tests.portaal.test_report import OTHER, TYPED, URL
from tests.werkplek.browsing import browser_of, fill, words
from toegang.core import sealing
from toegang.portaal.verified import KEY

pytestmark = pytest.mark.django_db
BSN = "999990019"
OFFER = "Geef mijn burgerservicenummer van DigiD mee"


@pytest.fixture
def house():
    team = make_team(make_gemeente())
    return team, make_staff("anna", team)


def verified(*, minutes_ago=0):
    """A browser that came back from DigiD with a number that nobody here has."""
    browser = Client()
    session = browser.session
    session[KEY] = {"sealed": sealing.seal(BSN), "at": time() - 60 * minutes_ago}
    session.save()
    return browser


def sent(browser, **other):
    answer = browser.post(URL, TYPED | {"with_number": "on"} | other)
    assert answer.status_code == 302, words(answer)
    return WebMelding.objects.get()


def test_the_number_goes_with_the_melding_sealed_and_once(house):
    browser = verified()
    page = browser.get(URL)
    assert OFFER in words(page) and BSN not in page.content.decode()
    found = sent(browser)
    assert sealing.unseal(found.bsn_sealed) == BSN and BSN not in found.bsn_sealed and found.person is None
    assert KEY not in browser.session and OFFER not in words(browser.get(URL))


@pytest.mark.parametrize(("minutes_ago", "changed"), [(0, {"with_number": ""}), (0, OTHER), (16, {})])
def test_without_a_yes_for_another_or_too_late_it_does_not(house, minutes_ago, changed):
    assert sent(verified(minutes_ago=minutes_ago), **changed).bsn_sealed == ""


def test_without_digid_nothing_is_offered_and_nothing_taken(house):
    browser = Client()
    assert OFFER not in words(browser.get(URL))
    assert sent(browser).bsn_sealed == ""


def test_who_is_signed_in_has_a_number_already(house):
    _, anna = house
    case = make_case(actor_of(anna), family_name="Ander").case
    browser = verified()
    browser.force_login(make_resident(case, actor_of(anna)))
    assert OFFER not in words(browser.get(URL))


def test_the_team_makes_a_melding_of_it_with_the_number_that_no_page_shows(house):
    _, anna = house
    found = sent(verified())
    browser = browser_of(anna)
    page = browser.get(f"/werkplek/website/{found.pk}/")
    assert "Burgerservicenummer van DigiD" in words(page) and BSN not in page.content.decode()
    url = f"/werkplek/melding/nieuw/?website={found.pk}"
    assert BSN not in browser.get(url).content.decode()
    fill(browser, url, "words", law="wmo", need="Traplift", aware="ja")()
    person = Person.objects.get()
    assert person.bsn == BSN and not person.bsn_contested
    found.refresh_from_db()
    assert found.melding is not None and found.bsn_sealed == ""  # it stands with the person now, and nowhere else
    with transaction.atomic(), pytest.raises(IntegrityError):
        WebMelding.objects.update(bsn_sealed="iets")


def test_another_birth_is_another_person_without_that_number(house):
    _, anna = house
    found = sent(verified())
    url = f"/werkplek/melding/nieuw/?website={found.pk}"
    fill(browser_of(anna), url, "words", law="wmo", need="Traplift", aware="ja", born_jaar="1960")()
    assert Person.objects.get().bsn is None


def test_what_is_dropped_keeps_no_number(house):
    _, anna = house
    found = sent(verified())
    browser_of(anna).post(f"/werkplek/website/{found.pk}/", {"why": "Dubbel verstuurd"})
    found.refresh_from_db()
    assert found.handled_on and found.bsn_sealed == ""


def test_a_number_that_no_key_opens_holds_no_melding(house, settings):
    _, anna = house
    found = sent(verified())
    WebMelding.objects.update(bsn_sealed="onleesbaar")
    url = f"/werkplek/melding/nieuw/?website={found.pk}"
    fill(browser_of(anna), url, "words", law="wmo", need="Traplift", aware="ja")()
    assert Person.objects.get().bsn is None


def test_new_keys_seal_what_waits_too(house, settings):
    found = sent(verified())
    settings.BSN_KEYS = ["b" * 43 + "=", *settings.BSN_KEYS]
    assert not sealing.is_newest(found.bsn_sealed)
    out = io.StringIO()
    call_command("rotate_bsn_keys", stdout=out)
    found.refresh_from_db()
    assert sealing.is_newest(found.bsn_sealed) and sealing.unseal(found.bsn_sealed) == BSN
    assert out.getvalue().startswith("1 nummers")
