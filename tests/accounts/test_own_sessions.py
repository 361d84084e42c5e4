"""The own sessions: where somebody is signed in, seen by nobody else, ended on the server at once."""

from datetime import timedelta

import pytest
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

from tests.factories import actor_of, drive, make_case, make_gemeente, make_resident, make_staff, make_team
from toegang.accounts.devices import device_words
from toegang.accounts.sessions import KEY
from toegang.core.models import LogRow

pytestmark = pytest.mark.django_db
PASSWORD = "een lang wachtwoord"
ADDRESS = "/account/sessies/"
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:128.0) Gecko/20100101 Firefox/128.0"
IPHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
    "Version/17.5 Mobile/15E148 Safari/604.1"
)


@pytest.fixture
def team():
    return make_team(make_gemeente())


def staff(name, team):
    user = make_staff(name, team)
    user.set_password(PASSWORD)
    user.save()
    return user


def signed_in(name, agent=FIREFOX):
    browser = Client(headers={"user-agent": agent})
    assert browser.post("/inloggen/", {"login": name, "password": PASSWORD}).status_code == 302
    return browser


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        (FIREFOX, "Firefox op Windows"),
        (IPHONE, "Safari op iPhone"),
        ("Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/126.0 Safari/537.36", "Chrome op Linux"),
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/126.0 Safari/537.36 Edg/126.0", "Edge op Windows"),
        ("Mozilla/5.0 (Linux; Android 14; SM-X200) SamsungBrowser/25.0 Chrome/121.0 Safari/537.36",
         "Samsung Internet op Android"),
        ("Mozilla/5.0 (iPad; CPU OS 17_5) CriOS/126.0 Mobile Safari/604.1", "Chrome op iPad"),
        ("Mozilla/5.0 (X11; CrOS x86_64 15917) Chrome/126.0 Safari/537.36", "Chrome op Chromebook"),
        ("curl/8.5.0", "Onbekend apparaat"),
        ("", "Onbekend apparaat"),
    ],
)  # fmt: skip
def test_a_device_in_words(agent, words):
    assert device_words(agent) == words


def test_the_list_shows_where_and_when_and_marks_this_session(team):
    staff("sanne", team)
    here = signed_in("sanne")
    signed_in("sanne", IPHONE)
    rows = here.get(ADDRESS).context["rows"]
    assert sorted((device, is_here) for _, device, is_here in rows) == [
        ("Firefox op Windows", True),
        ("Safari op iPhone", False),
    ]
    html = here.get(ADDRESS).content.decode()
    assert html.count("Deze sessie") == 1 and html.count("Adres 127.0.0.1") == 2
    assert html.count("Beëindigen: Safari op iPhone") == 1 and "Beëindigen: Firefox" not in html


def test_who_is_signed_in_once_reads_so(team):
    staff("sanne", team)
    html = signed_in("sanne").get(ADDRESS).content.decode()
    assert "U bent nergens anders ingelogd." in html and "Alle andere sessies" not in html


def test_an_ended_session_gets_the_way_in_at_once(team):
    user = staff("sanne", team)
    here, there = signed_in("sanne"), signed_in("sanne", IPHONE)
    assert there.get("/werkplek/").status_code == 200
    listed = UserSession.objects.get(user=user, user_agent=IPHONE)
    answer = here.post(ADDRESS, {"session": listed.pk}, follow=True)
    assert "De sessie is beëindigd." in answer.content.decode()
    assert there.get("/werkplek/").headers.get("Location") == "/inloggen/?next=/werkplek/"
    assert here.get("/werkplek/").status_code == 200
    assert not Session.objects.filter(session_key=listed.session_key).exists()
    assert LogRow.objects.get(object_type="session").object_id == str(listed.pk)


def test_all_others_end_and_this_one_stays(team):
    staff("sanne", team)
    here, others = signed_in("sanne"), [signed_in("sanne", IPHONE) for _ in range(3)]
    html = here.post(ADDRESS, {"session": "andere"}, follow=True).content.decode()
    assert "3 sessies zijn beëindigd." in html
    assert [browser.get("/werkplek/").status_code for browser in [here, *others]] == [200, 302, 302, 302]


