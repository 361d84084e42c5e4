"""The persoonsgebonden budget: worked out on its own page, needed before the toetser, and told in the letter."""

from decimal import Decimal

import pytest
from django.urls import reverse

from casework.models import Hulpvraag
from casework.services.intake import register_aanvraag_on
from decisions.letters import draft_sheet
from decisions.models import Beschikking
from decisions.services import drafting
from plans.models import MaatwerkLine, Pgb
from plans.services import choice as services
from tests import factories as make
from toegang.core.lifecycle import Blocked

pytestmark = pytest.mark.django_db
GIVEN = {
    "version": 0,
    "wish": "Mijn nicht kent mij en komt op tijden die passen",
    "manager": "Bram Bos",
    "able": "Hij deed dit ook voor zijn moeder",
    "quality": "Uw nicht volgt de cursus tillen.",
    "helper": "informeel",
    "rate": "25,50",
}


@pytest.fixture
def worker():
    return make.make_staff("sanne", make.make_team(make.make_gemeente()))


@pytest.fixture
def line(worker):
    """A line of an agreed plan, to be bought with a pgb: 3 hours a week."""
    actor = make.actor_of(worker)
    case = make.make_case(actor).case
    make.agree(make.write_plan(case, actor), actor)
    found = MaatwerkLine.objects.get(case=case)
    MaatwerkLine.objects.update(unit="uur")
    return services.choose_provider(line_id=found.pk, choice="pgb", provider=None, reason="", actor=actor)


@pytest.fixture
def page(client, worker):
    client.force_login(worker)
    return client


def url(name, line, *args):
    return reverse(f"werkplek:{name}", args=[line.case_id, *args])


def draft_of(line, worker, *, outcome="toekenning"):
    actor = make.actor_of(worker)
    register_aanvraag_on(hulpvraag_id=line.hulpvraag_id, received_on=actor.today, actor=actor)
    draft = drafting.open_draft(hulpvraag_id=line.hulpvraag_id, actor=actor)
    facts = drafting.DraftFacts(outcome, "U kunt dit niet meer zelf.", "", make.make_toetser(line.case))
    return drafting.write_draft(beschikking_id=draft.pk, version=draft.version, facts=facts, actor=actor)


def test_a_choice_for_a_pgb_leads_to_its_page_and_is_kept(page, line):
    chosen = page.post(url("choice_line", line, line.pk), {"choice": "pgb"})
    assert chosen.url == url("pgb", line, line.pk)
    assert "Pgb nog niet uitgewerkt" in page.get(url("case_choice", line)).content.decode()
    assert page.post(url("pgb", line, line.pk), GIVEN).url == url("case_choice", line)
    pgb = Pgb.objects.get()
    assert {name: getattr(pgb, name) for name in GIVEN} == GIVEN | {"version": 1, "rate": Decimal("25.50")}
    assert pgb.history.get().history_change_reason == "Pgb uitgewerkt"
    assert "€ 76,50 per week" in page.get(url("case_choice", line)).content.decode()


@pytest.mark.parametrize(
    ("volume", "rate", "amount", "how"),
    [
        (("3", "uur", "week"), "38.64", "€ 115,92 per week", "3 uur per week keer € 38,64 per uur"),
        (("2.5", "dagdeel", "week"), "41.15", "€ 102,88 per week", "2,5 dagdelen per week keer € 41,15 per dagdeel"),
        (("1", "stuk", "totaal"), "2750", "€ 2.750,00 in totaal", "1 stuk in totaal keer € 2.750,00 per stuk"),
    ],
)
def test_the_amount_follows_from_the_volume_and_the_rate(line, volume, rate, amount, how):
    line.volume, line.unit, line.frequency = Decimal(volume[0]), volume[1], volume[2]
    pgb = Pgb(line=line, rate=Decimal(rate))
    assert (pgb.amount_text, pgb.how_text) == (amount, how)


@pytest.mark.parametrize(
    ("wrong", "errors"),
    [
        ({"rate": "0"}, {"rate": ["Vul een bedrag in dat groter is dan 0"]}),
        ({"rate": "12,345"}, {"rate": ["Gebruik hoogstens 2 cijfers achter de komma"]}),
        ({"rate": "veel"}, {"rate": ["Vul een getal in, bijvoorbeeld 12,50"]}),
        ({"helper": ""}, {"helper": ["Kies wie de hulp geeft"]}),
        ({"able": " "}, {"able": ["Schrijf waarom het beheer lukt"]}),
        ({"wish": ""}, {"wish": ["Schrijf waarom het een pgb wordt"]}),
        ({"rate": ""}, {"rate": ["Vul het tarief in, bijvoorbeeld 38,64"]}),
    ],
)
def test_what_is_wrong_is_told_at_the_field_and_nothing_is_kept(page, line, wrong, errors):
    response = page.post(url("pgb", line, line.pk), GIVEN | wrong)
    assert response.context["form"].errors == errors
    assert response.context["form"]["quality"].value() == GIVEN["quality"]
    assert not Pgb.objects.exists()


