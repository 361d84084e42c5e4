"""Who works along or reads along with a case: given and ended by who handles it, with reason and period."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction

from casework import permissions
from casework.enums import LIMITED_KINDS, PARTNER_PARTS, GrantKind, GrantPart
from casework.models import Case, Grant, Person
from casework.selectors import SHARED_KINDS, colleagues_for, partners_for, readers_for
from casework.services.grants import begin_grant, end_grants, log_end
from toegang.accounts.models import User
from toegang.accounts.services.assignments import last_partner_day
from toegang.core.access import Actor
from toegang.core.dates import end_of, long_date
from toegang.core.lifecycle import Blocked, lock

NOT_YOURS = "Alleen wie deze zaak behandelt, of de teamleider, bepaalt wie meewerkt of meeleest."
NEEDS_LAST_DAY = frozenset({GrantKind.VERVANGER, GrantKind.CONSULT})


@transaction.atomic
def give_access(
    *, case_id: UUID | str, user: User, kind: GrantKind, reason: str, last_day: date | None, actor: Actor
) -> Case:
    """Let a colleague of the gemeente work along. The same twice is one; raises PermissionDenied, Blocked."""
    case = _shared(case_id, actor)
    if kind not in SHARED_KINDS or not colleagues_for(case, kind, actor).filter(pk=user.pk).exists():
        raise Blocked([f"{user.name} kan dit niet worden: {GrantKind(kind).label}. Dat vraagt een andere rol."])
    if kind in NEEDS_LAST_DAY and last_day is None:
        raise Blocked(["Vul de laatste dag in."])
    _give(case=case, user=user, kind=kind, reason=reason, last_day=last_day, actor=actor)
    return case


@transaction.atomic
def give_reading(
    *,
    case_id: UUID | str,
    user: User,
    kind: GrantKind,
    person: Person,
    parts: Sequence[GrantPart],
    reason: str,
    last_day: date,
    actor: Actor,
) -> Case:
    """Let a housemate read along, or see for somebody else: these parts of one person, in the portaal.

    Wmo 2015 art. 1.1.1 lid 2, Jeugdwet art. 7.3.5. Raises PermissionDenied, Blocked.
    """
    case = _shared(case_id, actor)
    members = readers_for(case)
    if kind not in LIMITED_KINDS or not parts:
        raise Blocked(["Kies wat deze persoon mag zien."])
    if user.pk not in {member.user_id for member in members if member.user_id}:
        raise Blocked([f"{user.name} hoort niet bij dit huishouden."])
    if person not in members or person.user_id == user.pk:
        raise Blocked(["Kies over wie het gaat: iemand anders uit dit huishouden."])
    _give(case=case, user=user, kind=kind, reason=reason, last_day=last_day, actor=actor, parts=parts, person=person)
    return case


@transaction.atomic
def give_part(*, case_id: UUID | str, user: User, part: GrantPart, reason: str, last_day: date, actor: Actor) -> Case:
    """Ask a ketenpartner for exactly one thing, until a day; never to decide (Wmo 2015 art. 2.6.3)."""
    case = _shared(case_id, actor)
    if part not in PARTNER_PARTS or not partners_for(case).filter(pk=user.pk).exists():
        raise Blocked([f"{user.name} kan deze toegang niet krijgen."])
    furthest = last_partner_day(actor.today)
    if last_day > furthest:
        raise Blocked([f"Toegang voor een ketenpartner duurt op zijn langst tot en met {long_date(furthest)}."])
    _give(
        case=case, user=user, kind=GrantKind.KETENPARTNER, reason=reason, last_day=last_day, actor=actor, parts=[part]
    )
    return case


def _shared(case_id: UUID | str, actor: Actor) -> Case:
    case = lock(Case, case_id)
    if not permissions.may_share(case, actor):
        raise PermissionDenied(NOT_YOURS)
    return case


def _give(
    *,
    case: Case,
    user: User,
    kind: GrantKind,
    reason: str,
    last_day: date | None,
    actor: Actor,
    parts: Sequence[GrantPart] = (),
    person: Person | None = None,
) -> None:
    if user.pk == actor.user_id:
        raise Blocked(["U geeft uzelf geen toegang. Vraag het aan een ander die deze zaak behandelt."])
    if last_day and last_day < actor.today:
        raise Blocked(["De laatste dag is op zijn vroegst vandaag."])
    until = end_of(last_day) if last_day else None
    present = case.grants.valid_now().filter(user=user, kind=kind, person=person).first()
    if present and (present.validity.upper != until or sorted(present.parts) != sorted(parts)):
        raise Blocked([f"{user.name} heeft al toegang: {present.get_kind_display()}. Beëindig die eerst."])
    begin_grant(case=case, user=user, kind=kind, reason=reason, by=actor, until=until, parts=parts, person=person)


@transaction.atomic
def end_access(*, case_id: UUID | str, grant_id: int, reason: str, actor: Actor) -> Grant:
    """End what was given here; the same twice is one. Raises PermissionDenied, Blocked, Grant.DoesNotExist.

    The contactpersoon changes by a hand-over, a toetsing ends with it, cover with the absence that it belongs to.
    """
    case = _shared(case_id, actor)
    grant: Grant = case.grants.select_related("user").get(pk=grant_id)
    if not is_ended_here(grant):
        raise Blocked(["Deze toegang eindigt met de stap die haar gaf, niet hier."])
    for ended in end_grants(case.grants.valid_now().filter(pk=grant.pk)):
        log_end(case, ended, reason, actor)
    return grant


def is_ended_here(grant: Grant) -> bool:
    """Whether a grant is one that people end by hand."""
    by_hand = {*SHARED_KINDS, *LIMITED_KINDS, GrantKind.KETENPARTNER}
    return grant.kind in by_hand and grant.absence_id is None
