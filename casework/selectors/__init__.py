"""What pages show of cases: work lists, terms, the timeline and the seven steps."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from django.db.models import Count, Exists, Min, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce, Least
from django.utils.timezone import localtime

from casework.deadlines import LABELS, NOT_OURS
from casework.enums import (
    FINAL_VERDICTS,
    SAFETY,
    CaseStatus,
    GrantKind,
    HulpvraagStatus,
)
from casework.models import (
    Case,
    EmergencyAccess,
    Grant,
    HouseholdMember,
    Hulpvraag,
    Letter,
    Person,
    SafetyRecord,
)
from casework.notices import STEP_TITLES, TEXTS
from casework.permissions import may_view_safety
from casework.rules import ENDED
from casework.selectors.privacy import open_requests
from toegang.accounts.models import Membership, RoleAssignment, Team, User
from toegang.core.access import TEAM_ROLES, WORK_ROLES
from toegang.core.dates import long_date
from toegang.core.models import LogRow
from toegang.core.templatetags.ui import DueView, StepView, TimelineEntry
from toegang.core.wall import reading_figures

if TYPE_CHECKING:
    from collections.abc import Collection

    from toegang.core.access import Actor

CASEWORKERS = frozenset({"wijkteamlid", "teamleider"})  # the roles that work on cases
OPENED = ("look", "download")  # what the log calls opening a page or a letter
CONVERSATION = 2  # the step that is an appointment
C = CaseStatus
H = HulpvraagStatus
NEXT_STEPS = {"evaluatie": "Evaluatie houden", "verzoek": "Beantwoord het verzoek over de gegevens"}
ASKED = Hulpvraag.objects.filter(case=OuterRef("pk"), referrer="")


def basis_of(record: Any) -> dict[str, Any]:
    """What the log says of why a record was seen (NEN 7513), from its annotation `ground`: a grant, or the team."""
    ground = record.ground
    return {"basis": ground["kind"], "grant_id": ground["id"]} if ground else {"basis": "team"}


ELSEWHERE = (GrantKind.VEILIGHEID, GrantKind.NOODTOEGANG)  # shown and ended on pages of their own
# What is given by hand to colleagues, and the roles of which they hold one for the gemeente of the case.
SHARED_KINDS: dict[str, frozenset[str]] = {
    GrantKind.TWEEDE: TEAM_ROLES,
    GrantKind.VERVANGER: TEAM_ROLES,
    GrantKind.CONSULT: WORK_ROLES,
    GrantKind.BEZWAAR: frozenset({"bezwaarbehandelaar"}),
}


@dataclass(frozen=True)
class WorkRow:
    """One case on a work list: whose, what next, by when, and whether the actor only covers."""

    case: Case
    next_step: str
    due: DueView | None
    due_for: str
    covers: bool = False


def worklist_of(actor: Actor, *, limit: int = 200) -> list[WorkRow]:
    """The actor's open cases, own and covered, the most urgent first; the same few queries for one and for many."""
    own = Grant.objects.valid_now().filter(case=OuterRef("pk"), user=actor.user_id, kind=GrantKind.CONTACTPERSOON)
    return _rows(Case.objects.in_hand_of(actor).annotate(covers=~Exists(own)), actor, limit)


def team_cases(actor: Actor, *, limit: int = 50) -> list[WorkRow]:
    """Open cases that the actor may see, the most urgent first."""
    return _rows(Case.objects.visible_to(actor).exclude(status=C.AFGESLOTEN), actor, limit)


def unassigned_cases(actor: Actor) -> QuerySet[Case]:
    """Open cases of the actor's teams that nobody is contactpersoon of."""
    assigned = Grant.objects.valid_now().filter(kind=GrantKind.CONTACTPERSOON).values("case_id")
    found = Case.objects.visible_to(actor).filter(team_id__in=actor.team_ids).exclude(status=C.AFGESLOTEN)
    return found.exclude(pk__in=assigned).select_related("person").order_by("-urgent", "opened_on")


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
    ours = Q(deadlines__met_on=None) & ~Q(deadlines__key__in=NOT_OURS)
    request_due = open_requests().filter(case=OuterRef("pk")).values("due_on")[:1]
    found = cases.select_related("person", "wijk").annotate(
        first_due=Min("deadlines__due_on", filter=ours), asked=Exists(ASKED), request_due=Subquery(request_due)
    )
    return sorted(
        (_row(case, actor.today) for case in found.order_by(Least("first_due", "request_due"), "opened_on")[:limit]),
        key=lambda row: row.due.on if row.due else date.max,
    )


