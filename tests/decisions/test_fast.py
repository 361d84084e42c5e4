"""The fast lane: one page that is filled in beforehand takes every step that the law asks, or none of them."""

import pytest
from django.core.exceptions import PermissionDenied

from casework.enums import CaseStatus, HulpvraagStatus
from casework.letters import COMPOSERS
from casework.models import Case, Letter, OnderzoekAnswer, Talk
from decisions.models import Beschikking
from decisions.services import drafting, fast
from plans.models import FastLane, MaatwerkLine, Plan
from providers.models import Product
from tests import factories as make
from tests.factories import actor_of, drive, make_case, make_gemeente, make_provider, make_staff, make_team
from tests.test_papers import faults
from tests.werkplek.browsing import browser_of, form_with, words

pytestmark = pytest.mark.django_db
TICKS = ("support_told", "own_plan_told", "pgb_told", "asked", "checked")
TYPED = dict.fromkeys(TICKS, "on")  # and a choice of who tests it


@pytest.fixture
def house():
    gemeente = make_gemeente()
    team = make_team(gemeente)
    anna = make_staff("anna", team)
    toetser = make_staff("toetser", roles=("toetser",), gemeente=gemeente)
    case = make_case(actor_of(anna)).case
    make.send_letters(case, actor_of(anna))
    return case, anna, toetser


def page_of(case, lane="rolstoel"):
    return f"/werkplek/zaak/{case.pk}/snel/{case.hulpvragen.first().pk}/{lane}/"


def sent(browser, case, toetser, lane="rolstoel", **changed):
    """The page as it was filled in beforehand, with the ticks and the toetser, sent."""
    _, values = form_with(browser.get(page_of(case, lane)), "checked")
    return browser.post(page_of(case, lane), {**values, **TYPED, "reviewer": toetser.pk, **changed})


def test_five_ticks_and_a_toetser_lead_to_a_draft_with_everything_the_law_asks(house):
    case, anna, toetser = house
    browser = browser_of(anna)
    answer = sent(browser, case, toetser)
    draft = Beschikking.objects.get(case=case)
    assert answer.url == f"/werkplek/zaak/{case.pk}/besluit/{draft.pk}/"
    case = Case.objects.get(pk=case.pk)
    hulpvraag, today = case.hulpvragen.get(), actor_of(anna).today
    assert (case.status, hulpvraag.status) == (CaseStatus.BESLUIT, HulpvraagStatus.AANVRAAG)
    assert (hulpvraag.aanvraag_on, hulpvraag.aanvraag_premature) == (today, False)
    assert case.support_told_on == case.own_plan_told_on == today and case.evaluation_on > today
    assert set(hulpvraag.onderzoek_answers.exclude(text="").values_list("part__key", flat=True)) == set("abcdefg")
    assert Letter.objects.filter(case=case, kind="verslag").exists()
    line = MaatwerkLine.objects.get(case=case)
    assert (line.product.key, line.volume, line.ends_on > today, line.choice) == ("rolstoel", 1, True, "wacht")
    assert Plan.objects.get(case=case).rungs.exclude(finding="").count() == 4
    page = words(browser.get(answer.url))
    assert "Naar de toetser" in page and "Dit is nog nodig" not in page


def test_the_same_letters_go_out_and_four_eyes_look(house):
    case, anna, toetser = house
    sent(browser_of(anna), case, toetser)
    make.send_letters(case, actor_of(anna))
    hulpvraag = case.hulpvragen.get()
    assert hulpvraag.verslag_sent_on == actor_of(anna).today
    verslag = COMPOSERS["verslag"](Letter.objects.get(case=case, kind="verslag"), hulpvraag.verslag_sent_on)
    assert {f"deel-{key}" for key in "abcdefg"} <= {section.key for section in verslag}
    draft = drafting.submit_for_review(beschikking_id=Beschikking.objects.get(case=case).pk, actor=actor_of(anna))
    with pytest.raises(PermissionDenied):
        drafting.approve(beschikking_id=draft.pk, actor=actor_of(anna))
    make.age_grants(case)
    drafting.approve(beschikking_id=draft.pk, actor=actor_of(toetser))
    drafting.issue_beschikking(beschikking_id=draft.pk, actor=actor_of(anna))
    make.send_letters(case, actor_of(anna))
    assert Case.objects.get(pk=case.pk).status == CaseStatus.UITVOERING


