"""Teams and what they serve, ketenpartners, wijken, and the words of roles: changed by a beheerder."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.db import models, transaction

from toegang.accounts.models import Gemeente, Ketenpartner, Organisatie, Role, Team, Wijk
from toegang.accounts.selectors import managed_gemeenten
from toegang.accounts.services.people import refuse_stale
from toegang.core.access import Actor
from toegang.core.lifecycle import Blocked
from toegang.core.records import keep

ONE_ORGANISATION = "Een team werkt voor gemeenten van één organisatie. Kies gemeenten die samen horen."


@transaction.atomic
def add_team(
    *, name: str, gemeenten: Collection[Gemeente], cover: str, actor: Actor, takes_website: bool = False
) -> Team:
    """Make a team that serves these gemeenten of one organisation. Raises Blocked with a sentence."""
    organisatie_id = _one_organisation(gemeenten)
    _hold(Organisatie, organisatie_id)
    team = Team(organisatie_id=organisatie_id, name=name, cover=cover, takes_website=takes_website)
    _refuse_double(Team.objects.filter(organisatie_id=organisatie_id), team)
    keep(team, by=actor, what="Team gemaakt")
    team.gemeenten.set(gemeenten)
    return team


@transaction.atomic
def change_team(
    *, team: Team, name: str, gemeenten: Collection[Gemeente], cover: str, version: int, actor: Actor,
    takes_website: bool = False,
) -> None:  # fmt: skip
    """Rename a team, say who covers for absent colleagues and which of the actor's gemeenten it serves.

    The gemeenten of another beheerder stay. Raises Stale when somebody was first, Blocked with a sentence.
    """
    _hold(Organisatie, team.organisatie_id)
    team = _hold(Team, team.pk)
    refuse_stale(team, version)
    others = team.gemeenten.exclude(pk__in=managed_gemeenten(actor).order_by().values("pk"))
    wanted = [*gemeenten, *others]
    if _one_organisation(wanted) != team.organisatie_id:
        raise Blocked([ONE_ORGANISATION])
    team.name, team.cover, team.takes_website = name, cover, takes_website
    _refuse_double(Team.objects.filter(organisatie_id=team.organisatie_id), team)
    keep(team, by=actor, what="Team gewijzigd")
    team.gemeenten.set(wanted)


def _one_organisation(gemeenten: Collection[Gemeente]) -> int:
    found = {gemeente.organisatie_id for gemeente in gemeenten}
    if len(found) != 1:
        raise Blocked([ONE_ORGANISATION])
    return found.pop()


@transaction.atomic
def add_partner(*, name: str, sort: str, organisatie: Organisatie, actor: Actor) -> Ketenpartner:
    """Make a ketenpartner of an organisation. Raises Blocked when the name is taken."""
    _hold(Organisatie, organisatie.pk)
    partner = Ketenpartner(organisatie=organisatie, name=name, sort=sort)
    _refuse_double(Ketenpartner.objects.filter(organisatie=organisatie), partner)
    keep(partner, by=actor, what="Ketenpartner gemaakt")
    return partner


@transaction.atomic
def change_partner(*, partner: Ketenpartner, name: str, sort: str, version: int, actor: Actor) -> None:
    """Change name and sort. Raises Stale when somebody was first, Blocked when the name is taken."""
    _hold(Organisatie, partner.organisatie_id)
    partner = _hold(Ketenpartner, partner.pk)
    refuse_stale(partner, version)
    partner.name, partner.sort = name, sort
    _refuse_double(Ketenpartner.objects.filter(organisatie_id=partner.organisatie_id), partner)
    keep(partner, by=actor, what="Ketenpartner gewijzigd")


@transaction.atomic
def change_role(*, role: Role, name: str, description: str, version: int, actor: Actor) -> None:
    """Change the words of a role; its key, at which the gates look, stays. Raises Stale, Blocked."""
    role = _hold(Role, role.pk)
    refuse_stale(role, version)
    role.name, role.description = name, description
    _refuse_double(Role.objects.all(), role)
    keep(role, by=actor, what="Rol gewijzigd")


@transaction.atomic
def add_wijk(*, gemeente: Gemeente, name: str, actor: Actor) -> Wijk:
    """Add a wijk to a gemeente. Raises Blocked when the name is taken."""
    _hold(Gemeente, gemeente.pk)
    wijk = Wijk(gemeente=gemeente, name=name)
    _refuse_double(Wijk.objects.filter(gemeente=gemeente), wijk)
    keep(wijk, by=actor, what="Wijk toegevoegd")
    return wijk


@transaction.atomic
def rename_wijk(*, wijk: Wijk, name: str, actor: Actor) -> None:
    """Give a wijk another name. Raises Blocked when the name is taken."""
    _hold(Gemeente, wijk.gemeente_id)
    former, wijk.name = wijk.name, name
    _refuse_double(Wijk.objects.filter(gemeente_id=wijk.gemeente_id), wijk)
    keep(wijk, by=actor, what=f"Wijk heette {former}, heet nu {name}")


def _hold(model: type[Any], pk: Any) -> Any:
    """Fetch a fresh row that no other beheerder changes meanwhile; who only refers to it does not wait."""
    return model.objects.select_for_update(of=("self",), no_key=True).get(pk=pk)


def _refuse_double(present: models.QuerySet[Any], record: Any) -> None:
    """Raise Blocked when another row of the same house has this name."""
    if present.filter(name__iexact=record.name).exclude(pk=record.pk).exists():
        raise Blocked([f"De naam ‘{record.name}’ is er al. Kies een andere naam."])
