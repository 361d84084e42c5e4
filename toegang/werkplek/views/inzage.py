"""An inzage pack: chosen part by part, looked at twice, made by the worker, downloaded."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from casework.enums import PrivacyKind, PrivacyStatus
from casework.models import PrivacyRequest, Reason
from casework.permissions import may_answer, may_look_again
from decisions.selectors.gather import fingerprint, parts_of
from decisions.services import inzage
from toegang.core.access import ActingRequest, professional
from toegang.core.models import StoredFile
from toegang.core.pages import file_answer, posted
from toegang.core.records import Stale
from toegang.werkplek.forms.plan import VersionedForm
from toegang.werkplek.forms.privacy import PackForm
from toegang.werkplek.page import attempt, case_context
from toegang.werkplek.saving import take
from toegang.werkplek.views.case import allow
from toegang.werkplek.views.privacy import NOT_YOURS, request_in_case, request_url

FIRST = "Een collega was u voor. Kijk hoe het verzoek er nu voor staat."


@professional
def privacy_review(request: ActingRequest, pk: UUID, verzoek: UUID) -> HttpResponse:
    """Choose for every part whether it is given; what may be about others is held back unless chosen otherwise."""
    case, found = request_in_case(request, pk, verzoek, "inzage")
    chooses = may_answer(found, request.actor)
    if not (chooses if request.method == "POST" else may_look_again(found, request.actor)):
        raise PermissionDenied(NOT_YOURS)
    if found.kind != PrivacyKind.INZAGE or found.status != PrivacyStatus.CONTROLE:
        return redirect(request_url(found))
    parts = parts_of(case, found.person)
    grounds = list(Reason.objects.listed("avg_terughouden", request.actor.today))
    first = {"version": found.version, "seen": fingerprint(parts)}
    form = PackForm(posted(request), parts=parts, grounds=grounds, record=found, initial=first)
    if form.is_valid():
        given = form.cleaned_data
        facts = {"version": given["version"], "seen": given["seen"], "choices": form.choices()}
        act = partial(inzage.save_review, request_id=found.pk, actor=request.actor, **facts)
        if _kept(request, form, act, case):
            return redirect(request_url(found))
    page = {"form": form, "forms": [form], "has_errors": bool(form.errors), "record": found, "chooses": chooses}
    return render(request, "werkplek/privacy_review.html", case_context(request, case, "privacy") | page)


def _kept(request: ActingRequest, form: PackForm, act: Callable[[], Any], case: Any) -> bool:
    """Whether the choices were kept; when a colleague chose first, that is told and nothing changes."""
    try:
        if not attempt(form, act, case):
            return False
    except Stale:
        messages.warning(request, FIRST)
        return True
    messages.success(request, "Uw keuzes zijn bewaard. Laat ze nu nog een keer nakijken.")
    return True


def _press(request: ActingRequest, found: PrivacyRequest, act: Callable[..., Any], done: str) -> HttpResponse:
    """Carry out what a button of the page of a request asks."""
    form = VersionedForm(request.POST)
    version = form.cleaned_data["version"] if form.is_valid() else 0
    back = request_url(found)
    try:
        return take(
            request, partial(act, request_id=found.pk, version=version, actor=request.actor), done=done, back=back
        )
    except Stale:
        messages.warning(request, FIRST)
        return redirect(back)


@professional
@require_POST
def privacy_look(request: ActingRequest, pk: UUID, verzoek: UUID) -> HttpResponse:
    """Say that the choices were looked at a second time."""
    _, found = request_in_case(request, pk, verzoek)
    allow(request, allowed=may_look_again(found, request.actor), sentence=NOT_YOURS)
    return _press(request, found, inzage.look_again, "U hebt de keuzes nagekeken.")


@professional
@require_POST
def privacy_release(request: ActingRequest, pk: UUID, verzoek: UUID) -> HttpResponse:
    """Order the files."""
    _, found = request_in_case(request, pk, verzoek)
    allow(request, allowed=may_answer(found, request.actor), sentence=NOT_YOURS)
    return _press(request, found, inzage.release, "De bestanden worden gemaakt.")


@professional
@require_safe
def privacy_pdf(request: ActingRequest, pk: UUID, verzoek: UUID) -> HttpResponse:
    """Give the PDF to who answers the request; logged as an export."""
    return _download(request, pk, verzoek, "pdf")


@professional
@require_safe
def privacy_json(request: ActingRequest, pk: UUID, verzoek: UUID) -> HttpResponse:
    """Give the machine-readable file to who answers the request; logged as an export."""
    return _download(request, pk, verzoek, "json")


def _download(request: ActingRequest, pk: UUID, verzoek: UUID, which: str) -> HttpResponse:
    case, found = request_in_case(request, pk, verzoek)
    file: StoredFile | None = getattr(found, which)
    if file is None:
        raise Http404
    if not may_answer(found, request.actor):
        raise PermissionDenied(NOT_YOURS)
    facts = {"action": "export", "object_type": "privacyrequest", "object_id": str(found.pk)}
    request.actor.looked_at(f"Inzage opgehaald ({which})", case, **facts)
    return file_answer(file, download=True)
