"""Who an identity provider vouched for: made known at the first sign-in, brought up to date at every one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any

from django.db import IntegrityError, transaction

from toegang.accounts.models import Gemeente, Identity, Membership, ReportRight, RoleAssignment, Source, Team, User
from toegang.accounts.oidc import Refused
from toegang.accounts.providers import Place, Provider, claim
from toegang.core import audit
from toegang.core.access import Actor
from toegang.core.records import attribute, keep

WHY = "Inlog van de organisatie"


@transaction.atomic
def admit_staff(*, provider: Provider, claims: Mapping[str, Any], actor: Actor) -> User:
    """Give the medewerker with this issuer and subject, with the roles and teams that the groups mean today.

    Roles and memberships that an earlier sign-in gave and that no group means any more are ended; what the
    functioneel beheerder gave by hand stays. Raises Refused for who is disabled and for who has no role at all.
    """
    user = _known(provider, claims) or _welcome(provider, claims, actor) or _known(provider, claims)
    if user is None:
        raise Refused("state")
    if not user.is_active:
        raise Refused("disabled", user.username)
    _rename(user, claims, actor)
    places = _places(provider, claims)
    _bring_up_to_date(RoleAssignment, user, _roles(places), ("role_id", "gemeente_id"), actor)
    _bring_up_to_date(Membership, user, _teams(places), ("team_id",), actor)
    if not user.scope_on(actor.today).roles:
        raise Refused("no_role", user.username)
    return user


def _known(provider: Provider, claims: Mapping[str, Any]) -> User | None:
    found = Identity.objects.filter(issuer=provider.issuer, subject=claims["sub"])
    identity = found.select_related("user").select_for_update(of=("user",)).first()
    return identity.user if identity else None


def _welcome(provider: Provider, claims: Mapping[str, Any], actor: Actor) -> User | None:
    """Make a user at the first sign-in; None when another window did it a moment ago.

    Never joined to a local account: a mail address is no identity.
    """
    username = f"{claims['sub']}@{provider.issuer.split('://')[-1]}"[:150]
    user = User(username=username, kind=User.Kind.MEDEWERKER, name=str(claims.get("name") or claims["sub"])[:150])
    user.set_unusable_password()
    try:
        with transaction.atomic():
            keep(user, by=actor, what=WHY)
            Identity.objects.create(user=user, issuer=provider.issuer, subject=claims["sub"])
    except IntegrityError:
        return None
    return user


def _rename(user: User, claims: Mapping[str, Any], actor: Actor) -> None:
    told = {"name": claims.get("name"), "email": claims.get("email"), "phone": claims.get("phone_number")}
    longest = {"name": 150, "email": 254, "phone": 20}
    fresh = {key: str(value)[: longest[key]] for key, value in told.items() if value}
    if any(getattr(user, key) != value for key, value in fresh.items()):
        user.__dict__.update(fresh)
        keep(user, by=actor, what=WHY)


def _places(provider: Provider, claims: Mapping[str, Any]) -> list[Place]:
    """What the groups mean here; a group that the settings do not name means nothing."""
    groups = claim(claims, provider.groups_claim)
    names = groups if isinstance(groups, list) else []
    return [provider.groups[name] for name in map(str, names) if name in provider.groups]


def _roles(places: Iterable[Place]) -> set[tuple[Any, ...]]:
    codes = {place.gemeente for place in places}
    gemeenten = dict(Gemeente.objects.filter(code__in=codes).values_list("code", "pk"))
    return {(place.role, gemeenten[place.gemeente]) for place in places if place.gemeente in gemeenten}


def _teams(places: Iterable[Place]) -> set[tuple[Any, ...]]:
    wanted = {(place.team, place.gemeente) for place in places if place.team}
    named = Team.objects.filter(name__in=[team for team, _ in wanted])
    found = named.values_list("pk", "name", "gemeenten__code")
    return {(pk,) for pk, name, code in found if (name, code) in wanted}


def _bring_up_to_date(
    model: type[RoleAssignment | Membership],
    user: User,
    wanted: set[tuple[Any, ...]],
    names: tuple[str, ...],
    actor: Actor,
) -> None:
    """End what the sign-in gave before and no group means now; add what is new."""
    rows = model.objects.on(actor.today).filter(user=user)
    present = {tuple(getattr(row, name) for name in names): row for row in rows}
    for key, row in present.items():
        if row.source == Source.SSO and key not in wanted:
            end(row, actor, WHY)
    for key in wanted - present.keys():
        facts = dict(zip(names, key, strict=True))
        later = model.objects.filter(user=user, since__gt=actor.today, **facts).order_by("since").first()
        until = later.since - timedelta(days=1) if later else None  # what the beheerder planned by hand follows it
        keep(model(user=user, since=actor.today, until=until, source=Source.SSO, **facts), by=actor, what=WHY)


def end(row: Membership | RoleAssignment | ReportRight, actor: Actor, why: str) -> None:
    """End a role or membership at once: its last day was yesterday; one that began today is taken away.

    History keeps both.
    """
    if row.since < actor.today:
        row.until = actor.today - timedelta(days=1)
        keep(row, by=actor, what="Meteen beëindigd", reason=why)
        return
    facts = {"object_type": row._meta.model_name or "", "object_id": str(row.pk), "detail": why}
    audit.write(actor, [audit.Look("write", "Weggehaald op de dag dat het begon, of eerder", **facts)])
    attribute(row, by=actor, reason=why)
    row.delete()
