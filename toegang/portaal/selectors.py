"""What an inwoner may see: the own hulpvragen, the letters addressed to the own person, and the plan that was shared.

A case is the household's; an inwoner sees of it only the hulpvragen of the own person. Another member's hulpvraag,
letter or maatwerk is shown only to a recorded meelezer or vertegenwoordiger of that person, and of it only the parts
that were chosen (Wmo 2015 art. 1.1.1 lid 2, Jeugdwet art. 7.3.5): one person's parts never open another's.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db.models import Exists, F, Max, OuterRef, Q, QuerySet
from django.urls import reverse

from casework.enums import LIMITED_KINDS, CaseStatus, Channel, GrantKind, GrantPart
from casework.models import Case, Grant, Hulpvraag, Letter, Person
from casework.selectors import basis_of, seven_steps
from decisions.enums import BeschikkingStatus
from decisions.models import Beschikking
from plans.enums import PlanStatus
from plans.models import Goal, MaatwerkLine, Plan
from toegang.accounts.models import Gemeente, Photo, User
from toegang.core.dates import last_day_before, long_date
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
class ReadingView:
    """With whom the actor reads along, or for whom the actor sees; in words."""

    person: Person
    role: str
    parts: str
    until: str


@dataclass(frozen=True)
class Task:
    """One thing that waits for the inwoner."""

    title: str
    detail: str
    url: str


@dataclass(frozen=True)
class Helpers:
    """Who is contactpersoon, and who covers until when; nobody for who reads along without the steps."""

    contact: User | None = None
    cover: User | None = None
    until: str = ""


@dataclass
class CaseView:
    """A case as its inwoner sees it, or as somebody sees it who reads along."""

    case: Case
    is_own: bool = False
    readings: list[ReadingView] = field(default_factory=list)
    helpers: Helpers = field(default_factory=Helpers)
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
        if self.is_own and self.plan and self.plan.status == PlanStatus.GEDEELD and self.plan.shared_on:
            detail = f"Gedeeld op {long_date(self.plan.shared_on)}"
            found.insert(0, Task("Lees uw plan. Klopt het?", detail, reverse("portaal:plan", args=[self.plan.pk])))
        return found


def home_of(actor: Actor) -> Gemeente | None:
    """The gemeente where the actor's own person lives."""
    return Gemeente.objects.filter(pk__in=Person.objects.filter(user_id=actor.user_id).values("gemeente_id")).first()


def readings_of(actor: Actor, part: GrantPart | None = None) -> QuerySet[Grant]:
    """The grants by which the actor sees parts of another person's file now, or only those with one part."""
    found = Grant.objects.valid_now().filter(user_id=actor.user_id, kind__in=LIMITED_KINDS)
    return found if part is None else found.filter(parts__contains=[part])


def _opened(actor: Actor, part: GrantPart, *, case: str, person: str) -> Exists:
    """Whether a part of this person in this case was opened for the actor."""
    return Exists(readings_of(actor, part).filter(case=OuterRef(case), person=OuterRef(person)))


def own_hulpvragen(actor: Actor) -> QuerySet[Hulpvraag]:
    """The hulpvragen of the actor's own person in the cases that the actor may see."""
    mine = Hulpvraag.objects.filter(case__in=Case.objects.visible_to(actor), person__user_id=actor.user_id)
    found = mine.select_related("case", "case__gemeente", "person")
    return found.annotate(ground=Grant.objects.ground_of(actor, "case_id"))


def seen_hulpvragen(actor: Actor) -> QuerySet[Hulpvraag]:
    """The own hulpvragen, and those whose steps were opened for the actor."""
    opened = _opened(actor, GrantPart.STAPPEN, case="case_id", person="person_id")
    found = Hulpvraag.objects.filter(Q(person__user_id=actor.user_id) | opened)
    found = found.filter(case__in=Case.objects.visible_to(actor)).select_related("case", "case__gemeente", "person")
    return found.annotate(ground=Grant.objects.ground_of(actor, "case_id"))


