"""Who the contactpersoon is: given the first time, and handed over as one operation that leaves no moment without."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q

from casework import permissions
from casework.enums import HANDLING_KINDS, CaseStatus, GrantKind
from casework.models import Assignment, Case, Grant, Handover
from casework.services.grants import begin_grant, end_grants, log_end, the_end
from casework.services.letters import order_letter, remake_letter
from toegang.accounts.models import Absence, User
from toegang.core import outbox
from toegang.core.access import TEAM_ROLES, Actor
from toegang.core.lifecycle import Blocked, lock
from toegang.core.records import keep
from toegang.core.wall import beyond_scope

LETTER = "nieuwe_contactpersoon"
FIRST_LETTER = "eerste_contactpersoon"
FIRST = "Uw contactpersoon"
SUBJECT = "U krijgt een andere contactpersoon"


@transaction.atomic
def hand_over_case(
    *, case_id: UUID | str, user: User, seen: int | None, reason: str, actor: Actor, note: str = ""
) -> Case:
    """Make somebody of the team the one contactpersoon: grants, cover and the letter to the inwoner in one.

    `seen` is the key of who was contactpersoon when the actor chose, None for nobody: who was overtaken reads so.
    `note` is what the new contactpersoon must know. The same twice is one. Raises PermissionDenied, and Blocked with
    a sentence. Other work follows the grant or stays with the case: a planned conversation, letters, drafts and
    decisions name who wrote them, not who must act.
    """
    case = lock(Case, case_id)
    present = holder_of(case)
    if present and present.user_id == user.pk:
        return case
    if not permissions.may_assign(case, actor):
        raise PermissionDenied("Alleen de teamleider of de contactpersoon draagt een zaak over.")
    _refuse(case, user, present, seen, actor)
    if present is None:
        begin_contactpersoon(case=case, user=user, reason=reason, by=actor)
        _give(case, user, actor)
        return case
    Handover.objects.create(
        gemeente_id=case.gemeente_id,
        case=case,
        former=present.user,
        receiver=user,
        by_id=actor.user_id,
        reason=reason,
        note=note,
        on=actor.today,
    )
    asked = case.assignments.filter(answered_on=None).first()
    if asked is None:
        _tell(case, actor)
    _swap(case, present, user, reason, actor)
    if asked:  # the inwoner never heard the former name: this is the first
        asked.answered_on, asked.accepted, asked.reason = actor.today, False, f"Overgedragen aan {user.name}"
        keep(asked, by=actor, what="Toewijzing vervallen")
        _give(case, user, actor)
    return case


def _give(case: Case, user: User, actor: Actor) -> None:
    """Who takes a case tells the inwoner at once; who is given one takes it or gives it back first."""
    if user.pk == actor.user_id:
        tell_first(case, actor)
        return
    given = Assignment(gemeente_id=case.gemeente_id, case=case, user=user, by_id=actor.user_id, on=actor.today)
    keep(given, by=actor, what=f"Zaak toegewezen aan {user.name}")


def tell_first(case: Case, actor: Actor) -> None:
    """Give the inwoner the name of the first contactpersoon: in the confirmation of receipt if it still can."""
    for receipt in case.letters.filter(kind="ontvangstbevestiging", sent_on=None).exclude(document=None):
        remake_letter(letter_id=receipt.pk, by=actor)
    if case.hulpvragen.exclude(receipt_sent_on=None).exists():
        _tell(case, actor, kind=FIRST_LETTER, subject=FIRST)


def holder_of(case: Case) -> Grant | None:
    """The grant of the contactpersoon that has no end: also one that began a moment after this transaction did."""
    grant: Grant | None = (
        case.grants.filter(kind=GrantKind.CONTACTPERSOON, validity__upper_inf=True).select_related("user").first()
    )
    return grant


def _refuse(case: Case, user: User, present: Grant | None, seen: int | None, actor: Actor) -> None:
    if (present.user_id if present else None) != seen:
        name = f"Nu is {present.user.name} de contactpersoon." if present else "Er is nu geen contactpersoon."
        raise Blocked([f"Iemand was u voor. {name} Kijk of u de zaak nog wilt overdragen."])
    scope = user.scope_on(actor.today)
    works = any(role in TEAM_ROLES and gemeente == case.gemeente_id for role, gemeente in scope.held)
    if not user.is_active or case.team_id not in scope.team_ids or not works:
        raise Blocked([f"{user.name} werkt niet in het team van deze zaak."])


def begin_contactpersoon(*, case: Case, user: User, reason: str, by: Actor, since: datetime | None = None) -> None:
    """Begin the grant of a contactpersoon; who is absent today is covered at once."""
    begin_grant(case=case, user=user, kind=GrantKind.CONTACTPERSOON, reason=reason, by=by, since=since)
    absence = Absence.objects.on(by.today).filter(user=user).first()
    if absence:
        settle_later(absence, key=f"{case.pk}:{by.request_id}")


def settle_later(absence: Absence, *, key: str) -> None:
    """Let the worker bring the cover of an absence up to date; the same key is one piece of work."""
    outbox.put(
        "settle_absence",
        key=f"afwezig:{absence.pk}:{key}",
        case_id=None,
        gemeente_id=None,
        absence_id=absence.pk,
    )


def _tell(case: Case, actor: Actor, *, kind: str = LETTER, subject: str = SUBJECT) -> None:
    """Order the letter to the inwoner; one that waits to be sent is made again, so that no former name leaves."""
    if case.person.deceased is not None or case.status == CaseStatus.AFGESLOTEN:
        return
    waiting = case.letters.filter(kind=kind, sent_on=None).first()
    if waiting:
        remake_letter(letter_id=waiting.pk, by=actor)
    else:
        order_letter(kind=kind, case=case, addressee=case.person, subject=subject, by=actor)


@beyond_scope()  # who hands over a shielded case sees it no more in between
def _swap(case: Case, present: Grant, user: User, reason: str, actor: Actor) -> None:
    """End and begin at one moment; what only held beside the former, or lies within the new, ends too."""
    (moment,) = Grant.objects.filter(pk=present.pk).values_list(the_end(), flat=True)
    follows: Any = Q(absence__user=present.user) | Q(user=user, kind__in=HANDLING_KINDS)
    open_ones = case.grants.valid_now().filter(follows).exclude(pk=present.pk)
    for grant in end_grants(Grant.objects.filter(Q(pk=present.pk) | Q(pk__in=open_ones.values("pk")))):
        log_end(case, grant, reason, actor)
    begin_contactpersoon(case=case, user=user, reason=reason, by=actor, since=moment)
