"""How much work a colleague has: a weighted number, with the lines that make it up."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db.models import Count, Exists, F, Min, OuterRef, Prefetch, Q

from casework.enums import CaseStatus, GrantKind
from casework.models import Assignment, Case, CaseloadWeight, Forwarding, Grant, Hulpvraag
from casework.rules import BEFORE_THE_TALK, ENDED
from casework.selectors import unassigned_cases
from toegang.accounts.models import Absence, User
from toegang.core.money import decimal_text
from toegang.core.wall import beyond_scope

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from toegang.core.access import Actor

C = CaseStatus
PLACE = {C.MELDING: "begin", C.GESPREK: "begin", C.VRAAGANALYSE: "begin", C.PLAN: "begin",
         C.AANBIEDER: "keuze", C.BESLUIT: "keuze", C.UITVOERING: "loopt", C.EVALUATIE: "loopt"}  # fmt: skip


@dataclass
class Caseload:
    """The open cases of which somebody is contactpersoon, and what they weigh."""

    cases: int = 0
    counts: Counter[str] = field(default_factory=Counter)
    weights: list[CaseloadWeight] = field(default_factory=list)

    @property
    def points(self) -> Decimal:
        """The weighted number."""
        return sum((self.counts[weight.key] * weight.points for weight in self.weights), Decimal(0))

    @property
    def text(self) -> str:
        """The weighted number as people write it: 7,5."""
        return decimal_text(self.points)

    @property
    def lines(self) -> list[str]:
        """What makes it up, in words: '3 × zaak waarin hulp loopt (0,5)'."""
        told = [(self.counts[weight.key], weight) for weight in self.weights if self.counts[weight.key]]
        return [f"{count} × {weight.label.lower()} ({weight.text})" for count, weight in told]


def caseloads_of(users: Collection[User], today: date) -> dict[int, Caseload]:
    """The caseload of each of these colleagues, by key; numbers only, so that shielded cases count too."""
    weights = list(CaseloadWeight.objects.valid_on(today).order_by("order"))
    loads = {user.pk: Caseload(weights=weights) for user in users}
    held = Grant.objects.valid_now().filter(kind=GrantKind.CONTACTPERSOON, user_id__in=list(loads), case=OuterRef("pk"))
    running = ~Q(hulpvragen__status__in=ENDED)
    found = Case.objects.exclude(status=C.AFGESLOTEN).annotate(
        holder=held.values("user_id")[:1], questions=Count("hulpvragen", filter=running)
    )
    names = ("holder", "status", "urgent", "has_safety", "questions", "interpreter")
    with beyond_scope():
        rows = list(found.filter(Exists(held)).annotate(interpreter=F("person__interpreter")).values(*names))
    for row in rows:
        load = loads[row["holder"]]
        load.cases += 1
        load.counts += _weighed(row)
    return loads


def _weighed(row: dict[str, Any]) -> Counter[str]:
    """How often each weight counts for one case."""
    return Counter(
        {
            PLACE[row["status"]]: 1,
            "vraag": max(row["questions"] - 1, 0),
            "spoed": int(row["urgent"] and row["status"] in BEFORE_THE_TALK),
            "veiligheid": int(row["has_safety"]),
            "tolk": int(bool(row["interpreter"])),
        }
    )


@dataclass(frozen=True)
class Member:
    """A colleague with the caseload, and until when he or she is away."""

    user: User
    load: Caseload
    away_until: date | None


def members_with_load(users: Collection[User], today: date) -> list[Member]:
    """Colleagues with what they have, the least first; who is away comes last."""
    away = dict(Absence.objects.on(today).filter(user__in=users).values_list("user_id", "until"))
    loads = caseloads_of(users, today)
    found = [Member(user, loads[user.pk], away.get(user.pk)) for user in users]
    return sorted(found, key=lambda member: (member.away_until is not None, member.load.points, member.user.name))


def cases_to_divide(actor: Actor, *, limit: int) -> list[Case]:
    """Cases of the actor's teams without a contactpersoon, urgent first and then the first term; who gave one back."""
    given_back = Assignment.objects.filter(accepted=False).select_related("user").order_by("-pk")
    found = unassigned_cases(actor).select_related("person", "wijk", "team")
    found = found.annotate(first_due=Min("deadlines__due_on", filter=Q(deadlines__met_on=None)))
    ordered = found.order_by("-urgent", F("first_due").asc(nulls_last=True), "opened_on")
    questions = Prefetch("hulpvragen", Hulpvraag.objects.order_by("law"))
    return list(ordered.prefetch_related(questions, Prefetch("assignments", given_back, "given_back"))[:limit])


def open_assignments(actor: Actor) -> QuerySet[Assignment]:
    """What was given to the actor and waits for an answer."""
    waiting = Assignment.objects.filter(user=actor.user_id, answered_on=None)
    return waiting.select_related("case__person", "by").order_by("pk")


def not_taken_for(actor: Actor) -> list[Forwarding]:
    """Questions of the actor's own cases that another desk did not take by their day: they come back."""
    late = Forwarding.objects.filter(taken_on=None, ended_on=None, due_on__lt=actor.today)
    mine = Case.objects.in_hand_of(actor).values("pk")
    return list(late.filter(case__in=mine).select_related("case", "hulpvraag__person").order_by("due_on"))
