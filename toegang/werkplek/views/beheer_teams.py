"""Teams and what they serve, wijken, the words of roles, and ketenpartners."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse

from toegang.accounts.history import team_history, words_history
from toegang.accounts.models import Ketenpartner, Role, Team, Wijk
from toegang.accounts.selectors import (
    counted_teams,
    managed_gemeenten,
    managed_organisaties,
    partners_of,
    period,
    teams_of,
    with_work,
)
from toegang.accounts.services import teams as service
from toegang.accounts.services.people import last_change
from toegang.core.access import ActingRequest
from toegang.core.pages import posted
from toegang.werkplek.beheer_page import beheerder, save_version, show, show_form
from toegang.werkplek.forms.beheer import PartnerForm, RoleWordsForm, TeamForm, WijkForm
from toegang.werkplek.saving import save


@beheerder
def teams(request: ActingRequest) -> HttpResponse:
    """Show the teams of the own gemeenten, and the wijken."""
    wijken = Wijk.objects.filter(gemeente__in=managed_gemeenten(request.actor).order_by().values("pk"))
    facts = {
        "teams": counted_teams(request.actor),
        "wijken": wijken.select_related("gemeente").order_by("gemeente__name", "name"),
        "columns": ("Team", "Gemeenten", "Mensen nu"),
        "wijk_columns": ("Wijk", "Gemeente"),
    }
    return show(request, "teams", "teams", **facts)


@beheerder
def team_new(request: ActingRequest) -> HttpResponse:
    """Make a team."""
    form = TeamForm(posted(request), gemeenten=managed_gemeenten(request.actor), initial={"version": 0})

    def act() -> None:
        facts = {name: form.cleaned_data[name] for name in ("name", "gemeenten", "cover", "takes_website")}
        service.add_team(actor=request.actor, **facts)

    back = reverse("werkplek:beheer_teams")
    if answer := save(request, form, act, done="Het team is gemaakt.", back=back):
        return answer
    return show_form(request, form, "teams", title="Nieuw team", submit="Team maken", back=back)


def _team_in_scope(request: ActingRequest, pk: int) -> Team:
    found: Team = get_object_or_404(teams_of(request.actor), pk=pk)
    return found


@beheerder
def team_page(request: ActingRequest, team: int) -> HttpResponse:
    """Show what a team serves, who works or worked there, and what was changed."""
    found, today = _team_in_scope(request, team), request.actor.today
    rows = found.memberships.select_related("user").order_by("user__name", "-since")
    members = [(row, period(row.since, row.until, today)) for row in rows]
    facts = {
        "team": found,
        "gemeenten": found.gemeenten.order_by("name"),
        "members": [(row, words) for row, words in members if row.until is None or row.until >= today],
        "former": [(row, words) for row, words in members if row.until is not None and row.until < today],
        "entries": team_history(found),
    }
    return show(request, "team", "teams", **facts)


@beheerder
def team_edit(request: ActingRequest, team: int) -> HttpResponse:
    """Rename a team, or change which of the own gemeenten it serves."""
    found, mine = _team_in_scope(request, team), managed_gemeenten(request.actor)
    served = found.gemeenten.filter(pk__in=mine.order_by().values("pk"))
    initial = {
        "name": found.name,
        "gemeenten": served,
        "cover": found.cover,
        "takes_website": found.takes_website,
        "version": last_change(found),
    }
    form = TeamForm(posted(request), gemeenten=mine, initial=initial)

    def act() -> None:
        service.change_team(team=found, actor=request.actor, **form.cleaned_data)

    back = reverse("werkplek:beheer_team", args=[found.pk])
    if answer := save_version(request, form, act, done="Het team is bewaard.", back=back):
        return answer
    return show_form(request, form, "teams", title=f"{found.name} wijzigen", submit="Team bewaren", back=back)


@beheerder
def wijk_new(request: ActingRequest) -> HttpResponse:
    """Add a wijk."""
    form = WijkForm(posted(request), gemeenten=managed_gemeenten(request.actor))

    def act() -> None:
        service.add_wijk(gemeente=form.of, name=form.cleaned_data["name"], actor=request.actor)

    back = reverse("werkplek:beheer_teams")
    if answer := save(request, form, act, done="De wijk is toegevoegd.", back=back):
        return answer
    return show_form(request, form, "teams", title="Nieuwe wijk", submit="Wijk toevoegen", back=back)


@beheerder
def wijk_edit(request: ActingRequest, wijk: int) -> HttpResponse:
    """Give a wijk another name."""
    mine = Wijk.objects.filter(gemeente__in=managed_gemeenten(request.actor).order_by().values("pk"))
    found = get_object_or_404(mine.select_related("gemeente"), pk=wijk)
    form = WijkForm(posted(request), gemeenten=None, initial={"name": found.name})

    def act() -> None:
        service.rename_wijk(wijk=found, name=form.cleaned_data["name"], actor=request.actor)

    back, title = reverse("werkplek:beheer_teams"), f"Wijk {found.name}, gemeente {found.gemeente.name}"
    if answer := save(request, form, act, done="De wijk is bewaard.", back=back):
        return answer
    return show_form(request, form, "teams", title=title, submit="Wijk bewaren", back=back)


@beheerder
def roles(request: ActingRequest) -> HttpResponse:
    """Show the roles with what they are for."""
    return show(request, "roles", "rollen", roles=Role.objects.order_by("name"), columns=("Rol", "Waarvoor"))


@beheerder
def role_edit(request: ActingRequest, role: str) -> HttpResponse:
    """Change the words of a role; what it opens is fixed."""
    found = get_object_or_404(Role, pk=role)
    initial = {"name": found.name, "description": found.description, "version": last_change(found)}
    form = RoleWordsForm(posted(request), initial=initial)

    def act() -> None:
        service.change_role(role=found, actor=request.actor, **form.cleaned_data)

    back = reverse("werkplek:beheer_roles")
    if answer := save_version(request, form, act, done="De rol is bewaard.", back=back):
        return answer
    facts = {"entries": words_history(found, "Rol gemaakt"), "intro": ["Wat een rol mag, verandert hier niet mee."]}
    return show_form(request, form, "rollen", title=f"De rol {found.name}", submit="Rol bewaren", back=back, **facts)


@beheerder
def partners(request: ActingRequest) -> HttpResponse:
    """Show the ketenpartners."""
    columns = ("Ketenpartner", "Soort")
    return show(request, "partners", "ketenpartners", partners=partners_of(request.actor), columns=columns)


@beheerder
def partner_new(request: ActingRequest) -> HttpResponse:
    """Make a ketenpartner."""
    form = PartnerForm(posted(request), organisaties=managed_organisaties(request.actor), initial={"version": 0})

    def act() -> None:
        facts = {"name": form.cleaned_data["name"], "sort": form.cleaned_data["sort"]}
        service.add_partner(organisatie=form.organisation, actor=request.actor, **facts)

    back = reverse("werkplek:beheer_partners")
    if answer := save(request, form, act, done="De ketenpartner is gemaakt.", back=back):
        return answer
    return show_form(request, form, "ketenpartners", title="Nieuwe ketenpartner", submit="Bewaren", back=back)


def _partner_in_scope(request: ActingRequest, pk: int) -> Ketenpartner:
    found: Ketenpartner = get_object_or_404(partners_of(request.actor), pk=pk)
    return found


@beheerder
def partner_page(request: ActingRequest, partner: int) -> HttpResponse:
    """Show a ketenpartner with its people, and what was changed."""
    found = _partner_in_scope(request, partner)
    people = with_work(found.people.order_by("name"), request.actor.today)
    entries = words_history(found, "Ketenpartner gemaakt")
    return show(request, "partner", "ketenpartners", partner=found, people=people, entries=entries)


@beheerder
def partner_edit(request: ActingRequest, partner: int) -> HttpResponse:
    """Change name and sort of a ketenpartner."""
    found = _partner_in_scope(request, partner)
    initial = {"name": found.name, "sort": found.sort, "version": last_change(found)}
    form = PartnerForm(posted(request), organisaties=None, initial=initial)

    def act() -> None:
        service.change_partner(partner=found, actor=request.actor, **form.cleaned_data)

    back = reverse("werkplek:beheer_partner", args=[found.pk])
    if answer := save_version(request, form, act, done="De ketenpartner is bewaard.", back=back):
        return answer
    return show_form(request, form, "ketenpartners", title=f"{found.name} wijzigen", submit="Bewaren", back=back)
