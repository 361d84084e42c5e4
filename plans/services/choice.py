"""The choice of who gives the help, line by line; no provider with room never holds the besluit."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction

from casework.enums import HulpvraagStatus
from casework.models import Case
from plans.enums import Agreement, CareForm, Choice, PlanStatus
from plans.models import MaatwerkLine, Pgb
from plans.permissions import may_handle
from providers.models import Product, Provider
from providers.selectors import contracts_for
from toegang.core.access import Actor
from toegang.core.lifecycle import Blocked, carry_out, lock
from toegang.core.records import attribute, keep, take_version

DECISION_UNDER_WAY = ("ter_toetsing", "vastgesteld", "in_verzending")


@dataclass(frozen=True)
class PgbFacts:
    """A pgb as it is agreed; rate in euro per unit of the line, manager empty when the inwoner manages it."""

    helper: str
    rate: Decimal
    manager: str
    able: str
    wish: str
    quality: str


@transaction.atomic
def choose_provider(
    *, line_id: UUID | str, choice: str, provider: Provider | None, reason: str, actor: Actor
) -> MaatwerkLine:
    """Record the choice for one line, with the inwoner's reason (Jeugdwet art. 2.3 lid 5: freedom of choice)."""
    line = lock(MaatwerkLine, line_id)
    if not may_handle(line.case, actor):
        raise PermissionDenied("Alleen de contactpersoon legt de keuze vast.")
    _open_to_choice(line)
    form = _form_of(line, choice)
    if choice == Choice.AANBIEDER:
        day = max(line.starts_on, actor.today)
        must_have_contract(provider, product=line.product, gemeente_id=line.gemeente_id, day=day)
    if form != CareForm.PGB:
        _drop_pgb(line, actor)
    line.choice, line.choice_reason, line.form = choice, reason, form
    line.provider = provider if choice in {Choice.AANBIEDER, Choice.AAN_ONS} else None
    keep(line, by=actor, what="Keuze vastgelegd")
    case = lock(Case, line.case_id)
    open_lines = MaatwerkLine.objects.filter(plan__case=case, plan__status=PlanStatus.AKKOORD, choice="")
    case.choices_made_on = None if open_lines.exists() else actor.today
    keep(case, by=actor, what="Keuze vastgelegd")
    return line


def _form_of(line: MaatwerkLine, choice: str) -> str:
    """The form that a choice means; what a sent besluit granted changes by a new besluit only."""
    form = CareForm.PGB if choice == Choice.PGB else CareForm.NATURA
    form = CareForm(line.form) if choice == Choice.WEIGEREN else form
    taken_over = line.plan.agreement == Agreement.OVERGENOMEN  # every line of it was decided in another system
    decided = taken_over or line.beschikkingen.filter(status="verzonden").exists()
    if decided and (form != line.form or choice == Choice.WEIGEREN):
        raise Blocked(["Over deze hulp is al een besluit verzonden. Kies alleen een andere aanbieder."])
    return form


def _drop_pgb(line: MaatwerkLine, actor: Actor) -> None:
    """Help in kind has no budget; history keeps what was worked out."""
    pgb = Pgb.objects.filter(line=line).first()
    if pgb:
        attribute(pgb, by=actor, reason="Geen pgb meer")
        pgb.delete()


@transaction.atomic
def work_out_pgb(*, line_id: UUID | str, version: int, facts: PgbFacts, actor: Actor) -> Pgb:
    """Write down the three conditions, the manager and the rate of a pgb (Wmo 2015 art. 2.3.6, Jeugdwet art. 8.1.1).

    Blocked when the line is not a pgb or a decision on it is under way or sent; Stale when somebody was first.
    """
    line = lock(MaatwerkLine, line_id)
    if not may_handle(line.case, actor):
        raise PermissionDenied("Alleen de contactpersoon werkt het pgb uit.")
    _open_to_choice(line)
    if line.choice != Choice.PGB:
        raise Blocked(["Deze hulp is geen pgb. Leg eerst de keuze voor een pgb vast."])
    if line.beschikkingen.filter(status="verzonden").exists():
        raise Blocked(["Over dit pgb is al een besluit verzonden. Een ander bedrag vraagt een nieuw besluit."])
    pgb = Pgb.objects.filter(line=line).first()
    pgb = pgb or Pgb(gemeente_id=line.gemeente_id, case_id=line.case_id, line=line, version=0)
    take_version(pgb, version)
    for name, value in vars(facts).items():
        setattr(pgb, name, value)
    keep(pgb, by=actor, what="Pgb uitgewerkt")
    return pgb


def _open_to_choice(line: MaatwerkLine) -> None:
    """A line of an agreed plan; while a decision on it is tested or sent, what was tested stays."""
    if line.plan.status != PlanStatus.AKKOORD:
        raise Blocked(["Er is nog geen akkoord op dit plan. Leg daarna de keuze vast."])
    if line.beschikkingen.filter(status__in=DECISION_UNDER_WAY).exists():
        raise Blocked(["Over deze hulp is een besluit onderweg. Laat dat eerst vervallen, of wacht tot het weg is."])


def must_have_contract(provider: Provider | None, *, product: Product, gemeente_id: int, day: date) -> None:
    """Raise Blocked when no provider is chosen, or one that may not give this product to the gemeente on that day."""
    if provider is None:
        raise Blocked(["Kies een aanbieder."])
    contracts = contracts_for(product_id=product.pk, gemeente_id=gemeente_id, day=day)
    if not contracts.filter(provider=provider).exists():
        raise Blocked([f"{provider} heeft op {day:%d-%m-%Y} geen contract voor ‘{product}’. Kies opnieuw."])


@transaction.atomic
def go_to_decision(*, case_id: UUID | str, actor: Actor) -> Case:
    """From choice to decision: an aanvraag came in and every line has a choice."""
    case = lock(Case, case_id)
    carry_out(case, "go_to_decision", by=actor)
    states = set(case.hulpvragen.values_list("status", flat=True))
    if HulpvraagStatus.AANVRAAG not in states and HulpvraagStatus.LOOPT in states:
        carry_out(case, "start_help", by=actor, on=actor.today)  # every aanvraag was decided already
    return case
