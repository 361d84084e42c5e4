"""Who may do what with a beschikking: who handles drafts, another person tests it (four eyes)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from casework.permissions import is_system, may_handle

if TYPE_CHECKING:
    from decisions.models import Beschikking, UrgentDecision
    from toegang.core.access import Actor

__all__ = ["MANDATE", "is_system", "may_decide_urgently", "may_handle", "may_review", "may_test_urgent"]

MANDATE = "spoed"  # the role of who may decide at once, for the college (Awb art. 10:3)


def may_review(beschikking: Beschikking, actor: Actor) -> bool:
    """The toetser who was asked, of this gemeente, and never the person who drafted it."""
    return (
        actor.user is not None
        and actor.kind == "medewerker"
        and "toetser" in actor.roles
        and beschikking.gemeente_id in actor.gemeente_ids
        and actor.user.pk == beschikking.reviewer_id
        and not beschikking.was_written_by(actor.user.pk)
    )


def may_decide_urgently(record: Any, actor: Actor) -> bool:
    """Who handles the case, and holds the mandate for its gemeente."""
    return record.gemeente_id in actor.gemeenten_as(MANDATE) and may_handle(record, actor)


def may_test_urgent(urgent: UrgentDecision, actor: Actor) -> bool:
    """The toetser who was asked, of this gemeente; never who decided."""
    asked = actor.kind == "medewerker" and actor.user_id == urgent.reviewer_id
    return asked and urgent.gemeente_id in actor.gemeenten_as("toetser") and actor.user_id != urgent.decided_by_id
