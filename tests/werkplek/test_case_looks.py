"""Who looked: at a case for who handles it, in the log for the privacy officer, at the own case for the inwoner."""

import json
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from casework.enums import SAFETY, GrantKind
from casework.looks import in_period, log_of, looks_for_resident
from casework.models import EmergencyAccess, Person
from casework.services.emergency import judge_emergency
from casework.services.grants import begin_grant
from casework.services.safety import add_safety_record, share_safety
from tests import factories as make
from tests.casework.test_emergency import take
from tests.werkplek.test_emergency import browser_of, words
from toegang.core import audit
from toegang.core.access import acting_as
from toegang.core.models import LogRow

pytestmark = pytest.mark.django_db
SECRET = "Canarieveer"
SEARCH = "/werkplek/logboek/"


@pytest.fixture
def house():
    """A case in which everybody looked: the team, the compartment, noodtoegang and the inwoner."""
    gemeente = make.make_gemeente()
    noord, zuid = make.make_team(gemeente), make.make_team(gemeente, "Wijkteam Zuid")
    staff = {
        "anna": make.make_staff("anna", noord),
        "bram": make.make_staff("bram", noord),
        "lies": make.make_staff("lies", noord, roles=("teamleider",)),
        "nora": make.make_staff("nora", zuid),
        "aline": make.make_staff("aline", roles=("aandacht",), gemeente=gemeente),
        "fien": make.make_staff("fien", roles=("privacy",), gemeente=gemeente),
    }
    anna = make.actor_of(staff["anna"])
    case = make.make_case(anna, given_names=SECRET, family_name="Vogelzang").case
    staff["fatima"] = make.make_resident(case, anna)
    facts = {"person_id": case.person_id, "law": "wmo", "text": "Dreiging", "source": ""}
    add_safety_record(case_id=case.pk, **facts, actor=anna)
    share_safety(case_id=case.pk, user=staff["aline"], reason="Overleg", last_day=None, actor=anna)
    make.age_grants(case)
    page = reverse("werkplek:case", args=[case.pk])
    for name in ("anna", "bram", "aline"):
        assert browser_of(staff[name]).get(page).status_code == 200
    assert browser_of(staff["aline"]).get(f"{page}veiligheid/").status_code == 200
    take(case, staff["nora"])
    assert browser_of(staff["nora"]).get(page).status_code == 200
    assert browser_of(staff["fatima"]).get(reverse("portaal:case", args=[case.pk])).status_code == 200
    return case, staff


def looks_page(case):
    return reverse("werkplek:case_looks", args=[case.pk])


def rows_of(answer):
    """{name: grounds} of each line of the page."""
    return {line.name: grounds for line, grounds in answer.context["lines"]}


def test_who_handles_the_case_sees_each_person_once_a_day_with_the_ground(house):
    case, staff = house
    answer = browser_of(staff["anna"]).get(looks_page(case))
    assert answer.status_code == 200
    assert rows_of(answer) == {
        "Anna": ["contactpersoon"],
        "Bram": ["team"],
        "Aline": ["veiligheid"],
        "Nora": ["noodtoegang"],
        staff["fatima"].name: ["inwoner"],
    }
    (nora,) = [line for line, _ in answer.context["lines"] if line.name == "Nora"]
    assert (nora.in_emergency, nora.teams, nora.fields[0]) == (True, "Wijkteam Zuid", "huishouden")
    total = LogRow.objects.filter(case_id=case.pk).count() - 1  # the look at this very page is written after it
    assert sum(len(line.rows) for line, _ in answer.context["lines"]) == total
    assert "Alleen u keek in deze zaak" not in words(answer)


def test_a_teamleider_sees_it_without_the_veiligheidsdossier_and_a_colleague_gets_a_reason(house):
    case, staff = house
    safety = LogRow.objects.filter(case_id=case.pk, object_type=SAFETY)
    assert safety.count() == 3  # added, shared, looked at
    answer = browser_of(staff["lies"]).get(looks_page(case))
    shown = {row.pk for line, _ in answer.context["lines"] for row in line.rows}
    everything = set(LogRow.objects.filter(case_id=case.pk).values_list("pk", flat=True))
    last = LogRow.objects.filter(user_id=staff["lies"].pk).latest("id").pk
    assert shown == everything - set(safety.values_list("pk", flat=True)) - {last}
    assert "Wat in het veiligheidsdossier gebeurde, staat hier niet." in words(answer)
    refused = browser_of(staff["bram"]).get(looks_page(case))
    assert refused.status_code == 403 and "Alleen wie de zaak behandelt en de teamleider" in words(refused)
    assert "Nora" not in words(refused)
    assert browser_of(staff["fien"]).get(looks_page(case)).status_code == 404


