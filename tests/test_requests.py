"""What somebody may send: odd, double, too much, for another field; it is shown as typed and never read as code."""

import html

import pytest
from django.test import Client
from django.urls import reverse

from casework.models import Person
from tests.factories import actor_of, make_beheerder, make_case, make_gemeente, make_staff, make_team
from tests.test_doors import ALL
from toegang.accounts.models import User

pytestmark = pytest.mark.django_db
ODD = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "' onmouseover='alert(1)",
    "&lt;b&gt; &amp;amp;",
    "%253Cscript%253E %3Cb%3E",
    "{{ 7*7 }} {% load x %} ${7*7} {naam}",
    "'; DROP TABLE casework_case; --",
]
PEOPLE = "/werkplek/beheer/mensen/"


@pytest.fixture
def house(client):
    """A beheerder of a gemeente with one colleague."""
    gemeente = make_gemeente()
    anna = make_staff("anna", make_team(gemeente))
    client.force_login(make_beheerder("ben", gemeente))
    return gemeente, anna


@pytest.mark.parametrize("text", ODD)
def test_what_was_typed_is_shown_as_it_was_typed(client, text):
    """Stored as it is, escaped once where it is shown: in the text of a page and in its title."""
    anna = make_staff("anna", make_team(make_gemeente()))
    case = make_case(actor_of(anna), given_names=text).case
    client.force_login(anna)
    assert Person.objects.get(pk=case.person_id).given_names == text
    page = client.get(reverse("werkplek:case", args=[case.pk])).content.decode()
    assert html.escape(text) in page
    assert html.escape(text) == text or text not in page


@pytest.mark.parametrize("text", [*ODD, "%' OR 1=1 --", "\\", "_"])
def test_a_search_finds_nothing_by_sql_and_gives_back_what_was_typed(client, house, text):
    answer = client.get(PEOPLE, {"q": text})
    assert (answer.status_code, list(answer.context["page"])) == (200, [])


@pytest.mark.parametrize(
    "query",
    [
        "?q=" + "a" * 5000,
        *("?pagina=-1", "?pagina=99999999999999999999", "?pagina=x", "?stand=", "?q=%00", "?q=%ff%fe"),
        *("?order_by=id", "?q[]=x&q__gt=1", "?password__startswith=p"),
    ],
)
def test_odd_addresses_are_no_error(client, house, query):
    assert client.get(f"{PEOPLE}{query}").status_code in {200, 404}


def test_a_number_that_fits_no_column_is_nobody(client, house):
    for number in (2**31, 2**63, 10**30):
        assert client.get(f"{PEOPLE}{number}/").status_code == 404


def test_what_stands_in_the_address_is_no_answer_to_a_form(client):
    """The parts of a request are kept apart: a name in the query does not fill in a form."""
    user = make_staff("sanne", make_team(make_gemeente()))
    user.set_password("een lang wachtwoord")
    user.save()
    client.post("/inloggen/?login=sanne&password=een+lang+wachtwoord")
    assert "_auth_user_id" not in client.session
    client.post("/inloggen/?login=niemand", {"login": ["niemand", "sanne"], "password": "een lang wachtwoord"})
    assert client.session["_auth_user_id"] == str(user.pk)  # the last of the body, never the address


def test_a_request_that_is_too_large_is_refused(client, house):
    client.raise_request_exception = False
    address = reverse("account_settings")
    body = {f"veld{n}": "x" for n in range(501)}
    client.force_login(house[1])
    assert client.post(address, body).status_code == 400
    assert client.post(address, {"name": "x" * 3_000_000}).status_code == 400
    assert client.post(address, {}).status_code == 200


def test_every_route_asks_the_token_of_its_own_form():
    """Nothing is exempt, and a post from elsewhere is refused before any door looks at it."""
    assert [name for name, route in ALL.items() if getattr(route.callback, "csrf_exempt", False)] == []
    client = Client(enforce_csrf_checks=True)
    client.force_login(make_staff("anna", make_team(make_gemeente())))
    for address in ("/uitloggen/", "/werkplek/melding/nieuw/", reverse("account_settings")):
        assert client.post(address, headers={"origin": "https://elders.example"}).status_code == 403
    assert User.objects.count() > 0
