"""What a functioneel beheerder looks after: the own gemeenten, and the people, teams and partners of those."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any

from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet

from toegang.accounts.models import Gemeente, Ketenpartner, Membership, Organisatie, Photo, RoleAssignment, Team, User
from toegang.accounts.sessions import has_factor
from toegang.core.access import TEAM_ROLES, Actor
from toegang.core.dates import long_date

BEHEERDER = "beheerder"


def managed_gemeenten(actor: Actor) -> QuerySet[Gemeente]:
    """The gemeenten for which the actor holds the role beheerder today; another role there does not count."""
    held = RoleAssignment.objects.on(actor.today).filter(user_id=actor.user_id, role_id=BEHEERDER)
    return Gemeente.objects.filter(pk__in=held.values("gemeente_id")).order_by("name")


def managed_organisaties(actor: Actor) -> QuerySet[Organisatie]:
    """The organisations of those gemeenten."""
    return Organisatie.objects.filter(pk__in=_ids(actor, "organisatie_id")).order_by("name")


def _ids(actor: Actor, column: str = "pk") -> Any:
    return managed_gemeenten(actor).order_by().values(column)


def people_of(actor: Actor) -> QuerySet[User]:
    """Everybody whom the actor looks after.

    Medewerkers who hold or held a role or a team in the actor's gemeenten, who were made there and have nothing
    yet, and people of ketenpartners.
    """
    roles = RoleAssignment.objects.filter(gemeente_id__in=_ids(actor)).values("user_id")
    teams = Membership.objects.filter(team__gemeenten__in=_ids(actor)).values("user_id")
    organisaties = _ids(actor, "organisatie_id")
    fresh = (
        Q(organisatie_id__in=organisaties)
        & ~Exists(RoleAssignment.objects.filter(user=OuterRef("pk")))
        & ~Exists(Membership.objects.filter(user=OuterRef("pk")))
    )
    partner = Q(ketenpartner__organisatie_id__in=organisaties)
    found = Q(pk__in=roles) | Q(pk__in=teams) | fresh | partner
    return User.objects.filter(found, kind=User.Kind.MEDEWERKER).order_by("name", "pk")


def with_work(people: QuerySet[User], day: date) -> QuerySet[User]:
    """The same people with what they do on a day, as `roles_now` and `teams_now`; always the same few queries."""
    roles = RoleAssignment.objects.on(day).select_related("role", "gemeente").order_by("role__name", "gemeente__name")
    teams = Membership.objects.on(day).select_related("team").order_by("team__name")
    return people.select_related("ketenpartner").prefetch_related(
        Prefetch("role_assignments", roles, to_attr="roles_now"), Prefetch("memberships", teams, to_attr="teams_now")
    )


def teams_of(actor: Actor) -> QuerySet[Team]:
    """The teams that serve one of the actor's gemeenten."""
    mine = Team.gemeenten.through.objects.filter(gemeente_id__in=_ids(actor)).values("team_id")
    return Team.objects.filter(pk__in=mine).order_by("name", "pk")


def counted_teams(actor: Actor) -> QuerySet[Team]:
    """Those teams with their gemeenten, and how many people work there today as `people_now`."""
    today = Q(memberships__since__lte=actor.today) & (
        Q(memberships__until=None) | Q(memberships__until__gte=actor.today)
    )
    counted = Count("memberships", filter=today & Q(memberships__user__is_active=True))
    return teams_of(actor).prefetch_related("gemeenten").annotate(people_now=counted)


def team_leaders(team_ids: Sequence[int], day: date) -> dict[int, str]:
    """The names of who leads each team on a day: a member with the role, whose account is in use."""
    leads = RoleAssignment.objects.on(day).filter(user=OuterRef("user"), role_id="teamleider")
    rows = Membership.objects.on(day).filter(Exists(leads), team_id__in=team_ids, user__is_active=True)
    found: dict[int, list[str]] = {}
    for team_id, name in rows.order_by("user__name").values_list("team_id", "user__name"):
        found.setdefault(team_id, []).append(name)
    return {team_id: ", ".join(names) for team_id, names in found.items()}


def served_gemeenten(actor: Actor) -> QuerySet[Gemeente]:
    """The gemeenten that a team of the actor's serves and that the actor works for in it."""
    served = Team.gemeenten.through.objects.filter(team_id__in=actor.team_ids).values("gemeente_id")
    return Gemeente.objects.filter(pk__in=served).filter(pk__in=actor.gemeenten_as(*TEAM_ROLES)).order_by("name")


def watchers(*, team_ids: Collection[int], gemeente_id: int, day: date) -> QuerySet[User]:
    """Who is told of striking use: the teamleiders of the teams and the privacy officers of the gemeente, in use."""
    held = RoleAssignment.objects.on(day).filter(gemeente_id=gemeente_id)
    leads = held.filter(role_id="teamleider").values("user_id")
    members = Membership.objects.on(day).filter(team_id__in=team_ids, user_id__in=leads).values("user_id")
    officers = held.filter(role_id="privacy").values("user_id")
    return User.objects.filter(Q(pk__in=members) | Q(pk__in=officers), is_active=True).order_by("pk")


def partners_of(actor: Actor) -> QuerySet[Ketenpartner]:
    """The ketenpartners of the actor's organisations."""
    return Ketenpartner.objects.filter(organisatie_id__in=_ids(actor, "organisatie_id")).order_by("name", "pk")


def works_for(user: User, day: date) -> set[int]:
    """The gemeenten that somebody works for on a day or later, by a role or by a team."""
    still = Q(until=None) | Q(until__gte=day)
    roles = user.role_assignments.filter(still).values_list("gemeente_id", flat=True)
    teams = user.memberships.filter(still).values_list("team__gemeenten", flat=True)
    return {pk for pk in [*roles, *teams] if pk}


def way_in(user: User, *, local: bool) -> str:
    """How somebody signs in, in words; `local` is who has an account of our own."""
    if not local:
        return "Met de inlog van de organisatie"
    if not user.has_usable_password():
        return "Eigen account: de uitnodiging is nog niet gebruikt"
    return f"Eigen account, {'met' if has_factor(user) else 'nog zonder'} tweede stap"


def period(since: date, until: date | None, today: date) -> str:
    """A period in words: a last day that is past reads differently from one to come."""
    begin = f"{'sinds' if since <= today else 'vanaf'} {long_date(since)}"
    return begin if until is None else f"van {long_date(since)} tot en met {long_date(until)}"


def gemeente_names(gemeenten: Sequence[Gemeente]) -> str:
    """The names of some gemeenten in one line."""
    return ", ".join(sorted(gemeente.name for gemeente in gemeenten))


def may_have_photo(actor: Actor) -> bool:
    """Whether the actor may become somebody's contactpersoon, so that there is somebody to see a photo."""
    return bool(actor.roles & TEAM_ROLES)


def own_photo(actor: Actor) -> Photo | None:
    """The actor's own photo, without the image itself."""
    return Photo.objects.filter(user_id=actor.user_id).defer("image").first()
