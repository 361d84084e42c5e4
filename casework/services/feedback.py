"""Telling the melder or verwijzer how it goes: only with the yes of the inwoner, in one of three fixed sentences."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import transaction

from casework.models import Feedback, Reason
from casework.services.opening import open_case
from toegang.core.access import Actor
from toegang.core.lifecycle import Blocked
from toegang.core.records import keep

KIND = "terugkoppeling"


@dataclass(frozen=True)
class FeedbackFacts:
    """To whom, what the inwoner said of it and when, and after a yes which sentence was told, when and how."""

    to: str
    agreed: bool
    said_by: str
    said_on: date
    sentence: str = ""
    told_on: date | None = None
    told_how: str = ""


@transaction.atomic
def record_feedback(*, case_id: UUID | str, melding_id: UUID | str, facts: FeedbackFacts, actor: Actor) -> Feedback:
    """Record the answer of the inwoner and, after a yes, what was told; the same twice is one.

    Raises Blocked without a yes, for another sentence than the fixed ones of today, and for days that do not fit.
    """
    case = open_case(case_id, actor)
    melding = case.meldingen.filter(pk=melding_id).first()
    if melding is None or facts.to not in melding.receivers:
        raise Blocked(["Kies wie de melding deed of wie verwees."])
    fixed = Reason.objects.listed(KIND, actor.today).values_list("label", flat=True)
    wrong = {
        "Zonder ja van de inwoner vertelt u niets.": bool(facts.sentence) and not facts.agreed,
        "Kies een van de vaste zinnen.": bool(facts.sentence) and facts.sentence not in set(fixed),
        "De dag ligt in de toekomst.": max(facts.said_on, facts.told_on or facts.said_on) > actor.today,
        "Eerst zegt de inwoner ja, dan vertelt u het.": facts.told_on is not None and facts.told_on < facts.said_on,
    }
    if found := [sentence for sentence, holds in wrong.items() if holds]:
        raise Blocked(found)
    values = {"gemeente_id": case.gemeente_id, "case": case, "melding": melding, **vars(facts)}
    if same := Feedback.objects.filter(**values).first():
        return same
    record = Feedback(**values, by_id=actor.user_id)
    keep(
        record,
        by=actor,
        what="Terugkoppeling vastgelegd" if facts.sentence else "Antwoord over terugkoppeling vastgelegd",
    )
    return record
