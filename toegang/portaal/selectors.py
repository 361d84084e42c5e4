"""What an inwoner may see: the own hulpvragen, the letters addressed to the own person, and the plan that was shared.

A case is the household's; an inwoner sees of it only the hulpvragen of the own person. Another member's hulpvraag,
letter or maatwerk is not shown, nor a child's: who may see for a child younger than sixteen (Jeugdwet art. 7.3.5)
asks for a recorded representative, and until that is there nothing is shown rather than too much.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db.models import Exists, Max, OuterRef, Q, QuerySet
from django.urls import reverse

from casework.enums import CaseStatus, Channel, GrantKind
from casework.models import Case, Grant, Hulpvraag, Letter, Person
from casework.selectors import basis_of, seven_steps
from decisions.enums import BeschikkingStatus
from decisions.models import Beschikking
from plans.enums import PlanStatus
from plans.models import Goal, MaatwerkLine, Plan
from toegang.accounts.models import Gemeente, User
from toegang.core.dates import long_date
from toegang.core.models import LogRow
from toegang.core.templatetags.ui import StepView
from toegang.portaal.texts import next_of, state_of, title_of

if TYPE_CHECKING:
    from toegang.core.access import Actor

READABLE = (PlanStatus.GEDEELD, PlanStatus.AKKOORD)
OPENED = ("look", "download")
MOST_TASKS = 3  # more new letters than these become one task


@dataclass(frozen=True)
class QuestionView:
    """One hulpvraag of the inwoner: the sentence of now, the seven steps, and what comes next."""

    key: str
    title: str
    need: str
    state: str
    steps: list[StepView]
    next: list[str]


@dataclass(frozen=True)
class LetterView:
    """A letter to the inwoner; one that is still in the making has no address."""

    subject: str
    when: str
    url: str = ""
    is_new: bool = False


@dataclass(frozen=True)
class Task:
    """One thing that waits for the inwoner."""

    title: str
    detail: str
    url: str


@dataclass
class CaseView:
    """A case as its inwoner sees it."""

    case: Case
    contact: User | None = None
    questions: list[QuestionView] = field(default_factory=list)
    letters: list[LetterView] = field(default_factory=list)
    plan: Plan | None = None
    basis: dict[str, Any] = field(default_factory=dict)

    @property
    def is_open(self) -> bool:
        """Whether something still runs."""
        return bool(self.case.status != CaseStatus.AFGESLOTEN)

    @property
    def tasks(self) -> list[Task]:
        """What waits for the inwoner: a plan to read, then letters that were not opened yet."""
        new = [letter for letter in self.letters if letter.is_new]
        found = [Task(f"Nieuwe brief: {letter.subject}", letter.when, letter.url) for letter in new]
        if len(new) > MOST_TASKS:
            letters = f"{reverse('portaal:case', args=[self.case.pk])}#uw-brieven"
            found = [Task(f"U hebt {len(new)} nieuwe brieven", f"De nieuwste is van {new[0].when}", letters)]
        if self.plan and self.plan.status == PlanStatus.GEDEELD and self.plan.shared_on:
            detail = f"Gedeeld op {long_date(self.plan.shared_on)}"
            found.insert(0, Task("Lees uw plan. Klopt het?", detail, reverse("portaal:plan", args=[self.plan.pk])))
        return found


def home_of(actor: Actor) -> Gemeente | None:
    """The gemeente where the actor's own person lives."""
    return Gemeente.objects.filter(pk__in=Person.objects.filter(user_id=actor.user_id).values("gemeente_id")).first()


def own_hulpvragen(actor: Actor) -> QuerySet[Hulpvraag]:
    """The hulpvragen of the actor's own person in the cases that the actor may see."""
    mine = Hulpvraag.objects.filter(case__in=Case.objects.visible_to(actor), person__user_id=actor.user_id)
    found = mine.select_related("case", "case__gemeente")
    return found.annotate(ground=Grant.objects.ground_of(actor, "case_id"))


def own_letters(actor: Actor) -> QuerySet[Letter]:
    """The letters to the actor's own person in the cases that the actor may see, the newest first."""
    mine = Letter.objects.filter(case__in=Case.objects.visible_to(actor), addressee__user_id=actor.user_id)
    return mine.order_by("-ordered_at", "-id").annotate(ground=Grant.objects.ground_of(actor, "case_id"))


def own_plans(actor: Actor) -> QuerySet[Plan]:
    """Plans that were shared with the household: of the own name, or with help for the own person in it."""
    mine = MaatwerkLine.objects.filter(plan=OuterRef("pk"), hulpvraag__person__user_id=actor.user_id)
    found = Plan.objects.filter(
        Q(case__person__user_id=actor.user_id) | Exists(mine),
        case__in=own_hulpvragen(actor).values("case_id"),
        status__in=READABLE,
    )
    return found.annotate(ground=Grant.objects.ground_of(actor, "case_id"))


