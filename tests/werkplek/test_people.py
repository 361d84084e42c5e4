"""The page on which people are looked up: what it shows, to whom, and what it says to everything else."""

import re

import pytest
from django.db import connection, transaction
from django.test import Client

from casework.models import AccessRules, Case, Person
from tests.casework.test_lookup import BSN, OTHER, die, hide_case, hide_person
from tests.factories import actor_of, make_case, make_gemeente, make_staff, make_team
from tests.werkplek.test_emergency import bare, browser_of, words
from toegang.accounts.models import RoleAssignment
from toegang.core.models import LogRow, OutboxRow

pytestmark = pytest.mark.django_db
SEARCH = "/werkplek/zoeken/"
NOTHING = "Niets gevonden. Zoek ook op geboortedatum, telefoonnummer of adres. Of doe een nieuwe melding."
NOT_ALONE = "Vul ook een huisnummer in, of een achternaam met een geboortedatum"
TOO_LITTLE = "Vul een achternaam met een geboortedatum in, of een telefoonnummer, adres of nummer"


@pytest.fixture
def house(client):
    """Fatima has a case with Els; Bram of another team is at the browser."""
    gemeente = make_gemeente()
    els = make_staff("els", make_team(gemeente))
    bram = make_staff("bram", make_team(gemeente, "Wijkteam Zuid"))
    client.force_login(bram)
    facts = {"street": "Kanarielaan", "phone": "06-CANARY", "postcode": "9876 ZZ"}
    return make_case(actor_of(els), bsn=BSN, **facts).case, els, bram


def typed(**other):
    return {"family_name": "yildiz", "born_jaar": "1978", **other}


def test_name_birth_date_and_team_are_shown_and_nothing_else(client, house):
    case, els, _ = house
    page = client.post(SEARCH, typed())
    assert "Gevonden (1) Fatima Yıldız Geboren 12 april 1978 Heeft al een zaak bij team Wijkteam Noord" in words(page)
    for secret in (case.reference, str(case.pk), str(case.person_id), "Kanarielaan", "CANARY", "9876", BSN, BSN[-4:]):
        assert secret not in page.content.decode() + str(page.headers)
    own = browser_of(els).post(SEARCH, {"bsn": BSN})
    assert f'href="/werkplek/zaak/{case.pk}/"' in own.content.decode()


def test_asking_for_the_page_shows_the_form_and_writes_nothing(client, house):
    before = LogRow.objects.filter(action="search").count()
    page = client.get(SEARCH, typed())
    assert page.status_code == 200 and "Wie zoekt u?" in words(page)
    assert 'value="yildiz"' not in page.content.decode() and "Gevonden" not in words(page)
    assert LogRow.objects.filter(action="search").count() == before


def told(client, facts, before=lambda: None):
    """Page, headers and queries of one look-up in a world that is taken back."""
    queries = []

    def note(execute, sql, params, many, context):
        queries.append(re.sub(r"s\d+_x\d+", "savepoint", sql))
        return execute(sql, params, many, context)

    point = transaction.savepoint()
    before()
    with connection.execute_wrapper(note):
        answer = client.post(SEARCH, facts)
    rows = list(LogRow.objects.filter(object_type="lookup").values("detail", "case_id", "case_ids", "fields"))
    work = OutboxRow.objects.filter(kind="weigh_lookup").count()
    transaction.savepoint_rollback(point)
    return answer, queries, rows, work


@pytest.mark.parametrize("hide", [hide_case, hide_person, die])
@pytest.mark.parametrize("facts", [{"bsn": BSN}, typed()])
def test_who_may_not_be_known_and_who_is_unknown_give_the_same_page_by_the_same_queries(client, house, hide, facts):
    case, _, _ = house
    told(client, facts)  # what is read once for a process has been read
    gone = lambda: Person.objects.update(family_key="iemand", sound_key="iemant", bsn_index="0" * 64)  # noqa: E731
    right, hit, miss = told(client, facts), told(client, facts, lambda: hide(case)), told(client, facts, gone)
    assert NOTHING in words(miss[0])
    assert bare(hit[0]) == bare(miss[0]) and hit[0].headers == miss[0].headers
    assert hit[1] == miss[1] and len(hit[1]) > 20
    assert hit[2:] == miss[2:] and hit[3] == 1
    assert bare(right[0]) != bare(miss[0]) and right[2] != miss[2]  # so that the test can fail


def test_another_gemeente_is_a_miss_and_who_works_for_two_says_which(client, house):
    _case, _, bram = house
    elders = make_gemeente("Elders")
    mo = make_staff("mo", make_team(elders, "Wijkteam Elders"))
    assert NOTHING in words(browser_of(mo).post(SEARCH, {"bsn": BSN}))
    RoleAssignment.objects.create(user=bram, gemeente=elders, role_id="klantcontact", since="2020-01-01")
    assert client.post(SEARCH, {"bsn": BSN}).context["form"].errors == {
        "gemeente": ["Kies een antwoord: In welke gemeente?"]
    }
    assert NOTHING in words(client.post(SEARCH, {"bsn": BSN, "gemeente": elders.pk}))
    assert "Fatima" in words(client.post(SEARCH, {"bsn": BSN, "gemeente": house[0].gemeente_id}))


