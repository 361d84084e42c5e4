"""A melding by the website: taken at once with or without DigiD, looked at by the team, and never twice."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.test import Client

from casework.models import Case, Deadline, Melding, Person, Reason, Signal, WebMelding
from casework.services import web
from tests.factories import actor_of, make_case, make_gemeente, make_resident, make_staff, make_team
from tests.werkplek.browsing import browser_of, words
from tests.werkplek.test_melding import typed as typed_melding
from toegang.accounts.services.teams import change_team
from toegang.core.lifecycle import Blocked
from toegang.core.models import LogRow
from toegang.core.terms import due_on
from toegang.core.wall import standing_as

pytestmark = pytest.mark.django_db
URL = "/mijn/melden/"
TYPED = {
    "whose": "zelf", "words": "Ik kan de trap niet meer op.", "given_names": "Ö", "family_name": "O'Brien-de Vries",
    "born_jaar": "1951", "phone": "06 12345678", "knew_way": "nee", "came_by": "De huisarts", "street": "Dorpsweg",
    "house_number": "12", "postcode": "1234ab", "city": "Voorbeeldstad", "safe_contact": "Bel alleen overdag",
    "no_post": "on",
}  # fmt: skip
OTHER = {"whose": "ander", "reporter_name": "Jo", "reporter_capacity": "dochter", "aware": "ja"}


@pytest.fixture
def house():
    """Anna of the team that takes the website, Bram of another, and somebody without an account."""
    gemeente = make_gemeente()
    other, own = make_team(gemeente, "A-team"), make_team(gemeente)
    own.takes_website = True
    own.save()
    anna, bram = make_staff("anna", own), make_staff("bram", other)
    return own, actor_of(anna), actor_of(bram), Client()


def sent(browser, **other):
    answer = browser.post(URL, TYPED | other)
    assert answer.status_code == 302, words(answer)
    return WebMelding.objects.latest("registered_at", "pk"), answer.url


def at(found):
    return f"/werkplek/website/{found.pk}/"


def test_without_digid_it_waits_for_the_team_and_is_about_nobody_yet(house):
    own, anna, bram, browser = house
    found, url = sent(browser)
    assert (found.team, found.received_on, found.person, found.knew_way) == (own, anna.today, None, False)
    assert not (Person.objects.exists() or Case.objects.exists())
    page = words(browser.get(url))
    call = due_on("huisbezoek_contact", anna.today)
    assert found.number in page and f"uiterlijk op {call.day} " in page and "cliëntondersteuner" in page
    assert "Brien" not in page and "trap" not in page  # the address may be seen by others
    assert browser.post(url).status_code == 405
    assert "Via de website (1)" in words(browser_of(anna.user).get("/werkplek/"))
    assert "Via de website" not in words(browser_of(bram.user).get("/werkplek/"))
    assert browser_of(bram.user).get(at(found)).status_code == 404
    for actor, rows in ((anna, 1), (bram, 0)):
        with transaction.atomic(), standing_as(actor):
            assert WebMelding.objects.count() == rows


def test_the_same_again_at_once_is_one_and_later_another(house):
    *_, browser = house
    first, url = sent(browser)
    assert sent(browser)[1] == url and WebMelding.objects.count() == 1
    WebMelding.objects.update(registered_at=first.registered_at - web.TWICE - timedelta(seconds=1))
    assert sent(browser)[1] != url and WebMelding.objects.count() == 2


@pytest.mark.parametrize(
    ("wrong", "fields"),
    [
        ({"words": ""}, ["words"]),
        ({"words": "x" * 4001}, ["words"]),
        ({"family_name": ""}, ["family_name"]),
        ({"born_jaar": ""}, ["born"]),
        ({"born_jaar": "2199"}, ["born"]),
        ({"postcode": "0"}, ["postcode"]),
        ({"came_by": "De maan"}, ["came_by"]),
        ({"whose": "ander"}, ["reporter_name", "reporter_capacity", "aware"]),
        ({"phone": "", "street": ""}, ["phone"]),
        ({"phone": "", "street": "", "reporter_contact": "06 12345678"}, ["phone"]),
    ],
)
def test_a_wrong_answer_is_told_and_nothing_typed_is_lost(house, wrong, fields):
    *_, browser = house
    answer = browser.post(URL, TYPED | wrong)
    assert list(answer.context["form"].errors) == fields
    assert "Bel alleen overdag" in answer.content.decode() and not WebMelding.objects.exists()


def test_the_team_makes_a_melding_of_it_on_the_day_that_it_came(house):
    own, anna, _, browser = house
    found, _ = sent(browser, urgent="on", **OTHER)
    WebMelding.objects.update(received_on=anna.today - timedelta(days=3))
    desk = browser_of(anna.user)
    page = words(desk.get(at(found)))
    assert "Zonder DigiD: controleer wie het is" in page and "Bel alleen overdag" in page and "Jo (dochter)" in page
    assert LogRow.objects.filter(what="Melding via de website bekeken", object_id=str(found.pk)).count() == 1
    url = f"/werkplek/melding/nieuw/?website={found.pk}"
    form = desk.get(url).context["form"]
    assert "route" not in form.fields
    names = ("family_name", "words", "reporter_name", "came_by", "knew_way", "urgent", "received_on", "born")
    filled = {name: form[name].value() for name in names}
    assert filled["family_name"] == "O'Brien-de Vries" and filled["words"] == TYPED["words"] and filled["urgent"]
    facts = typed_melding(own, given_names="Ö", family_name="O'Brien-de Vries", received_on=filled["received_on"])
    facts |= {"reporter_name": "Jo", "reporter_capacity": "dochter", "urgent": "on", "knew_way": "nee"}
    facts |= {"came_by": "De huisarts", "no_post": "on", "safe_contact": form["safe_contact"].value()}
    del facts["route"]
    answer = desk.post(url, facts)
    melding = Melding.objects.get()
    assert answer.url == f"/werkplek/zaak/{melding.case_id}/"
    assert (melding.route, melding.received_on) == ("portaal", anna.today - timedelta(days=3))
    assert (melding.urgent, melding.knew_way, melding.came_by) == (True, False, "De huisarts")
    assert melding.case.urgent and melding.person.safe_contact == "Bel alleen overdag"
    assert melding.person.no_post and "Bel alleen overdag" in words(desk.get(answer.url))
    assert Deadline.objects.get(key="wmo_onderzoek").starts_on == melding.received_on
    found.refresh_from_db()
    assert (found.melding, found.handled_by) == (melding, anna.user)
    assert "Spoed" in words(desk.get(answer.url)) and "via: de huisarts" in words(desk.get(answer.url))
    assert desk.get(at(found)).status_code == desk.get(url).status_code == 404  # it is done
    again = desk.post(url, facts)
    assert "Een collega was u voor" in words(again) and "Het lukt thuis niet meer." in again.content.decode()
    assert Melding.objects.count() == 1


def test_what_the_person_does_not_know_becomes_a_signal(house):
    own, anna, _, browser = house
    found, _ = sent(browser, **OTHER | {"aware": "nee"})
    desk = browser_of(anna.user)
    assert "Signaal opslaan" in words(desk.get(at(found))) and "Melding opslaan" not in words(desk.get(at(found)))
    url = f"/werkplek/signalen/nieuw/?website={found.pk}"
    form = desk.get(url).context["form"]
    assert (
        form["seen"].value().startswith(TYPED["words"])
        and "Bel alleen overdag" in form["seen"].value()
        and form["source_name"].value() == "Jo"
    )
    ground = Reason.objects.filter(kind="signaal_grond").first().label
    facts = {"kind": "zorgen", "seen": "x", "received_on": "vandaag", "ground": ground, "family_name": "O'Brien",
             "phone": "0612345678", "source_capacity": "dochter", "team": own.pk,
             "gemeente": own.gemeenten.get().pk}  # fmt: skip
    assert desk.post(url, facts).status_code == 302
    found.refresh_from_db()
    assert found.signal == Signal.objects.get() and found.handled_on == anna.today and not Melding.objects.exists()


def test_who_signed_in_with_digid_is_known_and_types_no_name(house):
    own, anna, _, _ = house
    case = make_case(anna).case
    resident = browser_of(make_resident(case, anna))
    form = resident.get(URL).context["form"]
    assert not {"given_names", "born", "whose", "gemeente"} & form.fields.keys()
    found, _ = sent(resident)
    assert (found.person, found.given_names) == (case.person, case.person.given_names)
    desk = browser_of(anna.user)
    assert "Ingelogd met DigiD" in words(desk.get(at(found)))
    url = f"/werkplek/melding/nieuw/?website={found.pk}"
    facts = typed_melding(own, law="jeugd", given_names="Anders gespeld")
    del facts["route"]
    assert desk.post(url, facts).url == f"/werkplek/zaak/{case.pk}/"  # nobody asks again who it is
    assert Melding.objects.latest("registered_at").person == case.person and Person.objects.count() == 1


def test_nothing_is_made_of_it_only_with_a_reason(house):
    _, anna, bram, browser = house
    found, _ = sent(browser)
    desk = browser_of(anna.user)
    assert "Fout: " in desk.post(at(found), {"why": ""}).content.decode()
    with pytest.raises(PermissionDenied):
        web.settle_web_melding(web_id=found.pk, why="x", actor=bram)
    assert desk.post(at(found), {"why": "Dubbel, gebeld"}).url == "/werkplek/"
    with pytest.raises(Blocked):
        web.settle_web_melding(web_id=found.pk, why="x", actor=anna)
    with pytest.raises(IntegrityError), transaction.atomic():
        WebMelding.objects.update(dropped_why="")
    assert "Via de website" not in words(desk.get("/werkplek/"))


def test_one_address_sends_no_more_than_twenty_an_hour(house):
    *_, browser = house
    for number in range(20):
        sent(browser, words=f"Melding {number}")
    answer = browser.post(URL, TYPED | {"words": "De eenentwintigste"})
    assert answer.status_code == 429 and "De eenentwintigste" in answer.content.decode()
    assert WebMelding.objects.count() == 20


def test_a_gemeente_without_a_team_says_how_else(house):
    own, anna, bram, browser = house
    elsewhere = make_gemeente("Elders")
    assert browser.get(URL).context["form"].only == own.gemeenten.get()  # nobody is asked to choose what cannot be
    with pytest.raises(Blocked):
        web.website_team(elsewhere)
    own.gemeenten.clear()
    assert web.website_team(make_team(elsewhere, "B-team").gemeenten.get()).name == "B-team"
    assert not web.web_meldingen_of(anna).exists() and bram


def test_the_beheerder_says_which_team_takes_the_website(house):
    own, *_ = house
    ben = make_staff("ben", roles=("beheerder",), gemeente=own.gemeenten.get())
    page = browser_of(ben).get(f"/werkplek/beheer/teams/{own.pk}/wijzigen/")
    form = page.context["form"]
    assert form.initial["takes_website"] is True
    facts = {"team": own, "name": own.name, "gemeenten": list(own.gemeenten.all()), "cover": own.cover}
    change_team(**facts, version=form.initial["version"], takes_website=False, actor=actor_of(ben))
    assert web.website_team(own.gemeenten.get()).name == "A-team"


def saved(web_melding, own, actor, **other):
    """The melding that the team makes of it."""
    facts = typed_melding(own, **other)
    del facts["route"]
    return browser_of(actor.user).post(f"/werkplek/melding/nieuw/?website={web_melding.pk}", facts)


def test_who_is_known_elsewhere_is_reached_as_the_sender_asks(house):
    own, anna, bram, _ = house
    case = make_case(bram).case  # of another team: anna does not see this person
    found, _ = sent(browser_of(make_resident(case, bram)))
    page = words(browser_of(anna.user).get(at(found)))
    assert "Ingelogd met DigiD" in page and case.person.family_name in page and "Geen post naar huis" in page
    letters = case.letters.count()
    answer = saved(found, own, anna, law="jeugd", no_post="on", safe_contact="Bel alleen overdag")
    assert answer.status_code == 302, words(answer)
    case.person.refresh_from_db()
    assert case.person.no_post and case.person.safe_contact == "Bel alleen overdag"
    assert Melding.objects.latest("registered_at").case == case and case.letters.count() == letters + 1


def test_a_shielded_person_stays_in_the_shielded_case(house):
    own, anna, _, _ = house
    case = make_case(anna).case
    resident = browser_of(make_resident(case, anna))
    Case.objects.filter(pk=case.pk).update(shielded=True)
    found, _ = sent(resident)
    carla = actor_of(make_staff("carla", own))
    page = words(browser_of(carla.user).get(at(found)))
    assert case.person.family_name not in page and found.number in page
    answer = browser_of(carla.user).post(
        f"/werkplek/melding/nieuw/?website={found.pk}", {**typed_melding(own, law="jeugd"), "route": ""}, follow=True
    )
    assert "heeft al een zaak" not in words(answer)
    assert Case.objects.count() == 1 and case.meldingen.count() == 2


def test_who_represents_somebody_is_named(house):
    own, anna, _, _ = house
    case = make_case(anna).case
    actor = replace(actor_of(make_resident(case, anna)), on_behalf_of=case.person_id)
    found = web.take_web_melding(gemeente=own.gemeenten.get(), facts=web.WebFacts(words="Help"), actor=actor)
    assert (found.reporter_name, found.reporter_capacity) == (actor.name, "gemachtigde, met DigiD")
    assert "Gemeld door" in words(browser_of(anna.user).get(at(found)))


def test_the_day_on_which_it_came_cannot_be_changed(house):
    own, anna, _, browser = house
    found, _ = sent(browser)
    WebMelding.objects.update(received_on=anna.today - timedelta(days=5))
    assert saved(found, own, anna, received_on="vandaag").status_code == 302
    assert Melding.objects.get().received_on == anna.today - timedelta(days=5)