def test_a_filter_narrows_and_what_is_wrong_is_said_at_the_field(house):
    case, staff = house
    browser = browser_of(staff["anna"])
    assert set(rows_of(browser.get(looks_page(case), {"person": staff["bram"].pk}))) == {"Bram"}
    assert rows_of(browser.get(looks_page(case), {"until": "1-1-2020"})) == {}
    wrong = browser.get(looks_page(case), {"since": "ooit"})
    assert "Vul een datum in, bijvoorbeeld 4-12-2026" in words(wrong) and b'value="ooit"' in wrong.content
    assert len(rows_of(wrong)) == 5


def test_who_looked_alone_reads_so():
    anna = make.make_staff("anna", make.make_team(make.make_gemeente()))
    case = make.make_case(make.actor_of(anna)).case
    assert "Alleen u keek in deze zaak." in words(browser_of(anna).get(looks_page(case)))


def looks_of_many(case, count):
    """Log rows of as many colleagues, each with a team."""
    for number in range(count):
        user = make.make_staff(f"kijker{number}", case.team)
        look = audit.Look("look", "Proef", case_id=case.pk, gemeente_id=case.gemeente_id, basis="team")
        audit.write(make.actor_of(user), [look])


@pytest.mark.parametrize("name", ["anna", "fien", "fatima"])
def test_one_line_and_fifty_take_the_same_queries(house, name):
    case, staff = house
    address = {"anna": looks_page(case), "fien": SEARCH, "fatima": reverse("portaal:looks", args=[case.pk])}[name]
    browser = browser_of(staff[name])
    browser.get(address)
    counts = []
    for more in (0, 60):
        looks_of_many(case, more)
        with CaptureQueriesContext(connection) as queries:
            answer = browser.get(address)
        counts.append(len(queries))
    assert answer.context["page"].paginator.num_pages == 2
    assert counts[0] == counts[1]


def test_the_privacy_officer_finds_rows_by_number_name_and_act_without_a_person(house):
    case, staff = house
    browser = browser_of(staff["fien"])
    answer = browser.get(SEARCH, {"reference": case.reference.lower(), "staff": "nor", "action": "look"})
    assert [(line["who"], line["case"], line["ground"]) for line in answer.context["lines"]] == [
        ("Nora", case.reference, "noodtoegang")
    ]
    everything = browser.get(SEARCH)
    assert SECRET in case.person.name  # there is something to leak
    assert {"Anna", "Bram", "Een inwoner"} <= {line["who"] for line in everything.context["lines"]}
    for shown in (answer, everything):
        assert SECRET not in words(shown) and "Vogelzang" not in words(shown) and "Dreiging" not in words(shown)
    row = LogRow.objects.filter(action="search", user_id=staff["fien"].pk).order_by("id")[0]
    assert (row.gemeente_id, row.what) == (case.gemeente_id, "Logboek doorzocht")
    assert f"Zaaknummer: {case.reference.lower()}; Naam van de medewerker: nor; Handeling: look" in row.detail


def test_the_log_of_another_gemeente_is_not_there(house):
    case, _ = house
    elsewhere = make.make_staff("verweg", roles=("privacy",), gemeente=make.make_gemeente("Elders"))
    answer = browser_of(elsewhere).get(SEARCH, {"reference": case.reference})
    assert answer.context["lines"] == []
    assert "Wij vinden geen zaak met dit nummer in uw gemeente" in words(answer)
    assert {line["action"] for line in browser_of(elsewhere).get(SEARCH).context["lines"]} == {"Gezocht"}  # the own


def resident_sees(case, user):
    with acting_as(user, "test") as actor:
        return set(looks_for_resident(case.pk, actor).values_list("pk", flat=True))


def left_out(case, staff):
    """Why each row of the log is not shown, row by row and without the query that the page uses."""
    access = EmergencyAccess.objects.get(case=case)
    found = {}
    for row in LogRow.objects.filter(case_id=case.pk):
        if row.actor_kind != "medewerker":
            found[row.pk] = "geen medewerker"
        elif row.object_type == SAFETY:
            found[row.pk] = "veiligheidsdossier"
        elif row.user_id == staff["aline"].pk:
            found[row.pk] = "aandachtsfunctionaris"
        elif row.user_id == staff["nora"].pk or row.object_type == "emergencyaccess":
            found[row.pk] = "noodtoegang" if access.shown_from > make.actor_of(None).today else ""
    return {pk: why for pk, why in found.items() if why}


