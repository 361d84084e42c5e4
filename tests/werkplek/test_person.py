"""Showing a burgerservicenummer: by who handles the case, after a proof, once, and logged."""

import time

import pytest
from django.urls import reverse

from tests.factories import actor_of, make_case, make_gemeente, make_staff, make_team
from toegang.accounts.sessions import KEY
from toegang.core.models import LogRow

NUMBER, OTHER = "999993653", "999990019"

pytestmark = pytest.mark.django_db


@pytest.fixture
def team():
    return make_team(make_gemeente())


@pytest.fixture
def worker(team, client):
    user = make_staff("sanne", team)
    user.set_password("een lang wachtwoord")
    user.save()
    client.force_login(user)
    return user


@pytest.fixture
def case(worker):
    return make_case(actor_of(worker), bsn=NUMBER).case


def at(case, person=None):
    return reverse("werkplek:person_bsn", args=[case.pk, (person or case.person).pk])


def shown():
    return LogRow.objects.filter(action="bsn")


def test_the_page_tells_what_happens_before_it_does(client, case):
    page = client.get(at(case)).content.decode()
    assert "Burgerservicenummer van Fatima Yıldız" in page and "••••• 3653" in page and "Nummer tonen" in page
    assert NUMBER not in page and "999 993 653" not in page
    assert not shown().exists()


def test_the_number_is_shown_once_and_logged_without_it(client, worker, case):
    answer = client.post(at(case))
    page = answer.content.decode()
    assert answer.status_code == 200 and "999 993 653" in page and "no-store" in answer["Cache-Control"]
    assert "3653" not in page.partition("</title>")[0]
    row = shown().get()
    assert (row.user_id, row.case_id, row.object_type, row.object_id, row.result) == (
        worker.pk, case.pk, "person", str(case.person_id), "ok",
    )  # fmt: skip
    assert not any(digits in f"{row.what} {row.detail}" for digits in (NUMBER, "3653"))
    assert "999 993 653" not in client.get(at(case)).content.decode()
    client.post(at(case))
    assert shown().count() == 2


def test_an_old_proof_is_asked_again_and_shows_nothing(client, case):
    session = client.session
    session[KEY] = {**session[KEY], "proved": time.time() - 600}
    session.save()
    answer = client.post(at(case))
    assert (answer.status_code, answer.url.partition("?")[0]) == (302, reverse("account_reauthenticate"))
    assert not shown().exists()
    assert client.get(at(case)).status_code == 200
    proved = client.post(answer.url, {"password": "een lang wachtwoord"}, follow=True)
    assert "999 993 653" in proved.content.decode()
    assert shown().count() == 1


def test_a_colleague_reads_why_not(client, case, team):
    client.force_login(make_staff("karim", team))
    assert "U kunt het hele nummer niet zien." in client.get(at(case)).content.decode()
    answer = client.post(at(case))
    assert answer.status_code == 403 and "999 993 653" not in answer.content.decode()
    assert not shown().exists()
    assert at(case) not in client.get(reverse("werkplek:case", args=[case.pk])).content.decode()


def test_only_of_people_of_this_case(client, worker, case, team):
    stranger = make_case(
        actor_of(make_staff("mo", make_team(case.gemeente, "Zuid"))), bsn=OTHER, given_names="Piet"
    ).case
    for address in (at(case, stranger.person), at(stranger)):
        for answer in (client.get(address), client.post(address)):
            assert answer.status_code == 404 and b"990 019" not in answer.content
    assert not shown().exists()


def test_without_a_number_there_is_nothing_to_show(client, worker):
    case = make_case(actor_of(worker)).case
    for answer in (client.get(at(case)), client.post(at(case))):
        assert "geen burgerservicenummer bekend" in answer.content.decode()
    assert not shown().exists()
    assert at(case) not in client.get(reverse("werkplek:case", args=[case.pk])).content.decode()


def test_a_lost_key_is_told_and_not_logged_as_shown(client, case, settings):
    settings.BSN_KEYS = ("A" * 43 + "=",)
    assert "niet te lezen" in client.post(at(case)).content.decode()
    assert not shown().exists()


def test_the_overview_leads_there(client, case):
    page = client.get(reverse("werkplek:case", args=[case.pk])).content.decode()
    assert f'href="{at(case)}"' in page and "Hele burgerservicenummer tonen van Fatima Yıldız" in page
