"""Beginning and ending grants: by the database's transaction time, never deleted."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.contrib.postgres.fields import DateTimeRangeField
from django.contrib.postgres.functions import TransactionNow
from django.db.models import DateTimeField, F, Func, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Greatest, Lower

from casework.enums import SAFETY, GrantKind, GrantPart
from casework.models import Case, Grant, Person
from toegang.accounts.models import Absence, User
from toegang.core import audit
from toegang.core.access import Actor

SMALLEST = timedelta(microseconds=1)  # the step of the database's clock


def begin_grant(
    *,
    case: Case,
    user: User,
    kind: GrantKind,
    reason: str,
    by: Actor,
    since: datetime | None = None,
    until: datetime | Combinable | None = None,
    parts: Sequence[GrantPart] = (),
    person: Person | None = None,
    absence: Absence | None = None,
) -> None:
    """Give a grant from now on, perhaps until a moment; one that is valid already stays as it is.

    `since` is only for who takes over at the very moment at which another grant ends.
    """
    if case.grants.valid_now().filter(user=user, kind=kind, person=person).exists():
        return
    begins: Any = TransactionNow() if since is None else Value(since, DateTimeField())
    Grant.objects.create(
        gemeente_id=case.gemeente_id,
        case=case,
        user=user,
        user_kind=user.kind,
        kind=kind,
        reason=reason,
        granted_by_id=by.user_id,
        validity=Func(begins, until, function="tstzrange", output_field=DateTimeRangeField()),
        parts=list(parts),
        person=person,
        absence=absence,
    )
    log_grant(case, kind, f"Toegang gegeven: {user.name}, {GrantKind(kind).label}", reason, by)


def the_end() -> Any:
    """The moment at which a grant can end: now, or just after it began.

    A transaction that waited for the lock on the case may have begun before the grant of who went first.
    """
    return Greatest(TransactionNow(), Lower(F("validity")) + Value(SMALLEST), output_field=DateTimeField())


def end_grants(grants: Any) -> list[Grant]:
    """End grants now, those that are to begin too; gives the ones that were ended, as they were."""
    ended = list(grants.select_related("user"))
    cut = Func(Lower(F("validity")), the_end(), function="tstzrange", output_field=DateTimeRangeField())
    Grant.objects.filter(pk__in=[grant.pk for grant in ended]).update(validity=cut)
    return ended


def end_grant(*, case: Case, user: User, kind: GrantKind, reason: str, by: Actor) -> None:
    """End a grant now; nothing happens when there is none."""
    for grant in end_grants(case.grants.valid_now().filter(user=user, kind=kind)):
        log_end(case, grant, reason, by)


def log_end(case: Case, grant: Grant, reason: str, by: Actor) -> None:
    """Note that a grant was ended, and why."""
    log_grant(case, grant.kind, f"Toegang beëindigd: {grant.user.name}, {grant.get_kind_display()}", reason, by)


def log_grant(case: Case, kind: str, what: str, reason: str, by: Actor) -> None:
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
