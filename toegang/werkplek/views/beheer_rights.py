"""Roles and teams of one person: given, and ended, each with its period."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.http import Http404, HttpResponse

from casework.selectors import CASEWORKERS, cases_in_hand
from toegang.accounts.models import Membership, ReportRight, RoleAssignment, User
from toegang.accounts.selectors import BEHEERDER, managed_gemeenten, teams_of
from toegang.accounts.services import assignments
from toegang.accounts.sessions import step_up
from toegang.core.access import ActingRequest
from toegang.core.pages import posted
from toegang.werkplek.beheer_page import beheerder, person_in_scope, person_url, show_form, taken_away
from toegang.werkplek.forms.beheer import EndForm, LeftBehind, MembershipForm, ReportRightForm, RoleForm, left_behind
from toegang.werkplek.saving import save


@beheerder
def role_give(request: ActingRequest, person: int) -> HttpResponse:
    """Give a role for a gemeente; that of beheerder asks again who is there."""
    if request.POST.get("role") == BEHEERDER:
        return step_up(_role_give)(request, person)  # type: ignore[return-value]
    return _role_give(request, person)


def _role_give(request: ActingRequest, person: int) -> HttpResponse:
    who = person_in_scope(request, person)
    form = RoleForm(posted(request), gemeenten=managed_gemeenten(request.actor), today=request.actor.today)

    def act() -> None:
        facts = {"role": form.cleaned_data["role"], "gemeente": form.cleaned_data["gemeente"], **form.period()}
        assignments.give_role(user=who, actor=request.actor, **facts)

    back = person_url(who)
    if answer := save(request, form, act, done="De rol is gegeven.", back=back):
        return answer
    return show_form(request, form, "mensen", title=f"{who.name} een rol geven", submit="Rol geven", back=back)


@beheerder
def team_join(request: ActingRequest, person: int) -> HttpResponse:
    """Let somebody work in a team."""
    who = person_in_scope(request, person)
    form = MembershipForm(posted(request), teams=teams_of(request.actor), today=request.actor.today)

    def act() -> None:
        assignments.join_team(user=who, team=form.cleaned_data["team"], actor=request.actor, **form.period())

    back, title = person_url(who), f"{who.name} in een team zetten"
    if answer := save(request, form, act, done="Het team is vastgelegd.", back=back):
        return answer
    return show_form(request, form, "mensen", title=title, submit="In het team zetten", back=back)


@beheerder
def role_end(request: ActingRequest, person: int, assignment: int) -> HttpResponse:
    """End a role; the page tells which cases are left without anybody."""
    who, mine = person_in_scope(request, person), managed_gemeenten(request.actor).values("pk")
    rows = RoleAssignment.objects.filter(user=who, gemeente__in=mine).select_related("user", "role", "gemeente")
    row = rows.filter(pk=assignment).first()
    if row is None:
        known = RoleAssignment.history.filter(id=assignment, user_id=who.pk, gemeente_id__in=mine)
        return taken_away(request, who, known)
    end = partial(assignments.end_role, assignment=row, actor=request.actor)
    title = f"De rol ‘{row.role.name}’ van {who.name} beëindigen"
    return _end(
        request, row, end, left=_left_by_role(request, row), title=title, done="Het einde van de rol staat vast."
    )


def _left_by_role(request: ActingRequest, row: RoleAssignment) -> list[LeftBehind]:
    """Cases that lose their contactpersoon when this is the last role with which somebody works on cases."""
    working = RoleAssignment.objects.on(request.actor.today).filter(user_id=row.user_id, role_id__in=CASEWORKERS)
    if row.role_id not in CASEWORKERS or working.exclude(pk=row.pk).exists():
        return []
    return left_behind(cases_in_hand(row.user_id))


@beheerder
def team_leave(request: ActingRequest, person: int, membership: int) -> HttpResponse:
    """End the work in a team; the page tells which cases are left without anybody."""
    who, mine = person_in_scope(request, person), teams_of(request.actor).order_by().values("pk")
    rows = Membership.objects.filter(user=who, team__in=mine).select_related("user", "team")
    row = rows.filter(pk=membership).first()
    if row is None:
        return taken_away(request, who, Membership.history.filter(id=membership, user_id=who.pk, team_id__in=mine))
    end = partial(assignments.leave_team, membership=row, actor=request.actor)
    left = left_behind(cases_in_hand(who.pk, team_id=row.team_id))
    title = f"{who.name} stopt bij {row.team.name}"
    return _end(request, row, end, left=left, title=title, done="Het einde bij het team staat vast.")


@beheerder
def report_give(request: ActingRequest, person: int) -> HttpResponse:
    """Give somebody of a ketenpartner a form for meldingen, until a day."""
    who, today = _partner_person(request, person), request.actor.today
    facts = {"gemeenten": managed_gemeenten(request.actor), "last": assignments.last_partner_day(today)}
    form = ReportRightForm(posted(request), today=today, **facts)

    def act() -> None:
        assignments.give_report_right(
            user=who, gemeente=form.cleaned_data["gemeente"], actor=request.actor, **form.period()
        )

    back, title = person_url(who), f"{who.name} laten melden"
    if answer := save(request, form, act, done="Deze persoon kan nu meldingen doen.", back=back):
        return answer
    intro = ["Deze persoon ziet dan een eigen meldformulier. Van een zaak ziet deze persoon niets."]
    return show_form(request, form, "ketenpartners", title=title, submit="Vastleggen", back=back, intro=intro)


@beheerder
def report_end(request: ActingRequest, person: int, right: int) -> HttpResponse:
    """End that."""
    who, mine = _partner_person(request, person), managed_gemeenten(request.actor).values("pk")
    row = ReportRight.objects.filter(user=who, gemeente__in=mine, pk=right).select_related("user", "gemeente").first()
    if row is None:
        known = ReportRight.history.filter(id=right, user_id=who.pk, gemeente_id__in=mine)
        return taken_away(request, who, known)
    end = partial(assignments.end_report_right, right=row, actor=request.actor)
    title = f"{who.name} meldt niet meer bij {row.gemeente}"
    return _end(request, row, end, left=[], title=title, done="Het einde staat vast.")


def _partner_person(request: ActingRequest, pk: int) -> User:
    """Somebody of a ketenpartner whom the actor looks after; else the ordinary 404."""
    who = person_in_scope(request, pk)
    if who.ketenpartner_id is None:
        raise Http404
    return who


def _end(request: ActingRequest, row: Any, end: Any, *, left: list[LeftBehind], title: str, done: str) -> HttpResponse:
    """A page with two questions: when does it stop, and why."""
    form, back = EndForm(posted(request), left=left, today=request.actor.today), person_url(row.user)
    if left:
        request.actor.looked_at("Zaken van wie stopt: nummers", action="list", object_id=str(row.user_id))
    if answer := save(request, form, lambda: end(**form.ending()), done=done, back=back):
        return answer
    return show_form(request, form, "mensen", title=title, submit="Einde vastleggen", back=back, left=left)
