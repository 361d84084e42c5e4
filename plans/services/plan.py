"""Writing the plan: goals, actions, the ladder and maatwerk; one present version per household."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Max

from casework.models import Case, Hulpvraag
from plans.enums import PlanStatus
from plans.models import Action, Goal, LadderRung, MaatwerkLine, Plan
from plans.permissions import may_handle
from providers.models import Product
from toegang.core.access import Actor
from toegang.core.lifecycle import Blocked, carry_out, lock
from toegang.core.records import attribute, keep, take_version


@dataclass(frozen=True)
class LineFacts:
    """One line of maatwerk as it is agreed; volume in the unit, per frequency; the last day counts."""

    hulpvraag_id: UUID | str
    goal_id: UUID | str
    product_id: int
    volume: Decimal
    unit: str
    frequency: str
    starts_on: date
    ends_on: date
    form: str


def present_plan(case: Case) -> Plan | None:
    """The version that is not replaced."""
    return Plan.objects.filter(case=case).exclude(status=PlanStatus.VERVANGEN).first()


@transaction.atomic
def open_plan(*, case_id: UUID | str, actor: Actor) -> Plan:
    """Give the present version; start the first one, or after an agreed plan a new version with the old filled in."""
    case = lock(Case, case_id)
    _allowed(case, actor)
    plan = present_plan(case)
    if plan and (plan.status != PlanStatus.AKKOORD or case.plan_agreed_on is not None):
        return plan
    highest = case.plans.aggregate(highest=Max("number"))["highest"] or 0
    if plan:
        carry_out(lock(Plan, plan.pk), "replace", by=actor)
    fresh = Plan(gemeente_id=case.gemeente_id, case=case, number=highest + 1)
    fresh.own_words = plan.own_words if plan else ""
    keep(fresh, by=actor, what=f"Plan, versie {fresh.number}")
    if plan:
        _copy(plan, fresh, actor)
    return fresh


def _copy(old: Plan, fresh: Plan, actor: Actor) -> None:
    """Fill the new version with the old one; lines are agreed anew."""
    for goal in old.goals.filter(removed=False).prefetch_related("actions"):
        copy = Goal(
            gemeente_id=fresh.gemeente_id,
            case_id=fresh.case_id,
            plan=fresh,
            result=goal.result,
            order=goal.order,
        )
        keep(copy, by=actor, what="Doel overgenomen")
        for action in goal.actions.all():
            row = Action(gemeente_id=fresh.gemeente_id, case_id=fresh.case_id, goal=copy)
            row.by, row.what, row.by_when, row.partner = action.by, action.what, action.by_when, action.partner
            keep(row, by=actor, what="Actie overgenomen")


def _allowed(case: Case, actor: Actor) -> None:
    if not may_handle(case, actor):
        raise PermissionDenied("Alleen de contactpersoon schrijft in deze zaak.")


def _writable(plan_id: UUID | str, version: int, actor: Actor) -> Plan:
    plan = lock(Plan, plan_id)
    _allowed(plan.case, actor)
    if plan.status != PlanStatus.CONCEPT:
        raise Blocked([f"Dit plan kunt u nu niet wijzigen: het is ‘{plan.get_status_display()}’."])
    take_version(plan, version)
    return plan


@transaction.atomic
def write_words(*, plan_id: UUID | str, version: int, own_words: str, actor: Actor) -> Plan:
    """Write what the inwoner wants to reach, in own words."""
    plan = _writable(plan_id, version, actor)
    plan.own_words = own_words
    keep(plan, by=actor, what="Wat de inwoner wil")
    return plan


@transaction.atomic
def add_goal(*, plan_id: UUID | str, version: int, result: str, actor: Actor) -> Goal:
    """Add a result."""
    plan = _writable(plan_id, version, actor)
    goal = Goal(gemeente_id=plan.gemeente_id, case_id=plan.case_id, plan=plan, result=result)
    goal.order = plan.goals.count() + 1
    keep(goal, by=actor, what="Doel toegevoegd")
    keep(plan, by=actor, what="Doel toegevoegd")
    return goal


@transaction.atomic
def add_action(
    *, plan_id: UUID | str, version: int, goal_id: UUID | str, by: str, what: str, by_when: date | None, actor: Actor
) -> Action:
    """Add who does what for a goal, by when."""
    plan = _writable(plan_id, version, actor)
    goal = plan.goals.get(pk=goal_id)
    action = Action(gemeente_id=plan.gemeente_id, case_id=plan.case_id, goal=goal, by=by, what=what, by_when=by_when)
    keep(action, by=actor, what="Actie toegevoegd")
    keep(plan, by=actor, what="Actie toegevoegd")
    return action


@transaction.atomic
def walk_ladder(
    *, plan_id: UUID | str, version: int, hulpvraag_id: UUID | str, findings: Mapping[str, str], actor: Actor
) -> Plan:
    """Write what each rung gives for a hulpvraag (Wmo 2015 art. 2.3.5 lid 3)."""
    plan = _writable(plan_id, version, actor)
    hulpvraag = plan.case.hulpvragen.get(pk=hulpvraag_id)
    for rung, finding in findings.items():
        row = LadderRung.objects.filter(plan=plan, hulpvraag=hulpvraag, rung=rung).first()
        row = row or LadderRung(
            gemeente_id=plan.gemeente_id, case_id=plan.case_id, plan=plan, hulpvraag=hulpvraag, rung=rung
        )
        row.finding = finding
        keep(row, by=actor, what=f"Ladder: {row.get_rung_display()}")
    keep(plan, by=actor, what="Ladder")
    return plan


@transaction.atomic
def add_line(*, plan_id: UUID | str, version: int, facts: LineFacts, actor: Actor) -> MaatwerkLine:
    """Add maatwerk: volume, unit, frequency and end date are required (CRvB 2022:2322); overlap is told."""
    plan = _writable(plan_id, version, actor)
    hulpvraag = plan.case.hulpvragen.get(pk=facts.hulpvraag_id)
    product = Product.objects.get(pk=facts.product_id)
    if problems := list(_line_problems(plan, hulpvraag, product, facts)):
        raise Blocked(problems)
    line = MaatwerkLine(
        gemeente_id=plan.gemeente_id, case_id=plan.case_id, plan=plan, hulpvraag=hulpvraag, product=product
    )
    line.goal = plan.goals.get(pk=facts.goal_id)
    line.volume, line.unit, line.frequency = facts.volume, facts.unit, facts.frequency
    line.starts_on, line.ends_on, line.form = facts.starts_on, facts.ends_on, facts.form
    keep(line, by=actor, what="Maatwerk toegevoegd")
    keep(plan, by=actor, what="Maatwerk toegevoegd")
    return line


def _line_problems(plan: Plan, hulpvraag: Hulpvraag, product: Product, facts: LineFacts) -> list[str]:
    problems = []
    if product.law != hulpvraag.law:
        problems.append(f"‘{product}’ valt niet onder de {hulpvraag.get_law_display()}.")
    if facts.ends_on < facts.starts_on:
        problems.append("De einddatum ligt vóór de begindatum.")
    same = plan.lines.filter(hulpvraag=hulpvraag, product=product, form=facts.form)
    if same.filter(starts_on__lte=facts.ends_on, ends_on__gte=facts.starts_on).exists():
        problems.append(f"‘{product}’ staat al in dit plan voor deze periode. Haal die regel eerst weg.")
    return problems


@transaction.atomic
def remove_line(*, plan_id: UUID | str, version: int, line_id: UUID | str, actor: Actor) -> Plan:
    """Take a line out of a draft; history keeps it."""
    plan = _writable(plan_id, version, actor)
    line = plan.lines.get(pk=line_id)
    attribute(line, by=actor, reason="Maatwerk weggehaald")
    line.delete()
    keep(plan, by=actor, what="Maatwerk weggehaald")
    return plan
