"""Absence of a colleague: registered, covered by the rule of the team, ended; returning needs no act."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from casework.enums import CaseStatus, GrantKind
from casework.models import Case, Grant
from casework.selectors import CASEWORKERS
from casework.services.grants import begin_grant, end_grants, log_end
from casework.services.handover import settle_later
from toegang.accounts.models import Absence, AbsenceReason, CoverRule, Membership, RoleAssignment, User
from toegang.core.access import Actor
from toegang.core.dates import end_of, long_date
from toegang.core.lifecycle import Blocked, lock
from toegang.core.records import keep

NOT_YOURS = "U legt alleen uw eigen afwezigheid vast, of als teamleider die van iemand uit uw team."


def led_people(actor: Actor) -> QuerySet[User]:
    """Whose absence the actor may register: the own, and as teamleider that of who works in the own teams."""
    mine = User.objects.filter(pk=actor.user_id)
    if "teamleider" not in actor.roles:
        return mine
    members = Membership.objects.on(actor.today).filter(team_id__in=actor.team_ids).values("user")
    return User.objects.filter(pk__in=members, is_active=True).order_by("name", "pk") | mine


def colleagues_in(actor: Actor) -> QuerySet[User]:
    """Who may be named to cover in the teams of the actor: works there today, in a role on cases."""
    members = Membership.objects.on(actor.today).filter(team__in=actor.team_ids).values("user")
    roles = RoleAssignment.objects.on(actor.today).filter(role_id__in=CASEWORKERS).values("user")
    return User.objects.filter(pk__in=members, is_active=True).filter(pk__in=roles).order_by("name", "pk")


@transaction.atomic
def register_absence(
    *, user: User, since: date, until: date, reason: AbsenceReason, cover: User | None, actor: Actor
) -> Absence:
    """Register from which day to which somebody is absent; the worker covers the cases on the first day.

    The same twice is one. Raises PermissionDenied, and Blocked with a sentence.
    """
    if not led_people(actor).filter(pk=user.pk).exists():
        raise PermissionDenied(NOT_YOURS)
    user = User.objects.select_for_update(of=("self",), no_key=True).get(pk=user.pk)
    _refuse(user, since, until, cover, actor)
    taken: Absence | None = user.absences.filter(ended_at=None, since__lte=until, until__gte=since).first()
    if taken and (taken.since, taken.until, taken.cover_id) == (since, until, cover.pk if cover else None):
        return taken
    if taken:
        days = f"{long_date(taken.since)} tot en met {long_date(taken.until)}"
        raise Blocked([f"{user.name} is al afwezig van {days}. Beëindig die afwezigheid eerst."])
    facts = {"since": since, "until": until, "reason": reason, "cover": cover}
    absence = Absence(user=user, registered_by_id=actor.user_id, **facts)
    keep(absence, by=actor, what="Afwezigheid vastgelegd")
    if since == actor.today:
        settle_later(absence, key=f"dag:{actor.today}")
    return absence


def _refuse(user: User, since: date, until: date, cover: User | None, actor: Actor) -> None:
    if since < actor.today:
        raise Blocked(["De eerste dag is op zijn vroegst vandaag."])
    if until < since:
        raise Blocked(["De laatste dag ligt voor de eerste dag."])
    teams = user.memberships.on(actor.today)
    beside = Membership.objects.on(actor.today).filter(team__in=teams.values("team")).exclude(user=user)
    there = colleagues_in(actor).filter(pk__in=beside.values("user"))
    if cover and not there.filter(pk=cover.pk).exists():
        raise Blocked([f"{cover.name} werkt niet in een team van {user.name}."])
    if cover is None and teams.filter(team__cover=CoverRule.GENOEMD).exists():
        raise Blocked(["Kies wie de zaken overneemt."])


@transaction.atomic
def end_absence(*, absence_id: int, actor: Actor) -> Absence:
    """End an absence that runs or is still to come; the worker ends the cover. The same twice is one."""
    every = Absence.objects.select_for_update(of=("self",), no_key=True).select_related("user")
    found: Absence = every.get(pk=absence_id)
    if not led_people(actor).filter(pk=found.user_id).exists():
        raise PermissionDenied(NOT_YOURS)
    if found.ended_at is None and found.until >= actor.today:
        found.ended_at = actor.now
        keep(found, by=actor, what="Afwezigheid beëindigd")
        settle_later(found, key="einde")
    return found


def absences_to_settle(today: date) -> QuerySet[Absence]:
    """The absences that hold today, for the clock."""
    return Absence.objects.on(today)


@transaction.atomic
def settle_absence(*, absence_id: int, actor: Actor) -> None:
    """Bring the cover of an absence up to date, each case under its own lock; safe to do again and again.

    Done by the worker, since nobody else may see all cases of a colleague.
    """
    absence = Absence.objects.select_related("user", "cover").get(pk=absence_id)
    if absence.ended_at is None and absence.since <= actor.today <= absence.until:
        for case_id in _held_by(absence.user):
            _cover(case_id, absence, actor)
        return
    covered = Grant.objects.valid_now().filter(absence=absence).order_by("case_id")
    for case_id in list(covered.values_list("case_id", flat=True).distinct()):
        case = lock(Case, case_id)
        for grant in end_grants(covered.filter(case=case)):
            log_end(case, grant, f"{absence.user.name} is er weer", actor)


def _held_by(user: User) -> list[UUID]:
    held = Grant.objects.valid_now().filter(kind=GrantKind.CONTACTPERSOON, user=user)
    return list(held.exclude(case__status=CaseStatus.AFGESLOTEN).order_by("case_id").values_list("case_id", flat=True))


def _cover(case_id: UUID, absence: Absence, actor: Actor) -> None:
    case = lock(Case, case_id)
    if case.contactpersoon() != absence.user:
        return
    reason = f"Vervangt {absence.user.name} tot en met {long_date(absence.until)}"
    for user in coverers(case, absence, actor.today):
        until, kind = end_of(absence.until), GrantKind.VERVANGER
        begin_grant(case=case, user=user, kind=kind, reason=reason, by=actor, until=until, absence=absence)


def coverers(case: Case, absence: Absence, today: date) -> list[User]:
    """Who covers a case: the colleague who was named, else the teamleiders of the team, who are there themselves.

    A shielded case is covered by nobody but whom its contactpersoon named: a rule opens no shielded file.
    """
    away = Absence.objects.on(today).filter(user=OuterRef("user"))
    members = Membership.objects.on(today).filter(~Exists(away), team=case.team_id, user__is_active=True)
    members = members.exclude(user=absence.user)
    named = members.filter(user=absence.cover_id).select_related("user").first()
    if case.team.cover == CoverRule.GENOEMD and named:
        own_choice = absence.registered_by_id == absence.user_id
        return [named.user] if own_choice or not case.shielded else []
    if case.shielded:
        return []
    leads = RoleAssignment.objects.on(today).filter(user=OuterRef("user"), role_id="teamleider")
    leaders = members.filter(Exists(leads.filter(gemeente=case.gemeente_id))).select_related("user")
    return [row.user for row in leaders.order_by("user__name")]
