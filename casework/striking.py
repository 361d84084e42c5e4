"""Striking looks of a week: which looks a privacy officer asks about. Names are compared here and go nowhere."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Count, Q

from casework.enums import HANDLING_KINDS, GrantKind, LookVerdict, Striking
from casework.looks import in_period
from casework.models import AccessRules, Case, LookReview
from casework.selectors import OPENED
from toegang.accounts.models import User
from toegang.core.models import LogRow
from toegang.core.terms import equated_days
from toegang.core.wall import beyond_scope
from toegang.core.workdays import add_working_days

if TYPE_CHECKING:
    from toegang.core.access import Actor

WEEK = timedelta(days=7)
LOOKS = (*OPENED, "bsn", "emergency")
SHORTEST = 6  # characters of a telephone number that tells one person from another


@dataclass(frozen=True)
class Finding:
    """Looks of one medewerker at one case in one week, or at many cases, and why they strike."""

    gemeente_id: int
    week: date
    looker: User
    kind: Striking
    case_id: UUID | None
    number: str
    count: int
    review_by: date
    review: LookReview | None

    @property
    def waits(self) -> bool:
        """Whether no privacy officer said that all is well, or that it may be a data breach."""
        return self.review is None or self.review.verdict == LookVerdict.NAVRAGEN


@dataclass
class _Facts:
    """What is compared of the people of one case."""

    number: str = ""
    names: set[str] = field(default_factory=set)
    postcodes: set[str] = field(default_factory=set)
    reached: set[str] = field(default_factory=set)


def monday_of(day: date) -> date:
    """The first day of the week of a day."""
    return day - timedelta(days=day.weekday())


@beyond_scope()
def striking_looks(actor: Actor, week: date) -> list[Finding]:
    """The striking looks in a week from its Monday, in the gemeenten of a privacy officer; what waits comes first.

    Compared are the people of the household with the looker: family name, postcode, and telephone and e-mail with
    those of all medewerkers; a family name that came by marriage, or a birth date, is not known of medewerkers.
    """
    gemeenten = actor.gemeenten_as("privacy")
    pairs = _pairs(gemeenten, week)
    users = User.objects.in_bulk({pair["user_id"] for pair in pairs})
    facts = _facts({pair["case_id"] for pair in pairs})
    colleagues = _reached_of_staff()
    found = [
        (pair["gemeente_id"], users[pair["user_id"]], kind, pair["case_id"], pair["count"])
        for pair in pairs
        if pair["case_id"] in facts
        for kind in _kinds(pair, users[pair["user_id"]], facts[pair["case_id"]], colleagues)
    ]
    rules = {gemeente: AccessRules.objects.of(gemeente) for gemeente in gemeenten}
    found += [(gemeente, users[user], Striking.VEEL, None, many) for gemeente, user, many in _many(pairs, rules)]
    reviews = _reviews(gemeenten, week)
    due = {pk: add_working_days(week + WEEK, rule.review_days, equated_days()) for pk, rule in rules.items()}
    findings = [
        Finding(gemeente, week, user, kind, case, facts[case].number if case else "", count, due[gemeente],
                reviews.get((gemeente, user.pk, case, str(kind))))
        for gemeente, user, kind, case, count in found
    ]  # fmt: skip
    return sorted(findings, key=lambda each: (not each.waits, each.looker.name, each.number, each.kind))


def _pairs(gemeenten: Collection[int], week: date) -> list[dict[str, Any]]:
    """Who looked at which case, how often and on which grounds."""
    rows = LogRow.objects.filter(gemeente_id__in=gemeenten, action__in=LOOKS, actor_kind=User.Kind.MEDEWERKER)
    rows = in_period(rows.exclude(case_id=None), week, week + WEEK - timedelta(days=1))
    grounds = ArrayAgg("basis", distinct=True, filter=~Q(basis=""), default=[])
    counted = rows.order_by().values("gemeente_id", "user_id", "case_id")
    return [dict(pair) for pair in counted.annotate(count=Count("pk"), grounds=grounds)]


def _facts(case_ids: Collection[UUID]) -> dict[UUID, _Facts]:
    """What is compared of each case, of everybody who belongs or belonged to its household."""
    people = "household__people__"
    names = [f"{people}{name}" for name in ("family_name", "postcode", "phone", "email")]
    found: dict[UUID, _Facts] = defaultdict(_Facts)
    for pk, number, family, postcode, phone, email in Case.objects.filter(pk__in=case_ids).values_list(
        "pk", "reference", *names
    ):
        facts = found[pk]
        facts.number = number
        facts.names.add(_plain(family))
        facts.postcodes.add(_plain(postcode))
        facts.reached |= _reached(phone, email)
    return found


def _plain(text: str | None) -> str:
    return re.sub(r"\s+", "", text or "").casefold()


def _reached(phone: str | None, email: str | None) -> set[str]:
    """Telephone and e-mail in one written form; a number too short to tell people apart is left out."""
    digits = re.sub(r"\D", "", phone or "")
    return {_plain(email), digits if len(digits) >= SHORTEST else ""} - {""}


def _reached_of_staff() -> set[str]:
    staff = User.objects.filter(kind=User.Kind.MEDEWERKER).values_list("phone", "email")
    return {each for phone, email in staff for each in _reached(phone, email)}


def _kinds(pair: Mapping[str, Any], looker: User, facts: _Facts, colleagues: set[str]) -> Iterator[Striking]:
    """Why the looks of one person at one case strike; who handles a colleague's case does no more than that."""
    words = looker.name.split()
    endings = {_plain(" ".join(words[start:])) for start in range(1, len(words))}
    if endings & (facts.names - {""}):
        yield Striking.NAAM
    if _plain(looker.home_postcode) in facts.postcodes - {""}:
        yield Striking.BUREN
    if facts.reached & colleagues and not HANDLING_KINDS & set(pair["grounds"]):
        yield Striking.COLLEGA
    if GrantKind.NOODTOEGANG in pair["grounds"]:
        yield Striking.NOODTOEGANG


def _many(pairs: list[dict[str, Any]], rules: Mapping[int, AccessRules]) -> Iterator[tuple[int, int, int]]:
    """Who saw more cases by the team alone than the gemeente takes for usual, and how many."""
    counts: dict[tuple[int, int], int] = defaultdict(int)
    for pair in pairs:
        counts[pair["gemeente_id"], pair["user_id"]] += pair["grounds"] == ["team"]
    for (gemeente, user), count in counts.items():
        if count > rules[gemeente].outside_looks:
            yield gemeente, user, count


def _reviews(gemeenten: Collection[int], week: date) -> dict[tuple[int, int, UUID | None, str], LookReview]:
    marked = LookReview.objects.filter(gemeente_id__in=gemeenten, week=week).select_related("reviewed_by")
    return {(each.gemeente_id, each.looker_id, each.case_id, each.kind): each for each in marked}
