"""What the files of an older system may refer to: teams and colleagues, products and providers of one gemeente."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

from casework.selectors import CASEWORKERS, team_workers
from providers.models import Product, Provider
from toegang.accounts.models import Gemeente, RoleAssignment, Team, User

T = TypeVar("T")


@dataclass(frozen=True)
class Ground:
    """What there is on the day of the take-over, looked up once for all rows."""

    gemeente: Gemeente
    today: date
    teams: dict[str, list[Team]]
    workers: dict[tuple[int, str], list[User]]  # by team and e-mail address
    products: dict[str, Product]
    providers: dict[str, list[Provider]]

    def team(self, name: str) -> Team | None:
        """The one team of the gemeente with this name."""
        return _only(self.teams.get(name.casefold(), []))

    def worker(self, team: Team, email: str) -> User | None:
        """The one colleague with this address who can be contactpersoon in a team."""
        return _only(self.workers.get((team.pk, email.casefold()), []))

    def provider(self, name: str) -> Provider | None:
        """The one provider of the gemeente with this name."""
        return _only(self.providers.get(name.casefold(), []))


def ground_of(gemeente: Gemeente, today: date) -> Ground:
    """Look up once what the rows may name."""
    teams = list(gemeente.teams.all())
    held = RoleAssignment.objects.on(today).filter(gemeente=gemeente, role_id__in=CASEWORKERS).values("user")
    workers = (
        ((team.pk, user.email.casefold()), user)
        for team in teams
        for user in team_workers(team.pk, today).filter(pk__in=held, ketenpartner=None).exclude(email="")
    )
    return Ground(
        gemeente=gemeente,
        today=today,
        teams=_gathered((team.name.casefold(), team) for team in teams),
        workers=_gathered(workers),
        products={product.key: product for product in Product.objects.valid_on(today)},
        providers=_gathered((found.name.casefold(), found) for found in Provider.objects.filter(gemeente=gemeente)),
    )


def _gathered(pairs: Iterable[tuple[Any, T]]) -> dict[Any, list[T]]:
    found = defaultdict(list)
    for key, value in pairs:
        found[key].append(value)
    return dict(found)


def _only(found: list[T]) -> T | None:
    return found[0] if len(found) == 1 else None
