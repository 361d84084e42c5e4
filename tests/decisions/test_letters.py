"""What stands in the letter of a decision: the blocks in their order, the exact essentials, and nothing too much."""

import io
from datetime import date, timedelta
from decimal import Decimal

import pytest
from pypdf import PdfReader

from casework.models import Letter, Person
from casework.services.intake import register_aanvraag_on
from decisions.letters import bezwaar_until, draft_sheet
from decisions.models import Contribution
from decisions.services import drafting
from plans.models import MaatwerkLine
from plans.services.choice import choose_provider
from providers.models import Product
from tests import factories as make
from toegang.core import documents
from toegang.core.dates import long_date
from toegang.core.letters import LetterError

pytestmark = pytest.mark.django_db
GRANT = [
    *("besluit_toekenning", "wat_krijgt_u", "waarom", "eigen_bijdrage", "afspraken", "wet_en_regels", "bezwaar"),
    *("bezwaar_inhoud", "bezwaar_hulp", "vragen"),
]
REFUSAL = [
    *("besluit_weigering", "waarom", "wet_en_regels", "bezwaar", "bezwaar_inhoud", "bezwaar_hulp", "vragen"),
]


@pytest.fixture
def actor():
    return make.actor_of(make.make_staff("sanne", make.make_team(make.make_gemeente())))


def decided(actor, law="wmo", *, product="", choice="wacht", outcome="toekenning", lines=1, **person):
    """A written draft on one line of 3 hours a week for a year from today, or of another product."""
    case = make.make_case(actor, (law,), **person).case
    make.agree(make.write_plan(case, actor), actor)
    if product:
        MaatwerkLine.objects.filter(case=case).update(product=Product.objects.get(key=product))
    line = MaatwerkLine.objects.get(case=case)
    if lines > 1:
        second = Product.objects.get(key="begeleiding_individueel")
        MaatwerkLine.objects.create(
            gemeente=case.gemeente, case=case, plan=line.plan, hulpvraag=line.hulpvraag, goal=line.goal,
            product=second, volume=Decimal("1.5"), unit="uur", frequency="week", starts_on=line.starts_on,
            ends_on=line.ends_on - timedelta(days=100), form="natura",
        )  # fmt: skip
    for found in MaatwerkLine.objects.filter(case=case):
        choose_provider(line_id=found.pk, choice=choice, provider=None, reason="Zo is het", actor=actor)
    hulpvraag = case.hulpvragen.get()
    register_aanvraag_on(hulpvraag_id=hulpvraag.pk, received_on=actor.today, actor=actor)
    draft = drafting.open_draft(hulpvraag_id=hulpvraag.pk, actor=actor)
    ground = "u kunt dit zelf regelen" if outcome == "weigering" else ""
    facts = drafting.DraftFacts(outcome, "U kunt dit niet meer zelf.", ground, make.make_toetser(case))
    return drafting.write_draft(beschikking_id=draft.pk, version=draft.version, facts=facts, actor=actor)


def blocks(draft, on):
    return {section.key: section for section in draft_sheet(draft, on).sections}


def text(draft, on):
    sections = draft_sheet(draft, on).sections
    return "\n".join(line for s in sections for line in (s.heading, *s.paragraphs, *s.items))


def test_a_grant_tells_everything_in_the_order_of_the_law(actor):
    draft = decided(actor, product="huishoudelijke_hulp")
    found = blocks(draft, actor.today)
    assert list(found) == GRANT
    line = MaatwerkLine.objects.get()
    assert found["besluit_toekenning"].paragraphs == [
        "Geachte F. Yıldız,",
        f"U krijgt hulp bij het huishouden. Dat is ons besluit op uw aanvraag van {long_date(actor.today)}.",
    ]
    assert found["wat_krijgt_u"].items == [
        "Hulp: hulp bij het huishouden",
        f"Hoeveel: {line.amount_text}",
        "Wat wij willen bereiken: Het huis is schoon",
        f"Vanaf: {long_date(actor.today)}",
        f"Tot en met: {long_date(actor.today + timedelta(days=364))}",
        "Wie geeft de hulp: een aanbieder die wij u nog laten weten",
        "Vorm: zorg in natura",
    ]
    assert "U kunt dit niet meer zelf." in found["waarom"].paragraphs
    until = long_date(bezwaar_until(actor.today))
    assert any(f"U kunt bezwaar maken tot en met {until}." in p for p in found["bezwaar"].paragraphs)
    assert found["wet_en_regels"].items[0] == "artikel 2.3.5 van de Wet maatschappelijke ondersteuning 2015 (Wmo 2015)"


def test_a_refusal_names_what_is_refused_and_the_ground_and_nothing_of_help(actor):
    draft = decided(actor, product="huishoudelijke_hulp", choice="weigeren", outcome="weigering")
    found = blocks(draft, actor.today)
    assert list(found) == REFUSAL
    assert found["besluit_weigering"].paragraphs == [
        "Geachte F. Yıldız,",
        f"U krijgt geen hulp bij het huishouden. Dat is ons besluit op uw aanvraag van {long_date(actor.today)}.",
        "De reden: u kunt dit zelf regelen.",
    ]
    assert "bijdrage" not in text(draft, actor.today)


