"""Who may do what with a case: predicates that a transition asks under the lock."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from casework.models import Case
    from toegang.core.access import Actor


def _case_of(record: Any) -> Case:
    return getattr(record, "case", record)


def is_system(record: Any, actor: Actor) -> bool:  # noqa: ARG001 (a predicate takes both)
    """The worker or the clock, which only finish what a person started."""
    return actor.kind == "systeem"


def may_handle(record: Any, actor: Actor) -> bool:
    """A medewerker with a grant that is valid now: contactpersoon, tweede or vervanger."""
    if actor.user is None or actor.kind != "medewerker":
        return False
    return bool(actor.user.has_perm("casework.handle_case", _case_of(record)))


def may_handle_or_system(record: Any, actor: Actor) -> bool:
    """Who handles the case, or the worker that finishes a step of it."""
    return is_system(record, actor) or may_handle(record, actor)


def may_assign(record: Any, actor: Actor) -> bool:
    """A colleague of the team of a case without contactpersoon; afterwards the teamleider or the contactpersoon."""
    case = _case_of(record)
    if actor.kind != "medewerker" or case.team_id not in actor.team_ids:
        return False
    if "teamleider" in actor.roles or may_handle(case, actor):
        return True
    return "wijkteamlid" in actor.roles and case.contactpersoon() is None
