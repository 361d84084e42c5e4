"""What became of the meldingen that somebody of a ketenpartner sent: received, taken up or ended, and no more."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from django.db.models import Exists, OuterRef, Q

from casework.enums import CaseStatus, GrantKind, HulpvraagStatus, Route, SignalStatus
from casework.models import Grant, Hulpvraag, Melding, Signal, SignalAttempt
from toegang.accounts.models import Gemeente, ReportRight
from toegang.core.wall import beyond_scope

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from toegang.core.access import Actor

MOST = 100
OVER = (HulpvraagStatus.BEEINDIGD, HulpvraagStatus.DOORGEZET)  # help without a besluit goes on, to its sender
UNTOUCHED = (HulpvraagStatus.GEMELD, HulpvraagStatus.VERWEZEN)

# That a signal joined another, or a case, is not the sender's to know: it is taken up.
SIGNAL_STATES: dict[str, str] = {
    SignalStatus.ONTVANGEN: "Ontvangen",
    SignalStatus.CONTACT: "Opgepakt",
    SignalStatus.MELDING: "Opgepakt",
    SignalStatus.SAMENGEVOEGD: "Opgepakt",
    SignalStatus.OVERGEDRAGEN: "Afgerond",
    SignalStatus.NIET_OPGEVOLGD: "Afgerond",
}


@dataclass(frozen=True)
class Report:
    """One melding as its sender may know it: the own words, when, and how far; nothing that we know ourselves."""

    words: str
    on: date
    state: str


def report_gemeenten(actor: Actor) -> QuerySet[Gemeente]:
    """The gemeenten to which somebody of a ketenpartner may send meldingen today."""
    if "ketenpartner" not in actor.roles:
        return Gemeente.objects.none()
    held = ReportRight.objects.on(actor.today).filter(user_id=actor.user_id)
    return Gemeente.objects.filter(pk__in=held.values("gemeente_id")).order_by("name")


def reports_of(actor: Actor) -> list[Report]:
    """The own meldingen to the gemeenten of today, the newest first."""
    gemeenten = list(report_gemeenten(actor))
    if not gemeenten:
        return []
    mine = Hulpvraag.objects.filter(Q(melding=OuterRef("pk")) | Q(melding=OuterRef("linked_to")))
    # Only what followed on the melding: that there was a contactpersoon already is not the sender's to know.
    since = Grant.objects.filter(case=OuterRef("case"), validity__startswith__gte=OuterRef("registered_at"))
    with beyond_scope():  # a ketenpartner sees no case
        sent = Melding.objects.filter(
            registered_by_id=actor.user_id, route=Route.KETENPARTNER, gemeente__in=gemeenten
        ).annotate(
            asked=Exists(mine),
            going_on=Exists(mine.exclude(status__in=OVER)),
            begun=Exists(mine.exclude(status__in=UNTOUCHED)),
            given=Exists(since.filter(kind=GrantKind.CONTACTPERSOON)),
        )
        rows = list(sent.select_related("case").order_by("-registered_at")[:MOST])
        later = SignalAttempt.objects.filter(signal=OuterRef("linked_to"), on__gt=OuterRef("received_on"))
        own = Signal.objects.filter(registered_by_id=actor.user_id, gemeente__in=gemeenten).select_related("linked_to")
        signals = list(own.annotate(followed=Exists(later)).order_by("-registered_at")[:MOST])
    told = [(row.registered_at, Report(row.words, row.received_on, _state(row))) for row in rows]
    told += [(row.registered_at, Report(row.seen, row.received_on, _signal_state(row))) for row in signals]
    return [report for _, report in sorted(told, key=lambda pair: pair[0], reverse=True)]


def _signal_state(row: Any) -> str:
    """Of one that joined an earlier signal nothing shows before something is done after it came."""
    if row.linked_to is None:
        return SIGNAL_STATES[row.status]
    if row.linked_to.ended_on and row.linked_to.ended_on >= row.received_on:
        return SIGNAL_STATES[row.linked_to.status]
    return "Opgepakt" if row.followed else "Ontvangen"


def _state(row: Any) -> str:
    if row.case.status == CaseStatus.AFGESLOTEN or (row.asked and not row.going_on):
        return "Afgerond"
    return "Opgepakt" if row.begun or row.given else "Ontvangen"
