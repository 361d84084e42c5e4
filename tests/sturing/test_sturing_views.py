"""The page of the manager: exact figures, no name, reference or key of anybody, and the door."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from casework.enums import CaseStatus
from casework.models import Case, Person
from tests import factories as make
from tests.sturing.rows import cases, meldingen, terms
from toegang.accounts.models import User
from toegang.core.models import LogRow

FRAME = 15  # session, user, teams and roles, who acts and who acted (also for the figures), log row, three savepoints
pytestmark = pytest.mark.django_db


@pytest.fixture
def place():
    gemeente = make.make_gemeente()
    return gemeente, make.make_team(gemeente)


@pytest.fixture
def boss(place, client):
    user = make.make_staff("mira", roles=("manager",), gemeente=place[0])
    client.force_login(user)
    return user


def body(client):
    answer = client.get(reverse("sturing:home"))
    assert answer.status_code == 200
    return answer.content.decode()


def kpis(html):
    """{name: (value, of what)} of the four numbers on top."""
    pattern = r'<dt>(.*?)</dt><dd class="tg-kpi__value">(.*?)</dd><dd class="tg-kpi__of">(.*?)</dd>'
    return {name: (value, of) for name, value, of in re.findall(pattern, html)}


def rows(html, caption):
    """The cells of the table with this caption."""
    table = html.split(f'<caption class="utrecht-table__caption">{caption}</caption>')[1].split("</table>")[0]
    body = table.split("<tbody")[1]
    return [tuple(re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row)) for row in body.split("</tr>")[:-1]]


def filled(place, today):
    """Forty meldingen this month, twelve last month; twenty cases closed this month; steps with a small one."""
    gemeente, team = place
    last_month = today.replace(day=1) - timedelta(days=1)
    busy = cases(gemeente, team, 28, status=CaseStatus.UITVOERING)
    asking = cases(gemeente, team, 12)
    few = cases(gemeente, team, 3, status=CaseStatus.PLAN)
    closed = cases(gemeente, team, 20, status=CaseStatus.AFGESLOTEN, closed_on=today)
    meldingen([*busy, *asking], today)
    old = meldingen(busy[:12], last_month)
    terms(meldingen(closed, today - timedelta(days=900)), today - timedelta(days=20), today - timedelta(days=25))
    terms(old[:5], today - timedelta(days=20), None)
    return [*busy, *asking, *few, *closed]


def test_a_small_known_set_gives_exactly_these_figures(place, boss, client):
    filled(place, make.actor_of(boss).today)
    html = body(client)
    assert kpis(html) == {
        "Lopende zaken": ("43", "nu"),
        "Onderzoek binnen zes weken": ("80%", "van 25 onderzoeken (Wmo)"),
        "Meldingen": ("52", "in twaalf maanden"),
        "Korte vragen": ("x", "meteen beantwoord, in twaalf maanden"),
        "Afgesloten zaken": ("20", "in twaalf maanden"),
    }
    months = rows(html, "Meldingen en afgesloten zaken per maand")
    # Ten months without a melding are hidden, and since they are nought together, the twelve of last month too.
    assert [row[1:] for row in months] == [*[("x", "x", "x")] * 11, ("40", "x", "x"), ("52", "20", "+32")]
    steps = rows(html, "Lopende zaken per stap")
    assert steps == [
        ("Wacht op een gesprek", "x"),  # twelve, hidden beside the three of the plan
        ("Gesprek gepland", "x"),
        ("Vraaganalyse", "x"),
        ("Plan van aanpak", "x"),
        ("Aanbieder kiezen", "x"),
        ("Besluit maken", "x"),
        ("Hulp loopt", "28"),
        ("Evaluatie", "x"),
        ("Alle lopende zaken", "43"),
    ]
    assert "Er kwamen meer meldingen binnen dan er zaken zijn afgesloten</h2>" in html
    assert '<h2 id="stappen">Te weinig zaken om te vergelijken</h2>' in html


def test_an_empty_house_shows_nothing_but_that(boss, client):
    html = body(client)
    assert {value for value, _ in kpis(html).values()} == {"x"}
    assert html.count("Te weinig zaken om te tonen") == 2
    assert "<rect" not in html


def test_no_person_no_colleague_and_no_case_is_on_the_page(place, boss, client):
    found = filled(place, make.actor_of(boss).today)
    worker = make.make_staff("sanne", place[1])
    named = make.make_case(make.actor_of(worker), family_name="Zeldzaam", given_names="Wilhelmina")
    html = body(client)
    persons = Person.objects.all()
    assert len(found) == 63 and persons.count() == 64
    secrets = {p.family_name for p in persons} | {p.given_names for p in persons} | {str(p.pk) for p in persons}
    secrets |= {c.reference for c in Case.objects.all()} | {str(c.pk) for c in Case.objects.all()}
    secrets |= {u.name for u in User.objects.exclude(pk=boss.pk)} | {"06 1"}
    assert named.case.reference in secrets and "Sanne" in secrets and "Zeldzaam" in secrets
    assert [secret for secret in secrets if secret in html] == []
    assert re.findall(r"ZD-\d", html) == []


def test_the_database_is_asked_for_counts_alone_in_six_queries(place, boss, client):
    filled(place, make.actor_of(boss).today)
    with CaptureQueriesContext(connection) as asked:
        body(client)
    own = [q["sql"] for q in asked if "casework_" in q["sql"]]
    assert len(own) == 5  # and one for the gemeenten of the manager
    for sql in own:
        chosen = sql.split(" FROM ")[0]
        assert "COUNT(" in chosen
        assert not re.search(r"person|reference|household|words|name|\"id\"", chosen)
    assert len(asked) == FRAME + 6


def test_the_number_of_queries_does_not_grow(place, boss, client, django_assert_num_queries):
    with django_assert_num_queries(FRAME + 6):
        body(client)


def test_the_look_is_logged_as_one_list_without_a_case(boss, client):
    body(client)
    row = LogRow.objects.get(user_id=boss.pk)
    assert (row.action, row.what, row.case_id, row.case_ids) == ("list", "Stuurinformatie bekeken", None, [])


def test_nothing_on_the_page_is_styled_inline(place, boss, client):
    filled(place, make.actor_of(boss).today)
    html = body(client)
    assert "<svg" in html
    assert re.findall(r"\sstyle=|<style|<script(?! src)|\son\w+=", html) == []


def test_numbers_of_the_drawing_are_written_with_a_point(place, boss, client):
    filled(place, make.actor_of(boss).today)
    drawing = "".join(re.findall(r"<svg class=\"tg-plot__area.*?</svg>", body(client)))
    assert 'd="M95.83 0.0h0"' in drawing
    assert "," not in drawing


@pytest.mark.parametrize("roles", [("wijkteamlid",), ("teamleider", "toetser"), ("beheerder",)])
def test_other_staff_gets_the_page_of_a_wrong_address(place, client, roles):
    client.force_login(make.make_staff("sanne", place[1], roles=roles))
    answer = client.get(reverse("sturing:home"))
    assert (answer.status_code, answer.content) == (404, client.get("/bestaat-niet/").content)


def test_an_inwoner_gets_the_page_of_a_wrong_address(place, client):
    worker = make.make_staff("sanne", place[1])
    client.force_login(make.make_resident(make.make_case(make.actor_of(worker)).case, make.actor_of(worker)))
    answer = client.get(reverse("sturing:home"))
    assert (answer.status_code, answer.content) == (404, client.get("/bestaat-niet/").content)


def test_without_login_the_page_asks_to_sign_in(client):
    answer = client.get(reverse("sturing:home"))
    assert (answer.status_code, answer.headers["Location"].split("?")[0]) == (302, reverse("account_login"))
