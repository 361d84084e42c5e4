"""Dividing cases: given to a colleague, who takes it or gives it back with a reason; then the inwoner is told."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction
from django.db.models import Q

from casework.models import Assignment, Case
from casework.services.grants import end_grants, log_end
from casework.services.handover import holder_of, tell_first
from toegang.core.access import Actor
from toegang.core.lifecycle import Blocked, lock
from toegang.core.records import keep

NOTHING_ASKED = "Deze zaak wacht niet op een antwoord van u."


def _waiting(case: Case, actor: Actor) -> Assignment:
    found: Assignment | None = case.assignments.filter(user=actor.user_id, answered_on=None).first()
    if found is None:
        raise Blocked([NOTHING_ASKED])
    return found


@transaction.atomic
def accept_case(*, case_id: UUID | str, actor: Actor) -> Case:
    """Take the case that was given; the inwoner now gets the name. Raises Blocked when nothing was asked."""
    case = lock(Case, case_id)
    asked = _waiting(case, actor)
    asked.answered_on, asked.accepted = actor.today, True
    keep(asked, by=actor, what="Zaak aangenomen")
    tell_first(case, actor)
    return case


@transaction.atomic
def give_back_case(*, case_id: UUID | str, reason: str, actor: Actor) -> Case:
    """Give the case back: it waits for a contactpersoon again, with the reason beside it. Raises Blocked."""
    case = lock(Case, case_id)
    if case.shielded:
        raise Blocked(["Deze zaak is afgeschermd. Draag haar over, of stop eerst de afscherming."])
    asked = _waiting(case, actor)
    asked.answered_on, asked.accepted, asked.reason = actor.today, False, reason
    keep(asked, by=actor, what="Zaak teruggegeven", reason=reason)
    present = holder_of(case)
    if present and present.user_id == actor.user_id:
        covers = case.grants.valid_now().filter(absence__user=present.user)
        for grant in end_grants(case.grants.filter(Q(pk=present.pk) | Q(pk__in=covers.values("pk")))):
            log_end(case, grant, f"Teruggegeven: {reason}", actor)
    return case
