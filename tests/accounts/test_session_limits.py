"""A session ends in time, says so before, and loses nothing that was typed."""

import json

import pytest
from django.test import Client

from casework.models import Case
from tests.factories import actor_of, drive, make_case, make_gemeente, make_resident, make_staff, make_team
from toegang.accounts.kept import in_words
from toegang.accounts.sessions import ENDED, KEPT, KEY
from toegang.core.sealing import unseal

pytestmark = pytest.mark.django_db
MINUTES, HOURS = 60, 3600
PASSWORD = "een lang wachtwoord"
STAFF, INWONER = (30 * MINUTES, 10 * HOURS), (15 * MINUTES, 2 * HOURS)
WORDS = "Regel een.\nRegel twee, met <b>tekens</b> & ’aanhaling’."


@pytest.fixture
def team():
    return make_team(make_gemeente())


def staff(name, team):
    user = make_staff(name, team)
    user.set_password(PASSWORD)
    user.save()
    return user


@pytest.fixture
def sanne(team):
    return staff("sanne", team)


@pytest.fixture
def case(sanne):
    return make_case(actor_of(sanne)).case


def sign_in(browser, name, next_page=""):
    return browser.post("/inloggen/", {"login": name, "password": PASSWORD, "next": next_page})


def at_work(name="sanne", **facts):
    browser = Client(**facts)
    sign_in(browser, name)
    return browser


def age(browser, **seconds):
    """Set the session's own clock back."""
    session = browser.session
    session[KEY] = session[KEY] | {name: session[KEY][name] - by for name, by in seconds.items()}
    session.save()


def at_home(case):
    browser = Client()
    browser.force_login(make_resident(case, actor_of(case.contactpersoon())))
    return browser


@pytest.mark.parametrize("clock", ["seen", "began"])
def test_a_medewerker_is_out_after_half_an_hour_idle_and_after_ten_hours(sanne, clock):
    limit = STAFF[clock == "began"]
    inside, outside = at_work(), at_work()
    age(inside, **{clock: limit - 5})
    age(outside, **{clock: limit + 1})
    assert inside.get("/werkplek/").status_code == 200
    key = outside.session.session_key
    assert outside.get("/werkplek/").headers.get("Location") == "/inloggen/?next=%2Fwerkplek%2F"
    assert not outside.session.exists(key)
    html = outside.get("/inloggen/?next=/werkplek/").content.decode()
    assert "U was te lang weg. Log opnieuw in; dan gaat u verder waar u was." in html


@pytest.mark.parametrize("clock", ["seen", "began"])
def test_an_inwoner_is_out_after_a_quarter_idle_and_after_two_hours(sanne, case, clock):
    limit = INWONER[clock == "began"]
    drive(case, "gesprek")
    browser = at_home(case)
    age(browser, **{clock: limit - 5})
    assert browser.get("/mijn/").status_code == 200
    age(browser, **{clock: limit + 1})
    assert browser.get("/mijn/").url == "/mijn/inloggen/?next=%2Fmijn%2F"


def test_use_moves_the_idle_end_and_never_the_whole(sanne):
    browser = at_work()
    age(browser, seen=29 * MINUTES, began=9 * HOURS)
    assert browser.get("/werkplek/").status_code == 200
    left = browser.get("/sessie/").json()
    assert left["idle"] in range(1790, 1801) and left["whole"] in range(3590, 3601)


def test_the_count_down_is_no_use_and_a_post_to_it_is(sanne):
    browser = at_work()
    age(browser, seen=28 * MINUTES)
    assert browser.get("/sessie/").json()["idle"] in range(110, 121)
    assert browser.get("/sessie/").json()["idle"] in range(110, 121)
    assert browser.post("/sessie/").json()["idle"] in range(1790, 1801)


def test_the_count_down_neither_ends_nor_revives_an_ended_session(sanne):
    browser = at_work()
    age(browser, seen=31 * MINUTES)
    assert browser.get("/sessie/").json()["idle"] == 0
    assert browser.post("/sessie/").json()["idle"] == 0
    assert browser.get("/werkplek/").status_code == 302
    assert browser.get("/sessie/").status_code == 302


def test_the_page_knows_what_is_left_without_a_query(sanne, settings):
    browser = at_work()
    age(browser, seen=50, began=100)
    html = browser.get("/werkplek/").content.decode()
    left = browser.get("/werkplek/").context["session_left"]
    assert left["idle"] in range(1740, 1751) and left["whole"] in range(35890, 35901) and left["warn"] == 300
    assert 'data-warn="300"' in html and 'data-url="/sessie/"' in html
    assert "data-session" not in Client().get("/inloggen/").content.decode()


def typed(case):
    browser = at_work()
    page = browser.get(f"/werkplek/zaak/{case.pk}/gesprek/").context["forms"][0]
    return browser, {
        "on": "morgen",
        "time": "10.30",
        "form": "thuis",
        "place": WORDS.replace("\n", " "),
        "version": page.initial["version"],
    }


def talk(case):
    return f"/werkplek/zaak/{case.pk}/gesprek/"


