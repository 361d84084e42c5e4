"""The veiligheidsdossier of a case: for who holds a grant for it; everybody else gets the ordinary 404."""

from __future__ import annotations

from datetime import date
from functools import partial
from itertools import groupby
from typing import Any
from uuid import UUID

from django import forms
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse

from casework.enums import SAFETY, GrantKind
from casework.models import Case, Grant, SafetyRecord
from casework.permissions import is_contactpersoon, may_view_safety
from casework.selectors import people_of_case, safety_colleagues, safety_records
from casework.services import safety as service
from toegang.core.access import ActingRequest, professional
from toegang.core.dates import last_day_before
from toegang.core.pages import posted
from toegang.werkplek.forms.gates import SafetyCorrectionForm, SafetyForm, SafetyShareForm, WhyForm
from toegang.werkplek.page import case_context, case_in_scope
from toegang.werkplek.saving import save, save_version

WAS_KEPT = "De tekst die er nu staat, blijft in de geschiedenis."
EVERYTHING = "Uw collega ziet dan alles wat in dit dossier staat, over iedereen in deze zaak."


def _safety_in_scope(request: ActingRequest, pk: UUID, *, as_contactpersoon: bool = False) -> Case:
    """Give the case to who may open its veiligheidsdossier; else 404, whether or not there is anything in it."""
    case = case_in_scope(request, pk, "veiligheidsdossier", of=SAFETY)
    if not may_view_safety(case, request.actor):
        raise Http404
    if as_contactpersoon and not is_contactpersoon(case, request.actor):
        raise Http404
    return case


def _back(case: Case) -> str:
    return reverse("werkplek:safety", args=[case.pk])


def _show(request: ActingRequest, case: Case, template: str, form: forms.BaseForm, **facts: Any) -> HttpResponse:
    page = {"form": form, "forms": [form], "has_errors": bool(form.errors), "back": _back(case), **facts}
    return render(request, f"werkplek/{template}.html", {**case_context(request, case, "veiligheid"), **page})


@professional
def safety(request: ActingRequest, pk: UUID) -> HttpResponse:
    """Show what is known, per person, and add a fact; the contactpersoon also sees who else may open it."""
    case = _safety_in_scope(request, pk)
    form = SafetyForm(posted(request), people=people_of_case(case))

    def act() -> None:
        facts = {key: form.cleaned_data[key] for key in ("law", "text", "source")}
        person = form.cleaned_data["person"]
        service.add_safety_record(case_id=pk, person_id=person.pk, actor=request.actor, **facts)

    if answer := save(request, form, act, case=case, done="Dit staat nu in het veiligheidsdossier.", back=_back(case)):
        return answer
    records = groupby(safety_records(case, request.actor), key=lambda record: record.person)
    shared = case.grants.valid_now().filter(kind=GrantKind.VEILIGHEID).select_related("user").order_by("user__name")
    facts = {
        "people": [(person, list(found)) for person, found in records],
        "shared": [(grant, _last_day(grant)) for grant in shared],
    }
    return _show(request, case, "safety", form, decides=is_contactpersoon(case, request.actor), **facts)


def _last_day(grant: Grant) -> date | None:
    """The last day of a grant that has one; the period is half open."""
    until = grant.validity.upper
    return last_day_before(until) if until else None


@professional
def correct(request: ActingRequest, pk: UUID, record: UUID) -> HttpResponse:
    """Write a better text; the former one stays in the history."""
    case = _safety_in_scope(request, pk)
    found = get_object_or_404(safety_records(case, request.actor), pk=record)
    initial = {"version": found.version, "text": found.text, "source": found.source}
    form = SafetyCorrectionForm(posted(request), initial=initial)

    def act() -> None:
        service.correct_safety_record(record_id=found.pk, actor=request.actor, **form.cleaned_data)

    def texts(now: SafetyRecord) -> list[tuple[str, str, str]]:
        names = ("text", "source")
        return [(str(form[name].label), form.cleaned_data[name], getattr(now, name)) for name in names]

    done = "De verbetering is bewaard."
    if answer := save_version(request, form, act, case=case, done=done, back=_back(case), texts=texts):
        return answer
    facts = {"heading": f"Verbeteren: {found.person}", "submit": "Verbetering bewaren", "intro": WAS_KEPT}
    return _show(request, case, "gate_form", form, **facts)


@professional
def share(request: ActingRequest, pk: UUID) -> HttpResponse:
    """Let an aandachtsfunctionaris or a colleague of the team open it too."""
    case = _safety_in_scope(request, pk, as_contactpersoon=True)
    today = request.actor.today
    form = SafetyShareForm(posted(request), colleagues=safety_colleagues(case, today), today=today)

    def act() -> None:
        service.share_safety(case_id=pk, actor=request.actor, **form.cleaned_data)

    if answer := save(
        request, form, act, case=case, done="Uw collega ziet nu het veiligheidsdossier.", back=_back(case)
    ):
        return answer
    facts = {"heading": "Toegang geven tot het veiligheidsdossier", "submit": "Toegang geven", "intro": EVERYTHING}
    return _show(request, case, "gate_form", form, **facts)


@professional
def stop(request: ActingRequest, pk: UUID, grant: int) -> HttpResponse:
    """End that, with a reason."""
    case = _safety_in_scope(request, pk, as_contactpersoon=True)
    shared = case.grants.filter(kind=GrantKind.VEILIGHEID).select_related("user")
    found = get_object_or_404(shared, pk=grant)
    form = WhyForm(posted(request))
    end = partial(service.stop_sharing_safety, case_id=pk, user=found.user, actor=request.actor)
    done = f"{found.user.name} ziet het veiligheidsdossier niet meer."
    if answer := save(request, form, lambda: end(**form.cleaned_data), case=case, done=done, back=_back(case)):
        return answer
    return _show(
        request, case, "gate_form", form, heading=f"Toegang van {found.user.name} beëindigen", submit="Beëindigen"
    )
