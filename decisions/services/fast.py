"""The fast lane for a simple hulpmiddel: the whole way from conversation to draft decision in one act.

Nothing of the law is left out: the same services take the same steps, with the same guards, letters and terms
(Wmo 2015 art. 2.3.2 lid 4 a-g and lid 8, art. 2.3.5). What is short is the typing: each part is one line that was
filled in beforehand and read with the inwoner. Four eyes come after it, as ever.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction

from casework.enums import HulpvraagStatus, Law
from casework.models import Case, Hulpvraag, Leefgebied
from casework.rules import BEFORE_THE_TALK, ENDED
from casework.services import analysis, intake, talks
from casework.services.talks import HeldTalk
from decisions.enums import Outcome
from decisions.models import Beschikking
from decisions.permissions import may_handle
from decisions.services import drafting
from plans.enums import ActionBy, Agreement, CareForm, Choice, Rung
from plans.models import FastLane, Plan
from plans.services import agreement, choice, plan
from providers.models import Product, Provider
from toegang.accounts.models import User
from toegang.core.access import Actor
from toegang.core.lifecycle import Blocked, lock

H = HulpvraagStatus
# Which part of the onderzoek tells what a rung of the ladder asks (Wmo 2015 art. 2.3.2 lid 4, art. 2.3.5 lid 3).
PART_OF_RUNG = {Rung.EIGEN_KRACHT: "b", Rung.GEBRUIKELIJK: "b", Rung.NETWERK: "c", Rung.ALGEMEEN: "e"}


@dataclass(frozen=True)
class FastFacts:
    """What was discussed and agreed: one line for each part of the onderzoek, and what is asked."""

    held: HeldTalk
    parts: Mapping[str, str]
    result: str
    action: str
    ends_on: date
    provider: Provider | None
    motivation: str
    evaluation_on: date
    reviewer: User


def fits(case: Case, hulpvraag: Hulpvraag) -> bool:
    """Whether the lane may be offered: nothing was talked over yet."""
    return hulpvraag.law == Law.WMO and hulpvraag.status == H.GEMELD and case.status in BEFORE_THE_TALK


def obstacles(hulpvraag: Hulpvraag) -> list[str]:
    """Why the fast lane does not fit; empty when it does. One plan is the household's: it must be the only question."""
    case, others = hulpvraag.case, hulpvraag.case.hulpvragen.exclude(pk=hulpvraag.pk).exclude(status__in=ENDED)
    found = []
    if not fits(case, hulpvraag):
        found.append("Een snelle route kan alleen bij een vraag voor de Wmo, vóór het gesprek.")
    if case.leefgebied_notes.exists() or hulpvraag.onderzoek_answers.exists():
        found.append("Het onderzoek is al begonnen. Ga daar verder.")
    if others.exists():
        found.append("In deze zaak loopt nog een vraag. Maak één plan voor het hele huishouden.")
    if case.plans.exists():
        found.append("In deze zaak is al een plan begonnen. Ga daar verder.")
    return found


@transaction.atomic
def take_fast_lane(*, hulpvraag_id: UUID | str, lane: FastLane, facts: FastFacts, actor: Actor) -> Beschikking:
    """Hold the talk, write onderzoek and plan, register the aanvraag and draft the decision: all of it, or nothing.

    Raises Blocked with the sentence of the step that cannot be taken, PermissionDenied for who does not handle it.
    """
    lock(Case, Hulpvraag.objects.values_list("case_id", flat=True).get(pk=hulpvraag_id))
    hulpvraag = lock(Hulpvraag, hulpvraag_id)
    if not may_handle(hulpvraag, actor):
        raise PermissionDenied("Alleen wie deze zaak behandelt, neemt de snelle route.")
    if problems := obstacles(hulpvraag):
        raise Blocked(problems)
    product = Product.objects.valid_on(actor.today).filter(key=lane.product_key, law=hulpvraag.law).first()
    if product is None:
        raise Blocked([f"Het product bij ‘{lane}’ staat nu niet op de lijst. Vraag het de beheerder."])
    case = hulpvraag.case
    _investigate(case, hulpvraag, facts, actor)
    line = _agree(case, hulpvraag, product, facts, actor)
    _choose(line, facts, actor)
    choice.go_to_decision(case_id=case.pk, actor=actor)
    draft = drafting.open_draft(hulpvraag_id=hulpvraag.pk, actor=actor)
    words = drafting.DraftFacts(Outcome.TOEKENNING, facts.motivation, "", facts.reviewer)
    return drafting.write_draft(beschikking_id=draft.pk, version=draft.version, facts=words, actor=actor)


