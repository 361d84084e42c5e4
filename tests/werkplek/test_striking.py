"""The weekly review: which looks strike and which do not, what the privacy officer sees of them, and the mark."""

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext

from casework.models import AccessRules, LookReview
from casework.services.looks import mark_looks
from casework.striking import monday_of, striking_looks
from tests import factories as make
from tests.casework.test_emergency import take
from tests.werkplek.test_emergency import browser_of, words
from toegang.accounts.models import User
from toegang.core import audit
from toegang.core.lifecycle import Blocked
from toegang.core.models import LogRow
from toegang.core.wall import standing_as

pytestmark = pytest.mark.django_db
NOW = "/werkplek/logboek/opvallend/?week=2099-01-01"  # a week to come is this one


@pytest.fixture
def house():
    """A case of the family de Boer at 1234 AB; who works there, and two privacy officers."""
    gemeente = make.make_gemeente()
    noord = make.make_team(gemeente)
    staff = {name: make.make_staff(name, noord) for name in ("anna", "bram", "cas")}
    staff |= {name: make.make_staff(name, roles=("privacy",), gemeente=gemeente) for name in ("fien", "frank")}
    person = {"given_names": "Canarieveer", "family_name": "Boer", "phone": "06 1234 5678"}
    case = make.make_case(make.actor_of(staff["anna"]), **person).case
    return case, staff


def look(case, user, basis="team"):
    facts = {"case_id": case.pk, "gemeente_id": case.gemeente_id, "basis": basis}
    audit.write(make.actor_of(user), [audit.Look("look", "Proef", **facts)])


def found(user):
    """(who, why, number) of each finding of this week."""
    actor = make.actor_of(user)
    with standing_as(actor):
        return {(each.looker.name, str(each.kind), each.number) for each in findings(user)}


def findings(user):
    actor = make.actor_of(user)
    return striking_looks(actor, monday_of(actor.today))


def test_an_ordinary_look_does_not_strike(house):
    case, staff = house
    look(case, staff["anna"], "contactpersoon")
    look(case, staff["bram"])
    assert found(staff["fien"]) == set()


def test_the_same_family_name_strikes_also_with_a_prefix_and_also_for_the_contactpersoon(house):
    case, staff = house
    for name, new in (("anna", "Anna de Boer"), ("bram", "Bram Boer"), ("cas", "Cas Boerma")):
        User.objects.filter(pk=staff[name].pk).update(name=new)
        look(case, User.objects.get(pk=staff[name].pk), "contactpersoon" if name == "anna" else "team")
    assert found(staff["fien"]) == {
        ("Anna de Boer", "naam", case.reference),
        ("Bram Boer", "naam", case.reference),
    }


def test_neighbours_and_colleagues_strike(house):
    case, staff = house
    User.objects.filter(pk=staff["bram"].pk).update(home_postcode="1234 AB")
    User.objects.filter(pk=staff["cas"].pk).update(home_postcode="1234 AC")
    for name in ("bram", "cas"):
        look(case, staff[name])
    assert found(staff["fien"]) == {("Bram", "buren", case.reference)}
    User.objects.filter(pk=staff["cas"].pk).update(phone="06-12345678")
    look(case, staff["anna"], "contactpersoon")
    assert found(staff["fien"]) == {
        ("Bram", "buren", case.reference),
        ("Bram", "collega", case.reference),
        ("Cas", "collega", case.reference),
    }


def test_noodtoegang_strikes_and_so_do_more_cases_than_usual(house):
    case, staff = house
    nora = make.make_staff("nora", make.make_team(case.gemeente, "Wijkteam Zuid"))
    take(case, nora)
    assert browser_of(nora).get(f"/werkplek/zaak/{case.pk}/").status_code == 200
    AccessRules.objects.update(outside_looks=1)
    other = make.make_case(make.actor_of(staff["anna"]), given_names="Piet", family_name="Smit").case
    for name, cases in (("bram", (case, other)), ("cas", (case,))):
        for each in cases:
            look(each, staff[name])
    assert found(staff["fien"]) == {("Nora", "noodtoegang", case.reference), ("Bram", "veel", "")}
    elsewhere = make.make_staff("verweg", roles=("privacy",), gemeente=make.make_gemeente("Elders"))
    assert found(elsewhere) == set()


