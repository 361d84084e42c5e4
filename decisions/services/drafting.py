"""Drafting a beschikking, four eyes, and issuing it: the number and the outbox row in one transaction."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet

from casework import deadlines
from casework.enums import CaseStatus, GrantKind, HulpvraagStatus
from casework.models import Case, Hulpvraag, Letter
from casework.services.deadlines import meet_deadline
from casework.services.grants import begin_grant
from casework.services.letters import after_sent, order_letter
from decisions.enums import BeschikkingStatus, Outcome
from decisions.letters import bezwaar_until, draft_sheet, subject_of
from decisions.models import Beschikking, BeschikkingLine
from decisions.permissions import may_handle
from decisions.services.issuing import decision_number, must_be_made
from decisions.services.reviewing import end_review
from plans.enums import Choice, PlanStatus
from plans.models import MaatwerkLine
from toegang.accounts.models import User
from toegang.core.access import Actor
from toegang.core.lifecycle import Blocked, carry_out, lock
from toegang.core.records import keep, take_version
from toegang.core.wall import beyond_scope


@dataclass(frozen=True)
class DraftFacts:
    """What a decision says."""

    outcome: str
    motivation: str
    refusal_ground: str
    reviewer: User | None


def unsent_of(hulpvraag: Hulpvraag) -> Beschikking | None:
    """The decision of this hulpvraag that is still on its way."""
    return hulpvraag.beschikkingen.exclude(
        status__in=[BeschikkingStatus.VERZONDEN, BeschikkingStatus.VERVALLEN]
    ).first()


@transaction.atomic
def open_draft(*, hulpvraag_id: UUID | str, actor: Actor) -> Beschikking:
    """Give the decision that is on its way for this hulpvraag, or start one."""
    hulpvraag = lock(Hulpvraag, hulpvraag_id)
    if not may_handle(hulpvraag, actor) or actor.user is None:
        raise PermissionDenied("Alleen de contactpersoon stelt het besluit op.")
    if found := unsent_of(hulpvraag):
        return found
    if hulpvraag.status != HulpvraagStatus.AANVRAAG:
        raise Blocked(["Voor deze hulpvraag is nog geen aanvraag ontvangen."])
    refused = not _granted_lines(hulpvraag).exists()
    beschikking = Beschikking(
        gemeente_id=hulpvraag.gemeente_id,
        case_id=hulpvraag.case_id,
        hulpvraag=hulpvraag,
        outcome=Outcome.WEIGERING if refused else Outcome.TOEKENNING,
        drafted_by_id=actor.user_id,
    )
    keep(beschikking, by=actor, what="Besluit begonnen")
    return beschikking


def _granted_lines(hulpvraag: Hulpvraag) -> QuerySet[MaatwerkLine]:
    lines = MaatwerkLine.objects.filter(hulpvraag=hulpvraag, plan__status=PlanStatus.AKKOORD)
    return lines.exclude(choice=Choice.WEIGEREN)


@transaction.atomic
def write_draft(*, beschikking_id: UUID | str, version: int, facts: DraftFacts, actor: Actor) -> Beschikking:
    """Write the decision; raises Stale when somebody else wrote since the form was opened.

    Who wrote last is the drafter, so that nobody approves what he or she wrote (four eyes).
    """
    beschikking = lock(Beschikking, beschikking_id)
    if not may_handle(beschikking, actor) or actor.user is None:
        raise PermissionDenied("Alleen de contactpersoon stelt het besluit op.")
    if beschikking.status != BeschikkingStatus.CONCEPT:
        raise Blocked([f"Dit besluit kunt u niet meer wijzigen: het is ‘{beschikking.get_status_display()}’."])
    take_version(beschikking, version)
    beschikking.outcome, beschikking.motivation = facts.outcome, facts.motivation
    refuses = facts.outcome == Outcome.WEIGERING or beschikking.refused_lines().exists()
    beschikking.refusal_ground = facts.refusal_ground if refuses else ""
    beschikking.reviewer, beschikking.drafted_by_id = facts.reviewer, actor.user.pk
    keep(beschikking, by=actor, what="Besluit geschreven")
    _take_lines(beschikking)
    return beschikking


def _take_lines(beschikking: Beschikking) -> None:
    """A grant takes every agreed line of this hulpvraag that is not to be refused."""
    BeschikkingLine.objects.filter(beschikking=beschikking).delete()
    if beschikking.outcome == Outcome.TOEKENNING:
        BeschikkingLine.objects.bulk_create([
            BeschikkingLine(
                gemeente_id=beschikking.gemeente_id, case_id=beschikking.case_id, beschikking=beschikking, line=line
            )
            for line in _granted_lines(beschikking.hulpvraag)
        ])  # fmt: skip


@transaction.atomic
def submit_for_review(*, beschikking_id: UUID | str, actor: Actor) -> Beschikking:
    """Ask the toetser, who may see the case as long as the test lasts."""
    beschikking = lock(Beschikking, beschikking_id)
    if beschikking.status == BeschikkingStatus.CONCEPT:
        _take_lines(beschikking)  # the choice of a line may have changed since the draft was written
    carry_out(beschikking, "submit", by=actor)
    reviewer = beschikking.reviewer
    if reviewer is None or reviewer.pk == actor.user_id or beschikking.was_written_by(reviewer.pk):
        raise Blocked(["Een ander dan de opsteller toetst het besluit. Kies een toetser."])
    begin_grant(
        case=beschikking.case,
        user=reviewer,
        kind=GrantKind.TOETSING,
        reason="Besluit toetsen",
        by=actor,
    )
    return beschikking


@transaction.atomic
def send_back(*, beschikking_id: UUID | str, remarks: str, actor: Actor) -> Beschikking:
    """Back to the drafter with remarks."""
    beschikking = lock(Beschikking, beschikking_id)
    beschikking.remarks = remarks
    carry_out(beschikking, "send_back", by=actor, reason=remarks)
    _end_review(beschikking, actor)
    return beschikking


@transaction.atomic
def approve(*, beschikking_id: UUID | str, actor: Actor) -> Beschikking:
    """Approve as another person than the drafter (mandate: namens het college, Awb art. 10:10)."""
    beschikking = lock(Beschikking, beschikking_id)
    carry_out(beschikking, "approve", by=actor, by_user=actor.user, on=actor.today)
    _end_review(beschikking, actor)
    return beschikking


@beyond_scope()  # the grant ended with the test: a second press is told so
def was_judged(*, beschikking_id: UUID | str, actor: Actor) -> bool:
    """Whether this lay with the actor to test, and does not any more."""
    asked = Beschikking.objects.filter(pk=beschikking_id, reviewer_id=actor.user_id)
    return asked.exclude(status=BeschikkingStatus.TER_TOETSING).exists()


def _end_review(beschikking: Beschikking, actor: Actor) -> None:
    if beschikking.reviewer:
        end_review(beschikking.case, beschikking.reviewer, actor)


@transaction.atomic
def issue_beschikking(*, beschikking_id: UUID | str, actor: Actor) -> Beschikking:
    """Send: take the gapless number and order the letter in one transaction; the worker does the rest."""
    beschikking = lock(Beschikking, beschikking_id)
    if beschikking.status == BeschikkingStatus.VASTGESTELD:
        must_be_made(lambda: draft_sheet(beschikking, actor.today))
    carry_out(beschikking, "issue", by=actor, number=decision_number(beschikking.gemeente_id, actor))
    hulpvraag = beschikking.hulpvraag
    beschikking.letter = order_letter(
        kind="beschikking",
        case=beschikking.case,
        hulpvraag=hulpvraag,
        addressee=hulpvraag.person,
        subject=subject_of(hulpvraag),
        reference=beschikking.number,
        by=actor,
    )
    keep(beschikking, by=actor, what="Brief besteld")
    return beschikking


@transaction.atomic
def drop_draft(*, beschikking_id: UUID | str, actor: Actor) -> Beschikking:
    """An unsent decision is not needed any more."""
    beschikking = lock(Beschikking, beschikking_id)
    carry_out(beschikking, "drop", by=actor)
    _end_review(beschikking, actor)
    return beschikking


@after_sent("beschikking")
def beschikking_sent(letter: Letter, actor: Actor) -> None:
    """The letter is stored and sent: the decision is made known, its terms start, the help can begin.

    Awb art. 3:41 (made known by sending), 6:8 (the term of bezwaar starts the day after).
    """
    beschikking = lock(Beschikking, letter.beschikking.pk)
    on = letter.sent_on
    if on is None or beschikking.status != BeschikkingStatus.IN_VERZENDING:
        return
    carry_out(beschikking, "mark_sent", by=actor, on=on, bezwaar_until=bezwaar_until(on))
    hulpvraag = lock(Hulpvraag, beschikking.hulpvraag_id)
    if hulpvraag.status != HulpvraagStatus.AANVRAAG:
        return  # ended while the letter was under way: the decision is sent, no help starts
    carry_out(hulpvraag, "mark_decided", by=actor, on=on)
    for key in (deadlines.AT_AANVRAAG.get(hulpvraag.law), deadlines.SPOED.get(hulpvraag.law)):
        if key:
            meet_deadline(hulpvraag=hulpvraag, key=key, on=on, by=actor)
    _start_help(beschikking, hulpvraag, actor)


def _start_help(beschikking: Beschikking, hulpvraag: Hulpvraag, actor: Actor) -> None:
    """A grant starts the help. The case moves from the step of the besluit, as soon as one hulpvraag runs."""
    case = lock(Case, beschikking.case_id)
    if beschikking.outcome == Outcome.TOEKENNING:
        carry_out(hulpvraag, "start_help", by=actor, on=actor.today)
    if case.status == CaseStatus.BESLUIT and case.hulpvragen.filter(status=HulpvraagStatus.LOOPT).exists():
        carry_out(case, "start_help", by=actor, on=actor.today)
