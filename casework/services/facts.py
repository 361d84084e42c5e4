"""The file of each person in a case: facts written and bettered, and their use under another law allowed and ended."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import transaction

from casework.enums import Law, SharingGround
from casework.models import Case, Fact, FactUse, Leefgebied, Person
from casework.selectors.facts import laws_of
from casework.services.opening import open_case, person_in
from toegang.core.access import Actor
from toegang.core.lifecycle import Blocked, lock
from toegang.core.records import keep, take_version

NOT_YOURS = "Alleen wie deze zaak behandelt, schrijft in een dossier."


@dataclass(frozen=True)
class FactWords:
    """One fact: about which leefgebied, what, from whom and on which day."""

    leefgebied: Leefgebied
    text: str
    source: str
    gathered_on: date


@dataclass(frozen=True)
class UseFacts:
    """Which facts may be used under another law, on which ground, for what, and until which day."""

    from_law: Law
    leefgebied: Leefgebied | None
    ground: SharingGround
    giver: str
    purpose: str
    evidence: str
    since: date
    until: date


def _file(case: Case, person_id: UUID | str, law: Law) -> Person:
    """The person whose file this is; raises Blocked for somebody else, or a law that is not at stake here."""
    person = person_in(case, person_id)
    if law not in laws_of(case, person):
        raise Blocked([f"In deze zaak is er voor {person} geen vraag onder deze wet."])
    return person


def _refuse_future(words: FactWords, actor: Actor) -> None:
    if words.gathered_on > actor.today:
        raise Blocked(["De dag ligt in de toekomst."])


@transaction.atomic
def add_fact(*, case_id: UUID | str, person_id: UUID | str, law: Law, words: FactWords, actor: Actor) -> Fact:
    """Write one fact in the file of one person, under the law for which it was gathered."""
    case = open_case(case_id, actor, NOT_YOURS)
    person = _file(case, person_id, law)
    _refuse_future(words, actor)
    fact = Fact(
        gemeente_id=case.gemeente_id, case=case, person=person, law=law, leefgebied=words.leefgebied,
        text=words.text, source=words.source, gathered_on=words.gathered_on, written_by_id=actor.user_id,
    )  # fmt: skip
    keep(fact, by=actor, what="Dossier aangevuld")
    return fact


@transaction.atomic
def correct_fact(*, fact_id: UUID | str, version: int, words: FactWords, actor: Actor) -> Fact:
    """Write it better; the former words stay in the history. Raises Stale when a colleague was first."""
    fact = lock(Fact, fact_id)
    open_case(fact.case_id, actor, NOT_YOURS)
    take_version(fact, version)
    _refuse_future(words, actor)
    fact.leefgebied, fact.text = words.leefgebied, words.text
    fact.source, fact.gathered_on = words.source, words.gathered_on
    keep(fact, by=actor, what="Dossier verbeterd")
    return fact


@transaction.atomic
def allow_use(*, case_id: UUID | str, person_id: UUID | str, law: Law, use: UseFacts, actor: Actor) -> FactUse:
    """Record why facts that were gathered under another law may be used for this one; the same twice is one.

    Wmo 2015 art. 5.1.1 lid 4.
    """
    case = open_case(case_id, actor, NOT_YOURS)
    person = _file(case, person_id, law)
    if obstacles := _against(use, law, actor.today):
        raise Blocked(obstacles)
    facts = {"gemeente_id": case.gemeente_id, "case": case, "person": person, "to_law": law, **vars(use)}
    if same := FactUse.objects.filter(**facts, ended_on=None).first():
        return same
    found = FactUse(**facts, recorded_by_id=actor.user_id)
    keep(found, by=actor, what="Gebruik onder een andere wet toegestaan")
    return found


def _against(use: UseFacts, law: Law, today: date) -> list[str]:
    """What stands in the way of allowing a use."""
    wrong = {
        "Kies een andere wet dan die waarvoor u kijkt.": use.from_law == law,
        "Schrijf op wie de toestemming gaf.": use.ground == SharingGround.TOESTEMMING and not use.giver,
        "De eerste dag ligt in de toekomst.": use.since > today,
        "De laatste dag is al voorbij.": use.until < today,
    }
    return [sentence for sentence, holds in wrong.items() if holds]


@transaction.atomic
def end_use(*, use_id: UUID | str, actor: Actor) -> FactUse:
    """End it from now on, as when the consent is withdrawn; nothing happens when it ended already."""
    found = lock(FactUse, use_id)
    open_case(found.case_id, actor, NOT_YOURS)
    if found.ended_on is None:
        found.ended_on = actor.today
        keep(found, by=actor, what="Gebruik onder een andere wet beëindigd")
    return found
