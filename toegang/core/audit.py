"""The read-and-write log: every look at a case, every step, every refusal; in the same transaction."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from uuid import UUID

from toegang.core.models import LogRow

if TYPE_CHECKING:
    from toegang.core.access import Actor


@dataclass(frozen=True)
class Look:
    """One thing that an actor saw or did, to be written by the frame."""

    action: str
    what: str
    case_id: UUID | None = None
    case_ids: Sequence[UUID] = field(default_factory=tuple)
    gemeente_id: int | None = None
    object_type: str = ""
    object_id: str = ""
    detail: str = ""
    result: str = "ok"
    basis: str = ""
    grant_id: int | None = None
    fields: Sequence[str] = ()


def write(actor: Actor, looks: Iterable[Look]) -> None:
    """Write the rows (BIO2 8.15.01: action, object, result, origin, actor, moment; NEN 7513: role, ground, data)."""
    # No conflict exists: it keeps the database from giving the rows back, which not everybody may read.
    LogRow.objects.bulk_create([_row(actor, look) for look in looks], ignore_conflicts=True)


def _row(actor: Actor, look: Look) -> LogRow:
    return LogRow(
        action=look.action,
        result=look.result,
        user_id=actor.user.pk if actor.user else None,
        user_name=actor.name,
        actor_kind=actor.kind,
        roles=sorted(actor.roles),
        on_behalf_of=actor.on_behalf_of,
        gemeente_id=look.gemeente_id,
        case_id=look.case_id,
        case_ids=list(look.case_ids),
        object_type=look.object_type,
        object_id=look.object_id,
        basis=look.basis,
        grant_id=look.grant_id,
        fields=list(look.fields),
        what=look.what[:200],
        detail=look.detail,
        purpose=actor.purpose,
        origin=actor.origin,
        request_id=actor.request_id,
    )
