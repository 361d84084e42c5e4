"""Requests about the own data: what waits, who watches, what is restricted, and what may be corrected."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import OuterRef, QuerySet, Subquery

from casework.enums import PRIVACY_ENDED, GrantKind, PrivacyKind, PrivacyStatus, Subject
from casework.models import Case, Grant, Hulpvraag, PrivacyRequest
from toegang.core.templatetags.ui import DueView
from toegang.core.wall import beyond_scope

if TYPE_CHECKING:
    from collections.abc import Iterable

    from toegang.core.access import Actor

PRIVACY_ROLE = "privacy"
S = Subject


def open_requests() -> QuerySet[PrivacyRequest]:
    """Requests about own data that wait for an answer, the first term first."""
    return PrivacyRequest.objects.exclude(status__in=PRIVACY_ENDED).order_by("due_on", "pk")


def requests_to_answer(actor: Actor) -> QuerySet[PrivacyRequest]:
    """Requests about own data in the cases of which the actor is contactpersoon; a closed case counts too."""
    held = Grant.objects.valid_now().filter(kind=GrantKind.CONTACTPERSOON, user_id=actor.user_id)
    return open_requests().filter(case__in=held.values("case_id"))


@dataclass(frozen=True)
class WatchedRequest:
    """A request about own data as the privacy officer sees it: no name, no words."""

    reference: str
    case_id: UUID
    gemeente: str
    kind: str
    status: str
    received_on: date
    due: DueView
    extended: bool


def watched_requests(actor: Actor) -> list[WatchedRequest]:
    """Every open request of the gemeenten that the actor is privacy officer of, the first term first.

    This goes beyond the cases that the actor may see, on purpose: it gives numbers and dates, never content.
    """
    found = open_requests().filter(gemeente_id__in=actor.gemeenten_as(PRIVACY_ROLE))
    columns = ("case__reference", "case_id", "gemeente__name", "kind", "status", "received_on", "due_on", "extended_on")
    with beyond_scope():
        rows = list(found.values_list(*columns))
    return [
        WatchedRequest(
            reference=reference,
            case_id=case_id,
            gemeente=gemeente,
            kind=PrivacyKind(kind).label,
            status=PrivacyStatus(status).label,
            received_on=received_on,
            due=DueView(due_on, actor.today),
            extended=extended_on is not None,
        )
        for reference, case_id, gemeente, kind, status, received_on, due_on, extended_on in rows
    ]


def restrictions() -> QuerySet[PrivacyRequest]:
    """Restrictions of the use of a case that are on now (AVG art. 18)."""
    return PrivacyRequest.objects.filter(restricted_on__isnull=False, lifted_on=None).order_by("restricted_on")


def with_restriction(cases: QuerySet[Case]) -> QuerySet[Case]:
    """Cases with `restricted_since`: the day since which their use is restricted, or None."""
    on = restrictions().filter(case=OuterRef("pk")).values("restricted_on")[:1]
    return cases.annotate(restricted_since=Subquery(on))


def subjects_of(hulpvragen: Iterable[Hulpvraag]) -> list[tuple[str, str]]:
    """What a correction or a statement may be about: key and words, the same for inwoner and professional.

    A verslag or a besluit can only be named when it was sent: the inwoner has seen it.
    """
    found = [(S.GEGEVENS.value, S.GEGEVENS.label)]
    for hulpvraag in hulpvragen:
        there = {S.VRAAG: True, S.VERSLAG: hulpvraag.verslag_sent_on, S.BESLUIT: hulpvraag.besluit_sent_on}
        law = hulpvraag.get_law_display()
        found += [(f"{s.value}:{hulpvraag.pk}", f"{s.label} ({law})") for s, known in there.items() if known]
    return [*found, (S.PLAN.value, S.PLAN.label)]