def test_a_chosen_leverancier_stands_in_the_line(house):
    case, anna, toetser = house
    provider = make_provider(case.gemeente, Product.objects.get(key="scootmobiel"), "Rollend Verder")
    sent(browser_of(anna), case, toetser, "scootmobiel", provider=provider.pk)
    line = MaatwerkLine.objects.get(case=case)
    assert (line.provider, line.choice) == (provider, "aanbieder")


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"checked": ""}, "Lees elke regel met de inwoner na"),
        ({"deel_c": " "}, "Schrijf één regel bij ‘Mantelzorg en netwerk’"),
        ({"pgb_told": ""}, "Vertel dat een pgb ook kan"),
        ({"asked": ""}, "Vraag of de inwoner dit aanvraagt"),
        ({"evaluation_on": "1-1-2190"}, "Kijk samen terug vóór de hulp stopt"),
        ({"ends_on": "1-1-2001"}, "De laatste dag is al voorbij"),
        ({"evaluation_on": "vandaag"}, "Kies een dag die nog komt"),
        ({"support_told": ""}, "cliëntondersteuner gratis meedenkt, en zet hier een vinkje"),
        ({"reviewer": ""}, "Kies wie dit besluit toetst"),
    ],
)
def test_what_is_wrong_is_told_and_nothing_is_half_done(house, changed, sentence):
    case, anna, toetser = house
    answer = sent(browser_of(anna), case, toetser, result="Weer naar de markt", **changed)
    assert sentence in words(answer) and "Weer naar de markt" in answer.content.decode()
    assert_nothing(case)


def assert_nothing(case):
    assert Case.objects.get(pk=case.pk).status == CaseStatus.MELDING
    assert not Talk.objects.exists() and not OnderzoekAnswer.objects.exists() and not Plan.objects.exists()
    assert not Letter.objects.filter(kind="verslag").exists()


def test_a_guard_of_any_step_stops_all_of_it(house):
    case, anna, toetser = house
    case.hulpvragen.update(receipt_sent_on=None)
    page = words(sent(browser_of(anna), case, toetser))
    assert "De ontvangst van de melding" in page
    assert_nothing(case)


def test_twice_pressed_is_one(house):
    case, anna, toetser = house
    browser = browser_of(anna)
    _, values = form_with(browser.get(page_of(case)), "checked")
    typed = {**values, **TYPED, "reviewer": toetser.pk}
    browser.post(page_of(case), typed)
    again = browser.post(page_of(case), typed)
    assert again.url == f"/werkplek/zaak/{case.pk}/besluit/{Beschikking.objects.get().pk}/"
    assert Plan.objects.count() == 1


def test_only_who_handles_the_case(house):
    case, *_ = house
    bram = make_staff("bram", case.team)
    assert "Dit kunt u hier niet doen" in words(browser_of(bram).get(page_of(case)))
    assert browser_of(bram).post(page_of(case), TYPED).status_code == 403
    assert_nothing(case)


@pytest.mark.parametrize("why", ["two", "jeugd", "plan", "vraaganalyse"])
def test_where_it_does_not_fit_the_page_says_so(house, why):
    _, anna, _ = house
    laws = {"two": ("wmo", "jeugd"), "jeugd": ("jeugd",)}.get(why, ("wmo",))
    case = make_case(actor_of(anna), laws=laws, family_name="Ander").case
    if why in {"plan", "vraaganalyse"}:
        case = drive(case, why)
    url = f"/werkplek/zaak/{case.pk}/snel/{case.hulpvragen.first().pk}/"
    browser = browser_of(anna)
    assert "Deze route past hier niet" in words(browser.get(url))
    assert browser.get(f"{url}rolstoel/").url == url
    assert fast.obstacles(case.hulpvragen.first())


def test_what_is_filled_in_beforehand_is_b1_and_whole():
    for lane in FastLane.objects.all():
        parts = {part.key for part in make.Hulpvraag(law="wmo", melding_on=lane.valid_from).parts()}
        assert set(lane.parts) == parts, lane
        assert Product.objects.filter(key=lane.product_key, law="wmo").exists()
        assert fast.leefgebieden_of(lane, lane.valid_from).count() == 1
        for text in (*lane.parts.values(), lane.motivation, f"{lane.result}.", f"{lane.action}."):
            assert faults(text) == [], text
        product = Product.objects.get(key=lane.product_key)
        assert ("geen eigen bijdrage" in lane.parts["g"]) != product.contribution
