"""Pages with teams, wijken, roles and ketenpartners: what is wrong is said, what is foreign is nowhere."""

import pytest

from tests.factories import LONG_AGO, make_beheerder, make_gemeente, make_staff, make_team
from tests.werkplek.browsing import fill
from toegang.accounts.models import Ketenpartner, Membership, Organisatie, Role, Team, User, Wijk

pytestmark = pytest.mark.django_db
BASE = "/werkplek/beheer/"
TEAMS_QUERIES, TEAM_QUERIES, PARTNERS_QUERIES, PARTNER_QUERIES, ROLES_QUERIES = 13, 16, 11, 15, 11


@pytest.fixture
def gemeente():
    return make_gemeente()


@pytest.fixture
def foreign():
    other = make_gemeente("Elders")
    other.organisatie = Organisatie.objects.create(name="Andere organisatie")
    other.save()
    return other


@pytest.fixture
def bea(client, gemeente):
    user = make_beheerder("bea", gemeente)
    client.force_login(user)
    return user


def make_partner(gemeente, name="De Regenboog"):
    return Ketenpartner.objects.create(organisatie=gemeente.organisatie, name=name, sort="school")


def told(answer):
    form = answer.context["form"]
    return [*form.non_field_errors(), *(text for name in form.fields for text in form[name].errors)]


def test_a_team_is_made_shown_and_changed(client, bea, gemeente):
    sends = fill(client, f"{BASE}teams/nieuw/", "gemeenten", name="Wijkteam Oost", gemeenten=[gemeente.pk])
    assert sends().url == f"{BASE}teams/"
    assert told(sends()) == ["De naam ‘Wijkteam Oost’ is er al. Kies een andere naam."]
    team = Team.objects.get()
    assert "Wijkteam Oost" in client.get(f"{BASE}teams/").content.decode()
    change = fill(client, f"{BASE}teams/{team.pk}/wijzigen/", "gemeenten", name="Wijkteam West")
    stale = fill(client, f"{BASE}teams/{team.pk}/wijzigen/", "gemeenten", name="Wijkteam Zuid")
    assert change().url == f"{BASE}teams/{team.pk}/"
    assert change().status_code == 302
    answer = stale()
    assert (answer.status_code, answer.context["fields"][0]) == (
        409,
        ("Naam van het team", "Wijkteam Zuid", "Wijkteam West"),
    )
    html = client.get(f"{BASE}teams/{team.pk}/").content.decode()
    assert "naam: Wijkteam Oost → Wijkteam West" in html and "door Bea" in html
    assert "Er werkt nog niemand in dit team." in html


@pytest.mark.parametrize(
    ("typed", "sentences"),
    [
        ({"name": " "}, ["Vul dit in: Naam van het team"]),
        ({"gemeenten": []}, ["Kies minstens één gemeente"]),
        ({"gemeenten": [0]}, ["Kies een van de antwoorden"]),
        ({"gemeenten": ["x"]}, None),
    ],
)
def test_a_team_with_something_wrong_is_not_made(client, bea, gemeente, typed, sentences):
    sent = {"name": "Wijkteam Oost", "gemeenten": [gemeente.pk], "cover": "genoemd", "version": 0}
    answer = client.post(f"{BASE}teams/nieuw/", {**sent, **typed})
    assert answer.status_code == 200 and told(answer) == (sentences or told(answer)) != []
    assert not Team.objects.exists()


def test_the_members_of_a_team_now_and_then(client, bea, gemeente):
    team = make_team(gemeente)
    make_staff("anna", team)
    Membership.objects.create(user=make_staff("oud", roles=()), team=team, since=LONG_AGO, until=LONG_AGO)
    answer = client.get(f"{BASE}teams/{team.pk}/")
    assert [row.user.name for row, _ in answer.context["members"]] == ["Anna"]
    assert [(row.user.name, words) for row, words in answer.context["former"]] == [
        ("Oud", "van 1 januari 2020 tot en met 1 januari 2020")
    ]
    assert client.get(f"{BASE}teams/").context["teams"][0].people_now == 1


