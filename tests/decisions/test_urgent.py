"""A spoedbesluit: by who holds the mandate, at once, beside the onderzoek, with an end, a letter and a toets after."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from casework.enums import GrantKind, HulpvraagStatus
from casework.letters import sheet
from casework.models import Case, Deadline, Reason
from casework.selectors import due_views, worklist_of
from casework.services import forwarding
from casework.services.grants import begin_grant
from casework.services.letters import render
from decisions.letters import draft_sheet
from decisions.models import UrgentDecision
from decisions.services import urgent
from providers.models import Product
from tests import factories as make
from tests.factories import actor_of, drive, make_case, make_gemeente, make_provider, make_staff, make_team, run_outbox
from tests.werkplek.browsing import browser_of, words
from toegang.core.lifecycle import Blocked
from toegang.core.terms import due_on

pytestmark = pytest.mark.django_db
ROLES = ("wijkteamlid", "spoed")


@pytest.fixture
def house():
    gemeente = make_gemeente()
    team = make_team(gemeente)
    anna = make_staff("anna", team, roles=ROLES)
    toetser = make_staff("toetser", roles=("toetser",), gemeente=gemeente)
    return make_case(actor_of(anna), laws=("wmo", "jeugd")).case, anna, toetser


def facts_of(case, toetser, key="begeleiding_individueel", **other):
    product = Product.objects.get(key=key)
    given = {
        "product": product, "volume": Decimal(6), "frequency": "week", "starts_on": actor_of(None).today,
        "provider": None, "motivation": "U kunt nu niet alleen thuis zijn.", "reviewer": toetser,
    }  # fmt: skip
    return urgent.UrgentFacts(**given | other)


def decide(case, anna, toetser, law="wmo", **other):
    hulpvraag = case.hulpvragen.get(law=law)
    facts = facts_of(case, toetser, **other)
    return urgent.decide_urgently(hulpvraag_id=hulpvraag.pk, facts=facts, actor=actor_of(anna))


def test_it_is_decided_before_anything_else_and_the_onderzoek_goes_on(house):
    case, anna, toetser = house
    found = decide(case, anna, toetser)
    hulpvraag = case.hulpvragen.get(law="wmo")
    today = actor_of(anna).today
    assert hulpvraag.status == HulpvraagStatus.GEMELD and hulpvraag.aanvraag_on is None  # no talk, no plan, no aanvraag
    assert found.status == "in_verzending" and found.number.startswith(f"B-{today.year}-")
    assert (found.ends_on, found.decided_on, found.unit) == (due_on("wmo_spoed", today), today, "uur")
    open_terms = dict(Deadline.objects.filter(hulpvraag=hulpvraag, met_on=None).values_list("key", "due_on"))
    assert open_terms["wmo_spoed"] == found.ends_on and open_terms["spoed_toets"] == due_on("spoed_toets", today)
    assert "wmo_onderzoek" in open_terms  # the six weeks run as they ran
    assert Case.objects.get(pk=case.pk).urgent
    make.send_letters(case, actor_of(anna))
    found.refresh_from_db()
    assert (found.status, found.sent_on) == ("verzonden", today)
    assert found.bezwaar_until == due_on("bezwaar_indienen", today)
    drive(case, "vraaganalyse")  # and the journey goes its own way
    assert case.hulpvragen.get(law="wmo").status == HulpvraagStatus.ONDERZOEK


def test_the_letter_says_what_until_when_and_how_to_object(house):
    case, anna, toetser = house
    provider = make_provider(case.gemeente, Product.objects.get(key="begeleiding_individueel"), "Zorg Nabij")
    found = decide(case, anna, toetser, provider=provider)
    letter = found.letter
    assert render(letter, actor_of(anna).today).startswith(b"%PDF")
    sheet = urgent.urgent_sheet(found, actor_of(anna).today)
    keys = [section.key for section in sheet.sections]
    assert keys == ["besluit", "wat_krijgt_u", "waarom", "hoe_verder", "eigen_bijdrage", "wet_en_regels", "bezwaar",
                    "bezwaar_inhoud", "bezwaar_hulp", "vragen"]  # fmt: skip
    text = " ".join(" ".join([s.heading, *s.paragraphs, *s.items]) for s in sheet.sections)
    for part in ("begeleiding thuis", "6 uur per week", "Zorg Nabij", "artikel 2.3.3", "U kunt nu niet alleen thuis",
                 found.number, "voorlopige voorziening", "gratis"):  # fmt: skip
        assert part in text, part


def test_the_texts_on_bezwaar_are_those_of_every_beschikking():
    team = make_team(make_gemeente())
    anna = make_staff("anna", team, roles=ROLES)
    case = drive(make_case(actor_of(anna)).case, "besluit")
    toetser = make.make_toetser(case)
    usual = make.approved_beschikking(case.hulpvragen.get(), actor_of(anna))
    found = decide(case, anna, toetser)
    today = actor_of(anna).today
    after = {s.key: s for s in draft_sheet(usual, today).sections}
    for section in urgent.urgent_sheet(found, today).sections:
        if section.key in {"bezwaar", "bezwaar_hulp"}:
            assert section == after[section.key]


def test_a_crisis_under_the_jeugdwet_is_the_same_with_its_own_law(house):
    case, anna, toetser = house
    product = Product.objects.filter(law="jeugd").order_by("pk")[0]
    found = decide(case, anna, toetser, law="jeugd", key=product.key)
    sheet = urgent.urgent_sheet(found, actor_of(anna).today)
    text = " ".join(" ".join([*s.paragraphs, *s.items]) for s in sheet.sections)
    assert "artikel 2.3 van de Jeugdwet" in text and "Wmo" not in text and "betaalt u geen eigen bijdrage" in text


def test_other_facts_make_a_decision_that_replaces_the_first_and_says_so(house):
    case, anna, toetser = house
    first = decide(case, anna, toetser)
    second = decide(case, anna, toetser, volume=Decimal(12))
    assert second.replaces == first and second.number != first.number
    text = " ".join(p for s in urgent.urgent_sheet(second, actor_of(anna).today).sections for p in s.paragraphs)
    assert f"in de plaats van ons besluit {first.number}" in text
    third = decide(case, anna, toetser, volume=Decimal(2))
    assert third.replaces == second
    starts = set(Deadline.objects.filter(key__in=["wmo_spoed", "spoed_toets"]).values_list("starts_on", flat=True))
    assert starts == {actor_of(anna).today}


def test_which_end_is_watched(house):
    """The first end of several; the new end of what is replaced, and of help after a term that is past."""
    case, anna, toetser = house
    term, today = Deadline.objects.filter(key="wmo_spoed"), actor_of(anna).today
    decide(case, anna, toetser)
    earlier = today + timedelta(days=3)
    term.update(due_on=earlier)
    Deadline.objects.filter(key="spoed_toets").update(due_on=today - timedelta(days=1))
    decide(case, anna, toetser, key="dagbesteding")
    assert term.get().due_on == earlier
    decide(case, anna, toetser, volume=Decimal(12))
    assert term.get().due_on == due_on("wmo_spoed", today)
    term.update(due_on=today - timedelta(days=1))
    decide(case, anna, toetser, key="scootmobiel")
    assert term.get().due_on == due_on("wmo_spoed", today)
    assert Deadline.objects.get(key="spoed_toets").due_on < today  # the first toets is late, and stays so


def test_who_decided_signs_also_when_somebody_else_is_contactpersoon(house):
    case, anna, toetser = house
    carla = make_staff("carla", case.team, roles=ROLES)
    begin_grant(case=case, user=carla, kind=GrantKind.TWEEDE, reason="Samen", by=actor_of(anna))
    found = decide(case, carla, toetser)
    today = actor_of(anna).today
    assert "Carla" in urgent.urgent_sheet(found, today).closing_lines
    letter = sheet(found.letter, today, [])
    assert "Carla" in letter.closing_lines and letter.contact_name == "Anna"


def test_after_the_onderzoek_the_letter_promises_no_onderzoek():
    team = make_team(make_gemeente())
    anna = make_staff("anna", team, roles=ROLES)
    case = drive(make_case(actor_of(anna)).case, "verslag")
    found = decide(case, anna, make.make_toetser(case))
    sheet_now = urgent.urgent_sheet(found, actor_of(anna).today)
    keys = [section.key for section in sheet_now.sections]
    assert "hoe_verder_daarna" in keys and "hoe_verder" not in keys


def test_a_question_that_goes_to_another_desk_waits_for_no_besluit(house):
    case, anna, toetser = house
    decide(case, anna, toetser)
    label = Reason.objects.get(kind=forwarding.DESKS, key="leerplicht").label
    facts = forwarding.ForwardFacts(label, "Jo", "zijzelf", actor_of(anna).today)
    forwarding.forward(hulpvraag_id=case.hulpvragen.get(law="wmo").pk, facts=facts, actor=actor_of(anna))
    assert Deadline.objects.get(key="wmo_spoed").met_on == actor_of(anna).today


def test_the_toets_makes_no_case_late_for_who_handles_it(house):
    case, anna, toetser = house
    decide(case, anna, toetser)
    Deadline.objects.filter(key="spoed_toets").update(due_on=case.opened_on)
    (row,) = worklist_of(actor_of(anna))
    assert row.due.on > actor_of(anna).today
    notes = {name: view.note for name, view in due_views(Case.objects.get(pk=case.pk), actor_of(anna).today)}
    assert all("toets" not in name or note == "doet de toetser" for name, note in notes.items())


def test_another_toetser_is_asked_when_the_first_one_is_gone(house):
    case, anna, toetser = house
    found = decide(case, anna, toetser)
    make.age_grants(case)
    other = make_staff("ander", roles=("toetser",), gemeente=case.gemeente)
    url = f"/werkplek/zaak/{case.pk}/spoedbesluit/{found.pk}/"
    assert "Nu toetst Toetser dit besluit" in words(browser_of(anna).get(url))
    browser_of(anna).post(url, {"reviewer": other.pk})
    held = case.grants.valid_now().filter(kind=GrantKind.TOETSING)
    assert [grant.user for grant in held] == [other]
    for wrong in (anna, make_staff("bram", case.team)):
        with pytest.raises(Blocked):
            urgent.ask_other_toetser(urgent_id=found.pk, reviewer=wrong, actor=actor_of(anna))
    with pytest.raises(PermissionDenied):
        urgent.ask_other_toetser(urgent_id=found.pk, reviewer=toetser, actor=actor_of(toetser))


def test_what_the_toetser_does_not_agree_with_waits_for_an_answer(house):
    case, anna, toetser = house
    found = decide(case, anna, toetser)
    make.send_letters(case, actor_of(anna))
    make.age_grants(case)
    urgent.test_urgent(urgent_id=found.pk, agrees=False, remarks="Te veel uren.", actor=actor_of(toetser))
    browser = browser_of(anna)
    shown = words(browser.get(f"/werkplek/zaak/{case.pk}/"))
    assert "Toetser is het niet eens met het spoedbesluit" in shown and "Te veel uren." in shown
    url = f"/werkplek/zaak/{case.pk}/spoedbesluit/{found.pk}/"
    assert "Schrijf wat u hebt gedaan" in words(browser.post(url, {"answer": ""}))
    browser.post(url, {"answer": "Uren gehalveerd."})
    assert "niet eens met het spoedbesluit" not in words(browser.get(f"/werkplek/zaak/{case.pk}/"))
    assert "Uren gehalveerd." in words(browser.get(f"/werkplek/zaak/{case.pk}/besluit/"))


def test_twice_pressed_is_one(house):
    case, anna, toetser = house
    first = decide(case, anna, toetser)
    assert decide(case, anna, toetser) == first
    assert UrgentDecision.objects.count() == 1 and case.letters.filter(kind="spoedbesluit").count() == 1


@pytest.mark.parametrize(
    "wrong",
    [
        {"key": "jeugd"},
        {"starts_on": -100},
        {"starts_on": 100},
        {"reviewer": "anna"},
        {"provider": "other"},
    ],
)
def test_a_wrong_fact_changes_nothing(house, wrong):
    case, anna, toetser = house
    today = actor_of(anna).today
    if wrong.get("key"):
        wrong = {"key": Product.objects.filter(law="jeugd")[0].key}
    if "starts_on" in wrong:
        wrong = {"starts_on": today + timedelta(days=wrong["starts_on"])}
    if "reviewer" in wrong:
        wrong = {"reviewer": anna}
    if "provider" in wrong:
        wrong = {"provider": make_provider(case.gemeente, Product.objects.get(key="dagbesteding"))}
    hulpvraag = case.hulpvragen.get(law="wmo")
    facts = facts_of(case, wrong.pop("reviewer", toetser), **wrong)
    with pytest.raises(Blocked):
        urgent.decide_urgently(hulpvraag_id=hulpvraag.pk, facts=facts, actor=actor_of(anna))
    assert not UrgentDecision.objects.exists() and not case.letters.filter(kind="spoedbesluit").exists()


def test_without_a_mandate_or_without_the_case_nobody_decides(house):
    case, _, toetser = house
    team = case.team
    bram = make_staff("bram", team)  # no mandate
    carla = make_staff("carla", team, roles=ROLES)  # a mandate, but not this case
    for user in (bram, carla, toetser, None):
        with pytest.raises(PermissionDenied):
            decide(case, user, toetser)


def test_a_mandate_of_another_gemeente_is_none(house):
    case, anna, toetser = house
    elsewhere = make_gemeente("Elders")
    anna.role_assignments.filter(role_id="spoed").update(gemeente=elsewhere)
    with pytest.raises(PermissionDenied):
        decide(case, anna, toetser)


def test_the_toets_comes_afterwards_and_by_another(house):
    case, anna, toetser = house
    found = decide(case, anna, toetser)
    make.age_grants(case)
    assert Case.objects.visible_to(actor_of(toetser)).filter(pk=case.pk).exists()
    with pytest.raises(PermissionDenied):
        urgent.test_urgent(urgent_id=found.pk, agrees=True, remarks="", actor=actor_of(anna))
    with pytest.raises(Blocked):
        urgent.test_urgent(urgent_id=found.pk, agrees=False, remarks=" ", actor=actor_of(toetser))
    tested = urgent.test_urgent(urgent_id=found.pk, agrees=False, remarks="Te veel uren.", actor=actor_of(toetser))
    assert (tested.agrees, tested.remarks, tested.tested_on) == (False, "Te veel uren.", actor_of(None).today)
    assert not case.grants.valid_now().filter(kind=GrantKind.TOETSING).exists()  # the look ends with the test
    assert Deadline.objects.get(key="spoed_toets").met_on is not None
    with pytest.raises((Blocked, PermissionDenied)):
        urgent.test_urgent(urgent_id=found.pk, agrees=True, remarks="", actor=actor_of(toetser))
    with transaction.atomic(), pytest.raises(IntegrityError):
        UrgentDecision.objects.filter(pk=found.pk).update(reviewer=anna)  # four eyes, also in the database


def test_the_besluit_on_the_aanvraag_meets_the_term(house):
    team = house[0].team
    dora = make_staff("dora", team, roles=ROLES)
    case = drive(make_case(actor_of(dora), family_name="Ander").case, "besluit")
    decide(case, dora, house[2])
    drive(case, "uitvoering")
    assert Deadline.objects.get(key="wmo_spoed", case=case).met_on == actor_of(None).today


# The pages


def given(case, toetser, **other):
    product = Product.objects.get(key="begeleiding_individueel")
    facts = {"product": product.pk, "volume": "6", "frequency": "week", "starts_on": "vandaag", "provider": "",
             "motivation": "U kunt nu niet alleen thuis zijn.", "reviewer": toetser.pk}  # fmt: skip
    return facts | other


def test_decided_on_the_page_after_a_look_at_the_letter(house):
    case, anna, toetser = house
    hulpvraag = case.hulpvragen.get(law="wmo")
    browser, url = browser_of(anna), f"/werkplek/zaak/{case.pk}/spoed/{hulpvraag.pk}/"
    assert "Tijdelijke hulp bij spoed" in words(browser.get(f"/werkplek/zaak/{case.pk}/besluit/"))
    shown = words(browser.post(url, given(case, toetser, bekijken="1")))
    assert "Zo ziet de brief er vandaag uit" in shown and "artikel 2.3.3" in shown
    assert not UrgentDecision.objects.exists()  # looked only, and what was typed is there still
    assert "U kunt nu niet alleen thuis zijn." in shown
    browser.post(url, given(case, toetser))
    run_outbox()
    page = words(browser.get(f"/werkplek/zaak/{case.pk}/besluit/"))
    assert "Spoedbesluit: begeleiding thuis, 6 uur per week" in page and "toetst het achteraf" in page


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("volume", "0", "groter is dan 0"),
        ("motivation", "", "Schrijf waarom dit niet kan wachten"),
        ("product", "", "Kies welke hulp meteen nodig is"),
        ("reviewer", "", "Kies wie dit besluit achteraf toetst"),
        ("starts_on", "1-1-2001", "De eerste dag ligt vóór de melding"),
    ],
)
def test_what_is_wrong_is_told_and_what_was_typed_stays(house, name, value, sentence):
    case, anna, toetser = house
    url = f"/werkplek/zaak/{case.pk}/spoed/{case.hulpvragen.get(law='wmo').pk}/"
    told = given(case, toetser) | {name: value}
    for asked in (told, told | {"bekijken": "1"}):
        page = words(browser_of(anna).post(url, asked))
        assert sentence in page and (name == "motivation" or "U kunt nu niet alleen thuis zijn." in page)
    assert not UrgentDecision.objects.exists()


def test_tested_on_the_page_of_the_toetser(house):
    case, anna, toetser = house
    found = decide(case, anna, toetser)
    browser = browser_of(toetser)
    assert "Spoedbesluiten: al genomen" in words(browser.get("/werkplek/toetsen/"))
    url = f"/werkplek/toetsen/spoed/{found.pk}/"
    assert "Schrijf wat er nu moet gebeuren" in words(browser.post(url, {"agrees": "nee", "remarks": ""}))
    browser.post(url, {"agrees": "nee", "remarks": "Halveer de uren."})
    page = words(browser_of(anna).get(f"/werkplek/zaak/{case.pk}/besluit/"))
    assert "De toetser is het er niet mee eens" in page and "Halveer de uren." in page
    assert browser.get(url).url == "/werkplek/toetsen/"  # a second press is told that it was done


def test_without_a_mandate_the_page_says_who_can(house):
    case, anna, toetser = house
    anna.role_assignments.filter(role_id="spoed").delete()
    url = f"/werkplek/zaak/{case.pk}/spoed/{case.hulpvragen.get(law='wmo').pk}/"
    assert "Hebt u geen mandaat?" in words(browser_of(anna).get(url))
    assert browser_of(anna).post(url, given(case, toetser)).status_code == 403
