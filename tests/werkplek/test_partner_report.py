"""Somebody of a ketenpartner sends a melding: by a right with an end, and sees of it afterwards three words."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from casework.models import Case, Melding, Person, Reason, Signal
from casework.selectors.reports import report_gemeenten, reports_of
from casework.services.analysis import close_case
from casework.services.handover import begin_contactpersoon
from casework.services.intake import report_as_partner
from casework.services.signals import NOT_FOLLOWED, drop_signal, record_attempt, signal_as_partner
from tests.factories import actor_of, age_grants, make_gemeente, make_staff, make_team, melding_facts, run_outbox
from tests.werkplek.browsing import browser_of
from toegang.accounts.models import Ketenpartner, Organisatie, ReportRight, User
from toegang.accounts.services.assignments import end_report_right, give_report_right
from toegang.core.lifecycle import Blocked, lock
from toegang.core.models import LogRow

pytestmark = pytest.mark.django_db
URL = "/werkplek/gevraagd/melden/"
ASKED = {
    "given_names": "Piet", "family_name": "de Vries", "born_dag": "12", "born_maand": "3", "born_jaar": "1950",
    "phone": "0612345678", "aware": "ja", "law": "wmo", "words": "Hij valt vaak.", "need": "Hulp in huis",
}  # fmt: skip


@pytest.fixture
def house():
    """A gemeente with its team, its beheerder, and Karin of a school."""
    gemeente = make_gemeente()
    team = make_team(gemeente)
    ben = make_staff("ben", roles=("beheerder",), gemeente=gemeente)
    school = Ketenpartner.objects.create(organisatie=gemeente.organisatie, name="De Regenboog", sort="school")
    karin = User.objects.create_user("karin", kind="medewerker", name="Karin", ketenpartner=school)
    return gemeente, team, ben, karin


def give(house, **other):
    gemeente, _, ben, karin = house
    today = actor_of(ben).today
    facts = {"user": karin, "gemeente": gemeente, "since": today, "until": today + timedelta(days=30)}
    give_report_right(reason="Kent gezinnen", actor=actor_of(ben), **facts | other)
    return ReportRight.objects.filter(user=karin).first()


def place(house):
    gemeente, team, *_ = house
    return {"place": f"{gemeente.pk}-{team.pk}"}


def test_without_the_right_there_is_no_form(house):
    _, _, _, karin = house
    browser = browser_of(karin)
    assert browser.get(URL).status_code == browser.post(URL, ASKED | place(house)).status_code == 404
    assert "Melding doen" not in browser.get("/werkplek/gevraagd/").content.decode()
    assert not Melding.objects.exists()


def test_a_melding_reaches_the_team_and_its_sender_follows_it_in_three_words(house):
    _, team, _, karin = house
    give(house)
    browser = browser_of(karin)
    wrong = browser.post(URL, ASKED | place(house) | {"aware": "ja", "phone": ""})
    assert set(wrong.context["form"].errors) == {"phone"} and "Hij valt vaak." in wrong.content.decode()
    assert browser.post(URL, ASKED | place(house)).url == "/werkplek/gevraagd/"
    melding = Melding.objects.get()
    told = (melding.route, melding.reporter_name, melding.reporter_capacity, melding.words)
    assert told == ("ketenpartner", "Karin", "De Regenboog", "Hij valt vaak.")
    assert (melding.case.team, melding.case.contactpersoon()) == (team, None)
    assert [report.state for report in reports_of(actor_of(karin))] == ["Ontvangen"]
    anna = make_staff("anna", team)
    Melding.objects.update(registered_at=actor_of(karin).now - timedelta(hours=2))  # before who was chosen then
    begin_contactpersoon(case=lock(Case, melding.case_id), user=anna, reason="Test", by=actor_of(anna))
    age_grants(melding.case)
    shown = browser.get("/werkplek/gevraagd/").content.decode()
    assert "Opgepakt" in shown and "Hij valt vaak." in shown and "Piet" not in shown
    close_case(case_id=melding.case_id, reason="lichte_hulp", actor=actor_of(anna))
    assert [report.state for report in reports_of(actor_of(karin))] == ["Afgerond"]
    run_outbox()
    for path in (f"/werkplek/zaak/{melding.case_id}/", "/werkplek/", "/werkplek/team/", "/werkplek/zoeken/"):
        assert browser.get(path).status_code == 404


def test_that_somebody_was_helped_already_is_not_told(house):
    """A second melding joins the case of the first, which has a contactpersoon: to its sender it is just received."""
    _, team, _, karin = house
    give(house)
    browser = browser_of(karin)
    browser.post(URL, ASKED | place(house))
    case, anna = Case.objects.get(), make_staff("anna", team)
    begin_contactpersoon(case=lock(Case, case.pk), user=anna, reason="Test", by=actor_of(anna))
    age_grants(case)
    for law in ("wmo", "jeugd"):  # the same question on the same day is linked, another one is new
        browser.post(URL, ASKED | place(house) | {"law": law})
    assert Case.objects.get() == case and case.hulpvragen.count() == 2
    assert [report.state for report in reports_of(actor_of(karin))] == ["Ontvangen"] * 3


def test_the_answer_is_the_same_whatever_we_know_of_the_person(house):
    """Unknown, known, shielded and deceased: one page; who may not be known is a new person for the team to look at."""
    _, _, _, karin = house
    give(house)
    browser, pages, people = browser_of(karin), [], []
    for changed in ({}, {}, {"shielded": True}, {"shielded": False, "deceased": 20240101}):
        Person.objects.update(**changed)
        answer = browser.post(URL, ASKED | place(house), follow=True)
        pages.append((str(list(answer.context["messages"])), answer.content.decode().count("Hij valt vaak.")))
        people.append(Person.objects.count())
    assert {message for message, _ in pages} == {pages[0][0]} and [count for _, count in pages] == [1, 2, 3, 4]
    assert people == [1, 1, 2, 3] and Melding.objects.count() == 4


def test_the_service_asks_the_right_itself_and_the_team_of_that_gemeente(house):
    gemeente, team, ben, karin = house
    facts, where = melding_facts(), {"gemeente_id": gemeente.pk, "team_id": team.pk}
    for user in (karin, ben):
        with pytest.raises(PermissionDenied):
            report_as_partner(actor=actor_of(user), facts=facts, **where)
    give(house)
    elsewhere = make_team(make_gemeente("Elders"))
    with pytest.raises(Blocked, match="werkt niet voor deze gemeente"):
        report_as_partner(actor=actor_of(karin), facts=facts, **where | {"team_id": elsewhere.pk})
    report_as_partner(actor=actor_of(karin), facts=facts, **where)
    assert LogRow.objects.filter(user_id=karin.pk, what="Melding ontvangen").count() == 1


def test_the_right_holds_from_its_first_to_its_last_day_and_ends_at_once(house):
    _, _, ben, karin = house
    today, day = actor_of(ben).today, timedelta(days=1)
    right = give(house, since=today + day)
    assert not report_gemeenten(actor_of(karin)).exists()
    ReportRight.objects.update(since=today - day, until=today)
    assert report_gemeenten(actor_of(karin)).exists()
    right.refresh_from_db()
    for _ in range(2):
        end_report_right(right=right, last_day=None, reason="Klaar", actor=actor_of(ben))
    assert not report_gemeenten(actor_of(karin)).exists()
    ReportRight.objects.update(since=today - 9 * day, until=today - day)
    assert not report_gemeenten(actor_of(karin)).exists()


def test_who_gets_it_from_whom_and_for_how_long(house):
    gemeente, team, ben, _ = house
    today = actor_of(ben).today
    other = make_gemeente("Elders")
    other.organisatie = Organisatie.objects.create(name="Andere organisatie")
    other.save()
    vera = make_staff("vera", roles=("beheerder",), gemeente=other)
    anna = make_staff("anna", team)
    for sentence, facts in {
        "van een ketenpartner": {"user": anna},
        "niet beheert": {"gemeente": other},
        "op zijn langst": {"until": today + timedelta(days=400)},
        "op zijn vroegst vandaag": {"since": today - timedelta(days=1)},
        "voor de eerste dag": {"since": today + timedelta(days=40)},
    }.items():
        with pytest.raises(Blocked, match=sentence), transaction.atomic():
            give(house, **facts)
    with pytest.raises(Blocked, match="niet beheert"):
        give((gemeente, team, vera, house[3]))
    assert not ReportRight.objects.exists()
    right = give(house)
    assert give(house) == right and ReportRight.objects.count() == 1
    with pytest.raises(IntegrityError), transaction.atomic():
        ReportRight.objects.update(until=None)


def test_the_beheerder_gives_and_ends_it_on_the_page_of_the_person(house):
    gemeente, team, ben, karin = house
    browser, page = browser_of(ben), f"/werkplek/beheer/mensen/{karin.pk}/"
    assert "Deze persoon kan geen meldingen doen." in browser.get(page).content.decode()
    form = {"gemeente": gemeente.pk, "since": "vandaag", "until": "", "reason": "Kent gezinnen"}
    assert set(browser.post(f"{page}melden/", form).context["form"].errors) == {"until"}
    assert browser.post(f"{page}melden/", form | {"until": "vandaag"}).url == page
    right = ReportRight.objects.get()
    assert f"{page}melden/{right.pk}/" in browser.get(page).content.decode()
    assert "Gegeven: meldformulier" in browser.get(page).content.decode()
    for _ in range(2):
        answer = browser.post(f"{page}melden/{right.pk}/", {"when": "meteen", "reason": "Klaar"})
        assert answer.status_code == 302
    assert not report_gemeenten(actor_of(karin)).exists()
    anna = make_staff("anna", team)
    assert browser.get(f"/werkplek/beheer/mensen/{anna.pk}/melden/").status_code == 404
    assert browser_of(anna).get(f"{page}melden/").status_code == 404


def test_what_the_inwoner_does_not_know_is_a_signal_that_its_sender_follows_in_three_words(house):
    _, team, _, karin = house
    give(house)
    browser = browser_of(karin)
    sent = browser.post(URL, ASKED | place(house) | {"aware": "nee", "phone": ""}, follow=True)
    assert "zoekt eerst zelf contact met de inwoner" in sent.content.decode()
    signal = Signal.objects.get()
    assert (signal.team, signal.source.name, signal.source.capacity) == (team, "Karin", "De Regenboog")
    assert signal.seen == "Hij valt vaak.\n\nHulp in huis" and not Melding.objects.exists()
    anna, karins = actor_of(make_staff("anna", team)), actor_of(karin)
    assert [report.state for report in reports_of(karins)] == ["Ontvangen"]
    facts = {"on": anna.today, "way": "telefoon", "result": "geen", "text": "Niemand nam op"}
    record_attempt(signal_id=signal.pk, actor=anna, **facts)
    assert [report.state for report in reports_of(karins)] == ["Opgepakt"]
    label = Reason.objects.filter(kind=NOT_FOLLOWED)[0].label
    drop_signal(signal_id=signal.pk, reason=label, why="Niets", actor=anna)
    page = browser.get("/werkplek/gevraagd/").content.decode()
    assert "Afgerond" in page and "Hij valt vaak." in page
    assert "Niemand nam op" not in page and label not in page
    assert browser.get(f"/werkplek/signalen/{signal.pk}/").status_code == 404


def test_who_may_not_report_sends_no_signal_either(house):
    gemeente, team, _, karin = house
    with pytest.raises(PermissionDenied):
        signal_as_partner(actor=actor_of(karin), gemeente_id=gemeente.pk, team_id=team.pk, told={})
    assert not Signal.objects.exists()


def test_a_second_signal_tells_its_sender_nothing_of_the_first(house):
    gemeente, team, _, karin = house
    give(house)
    browser, karins = browser_of(karin), actor_of(karin)
    anna = actor_of(make_staff("anna", team))
    first = {"aware": "nee", "phone": "0612345678", "words": "Al bekend."}
    signal_as_partner(
        actor=karins, gemeente_id=gemeente.pk, team_id=team.pk,
        told={"received_on": karins.today, "seen": "x", "phone": "0612345678", "family_name": "de Vries"},
    )  # fmt: skip
    Signal.objects.update(registered_by=anna.user)
    browser.post(URL, ASKED | place(house) | first)
    assert Signal.objects.filter(linked_to__isnull=False).count() == 1
    assert [report.state for report in reports_of(karins)] == ["Ontvangen"]


def test_of_a_signal_less_needs_to_be_known(house):
    give(house)
    browser = browser_of(house[3])
    little = {"aware": "nee", "words": "Het licht brandt dag en nacht.", "postcode": "1234 AB", "house_number": "7"}
    assert list(browser.post(URL, place(house) | {"aware": "nee", "words": "x"}).context["form"].errors) == [
        "family_name"
    ]
    assert browser.post(URL, place(house) | little).status_code == 302
    assert Signal.objects.get().seen == "Het licht brandt dag en nacht."
