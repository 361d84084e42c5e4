"""Who may do what with a beschikking: who handles drafts, another person tests it (four eyes)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from casework.permissions import is_system, may_handle

if TYPE_CHECKING:
    from decisions.models import Beschikking
    from toegang.core.access import Actor

__all__ = ["is_system", "may_handle", "may_review"]


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
