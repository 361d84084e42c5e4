"""The weekly review of striking looks, by the privacy officer: the number of a case and the reason, never a person."""

from __future__ import annotations

from datetime import date, timedelta
from functools import partial
from urllib.parse import urlencode

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.dateparse import parse_date

from casework.enums import LookVerdict
from casework.services.looks import mark_looks
from casework.striking import WEEK, Finding, monday_of, striking_looks
from toegang.core.access import ActingRequest, professional
from toegang.core.pages import posted
from toegang.werkplek.forms.looks import LookVerdictForm
from toegang.werkplek.saving import save
from toegang.werkplek.views.looks import PRIVACY


def _week(request: ActingRequest) -> date:
    """The Monday that the address names; without one, that of the last whole week."""
    try:
        asked = parse_date(request.GET.get("week", ""))
    except ValueError:
        asked = None
    return monday_of(min(asked or request.actor.today - WEEK, request.actor.today))


def _key(finding: Finding) -> str:
    """What names a finding in an address."""
    return f"{finding.gemeente_id}.{finding.looker.pk}.{finding.kind}.{finding.case_id or ''}"


def _found(request: ActingRequest) -> list[Finding]:
    """The findings of the week, with the look in the log."""
    week = _week(request)
    findings = striking_looks(request.actor, week)
    ids = list({finding.case_id for finding in findings if finding.case_id})
    for gemeente_id in sorted(request.actor.gemeenten_as("privacy")):
        facts = {"action": "search", "gemeente_id": gemeente_id, "case_ids": ids, "detail": f"Week van {week}"}
        request.actor.looked_at("Opvallende inzage bekeken", **facts)
    return findings


@professional(roles=PRIVACY)
def log_review(request: ActingRequest) -> HttpResponse:
    """Show the striking looks of a week: what waits for a mark first."""
    week, findings = _week(request), _found(request)
    mark = reverse("werkplek:log_review_mark")
    lines = [(each, f"{mark}?{urlencode({'week': week, 'wat': _key(each)})}") for each in findings]
    page = {
        "week": week,
        "last_day": week + WEEK - timedelta(days=1),
        "before": week - WEEK,
        "after": week + WEEK if week + WEEK <= request.actor.today else None,
        "waiting": [line for line in lines if line[0].waits],
        "judged": [line for line in lines if not line[0].waits],
        "today": request.actor.today,
        "in_order": LookVerdict.IN_ORDE,
    }
    return render(request, "werkplek/log_review.html", page)


@professional(roles=PRIVACY)
def log_review_mark(request: ActingRequest) -> HttpResponse:
    """Show one finding and mark it; the own looks are another's to mark."""
    key = request.GET.get("wat", "")
    finding = next((each for each in _found(request) if _key(each) == key), None)
    if finding is None:
        raise Http404
    own = finding.looker.pk == request.actor.user_id
    form = LookVerdictForm(posted(request))
    back = f"{reverse('werkplek:log_review')}?week={finding.week}"
    mark = partial(mark_looks, finding=finding, actor=request.actor)
    if answer := save(request, form, lambda: mark(**form.cleaned_data), done="Uw oordeel is bewaard.", back=back):
        return answer
    closed = own or (finding.review is not None and finding.review.verdict == LookVerdict.IN_ORDE)
    page = {"finding": finding, "form": form, "own": own, "closed": closed, "back": back, "today": request.actor.today}
    return render(request, "werkplek/log_review_mark.html", page | {"has_errors": bool(form.errors)})