def test_what_the_inwoner_sees_and_what_is_left_out_are_together_the_log(house):
    case, staff = house
    access = EmergencyAccess.objects.get(case=case)
    judge_emergency(access_id=access.pk, verdict="terecht", note="Goed", actor=make.actor_of(staff["fien"]))
    everything = set(LogRow.objects.filter(case_id=case.pk).values_list("pk", flat=True))
    hidden = left_out(case, staff)
    assert set(hidden.values()) == {"geen medewerker", "veiligheidsdossier", "aandachtsfunctionaris", "noodtoegang"}
    shown = resident_sees(case, staff["fatima"])
    assert shown & set(hidden) == set() and shown | set(hidden) == everything
    names = set(LogRow.objects.filter(pk__in=shown).values_list("user_name", flat=True))
    assert names == {"Anna", "Bram"}
    EmergencyAccess.objects.filter(pk=access.pk).update(shown_from=make.actor_of(None).today)
    later = resident_sees(case, staff["fatima"])
    assert later | set(left_out(case, staff)) == everything and later & set(left_out(case, staff)) == set()
    names = set(LogRow.objects.filter(pk__in=later).values_list("user_name", flat=True))
    assert names == {"Anna", "Bram", "Nora", "Fien"}


def test_who_may_open_the_compartment_by_a_grant_is_left_out_too(house):
    case, staff = house
    begin_grant(case=case, user=staff["bram"], kind=GrantKind.VEILIGHEID, reason="x", by=make.actor_of(staff["anna"]))
    before = resident_sees(case, staff["fatima"])
    assert browser_of(staff["bram"]).get(reverse("werkplek:case", args=[case.pk])).status_code == 200
    assert LogRow.objects.filter(case_id=case.pk, basis="veiligheid", user_id=staff["bram"].pk).count() == 1
    assert resident_sees(case, staff["fatima"]) == before


def test_the_inwoner_reads_function_team_and_reason_and_only_the_name_of_the_contactpersoon(house):
    case, staff = house
    browser = browser_of(staff["fatima"])
    address = reverse("portaal:looks", args=[case.pk])
    assert address in browser.get(reverse("portaal:case", args=[case.pk])).content.decode()
    text = words(browser.get(address))
    assert "Anna, wijkteamlid, Wijkteam Noord Dit is uw contactpersoon." in text
    assert "Wijkteamlid, Wijkteam Noord Deze medewerker zit in het team dat u helpt." in text
    for name in ("Bram", "Nora", "Aline", "Wijkteam Zuid", "Noodtoegang", "eiligheidsdossier"):
        assert name not in text
    EmergencyAccess.objects.update(shown_from=make.actor_of(None).today - timedelta(days=1))
    text = words(browser.get(address))
    assert "Noodtoegang Wijkteamlid, Wijkteam Zuid Het kon niet wachten." in text and "Nora" not in text


def test_another_inwoner_gets_the_ordinary_wrong_address(house):
    case, staff = house
    other = make.make_case(make.actor_of(staff["anna"]), given_names="Piet").case
    piet = make.make_resident(other, make.actor_of(staff["anna"]))
    assert Person.objects.filter(user=piet).exists()
    browser = browser_of(piet)
    assert browser.get(reverse("portaal:looks", args=[case.pk])).status_code == 404
    assert browser.get(reverse("portaal:looks", args=[other.pk])).status_code == 200


def nodes(plan):
    """(kind, table) of each part of a plan that reads a table."""
    mine = {(plan["Node Type"], plan["Relation Name"])} if "Relation Name" in plan else set()
    return mine.union(*(nodes(part) for part in plan.get("Plans", ())))


def test_a_search_reads_the_months_of_its_period_by_index(house):
    case, staff = house
    today = make.actor_of(None).today
    with acting_as(staff["fien"], "test") as actor, connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")  # a small table would be read whole for its size alone
        week = in_period(log_of(actor), today, today)
        read = {}
        for name, found in {
            "all": week,
            "case": week.filter(case_id=case.pk),
            "person": week.filter(user_id=1),
        }.items():
            (answer,) = json.loads(found.explain(format="json"))
            read[name] = nodes(answer["Plan"])
        (answer,) = json.loads(log_of(actor).filter(what="x").explain(format="json"))
    month = f"core_logrow_{today:%Y_%m}"
    tables = {name: {table for _, table in parts if table.startswith("core_logrow")} for name, parts in read.items()}
    assert tables == {name: {month} for name in read}
    assert {kind for parts in read.values() for kind, table in parts if table == month}.isdisjoint({"Seq Scan"})
    assert len({table for _, table in nodes(answer["Plan"]) if table.startswith("core_logrow")}) > 3  # it can fail
