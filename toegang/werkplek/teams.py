"""For which teams somebody takes meldingen and signals."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.db.models import Prefetch, Q

from casework.permissions import REGISTRARS
from casework.selectors import CASEWORKERS
from toegang.accounts.models import Gemeente, Team
from toegang.core.access import Actor


def teams_to_register_for(actor: Actor) -> list[Team]:
    """The own teams, and for klantcontact every team of the gemeente; raises PermissionDenied without any."""
    of_work = actor.gemeenten_as(*REGISTRARS)
    own = Q(pk__in=actor.team_ids if actor.roles & CASEWORKERS else ())
    served = Team.gemeenten.through.objects.filter(gemeente_id__in=actor.gemeenten_as("klantcontact"))
    found = Team.objects.filter(own | Q(pk__in=served.values("team_id"))).order_by("name")
    teams = list(found.prefetch_related(Prefetch("gemeenten", Gemeente.objects.filter(pk__in=of_work))))
    if not teams:
        raise PermissionDenied("U zit in geen wijkteam. Vraag de functioneel beheerder om u in een team te zetten.")
    return teams


def teams_of_gemeente(gemeente_id: int) -> list[Team]:
    """Every team that works for a gemeente: what came in by the website may be another team's."""
    found = Team.objects.filter(gemeenten=gemeente_id).order_by("name")
    return list(found.prefetch_related(Prefetch("gemeenten", Gemeente.objects.filter(pk=gemeente_id))))
