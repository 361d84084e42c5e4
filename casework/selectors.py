"""What pages show of cases: work lists, terms, the timeline and the seven steps."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from django.db.models import Count, Exists, Min, OuterRef, Q, QuerySet
from django.utils.timezone import localtime

from casework.deadlines import LABELS, OF_THE_INWONER
from casework.enums import CaseStatus, GrantKind, HulpvraagStatus
from casework.models import Case, Deadline, Grant, Hulpvraag, Letter, Person
from casework.notices import STEP_TITLES, TEXTS
from toegang.accounts.models import Membership, RoleAssignment, Team
from toegang.core.dates import long_date
from toegang.core.models import LogRow
from toegang.core.templatetags.ui import DueView, StepView, TimelineEntry
from toegang.core.wall import reading_figures

if TYPE_CHECKING:
    from collections.abc import Collection

    from toegang.core.access import Actor

CASEWORKERS = frozenset({"wijkteamlid", "teamleider"})  # the roles that work on cases
CONVERSATION = 2  # the step that is an appointment
C = CaseStatus
H = HulpvraagStatus
ASKED = Hulpvraag.objects.filter(case=OuterRef("pk"), referrer="")


def basis_of(record: Any) -> dict[str, Any]:
    """What the log says of why a record was seen (NEN 7513), from its annotation `ground`: a grant, or the team."""
    ground = record.ground
    return {"basis": ground["kind"], "grant_id": ground["id"]} if ground else {"basis": "team"}


@dataclass(frozen=True)
class WorkRow:
    """One case on a work list: whose, what next, by when."""

    case: Case
    next_step: str
    due: DueView | None
    due_for: str


def worklist_of(actor: Actor, *, limit: int = 200) -> list[WorkRow]:
    """The actor's own open cases, the most urgent first; the same few queries for one and for many."""
    return _rows(Case.objects.of_contactpersoon(actor), actor, limit)


def team_cases(actor: Actor, *, limit: int = 50) -> list[WorkRow]:
    """Open cases that the actor may see, the most urgent first."""
    return _rows(Case.objects.visible_to(actor).exclude(status=C.AFGESLOTEN), actor, limit)


def unassigned_cases(actor: Actor) -> QuerySet[Case]:
    """Open cases of the actor's teams that nobody is contactpersoon of."""
    assigned = Grant.objects.valid_now().filter(kind=GrantKind.CONTACTPERSOON).values("case_id")
    found = Case.objects.visible_to(actor).filter(team_id__in=actor.team_ids).exclude(status=C.AFGESLOTEN)
    return found.exclude(pk__in=assigned).select_related("person").order_by("opened_on")


@dataclass(frozen=True)
class Left:
    """How many open cases of a team wait for a contactpersoon: nobody chosen, or one who no longer works there."""

    team: Team
    unassigned: int
    deserted: int


def left_cases(gemeente_ids: Collection[int], today: date) -> list[Left]:
    """Count, per team, the open cases without a contactpersoon who still works; numbers only.

    Who works: the account is in use, a member of the case's team and caseworker today.
    """
    chosen = Grant.objects.valid_now().filter(kind=GrantKind.CONTACTPERSOON, case=OuterRef("pk"))
    member = Membership.objects.on(today).filter(user=OuterRef("user"), team=OuterRef("case__team"))
    role = RoleAssignment.objects.on(today).filter(user=OuterRef("user"), role_id__in=CASEWORKERS)
    works = chosen.filter(Exists(member), Exists(role), user__is_active=True)
    waiting = Case.objects.filter(~Exists(works), gemeente_id__in=gemeente_ids).exclude(status=C.AFGESLOTEN)
    counted = waiting.annotate(chosen=Exists(chosen)).order_by().values("team_id", "chosen").annotate(count=Count("pk"))
    with reading_figures():
        counts = {(row["team_id"], row["chosen"]): row["count"] for row in counted}
    teams = Team.objects.filter(pk__in={team for team, _ in counts}).order_by("name")
    return [Left(team, counts.get((team.pk, False), 0), counts.get((team.pk, True), 0)) for team in teams]


def cases_in_hand(user_id: int, *, team_id: int | None = None) -> list[tuple[str, str]]:
    """Team and reference of the open cases of which somebody is contactpersoon now, all or of one team."""
    held = Grant.objects.valid_now().filter(kind=GrantKind.CONTACTPERSOON, user_id=user_id)
    found: QuerySet[Case] = Case.objects.filter(pk__in=held.values("case_id")).exclude(status=C.AFGESLOTEN)
    found = found.filter(team_id=team_id) if team_id else found
    with reading_figures():
        return list(found.order_by("team__name", "reference").values_list("team__name", "reference"))


def _rows(cases: QuerySet[Case], actor: Actor, limit: int) -> list[WorkRow]:
    ours = Q(deadlines__met_on=None) & ~Q(deadlines__key__in=OF_THE_INWONER)
    found = cases.select_related("person", "wijk").annotate(
        first_due=Min("deadlines__due_on", filter=ours), asked=Exists(ASKED)
    )
    return sorted(
        (_row(case, actor.today) for case in found.order_by("first_due", "opened_on")[:limit]),
        key=lambda row: row.due.on if row.due else date.max,
    )


def _row(case: Case, today: date) -> WorkRow:
    first = getattr(case, "first_due", None)
    on, what = first, "termijn"
    if case.status in {C.UITVOERING, C.EVALUATIE} and case.evaluation_on and (on is None or case.evaluation_on < on):
        on, what = case.evaluation_on, "evaluatie"
    next_step = "Evaluatie houden" if what == "evaluatie" else TEXTS[case.status].professional
    if not getattr(case, "asked", True) and case.status == C.MELDING:
        next_step = "Bevestig de verwijzing"
    return WorkRow(case, next_step, DueView(on, today) if on else None, what)


