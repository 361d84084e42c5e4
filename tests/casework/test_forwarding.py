"""A question at another desk: only with a yes, with its own day, and back when nobody there took it."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from casework.enums import HulpvraagStatus
from casework.models import Deadline, Forwarding, Reason
from casework.selectors.caseload import not_taken_for
from casework.services import forwarding
from tests.factories import actor_of, make_case, make_gemeente, make_staff, make_team
from tests.werkplek.browsing import browser_of, words
from toegang.core.lifecycle import Blocked
from toegang.core.terms import due_on

pytestmark = pytest.mark.django_db
H = HulpvraagStatus


@pytest.fixture
def house():
    team = make_team(make_gemeente())
    anna, bram = actor_of(make_staff("anna", team)), actor_of(make_staff("bram", team))
    return make_case(anna, laws=("wmo", "wgs")).case, anna, bram


def send(hulpvraag, actor, desk="leerplicht", **other):
    label = Reason.objects.get(kind=forwarding.DESKS, key=desk).label
    facts = {"desk": label, "contact": "Jo", "agreed_by": "zijzelf", "agreed_on": actor.today} | other
    return forwarding.forward(hulpvraag_id=hulpvraag.pk, facts=forwarding.ForwardFacts(**facts), actor=actor)


def test_it_goes_with_a_yes_and_has_its_own_day(house):
    case, anna, _ = house
    wmo, wgs = case.hulpvragen.get(law="wmo"), case.hulpvragen.get(law="wgs")
    row = send(wmo, anna)
    wmo.refresh_from_db()
    assert (wmo.status, wmo.handed_to, row.due_on) == (H.DOORGEZET, "Leerplicht", due_on("loket", anna.today))
    debts = send(wgs, anna, "schulden")
    assert debts.due_on == due_on("loket_schulden", wgs.melding_on)  # the law counts from the melding
    with pytest.raises(Blocked):
        send(wmo, anna)  # it is there already
    with transaction.atomic(), pytest.raises(IntegrityError):
        Forwarding.objects.filter(pk=row.pk).update(ended_on=anna.today)  # an end has an outcome


@pytest.mark.parametrize("wrong", [{"desk": "Iets"}, {"agreed_on": None}])
def test_a_wrong_fact_changes_nothing(house, wrong):
    case, anna, _ = house
    hulpvraag = case.hulpvragen.get(law="wmo")
    facts = {"desk": "Leerplicht", "contact": "Jo", "agreed_by": "x", "agreed_on": anna.today} | wrong
    facts["agreed_on"] = facts["agreed_on"] or anna.today + timedelta(days=1)
    with pytest.raises(Blocked):
        forwarding.forward(hulpvraag_id=hulpvraag.pk, facts=forwarding.ForwardFacts(**facts), actor=anna)
    hulpvraag.refresh_from_db()
    assert hulpvraag.status == H.GEMELD and not Forwarding.objects.exists()


def test_only_who_handles_the_case_sends_it_and_follows_it(house):
    case, anna, bram = house
    hulpvraag = case.hulpvragen.get(law="wmo")
    with pytest.raises(PermissionDenied):
        send(hulpvraag, bram)
    row = send(hulpvraag, anna)
    for act in (
        lambda: forwarding.note_taken(forwarding_id=row.pk, contact="x", actor=bram),
        lambda: forwarding.note_outcome(forwarding_id=row.pk, outcome="x", actor=bram),
        lambda: forwarding.take_back(forwarding_id=row.pk, why="x", actor=bram),
    ):
        with pytest.raises(PermissionDenied):
            act()


def test_not_taken_by_its_day_it_comes_back_to_the_work_list(house):
    case, anna, bram = house
    row = send(case.hulpvragen.get(law="wmo"), anna)
    assert not_taken_for(anna) == []
    Forwarding.objects.update(due_on=anna.today - timedelta(days=1))
    assert [found.pk for found in not_taken_for(anna)] == [row.pk] and not_taken_for(bram) == []
    assert "Doorgezet en niet opgepakt (1)" in words(browser_of(anna.user).get("/werkplek/"))
    forwarding.note_taken(forwarding_id=row.pk, contact="mw. Smit", actor=anna)
    assert not_taken_for(anna) == []
    forwarding.note_outcome(forwarding_id=row.pk, outcome="Bijstand toegekend", actor=anna)
    row.refresh_from_db()
    assert (row.taken_on, row.ended_on, row.contact, row.came_back) == (anna.today, anna.today, "mw. Smit", False)
    with pytest.raises(Blocked):
        forwarding.take_back(forwarding_id=row.pk, why="x", actor=anna)


def test_taken_back_its_terms_run_from_the_melding(house):
    case, anna, _ = house
    hulpvraag = case.hulpvragen.get(law="wmo")
    before = Deadline.objects.get(hulpvraag=hulpvraag, key="wmo_onderzoek").due_on
    row = send(hulpvraag, anna)
    assert not Deadline.objects.filter(hulpvraag=hulpvraag, met_on=None).exists()
    forwarding.take_back(forwarding_id=row.pk, why="Zij doen dit niet", actor=anna)
    hulpvraag.refresh_from_db()
    row.refresh_from_db()
    assert (hulpvraag.status, hulpvraag.handed_to, hulpvraag.ended_on, row.came_back) == (H.GEMELD, "", None, True)
    term = Deadline.objects.get(hulpvraag=hulpvraag, key="wmo_onderzoek")
    assert (term.due_on, term.met_on) == (before, None)
    assert send(hulpvraag, anna).pk != row.pk  # it may go again


def test_the_pages(house):
    case, anna, bram = house
    hulpvraag = case.hulpvragen.get(law="wmo")
    browser = browser_of(anna.user)
    url = f"/werkplek/zaak/{case.pk}/doorzetten/{hulpvraag.pk}/"
    wrong = browser.post(url, {"desk": "Leerplicht", "contact": "Jo van Leerplicht", "agreed_by": ""})
    assert list(wrong.context["form"].errors) == ["agreed_by", "agreed_on"]
    assert "Jo van Leerplicht" in wrong.content.decode()
    facts = {"desk": "Leerplicht", "contact": "Jo", "agreed_by": "zijzelf", "agreed_on": "vandaag"}
    assert "De vraag is doorgezet naar Leerplicht." in words(browser.post(url, facts, follow=True))
    row = Forwarding.objects.get()
    follow = f"/werkplek/zaak/{case.pk}/doorgezet/{row.pk}/"
    assert follow in browser.get(f"/werkplek/zaak/{case.pk}/").content.decode()
    assert "Ja van" in words(browser.get(follow)) and "Fout: " in browser.post(follow, {}).content.decode()
    assert browser_of(bram.user).post(follow, {"what": "terug", "text": "x"}).status_code == 403
    assert browser.post(follow, {"what": "terug", "text": "Niet voor hen"}).status_code == 302
    assert "Niet voor hen" in words(browser.get(follow))
    hulpvraag.refresh_from_db()
    assert hulpvraag.status == H.GEMELD