def test_what_a_medewerker_typed_comes_back_and_is_really_saved(case):
    browser, facts = typed(case)
    age(browser, seen=31 * MINUTES)
    answer = browser.post(talk(case), facts)
    assert answer.url == "/inloggen/?next=%2Fverder%2F"
    assert "Wat u typte is bewaard." in browser.get(answer.url).content.decode()
    assert sign_in(browser, "sanne", "/verder/").url == "/verder/"
    page = browser.get("/verder/")
    assert page.context["kept"].shown == [
        ("Datum", "morgen"),
        ("Tijd", "10.30"),
        ("Hoe spreekt u elkaar?", "Bij de inwoner thuis"),
        ("Plaats", facts["place"]),
    ]
    assert [name for name, _ in page.context["kept"].unseen] == ["version"]
    html = page.content.decode()
    assert f'action="{talk(case)}"' in html and "&lt;b&gt;tekens&lt;/b&gt; &amp; ’aanhaling’." in html
    assert Case.objects.get(pk=case.pk).status == "melding"
    again = browser.post(page.context["path"], dict(page.context["fields"]))
    assert again.status_code == 302
    assert Case.objects.get(pk=case.pk).status == "gesprek"
    assert KEPT not in browser.session
    assert browser.get("/verder/").url == "/"


def test_what_an_inwoner_typed_is_kept_for_after_the_sign_in(sanne, case):
    drive(case, "gesprek")
    browser = at_home(case)
    age(browser, seen=16 * MINUTES)
    answer = browser.post("/mijn/", {"vraag": "Mag mijn dochter erbij zijn?\r\nGraag op dinsdag."})
    assert answer.url == "/mijn/inloggen/?next=%2Fverder%2F"
    session = browser.session
    assert "dinsdag" not in str(dict(session[KEPT]))
    assert dict(json.loads(unseal(session[KEPT]["sealed"]))) == {
        "vraag": "Mag mijn dochter erbij zijn?\r\nGraag op dinsdag."
    }
    browser.post("/demo/inwoner/", {"person": case.person_id})
    page = browser.get("/verder/").content.decode()
    assert "Vraag" in page and "Mag mijn dochter erbij zijn?" in page


def test_a_second_tab_keeps_its_text_too(case):
    """The first tab found the session ended; what the second one sends is still kept for the same user."""
    browser, facts = typed(case)
    age(browser, seen=31 * MINUTES)
    assert browser.get("/werkplek/").status_code == 302
    assert browser.post(talk(case), facts).url == "/inloggen/?next=%2Fverder%2F"
    sign_in(browser, "sanne", "/verder/")
    assert ("Tijd", "10.30") in browser.get("/verder/").context["kept"].shown


def test_who_was_never_in_leaves_nothing_behind(case):
    browser = Client()
    assert browser.post(talk(case), {"place": WORDS}).url == f"/inloggen/?next={talk(case)}"
    assert KEPT not in browser.session


def test_another_user_of_the_same_browser_does_not_see_it(team, case):
    staff("joost", team)
    browser, facts = typed(case)
    age(browser, seen=31 * MINUTES)
    browser.post(talk(case), facts)
    sign_in(browser, "joost")
    assert browser.get("/verder/").url == "/"
    assert KEPT not in browser.session and ENDED not in browser.session
    assert facts["place"] not in browser.get("/werkplek/").content.decode()


def test_after_an_hour_it_is_gone(case):
    browser, facts = typed(case)
    age(browser, seen=31 * MINUTES)
    browser.post(talk(case), facts)
    session = browser.session
    session[KEPT] = session[KEPT] | {"at": session[KEPT]["at"] - 3601}
    session.save()
    sign_in(browser, "sanne")
    html = browser.get("/verder/", follow=True).content.decode()
    assert "Er is niets meer dat u nog moet opslaan." in html
    assert KEPT not in browser.session


def test_who_does_not_want_it_throws_it_away(case):
    browser, facts = typed(case)
    age(browser, seen=31 * MINUTES)
    browser.post(talk(case), facts)
    sign_in(browser, "sanne")
    browser.post("/verder/")
    assert KEPT not in browser.session
    assert Case.objects.get(pk=case.pk).status == "melding"


def token_of(html):
    return html.split('name="csrfmiddlewaretoken" value="')[1].split('"')[0]


def test_signed_in_again_in_another_tab_the_old_form_is_shown_to_send_once_more(sanne, case):
    browser = at_work()
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = browser.cookies
    facts = {"place": "De keuken van de inwoner", "csrfmiddlewaretoken": "x" * 64}
    refused = strict.post(talk(case), facts, headers={"sec-fetch-site": "same-origin"})
    html = refused.content.decode()
    assert refused.status_code == 403 and "Uw tekst is bewaard" in html and "De keuken van de inwoner" in html
    again = strict.post(talk(case), {"place": "De keuken van de inwoner", "csrfmiddlewaretoken": token_of(html)})
    assert "De keuken van de inwoner" in again.content.decode() and "Vul een datum in" in again.content.decode()


@pytest.mark.parametrize("site", ["cross-site", "same-site", "none", ""])
def test_a_form_from_elsewhere_is_not_offered_to_send(sanne, case, site):
    browser = at_work()
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = browser.cookies
    refused = strict.post(talk(case), {"place": "Van elders"}, headers={"sec-fetch-site": site})
    assert refused.status_code == 403 and "Van elders" not in refused.content.decode()


def test_a_text_without_a_form_is_still_told():
    kept = in_words([("text_wonen", "Het dak lekt al weken."), ("version", "3"), ("actie", "")])
    assert kept.shown == [("Text wonen", "Het dak lekt al weken.")]
    assert kept.unseen == [("version", "3"), ("actie", "")]


def test_a_known_date_is_one_answer():
    kept = in_words([("born_dag", "12"), ("born_maand", "4"), ("born_jaar", "1978"), ("family_name", "Yıldız")])
    assert kept.shown[0][1] == "12 4 1978" and kept.unseen == []