def test_for_a_youth_the_question_is_why_help_in_kind_does_not_fit(page, line):
    assert "Waarom wil de inwoner een pgb?" in page.get(url("pgb", line, line.pk)).content.decode()
    Hulpvraag.objects.filter(pk=line.hulpvraag_id).update(law="jeugd")
    assert "Waarom past het aanbod in natura niet?" in page.get(url("pgb", line, line.pk)).content.decode()


def test_who_is_second_sees_both_texts(page, line):
    page.post(url("pgb", line, line.pk), GIVEN)
    response = page.post(url("pgb", line, line.pk), GIVEN | {"rate": "30"})
    assert response.status_code == 409
    assert "25,50" in response.content.decode() or "25.50" in response.content.decode()
    assert Pgb.objects.get().rate == Decimal("25.50")
    twice = page.post(url("pgb", line, line.pk), GIVEN)
    assert twice.status_code == 302


def test_without_budget_the_decision_does_not_go_to_the_toetser(page, line, worker):
    actor, draft = make.actor_of(worker), draft_of(line, worker)
    with pytest.raises(Blocked, match="Werk het pgb voor"):
        drafting.submit_for_review(beschikking_id=draft.pk, actor=actor)
    page.post(url("pgb", line, line.pk), GIVEN)
    drafting.submit_for_review(beschikking_id=draft.pk, actor=actor)
    assert Beschikking.objects.get().status == "ter_toetsing"
    late = page.post(url("pgb", line, line.pk), GIVEN | {"version": 1})
    assert "Over deze hulp is een besluit onderweg." in late.context["form"].non_field_errors()[0]


def test_the_letter_tells_the_amount_how_it_was_computed_who_manages_it_and_what_is_asked(page, line, worker):
    draft = draft_of(line, worker)
    on = make.actor_of(worker).today
    assert "pgb" not in {section.key for section in draft_sheet(draft, on).sections}
    page.post(url("pgb", line, line.pk), GIVEN)
    keys = [section.key for section in draft_sheet(draft, on).sections]
    assert keys[1:4] == ["wat_krijgt_u", "pgb", "waarom"]
    section = draft_sheet(draft, on).sections[2]
    assert section.items == [
        f"Uw budget: € 76,50 per week ({line.product.name})",
        "Zo rekenden wij: 3 uur per week keer € 25,50 per uur",
        "Wie geeft de hulp: iemand uit uw eigen netwerk (informeel tarief)",
    ]
    assert "Bram Bos beheert het pgb voor u." in section.paragraphs
    assert section.paragraphs[3].endswith("Dit spreken wij daarover af: Uw nicht volgt de cursus tillen.")
    Pgb.objects.update(manager="")
    assert "U beheert het pgb zelf." in draft_sheet(draft, on).sections[2].paragraphs


def test_help_in_kind_drops_the_budget_and_history_keeps_it(page, line):
    page.post(url("pgb", line, line.pk), GIVEN)
    page.post(url("choice_line", line, line.pk), {"choice": "wacht"})
    assert not Pgb.objects.exists()
    assert Pgb.history.first().history_change_reason == "Geen pgb meer"
    assert page.get(url("pgb", line, line.pk)).status_code == 404


def test_after_a_sent_decision_only_the_provider_may_still_change(page, line, worker):
    page.post(url("pgb", line, line.pk), GIVEN)
    draft = draft_of(line, worker)
    Beschikking.objects.filter(pk=draft.pk).update(status="vervallen")
    changed = page.post(url("pgb", line, line.pk), GIVEN | {"version": 1, "rate": "26"})
    assert changed.status_code == 302
    actor = make.actor_of(worker)
    make.send_letters(line.case, actor)
    sent = make.approved_beschikking(Hulpvraag.objects.get(pk=line.hulpvraag_id), actor)
    drafting.issue_beschikking(beschikking_id=sent.pk, actor=actor)
    make.run_outbox()
    make.send_letters(line.case, actor)
    for choice in ("wacht", "weigeren"):
        answer = page.post(url("choice_line", line, line.pk), {"choice": choice, "reason": "Toch niet"})
        told = ["Over deze hulp is al een besluit verzonden. Kies alleen een andere aanbieder."]
        assert answer.context["form"].non_field_errors() == told
    late = page.post(url("pgb", line, line.pk), GIVEN | {"version": 2})
    told = "Over dit pgb is al een besluit verzonden. Een ander bedrag vraagt een nieuw besluit."
    assert late.context["form"].non_field_errors() == [told]
    assert Pgb.objects.get().rate == Decimal(26)
