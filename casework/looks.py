"""Who looked at a case or changed it: rows of the log, merged per person and day (NEN 7513), for who may ask."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db.models import Count, Max, Min, Q, QuerySet
from django.db.models.functions import TruncDate
from django.utils.timezone import localtime

from casework.enums import SAFETY, GrantKind
from casework.models import Case, EmergencyAccess
from casework.permissions import may_view_safety
from toegang.accounts.models import Membership, Role, User
from toegang.core.dates import end_of, start_of
from toegang.core.models import LogRow
from toegang.core.wall import beyond_scope

if TYPE_CHECKING:
    from toegang.core.access import Actor

WATCH = "aandacht"  # the role of the aandachtsfunctionaris
RESULTS = {"ok": "Gelukt", "refused": "Geweigerd", "missed": "Niet gevonden", "damaged": "Mislukt"}


@dataclass(frozen=True)
class LookDay:
    """What one person did in one case on one day: the rows, the newest first, and as whom."""

    day: date
    rows: list[LogRow]
    function: str
    teams: str

    @property
    def name(self) -> str:
        """The name of that moment."""
        return self.rows[0].user_name

    @property
    def first(self) -> datetime:
        """The moment of the first row."""
        return self.rows[-1].at

    @property
    def last(self) -> datetime:
        """The moment of the last row."""
        return self.rows[0].at

    @property
    def bases(self) -> list[str]:
        """The grounds, each once, in the order of GrantKind; the team comes last."""
        order = [*GrantKind.values, "team"]
        return sorted({row.basis for row in self.rows if row.basis}, key=order.index)

    @property
    def in_emergency(self) -> bool:
        """Whether something was seen by noodtoegang."""
        return GrantKind.NOODTOEGANG in self.bases

    @property
    def fields(self) -> list[str]:
        """The groups of data that were shown, each once."""
        return sorted({name for row in self.rows for name in row.fields})

    @property
    def results(self) -> list[str]:
        """How it ended, in words, each once."""
        return sorted({RESULTS.get(row.result, row.result) for row in self.rows})


def looks_at(case: Case, actor: Actor) -> QuerySet[LogRow]:
    """Every log row of a case; of the veiligheidsdossier only for who may open it."""
    rows = LogRow.objects.filter(case_id=case.pk)
    return rows if may_view_safety(case, actor) else rows.exclude(object_type=SAFETY)


def looks_for_resident(case_id: UUID, actor: Actor) -> QuerySet[LogRow]:
    """What medewerkers did in a case, as the inwoner may know it.

    Without the veiligheidsdossier, without who looked for reasons of safety, and without noodtoegang whose delay,
    which the FG sets, is not over: what was done in it, what was written of it, and its judgement.
    """
    rows = LogRow.objects.filter(case_id=case_id, actor_kind=User.Kind.MEDEWERKER)
    rows = rows.exclude(object_type=SAFETY).exclude(basis=GrantKind.VEILIGHEID).exclude(roles__contains=[WATCH])
    for access in EmergencyAccess.objects.filter(case_id=case_id).exclude(shown_from__lte=actor.today):
        during = Q(user_id=access.user_id, at__gte=access.begun_at, at__lte=access.ends_at)
        by_it = Q(grant_id=access.grant_id, grant_id__isnull=False)
        rows = rows.exclude(during | by_it | Q(object_type="emergencyaccess", object_id=str(access.pk)))
    return rows


def in_period(rows: QuerySet[LogRow], since: date | None, until: date | None) -> QuerySet[LogRow]:
    """The rows from one day up to and with another; None leaves that end open."""
    if since:
        rows = rows.filter(at__gte=start_of(since))
    return rows.filter(at__lt=end_of(until)) if until else rows


def days_of(rows: QuerySet[LogRow]) -> QuerySet[Any, Any]:
    """The rows counted per person and day, the newest first; for a page of `merged`."""
    counted = rows.annotate(day=TruncDate("at")).order_by().values("user_id", "day")
    return counted.annotate(first=Min("at"), last=Max("at"), count=Count("pk")).order_by("-last", "user_id")


def merged(days: Iterable[Mapping[str, Any]], rows: QuerySet[LogRow]) -> list[LookDay]:
    """Give the rows of some days of `days_of(rows)`; always the same four queries."""
    wanted = list(days)
    if not wanted:
        return []
    span = rows.filter(at__gte=min(day["first"] for day in wanted), at__lte=max(day["last"] for day in wanted))
    found: dict[tuple[int | None, date], list[LogRow]] = defaultdict(list)
    for row in span.order_by("-at", "-id"):
        found[row.user_id, localtime(row.at).date()].append(row)
    people = {day["user_id"] for day in wanted}
    titles = dict(User.objects.filter(pk__in=people).values_list("pk", "job_title"))
    teams = list(Membership.objects.filter(user_id__in=people).select_related("team").order_by("team__name"))
    roles = dict(Role.objects.values_list("key", "name"))
    return [_day(day, found[day["user_id"], day["day"]], titles, teams, roles) for day in wanted]


def _day(
    day: Mapping[str, Any],
    rows: list[LogRow],
    titles: Mapping[int, str],
    memberships: Collection[Membership],
    roles: Mapping[str, str],
) -> LookDay:
    """One line, with the function and the teams of that day."""
    on = day["day"]
    theirs = [each for each in memberships if each.user_id == day["user_id"]]
    teams = [each.team.name for each in theirs if each.since <= on and (each.until is None or each.until >= on)]
    held = sorted({roles.get(key, key) for row in rows for key in row.roles})
    function = titles.get(day["user_id"], "") or ", ".join(held) or rows[0].actor_kind
    return LookDay(on, rows, function, ", ".join(dict.fromkeys(teams)))


def log_of(actor: Actor) -> QuerySet[LogRow]:
    """The log of the gemeenten of which the actor is privacy officer, the newest first."""
    return LogRow.objects.filter(gemeente_id__in=actor.gemeenten_as("privacy")).order_by("-at", "-id")


@beyond_scope()
def numbers_of(case_ids: Collection[UUID], actor: Actor) -> dict[UUID, str]:
    """The numbers of cases of a privacy officer's gemeenten, who sees nothing else of them."""
    mine = Case.objects.filter(gemeente_id__in=actor.gemeenten_as("privacy"))
    return dict(mine.filter(pk__in=case_ids).values_list("pk", "reference"))


@beyond_scope()
def keys_of(reference: str, actor: Actor) -> list[UUID]:
    """The keys of the cases with a number; in each of a privacy officer's gemeenten there may be one."""
    mine = Case.objects.filter(gemeente_id__in=actor.gemeenten_as("privacy"), reference__iexact=reference)
    return list(mine.values_list("pk", flat=True))
