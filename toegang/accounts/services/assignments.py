"""Who holds which role and works in which team: given and ended by a beheerder, each with its period and its why."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from toegang.accounts.models import (
    Gemeente,
    Identity,
    Membership,
    ReportRight,
    Role,
    RoleAssignment,
    Source,
    Team,
    User,
)
from toegang.accounts.selectors import BEHEERDER, managed_gemeenten, period, teams_of
from toegang.accounts.services.sign_in import end
from toegang.core.access import Actor
from toegang.core.dates import long_date
from toegang.core.lifecycle import Blocked
from toegang.core.records import keep
from toegang.core.terms import rule_on

OWN = "Uw eigen rollen, teams en inlog verandert een andere beheerder voor u."
PARTNER = "Iemand van een ketenpartner krijgt geen rol en geen team."
ONLY_PARTNERS = "Alleen iemand van een ketenpartner van uw organisatie krijgt een eigen meldformulier."
PARTNER_TERM = "ketenpartner_toegang"
BY_SIGN_IN = "Dit regelt de inlog van de organisatie. Vraag het aan de beheerder van die inlog."
NOT_YOURS = "Dit hoort bij een gemeente die u niet beheert."


def lock_user(pk: Any) -> User:
    """Fetch a fresh user that no other beheerder changes until this transaction ends.

    Not lifecycle.lock: two beheerders who change each other would wait for each other, since a history row refers
    to who wrote it.
    """
    return User.objects.select_for_update(of=("self",), no_key=True).get(pk=pk)


def refuse_own(user: User, actor: Actor) -> None:
    """Raise Blocked when somebody changes the own rights."""
    if user.pk == actor.user_id:
        raise Blocked([OWN])


@transaction.atomic
def give_role(
    *, user: User, role: Role, gemeente: Gemeente, since: date, until: date | None, reason: str, actor: Actor
) -> None:
    """Give a role for a gemeente; the same twice is one. Raises Blocked with a sentence."""
    user = _receiver(user, actor)
    if not managed_gemeenten(actor).filter(pk=gemeente.pk).exists():
        raise Blocked([NOT_YOURS])
    row = RoleAssignment(user=user, gemeente=gemeente, role=role, since=since, until=until)
    _begin(row, RoleAssignment.objects.filter(user=user, gemeente=gemeente, role=role), f"{role.name}", reason, actor)


@transaction.atomic
def join_team(*, user: User, team: Team, since: date, until: date | None, reason: str, actor: Actor) -> None:
    """Let somebody work in a team; the same twice is one. Raises Blocked with a sentence."""
    user = _receiver(user, actor)
    if not teams_of(actor).filter(pk=team.pk).exists():
        raise Blocked([NOT_YOURS])
    row = Membership(user=user, team=team, since=since, until=until)
    _begin(row, Membership.objects.filter(user=user, team=team), team.name, reason, actor)


def last_partner_day(today: date) -> date:
    """The last day that a right of a ketenpartner can have: a dated rule."""
    rule = rule_on(PARTNER_TERM, today)
    return today + timedelta(weeks=rule.weeks, days=rule.days)


@transaction.atomic
def give_report_right(*, user: User, gemeente: Gemeente, since: date, until: date, reason: str, actor: Actor) -> None:
    """Let somebody of a ketenpartner send meldingen to a gemeente, until a day; the same twice is one. Raises Blocked.

    The one right of a ketenpartner that is about no case: it shows nothing of any (Wmo 2015 art. 2.3.2 lid 1).
    """
    user = lock_user(user.pk)
    if not managed_gemeenten(actor).filter(pk=gemeente.pk).exists():
        raise Blocked([NOT_YOURS])
    if user.ketenpartner is None or user.ketenpartner.organisatie_id != gemeente.organisatie_id:
        raise Blocked([ONLY_PARTNERS])
    if until > (furthest := last_partner_day(actor.today)):
        raise Blocked([f"Toegang voor een ketenpartner duurt op zijn langst tot en met {long_date(furthest)}."])
    row = ReportRight(user=user, gemeente=gemeente, since=since, until=until)
    _begin(row, ReportRight.objects.filter(user=user, gemeente=gemeente), f"melden bij {gemeente}", reason, actor)


@transaction.atomic
def end_report_right(*, right: ReportRight, last_day: date | None, reason: str, actor: Actor) -> None:
    """End it after its last day, or at once; the same twice is one. Raises Blocked with a sentence."""
    _locked(right, actor)
    if not managed_gemeenten(actor).filter(pk=right.gemeente_id).exists():
        raise Blocked([NOT_YOURS])
    _end(right, last_day, reason, actor)


def _receiver(user: User, actor: Actor) -> User:
    refuse_own(user, actor)
    fresh = lock_user(user.pk)
    if fresh.ketenpartner_id is not None:
        raise Blocked([PARTNER])
    return fresh


def _begin(row: Any, present: Any, name: str, reason: str, actor: Actor) -> None:
    """Keep a row whose period is sound and free."""
    if present.filter(since=row.since, until=row.until, source=Source.HAND).exists():
        return
    if row.since < actor.today:
        raise Blocked(["De eerste dag is op zijn vroegst vandaag: niemand krijgt een recht met terugwerkende kracht."])
    if row.until and row.until < row.since:
        raise Blocked(["De laatste dag ligt voor de eerste dag."])
    after = Q(until=None) | Q(until__gte=row.since)
    before = Q(since__lte=row.until) if row.until else Q()
    if taken := present.filter(after & before).order_by("since").first():
        raise Blocked([f"{row.user.name} heeft dit al: {name}, {period(taken.since, taken.until, actor.today)}."])
    keep(row, by=actor, what=f"Gegeven: {name}", reason=reason)


@transaction.atomic
def end_role(*, assignment: RoleAssignment, last_day: date | None, reason: str, actor: Actor) -> None:
    """End a role after its last day, or at once; the same twice is one. Raises Blocked with a sentence."""
    _locked(assignment, actor)
    if not managed_gemeenten(actor).filter(pk=assignment.gemeente_id).exists():
        raise Blocked([NOT_YOURS])
    if assignment.role_id == BEHEERDER:
        refuse_last_beheerder(assignment.user, [assignment.gemeente_id], _first_day_without(last_day, actor))
    _end(assignment, last_day, reason, actor)


@transaction.atomic
def leave_team(*, membership: Membership, last_day: date | None, reason: str, actor: Actor) -> None:
    """End the work in a team after its last day, or at once; the same twice is one. Raises Blocked."""
    _locked(membership, actor)
    if not teams_of(actor).filter(pk=membership.team_id).exists():
        raise Blocked([NOT_YOURS])
    _end(membership, last_day, reason, actor)


def _locked(row: Membership | RoleAssignment | ReportRight, actor: Actor) -> None:
    """Lock the person, read the row again, and see that a hand may end it."""
    refuse_own(row.user, actor)
    row.user = lock_user(row.user_id)
    row.refresh_from_db(fields=["since", "until", "source"])
    if row.source == Source.SSO:
        raise Blocked([BY_SIGN_IN])


def _first_day_without(last_day: date | None, actor: Actor) -> date:
    return last_day + timedelta(days=1) if last_day else actor.today


def _end(row: Membership | RoleAssignment | ReportRight, last_day: date | None, reason: str, actor: Actor) -> None:
    at_once = actor.today - timedelta(days=1)
    if row.until == (last_day or at_once):
        return
    if row.until and row.until < actor.today:
        raise Blocked([f"Dit is al gestopt op {long_date(row.until)}."])
    if last_day is None:
        end(row, actor, reason)
        return
    if last_day < row.since:
        raise Blocked(["De laatste dag ligt voor de eerste dag."])
    if last_day < actor.today:
        raise Blocked(["De laatste dag is op zijn vroegst vandaag. Moet het nu stoppen? Kies dan ‘Meteen’."])
    if row.until and last_day > row.until:
        raise Blocked([f"Dit stopt al op {long_date(row.until)}. Geef het opnieuw als het langer duurt."])
    row.until = last_day
    keep(row, by=actor, what="Einde vastgelegd", reason=reason)


def refuse_last_beheerder(user: User, gemeente_ids: Iterable[int], day: date) -> None:
    """Raise Blocked when from a day on no gemeente beheerder would be left who can sign in and whose role stays.

    The gemeenten are locked, so that of two beheerders who end each other exactly one succeeds.
    """
    wanted = Gemeente.objects.filter(pk__in=list(gemeente_ids))
    for gemeente in wanted.select_for_update(no_key=True).order_by("pk"):
        known = Exists(Identity.objects.filter(user=OuterRef("user")))
        others = RoleAssignment.objects.filter(
            known | ~Q(user__password__startswith="!"),  # noqa: S106 (no secret: a lookup)
            gemeente=gemeente,
            role_id=BEHEERDER,
            user__is_active=True,
            since__lte=day,
            until=None,
        )
        if not others.exclude(user=user).exists():
            raise Blocked([_last(user, gemeente)])


def _last(user: User, gemeente: Gemeente) -> str:
    return (
        f"{user.name} is de laatste beheerder van de gemeente {gemeente.name}. Geef eerst iemand anders deze rol, "
        "zonder einddatum, en wacht tot die persoon een wachtwoord heeft gekozen."
    )