def _investigate(case: Case, hulpvraag: Hulpvraag, facts: FastFacts, actor: Actor) -> None:
    """The conversation, every part of the onderzoek, the verslag that is sent, and the aanvraag of that day."""
    talks.hold_talk(case_id=case.pk, held=facts.held, actor=actor)
    for note in case.leefgebied_notes.all():
        words = {"why": facts.parts["a"], "situation": ""}
        analysis.write_note(note_id=note.pk, version=note.version, relevant=True, actor=actor, **words)
    hulpvraag = Hulpvraag.objects.get(pk=hulpvraag.pk)
    answers = {part.pk: analysis.Answer(facts.parts.get(part.key, "")) for part in hulpvraag.parts()}
    analysis.write_onderzoek(hulpvraag_id=hulpvraag.pk, version=hulpvraag.version, answers=answers, actor=actor)
    analysis.send_verslag(hulpvraag_id=hulpvraag.pk, actor=actor)
    intake.register_aanvraag_on(hulpvraag_id=hulpvraag.pk, received_on=facts.held.on, actor=actor)
    analysis.complete_analysis(case_id=case.pk, actor=actor)


def _agree(case: Case, hulpvraag: Hulpvraag, product: Product, facts: FastFacts, actor: Actor) -> Any:
    """One result, one action, the ladder and one line of maatwerk, agreed by word of mouth; gives the line."""
    found = plan.open_plan(case_id=case.pk, actor=actor)

    def there() -> dict[str, Any]:
        return {"plan_id": found.pk, "version": Plan.objects.get(pk=found.pk).version, "actor": actor}

    goal = plan.add_goal(result=facts.result, **there())
    plan.add_action(goal_id=goal.pk, by=ActionBy.INWONER, what=facts.action, by_when=None, **there())
    findings = {rung.value: facts.parts[part] for rung, part in PART_OF_RUNG.items()}
    plan.walk_ladder(hulpvraag_id=hulpvraag.pk, findings=findings, **there())
    how_much = (Decimal(1), product.unit, product.frequency, actor.today, facts.ends_on, CareForm.NATURA)
    line = plan.add_line(facts=plan.LineFacts(hulpvraag.pk, goal.pk, product.pk, *how_much), **there())
    agreement.share_plan(plan_id=found.pk, actor=actor)
    heard = actor.user.name if actor.user else ""
    agreement.agree_plan(
        plan_id=found.pk, agreement=Agreement.MONDELING, on=actor.today, agreed_by=facts.held.present, heard_by=heard,
        inwoner_words="", evaluation_on=facts.evaluation_on, actor=actor,
    )  # fmt: skip
    return line


def _choose(line: Any, facts: FastFacts, actor: Actor) -> None:
    """The leverancier that the inwoner wants, or none with room yet: that never holds the decision."""
    chosen = Choice.AANBIEDER if facts.provider else Choice.WACHT
    choice.choose_provider(line_id=line.pk, choice=chosen, provider=facts.provider, reason="", actor=actor)


def leefgebieden_of(lane: FastLane, today: date) -> Any:
    """The subject that the conversation was about."""
    return Leefgebied.objects.valid_on(today).filter(key=lane.leefgebied_key)