def own_letters(actor: Actor) -> QuerySet[Letter]:
    """The letters to the actor's own person in the cases that the actor may see, and those opened; newest first."""
    opened = _opened(actor, GrantPart.BRIEVEN, case="case_id", person="addressee_id")
    mine = Letter.objects.filter(Q(addressee__user_id=actor.user_id) | opened)
    mine = mine.filter(case__in=Case.objects.visible_to(actor)).select_related("addressee")
    return mine.order_by("-ordered_at", "-id").annotate(ground=Grant.objects.ground_of(actor, "case_id"))


def own_plans(actor: Actor) -> QuerySet[Plan]:
    """Plans that were shared with the household: of the own name, with own help in it, or opened for the actor."""
    mine = MaatwerkLine.objects.filter(plan=OuterRef("pk"), hulpvraag__person__user_id=actor.user_id)
    own = Q(Q(case__person__user_id=actor.user_id) | Exists(mine), case__in=own_hulpvragen(actor).values("case_id"))
    opened = readings_of(actor, GrantPart.PLAN).filter(case=OuterRef("case_id"))
    with_help = MaatwerkLine.objects.filter(plan=OuterRef(OuterRef("pk")), hulpvraag__person=OuterRef("person"))
    about = opened.filter(Q(person=F("case__person")) | Exists(with_help))
    found = Plan.objects.filter(own | Exists(about), case__in=Case.objects.visible_to(actor), status__in=READABLE)
    return found.annotate(ground=Grant.objects.ground_of(actor, "case_id"))


def cases_of(actor: Actor) -> list[CaseView]:
    """The actor's cases, the open ones first, with all that the pages show; the same queries for one and many."""
    hulpvragen = list(seen_hulpvragen(actor).prefetch_related("deadlines"))
    views = {h.case_id: CaseView(h.case, basis=basis_of(h)) for h in hulpvragen}
    for grant in readings_of(actor).select_related("case", "case__gemeente", "person").order_by("validity"):
        basis = {"basis": grant.kind, "grant_id": grant.pk}
        views.setdefault(grant.case_id, CaseView(grant.case, basis=basis)).readings.append(_reading(grant))
    bezwaar = _bezwaar_until(hulpvragen)
    for hulpvraag in hulpvragen:
        view = _question(hulpvraag, actor, bezwaar.get(hulpvraag.pk))
        views[hulpvraag.case_id].questions.append(view)
        views[hulpvraag.case_id].is_own |= hulpvraag.person.user_id == actor.user_id
    for case_id, helpers in _helpers(h.case_id for h in hulpvragen).items():
        views[case_id].helpers = helpers
    for case_id, letters in _letters(actor, views).items():
        views[case_id].letters = letters
    for plan in own_plans(actor):
        views[plan.case_id].plan = plan
    return sorted(views.values(), key=lambda v: (not v.is_open, -v.case.opened_on.toordinal(), v.case.reference))


def _reading(grant: Grant) -> ReadingView:
    parts = [GrantPart(part).label for part in GrantPart if part in grant.parts]
    until = grant.validity.upper
    last = long_date(last_day_before(until)) if until else ""
    return ReadingView(grant.person, grant.get_kind_display(), ", ".join(parts).lower(), last)


def _question(hulpvraag: Hulpvraag, actor: Actor, bezwaar_until: date | None) -> QuestionView:
    return QuestionView(
        key=str(hulpvraag.pk),
        title=title_of(hulpvraag, own=hulpvraag.person.user_id == actor.user_id),
        need=hulpvraag.need.strip(),
        state=state_of(hulpvraag),
        steps=seven_steps(hulpvraag.case, hulpvraag),
        next=next_of(hulpvraag, actor.now, bezwaar_until),
    )