@pytest.fixture
def striking(house):
    """Bram looked at the case of somebody with his family name."""
    case, staff = house
    User.objects.filter(pk=staff["bram"].pk).update(name="Bram Boer")
    look(case, User.objects.get(pk=staff["bram"].pk))
    return house


def test_the_page_shows_the_number_and_the_reason_and_no_person(striking):
    case, staff = striking
    browser = browser_of(staff["fien"])
    text = words(browser.get(NOW))
    assert f"Bram Boer, zaak {case.reference} Zelfde achternaam" in text
    assert "Canarieveer" not in text and "Te laat" not in text
    assert words(browser_of(staff["fien"]).get("/werkplek/logboek/opvallend/")).count(case.reference) == 0
    row = LogRow.objects.filter(action="search", user_id=staff["fien"].pk).order_by("id")[0]
    assert (row.gemeente_id, row.case_ids) == (case.gemeente_id, [case.pk])


def test_a_mark_is_kept_with_history_and_the_case_does_not_tell_of_it(striking):
    case, staff = striking
    browser = browser_of(staff["fien"])
    ((_, address),) = browser.get(NOW).context["waiting"]
    wrong = browser.post(address, {"verdict": "datalek", "note": ""})
    assert "Leg uit waarom u dit kiest" in words(wrong) and not LookReview.objects.exists()
    before = set(LogRow.objects.filter(case_id=case.pk).values_list("pk", flat=True))
    for verdict, note in (("navragen", "Gebeld."), ("in_orde", "")):
        assert browser.post(address, {"verdict": verdict, "note": note}).status_code == 302
    review = LookReview.objects.get()
    assert [each.verdict for each in review.history.order_by("history_id")] == ["navragen", "in_orde"]
    assert (review.looker, review.case, review.kind, review.reviewed_by) == (staff["bram"], case, "naam", staff["fien"])
    assert set(LogRow.objects.filter(case_id=case.pk).values_list("pk", flat=True)) == before
    shown = browser.get(NOW)
    assert shown.context["waiting"] == [] and len(shown.context["judged"]) == 1
    again = browser.post(address, {"verdict": "datalek", "note": "Toch niet"})
    assert "Fien heeft dit al beoordeeld: in orde." in words(again)
    with standing_as(make.actor_of(staff["bram"])):
        assert not LookReview.objects.exists() and not LookReview.history.exists()


def test_nobody_marks_the_own_looks(house):
    case, staff = house
    User.objects.filter(pk=staff["fien"].pk).update(name="Fien de Boer")
    look(case, User.objects.get(pk=staff["fien"].pk), "consult")
    ((_, address),) = browser_of(staff["fien"]).get(NOW).context["waiting"]
    page = browser_of(staff["fien"]).get(address)
    assert "Een andere privacy officer beoordeelt dit." in words(page) and "Oordeel vastleggen" not in words(page)
    assert browser_of(staff["fien"]).post(address, {"verdict": "in_orde"}).status_code == 403
    (finding,) = findings(staff["frank"])
    with pytest.raises(PermissionDenied):
        mark_looks(finding=finding, verdict="in_orde", note="", actor=make.actor_of(staff["fien"]))
    assert not LookReview.objects.exists()
    mark_looks(finding=finding, verdict="in_orde", note="", actor=make.actor_of(staff["frank"]))
    with pytest.raises(Blocked):
        mark_looks(finding=finding, verdict="datalek", note="x", actor=make.actor_of(staff["frank"]))


def test_a_wrong_key_is_a_wrong_address(striking):
    _, staff = striking
    browser = browser_of(staff["fien"])
    for wrong in ("", "?wat=1.2.naam.", "?week=gisteren&wat=x"):
        assert browser.get(f"/werkplek/logboek/opvallend/beoordelen/{wrong}").status_code == 404


def test_one_finding_and_many_take_the_same_queries(striking):
    case, staff = striking
    browser = browser_of(staff["fien"])
    browser.get(NOW)
    counts = []
    for more in (0, 30):
        for number in range(more):
            user = make.make_staff(f"k{number}", case.team)
            User.objects.filter(pk=user.pk).update(name=f"K{number} Boer")
            look(case, User.objects.get(pk=user.pk))
        with CaptureQueriesContext(connection) as queries:
            page = browser.get(NOW)
        counts.append(len(queries))
    assert len(page.context["waiting"]) == 31
    assert counts[0] == counts[1]
