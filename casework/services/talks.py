"""The conversation: planned, moved, missed, held in any form."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction

from casework.enums import CaseStatus, FirstWay, GrantKind, GrantPart, HulpvraagStatus, Safe, TalkOutcome
from casework.models import Case, FirstCall, Grant, Leefgebied, LeefgebiedNote, Person, SafetyRecord, Talk
from casework.permissions import may_handle
from casework.rules import BEFORE_THE_TALK
from casework.services.grants import end_grants, log_end
from casework.services.letters import order_letter, remake_letter
from casework.services.safety import add_safety_record
from toegang.accounts.models import system_user
from toegang.core.access import Actor
from toegang.core.lifecycle import Blocked, carry_out, lock
from toegang.core.records import keep, take_version
from toegang.core.wall import beyond_scope

NOT_READY = "Dit gesprek kan nog niet worden vastgelegd. Bel de contactpersoon van de gemeente."


@dataclass(frozen=True)
class HeldTalk:
    """What was agreed and told in a conversation that was held."""

    on: date
    form: str
    present: str
    summary: str
    support_told: bool
    own_plan_told: bool
    leefgebieden: Iterable[Leefgebied]


@dataclass(frozen=True)
class CallFacts:
    """What was said in the first call; `worries` about one person go to the veiligheidsdossier."""

    called_on: date
    spoke_with: str
    what: str
    wants: str
    urgent: bool
    safe: str
    worries: str
    about: Person
    agreed: str
    way: str


@transaction.atomic
def note_first_call(*, case_id: UUID | str, facts: CallFacts, actor: Actor) -> FirstCall:
    """Write down the first call and how it goes on; the same again is one.

    Who is not safe marks the case, also when who called may not write in the veiligheidsdossier. Raises
    PermissionDenied when worries are told by such a colleague, Blocked when the conversation was held already.
    """
    case = lock(Case, case_id)
    if not may_handle(case, actor):
        raise PermissionDenied("Alleen de contactpersoon schrijft in deze zaak.")
    if case.status not in BEFORE_THE_TALK:
        raise Blocked(["Het gesprek is al geweest. Leg dit telefoongesprek vast bij het onderzoek of het plan."])
    if not case.opened_on <= facts.called_on <= actor.today:
        raise Blocked(["De dag van het telefoongesprek ligt vóór de melding, of moet nog komen."])
    told = {name: value for name, value in vars(facts).items() if name not in {"worries", "about"}}
    row = case.first_calls.filter(by_id=actor.user_id, **told).first()
    again = row is not None
    if row is None:
        row = FirstCall(gemeente_id=case.gemeente_id, case=case, by_id=actor.user_id, **told)
        keep(row, by=actor, what=str(row))
        case.urgent = case.urgent or facts.urgent or facts.way == FirstWay.SPOED
        case.has_safety = case.has_safety or facts.safe == Safe.NEE
        keep(case, by=actor, what=str(row))
    _tell_worry(case, facts, actor, again=again)
    return row


def _tell_worry(case: Case, facts: CallFacts, actor: Actor, *, again: bool) -> None:
    """Into the veiligheidsdossier; of a call that is sent again it is written once."""
    if not facts.worries.strip():
        return
    words = {"text": facts.worries, "source": facts.spoke_with}
    told = SafetyRecord.objects.filter(case=case, written_by_id=actor.user_id, person=facts.about, **words)
    if again and told.exists():
        return
    law = case.hulpvragen.order_by("melding_on", "pk").values_list("law", flat=True)[0]
    add_safety_record(case_id=case.pk, person_id=facts.about.pk, law=law, actor=actor, **words)


@transaction.atomic
def plan_talk(
    *,
    case_id: UUID | str,
    at: datetime,
    form: str,
    place: str,
    actor: Actor,
    invite: bool = True,
    version: int | None = None,
) -> Case:
    """Plan the conversation, or move it; the former appointment stays readable.

    With the `version` of the case that a form showed, raises Stale when somebody else planned since.
    """
    case = lock(Case, case_id)
    if version is not None:
        take_version(case, version)
    if at <= actor.now:
        raise Blocked(["Kies een moment dat nog komt. Is het gesprek al geweest? Leg het dan vast als gevoerd."])
    for talk in case.talks.filter(outcome=TalkOutcome.GEPLAND):
        talk.outcome = TalkOutcome.VERZET
        keep(talk, by=actor, what="Gesprek verzet")
    step = "plan_conversation" if case.status == CaseStatus.MELDING else "reschedule"
    carry_out(case, step, by=actor, on=at, form=form)
    talk = Talk(gemeente_id=case.gemeente_id, case=case, form=form, planned_at=at, place=place)
    keep(talk, by=actor, what="Gesprek gepland")
    _invite(case, actor, invite=invite)
    return case


def _invite(case: Case, actor: Actor, *, invite: bool) -> None:
    """Order an invitation; one that waits to be sent is made again, so that no letter leaves with a former moment."""
    waiting = case.letters.filter(kind="uitnodiging", sent_on=None).first()
    if waiting:
        remake_letter(letter_id=waiting.pk, by=actor)
    elif invite:
        subject = "Uitnodiging voor een gesprek"
        order_letter(kind="uitnodiging", case=case, addressee=case.person, subject=subject, by=actor)


@transaction.atomic
def record_no_show(*, case_id: UUID | str, note: str, actor: Actor) -> Case:
    """Note that the inwoner was not there; a new conversation can be planned."""
    case = lock(Case, case_id)
    talk = case.talks.filter(outcome=TalkOutcome.GEPLAND).first()
    if talk is None or talk.planned_at is None:
        raise Blocked(["Er is geen gesprek gepland."])
    if talk.planned_at > actor.now:
        raise Blocked(["Het gesprek moet nog komen."])
    talk.outcome, talk.summary = TalkOutcome.NIET_VERSCHENEN, note
    keep(talk, by=actor, what="Niet verschenen")
    carry_out(case, "record_no_show", by=actor, reason=note)
    return case


@transaction.atomic
def hold_talk(*, case_id: UUID | str, held: HeldTalk, actor: Actor) -> Case:
    """Record the conversation that was held; it starts the onderzoek of each hulpvraag."""
    case = lock(Case, case_id)
    if held.on > actor.today:
        raise Blocked(["Het gesprek kan niet in de toekomst gevoerd zijn."])
    talk = case.talks.filter(outcome=TalkOutcome.GEPLAND).first()
    talk = talk or Talk(gemeente_id=case.gemeente_id, case=case)
    talk.outcome, talk.held_on, talk.form = TalkOutcome.GEHOUDEN, held.on, held.form
    talk.present, talk.summary = held.present, held.summary
    keep(talk, by=actor, what="Gesprek gevoerd")
    _tell(case, held, actor)
    case.conversation_held_on, case.conversation_form = held.on, held.form
    carry_out(case, "hold_conversation", by=actor)
    partner = "ketenpartner" in actor.roles
    # The onderzoek is the municipality's: it starts by itself, a ketenpartner only held the conversation.
    _start_onderzoek(case, replace(actor, user=system_user(), kind="systeem") if partner else actor)
    for grant in end_grants(case.grants.valid_now().filter(kind=GrantKind.KETENPARTNER, parts=[GrantPart.GESPREK])):
        log_end(case, grant, "Het gesprek is gevoerd", actor)
    return case


@beyond_scope()  # who holds the conversation for the gemeente does not see the case
def hold_talk_as_partner(*, grant_id: int, held: HeldTalk, actor: Actor) -> Grant:
    """Record the conversation that a ketenpartner was asked to hold (Wmo 2015 art. 2.6.3); it decides nothing.

    Raises Grant.DoesNotExist for who was not asked, Blocked with one sentence that tells nothing of the case.
    """
    mine = Grant.objects.valid_now().filter(user_id=actor.user_id, kind=GrantKind.KETENPARTNER)
    grant: Grant = mine.get(pk=grant_id, parts=[GrantPart.GESPREK])
    case = lock(Case, grant.case_id)
    if not case.talks.filter(outcome=TalkOutcome.GEPLAND).exists():
        raise Blocked([NOT_READY])
    try:
        with transaction.atomic():
            hold_talk(case_id=case.pk, held=held, actor=actor)
    except Blocked:
        raise Blocked([NOT_READY]) from None
    return grant


@transaction.atomic
def investigate_on_file(*, case_id: UUID | str, reason: str, held: HeldTalk, actor: Actor) -> Case:
    """Go on without a conversation: refused, or two no-shows over two channels; the reason stays."""
    case = lock(Case, case_id)
    case.on_file_reason = reason
    _tell(case, held, actor)
    carry_out(case, "investigate_on_file", by=actor, reason=held.summary)
    _start_onderzoek(case, actor)
    return case


def _tell(case: Case, held: HeldTalk, actor: Actor) -> None:
    """Rights told at the latest at the start of the talk (Wmo 2015 art. 2.3.2 lid 2 and 3); subjects discussed."""
    if held.support_told:
        case.support_told_on = case.support_told_on or held.on
    if held.own_plan_told:
        case.own_plan_told_on = case.own_plan_told_on or held.on
    present = set(case.leefgebied_notes.values_list("leefgebied_id", flat=True))
    for leefgebied in held.leefgebieden:
        if leefgebied.pk not in present:
            note = LeefgebiedNote(gemeente_id=case.gemeente_id, case=case, leefgebied=leefgebied)
            keep(note, by=actor, what=f"Besproken: {leefgebied.name}")


def _start_onderzoek(case: Case, actor: Actor) -> None:
    for found in case.hulpvragen.filter(status=HulpvraagStatus.GEMELD):
        carry_out(lock(type(found), found.pk), "start_onderzoek", by=actor)
