"""Walking a case through the services, as the people of the wijkteam would, up to a stage of the journey."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import IntEnum
from typing import TYPE_CHECKING
from uuid import UUID

from celery import current_app

from casework import tasks as _casework_tasks  # noqa: F401 (each registers how its work is carried out)
from casework.enums import Channel, Law, Reaction, Route, TalkForm
from casework.models import Case, Hulpvraag, Leefgebied, Person
from casework.services.analysis import (
    Answer,
    complete_analysis,
    record_reaction,
    send_verslag,
    write_note,
    write_onderzoek,
)
from casework.services.facts import FactWords, add_fact
from casework.services.intake import MeldingFacts, Question, register_aanvraag_on, register_melding
from casework.services.letters import post_letter
from casework.services.people import PersonFacts
from casework.services.talks import HeldTalk, hold_talk, plan_talk
from decisions import tasks as _decisions_tasks  # noqa: F401
from decisions.enums import Outcome
from decisions.services.drafting import (
    DraftFacts,
    approve,
    issue_beschikking,
    open_draft,
    submit_for_review,
    unsent_of,
    write_draft,
)
from plans import tasks as _plans_tasks  # noqa: F401
from plans.enums import Agreement, CareForm, Choice, Rung
from plans.models import Plan
from plans.services.agreement import agree_plan, share_plan
from plans.services.choice import choose_provider, go_to_decision
from plans.services.evaluation import proposed_evaluation
from plans.services.plan import LineFacts, add_action, add_goal, add_line, open_plan, walk_ladder, write_words
from providers.models import Product
from providers.selectors import contracts_for
from toegang.accounts.models import Team, User
from toegang.core.access import Actor, acting_as

if TYPE_CHECKING:
    from decisions.models import Beschikking
    from toegang.demo.themes import Theme

TALK_FORM = TalkForm.THUIS
DAYS_TO_TALK = 9  # from the melding to the conversation
DAYS_TO_APPOINTMENT = 2  # from the melding to the telephone call that plans it
HALF_A_YEAR = timedelta(days=181)


class Stage(IntEnum):
    """How far a case is walked; each stage asks the one before."""

    MELDING = 1
    GESPREK = 2
    VRAAGANALYSE = 3
    VERSLAG = 4
    PLAN = 5
    GEDEELD = 6
    AKKOORD = 7
    BESLUIT = 8
    TER_TOETSING = 9
    VASTGESTELD = 10
    VERZONDEN = 11


@dataclass(frozen=True)
class Walk:
    """Whose case is walked, by whom, about what, and how many days ago it began."""

    person: Person
    theme: Theme
    days: int
    worker: User
    reviewer: User
    team: Team
    questions: Sequence[Question] = ()  # beside the one of the theme
    claimed: bool = True  # false: nobody is contactpersoon yet
    evaluation_on: date | None = None  # without one the proposed date
    route: str = Route.TELEFOON


@contextmanager
def outbox_in_process() -> Iterator[None]:
    """Carry out outbox work in this process, as soon as the transaction that ordered it commits."""
    conf = current_app.conf
    before = conf.task_always_eager
    conf.task_always_eager = True
    try:
        yield
    finally:
        conf.task_always_eager = before


@contextmanager
def acting(user: User, *, days_ago: int = 0) -> Iterator[Actor]:
    """Act as somebody in one transaction, if wanted on a day that has been."""
    back = timedelta(days=days_ago)
    with acting_as(user, "demo") as actor:
        yield replace(actor, today=actor.today - back, now=actor.now - back)


def walk_to(stage: Stage, walk: Walk) -> Case:
    """Walk a new case up to a stage; paper letters are posted before each next step, the last ones wait.

    Raises Blocked when a letter could not be made, or when a person has a case already that is further.
    """
    case = _register(walk)
    for step_stage, step in STEPS:
        if step_stage > stage or (step_stage == Stage.GESPREK and stage > Stage.GESPREK):
            continue
        post_letters(case, walk.worker)
        case.refresh_from_db()
        step(walk, case)
    case.refresh_from_db()
    return case


def post_letters(case: Case, worker: User) -> None:
    """Post the paper letters of a case that wait on the print list."""
    with acting(worker) as actor:
        waiting = case.letters.filter(channel=Channel.PAPIER, sent_on=None, document__isnull=False)
        for letter in waiting:
            if letter.dated:
                post_letter(letter_id=letter.pk, posted_on=letter.dated, by=actor)


def facts_of(person: Person) -> PersonFacts:
    """The facts under which a melding finds a known person."""
    return PersonFacts(person.given_names, person.family_name, person.born, person.prefix, person.bsn)


def _register(walk: Walk) -> Case:
    with acting(walk.worker, days_ago=walk.days) as actor:
        facts = MeldingFacts(
            person=facts_of(walk.person),
            received_on=actor.today,
            route=walk.route,
            words=walk.theme.words,
            questions=[Question(walk.theme.law, walk.theme.need), *walk.questions],
        )
        return register_melding(
            actor=actor,
            gemeente_id=walk.person.gemeente_id,
            team_id=walk.team.pk,
            facts=facts,
            become_contactpersoon=walk.claimed,
        ).case


def _plan_talk(walk: Walk, case: Case) -> None:
    with acting(walk.worker) as actor:
        at = (actor.now + timedelta(days=5)).replace(hour=10, minute=0, second=0, microsecond=0)
        plan_talk(case_id=case.pk, at=at, form=TALK_FORM, place=_home(walk.person), actor=actor)


def _home(person: Person) -> str:
    return ", ".join(person.address_lines())


def _hold_talk(walk: Walk, case: Case) -> None:
    """Plan the conversation without an invitation by letter, and hold it some days later."""
    with acting(walk.worker, days_ago=max(walk.days - DAYS_TO_APPOINTMENT, 1)) as actor:
        at = actor.now + timedelta(days=DAYS_TO_TALK - DAYS_TO_APPOINTMENT)
        plan_talk(case_id=case.pk, at=at, form=TALK_FORM, place=_home(walk.person), actor=actor, invite=False)
    with acting(walk.worker, days_ago=max(walk.days - DAYS_TO_TALK, 0)) as actor:
        held = HeldTalk(
            on=actor.today,
            form=TALK_FORM,
            present=walk.person.name,
            summary=walk.theme.words,
            support_told=True,
            own_plan_told=True,
            leefgebieden=Leefgebied.objects.valid_on(actor.today).filter(key__in=walk.theme.notes),
        )
        hold_talk(case_id=case.pk, held=held, actor=actor)


def _send_verslag(walk: Walk, case: Case) -> None:
    with acting(walk.worker) as actor:
        for note in case.leefgebied_notes.select_related("leefgebied"):
            situation, why = walk.theme.notes[note.leefgebied.key]
            write_note(note_id=note.pk, version=note.version, relevant=True, why=why, situation=situation, actor=actor)
        hulpvraag = _hulpvraag(walk, case)
        _write_fact(case, hulpvraag, actor)
        texts = zip(hulpvraag.parts(), walk.theme.findings, strict=True)
        answers = {part.pk: Answer(text, text.startswith("Niet van toepassing")) for part, text in texts}
        expert = ("Els Verhulst", "gedragswetenschapper", "SKJ 000000001") if walk.theme.law == "jeugd" else None
        hulpvraag = write_onderzoek(
            hulpvraag_id=hulpvraag.pk, version=hulpvraag.version, answers=answers, actor=actor, expert=expert
        )
        send_verslag(hulpvraag_id=hulpvraag.pk, actor=actor)


def _write_fact(case: Case, hulpvraag: Hulpvraag, actor: Actor) -> None:
    """What the inwoner told of the first leefgebied goes into the own file."""
    for note in case.leefgebied_notes.select_related("leefgebied")[:1]:
        words = FactWords(note.leefgebied, note.situation, "van de inwoner zelf, tijdens het gesprek", actor.today)
        where = {"case_id": case.pk, "person_id": hulpvraag.person_id, "law": Law(hulpvraag.law)}
        add_fact(words=words, actor=actor, **where)


def _hulpvraag(walk: Walk, case: Case) -> Hulpvraag:
    found: Hulpvraag = case.hulpvragen.get(law=walk.theme.law, need=walk.theme.need)
    return found


def _write_plan(walk: Walk, case: Case) -> None:
    theme, hulpvraag = walk.theme, _hulpvraag(walk, case)
    with acting(walk.worker) as actor:
        record_reaction(hulpvraag_id=hulpvraag.pk, reaction=Reaction.KLOPT, text="", on=actor.today, actor=actor)
        complete_analysis(case_id=case.pk, actor=actor)
        plan = open_plan(case_id=case.pk, actor=actor)
        plan = write_words(plan_id=plan.pk, version=plan.version, own_words=theme.own_words, actor=actor)
        goal = add_goal(plan_id=plan.pk, version=plan.version, result=theme.goal, actor=actor)
        for by, what in theme.actions:
            add_action(
                plan_id=plan.pk, version=_version(plan), goal_id=goal.pk, by=by, what=what, by_when=None, actor=actor
            )
        findings = dict(zip(Rung.values, theme.rungs, strict=True))
        walk_ladder(plan_id=plan.pk, version=_version(plan), hulpvraag_id=hulpvraag.pk, findings=findings, actor=actor)
        if theme.product:
            line = _line(theme, hulpvraag, goal.pk, actor.today + timedelta(days=14))
            add_line(plan_id=plan.pk, version=_version(plan), facts=line, actor=actor)


def _version(plan: Plan) -> int:
    return Plan.objects.values_list("version", flat=True).get(pk=plan.pk)


def _line(theme: Theme, hulpvraag: Hulpvraag, goal_id: UUID, starts_on: date) -> LineFacts:
    product = Product.objects.valid_on(starts_on).get(key=theme.product)
    return LineFacts(
        hulpvraag_id=hulpvraag.pk,
        goal_id=goal_id,
        product_id=product.pk,
        volume=theme.volume,
        unit=product.unit,
        frequency=product.frequency,
        starts_on=starts_on,
        ends_on=starts_on + 2 * HALF_A_YEAR,
        form=CareForm.NATURA,
    )


def _share(walk: Walk, case: Case) -> None:
    with acting(walk.worker) as actor:
        share_plan(plan_id=case.plans.get().pk, actor=actor)


def _agree(walk: Walk, case: Case) -> None:
    with acting(walk.worker) as actor:
        agree_plan(
            plan_id=case.plans.get().pk,
            agreement=Agreement.HEEL,
            on=actor.today,
            agreed_by=walk.person.name,
            heard_by="",
            inwoner_words="",
            evaluation_on=walk.evaluation_on or proposed_evaluation(actor.today),
            actor=actor,
        )


def _choose(walk: Walk, case: Case) -> None:
    """The aanvraag is the plan that the inwoner agreed to; each line gets the provider with the shortest wait."""
    with acting(walk.worker) as actor:
        for line in case.plans.get().lines.all():
            contracts = contracts_for(product_id=line.product_id, gemeente_id=case.gemeente_id, day=line.starts_on)
            choose_provider(
                line_id=line.pk,
                choice=Choice.AANBIEDER,
                provider=contracts[0].provider,
                reason="Deze aanbieder heeft het eerst plek.",
                actor=actor,
            )
        register_aanvraag_on(hulpvraag_id=_hulpvraag(walk, case).pk, received_on=actor.today, actor=actor)
        go_to_decision(case_id=case.pk, actor=actor)


def _submit(walk: Walk, case: Case) -> None:
    with acting(walk.worker) as actor:
        draft = open_draft(hulpvraag_id=_hulpvraag(walk, case).pk, actor=actor)
        facts = DraftFacts(Outcome.TOEKENNING, walk.theme.motivation, "", walk.reviewer)
        write_draft(beschikking_id=draft.pk, version=draft.version, facts=facts, actor=actor)
        submit_for_review(beschikking_id=draft.pk, actor=actor)


def draft_of(walk: Walk, case: Case) -> Beschikking:
    """The decision that is on its way; LookupError when there is none."""
    found = unsent_of(_hulpvraag(walk, case))
    if found is None:
        raise LookupError(f"{case} heeft geen besluit dat nog weg moet")
    return found


def _approve(walk: Walk, case: Case) -> None:
    with acting(walk.reviewer) as actor:
        approve(beschikking_id=draft_of(walk, case).pk, actor=actor)


def _issue(walk: Walk, case: Case) -> None:
    with acting(walk.worker) as actor:
        issue_beschikking(beschikking_id=draft_of(walk, case).pk, actor=actor)


# A case that goes further than the appointment holds its conversation in one go with planning it.
STEPS: tuple[tuple[Stage, Callable[[Walk, Case], None]], ...] = (
    (Stage.GESPREK, _plan_talk),
    (Stage.VRAAGANALYSE, _hold_talk),
    (Stage.VERSLAG, _send_verslag),
    (Stage.PLAN, _write_plan),
    (Stage.GEDEELD, _share),
    (Stage.AKKOORD, _agree),
    (Stage.BESLUIT, _choose),
    (Stage.TER_TOETSING, _submit),
    (Stage.VASTGESTELD, _approve),
    (Stage.VERZONDEN, _issue),
)
