"""Simple questions: answered in minutes, counted, and a melding after all when that is asked."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from casework.models import Melding, Reason, ShortQuestion
from toegang.core.access import Actor
from toegang.core.lifecycle import Blocked, lock
from toegang.core.records import keep
from toegang.core.wall import beyond_scope

KIND = "korte_vraag"
TWICE = timedelta(minutes=2)  # a double click; two people may well ask the same on one day


@beyond_scope()  # who takes calls for the gemeente works in no team
def record_short_question(
    *, gemeente_id: int, team_id: int, route: str, words: str, outcome: str, actor: Actor
) -> ShortQuestion:
    """Record a question that was answered at once; the same again within two minutes is one.

    Raises Blocked for an outcome that is not on the list of today.
    """
    if not Reason.objects.listed(KIND, actor.today).filter(label=outcome).exists():
        raise Blocked(["Kies hoe het afliep."])
    facts = {"gemeente_id": gemeente_id, "team_id": team_id, "route": route, "words": words, "outcome": outcome}
    same = ShortQuestion.objects.filter(**facts, by_id=actor.user_id, at__gte=actor.now - TWICE).first()
    if same:
        return same
    question = ShortQuestion(**facts, on=actor.today, by_id=actor.user_id)
    keep(question, by=actor, what="Korte vraag beantwoord")
    return question


def _of_today(actor: Actor) -> QuerySet[ShortQuestion]:
    return ShortQuestion.objects.filter(by_id=actor.user_id, on=actor.today)


def own_short_questions(actor: Actor) -> list[ShortQuestion]:
    """What the actor answered today, the newest first."""
    with beyond_scope():
        return list(_of_today(actor)[:50])


def short_question_of(question_id: UUID, actor: Actor) -> ShortQuestion | None:
    """One of those of which nothing was made yet."""
    with beyond_scope():
        return _of_today(actor).filter(pk=question_id, melding=None).first()


@transaction.atomic
def made_a_melding(*, question_id: UUID, melding: Melding, actor: Actor) -> None:
    """Note that a melding came of it after all. Raises Blocked when there is one already."""
    with beyond_scope():
        question = lock(ShortQuestion, question_id)
        if question.melding_id or question.by_id != actor.user_id:
            raise Blocked(["Van deze vraag is al een melding gemaakt."])
        question.melding = melding
        keep(question, by=actor, what="Korte vraag werd toch een melding")