def due_views(case: Case, today: date) -> list[tuple[str, DueView]]:
    """The terms of a case that are open, the first one first, each with its law and what it is for.

    A date of the inwoner says so, and is left out once it is past: nobody is late.
    """
    found = Deadline.objects.filter(case=case, met_on=None).exclude(key__in=OF_THE_INWONER, due_on__lt=today)
    rows = [
        (
            f"{d.hulpvraag}: {LABELS.get(d.key, d.key)}",
            DueView(d.due_on, today, note="datum van de inwoner" if d.key in OF_THE_INWONER else ""),
        )
        for d in found.select_related("hulpvraag", "hulpvraag__person").order_by("due_on")
    ]
    if case.evaluation_on and case.status in {C.UITVOERING, C.EVALUATIE, C.BESLUIT, C.AANBIEDER}:
        rows.append(("Evaluatie", DueView(case.evaluation_on, today)))
    return sorted(rows, key=lambda row: row[1].on)


def timeline_of(case: Case, *, limit: int = 20) -> list[TimelineEntry]:
    """What happened in a case, the newest first: from the log, so that it tells the same.

    One act may move the case and a hulpvraag by the same words; that is told once.
    """
    rows = LogRow.objects.filter(case_id=case.pk, action__in=["step", "send", "grant"]).order_by("-at", "-id")
    shown: dict[tuple[object, ...], LogRow] = {}
    for row in rows[: 2 * limit]:
        kind = row.object_type.partition(".")[0]
        first = shown.setdefault((row.request_id, row.what, row.detail), row)
        if first is not row and first.object_type.partition(".")[0] == kind:
            shown[row.pk,] = row  # the same words of two of a kind: two letters, two grants
    told = list(shown.values())[:limit]
    return [TimelineEntry(row.at, row.what, row.user_name, row.detail) for row in told]


def people_of(case: Case) -> QuerySet[Person]:
    """Who belongs to the household of a case now."""
    return Person.objects.filter(memberships__household_id=case.household_id, memberships__until=None)


def letters_of(case: Case) -> QuerySet[Letter]:
    """The letters of a case, the newest first."""
    return case.letters.select_related("addressee", "document").order_by("-ordered_at")


def current_step(case: Case, hulpvraag: Hulpvraag) -> int:
    """Where a hulpvraag is in the seven steps: by its own life, so that two laws may differ."""
    status = hulpvraag.status
    if status in {H.GEMELD, H.VERWEZEN}:
        return 1 if case.status == C.MELDING or status == H.VERWEZEN else 2
    if status == H.ONDERZOEK:
        return 3 if case.status != C.GESPREK else 2
    if status == H.VERSLAG:
        return 4 if _has_agreed_lines(case, hulpvraag) else 3
    if status == H.AANVRAAG:
        return 5
    return 7 if case.status == C.EVALUATIE else 6


def _has_agreed_lines(case: Case, hulpvraag: Hulpvraag) -> bool:
    return case.plan_agreed_on is not None and case.plan_has_maatwerk and hulpvraag.verslag_sent_on is not None


def seven_steps(case: Case, hulpvraag: Hulpvraag) -> list[StepView]:
    """The seven steps of one hulpvraag; steps that it does not need say so."""
    now = current_step(case, hulpvraag)
    ended = hulpvraag.status in {H.BEEINDIGD, H.DOORGEZET} or case.status == C.AFGESLOTEN
    needless = _needless_steps(hulpvraag)
    details = _step_details(case, hulpvraag)
    views = []
    for number, title in enumerate(STEP_TITLES, start=1):
        if number in needless:
            views.append(StepView(number, title, "niet_nodig"))
        elif number == now and not ended:
            views.append(StepView(number, title, "nu", details.get(number, "")))
        else:
            done = number < now or (ended and number == now)
            views.append(StepView(number, title, "klaar" if done else "nog_niet", details.get(number, "")))
    return views


def _needless_steps(hulpvraag: Hulpvraag) -> set[int]:
    if hulpvraag.referrer:
        return {2, 3, 4, 5}
    return {4, 5} if hulpvraag.status == H.ZONDER_BESLUIT else set()


def _step_details(case: Case, hulpvraag: Hulpvraag) -> dict[int, str]:
    """The date of each step: when it was done, or by when it will be."""
    due = {d.key: d.due_on for d in hulpvraag.deadlines.all() if d.met_on is None}
    besluit, onderzoek = due.get(f"{hulpvraag.law}_besluit"), due.get(f"{hulpvraag.law}_onderzoek")
    facts: dict[int, tuple[date | None, date | None]] = {
        1: (hulpvraag.melding_on, None),
        2: (case.conversation_held_on, localtime(case.conversation_on).date() if case.conversation_on else None),
        3: (case.plan_agreed_on if hulpvraag.verslag_sent_on else None, onderzoek),
        4: (case.choices_made_on if hulpvraag.aanvraag_on else None, None),
        5: (hulpvraag.besluit_sent_on, besluit),
        6: (hulpvraag.help_started_on, None),
        7: (None, case.evaluation_on),
    }
    return {n: _when(n, done, until) for n, (done, until) in facts.items() if done or until}


def _when(number: int, done: date | None, until: date | None) -> str:
    """An appointment is on its day; everything else is ready by its last day."""
    if done:
        return long_date(done)
    return f"{'op' if number == CONVERSATION else 'uiterlijk'} {long_date(until)}" if until else ""