def test_nobody_sees_or_ends_the_session_of_somebody_else(team):
    staff("sanne", team)
    joost = staff("joost", team)
    here, there = signed_in("sanne"), signed_in("joost", IPHONE)
    foreign = UserSession.objects.get(user=joost).pk
    assert "iPhone" not in here.get(ADDRESS).content.decode()
    for chosen in (foreign, "andere", "", "9" * 30, "x"):
        assert "Die sessie was al voorbij." in here.post(ADDRESS, {"session": chosen}, follow=True).content.decode()
    assert there.get("/werkplek/").status_code == 200 and here.get("/werkplek/").status_code == 200


@pytest.mark.parametrize(
    "facts",
    [
        {"last_seen_at": timezone.now() - timedelta(minutes=31)},
        {"created_at": timezone.now() - timedelta(hours=10, minutes=1)},
    ],
)
def test_a_session_that_lets_nobody_in_is_not_listed(team, facts):
    staff("sanne", team)
    here = signed_in("sanne")
    signed_in("sanne", IPHONE)
    assert "iPhone" in here.get(ADDRESS).content.decode()
    UserSession.objects.filter(user_agent=IPHONE).update(**facts)
    assert "iPhone" not in here.get(ADDRESS).content.decode()


def test_last_use_is_noted_at_most_once_a_minute(team, django_assert_num_queries):
    user = staff("sanne", team)
    here = signed_in("sanne")
    then = timezone.now() - timedelta(minutes=3)
    UserSession.objects.update(last_seen_at=then)
    here.get("/account/tweede-stap/")
    assert UserSession.objects.get(user=user).last_seen_at == then  # signed in a moment ago
    session = here.session
    session[KEY] = session[KEY] | {"seen": session[KEY]["seen"] - 61}
    session.save()
    here.get("/account/tweede-stap/")
    assert UserSession.objects.get(user=user).last_seen_at > then


def test_signing_out_takes_the_session_from_the_list(team):
    user = staff("sanne", team)
    here = signed_in("sanne")
    key = here.session.session_key
    here.post("/uitloggen/")
    assert not UserSession.objects.filter(user=user).exists()
    assert not Session.objects.filter(session_key=key).exists()


def test_the_list_costs_the_same_for_one_and_for_fifty(team, django_assert_num_queries):
    user = staff("sanne", team)
    here = signed_in("sanne")
    here.get(ADDRESS)
    with django_assert_num_queries(11):
        here.get(ADDRESS)
    until = timezone.now() + timedelta(hours=1)
    keys = [f"sessie-{number}" for number in range(50)]
    Session.objects.bulk_create([Session(session_key=key, session_data="", expire_date=until) for key in keys])
    UserSession.objects.bulk_create([UserSession(user=user, session_key=key, ip="127.0.0.1") for key in keys])
    with django_assert_num_queries(11):
        assert len(here.get(ADDRESS).context["rows"]) == 51


def test_an_inwoner_has_the_list_too(team):
    anna = make_staff("anna", team)
    case = drive(make_case(actor_of(anna)).case, "gesprek")
    resident = make_resident(case, actor_of(anna))
    here = Client(headers={"user-agent": IPHONE})
    here.post("/demo/inwoner/", {"person": case.person_id})
    html = here.get(ADDRESS).content.decode()
    assert "Safari op iPhone" in html and "Deze sessie" in html and 'aria-label="Mijn account"' not in html
    assert UserSession.objects.get().user_id == resident.pk
    assert 'href="/account/sessies/">Mijn sessies' in here.get("/mijn/").content.decode()


def test_a_new_password_ends_the_others_and_the_list_says_so(team):
    staff("sanne", team)
    here, there = signed_in("sanne"), signed_in("sanne", IPHONE)
    new = "een ander lang wachtwoord"
    answer = here.post("/account/wachtwoord/", {"oldpassword": PASSWORD, "password1": new, "password2": new})
    assert answer.status_code == 302
    assert [device for _, device, _ in here.get(ADDRESS).context["rows"]] == ["Firefox op Windows"]
    assert there.get("/werkplek/").status_code == 302