def _row(case: Case, today: date) -> WorkRow:
    first = getattr(case, "first_due", None)
    on, what = first, "termijn"
    if case.status in {C.UITVOERING, C.EVALUATIE} and case.evaluation_on and (on is None or case.evaluation_on < on):
        on, what = case.evaluation_on, "evaluatie"
    asked = getattr(case, "request_due", None)
    if asked and (on is None or asked < on):
        on, what = asked, "verzoek"
    next_step = NEXT_STEPS.get(what, TEXTS[case.status].professional)
    if what != "verzoek" and not getattr(case, "asked", True) and case.status == C.MELDING:
        next_step = "Bevestig de verwijzing"
    return WorkRow(case, next_step, DueView(on, today) if on else None, what, getattr(case, "covers", False))


def grants_of(case: Case) -> tuple[list[Grant], list[Grant]]:
    """The grants of a case that are valid now, and those that are over; the newest first.

    Not those of the veiligheidsdossier and of noodtoegang: they have pages of their own.
    """
    every = case.grants.exclude(kind__in=ELSEWHERE)
    every = every.select_related("user__ketenpartner", "granted_by", "person").order_by("-validity", "-pk")
    present = list(every.filter(pk__in=case.grants.valid_now().values("pk")))
    keys = {grant.pk for grant in present}
    return present, [grant for grant in every if grant.pk not in keys]


def colleagues_for(case: Case, kind: str, actor: Actor) -> QuerySet[User]:
    """Who can be given a kind of grant: works for the gemeente of the case in a role that fits, by name."""
    held = RoleAssignment.objects.on(actor.today).filter(gemeente_id=case.gemeente_id, role_id__in=SHARED_KINDS[kind])
    holder = Grant.objects.valid_now().filter(case=case, kind=GrantKind.CONTACTPERSOON)
    found = User.objects.filter(pk__in=held.values("user"), is_active=True, ketenpartner=None)
    return found.exclude(pk__in=[*holder.values_list("user_id", flat=True), actor.user_id]).order_by("name", "pk")


def partners_for(case: Case) -> QuerySet[User]:
    """Who can be asked of the ketenpartners that work with the organisation of the gemeente."""
    organisatie = case.gemeente.organisatie_id
    found = User.objects.filter(ketenpartner__organisatie_id=organisatie, is_active=True)
    return found.select_related("ketenpartner").order_by("ketenpartner__name", "name", "pk")


def readers_for(case: Case) -> list[Person]:
    """The people of the household now: among them somebody reads along with somebody else."""
    present = Person.objects.filter(memberships__household=case.household_id, memberships__until=None)
    return list(present.select_related("user").order_by("memberships__since", "pk"))


def team_workers(team_id: int, today: date) -> QuerySet[User]:
    """Who can be contactpersoon of a case of a team: a member today, with a role on cases, whose account is in use."""
    members = Membership.objects.on(today).filter(team=team_id).values("user")
    roles = RoleAssignment.objects.on(today).filter(role_id__in=CASEWORKERS, gemeente__teams=team_id).values("user")
    return User.objects.filter(pk__in=members, is_active=True).filter(pk__in=roles).order_by("name", "pk")


def due_views(case: Case, today: date) -> list[tuple[str, DueView]]:
    """The terms of a case that are open, the first one first, each with its law and what it is for.

    A date of the inwoner says so, and is left out once it is past: nobody is late. The case comes with its hulpvragen
    and their deadlines.
    """
    rows = [
        (
            f"{hulpvraag}: {LABELS.get(term.key, term.key)}",
            DueView(term.due_on, today, note=NOT_OURS.get(term.key, "")),
        )
        for hulpvraag in case.hulpvragen.all()
        for term in hulpvraag.deadlines.all()
        if term.met_on is None and (term.key not in NOT_OURS or term.due_on >= today)
    ]
    asked = open_requests().filter(case=case).select_related("person")
    rows += [(f"Verzoek over gegevens: {request}", DueView(request.due_on, today)) for request in asked]
    if case.evaluation_on and case.status in {C.UITVOERING, C.EVALUATIE, C.BESLUIT, C.AANBIEDER}:
        rows.append(("Evaluatie", DueView(case.evaluation_on, today)))
    return sorted(rows, key=lambda row: row[1].on)


