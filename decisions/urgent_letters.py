"""The letter of a spoedbesluit: its own words, with the same texts on money and bezwaar as every other decision."""

from __future__ import annotations

from datetime import date
from typing import Any

from casework.deadlines import ONDERZOEK
from casework.enums import HulpvraagStatus
from casework.letters import COMPOSERS, SIGNERS, Sheet, common_values, hulpvraag_values, sheet
from casework.models import Hulpvraag, Letter
from decisions.letters import bezwaar_until, contribution_values
from decisions.models import UrgentDecision
from toegang.core.dates import long_date
from toegang.core.letters import Section, compose
from toegang.core.models import LetterText

KIND = "spoedbesluit"
INVESTIGATING = (HulpvraagStatus.GEMELD, HulpvraagStatus.ONDERZOEK)
LEGAL = "wet_en_regels"  # the last block of its own: what comes after it are the texts on bezwaar
SHARED_AFTER = frozenset({"bezwaar", "bezwaar_inhoud", "bezwaar_hulp", "vragen"})
PAYS, PAYS_NOTHING = "eigen_bijdrage", "geen_eigen_bijdrage"


def urgent_subject(hulpvraag: Hulpvraag) -> str:
    """What the letter is about."""
    return f"Besluit over tijdelijke hulp ({hulpvraag.get_law_display()})"


def urgent_letter(letter: Letter, on: date) -> list[Section]:
    """Compose the decision: what, how much, until when, why at once, what follows, contribution, law, bezwaar.

    Awb art. 3:45 (bezwaar), 3:46 (reasons); hours stand in the decision (CRvB 2022:2322).
    """
    return _sections(letter.urgent_decision, letter, on)


def urgent_sheet(urgent: UrgentDecision, on: date) -> Sheet:
    """The letter as it would go out on a day; nothing is stored."""
    letter = Letter(
        gemeente=urgent.gemeente,
        case=urgent.case,
        addressee=urgent.hulpvraag.person,
        kind=KIND,
        subject=urgent_subject(urgent.hulpvraag),
        reference=urgent.number or "volgt bij het versturen",
    )
    return sheet(letter, on, _sections(urgent, letter, on), signer=urgent.decided_by)


def _sections(urgent: UrgentDecision, letter: Letter, on: date) -> list[Section]:
    law, gemeente = urgent.hulpvraag.law, urgent.gemeente
    values = common_values(letter, on) | hulpvraag_values(urgent.hulpvraag) | contribution_values([urgent], on)
    values |= {
        "voorziening": urgent.product.name,
        "volume_tekst": urgent.amount_text,
        "vanaf": long_date(urgent.starts_on),
        "tot_en_met": long_date(urgent.ends_on),
        "aanbieder": urgent.provider.name if urgent.provider else "een aanbieder die wij u nog laten weten",
        "motivering": urgent.motivation,
        "vervangen_besluit": urgent.replaces.number if urgent.replaces else "",
        "verordening": gemeente.verordening_wmo if law == "wmo" else gemeente.verordening_jeugd,
        "bezwaar_tot_en_met": long_date(bezwaar_until(on)),
    }
    where: dict[str, Any] = {"law": law, "gemeente_id": gemeente.pk, "on": on, "values": values}
    own = compose(KIND, leave_out=_left_out(urgent, on), **where)
    pays = PAYS if law != "wmo" or urgent.product.contribution else PAYS_NOTHING
    shared = compose("beschikking", leave_out=_other_blocks({pays} | SHARED_AFTER), **where)
    money = [section for section in shared if section.key == pays]
    after = [section for section in shared if section.key != pays]
    rules = [section for section in own if section.key == LEGAL]
    return [*(section for section in own if section.key != LEGAL), *money, *rules, *after]


def _left_out(urgent: UrgentDecision, on: date) -> set[str]:
    """Whether another decision is replaced; and how it goes on: while the onderzoek runs in its term, or after it."""
    hulpvraag = urgent.hulpvraag
    term = hulpvraag.deadlines.filter(key=ONDERZOEK[hulpvraag.law]).first()
    runs = hulpvraag.status in INVESTIGATING and term is not None and term.due_on >= on
    return {"hoe_verder_daarna" if runs else "hoe_verder"} | (set() if urgent.replaces else {"vervangt"})


def _other_blocks(blocks: set[str] | frozenset[str]) -> set[str]:
    """The blocks of a beschikking without these."""
    return set(LetterText.objects.filter(kind="beschikking").values_list("block", flat=True)) - blocks


COMPOSERS[KIND] = urgent_letter
SIGNERS[KIND] = lambda letter: letter.urgent_decision.decided_by  # who holds the mandate (Awb art. 10:10)
