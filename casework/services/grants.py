"""Beginning and ending grants: by the database's transaction time, never deleted."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.contrib.postgres.fields import DateTimeRangeField
from django.contrib.postgres.functions import TransactionNow
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import F, Func
from django.db.models.expressions import Combinable
from django.db.models.functions import Lower

from casework import permissions
from casework.enums import SAFETY, GrantKind, GrantPart
from casework.models import Case, Grant
from toegang.accounts.models import User
from toegang.core import audit
from toegang.core.access import Actor
from toegang.core.lifecycle import Blocked, lock
from toegang.core.wall import beyond_scope


def begin_grant(
    *,
    case: Case,
    user: User,
    kind: GrantKind,
    reason: str,
    by: Actor,
    until: datetime | Combinable | None = None,
    parts: Sequence[GrantPart] = (),
) -> None:
    """Give a grant from now on, perhaps until a moment; one that is valid already stays as it is."""
    if case.grants.valid_now().filter(user=user, kind=kind).exists():
        return
    Grant.objects.create(
        gemeente_id=case.gemeente_id,
        case=case,
        user=user,
        user_kind=user.kind,
        kind=kind,
        reason=reason,
        granted_by_id=by.user_id,
        validity=Func(TransactionNow(), until, function="tstzrange", output_field=DateTimeRangeField()),
        parts=list(parts),
    )
    _log(case, kind, f"Toegang gegeven: {user.name}, {kind}", reason, by)


def end_grant(*, case: Case, user: User, kind: GrantKind, reason: str, by: Actor) -> None:
    """End a grant now; nothing happens when there is none."""
    now_ended = Func(Lower(F("validity")), TransactionNow(), function="tstzrange", output_field=DateTimeRangeField())
    if case.grants.valid_now().filter(user=user, kind=kind).update(validity=now_ended):
        _log(case, kind, f"Toegang beëindigd: {user.name}, {kind}", reason, by)


def _log(case: Case, kind: GrantKind, what: str, reason: str, by: Actor) -> None:
    """Log a grant; why somebody opens the veiligheidsdossier stays with the grant itself."""
    safety = kind == GrantKind.VEILIGHEID
    look = audit.Look(
        "grant",
        what,
        case_id=case.pk,
        gemeente_id=case.gemeente_id,
        object_type=SAFETY if safety else "",
        detail="" if safety else reason,
    )
    audit.write(by, [look])


@transaction.atomic
def assign_contactpersoon(*, case_id: UUID | str, user: User, reason: str, actor: Actor) -> Case:
    """Make somebody of the team the one contactpersoon; the former one's grant ends at the same moment."""
    case = lock(Case, case_id)
    if not permissions.may_assign(case, actor):
        raise PermissionDenied("Alleen de teamleider of de contactpersoon draagt een zaak over.")
    if user.kind != User.Kind.MEDEWERKER or case.team_id not in user.scope_on(actor.today).team_ids:
        raise Blocked([f"{user.name} werkt niet in het team van deze zaak."])
    former = case.contactpersoon()
    if former == user:
        return case
    with beyond_scope():  # who hands over a shielded case loses sight of it between the two
        if former:
            end_grant(case=case, user=former, kind=GrantKind.CONTACTPERSOON, reason=reason, by=actor)
        begin_grant(case=case, user=user, kind=GrantKind.CONTACTPERSOON, reason=reason, by=actor)
    return case
