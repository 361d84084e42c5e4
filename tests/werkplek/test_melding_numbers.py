"""A burgerservicenummer that the maker of a melding may not know of answers as one that nobody has."""

import re
from difflib import unified_diff

import pytest
from django.db import connection, transaction

from casework.models import Case, Melding, Person
from tests.factories import actor_of, make_case, make_gemeente, make_staff, make_team
from tests.werkplek.test_melding import ADDRESS, BSN, typed

pytestmark = pytest.mark.django_db
OF_THIS_TIME = (
    (r'name="csrfmiddlewaretoken" value="[^"]+"', "token"),
    (r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", "uuid"),
    (r"ZD-\d{4}-\d{5}", "reference"),
    (r'data-(idle|whole)="\d+"', "seconds left"),
)


@pytest.fixture
def team():
    return make_team(make_gemeente())


@pytest.fixture
def worker(team, client):
    user = make_staff("sanne", team)
    client.force_login(user)
    return user


@pytest.fixture
def other(team):
    return actor_of(make_staff("mo", make_team(team.gemeenten.get(), "Zuid")))


def born_otherwise(other):
    make_case(other, bsn=BSN, born=19500101, given_names="Geheim")


def shielded_case(other):
    case = make_case(other, bsn=BSN).case
    Case.objects.filter(pk=case.pk).update(shielded=True)


def shielded_person(other):
    case = make_case(other, bsn=BSN).case
    Person.objects.filter(pk=case.person_id).update(shielded=True)


def deceased(other):
    case = make_case(other, bsn=BSN).case
    Person.objects.filter(pk=case.person_id).update(deceased=20260101)


def elsewhere(other):
    make_case(actor_of(make_staff("ida", make_team(make_gemeente("Elders")))), bsn=BSN)


def shielded_without_a_number(other):
    case = make_case(other).case
    Case.objects.filter(pk=case.pk).update(shielded=True)


def own_case(other):
    """The control: a hit with right, which answers otherwise."""
    make_case(other, bsn=BSN)


def told(client, team, facts, before=lambda: None):
    """Pages and queries of the same melding sent twice, in a world that is taken back."""
    queries, pages = [], []

    def note(execute, sql, params, many, context):
        queries.append(re.sub(r"s\d+_x\d+", "savepoint", sql))
        return execute(sql, params, many, context)

    point = transaction.savepoint()
    before()
    cookies = dict(client.cookies)
    with connection.execute_wrapper(note):
        for _ in range(2):
            answer = client.post(ADDRESS, facts, follow=True)
            page = f"{answer.status_code} {answer.redirect_chain}\n{answer.content.decode()}"
            for found, name in OF_THIS_TIME:
                page = re.sub(found, name, page)
            pages.append(page.splitlines())
    contested = Person.objects.filter(bsn_contested=True).count()
    meldingen = Melding.objects.filter(registered_by__username="sanne").count()
    transaction.savepoint_rollback(point)
    client.cookies.clear()
    client.cookies.update(cookies)
    return pages, queries, contested, meldingen


@pytest.mark.parametrize(
    ("world", "number", "contested"),
    [
        (born_otherwise, BSN, 1),
        (shielded_case, BSN, 1),
        (shielded_person, BSN, 1),
        (deceased, BSN, 1),
        (elsewhere, BSN, 0),
        (shielded_without_a_number, "", 0),
    ],
)
def test_a_hit_without_right_and_a_miss_are_the_same(client, worker, team, other, world, number, contested):  # noqa: PLR0917
    facts = typed(team, bsn=number)
    told(client, team, facts)  # what is read once for a process has been read
    miss = told(client, team, facts)
    hit = told(client, team, facts, before=lambda: world(other))
    assert [line for before, after in zip(miss[0], hit[0], strict=True) for line in unified_diff(before, after)] == []
    assert hit[1] == miss[1] and len(hit[1]) > 50
    assert (hit[2], miss[2]) == (contested, 0)
    assert hit[3] == miss[3] == 2  # registered in any case


def test_a_hit_with_right_is_another_page(client, worker, team, other):
    facts = typed(team, bsn=BSN)
    told(client, team, facts)
    miss, hit = told(client, team, facts), told(client, team, facts, before=lambda: own_case(other))
    assert hit[0] != miss[0] and hit[1] != miss[1]
    assert "Deze inwoner heeft al een zaak bij team Zuid." in "\n".join(hit[0][0]) and hit[2] == 0