def test_a_refusal_without_a_line_in_the_plan_can_be_written(actor):
    case = make.make_case(actor).case
    hulpvraag = case.hulpvragen.get()
    register_aanvraag_on(hulpvraag_id=hulpvraag.pk, received_on=actor.today, actor=actor)
    draft = drafting.open_draft(hulpvraag_id=hulpvraag.pk, actor=actor)
    assert draft.outcome == "weigering"
    first = blocks(draft, actor.today)["besluit_weigering"].paragraphs[1]
    assert first.startswith("U krijgt geen hulp. Dat is ons besluit")


@pytest.mark.parametrize(
    ("law", "product", "words"),
    [
        ("wmo", "rolstoel", ["Niets. Voor deze hulp betaalt u geen eigen bijdrage."]),
        ("jeugd", "begeleiding_jeugd", ["Niets. Voor deze hulp betaalt u geen eigen bijdrage."]),
    ],
)
def test_a_wheelchair_and_jeugdhulp_cost_nothing(actor, law, product, words):
    found = blocks(decided(actor, law, product=product), actor.today)
    (key,) = [key for key in found if "bijdrage" in key]
    assert found[key].paragraphs == words


def test_the_contribution_is_the_amount_of_the_year_of_the_letter(actor):
    draft = decided(actor, product="huishoudelijke_hulp")
    for year, amount in ((2025, "€ 21,00"), (2026, "€ 21,80")):
        first = blocks(draft, date(year, 3, 2))["eigen_bijdrage"].paragraphs[0]
        told = f"In {year} is dat hoogstens {amount} per maand voor uw hele huishouden."
        assert first == f"U betaalt een eigen bijdrage. {told}"


def test_without_a_tariff_of_the_year_no_letter_is_made(actor):
    draft = decided(actor, product="huishoudelijke_hulp")
    Contribution.objects.all().delete()
    with pytest.raises(LetterError, match="Geen bedrag voor de eigen bijdrage"):
        draft_sheet(draft, actor.today)


def test_a_pgb_is_called_a_pgb(actor):
    items = blocks(decided(actor, product="huishoudelijke_hulp", choice="pgb"), actor.today)["wat_krijgt_u"].items
    assert items[5:] == [
        "Wie geeft de hulp: de hulpverlener die u zelf kiest",
        "Vorm: een persoonsgebonden budget (pgb)",
    ]


def test_help_in_two_periods_tells_each_period(actor):
    draft = decided(actor, product="huishoudelijke_hulp", lines=2)
    first = MaatwerkLine.objects.get(product__key="huishoudelijke_hulp")
    today, end = long_date(actor.today), actor.today + timedelta(days=364)
    items = blocks(draft, actor.today)["wat_krijgt_u"].items
    amounts = {
        f"hulp bij het huishouden: {first.amount_text} (vanaf {today} tot en met {long_date(end)})",
        f"begeleiding thuis: 1,5 uur per week (vanaf {today} tot en met {long_date(end - timedelta(days=100))})",
    }
    assert all(amount in items[1] for amount in amounts)
    assert items[5] == "Wie geeft de hulp: een aanbieder die wij u nog laten weten"


def test_a_shielded_address_stays_in_the_register(actor):
    draft = decided(actor)
    Person.objects.update(shielded=True)
    sheet = draft_sheet(type(draft).objects.get(pk=draft.pk), actor.today)
    assert sheet.addressee_lines == ["F. Yıldız", "Adres afgeschermd"]


@pytest.mark.parametrize("born", [0, 19780000, 19780400])
def test_a_birth_date_that_is_known_in_part_breaks_no_letter(actor, born):
    assert draft_sheet(decided(actor, born=born), actor.today).addressee_lines[0] == "F. Yıldız"


def test_the_pdf_says_what_was_decided(actor):
    draft = decided(actor, product="huishoudelijke_hulp")
    drafting.submit_for_review(beschikking_id=draft.pk, actor=actor)
    make.age_grants(draft.case)
    drafting.approve(beschikking_id=draft.pk, actor=make.actor_of(draft.reviewer))
    drafting.issue_beschikking(beschikking_id=draft.pk, actor=actor)
    make.run_outbox()
    letter = Letter.objects.get(kind="beschikking")
    pages = PdfReader(io.BytesIO(documents.read(letter.document))).pages
    said = " ".join(" ".join(page.extract_text() for page in pages).split())
    line = MaatwerkLine.objects.get()
    for words in (
        f"B-{actor.today.year}-00001",
        "U krijgt hulp bij het huishouden.",
        f"Hoeveel: {line.amount_text}",
        f"Tot en met: {long_date(line.ends_on)}",
        f"U kunt bezwaar maken tot en met {long_date(bezwaar_until(actor.today))}.",
        "namens het college van burgemeester en wethouders van Voorbeeldstad",
    ):
        assert words in said
