"""A spoedbesluit: temporary help at once, beside an onderzoek that goes on; the toets comes afterwards.

Wmo 2015 art. 2.3.3: in urgent cases the college decides without delay on a temporary maatwerkvoorziening, ahead of
the outcome of the onderzoek and of the aanvraag. A crisis under the Jeugdwet is treated the same. Who decides holds
a mandate for it; identity, plan and ladder are not asked, they follow with the onderzoek.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import partial
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction

from casework import deadlines
from casework.enums import DECISION_LAWS, GrantKind, HulpvraagStatus
from casework.models import Case, Hulpvraag, Letter
from casework.services.deadlines import meet_deadline, set_deadline
from casework.services.grants import begin_grant
from casework.services.letters import after_sent, order_letter
from decisions.enums import UrgentStatus
from decisions.letters import bezwaar_until
from decisions.models import UrgentDecision
from decisions.permissions import may_decide_urgently, may_handle
from decisions.services.issuing import decision_number, must_be_made
from decisions.services.reviewing import end_review, toetsers_for
from decisions.urgent_letters import KIND, urgent_sheet, urgent_subject
from plans.services.choice import must_have_contract
from providers.models import Product, Provider
from toegang.accounts.models import User
from toegang.core.access import Actor
from toegang.core.dates import long_date
from toegang.core.lifecycle import Blocked, carry_out, lock
from toegang.core.records import keep
from toegang.core.terms import due_on
from toegang.core.wall import beyond_scope

H = HulpvraagStatus
UNDECIDED = frozenset({H.GEMELD, H.ONDERZOEK, H.VERSLAG, H.AANVRAAG})
BEGIN = "spoed_begin"  # the term within which help that cannot wait begins
NO_MANDATE = "Alleen wie deze zaak behandelt en een mandaat voor spoed heeft, neemt een spoedbesluit."


@dataclass(frozen=True)
class UrgentFacts:
    """What is given at once; volume in the unit of the product, per frequency."""

    product: Product
    volume: Decimal
    frequency: str
    starts_on: date
    provider: Provider | None
    motivation: str
    reviewer: User


def last_day(hulpvraag: Hulpvraag, today: date) -> date:
    """The day on which temporary help that is decided today ends; computed, never typed."""
    return due_on(deadlines.SPOED[hulpvraag.law], today)


def draft_urgent(hulpvraag: Hulpvraag, facts: UrgentFacts, actor: Actor) -> UrgentDecision:
    """The spoedbesluit as it would be, not stored; Blocked with what cannot be."""
    if problems := list(_problems(hulpvraag, facts, actor)):
        raise Blocked(problems)
    if facts.provider:
        day = max(facts.starts_on, actor.today)
        must_have_contract(facts.provider, product=facts.product, gemeente_id=hulpvraag.gemeente_id, day=day)
    return UrgentDecision(
        replaces=_running(hulpvraag, facts.product, actor.today),
        gemeente_id=hulpvraag.gemeente_id,
        case_id=hulpvraag.case_id,
        hulpvraag=hulpvraag,
        unit=facts.product.unit,
        ends_on=last_day(hulpvraag, actor.today),
        decided_by_id=actor.user_id,
        decided_on=actor.today,
        **vars(facts),
    )


def _problems(hulpvraag: Hulpvraag, facts: UrgentFacts, actor: Actor) -> list[str]:
    problems, today = [], actor.today
    if facts.product.law != hulpvraag.law:
        problems.append(f"‘{facts.product}’ valt niet onder de {hulpvraag.get_law_display()}.")
    if not hulpvraag.melding_on <= facts.starts_on <= due_on(BEGIN, today):
        last = long_date(due_on(BEGIN, today))
        problems.append(f"De eerste dag ligt vóór de melding, of na {last}. Hulp bij spoed begint meteen.")
    if not toetsers_for(hulpvraag.gemeente_id, actor).filter(pk=facts.reviewer.pk).exists():
        problems.append("Een ander dan wie beslist, toetst het spoedbesluit. Kies een toetser van deze gemeente.")
    return problems


@transaction.atomic
def decide_urgently(*, hulpvraag_id: UUID | str, facts: UrgentFacts, actor: Actor) -> UrgentDecision:
    """Decide and send: number and letter in one transaction; the toetser gets the case until the test is done.

    A second press gives the one that there is. Other facts on help that still runs make a new decision, which says in
    its letter which one it replaces.
    """
    lock(Case, Hulpvraag.objects.values_list("case_id", flat=True).get(pk=hulpvraag_id))
    hulpvraag = lock(Hulpvraag, hulpvraag_id)
    if not may_decide_urgently(hulpvraag, actor):
        raise PermissionDenied(NO_MANDATE)
    if present := hulpvraag.urgent_decisions.filter(decided_on=actor.today, **vars(facts)).first():
        return present
    if hulpvraag.law not in DECISION_LAWS or hulpvraag.status not in UNDECIDED:
        raise Blocked([f"Een spoedbesluit kan niet: de stand is ‘{hulpvraag.get_status_display()}’."])
    urgent = draft_urgent(hulpvraag, facts, actor)
    must_be_made(partial(urgent_sheet, urgent, actor.today))
    keep(urgent, by=actor, what="Spoedbesluit")
    urgent = lock(UrgentDecision, urgent.pk)
    carry_out(urgent, "issue", by=actor, number=decision_number(urgent.gemeente_id, actor))
    _order(urgent, actor)
    _watch(urgent, actor)
    return urgent


def _running(hulpvraag: Hulpvraag, product: Product, today: date) -> UrgentDecision | None:
    running = hulpvraag.urgent_decisions.filter(product=product, ends_on__gte=today, replaced_by=None)
    return running.order_by("decided_on", "pk").last()


def _order(urgent: UrgentDecision, actor: Actor) -> None:
    hulpvraag = urgent.hulpvraag
    urgent.letter = order_letter(
        kind=KIND,
        case=urgent.case,
        hulpvraag=hulpvraag,
        addressee=hulpvraag.person,
        subject=urgent_subject(hulpvraag),
        reference=urgent.number,
        by=actor,
    )
    keep(urgent, by=actor, what="Brief besteld")


def _watch(urgent: UrgentDecision, actor: Actor) -> None:
    """The terms of the toets and of the besluit that must follow; the case is urgent; the toetser may look."""
    hulpvraag = urgent.hulpvraag
    waiting = dict(hulpvraag.deadlines.filter(met_on=None).values_list("key", "due_on"))
    end = deadlines.SPOED[hulpvraag.law]
    if urgent.replaces_id or waiting.get(end, date.min) < actor.today:  # else the first end counts
        set_deadline(hulpvraag=hulpvraag, key=end, starts_on=actor.today, cause="spoedbesluit", by=actor)
    if deadlines.SPOED_TOETS not in waiting:
        key = deadlines.SPOED_TOETS
        set_deadline(hulpvraag=hulpvraag, key=key, starts_on=actor.today, cause="spoedbesluit", by=actor)
    case = lock(Case, urgent.case_id)
    case.urgent = True
    keep(case, by=actor, what="Spoed")
    begin_grant(case=case, user=urgent.reviewer, kind=GrantKind.TOETSING, reason="Spoedbesluit toetsen", by=actor)


@transaction.atomic
def test_urgent(*, urgent_id: UUID | str, agrees: bool, remarks: str, actor: Actor) -> UrgentDecision:
    """Note what the toetser finds of it; what was sent stays, and who handles the case reads what must follow."""
    lock(Hulpvraag, UrgentDecision.objects.values_list("hulpvraag_id", flat=True).get(pk=urgent_id))
    urgent = lock(UrgentDecision, urgent_id)
    if not agrees and not remarks.strip():
        raise Blocked(["Schrijf wat er anders moet."])
    carry_out(urgent, "test", by=actor, on=actor.today, agrees=agrees, remarks=remarks)
    if not urgent.hulpvraag.urgent_decisions.filter(tested_on=None).exists():
        meet_deadline(hulpvraag=urgent.hulpvraag, key=deadlines.SPOED_TOETS, on=actor.today, by=actor)
    end_review(urgent.case, urgent.reviewer, actor)
    return urgent


@transaction.atomic
def ask_other_toetser(*, urgent_id: UUID | str, reviewer: User, actor: Actor) -> UrgentDecision:
    """Ask another toetser, as when the first one is ill or left; the former loses the case, unless more waits."""
    urgent = _followed(urgent_id, actor)
    if urgent.tested_on is not None:
        raise Blocked(["Dit spoedbesluit is al getoetst."])
    if not toetsers_for(urgent.gemeente_id, actor).filter(pk=reviewer.pk).exclude(pk=urgent.decided_by_id).exists():
        raise Blocked(["Een ander dan wie besliste, toetst het spoedbesluit. Kies een toetser van deze gemeente."])
    former, urgent.reviewer = urgent.reviewer, reviewer
    keep(urgent, by=actor, what="Andere toetser gevraagd")
    if former != reviewer:
        end_review(urgent.case, former, actor)
        reason = "Spoedbesluit toetsen"
        begin_grant(case=urgent.case, user=reviewer, kind=GrantKind.TOETSING, reason=reason, by=actor)
    return urgent


@transaction.atomic
def answer_toets(*, urgent_id: UUID | str, answer: str, actor: Actor) -> UrgentDecision:
    """Write down what was done after the toetser did not agree."""
    urgent = _followed(urgent_id, actor)
    if urgent.agrees is not False:
        raise Blocked(["De toetser vroeg geen verandering."])
    urgent.answer = answer
    keep(urgent, by=actor, what="Antwoord op de toets van het spoedbesluit")
    return urgent


def _followed(urgent_id: UUID | str, actor: Actor) -> UrgentDecision:
    urgent = lock(UrgentDecision, urgent_id)
    if not may_handle(urgent, actor):
        raise PermissionDenied("Alleen wie deze zaak behandelt, doet dit.")
    return urgent


@beyond_scope()  # the grant ended with the test: a second press is told so
def was_tested(*, urgent_id: UUID | str, actor: Actor) -> bool:
    """Whether the actor tested this before."""
    return UrgentDecision.objects.filter(pk=urgent_id, reviewer_id=actor.user_id).exclude(tested_on=None).exists()


@after_sent(KIND)
def urgent_sent(letter: Letter, actor: Actor) -> None:
    """The letter is stored and sent: the decision is made known, the days for bezwaar begin (Awb art. 3:41, 6:8)."""
    urgent = lock(UrgentDecision, letter.urgent_decision.pk)
    if letter.sent_on is None or urgent.status != UrgentStatus.IN_VERZENDING:
        return
    carry_out(urgent, "mark_sent", by=actor, on=letter.sent_on, bezwaar_until=bezwaar_until(letter.sent_on))
