"""The later part of one generated case: plan, choice, decision and evaluation."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

from casework.enums import Channel, GrantKind
from casework.models import Letter
from decisions.enums import BeschikkingStatus, Outcome
from decisions.models import Beschikking, BeschikkingLine
from plans.enums import Agreement, Choice, EvaluatieStatus, PlanStatus, Rung
from plans.models import Action, Evaluatie, Goal, LadderRung, MaatwerkLine, Plan
from toegang.core.models import StoredFile
from toegang.demo.journeys import Journey, write_grant
from toegang.demo.walk import Stage

S = Stage
TWO_YEARS = timedelta(days=728)


def write_help(journey: Journey) -> None:
    """Everything from the plan on, as far as the case came."""
    if journey.on(S.PLAN):
        line_id = _write_plan(journey)
        if journey.kind.drafted:
            _write_decision(journey, line_id)
    if journey.evaluation_on:
        _write_evaluation(journey)


def _answer(journey: Journey) -> dict[str, Any]:
    """Where the plan stands."""
    shared, agreed = journey.on(S.GEDEELD), journey.on(S.AKKOORD)
    if agreed:
        words = {"agreement": Agreement.HEEL, "agreed_on": agreed, "agreed_by": "De inwoner"}
        return {"status": PlanStatus.AKKOORD, "shared_on": shared, **words}
    return {"status": PlanStatus.GEDEELD, "shared_on": shared} if shared else {"status": PlanStatus.CONCEPT}


def _write_plan(journey: Journey) -> str:
    """Plan, goal, actions, ladder and the line of maatwerk, whose id is given."""
    theme, plan_id, goal_id, line_id = journey.theme, journey.new_id(), journey.new_id(), journey.new_id()
    journey.add(Plan, id=plan_id, number=1, own_words=theme.own_words, **_answer(journey))
    journey.add(Goal, id=goal_id, plan_id=plan_id, result=theme.goal, order=1)
    for by, what in theme.actions:
        journey.add(Action, id=journey.new_id(), goal_id=goal_id, by=by, what=what)
    for rung, finding in zip(Rung.values, theme.rungs, strict=True):
        journey.add(LadderRung, plan_id=plan_id, hulpvraag_id=journey.hulpvraag_id, rung=rung, finding=finding)
    if theme.product:
        _write_line(journey, line_id, plan_id, goal_id)
    return line_id


def _write_line(journey: Journey, line_id: str, plan_id: str, goal_id: str) -> None:
    product = journey.ground.products[journey.theme.product]
    starts_on = (journey.on(S.AKKOORD) or journey.ground.today) + timedelta(days=14)
    provider_id = journey.rng.choice(journey.ground.providers[product.pk])
    choice = {"choice": Choice.AANBIEDER, "provider_id": provider_id, "choice_reason": "Dichtbij huis."}
    journey.add(
        MaatwerkLine,
        id=line_id,
        plan_id=plan_id,
        hulpvraag_id=journey.hulpvraag_id,
        goal_id=goal_id,
        product_id=product.pk,
        volume=Decimal(journey.rng.randint(1, 6)),
        unit=product.unit,
        frequency=product.frequency,
        starts_on=starts_on,
        ends_on=starts_on + TWO_YEARS,
        **(choice if journey.on(S.BESLUIT) else {}),
    )


def _write_decision(journey: Journey, line_id: str) -> None:
    beschikking_id = journey.new_id()
    journey.add(
        Beschikking,
        id=beschikking_id,
        hulpvraag_id=journey.hulpvraag_id,
        outcome=Outcome.TOEKENNING,
        motivation=journey.theme.motivation,
        drafted_by_id=journey.worker_id,
        reviewer_id=journey.ground.toetser.pk,
        **_approval(journey),
        **_dispatch(journey),
    )
    journey.add(BeschikkingLine, beschikking_id=beschikking_id, line_id=line_id)


def _approval(journey: Journey) -> dict[str, Any]:
    submitted, approved = journey.on(S.TER_TOETSING), journey.on(S.VASTGESTELD)
    if approved:
        return {"approved_by_id": journey.ground.toetser.pk, "approved_on": approved}
    if submitted:
        write_grant(journey, journey.ground.toetser.pk, GrantKind.TOETSING, submitted)
    return {}


def _dispatch(journey: Journey) -> dict[str, Any]:
    """Status, number and letter: sent, on the print list, or not that far."""
    sent = journey.on(S.VERZONDEN)
    if not (sent or journey.kind.ordered):
        steps = {S.VASTGESTELD: BeschikkingStatus.VASTGESTELD, S.TER_TOETSING: BeschikkingStatus.TER_TOETSING}
        return {"status": steps.get(journey.kind.stage, BeschikkingStatus.CONCEPT)}
    year = (sent or journey.ground.today).year
    number = f"B-{year}-{journey.numbers.take('besluit', year):05d}"
    facts = {"number": number, "letter_id": _write_letter(journey, number)}
    if not sent:
        return {"status": BeschikkingStatus.IN_VERZENDING, **facts}
    until = journey.ground.terms.due_on("bezwaar_indienen", sent)
    return {"status": BeschikkingStatus.VERZONDEN, "sent_on": sent, "bezwaar_until": until, **facts}


def _write_letter(journey: Journey, number: str) -> str:
    """The letter of a decision, with its stored file; one that was not sent is of today and on paper."""
    sent, letter_id, file_id = journey.on(S.VERZONDEN), journey.new_id(), journey.new_id()
    sample = journey.ground.letter
    sample.link(file_id)
    journey.add(
        StoredFile,
        id=file_id,
        name=f"beschikking-{number}.pdf",
        content_type="application/pdf",
        size=sample.size,
        sha256=sample.sha256,
    )
    journey.add(
        Letter,
        id=letter_id,
        hulpvraag_id=journey.hulpvraag_id,
        addressee_id=journey.asker_id,
        kind="beschikking",
        subject="Besluit op uw aanvraag",
        reference=number,
        channel=Channel.DIGITAAL if journey.digital and sent else Channel.PAPIER,
        dated=sent or journey.ground.today,
        document_id=file_id,
        sent_on=sent,
        ordered_by_id=journey.worker_id,
    )
    return letter_id


def _write_evaluation(journey: Journey) -> None:
    held = journey.days.evaluated
    if held:
        journey.add(
            Evaluatie,
            id=journey.new_id(),
            due_on=held,
            status=EvaluatieStatus.AFGEROND,
            held_on=held,
            finished_on=held,
            inwoner_view="De hulp past bij mij.",
            our_view="Het doel komt dichterbij.",
        )
    else:
        journey.add(Evaluatie, id=journey.new_id(), due_on=journey.evaluation_on, status=EvaluatieStatus.GEPLAND)
