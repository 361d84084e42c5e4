"""What a beschikking must hold before it goes to the toetser and before it is sent."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from casework.rules import ENDED
from decisions.enums import Outcome
from toegang.core.lifecycle import Missing

if TYPE_CHECKING:
    from decisions.models import Beschikking, UrgentDecision


def ready_for_review(beschikking: Beschikking) -> Iterator[Missing]:
    """An aanvraag, what is granted or the ground for refusal, and the reasons (Awb art. 3:46, 3:47)."""
    if beschikking.hulpvraag.aanvraag_on is None:
        yield Missing("Er is nog geen aanvraag ontvangen.", "aanbieder")
    elif beschikking.sent_on is None and beschikking.hulpvraag.status in ENDED:
        yield Missing("Deze hulpvraag wacht niet meer op een besluit.", "besluit")
    if not beschikking.motivation.strip():
        yield Missing("Schrijf waarom u dit besluit (de motivering).", "besluit")
    if beschikking.outcome == Outcome.TOEKENNING and not beschikking.lines.exists():
        yield Missing("Er staat geen hulp in dit besluit.", "besluit")
    if beschikking.lines.exclude(plan__status="akkoord").exists():
        yield Missing("Het plan is intussen vervangen. Laat dit besluit vervallen en begin opnieuw.", "besluit")
    for line in beschikking.lines.filter(choice="pgb", pgb=None).select_related("product"):
        yield Missing(f"Werk het pgb voor ‘{line.product}’ uit: het bedrag en de voorwaarden.", "aanbieder")
    refuses = beschikking.outcome == Outcome.WEIGERING or beschikking.refused_lines().exists()
    if refuses and not beschikking.refusal_ground.strip():
        yield Missing("Kies de grond voor wat u weigert.", "besluit")
    if beschikking.reviewer_id is None:
        yield Missing("Kies wie het besluit toetst.", "besluit")


def remarks_written(beschikking: Beschikking) -> Iterator[Missing]:
    """Back to the drafter means: say what must change."""
    if not beschikking.remarks.strip():
        yield Missing("Schrijf wat er anders moet.", "besluit")


def ready_to_send(beschikking: Beschikking) -> Iterator[Missing]:
    """The evaluation is planned: temporary from day one."""
    if beschikking.outcome == Outcome.TOEKENNING and beschikking.case.evaluation_on is None:
        yield Missing("Plan een datum voor de evaluatie.", "evaluatie")
    if beschikking.hulpvraag.person.deceased is not None:
        yield Missing("De inwoner is overleden: dit besluit kan niet meer weg.", "besluit")


def stored(beschikking: Beschikking | UrgentDecision) -> Iterator[Missing]:
    """Sent means: a number and a stored letter."""
    if not beschikking.number or beschikking.letter is None or beschikking.letter.document_id is None:
        yield Missing("De brief is nog niet opgeslagen.", "besluit")


def not_tested_yet(urgent: UrgentDecision) -> Iterator[Missing]:
    """A spoedbesluit is tested once."""
    if urgent.tested_on is not None:
        yield Missing("Dit spoedbesluit is al getoetst.", "besluit")
