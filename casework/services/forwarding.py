"""Sending a question on to another desk with the yes of the inwoner, and following what becomes of it.

Nothing goes to another desk without the inwoner (Wmo 2015 art. 5.1.1; AVG art. 6). When nobody there took it by its
day, it comes back on the work list of the contactpersoon.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction

from casework import deadlines
from casework.models import Forwarding, Hulpvraag, Reason
from casework.permissions import may_handle
from casework.services.deadlines import set_deadline
from casework.services.intake import hand_over
from toegang.core.access import Actor
from toegang.core.lifecycle import Blocked, carry_out, lock
from toegang.core.models import TermRule
from toegang.core.records import keep
from toegang.core.terms import due_on

DESKS = "loket"  # the kind of Reason
OWN_POLICY = "beleid"


@dataclass(frozen=True)
class ForwardFacts:
    """To which desk, whom we spoke there, and who agreed when."""

    desk: str
    contact: str
    agreed_by: str
    agreed_on: date


@transaction.atomic
def forward(*, hulpvraag_id: UUID | str, facts: ForwardFacts, actor: Actor) -> Forwarding:
    """Send a question on. Raises Blocked for a desk that is not on the list, a day to come, and another state."""
    desk = Reason.objects.listed(DESKS, actor.today).filter(label=facts.desk).first()
    if desk is None:
        raise Blocked(["Kies een loket van de lijst."])
    if facts.agreed_on > actor.today:
        raise Blocked(["De dag waarop de inwoner ja zei, ligt in de toekomst."])
    hulpvraag = hand_over(hulpvraag_id=hulpvraag_id, to=facts.desk, actor=actor)
    row = Forwarding(
        gemeente_id=hulpvraag.gemeente_id,
        case_id=hulpvraag.case_id,
        hulpvraag=hulpvraag,
        sent_on=actor.today,
        due_on=_due(desk.key, hulpvraag, actor.today),
        by_id=actor.user_id,
        **vars(facts),
    )
    keep(row, by=actor, what=f"Vraag doorgezet naar {facts.desk}")
    return row


def _due(desk: str, hulpvraag: Hulpvraag, today: date) -> date:
    """The term of the law runs from the melding, our own from the day on which we sent it on."""
    key = f"loket_{desk}"
    rule = TermRule.objects.valid_on(today).filter(key=key).first()
    if rule is None:
        return due_on("loket", today)
    return due_on(key, today if rule.law == OWN_POLICY else hulpvraag.melding_on)


def _running(forwarding_id: UUID | str, actor: Actor) -> Forwarding:
    row = lock(Forwarding, forwarding_id)
    if not may_handle(row, actor):
        raise PermissionDenied("Alleen wie de zaak behandelt, legt dit vast.")
    if row.ended_on:
        raise Blocked(["Van deze vraag is al vastgelegd hoe het afliep."])
    return row


@transaction.atomic
def note_taken(*, forwarding_id: UUID | str, contact: str, actor: Actor) -> Forwarding:
    """Note that the desk took it, and who does it there."""
    row = _running(forwarding_id, actor)
    row.taken_on, row.contact = actor.today, contact
    keep(row, by=actor, what=f"{row.desk} heeft de vraag opgepakt")
    return row


@transaction.atomic
def note_outcome(*, forwarding_id: UUID | str, outcome: str, actor: Actor) -> Forwarding:
    """Note how it ended there."""
    row = _running(forwarding_id, actor)
    row.outcome, row.ended_on = outcome, actor.today
    row.taken_on = row.taken_on or actor.today
    keep(row, by=actor, what=f"Uitkomst van {row.desk} vastgelegd")
    return row


@transaction.atomic
def take_back(*, forwarding_id: UUID | str, why: str, actor: Actor) -> Hulpvraag:
    """Let the question be ours again, with the terms that it had: they run from the melding."""
    row = _running(forwarding_id, actor)
    row.outcome, row.ended_on, row.came_back = why, actor.today, True
    keep(row, by=actor, what=f"Vraag terug van {row.desk}")
    hulpvraag = lock(Hulpvraag, row.hulpvraag_id)
    carry_out(hulpvraag, "take_back", by=actor, reason=why)
    cause = "terug van een ander loket"
    for key in deadlines.AT_MELDING.get(hulpvraag.law, ()):
        set_deadline(hulpvraag=hulpvraag, key=key, starts_on=hulpvraag.melding_on, cause=cause, by=actor)
    return hulpvraag