def timeline_of(case: Case, *, limit: int = 20) -> list[TimelineEntry]:
    """What happened in a case, the newest first: from the log, so that it tells the same.

    One act may move the case and a hulpvraag by the same words; that is told once. What is done in the
    veiligheidsdossier is not told.
    """
    rows = LogRow.objects.filter(case_id=case.pk, action__in=["step", "send", "grant"]).exclude(object_type=SAFETY)
    rows = rows.order_by("-at", "-id")
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


def people_of_case(case: Case) -> QuerySet[Person]:
    """Everybody whom a case is about: the members of the household, also former ones, and who asked for help."""
    asked = Hulpvraag.objects.filter(case=case).values("person_id")
    members = HouseholdMember.objects.filter(household_id=case.household_id).values("person_id")
    found = Q(pk__in=asked) | Q(pk__in=members) | Q(pk=case.person_id)
    return Person.objects.present().filter(found).order_by("born", "pk")


def present_people_of(case: Case) -> QuerySet[Person]:
    """Those of them who belong to the household now, have a question that has not ended, or whose name the case bears.

    Who left may live where the others must not know: what is known of them since is not this household's.
    """
    asking = Hulpvraag.objects.filter(case=case).exclude(status__in=ENDED).values("person_id")
    members = HouseholdMember.objects.filter(household_id=case.household_id, until=None).values("person_id")
    return people_of_case(case).filter(Q(pk__in=asking) | Q(pk__in=members) | Q(pk=case.person_id))


def safety_records(case: Case, actor: Actor) -> QuerySet[SafetyRecord]:
    """The veiligheidsdossier, per person and the newest first; nothing for who may not open it, and not asked."""
    if not may_view_safety(case, actor):
        return SafetyRecord.objects.none()
    found = SafetyRecord.objects.filter(case=case).select_related("person", "written_by")
    return found.order_by("person__born", "person_id", "-written_at", "-pk")


def safety_colleagues(case: Case, day: date) -> QuerySet[User]:
    """Who may be let into a veiligheidsdossier: aandachtsfunctionarissen of the gemeente, workers of the team."""
    held = RoleAssignment.objects.on(day).filter(gemeente_id=case.gemeente_id)
    watch = held.filter(role_id="aandacht").values("user_id")
    members = Membership.objects.on(day).filter(team_id=case.team_id).values("user_id")
    workers = held.filter(role_id__in=CASEWORKERS, user_id__in=members).values("user_id")
    contact = Grant.objects.valid_now().filter(case=case, kind=GrantKind.CONTACTPERSOON).values("user_id")
    found = User.objects.filter(Q(pk__in=watch) | Q(pk__in=workers), is_active=True, kind=User.Kind.MEDEWERKER)
    return found.exclude(pk__in=contact).order_by("name", "pk")


def emergencies_to_review(actor: Actor) -> QuerySet[EmergencyAccess]:
    """Noodtoegang that the actor judges, what waits first, each with `looks`: how often something was opened then."""
    opened = LogRow.objects.filter(
        case_id=OuterRef("case_id"),
        user_id=OuterRef("user_id"),
        action__in=OPENED,
        at__gte=OuterRef("begun_at"),
        at__lt=OuterRef("ends_at"),
    )
    looks = Subquery(opened.order_by().values("case_id").annotate(n=Count("pk")).values("n"))
    found: QuerySet[EmergencyAccess] = EmergencyAccess.objects.to_review_by(actor)
    found = found.annotate(looks=Coalesce(looks, 0), is_judged=Q(verdict__in=FINAL_VERDICTS))
    found = found.select_related("user", "reviewed_by", "gemeente")
    return found.order_by("is_judged", "-begun_at", "pk")


def emergencies_for_resident(actor: Actor) -> QuerySet[EmergencyAccess]:
    """Noodtoegang to the own cases of an inwoner, the newest first, as soon as the delay of the FG is over."""
    found: QuerySet[EmergencyAccess] = EmergencyAccess.objects.shown_to_resident(actor)
    return found.select_related("user").order_by("-begun_at", "pk")