def test_what_is_of_another_organisation_is_nowhere(client, bea, foreign):
    team, partner = make_team(foreign), make_partner(foreign)
    wijk = Wijk.objects.create(gemeente=foreign, name="Verweg")
    nowhere = client.get("/bestaat-niet/").content
    paths = [f"teams/{team.pk}/", f"teams/{team.pk}/wijzigen/", f"wijken/{wijk.pk}/", "rollen/koning/", "teams/0/"]
    paths += [f"ketenpartners/{partner.pk}/{rest}" for rest in ("", "wijzigen/", "mensen/nieuw/")]
    for path in paths:
        for answer in (client.get(BASE + path), client.post(BASE + path, {"name": "Van mij", "username": "mij"})):
            assert (answer.status_code, answer.content) == (404, nowhere), path
    for path, name in (("teams/", "Wijkteam Noord"), ("teams/", "Verweg"), ("ketenpartners/", "De Regenboog")):
        assert name not in client.get(BASE + path).content.decode()


def test_a_wijk_is_added_and_renamed(client, bea, gemeente):
    assert fill(client, f"{BASE}wijken/nieuw/", "name", name="Centrum")().url == f"{BASE}teams/"
    assert told(client.post(f"{BASE}wijken/nieuw/", {"name": "CENTRUM"})) == [
        "De naam ‘CENTRUM’ is er al. Kies een andere naam."
    ]
    wijk = Wijk.objects.get(gemeente=gemeente)
    assert client.post(f"{BASE}wijken/{wijk.pk}/", {"name": "Binnenstad"}).status_code == 302
    assert "Binnenstad" in client.get(f"{BASE}teams/").content.decode()


def test_the_words_of_a_role_are_changed_with_history(client, bea):
    Role.objects.filter(pk="toetser").update(name="toetser", description="Vier ogen.")
    sends = fill(client, f"{BASE}rollen/toetser/", "description", name="kwaliteitstoetser", description="Kijkt mee.")
    assert sends().url == f"{BASE}rollen/"
    html = client.get(f"{BASE}rollen/").content.decode()
    assert "kwaliteitstoetser" in html and "Kijkt mee." in html
    page = client.get(f"{BASE}rollen/toetser/").content.decode()
    assert "Geschiedenis" in page and "Rol gewijzigd" in page and "door Bea" in page
    double = fill(client, f"{BASE}rollen/toetser/", "description", name="Manager")()
    assert told(double) == ["De naam ‘Manager’ is er al. Kies een andere naam."]
    assert Role.objects.get(pk="toetser").name == "kwaliteitstoetser"


def test_a_ketenpartner_is_made_shown_and_changed(client, bea, gemeente):
    sends = fill(client, f"{BASE}ketenpartners/nieuw/", "sort", name="De Regenboog", sort="school")
    assert sends().url == f"{BASE}ketenpartners/"
    assert told(sends()) == ["De naam ‘De Regenboog’ is er al. Kies een andere naam."]
    assert told(client.post(f"{BASE}ketenpartners/nieuw/", {"name": "B", "sort": "leger", "version": 0})) == [
        "Kies een van de antwoorden"
    ]
    partner = Ketenpartner.objects.get()
    change = fill(client, f"{BASE}ketenpartners/{partner.pk}/wijzigen/", "sort", name="De Brug", sort="welzijn")
    assert change().url == f"{BASE}ketenpartners/{partner.pk}/"
    html = client.get(f"{BASE}ketenpartners/{partner.pk}/").content.decode()
    assert "Welzijnsorganisatie" in html and "naam: De Regenboog → De Brug" in html
    assert "Er heeft nog niemand een account." in html


@pytest.mark.parametrize("count", [1, 50])
def test_lists_take_the_same_queries_for_one_and_for_many(client, bea, gemeente, count, django_assert_num_queries):
    for n in range(count):
        team, partner = make_team(gemeente, f"Team {n}"), make_partner(gemeente, f"School {n}")
        Wijk.objects.create(gemeente=gemeente, name=f"Wijk {n}")
    for n in range(count):
        make_staff(f"w{n}", team)
        User.objects.create_user(f"juf{n}", kind="medewerker", name="Juf", ketenpartner=partner)
    for path, queries, key in (
        ("teams/", TEAMS_QUERIES, "teams"),
        ("teams/", TEAMS_QUERIES, "wijken"),
        (f"teams/{team.pk}/", TEAM_QUERIES, "members"),
        ("ketenpartners/", PARTNERS_QUERIES, "partners"),
        (f"ketenpartners/{partner.pk}/", PARTNER_QUERIES, "people"),
    ):
        with django_assert_num_queries(queries):
            assert len(client.get(BASE + path).context[key]) == count, path
    with django_assert_num_queries(ROLES_QUERIES):
        client.get(f"{BASE}rollen/")