def cases_of(actor: Actor) -> list[CaseView]:
    """The actor's own cases, the open ones first, with all that the pages show; the same queries for one and many."""
    hulpvragen = list(own_hulpvragen(actor).prefetch_related("deadlines"))
    views = {h.case_id: CaseView(h.case, basis=basis_of(h)) for h in hulpvragen}
    bezwaar = _bezwaar_until(hulpvragen)
    for hulpvraag in hulpvragen:
        view = _question(hulpvraag, actor, bezwaar.get(hulpvraag.pk))
        views[hulpvraag.case_id].questions.append(view)
    for grant in _contacts(views):
        views[grant.case_id].contact = grant.user
    for case_id, letters in _letters(actor, views).items():
        views[case_id].letters = letters
    for plan in own_plans(actor):
        views[plan.case_id].plan = plan
    return sorted(views.values(), key=lambda v: (not v.is_open, -v.case.opened_on.toordinal(), v.case.reference))


def _question(hulpvraag: Hulpvraag, actor: Actor, bezwaar_until: date | None) -> QuestionView:
    return QuestionView(
        key=str(hulpvraag.pk),
        title=title_of(hulpvraag),
        need=hulpvraag.need.strip(),
        state=state_of(hulpvraag),
        steps=seven_steps(hulpvraag.case, hulpvraag),
        next=next_of(hulpvraag, actor.now, bezwaar_until),
    )


def _bezwaar_until(hulpvragen: Iterable[Hulpvraag]) -> dict[UUID, date]:
    sent = Beschikking.objects.filter(hulpvraag__in=hulpvragen, status=BeschikkingStatus.VERZONDEN).order_by()
    return dict(sent.values("hulpvraag_id").annotate(last=Max("bezwaar_until")).values_list("hulpvraag_id", "last"))


def _contacts(case_ids: Iterable[UUID]) -> QuerySet[Grant]:
    found = Grant.objects.valid_now().filter(case_id__in=list(case_ids), kind=GrantKind.CONTACTPERSOON)
    return found.select_related("user")


def _letters(actor: Actor, case_ids: Iterable[UUID]) -> dict[UUID, list[LetterView]]:
    """Sent letters, and digital ones in the making; new is a digital letter that this inwoner never opened."""
    letters = list(own_letters(actor).filter(case_id__in=list(case_ids)))
    opened = set(
        LogRow.objects.filter(
            user_id=actor.user_id,
            action__in=OPENED,
            object_type="letter",
            object_id__in=[str(x.pk) for x in letters],
        ).values_list("object_id", flat=True)
    )
    found: dict[UUID, list[LetterView]] = defaultdict(list)
    for letter in letters:
        if view := _letter(letter, is_opened=str(letter.pk) in opened):
            found[letter.case_id].append(view)
    return found


def _letter(letter: Letter, *, is_opened: bool) -> LetterView | None:
    digital = letter.channel == Channel.DIGITAAL
    if letter.sent_on is None:
        return LetterView(letter.subject, "Deze brief wordt gemaakt.") if digital else None
    how = "" if digital else ", ook per post"
    url = reverse("portaal:letter", args=[letter.pk])
    return LetterView(letter.subject, f"{long_date(letter.sent_on)}{how}", url, is_new=digital and not is_opened)


@dataclass(frozen=True)
class PlanView:
    """A plan as one inwoner reads it."""

    plan: Plan
    own_words: str
    answer_words: str
    goals: list[Goal]
    lines: list[MaatwerkLine]


def plan_view(plan: Plan, actor: Actor) -> PlanView:
    """Give what this inwoner may read of the household's plan.

    Whose name the case bears reads the own words and every goal but those that serve only another member's help;
    another member reads the goals of the own help. Maatwerk is shown to the person it is for, to nobody else.
    """
    lines = list(plan.lines.select_related("hulpvraag__person", "product", "provider", "pgb"))
    mine = [line for line in lines if line.hulpvraag.person.user_id == actor.user_id]
    my_goals = {line.goal_id for line in mine}
    bears_name = plan.case.person.user_id == actor.user_id
    hidden = {line.goal_id for line in lines} - my_goals
    goals = [
        goal
        for goal in plan.goals.filter(removed=False).prefetch_related("actions")
        if goal.pk in my_goals or (bears_name and goal.pk not in hidden)
    ]
    return PlanView(
        plan,
        own_words=plan.own_words.strip() if bears_name else "",
        answer_words=plan.inwoner_words.strip() if bears_name else "",
        goals=goals,
        lines=mine,
    )
