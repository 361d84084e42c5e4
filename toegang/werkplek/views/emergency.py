"""Noodtoegang: to a case that the user does not see, its end, its review, and the rules for it."""

from __future__ import annotations

from functools import partial
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from casework.enums import FINAL_VERDICTS
from casework.models import AccessRules, Case, EmergencyAccess, Reason
from casework.permissions import RULES_SET_BY, rules_to_set
from casework.selectors import emergencies_to_review
from casework.services import emergency as service
from toegang.accounts.history import changes_of
from toegang.accounts.models import Gemeente
from toegang.accounts.selectors import served_gemeenten
from toegang.accounts.sessions import step_up
from toegang.core.access import TEAM_ROLES, ActingRequest, professional
from toegang.core.pages import posted
from toegang.werkplek.beheer_page import save_version
from toegang.werkplek.forms.gates import AccessRulesForm, EmergencyForm, VerdictForm
from toegang.werkplek.saving import save

REVIEWERS = frozenset({"privacy", "teamleider"})
NOT_FOUND = "Wij vinden geen zaak met dit nummer waarvoor u noodtoegang kunt krijgen"
NO_TEAM = "U zit in geen wijkteam. Vraag de functioneel beheerder om u in een team te zetten."
RULES = {name: service.RULE_WORDS[name] for names in reversed(RULES_SET_BY.values()) for name in names}


@professional(roles=TEAM_ROLES)
@step_up
def emergency(request: ActingRequest) -> HttpResponse:
    """Ask for noodtoegang to one case by its number; the page tells nothing of a case that cannot be opened."""
    gemeenten = served_gemeenten(request.actor)
    if not gemeenten:
        raise PermissionDenied(NO_TEAM)
    categories = Reason.objects.listed("noodtoegang", request.actor.today)
    form = EmergencyForm(posted(request), gemeenten=gemeenten, categories=categories)
    if form.is_valid() and (case := _take(request, form)):
        return redirect("werkplek:case", case.pk)
    return render(request, "werkplek/emergency.html", {"form": form, "has_errors": bool(form.errors)})


def _take(request: ActingRequest, form: EmergencyForm) -> Case | None:
    """Carry it out; what is refused is said in the form and logged."""
    facts = form.facts()
    logged = {"action": "emergency", "gemeente_id": facts["gemeente_id"], "detail": facts["reference"]}
    try:
        case = service.take_emergency_access(actor=request.actor, **facts)
    except service.UsedUp as stop:
        form.add_error(None, str(stop))
        request.actor.looked_at("Noodtoegang geweigerd: te vaak vandaag", result="refused", **logged)
        return None
    if case is None:
        form.add_error("reference", NOT_FOUND)
        request.actor.looked_at("Noodtoegang gevraagd: geen zaak gevonden", result="missed", **logged)
    return case


@professional(roles=TEAM_ROLES)
@require_POST
def end(request: ActingRequest, pk: UUID) -> HttpResponse:
    """End the own noodtoegang; ended twice is once."""
    if not EmergencyAccess.objects.filter(case_id=pk, user_id=request.actor.user_id).exists():
        raise Http404
    service.end_emergency_access(case_id=pk, actor=request.actor)
    messages.success(request, "Uw noodtoegang is beëindigd.")
    return redirect("werkplek:worklist")


@professional(roles=REVIEWERS)
def reviews(request: ActingRequest) -> HttpResponse:
    """Show which noodtoegang there was: what waits for a judgement first."""
    rows = list(emergencies_to_review(request.actor))
    request.actor.looked_at("Lijst noodtoegang", action="list", case_ids=[row.case_id for row in rows])
    waiting = [row for row in rows if not row.is_judged]
    page = {"waiting": waiting, "judged": [row for row in rows if row.is_judged], "today": request.actor.today}
    return render(request, "werkplek/emergency_reviews.html", page)


@professional(roles=REVIEWERS)
def review(request: ActingRequest, access: UUID) -> HttpResponse:
    """Show one time that noodtoegang was used, and mark it; nothing of the case itself."""
    found = get_object_or_404(emergencies_to_review(request.actor), pk=access)
    facts = {"case_id": found.case_id, "gemeente_id": found.gemeente_id, "object_id": str(found.pk)}
    request.actor.looked_at("Noodtoegang bekeken om te beoordelen", object_type="emergencyaccess", **facts)
    form = VerdictForm(posted(request))
    judge = partial(service.judge_emergency, access_id=found.pk, actor=request.actor)
    back = reverse("werkplek:emergency_reviews")
    if answer := save(request, form, lambda: judge(**form.cleaned_data), done="Uw oordeel is bewaard.", back=back):
        return answer
    page = {"row": found, "form": form, "has_errors": bool(form.errors), "judged": found.verdict in FINAL_VERDICTS}
    return render(request, "werkplek/emergency_review.html", {**page, "today": request.actor.today})


@professional(roles=frozenset(RULES_SET_BY))
def rules(request: ActingRequest) -> HttpResponse:
    """Show the rules for noodtoegang of the own gemeenten."""
    default = AccessRules.objects.get(gemeente=None)
    own = {row.gemeente_id: row for row in AccessRules.objects.exclude(gemeente=None)}
    gemeenten = Gemeente.objects.filter(pk__in=request.actor.gemeenten_as(*RULES_SET_BY)).order_by("name")
    rows = [(gemeente, own.get(gemeente.pk, default)) for gemeente in gemeenten]
    columns = ("Gemeente", *(words.capitalize() for words in RULES.values()))
    return render(request, "werkplek/access_rules.html", {"rows": rows, "columns": columns})


@professional(roles=frozenset(RULES_SET_BY))
def rules_edit(request: ActingRequest, gemeente: int) -> HttpResponse:
    """Change the rules that are the user's to set."""
    mine = Gemeente.objects.filter(pk__in=request.actor.gemeenten_as(*RULES_SET_BY))
    found = get_object_or_404(mine, pk=gemeente)
    present, names = AccessRules.objects.of(found.pk), rules_to_set(found.pk, request.actor)
    initial = {name: getattr(present, name) for name in ("version", *names)}
    form = AccessRulesForm(posted(request), names=names, initial=initial)
    change = partial(service.change_access_rules, gemeente=found, actor=request.actor)
    back = reverse("werkplek:access_rules")
    if answer := save_version(
        request, form, lambda: change(**form.cleaned_data), done="De regels zijn bewaard.", back=back
    ):
        return answer
    entries = changes_of(present, RULES, "Eigen regels gemaakt") if present.gemeente_id else []
    page = {"form": form, "has_errors": bool(form.errors), "gemeente": found, "entries": entries}
    return render(request, "werkplek/access_rules_edit.html", page)
