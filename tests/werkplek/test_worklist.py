"""The worklist and the team list: the most urgent first, one look row, and what nobody does yet."""

from datetime import date, timedelta

import pytest

from casework.selectors import WorkRow
from tests.factories import actor_of, make_case, make_gemeente, make_staff, make_team
from toegang.core.models import LogRow
from toegang.core.templatetags.ui import DueView
from toegang.werkplek.views.worklist import group_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def team():
    return make_team(make_gemeente())


@pytest.fixture
def worker(team, client):
    user = make_staff("sanne", team)
    client.force_login(user)
    return user


def cases(worker, count, **facts):
    return [make_case(actor_of(worker), given_names=f"Inwoner{n}", **facts).case for n in range(count)]


def test_the_rows_are_grouped_by_the_day_they_are_due(client, worker):
    today = actor_of(worker).today
    (late,) = cases(worker, 1, on=today - timedelta(days=60))
    later = make_case(actor_of(worker), given_names="Later", on=today).case
    without = make_case(actor_of(worker), ("pw",), given_names="Zonder", on=today).case
    page = client.get("/werkplek/")
    groups = [(name, [row.case for row in rows]) for name, rows in page.context["groups"]]
    assert groups == [("Te laat", [late]), ("Later", [later]), ("Zonder termijn", [without])]
    assert page.context["calm"] is False
    html = page.content.decode()
    assert "Te laat (1)" in html and "Inwoner0 Yıldız" in html and late.reference in html
    assert "dagen te laat" in html and "Bel en plan het gesprek" in html


@pytest.mark.parametrize(
    ("due", "group"),
    [
        (None, "Zonder termijn"),
        (date(2026, 12, 1), "Te laat"),
        (date(2026, 12, 2), "Deze week"),
        (date(2026, 12, 6), "Deze week"),
        (date(2026, 12, 7), "Later"),
    ],
)
def test_a_week_ends_on_sunday(due, group):
    wednesday = date(2026, 12, 2)
    row = WorkRow(None, "", DueView(due, wednesday) if due else None, "termijn")
    assert group_of(row, wednesday) == group


def test_without_cases_the_page_says_so(client, worker):
    page = client.get("/werkplek/").content.decode()
    assert "U bent bij." in page
    assert "Nog zonder contactpersoon" not in page


def test_with_ample_time_the_page_names_the_next_day(client, worker):
    today = actor_of(worker).today
    cases(worker, 1, on=today)
    page = client.get("/werkplek/")
    assert page.context["calm"] is True
    assert page.context["next_due"] > today + timedelta(days=30)
    assert "U bent bij. De volgende termijn is" in page.content.decode()


def test_cases_of_the_team_without_contactpersoon_can_be_taken(client, worker, team):
    colleague = make_staff("karim", team)
    (waiting,) = cases(colleague, 1, become_contactpersoon=False)
    page = client.get("/werkplek/")
    assert page.context["waiting"] == [waiting]
    assert f'href="/werkplek/zaak/{waiting.pk}/contactpersoon/"' in page.content.decode()


def test_another_team_sees_nothing_of_it(client, worker):
    other = make_staff("mo", make_team(make_gemeente("Elders"), "Wijkteam Zuid"))
    own = cases(other, 1)[0]
    nobody = make_case(actor_of(other), given_names="Niemand", become_contactpersoon=False).case
    for address in ("/werkplek/", "/werkplek/team/"):
        page = client.get(address).content.decode()
        assert "Inwoner0" not in page and "Niemand" not in page
    assert {own.pk, nobody.pk} & {pk for row in LogRow.objects.filter(action="list") for pk in row.case_ids} == set()


def test_a_list_writes_one_look_with_all_cases(client, worker):
    shown = cases(worker, 3)
    waiting = make_case(actor_of(worker), given_names="Wacht", become_contactpersoon=False).case
    client.get("/werkplek/")
    client.get("/werkplek/team/")
    mine, team_row = LogRow.objects.filter(action="list").order_by("id")
    assert (mine.what, team_row.what) == ("Werkvoorraad", "Zaken van het team")
    assert sorted(mine.case_ids) == sorted(team_row.case_ids) == sorted(case.pk for case in [*shown, waiting])
    assert (mine.user_id, mine.purpose) == (worker.pk, "werkplek")


def test_the_team_list_names_the_contactpersoon(client, worker, team):
    colleague = make_staff("karim", team)
    (theirs,) = cases(colleague, 1)
    nobody = make_case(actor_of(worker), given_names="Niemand", become_contactpersoon=False).case
    rows = client.get("/werkplek/team/").context["rows"]
    assert {row.case: name for row, name in rows} == {theirs: "Karim", nobody: ""}


@pytest.mark.parametrize("count", [1, 6])
def test_one_and_many_rows_take_the_same_queries(client, worker, django_assert_num_queries, count):
    cases(worker, count)
    for n in range(count):
        make_case(actor_of(worker), given_names=f"Wacht{n}", become_contactpersoon=False)
    for address, own in (("/werkplek/", 7), ("/werkplek/team/", 2)):
        with django_assert_num_queries(11 + own):  # eleven of the frame
            client.get(address)


@pytest.mark.parametrize("roles", [("toetser",), ("beheerder",), ("manager",)])
@pytest.mark.parametrize(
    "address", ["/werkplek/", "/werkplek/team/", "/werkplek/melding/nieuw/", "/werkplek/afdrukken/"]
)
def test_other_roles_find_no_such_page(client, team, roles, address):
    client.force_login(make_staff("iemand", team, roles))
    assert client.get(address).status_code == 404
