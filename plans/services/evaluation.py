"""Evaluations: planned with the help itself, reminded by the clock, held, and what follows."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction

from casework.enums import CaseStatus
from casework.models import Case, Hulpvraag
from casework.services import intake
from plans.enums import EvaluatieStatus
from plans.models import Evaluatie
from plans.permissions import may_handle
from toegang.core import audit
from toegang.core.access import Actor
from toegang.core.lifecycle import Blocked, carry_out, lock
from toegang.core.records import keep
from toegang.core.terms import due_on


def proposed_evaluation(start: date) -> date:
    """The date that is proposed by default (term evaluatie_standaard, own policy; Wmo 2015 art. 2.3.9)."""
    return due_on("evaluatie_standaard", start)


def plan_evaluation(*, case: Case, due_on: date, actor: Actor) -> Evaluatie:
    """Plan the next evaluation of a locked case, or move the one that was planned."""
    if due_on < actor.today:
        raise Blocked(["De datum van de evaluatie ligt in het verleden."])
    evaluatie = case.evaluaties.exclude(status=EvaluatieStatus.AFGEROND).first()
    evaluatie = evaluatie or Evaluatie(gemeente_id=case.gemeente_id, case=case)
    evaluatie.due_on = due_on
    keep(evaluatie, by=actor, what="Evaluatie gepland")
    case.evaluation_on = due_on
    keep(case, by=actor, what="Evaluatie gepland")
    return evaluatie


@transaction.atomic
def move_evaluation(*, case_id: object, due_on: date, actor: Actor) -> Evaluatie:
    """Plan the evaluation on another date, or plan one where there is none."""
    case = lock(Case, case_id)
    if not may_handle(case, actor):
        raise PermissionDenied("Alleen de contactpersoon verzet de evaluatie.")
    return plan_evaluation(case=case, due_on=due_on, actor=actor)


@transaction.atomic
def confirm_referral(
    *, hulpvraag_id: UUID | str, provider: str, on: date, evaluation_on: date, actor: Actor
) -> Hulpvraag:
    """Confirm a referral and plan its evaluation with it, so that the clock and the contactpersoon know of it."""
    hulpvraag = intake.confirm_referral(
        hulpvraag_id=hulpvraag_id, provider=provider, on=on, evaluation_on=evaluation_on, actor=actor
    )
    plan_evaluation(case=lock(Case, hulpvraag.case_id), due_on=evaluation_on, actor=actor)
    return hulpvraag


@transaction.atomic
def remind_due(*, evaluatie_id: UUID | str, actor: Actor) -> Evaluatie:
    """Remind the contactpersoon of an evaluation that is due; twice is once."""
    evaluatie = lock(Evaluatie, evaluatie_id)
    if evaluatie.status == EvaluatieStatus.GEPLAND and evaluatie.due_on <= actor.today:
        carry_out(evaluatie, "remind", by=actor, on=actor.today)
    return evaluatie


@transaction.atomic
def hold_evaluation(
    *, case_id: UUID | str, inwoner_view: str, our_view: str, next_on: date | None, reason: str, actor: Actor
) -> Case:
    """Record the evaluation; with a next date the help goes on, without one a change or closing follows."""
    case = lock(Case, case_id)
    if case.evaluaties.filter(held_on=actor.today).exists():
        raise Blocked(["De evaluatie van vandaag is al vastgelegd."])
    if case.status == CaseStatus.UITVOERING:
        carry_out(case, "start_evaluation", by=actor)
    found = case.evaluaties.exclude(status=EvaluatieStatus.AFGEROND).first()
    if found is None:
        raise Blocked(["Er is geen evaluatie gepland."])
    evaluatie = lock(Evaluatie, found.pk)
    evaluatie.inwoner_view, evaluatie.our_view = inwoner_view, our_view
    carry_out(evaluatie, "hold", by=actor, on=actor.today)
    carry_out(evaluatie, "finish", by=actor, on=actor.today)
    if next_on:
        plan_evaluation(case=case, due_on=next_on, actor=actor)
        if case.status == CaseStatus.EVALUATIE:
            carry_out(case, "continue_help", by=actor, next_on=next_on, reason=reason)
    audit.write(actor, [audit.Look("write", "Evaluatie vastgelegd", case_id=case.pk, gemeente_id=case.gemeente_id)])
    return case
