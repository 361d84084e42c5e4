"""Sharing the plan and the answer of the inwoner, in each of its forms; both move the case along."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.db import transaction

from casework import deadlines
from casework.enums import CaseStatus, HulpvraagStatus
from casework.models import Case, Hulpvraag
from casework.services.deadlines import meet_deadline
from casework.services.letters import order_letter
from plans.enums import Agreement
from plans.models import Plan
from plans.services.evaluation import plan_evaluation
from toegang.core.access import Actor
from toegang.core.dates import long_date
from toegang.core.lifecycle import Blocked, carry_out, lock
from toegang.core.records import keep
from toegang.core.terms import due_on


@transaction.atomic
def share_plan(*, plan_id: UUID | str, actor: Actor) -> Plan:
    """Share the plan: the inwoner can read it in the portaal and answer."""
    plan = lock(Plan, plan_id)
    carry_out(plan, "share", by=actor, on=actor.today)
    return plan


@transaction.atomic
def take_back_plan(*, plan_id: UUID | str, actor: Actor) -> Plan:
    """Take a shared plan back to change it."""
    plan = lock(Plan, plan_id)
    carry_out(plan, "take_back", by=actor)
    return plan


@transaction.atomic
def remind_of_plan(*, plan_id: UUID | str, actor: Actor) -> Plan:
    """Send a reminder of the plan by letter; after it 'no reply' may count."""
    plan = lock(Plan, plan_id)
    if plan.reminded_on == actor.today:
        raise Blocked(["Vandaag ging al een herinnering weg."])
    carry_out(plan, "remind", by=actor, on=actor.today)
    order_letter(
        kind="herinnering_plan",
        case=plan.case,
        addressee=plan.case.person,
        subject="Wilt u uw plan lezen?",
        by=actor,
    )
    return plan


@transaction.atomic
def agree_plan(
    *, plan_id: UUID | str, agreement: str, on: date, agreed_by: str, heard_by: str, inwoner_words: str,
    evaluation_on: date, actor: Actor,
) -> Plan:  # fmt: skip
    """Record the answer and move the case: to the choice of a provider, or with light help straight on.

    No signature is needed; 'ik zie het anders' goes on too and is kept in the inwoner's words.
    """
    plan = lock(Plan, plan_id)
    if plan.shared_on is not None and not plan.shared_on <= on <= actor.today:
        raise Blocked(["De datum van het antwoord ligt vóór het delen of in de toekomst."])
    if agreement == Agreement.GEEN_REACTIE:
        _reminder_had_its_days(plan, actor)
    plan.agreement, plan.heard_by, plan.inwoner_words = agreement, heard_by, inwoner_words
    carry_out(plan, "agree", by=actor, on=on, agreed_by=agreed_by)
    case = lock(Case, plan.case_id)
    case.plan_agreed_on, case.plan_has_maatwerk = on, plan.lines.exists()
    keep(case, by=actor, what="Plan akkoord")
    plan_evaluation(case=case, due_on=evaluation_on, actor=actor)
    if case.status == CaseStatus.PLAN:
        _move_on(case, actor)
    return plan


def _reminder_had_its_days(plan: Plan, actor: Actor) -> None:
    """After a reminder the inwoner has the same days as for the verslag (term verslag_reactie)."""
    last = due_on("verslag_reactie", plan.reminded_on) if plan.reminded_on else None
    if last and actor.today <= last:
        raise Blocked([f"De inwoner mag nog op de herinnering antwoorden tot en met {long_date(last)}."])


def _move_on(case: Case, actor: Actor) -> None:
    if case.plan_has_maatwerk:
        carry_out(case, "go_to_choice", by=actor)
        return
    carry_out(case, "start_light_help", by=actor, on=actor.today)
    for found in case.hulpvragen.filter(status=HulpvraagStatus.VERSLAG):
        carry_out(lock(Hulpvraag, found.pk), "settle_without_decision", by=actor, on=actor.today)
        meet_deadline(hulpvraag=found, key=deadlines.SPOED.get(found.law, ""), on=actor.today, by=actor)
