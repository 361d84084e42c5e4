"""What the log says of a page that was shown: who in which role, on which ground, which data; or nothing is shown."""

import logging
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from casework.enums import GrantKind
from casework.models import Grant, Letter
from casework.services.grants import begin_grant
from plans.models import Plan
from tests import factories as make
from tests.core.test_access import log_closed
from tests.werkplek.browsing import browser_of
from toegang.accounts.models import RoleAssignment
from toegang.core.models import LogRow
from toegang.portaal.views import SHOWN as SHOWN_TO_INWONERS
from toegang.werkplek.page import PARTS, SHOWN

pytestmark = pytest.mark.django_db
NAME = "Fatima"


@pytest.fixture
def house():
    """A case with plan and letters, its contactpersoon, a colleague of the team, and one of another team."""
    gemeente = make.make_gemeente()
    noord, zuid = make.make_team(gemeente), make.make_team(gemeente, "Wijkteam Zuid")
    anna, bram = make.make_staff("anna", noord), make.make_staff("bram", noord, ("wijkteamlid", "toetser"))
    els = make.make_staff("els", zuid)
    return make.drive(make.make_case(make.actor_of(anna)).case, "besluit"), anna, bram, els


def last_look(**wanted):
    row = LogRow.objects.filter(**wanted).latest("id")
    return row.basis, row.grant_id, row.roles, row.fields


def test_a_case_is_seen_on_a_grant_or_by_the_team(house):
    case, anna, bram, _ = house
    address = reverse("werkplek:case", args=[case.pk])
    fields = ["persoonsgegevens", "hulpvragen", "meldingen", "termijnen", "huishouden", "tijdlijn"]
    assert browser_of(anna).get(address).status_code == 200
    grant = Grant.objects.get(case=case, user=anna)
    assert last_look(action="look") == ("contactpersoon", grant.pk, ["wijkteamlid"], fields)
    assert browser_of(bram).get(address).status_code == 200
    assert last_look(action="look") == ("team", None, ["toetser", "wijkteamlid"], fields)


def test_of_several_grants_the_most_specific_is_the_ground_and_one_that_ended_is_none(house):
    case, anna, _, els = house
    by = make.actor_of(anna)
    for kind in (GrantKind.NOODTOEGANG, GrantKind.CONSULT):
        begin_grant(case=case, user=els, kind=kind, reason="Proef", by=by, until=by.now + timedelta(hours=1))
    address = reverse("werkplek:case_letters", args=[case.pk])
    grants = {grant.kind: grant for grant in Grant.objects.filter(user=els)}
    assert browser_of(els).get(address).status_code == 200
    shown = ["persoonsgegevens", "hulpvragen", "brieven"]
    assert last_look(action="look") == ("consult", grants["consult"].pk, ["wijkteamlid"], shown)
    Grant.objects.filter(pk=grants["consult"].pk).update(validity=("2020-01-01", "2020-02-01"))
    assert browser_of(els).get(address).status_code == 200
    assert last_look(action="look")[:2] == ("noodtoegang", grants["noodtoegang"].pk)


def test_a_letter_and_the_lists_say_what_they_showed(house):
    case, anna, *_ = house
    client, grant = browser_of(anna), Grant.objects.get(case=case, user=anna)
    assert client.get(reverse("werkplek:letter_download", args=[Letter.objects.first().pk])).status_code == 200
    assert last_look(action="download") == ("contactpersoon", grant.pk, ["wijkteamlid"], ["brieven"])
    assert client.get(reverse("werkplek:worklist")).status_code == 200
    assert last_look(action="list") == ("", None, ["wijkteamlid"], ["persoonsgegevens", "termijnen"])


def test_an_inwoner_sees_the_own_case_on_the_own_grant(house):
    case, anna, *_ = house
    fatima = make.make_resident(case, make.actor_of(anna))
    client, grant = browser_of(fatima), Grant.objects.get(case=case, user=fatima)
    pages = {
        "case": reverse("portaal:case", args=[case.pk]),
        "letter": reverse("portaal:letter", args=[Letter.objects.exclude(sent_on=None).first().pk]),
        "plan": reverse("portaal:plan", args=[Plan.objects.get().pk]),
    }
    for kind, address in pages.items():
        assert client.get(address).status_code == 200
        assert last_look(user_id=fatima.pk) == ("inwoner", grant.pk, [], list(SHOWN_TO_INWONERS[kind])), kind


