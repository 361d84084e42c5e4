"""The choice of who gives the help, line by line; no provider with room never holds the besluit."""

from __future__ import annotations

from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction

from casework.enums import HulpvraagStatus
from casework.models import Case
from plans.enums import CareForm, Choice, PlanStatus
from plans.models import MaatwerkLine
from plans.permissions import may_handle
from providers.models import Provider
from providers.selectors import contracts_for
from toegang.core.access import Actor
from toegang.core.lifecycle import Blocked, carry_out, lock
from toegang.core.records import keep

DECISION_UNDER_WAY = ("ter_toetsing", "vastgesteld", "in_verzending")


@transaction.atomic
def choose_provider(
    *, line_id: UUID | str, choice: str, provider: Provider | None, reason: str, actor: Actor
) -> MaatwerkLine:
    """Record the choice for one line, with the inwoner's reason (Jeugdwet art. 2.3 lid 5: freedom of choice)."""
    line = lock(MaatwerkLine, line_id)
    if not may_handle(line.case, actor):
        raise PermissionDenied("Alleen de contactpersoon legt de keuze vast.")
    _open_to_choice(line)
    if choice == Choice.AANBIEDER:
        _has_contract(line, provider, actor)
    line.choice, line.choice_reason = choice, reason
    if choice != Choice.WEIGEREN:
        line.form = CareForm.PGB if choice == Choice.PGB else CareForm.NATURA
    line.provider = provider if choice in {Choice.AANBIEDER, Choice.AAN_ONS} else None
    keep(line, by=actor, what="Keuze vastgelegd")
    case = lock(Case, line.case_id)
    open_lines = MaatwerkLine.objects.filter(plan__case=case, plan__status=PlanStatus.AKKOORD, choice="")
    case.choices_made_on = None if open_lines.exists() else actor.today
    keep(case, by=actor, what="Keuze vastgelegd")
    return line


def _open_to_choice(line: MaatwerkLine) -> None:
    """A line of an agreed plan; while a decision on it is tested or sent, what was tested stays."""
    if line.plan.status != PlanStatus.AKKOORD:
        raise Blocked(["Er is nog geen akkoord op dit plan. Leg daarna de keuze vast."])
    if line.beschikkingen.filter(status__in=DECISION_UNDER_WAY).exists():
        raise Blocked(["Over deze hulp is een besluit onderweg. Laat dat eerst vervallen, of wacht tot het weg is."])


def _has_contract(line: MaatwerkLine, provider: Provider | None, actor: Actor) -> None:
    if provider is None:
        raise Blocked(["Kies een aanbieder."])
    day = max(line.starts_on, actor.today)
    contracts = contracts_for(product_id=line.product_id, gemeente_id=line.gemeente_id, day=day)
    if not contracts.filter(provider=provider).exists():
        raise Blocked([f"{provider} heeft op {day:%d-%m-%Y} geen contract voor ‘{line.product}’. Kies opnieuw."])


@transaction.atomic
def go_to_decision(*, case_id: UUID | str, actor: Actor) -> Case:
    """From choice to decision: an aanvraag came in and every line has a choice."""
    case = lock(Case, case_id)
    carry_out(case, "go_to_decision", by=actor)
    states = set(case.hulpvragen.values_list("status", flat=True))
    if HulpvraagStatus.AANVRAAG not in states and HulpvraagStatus.LOOPT in states:
        carry_out(case, "start_help", by=actor, on=actor.today)  # every aanvraag was decided already
    return case
