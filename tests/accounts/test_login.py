"""Signing in: one door for medewerkers, and nothing tells whether an account exists."""

from types import ModuleType

import pytest
from django.urls import path

from tests.factories import make_gemeente, make_staff, make_team
from toegang import urls
from toegang.accounts.models import User
from toegang.accounts.views import house
from toegang.core.models import LogRow

pytestmark = pytest.mark.django_db
ADDRESS = "/inloggen/"
PASSWORD = "een lang wachtwoord"
REFUSED = "De gebruikersnaam of het wachtwoord klopt niet. Probeer het nog een keer."


@pytest.fixture
def worker():
    user = make_staff("sanne", make_team(make_gemeente()))
    user.set_password(PASSWORD)
    user.save()
    return user


def test_the_page_asks_a_name_and_a_password(client):
    html = client.get(ADDRESS).content.decode()
    assert "<title>Inloggen" in html and "tg-door-neutraal" in html
    assert 'name="login"' in html and 'type="password"' in html
    assert 'name="next"' not in html


def test_a_medewerker_comes_in_and_it_is_noted(client, worker):
    answer = client.post(ADDRESS, {"login": "sanne", "password": PASSWORD}, follow=True)
    assert [url for url, _ in answer.redirect_chain] == ["/", "/werkplek/"]
    assert LogRow.objects.get(action="login").object_id == "sanne"


def test_who_was_on_the_way_somewhere_goes_there(client, worker):
    asked = client.get("/werkplek/team/")
    html = client.get(asked.url).content.decode()
    assert '<input type="hidden" name="next" value="/werkplek/team/">' in html
    facts = {"login": "sanne", "password": PASSWORD, "next": "/werkplek/team/"}
    assert client.post(ADDRESS, facts).url == "/werkplek/team/"


def test_nobody_is_sent_to_another_site(client, worker):
    facts = {"login": "sanne", "password": PASSWORD, "next": "https://elders.example/"}
    assert client.post(ADDRESS, facts).url == "/"


@pytest.mark.parametrize(
    "facts",
    [
        {"login": "sanne", "password": "niet het goede"},
        {"login": "bestaat niet", "password": PASSWORD},
        {"login": "inwoner", "password": PASSWORD},
        {"login": "weg", "password": PASSWORD},
    ],
)
def test_every_refusal_reads_the_same(client, worker, facts):
    User.objects.create_user("inwoner", kind="inwoner", name="Fatima")
    User.objects.create_user("weg", kind="medewerker", password=PASSWORD, name="Weg", is_active=False)
    answer = client.post(ADDRESS, {**facts, "next": "/werkplek/team/"})
    html = answer.content.decode()
    assert html.count(REFUSED) == 1
    assert "<title>Fout: Inloggen" in html
    assert f'value="{facts["login"]}"' in html and facts["password"] not in html
    assert 'value="/werkplek/team/"' in html
    assert "_auth_user_id" not in client.session


def test_an_empty_form_names_both(client):
    errors = client.post(ADDRESS, {"login": "", "password": ""}).context["form"].errors
    assert errors == {"login": ["Vul uw gebruikersnaam in"], "password": ["Vul uw wachtwoord in"]}


def routes(*more):
    """The routes of the house without the demo, and some more."""
    house = [route for route in urls.urlpatterns if str(route.pattern) != "demo/"]
    module = ModuleType("routes")
    module.urlpatterns, module.handler404 = [*more, *house], urls.handler404
    return module


@pytest.mark.parametrize(("more", "shown"), [((), False), ((path("demo/inwoner/", house.home),), True)])
def test_the_way_to_an_example_person_is_shown_where_there_is_one(client, settings, more, shown):
    settings.ROOT_URLCONF = routes(*more)
    link = '<a href="/demo/inwoner/">Inwoner? Kies hier een voorbeeldpersoon</a>'
    assert (link in client.get(ADDRESS).content.decode()) is shown


def test_signing_out_ends_the_session_on_the_server(client, worker):
    client.post(ADDRESS, {"login": "sanne", "password": PASSWORD})
    old = client.cookies["sessie"].value
    answer = client.post("/uitloggen/")
    assert (answer.url, answer.headers["Clear-Site-Data"]) == (ADDRESS, '"cache", "storage"')
    client.cookies["sessie"] = old
    again = client.get("/werkplek/")
    assert (again.status_code, again.headers.get("Location")) == (302, f"{ADDRESS}?next=/werkplek/")
    assert again.headers["Cache-Control"] == "no-store"