@pytest.mark.parametrize("role", ["toetser", "manager", "beheerder", "privacy", "aandacht", "techniek"])
def test_for_who_takes_no_meldingen_it_is_a_wrong_address(house, role):
    browser = browser_of(make_staff("ander", roles=(role,), gemeente=house[0].gemeente))
    wrong = browser.get("/bestaat-niet/").content
    for answer in (browser.get(SEARCH), browser.post(SEARCH, {"bsn": BSN}), browser.post(SEARCH, {"bsn": OTHER})):
        assert (answer.status_code, answer.content) == (404, wrong)


def test_klantcontact_finds_the_page_in_the_menu_and_gets_no_link_to_a_case(house):
    browser = browser_of(make_staff("noor", roles=("klantcontact",), gemeente=house[0].gemeente))
    assert f'href="{SEARCH}"' in browser.get("/werkplek/melding/nieuw/").content.decode()
    page = browser.post(SEARCH, typed())
    assert "Heeft al een zaak bij team Wijkteam Noord" in words(page) and "/werkplek/zaak/" not in page.content.decode()


@pytest.mark.parametrize(
    ("facts", "errors"),
    [
        ({}, {"family_name": [TOO_LITTLE]}),
        ({"family_name": "Yıldız"}, {"born": [TOO_LITTLE]}),
        ({"born_jaar": "1978"}, {"family_name": [TOO_LITTLE]}),
        ({"family_name": "%"}, {"family_name": ["Schrijf de naam met letters"]}),
        (typed(given_name="_"), {"given_name": ["Schrijf de naam met letters"]}),
        (typed(family_name="a" * 5000), {"family_name": ["Gebruik niet meer dan 200 tekens. Het zijn er nu 5000"]}),
        (typed(born_jaar="19"), {"born": ["Vul het jaar in met 4 cijfers, bijvoorbeeld 1951"]}),
        ({"phone": "12"}, {"phone": ["Vul een heel telefoonnummer in"]}),
        ({"postcode": "1234 AB"}, {"house_number": [NOT_ALONE]}),
        (
            {"postcode": "1234 AB", "house_number": "1" * 30},
            {"house_number": ["Gebruik niet meer dan 20 tekens. Het zijn er nu 30"]},
        ),
        (typed(born_dag="3"), {"born": ["Vul ook de maand in"]}),
        (typed(postcode="Ö" * 5000), {"postcode": ["Vul een postcode in, bijvoorbeeld 1234 AB"]}),
        ({"bsn": "محمد"}, {"bsn": ["Vul een burgerservicenummer in van 9 cijfers"]}),
        ({"bsn": "999990018"}, {"bsn": ["Dit nummer klopt niet. Kijk op uw paspoort of identiteitskaart"]}),
    ],
)
def test_what_is_wrong_is_told_at_the_field_and_is_not_counted(client, house, facts, errors):
    before = LogRow.objects.filter(action="search").count()
    answer = client.post(SEARCH, facts)
    assert (answer.status_code, dict(answer.context["form"].errors)) == (200, errors)
    assert LogRow.objects.filter(action="search").count() == before


@pytest.mark.parametrize("name", ["Ö", "محمد", "O'Brien", '"', "a\x00b", "Robert'); DROP--", "%%a"])
@pytest.mark.parametrize("field", ["family_name", "given_name", "bsn", "postcode", "born_dag", "born_jaar"])
def test_whatever_is_typed_gets_a_sentence(client, house, name, field):
    answer = client.post(SEARCH, typed(**{field: name}))
    assert answer.status_code == 200
    assert NOTHING in words(answer) or answer.context["form"].errors
    assert "Fatima" not in words(answer)


def test_above_the_number_the_page_says_so(client, house):
    AccessRules.objects.update(lookups_an_hour=2)
    codes = [client.post(SEARCH, typed()).status_code for _ in range(3)]
    refused = client.post(SEARCH, typed())
    assert codes == [200, 200, 429]
    assert "U hebt het afgelopen uur al 2 keer gezocht. Zoek later verder, of doe een nieuwe melding" in words(refused)
    assert "Fatima" not in words(refused) and 'value="yildiz"' in refused.content.decode()
    rows = LogRow.objects.filter(object_type="lookup", user_id=house[2].pk).values_list("result", flat=True)
    assert list(rows.order_by("id")) == ["ok", "ok", "refused", "refused"]


def test_without_a_token_nothing_is_looked_up(house):
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(house[2])
    before = LogRow.objects.filter(object_type="lookup").count()
    assert "Fatima" not in words(browser.post(SEARCH, {"bsn": BSN}))
    assert LogRow.objects.filter(object_type="lookup").count() == before


def test_of_more_than_ten_it_says_that_there_are_more(client, house):
    for n in range(10):
        make_case(actor_of(house[1]), given_names=f"N{n}")
    page = words(client.post(SEARCH, typed()))
    assert "Er zijn meer personen die passen. U ziet er 10. Vul ook een voornaam of postcode in." in page
    assert Case.objects.count() == 11 and page.count("Geboren 12 april") == 10