def test_every_part_of_a_case_tells_which_data_it_shows():
    assert {part for part, _, _ in PARTS} | {"toetsing", "inzage", "wie keek", "onderzoek", "dossier"} == set(SHOWN)


def test_lists_downloads_and_refusals_that_cannot_be_logged_are_not_shown(house):
    case, anna, _, els = house
    fatima = make.make_resident(case, make.actor_of(anna))
    letter = Letter.objects.exclude(sent_on=None).first()
    staff, stranger, resident = browser_of(anna), browser_of(els), browser_of(fatima)
    asked = [
        (staff, reverse("werkplek:worklist"), 200),
        (staff, reverse("werkplek:team_list"), 200),
        (staff, reverse("werkplek:case", args=[case.pk]), 200),
        (staff, reverse("werkplek:letter_download", args=[letter.pk]), 200),
        (resident, reverse("portaal:home"), 200),
        (resident, reverse("portaal:letter_pdf", args=[letter.pk]), 200),
        (stranger, reverse("werkplek:case", args=[case.pk]), 404),
        (stranger, reverse("werkplek:letter_download", args=[letter.pk]), 404),
        (resident, reverse("werkplek:worklist"), 404),
    ]
    assert [client.get(address).status_code for client, address, _ in asked] == [code for *_, code in asked]
    assert NAME in staff.get(asked[0][1]).content.decode()  # there is something to hide
    with log_closed():
        answers = [client.get(address) for client, address, _ in asked]
    assert {(answer.status_code, answer.content) for answer in answers} == {(503, answers[0].content)}
    assert answers[0]["Content-Type"].startswith("text/html")
    assert NAME not in answers[0].content.decode()


def test_a_denied_attempt_holds_the_path_and_not_what_was_asked(house):
    case, _, _, els = house
    address = reverse("werkplek:case", args=[case.pk])
    assert browser_of(els).get(f"{address}?zoek=geheim").status_code == 404
    row = LogRow.objects.filter(action="refused").latest("id")
    assert (row.what, row.result, row.roles, row.user_id) == (address, "http404", ["wijkteamlid"], els.pk)


def test_nobody_forges_a_line_in_a_log(house, caplog):
    """What somebody typed stays inside one row, and one line of the console (ASVS 5.0 16.4.1)."""
    forged = "x\r\n2026-01-01 ok Anna"
    before = LogRow.objects.count()
    client = browser_of(house[1])
    with caplog.at_level(logging.WARNING):
        assert client.get("/weg%0D%0A2026-01-01%20ok%20Anna").status_code == 404
        sign_in = {"login": forged, "password": "y"}
        assert Client().post(reverse("account_login"), sign_in).status_code == 200
    assert [record.getMessage() for record in caplog.records if "\n" in record.getMessage()] == []
    assert any("weg" in record.getMessage() for record in caplog.records)
    rows = LogRow.objects.order_by("id")[before:]
    assert [(row.action, row.result) for row in rows] == [("login", "refused")]


def test_a_list_belongs_to_the_gemeente_of_who_has_one_only(house):
    case, anna, *_ = house
    browser_of(anna).get(reverse("werkplek:worklist"))
    row = LogRow.objects.filter(action="list").latest("id")
    assert (row.gemeente_id, row.case_id, row.case_ids) == (case.gemeente_id, None, [case.pk])
    elsewhere = make.make_gemeente("Elders")
    case.team.gemeenten.add(elsewhere)
    RoleAssignment.objects.create(user=anna, gemeente=elsewhere, role_id="wijkteamlid", since="2024-01-01")
    browser_of(anna).get(reverse("werkplek:worklist"))
    assert LogRow.objects.filter(action="list").latest("id").gemeente_id is None
