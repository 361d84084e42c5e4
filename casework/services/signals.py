"""Signals about somebody who did not ask: registered, linked, followed by attempts, and ended with a reason.

A signal makes no person, no case and no term. The ground on which it is kept (AVG art. 6) is written down at the
first, and looked at again on its day.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q, QuerySet

from casework.enums import SignalKind, SignalStatus
from casework.models import Case, Reason, Signal, SignalAttempt, SignalSource
from casework.permissions import works_in_team_of
from casework.services.alerts import tell
from casework.services.intake import may_report_to
from toegang.accounts.models import Gemeente, Team, User
from toegang.core.access import Actor
from toegang.core.lifecycle import Blocked, carry_out, lock
from toegang.core.models import TermRule
from toegang.core.names import phone_key, sound_key
from toegang.core.records import keep
from toegang.core.terms import due_on
from toegang.core.wall import beyond_scope

REVIEW = "signaal_herbeoordeling"  # the term after which it is looked at again
GROUNDS, DESKS, NOT_FOLLOWED = "signaal_grond", "signaal_naar", "signaal_niet"  # kinds of Reason


@dataclass(frozen=True)
class SignalFacts:
    """What was told: about whom as far as it is known, what was seen, and by whom."""

    kind: str
    ground: str
    received_on: date
    seen: str
    source_capacity: str
    source_name: str = ""
    source_contact: str = ""
    source_secret: bool = False
    urgent: bool = False
    given_names: str = ""
    prefix: str = ""
    family_name: str = ""
    born: int = 0
    street: str = ""
    house_number: str = ""
    postcode: str = ""
    city: str = ""
    phone: str = ""


@beyond_scope()  # who takes calls for the gemeente works in no team, and the earlier signal may be another team's
def register_signal(*, actor: Actor, gemeente_id: int, team_id: int, facts: SignalFacts) -> Signal:
    """Register a signal; one about somebody of whom there is an open signal joins that one, with its team.

    Raises Blocked for a day to come, and for a ground that is not on the list of today.
    """
    if facts.received_on > actor.today:
        raise Blocked(["De datum van het signaal ligt in de toekomst."])
    _from_list(GROUNDS, facts.ground, actor)
    told = {name: value for name, value in vars(facts).items() if not name.startswith("source_")}
    first = _same_person(gemeente_id, facts)
    joins = {"status": SignalStatus.SAMENGEVOEGD, "linked_to": first, "ended_on": actor.today} if first else {}
    signal = Signal(
        gemeente_id=gemeente_id,
        team_id=first.team_id if first else team_id,
        registered_by_id=actor.user_id,
        review_on=due_on(REVIEW, actor.today),
        **told,
        **joins,
    )
    keep(signal, by=actor, what="Tweede signaal ontvangen en samengevoegd" if first else "Signaal ontvangen")
    if first and signal.urgent and not first.urgent:
        first.urgent = True
        keep(first, by=actor, what="Spoed door een tweede signaal")
    _keep_source(signal, facts, actor)
    return signal


def signal_as_partner(*, actor: Actor, gemeente_id: int, team_id: int, told: dict[str, Any]) -> Signal:
    """Register a signal of a ketenpartner, who may send meldingen today, on the ground of the public task.

    Raises PermissionDenied without that right, Blocked when the team does not work for the gemeente.
    """
    may_report_to(actor, gemeente_id, team_id)
    user = actor.user
    ground = Reason.objects.listed(GROUNDS, actor.today).get(key="publieke_taak").label
    capacity = str(getattr(user, "ketenpartner", ""))
    source = {"source_name": actor.name, "source_capacity": capacity}
    facts = SignalFacts(kind=SignalKind.ZORGEN, ground=ground, **(source | told))
    return register_signal(actor=actor, gemeente_id=gemeente_id, team_id=team_id, facts=facts)


def _same_person(gemeente_id: int, facts: SignalFacts) -> Signal | None:
    keys = {"sound": sound_key(facts.family_name), "phone": phone_key(facts.phone)}
    place = {"postcode": facts.postcode, "house_number": facts.house_number}
    Gemeente.objects.select_for_update(no_key=True).get(pk=gemeente_id)  # two at once about one person are linked
    found = Signal.objects.waiting().filter(gemeente_id=gemeente_id).about(**keys, **place)
    found = found.not_contradicting(kind=facts.kind, sound=keys["sound"], born=facts.born)
    first: Signal | None = found.select_for_update(of=("self",)).first()
    return first


def _keep_source(signal: Signal, facts: SignalFacts, actor: Actor) -> None:
    source = SignalSource(
        gemeente_id=signal.gemeente_id,
        signal=signal,
        name=facts.source_name,
        capacity=facts.source_capacity,
        contact=facts.source_contact,
        secret=facts.source_secret,
    )
    keep(source, by=actor, what="Bron van het signaal bewaard")


def _from_list(kind: str, label: str, actor: Actor) -> Reason:
    """One of the reasons of today; raises Blocked for any other text."""
    found: Reason | None = Reason.objects.listed(kind, actor.today).filter(label=label).first()
    if found is None:
        raise Blocked(["Kies een van de antwoorden op de lijst."])
    return found


def _mine(signal_id: UUID | str, actor: Actor) -> Signal:
    """A locked signal that the actor may follow; raises PermissionDenied."""
    signal = lock(Signal, signal_id)
    if not works_in_team_of(signal, actor):
        raise PermissionDenied("Alleen het team van dit signaal gaat ermee verder.")
    return signal


@transaction.atomic
def take_up(*, signal_id: UUID | str, actor: Actor) -> Signal:
    """Let the actor be the one who follows it."""
    signal = _mine(signal_id, actor)
    if signal.handler_id == actor.user_id:
        return signal
    carry_out(signal, "take_up", by=actor, handler=actor.user_id)
    return signal


@beyond_scope()  # it leaves what the actor may see
def move_signal(*, signal_id: UUID | str, team_id: str | int, why: str, actor: Actor) -> Signal:
    """Give a signal to another team of its gemeente, with what was joined to it. Raises Blocked for any other team."""
    signal = _mine(signal_id, actor)
    team = other_teams(signal).filter(pk=team_id).first()
    if team is None:
        raise Blocked(["Kies een ander team van deze gemeente."])
    carry_out(signal, "move", by=actor, team_id=team.pk, reason=why)
    for linked in signal.linked.all():
        linked.team_id = team.pk
        keep(linked, by=actor, what="Signaal naar een ander team")
    return signal


def other_teams(signal: Signal) -> QuerySet[Team]:
    """The teams that a signal may go to."""
    return Team.objects.filter(gemeenten=signal.gemeente_id).exclude(pk=signal.team_id).order_by("name")


@transaction.atomic
def record_attempt(*, signal_id: UUID | str, on: date, way: str, result: str, text: str, actor: Actor) -> SignalAttempt:
    """Add an attempt to the trail; the same twice is one. Raises Blocked for a day to come or before the signal."""
    signal = _mine(signal_id, actor)
    if not signal.received_on <= on <= actor.today:
        raise Blocked(["De poging ligt tussen de dag van het signaal en vandaag."])
    facts = {"signal": signal, "on": on, "way": way, "result": result, "text": text, "by_id": actor.user_id}
    if same := SignalAttempt.objects.filter(**facts).first():
        return same
    carry_out(signal, "seek_contact", by=actor)
    attempt = SignalAttempt(gemeente_id=signal.gemeente_id, **facts)
    keep(attempt, by=actor, what="Poging vastgelegd")
    return attempt


@transaction.atomic
def review_signal(*, signal_id: UUID | str, ground: str, review_on: date, actor: Actor) -> Signal:
    """Keep it longer, on a ground that is written down, until another day; at most the term from today."""
    signal = _mine(signal_id, actor)
    _from_list(GROUNDS, ground, actor)
    if not actor.today < review_on <= due_on(REVIEW, actor.today):
        raise Blocked([f"Kies een dag na vandaag, tot en met {due_on(REVIEW, actor.today):%d-%m-%Y}."])
    carry_out(signal, "review", by=actor, ground=ground, review_on=review_on)
    return signal


@beyond_scope()  # the case may be another team's
def become_melding(*, signal_id: UUID | str, case: Case, why: str, actor: Actor) -> Signal:
    """End a signal with the case of the melding that came of it; `why` says who said yes, or what safety asks."""
    signal = _mine(signal_id, actor)
    carry_out(signal, "become_melding", by=actor, on=actor.today, case_id=case.pk, why=why)
    _bring_linked(signal, case, actor)
    return signal


def _bring_linked(signal: Signal, case: Case, actor: Actor) -> None:
    """What was told later about the same person belongs to the same case (AVG art. 15)."""
    for linked in signal.linked.all():
        linked.case = case
        keep(linked, by=actor, what="Signaal samengevoegd met een zaak")


@transaction.atomic
def join_case(*, signal_id: UUID | str, reference: str, why: str, actor: Actor) -> Signal:
    """End a signal in an open case that the actor sees, and tell its contactpersoon. Raises Blocked without one."""
    signal = _mine(signal_id, actor)
    seen = Case.objects.workable_by(actor).filter(gemeente_id=signal.gemeente_id, closed_on=None)
    case = seen.filter(reference__iexact=reference.strip()).first()
    if case is None:
        raise Blocked(["U ziet geen open zaak met dit nummer. Controleer het nummer, of kies iets anders."])
    carry_out(signal, "join_case", by=actor, on=actor.today, case_id=case.pk, why=why)
    _bring_linked(signal, case, actor)
    contact = case.contactpersoon()
    others: list[User] = [contact] if contact and contact.pk != actor.user_id else []
    tell(others, kind="tell_signal", about=signal.pk, gemeente_id=case.gemeente_id, case_id=case.pk)
    return signal


@transaction.atomic
def join_signal(*, signal_id: UUID | str, earlier_id: UUID | str, actor: Actor) -> Signal:
    """End a signal in another open one of the team, about the same person; its linked ones go along."""
    signal, earlier = (_mine(pk, actor) for pk in sorted((str(signal_id), str(earlier_id))))
    if str(signal.pk) != str(signal_id):
        signal, earlier = earlier, signal
    if not earlier.is_open or signal.pk == earlier.pk:
        raise Blocked(["Kies een ander signaal dat nog open is."])
    carry_out(signal, "join_signal", by=actor, on=actor.today, signal_id=earlier.pk)
    for linked in signal.linked.all():
        linked.linked_to = earlier
        keep(linked, by=actor, what="Signaal samengevoegd met een eerder signaal")
    return signal


@transaction.atomic
def split_signal(*, signal_id: UUID | str, why: str, actor: Actor) -> Signal:
    """Take a signal apart again from the earlier one that it was joined to: it is about somebody else."""
    signal = _mine(signal_id, actor)
    carry_out(signal, "split", by=actor, reason=why, review_on=due_on(REVIEW, actor.today))
    return signal


@transaction.atomic
def hand_over_signal(*, signal_id: UUID | str, to: str, contact: str, why: str, actor: Actor) -> Signal:
    """Hand a signal over to GGD, OGGz, Veilig Thuis or the meldpunt of the Wvggz.

    The meldpunt investigates within fourteen days (Wvggz art. 5:2): where a term stands beside the desk, its last day
    is kept, so that the team asks when nothing is heard.
    """
    signal = _mine(signal_id, actor)
    term = f"signaal_{_from_list(DESKS, to, actor).key}"
    has_term = TermRule.objects.valid_on(actor.today).filter(key=term).exists()
    due = due_on(term, actor.today) if has_term else None
    carry_out(signal, "hand_over", by=actor, on=actor.today, to=to, contact=contact, why=why, answer_due_on=due)
    return signal


@transaction.atomic
def record_answer(*, signal_id: UUID | str, answer: str, actor: Actor) -> Signal:
    """Record what the other organisation did with it."""
    signal = _mine(signal_id, actor)
    carry_out(signal, "record_answer", by=actor, on=actor.today, answer=answer)
    return signal


@transaction.atomic
def drop_signal(*, signal_id: UUID | str, reason: str, why: str, actor: Actor) -> Signal:
    """End a signal that is not followed, with the reason of the list and what there is to say about it."""
    signal = _mine(signal_id, actor)
    _from_list(NOT_FOLLOWED, reason, actor)
    carry_out(signal, "drop", by=actor, on=actor.today, why=f"{reason}. {why}".strip())
    return signal


@transaction.atomic
def reopen_signal(*, signal_id: UUID | str, why: str, actor: Actor) -> Signal:
    """Go on with a signal that was handed over or not followed."""
    signal = _mine(signal_id, actor)
    carry_out(signal, "reopen", by=actor, reason=why, review_on=due_on(REVIEW, actor.today))
    return signal


def sources_of(signal: Signal, actor: Actor) -> list[tuple[Signal, SignalSource]]:
    """Who gave a signal and those that joined it, for the team that follows it: a look of its own.

    Raises PermissionDenied for others.
    """
    if not works_in_team_of(signal, actor):
        raise PermissionDenied("Alleen het team van dit signaal ziet wie het gaf.")
    where = {"object_type": "signal", "object_id": str(signal.pk), "case_id": signal.case_id}
    actor.looked_at("Bron van een signaal bekeken", **where, gemeente_id=signal.gemeente_id)
    found = SignalSource.objects.filter(Q(signal=signal) | Q(signal__linked_to=signal)).select_related("signal")
    return [(source.signal, source) for source in found.order_by("signal__received_on", "pk")]
