"""The integrale vraaganalyse: leefgebieden, the onderzoek of each law, the verslag and the reaction to it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction

from casework import deadlines, rules
from casework.enums import CaseStatus, HulpvraagStatus, Reaction
from casework.models import Case, Hulpvraag, LeefgebiedNote, Letter, OnderzoekAnswer, OnderzoekPart
from casework.permissions import may_handle
from casework.services.deadlines import meet_deadline, set_deadline
from casework.services.letters import after_sent, order_letter
from toegang.core.access import Actor
from toegang.core.lifecycle import Blocked, Missing, carry_out, lock
from toegang.core.records import keep, take_version

ENDS_AN_AANVRAAG = frozenset({"ingetrokken", "overleden"})  # else an aanvraag ends in a besluit (Awb art. 4:13)


@dataclass(frozen=True)
class Answer:
    """The answer to one part of the onderzoek."""

    text: str
    not_applicable: bool = False


def _handled(case: Case, actor: Actor) -> Case:
    if not may_handle(case, actor):
        raise PermissionDenied("Alleen de contactpersoon schrijft in deze zaak.")
    return case


@transaction.atomic
def write_note(
    *, note_id: int, version: int, relevant: bool | None, why: str, situation: str, actor: Actor
) -> LeefgebiedNote:
    """Write what was said of a leefgebied; raises Stale when somebody else wrote since the form was opened."""
    note = lock(LeefgebiedNote, note_id)
    _handled(note.case, actor)
    take_version(note, version)
    note.relevant, note.why, note.situation = relevant, why, situation
    keep(note, by=actor, what=f"Vraaganalyse: {note.leefgebied.name}")
    return note


@transaction.atomic
def write_onderzoek(
    *,
    hulpvraag_id: UUID | str,
    version: int,
    answers: Mapping[int, Answer],
    actor: Actor,
    expert: tuple[str, str, str] | None = None,
) -> Hulpvraag:
    """Write the parts of the onderzoek of one hulpvraag; also half-done work is kept.

    Wmo 2015 art. 2.3.2 lid 4 a–g; Jeugdwet art. 2.3 with the expert (name, discipline, SKJ or BIG number).
    """
    hulpvraag = lock(Hulpvraag, hulpvraag_id)
    _handled(hulpvraag.case, actor)
    if not hulpvraag.is_investigated():
        raise Blocked([f"Het onderzoek kan niet meer: de stand is nu ‘{hulpvraag.get_status_display()}’."])
    if hulpvraag.letters.filter(kind="verslag", sent_on=None).exists():
        raise Blocked(["Het verslag van dit onderzoek wordt al verzonden. Leg een verbetering vast als reactie."])
    take_version(hulpvraag, version)
    if expert is not None:
        hulpvraag.expert_name, hulpvraag.expert_discipline, hulpvraag.expert_registration = expert
    keep(hulpvraag, by=actor, what="Onderzoek geschreven")
    present = {a.part_id: a for a in hulpvraag.onderzoek_answers.all()}
    for part in hulpvraag.parts():
        if part.pk in answers:
            _write_answer(hulpvraag, part, present.get(part.pk), answers[part.pk], actor)
    return hulpvraag


def _write_answer(
    hulpvraag: Hulpvraag, part: OnderzoekPart, present: OnderzoekAnswer | None, answer: Answer, actor: Actor
) -> None:
    row = present or OnderzoekAnswer(
        gemeente_id=hulpvraag.gemeente_id, case_id=hulpvraag.case_id, hulpvraag=hulpvraag, part=part
    )
    if present and (row.text, row.not_applicable) == (answer.text, answer.not_applicable):
        return
    row.text, row.not_applicable = answer.text, answer.not_applicable
    keep(row, by=actor, what=f"Onderzoek: {part.title}")


@transaction.atomic
def start_onderzoek(*, hulpvraag_id: UUID | str, actor: Actor) -> Hulpvraag:
    """Start the onderzoek of a question that joined a case after its conversation; its own talk may be by telephone."""
    hulpvraag = lock(Hulpvraag, hulpvraag_id)
    if hulpvraag.case.status in {CaseStatus.MELDING, CaseStatus.GESPREK}:
        raise Blocked([Missing("Het onderzoek begint bij het gesprek.", "gesprek")])
    carry_out(hulpvraag, "start_onderzoek", by=actor)
    return hulpvraag


@transaction.atomic
def send_verslag(*, hulpvraag_id: UUID | str, actor: Actor) -> Letter:
    """Order the verslag of the onderzoek (Wmo 2015 art. 2.3.2 lid 8); the worker sends it and moves the hulpvraag."""
    hulpvraag = lock(Hulpvraag, hulpvraag_id)
    _handled(hulpvraag.case, actor)
    if not hulpvraag.is_investigated():
        raise Blocked([f"Het verslag kan niet: de stand is nu ‘{hulpvraag.get_status_display()}’."])
    if missing := list(rules.ready_for_verslag(hulpvraag)):
        raise Blocked(missing)
    waiting = hulpvraag.letters.filter(kind="verslag", sent_on=None).first()
    return waiting or order_letter(
        kind="verslag",
        case=hulpvraag.case,
        hulpvraag=hulpvraag,
        addressee=hulpvraag.person,
        subject=f"Verslag van het onderzoek ({hulpvraag.get_law_display()})",
        by=actor,
    )


@after_sent("verslag")
def verslag_sent(letter: Letter, actor: Actor) -> None:
    """The verslag stands in the portaal or was posted: the onderzoek is done, the days for a reaction begin."""
    hulpvraag = lock(Hulpvraag, letter.hulpvraag_id)
    on = letter.sent_on
    if on is None or hulpvraag.verslag_sent_on or hulpvraag.status in rules.ENDED:
        return
    step = "mark_verslag_sent" if hulpvraag.status == HulpvraagStatus.ONDERZOEK else "note_verslag_sent"
    carry_out(hulpvraag, step, by=actor, on=on)
    if key := deadlines.ONDERZOEK.get(hulpvraag.law):
        meet_deadline(hulpvraag=hulpvraag, key=key, on=on, by=actor)
    set_deadline(hulpvraag=hulpvraag, key=deadlines.VERSLAG_REACTIE, starts_on=on, cause="verslag verzonden", by=actor)


@transaction.atomic
def record_reaction(
    *, hulpvraag_id: UUID | str, reaction: str, text: str, on: date, actor: Actor, version: int | None = None
) -> Hulpvraag:
    """Record the reaction to the verslag; 'geen reactie' only after the set days (termijn verslag_reactie).

    With the `version` of the hulpvraag that a form showed, raises Stale when somebody else wrote since.
    """
    hulpvraag = lock(Hulpvraag, hulpvraag_id)
    _handled(hulpvraag.case, actor)
    if version is not None:
        take_version(hulpvraag, version)
    if hulpvraag.verslag_sent_on is None:
        raise Blocked(["Het verslag is nog niet verzonden."])
    if not hulpvraag.verslag_sent_on <= on <= actor.today:
        raise Blocked(["De datum van de reactie ligt vóór het verslag of in de toekomst."])
    term = hulpvraag.deadlines.filter(key=deadlines.VERSLAG_REACTIE).first()
    if reaction == Reaction.GEEN and term is not None and actor.today <= term.due_on:
        raise Blocked([f"De inwoner mag nog reageren tot en met {term.due_on:%d-%m-%Y}."])
    hulpvraag.reaction, hulpvraag.reaction_text, hulpvraag.reaction_on = reaction, text, on
    keep(hulpvraag, by=actor, what="Reactie op het verslag")
    meet_deadline(hulpvraag=hulpvraag, key=deadlines.VERSLAG_REACTIE, on=on, by=actor)
    return hulpvraag


@transaction.atomic
def complete_analysis(*, case_id: UUID | str, actor: Actor) -> Case:
    """From question to plan, as soon as one hulpvraag is through its onderzoek."""
    case = lock(Case, case_id)
    carry_out(case, "complete_analysis", by=actor, on=actor.today)
    return case


@transaction.atomic
def step_back(*, case_id: UUID | str, step: str, reason: str, actor: Actor) -> Case:
    """Go back a step, with the reason; what was written stays."""
    case = lock(Case, case_id)
    if not step.startswith("return_to_"):
        raise Blocked(["Dit is geen stap terug."])
    if not reason.strip():
        raise Blocked(["Schrijf waarom u een stap teruggaat."])
    carry_out(case, step, by=actor, reason=reason)
    return case


@transaction.atomic
def close_case(*, case_id: UUID | str, reason: str, actor: Actor) -> Case:
    """Close the case; every hulpvraag that still runs is ended with this date and reason."""
    case = lock(Case, case_id)
    _handled(case, actor)
    if reason not in ENDS_AN_AANVRAAG and case.hulpvragen.filter(status=HulpvraagStatus.AANVRAAG).exists():
        raise Blocked(
            [
                Missing(
                    "Op een aanvraag volgt een besluit. Verstuur eerst het besluit, of leg vast dat de "
                    "inwoner de aanvraag introk.",
                    "besluit",
                )
            ]
        )
    for found in case.hulpvragen.exclude(status__in=rules.ENDED):
        carry_out(lock(Hulpvraag, found.pk), "end", by=actor, on=actor.today, end_reason=reason)
    case.close_reason = reason
    carry_out(case, "close", by=actor, on=actor.today)
    waiting = case.deadlines.filter(met_on=None).exclude(key=deadlines.SPOED_TOETS)  # the toetser still looks
    for deadline in waiting.select_related("hulpvraag"):
        meet_deadline(hulpvraag=deadline.hulpvraag, key=deadline.key, on=actor.today, by=actor)
    return case


@transaction.atomic
def reopen_case(*, case_id: UUID | str, reason: str, actor: Actor, at_plan: bool = False) -> Case:
    """Open a closed case again: in law a new melding follows with its own date; the old plan stays at hand."""
    case = lock(Case, case_id)
    if Case.objects.filter(household=case.household).exclude(status=CaseStatus.AFGESLOTEN).exists():
        raise Blocked(["Dit huishouden heeft al een open zaak. Voeg de vraag daar toe."])
    carry_out(case, "reopen_at_plan" if at_plan else "reopen", by=actor, reason=reason)
    return case