def _bezwaar_until(hulpvragen: Iterable[Hulpvraag]) -> dict[UUID, date]:
    sent = Beschikking.objects.filter(hulpvraag__in=hulpvragen, status=BeschikkingStatus.VERZONDEN).order_by()
    return dict(sent.values("hulpvraag_id").annotate(last=Max("bezwaar_until")).values_list("hulpvraag_id", "last"))


def _helping() -> QuerySet[Grant]:
    """The grants of who is contactpersoon now, and of who covers for an absent one."""
    return Grant.objects.valid_now().filter(Q(kind=GrantKind.CONTACTPERSOON) | Q(absence__isnull=False))


def photo_for(actor: Actor) -> QuerySet[Photo]:
    """The photos of who helps now in the cases whose steps the actor sees."""
    seen = seen_hulpvragen(actor).values("case_id")
    return Photo.objects.filter(Exists(_helping().filter(case_id__in=seen, user=OuterRef("user"))))


def _helpers(case_ids: Iterable[UUID]) -> dict[UUID, Helpers]:
    """Who is contactpersoon of each case, and who covers for an absent one: the first by name."""
    found = _helping().filter(case_id__in=set(case_ids)).select_related("user__photo", "absence")
    helpers: dict[UUID, Helpers] = defaultdict(Helpers)
    for grant in found.defer("user__photo__image").order_by("-user__name"):
        if grant.absence:
            facts = {"cover": grant.user, "until": long_date(grant.absence.until)}
        else:
            facts = {"contact": grant.user}
        helpers[grant.case_id] = replace(helpers[grant.case_id], **facts)
    return helpers


def helpers_of(actor: Actor, case: Case) -> Helpers:
    """The same for one case; nobody when the actor may not see its steps."""
    seen = seen_hulpvragen(actor).filter(case=case).exists()
    return _helpers([case.pk])[case.pk] if seen else Helpers()


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
        own = letter.addressee.user_id == actor.user_id
        if view := _letter(letter, is_opened=str(letter.pk) in opened, own=own):
            found[letter.case_id].append(view)
    return found


def _letter(letter: Letter, *, is_opened: bool, own: bool) -> LetterView | None:
    digital = letter.channel == Channel.DIGITAAL
    if letter.sent_on is None:
        return LetterView(letter.subject, "Deze brief wordt gemaakt.") if digital else None
    how = "" if digital else ", ook per post"
    to = "" if own else f", aan {letter.addressee.name}"
    url, new = reverse("portaal:letter", args=[letter.pk]), digital and own and not is_opened
    return LetterView(letter.subject, f"{long_date(letter.sent_on)}{how}{to}", url, is_new=new)


@dataclass(frozen=True)
class PlanView:
    """A plan as one inwoner reads it."""

    plan: Plan
    own_words: str
    answer_words: str
    goals: list[Goal]
    lines: list[MaatwerkLine]
    persons: list[Person]


def plan_view(plan: Plan, actor: Actor) -> PlanView:
    """Give what this inwoner may read of the household's plan.

    Whose name the case bears reads the own words and every goal but those that serve only another member's help;
    another member reads the goals of the own help. Maatwerk is shown to the person it is for, to nobody else.
    """
    lines = list(plan.lines.select_related("hulpvraag__person", "product", "provider", "pgb"))
    persons = _whose_plan(plan, actor)
    keys = {person.pk for person in persons}
    mine = [line for line in lines if line.hulpvraag.person_id in keys]
    my_goals = {line.goal_id for line in mine}
    bears_name = plan.case.person_id in keys
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
        persons=persons,
    )


def _whose_plan(plan: Plan, actor: Actor) -> list[Person]:
    """Whose parts of a plan the actor reads: the own, where the own question is in the case, and what was opened."""
    own = own_hulpvragen(actor).filter(case=plan.case_id).values("person_id")
    opened = readings_of(actor, GrantPart.PLAN).filter(case=plan.case_id).values("person_id")
    return list(Person.objects.filter(Q(pk__in=own) | Q(pk__in=opened)).order_by("born", "pk"))
