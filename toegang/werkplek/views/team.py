"""The work of a team: all cases of a colleague handed over, and who is absent and who takes over."""

from __future__ import annotations

from functools import partial
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Count, Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from casework.models import Case, Grant
from casework.selectors import CASEWORKERS, team_workers
from casework.selectors.caseload import cases_to_divide, members_with_load, open_assignments
from casework.services import cover
from casework.services.distribution import NOTHING_ASKED, accept_case, give_back_case
from casework.services.handover import hand_over_case
from toegang.accounts.models import Absence, AbsenceReason, User
from toegang.core.access import ActingRequest, Actor, professional
from toegang.core.lifecycle import Blocked
from toegang.core.pages import posted
from toegang.core.templatetags.ui import DueView
from toegang.werkplek.forms.access import AbsenceForm, BulkForm, DivideForm, GiveBackForm
from toegang.werkplek.page import attempt, case_in_scope
from toegang.werkplek.saving import save, take
from toegang.werkplek.views.case import allow, show_step

LEADERS = frozenset({"teamleider"})
MOST = 100  # cases on one page; what is left is there at the next look


def _cases_of(person: int, actor: Actor) -> QuerySet[Case]:
    """The open cases of somebody in the actor's teams; a shielded one only when the actor may see it."""
    held = Grant.objects.valid_now().filter(kind="contactpersoon", user_id=person).values("case_id")
    mine: QuerySet[Case] = Case.objects.visible_to(actor).filter(team_id__in=actor.team_ids, pk__in=held)
    return mine.exclude(status="afgesloten").order_by("reference")


@professional(roles=LEADERS)
def hand_over_list(request: ActingRequest) -> HttpResponse:
    """Show who of the teams, now or before, has open cases, and how many."""
    actor = request.actor
    counts = Case.objects.visible_to(actor).filter(team_id__in=actor.team_ids).exclude(status="afgesloten")
    held = Q(grants__kind="contactpersoon", grants__validity__upper_inf=True, grants__case__in=counts.values("pk"))
    people = User.objects.filter(memberships__team_id__in=actor.team_ids).annotate(
        cases=Count("grants__case", filter=held, distinct=True)
    )
    actor.looked_at("Collega’s met open zaken", action="list")
    found = people.filter(cases__gt=0).order_by("name", "pk")
    return render(request, "werkplek/team_hand_over.html", {"people": found})


@professional(roles=LEADERS)
def hand_over_of(request: ActingRequest, person: int) -> HttpResponse:
    """Hand over the open cases of a colleague; each is a hand-over of its own, and pressing again goes on."""
    people = User.objects.filter(memberships__team_id__in=request.actor.team_ids).distinct()
    leaver = get_object_or_404(people, pk=person)
    cases = list(_cases_of(person, request.actor).select_related("person")[:MOST])
    what = "Zaken van een collega"
    request.actor.looked_at(what, action="list", case_ids=[case.pk for case in cases], object_id=str(person))
    form = BulkForm(posted(request), cases=cases, receivers=workers_of_teams(request.actor).exclude(pk=leaver.pk))
    if cases and form.is_valid():
        _carry(request, leaver, form)
        return redirect("werkplek:team_hand_over_of", person)
    page = {"leaver": leaver, "form": form, "forms": [form], "has_errors": bool(form.errors), "cases": cases}
    return render(request, "werkplek/team_hand_over_of.html", page)


def workers_of_teams(actor: Actor) -> QuerySet[User]:
    """Who can be contactpersoon of cases of the actor's teams."""
    found = User.objects.none()
    for team_id in sorted(actor.team_ids):
        found = found | team_workers(team_id, actor.today)
    return found.distinct().order_by("name", "pk")


def _carry(request: ActingRequest, leaver: User, form: BulkForm) -> None:
    """Hand over case by case, always in the same order; tell what went and what did not, and why."""
    done, reason = [], form.cleaned_data["reason"]
    for case, user in sorted(form.receivers().items(), key=lambda pair: pair[0].pk):
        try:
            with transaction.atomic():
                hand_over_case(case_id=case.pk, user=user, seen=leaver.pk, reason=reason, actor=request.actor)
            done.append(f"{case.reference} naar {user.name}")
        except Blocked as stop:
            messages.warning(request, f"{case.reference} is niet overgedragen. {stop.obstacles[0].text}")
        except PermissionDenied as refusal:
            messages.warning(request, f"{case.reference} is niet overgedragen. {refusal}")
    if done:
        messages.success(request, f"Overgedragen: {', '.join(sorted(done))}.")


