"""The functioneel beheerder sees which cases wait and the reference data with its periods; nobody else does."""

from datetime import date, timedelta

import pytest

from casework.models import Case
from tests.factories import actor_of, make_beheerder, make_case, make_gemeente, make_staff, make_team
from toegang.accounts.models import Membership, RoleAssignment, User
from toegang.core.models import ClosingDay, LetterText, TermRule

pytestmark = pytest.mark.django_db
ADDRESS = "/werkplek/beheer/"
QUERIES = 21  # the frame, the waiting cases, the reference data


def test_the_beheerder_reads_terms_closing_days_and_texts(client):
    client.force_login(make_staff("bea", roles=("beheerder",), gemeente=make_gemeente()))
    rule = TermRule.objects.create(key="wmo_proef", law="jeugd", days=9, source="Een bron", valid_from=date(2019, 1, 1))
    TermRule.objects.filter(pk=rule.pk).update(valid_until=date(2020, 2, 3))
    page = client.get(ADDRESS)
    html = page.content.decode()
    assert "vanaf 1-1-2019</span> tot en met 3-2-2020" in html and "9 dagen" in html and "Een bron" in html
    assert "Wmo proef</th>" in html and ">Jeugdwet</td>" in html and "wmo_" not in html
    counts = {name: len(page.context[name]) for name in ("terms", "closing_days", "letter_texts")}
    assert counts == {
        "terms": TermRule.objects.count(),
        "closing_days": ClosingDay.objects.count(),
        "letter_texts": LetterText.objects.count(),
    }
    assert all(counts.values())
    assert "<form method" not in html.split("<main")[1]


@pytest.mark.parametrize("role", ["wijkteamlid", "teamleider", "toetser", "manager"])
def test_other_roles_find_no_such_page(client, role):
    client.force_login(make_staff("iemand", make_team(make_gemeente()), (role,)))
    assert client.get(ADDRESS).status_code == 404


NO_ONE = "Elke open zaak heeft een contactpersoon die nog werkt."


@pytest.fixture
def gemeente():
    return make_gemeente()


@pytest.fixture
def noord(gemeente):
    return make_team(gemeente)


def waiting(client):
    rows = client.get(ADDRESS).context["left"]
    return [(row.team.name, row.deserted, row.unassigned, leader) for row, leader in rows]


def test_cases_without_a_contactpersoon_who_still_works(client, gemeente, noord):
    """Whoever is disabled, out of the team or without a role that works on cases, works no more."""
    client.force_login(make_beheerder("bea", gemeente))
    yesterday = actor_of(None).today - timedelta(days=1)
    make_staff("lies", noord, ("teamleider",))
    make_staff("weg", noord, ("teamleider",))
    User.objects.filter(username="weg").update(is_active=False)
    workers = {name: make_staff(name, noord) for name in ("werkt", "uit", "verhuisd", "rol", "later")}
    cases = {name: make_case(actor_of(user), given_names=name).case for name, user in workers.items()}
    make_case(actor_of(workers["werkt"]), become_contactpersoon=False, given_names="Niemand")
    assert waiting(client) == [("Wijkteam Noord", 0, 1, "Lies")]
    User.objects.filter(username="uit").update(is_active=False)
    Membership.objects.filter(user=workers["verhuisd"]).update(until=yesterday)
    RoleAssignment.objects.filter(user=workers["rol"]).update(role_id="manager")
    RoleAssignment.objects.filter(user=workers["later"]).update(until=yesterday + timedelta(days=1))
    assert waiting(client) == [("Wijkteam Noord", 3, 1, "Lies")]
    html = client.get(ADDRESS).content.decode()
    assert NO_ONE not in html and "Yıldız" not in html and cases["uit"].reference not in html
    Case.objects.filter(pk=cases["uit"].pk).update(status="afgesloten", closed_on=yesterday, close_reason="verhuisd")
    assert waiting(client) == [("Wijkteam Noord", 2, 1, "Lies")]


def test_only_cases_of_the_own_gemeente_are_counted(client, gemeente, noord):
    anna = make_staff("anna", noord)
    make_case(actor_of(anna), become_contactpersoon=False)
    client.force_login(make_beheerder("bea", make_gemeente("Elders")))
    assert waiting(client) == [] and NO_ONE in client.get(ADDRESS).content.decode()


@pytest.mark.parametrize("count", [1, 50])
def test_the_list_takes_the_same_queries_for_one_and_for_many(client, gemeente, count, django_assert_num_queries):
    client.force_login(make_beheerder("bea", gemeente))
    for n in range(count):
        worker = make_staff(f"w{n}", make_team(gemeente, f"Team {n}"))
        make_case(actor_of(worker), become_contactpersoon=False, given_names=f"Inwoner{n}")
    with django_assert_num_queries(QUERIES):
        assert len(client.get(ADDRESS).context["left"]) == count
