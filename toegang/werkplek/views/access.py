"""Who works along and who reads along with a case: shown, given and ended."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse

from casework.enums import GrantKind, GrantPart
from casework.models import Case, Grant
from casework.permissions import may_share
from casework.selectors import ELSEWHERE, colleagues_for, grants_of, partners_for, readers_for
from casework.services import sharing
from plans.selectors import present_actions
from plans.services.partner import ask_partner
from toegang.core.access import ActingRequest, professional
from toegang.core.dates import last_day_before, long_date
from toegang.core.forms import Form
from toegang.core.pages import posted
from toegang.werkplek.forms.access import ColleagueForm, EndAccessForm, PartnerForm, ReaderForm
from toegang.werkplek.page import case_context, case_in_scope
from toegang.werkplek.saving import save
from toegang.werkplek.views.case import allow, show_step


@dataclass(frozen=True)
class AccessRow:
    """One grant in words."""

    grant: Grant
    kind: str
    who: str
    about: str
    period: str
    can_end: bool


def _row(grant: Grant) -> AccessRow:
    partner = f", {grant.user.ketenpartner.name}" if grant.user.ketenpartner else ""
    parts = ", ".join(GrantPart(part).label.lower() for part in grant.parts)
    about = f"Over {grant.person.name}: {parts}" if grant.person else parts.capitalize()
    since, until = long_date(grant.validity.lower.date()), grant.validity.upper
    period = f"Van {since} tot en met {long_date(last_day_before(until))}" if until else f"Sinds {since}"
    kind = grant.get_kind_display().capitalize()
    return AccessRow(grant, kind, f"{grant.user.name}{partner}", about, period, sharing.is_ended_here(grant))


@professional
def case_access(request: ActingRequest, pk: UUID) -> HttpResponse:
    """Show everybody with a grant that is valid now, and fold away what has ended."""
    case = case_in_scope(request, pk, "wie werkt mee")
    present, ended = grants_of(case)
    page = {
        "present": [_row(grant) for grant in present],
        "ended": [_row(grant) for grant in ended],
        "handovers": case.handovers.select_related("former", "receiver", "by"),
        "shares": may_share(case, request.actor),
        "has_partners": partners_for(case).exists(),
        "has_readers": len(readers_for(case)) > 1,
    }
    return render(request, "werkplek/access.html", {**case_context(request, case, ""), **page})


def _give(request: ActingRequest, case: Case, form: Form, act: Any, *, title: str, intro: list[str]) -> HttpResponse:
    """One page with one form that gives access."""
    allowed = allow(request, allowed=may_share(case, request.actor), sentence=sharing.NOT_YOURS)
    back = reverse("werkplek:case_access", args=[case.pk])
    if answer := save(request, form, act, case=case, done="De toegang is vastgelegd.", back=back):
        return answer
    facts = {"title": title, "intro": intro, "submit": "Toegang geven"}
    return show_step(request, case, "werkplek/access_form.html", form, allowed=allowed, **facts)


@professional
def access_give(request: ActingRequest, pk: UUID) -> HttpResponse:
    """Let a colleague work along."""
    case, today = case_in_scope(request, pk, "toegang geven"), request.actor.today
    colleagues = colleagues_for(case, GrantKind.CONSULT, request.actor)
    form = ColleagueForm(posted(request), colleagues=colleagues, today=today)

    def act() -> None:
        facts = {**form.cleaned_data, "kind": GrantKind(form.cleaned_data["kind"])}
        sharing.give_access(case_id=pk, actor=request.actor, **facts)

    intro = [f"U kunt kiezen uit collega’s die voor de gemeente {case.gemeente.name} werken."]
    return _give(request, case, form, act, title="Een collega laten meewerken", intro=intro)


@professional
def access_reader(request: ActingRequest, pk: UUID) -> HttpResponse:
    """Let somebody of the household read along in the portaal."""
    case = case_in_scope(request, pk, "laten meelezen")
    form = ReaderForm(posted(request), members=readers_for(case), today=request.actor.today)

    def act() -> None:
        facts = form.facts()
        kind = GrantKind(facts.pop("kind"))
        sharing.give_reading(case_id=pk, kind=kind, actor=request.actor, **facts)

    intro = [
        "Deze persoon ziet in het portaal alleen wat u hier kiest, van één persoon uit het huishouden.",
        "Wie nog nooit inlogde in het portaal, staat er niet bij.",
    ]
    return _give(request, case, form, act, title="Iemand laten meelezen", intro=intro)


@professional
def access_partner(request: ActingRequest, pk: UUID) -> HttpResponse:
    """Ask a ketenpartner for one thing."""
    case, today = case_in_scope(request, pk, "ketenpartner vragen"), request.actor.today
    furthest, actions = sharing.last_partner_day(today), present_actions(case)
    form = PartnerForm(posted(request), partners=partners_for(case), actions=actions, furthest=furthest, today=today)
    intro = ["Een ketenpartner ziet de zaak niet, alleen wat u hier vraagt. Een besluit neemt altijd de gemeente."]
    return _give(
        request,
        case,
        form,
        lambda: ask_partner(case_id=pk, actor=request.actor, **form.facts()),
        title="Een ketenpartner vragen",
        intro=intro,
    )


@professional
def access_end(request: ActingRequest, pk: UUID, grant: int) -> HttpResponse:
    """End what was given, with the reason."""
    case = case_in_scope(request, pk, "toegang beëindigen")
    every = case.grants.exclude(kind__in=ELSEWHERE).select_related("user__ketenpartner", "person", "absence")
    found = get_object_or_404(every, pk=grant)
    allowed = allow(request, allowed=may_share(case, request.actor), sentence=sharing.NOT_YOURS)
    form = EndAccessForm(posted(request))
    back = reverse("werkplek:case_access", args=[pk])

    def act() -> None:
        sharing.end_access(case_id=pk, grant_id=grant, reason=form.cleaned_data["reason"], actor=request.actor)

    if answer := save(request, form, act, case=case, done="De toegang is beëindigd.", back=back):
        return answer
    row = _row(found)
    facts = {"title": "Toegang beëindigen", "submit": "Toegang beëindigen", "row": row}
    facts["intro"] = [f"{row.who}: {row.kind.lower()}. {row.period}."]
    return show_step(request, case, "werkplek/access_form.html", form, allowed=allowed, **facts)