@professional(roles=CASEWORKERS)
def absences(request: ActingRequest) -> HttpResponse:
    """Show and register the own absence; a teamleider also that of who works in the team."""
    actor = request.actor
    people = cover.led_people(actor)
    form = AbsenceForm(
        posted(request),
        people=people,
        colleagues=cover.colleagues_in(actor),
        reasons=AbsenceReason.choices,
        today=actor.today,
        initial={"user": actor.user_id, "since": actor.today},
    )
    if form.is_valid():
        facts = {**form.cleaned_data, "reason": AbsenceReason(form.cleaned_data["reason"])}
        if kept := attempt(form, lambda: cover.register_absence(actor=actor, **facts)):
            messages.success(request, f"Vastgelegd: {kept.user.name} is er niet.")
            return redirect("werkplek:absences")
    rows = Absence.objects.filter(user__in=people.values("pk"), ended_at=None, until__gte=actor.today)
    page = {
        "rows": rows.select_related("user", "cover").order_by("since", "user__name", "pk"),
        "form": form,
        "forms": [form],
        "has_errors": bool(form.errors),
        "today": actor.today,
        "leads": "teamleider" in actor.roles,
    }
    return render(request, "werkplek/absences.html", page)


@professional(roles=CASEWORKERS)
@require_POST
def absence_end(request: ActingRequest, absence: int) -> HttpResponse:
    """End an absence: whoever is back needs do nothing more."""
    mine = Absence.objects.filter(user__in=cover.led_people(request.actor).values("pk"))
    found = get_object_or_404(mine, pk=absence)
    ended = cover.end_absence(absence_id=found.pk, actor=request.actor)
    messages.success(request, f"De afwezigheid van {ended.user.name} is beëindigd. De vervanging stopt vanzelf.")
    return redirect("werkplek:absences")


@professional(roles=CASEWORKERS)
def divide(request: ActingRequest) -> HttpResponse:
    """Show what waits for a contactpersoon, what each colleague has, and give cases to them."""
    actor = request.actor
    members = members_with_load(list(workers_of_teams(actor)), actor.today)
    cases = cases_to_divide(actor, limit=MOST)
    actor.looked_at("Zaken verdelen", action="list", case_ids=[case.pk for case in cases])
    form = DivideForm(posted(request), cases=cases, members=members)
    if form.is_valid():
        _give(request, form)
        return redirect("werkplek:team_divide")
    rows = [(case, field, (actor.today - case.opened_on).days, _due(case, actor)) for case, field in form.rows()]
    page = {"rows": rows, "members": members, "form": form, "forms": [form], "has_errors": bool(form.errors)}
    return render(request, "werkplek/team_divide.html", page)


def _due(case: Case, actor: Actor) -> DueView | None:
    first = getattr(case, "first_due", None)
    return DueView(first, actor.today) if first else None


def _give(request: ActingRequest, form: DivideForm) -> None:
    """Give case by case; who was overtaken by a colleague reads so."""
    done = []
    for case, user in sorted(form.receivers().items(), key=lambda pair: pair[0].pk):
        try:
            with transaction.atomic():
                hand_over_case(case_id=case.pk, user=user, seen=None, reason="Verdeeld", actor=request.actor)
            done.append(f"{case.reference} aan {user.name}")
        except (Blocked, PermissionDenied) as stop:
            messages.warning(request, f"{case.reference} is niet toegewezen. {stop}")
    if done:
        messages.success(request, f"Toegewezen: {', '.join(sorted(done))}.")


@professional(roles=CASEWORKERS)
def case_accept(request: ActingRequest, pk: UUID) -> HttpResponse:
    """Take a case that was given."""
    case_in_scope(request, pk, "aannemen")
    back = reverse("werkplek:case", args=[pk])
    if request.method != "POST":
        return redirect(back)
    act = partial(accept_case, case_id=pk, actor=request.actor)
    return take(request, act, done="U hebt de zaak aangenomen. De inwoner krijgt uw naam.", back=back)


@professional(roles=CASEWORKERS)
def case_give_back(request: ActingRequest, pk: UUID) -> HttpResponse:
    """Give a case back with a reason."""
    case = case_in_scope(request, pk, "teruggeven")
    asked = open_assignments(request.actor).filter(case=case).exists()
    allowed = allow(request, allowed=asked, sentence=NOTHING_ASKED)
    form = GiveBackForm(posted(request))

    def act() -> object:
        return give_back_case(case_id=pk, reason=form.cleaned_data["reason"], actor=request.actor)

    done, back = "U hebt de zaak teruggegeven.", reverse("werkplek:case", args=[pk])
    if answer := save(request, form, act, case=case, done=done, back=reverse("werkplek:worklist")):
        return answer
    page = {"heading": "Zaak teruggeven", "submit": "Teruggeven", "back": back, "may": not allowed}
    return show_step(request, case, "werkplek/people_form.html", form, allowed=allowed, part="overzicht", **page)
