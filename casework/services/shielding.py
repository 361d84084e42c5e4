"""Shielding a case: who holds no grant does not see it any more, also not in the own team."""

from __future__ import annotations

from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction

from casework import permissions
from casework.models import Case
from toegang.core.access import Actor
from toegang.core.lifecycle import Blocked, lock
from toegang.core.records import keep
from toegang.core.wall import beyond_scope


@transaction.atomic
def shield_case(*, case_id: UUID | str, reason: str, actor: Actor) -> Case:
    """Shield a case; raises Blocked without a contactpersoon, since nobody could open it then."""
    case = _locked(case_id, actor)
    if case.contactpersoon() is None:
        raise Blocked(["Kies eerst een contactpersoon. Anders kan niemand deze zaak nog openen."])
    return _set(case, shielded=True, what="Zaak afgeschermd", reason=reason, actor=actor)


@transaction.atomic
def unshield_case(*, case_id: UUID | str, reason: str, actor: Actor) -> Case:
    """Let the team see a shielded case again."""
    case = _locked(case_id, actor)
    return _set(case, shielded=False, what="Afscherming van de zaak gestopt", reason=reason, actor=actor)


def _locked(case_id: UUID | str, actor: Actor) -> Case:
    case = lock(Case, case_id)
    if not permissions.may_shield(case, actor):
        raise PermissionDenied("Alleen de contactpersoon of de teamleider schermt een zaak af.")
    return case


def _set(case: Case, *, shielded: bool, what: str, reason: str, actor: Actor) -> Case:
    """Set it with history and log; the same again, as after a double click, is nothing."""
    if case.shielded != shielded:
        case.shielded = shielded
        with beyond_scope():  # a teamleider loses sight of the case by this very act
            keep(case, by=actor, what=what, reason=reason)
    return case
