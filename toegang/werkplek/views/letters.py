"""The letters of a case, the print list, and what was posted."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from casework.enums import Channel
from casework.models import Case, Grant, Letter
from casework.models.people import NO_POST, SHIELDED_ADDRESS
from casework.selectors import basis_of, letters_of
from casework.services.letters import post_letter, remake_letter
from toegang.core import documents
from toegang.core.access import ActingRequest, Actor, professional
from toegang.core.dates import long_date
from toegang.core.lifecycle import Blocked
from toegang.core.pages import file_answer, posted
from toegang.werkplek.forms.case import PostedForm
from toegang.werkplek.page import case_context, case_in_scope
from toegang.werkplek.views.worklist import CASEWORKERS

DAMAGED = "Deze brief kan niet open: het bestand is beschadigd of weg. Bel de functioneel beheerder."


@professional
def case_letters(request: ActingRequest, pk: UUID) -> HttpResponse:
    """Show the letters of a case, the newest first."""
    case = case_in_scope(request, pk, "brieven")
    rows = [(letter, *status_of(letter)) for letter in letters_of(case)]
    return render(request, "werkplek/letters.html", {**case_context(request, case, "brieven"), "rows": rows})


def status_of(letter: Letter) -> tuple[str, str]:
    """Where a letter stands, in words, and the tone of those words."""
    if letter.sent_on:
        return f"verzonden op {long_date(letter.sent_on)}", "positive"
    if letter.document_id is None:
        return "wordt gemaakt", "neutral"
    return "ligt klaar om te posten", "warning"


def letters_for(actor: Actor) -> QuerySet[Letter]:
    """The letters of the cases that somebody sees, each with the ground for that."""
    letters = Letter.objects.filter(case__in=Case.objects.visible_to(actor)).select_related("case", "addressee")
    return letters.annotate(ground=Grant.objects.ground_of(actor, "case_id"))


@professional
def letter_download(request: ActingRequest, letter: UUID) -> HttpResponse:
    """Give the PDF, and note who opened it; a damaged file is told, never shown."""
    stored = letters_for(request.actor).exclude(document=None).select_related("document")
    found = get_object_or_404(stored, pk=letter)
    facts = {"action": "download", "object_type": "letter", "object_id": str(found.pk), "fields": ("brieven",)}
    facts |= basis_of(found)
    assert found.document is not None  # noqa: S101 (for the type checker)
    try:
        answer = file_answer(found.document, download=False)
    except documents.DamagedFile:
        request.actor.looked_at(f"Brief is beschadigd: {found.subject}", found.case, result="damaged", **facts)
        messages.error(request, DAMAGED)
        return redirect("werkplek:case_letters", found.case_id)
    request.actor.looked_at(f"Brief geopend: {found.subject}", found.case, **facts)
    return answer


@professional(roles=CASEWORKERS)
def print_list(request: ActingRequest) -> HttpResponse:
    """Show the paper letters that lie ready to be posted."""
    return _print_page(request, {})


def _on_paper(request: ActingRequest) -> QuerySet[Letter]:
    """Letters to post, by who works on their case: posting is more than reading."""
    cases = Case.objects.workable_by(request.actor)
    found = Letter.objects.filter(case__in=cases, channel=Channel.PAPIER)
    return found.select_related("case", "addressee").prefetch_related("addressee__addresses")


def _to_post(request: ActingRequest) -> QuerySet[Letter]:
    ready = _on_paper(request).filter(sent_on=None).exclude(document=None)
    return ready.order_by("dated", "stored_at")


def _print_page(request: ActingRequest, typed: Mapping[UUID, PostedForm]) -> HttpResponse:
    letters = list(_to_post(request))
    facts = {"case_ids": list({letter.case_id for letter in letters}), "fields": ("persoonsgegevens", "brieven")}
    request.actor.looked_at("Afdruklijst", action="list", **facts)
    rows = [
        (letter, typed.get(letter.pk) or _posted_form(request, letter), _where(letter, request.actor.today))
        for letter in letters
    ]
    errors = list(typed.values())
    page = {"rows": rows, "today": request.actor.today, "error_forms": errors, "has_errors": bool(errors)}
    return render(request, "werkplek/print_list.html", page)


def _where(letter: Letter, today: date) -> list[str]:
    """The address of a letter; none when it is to be handed over."""
    lines = letter.addressee.post_lines(today)
    return [] if {SHIELDED_ADDRESS, NO_POST} & set(lines) else lines


def _posted_form(request: ActingRequest, letter: Letter) -> PostedForm:
    """Today is proposed only where it can be right: the day on the letter is the day of posting."""
    today = request.actor.today
    typed = posted(request)
    initial = {"posted_on": today if letter.dated == today else None}
    prefix = f"brief-{letter.pk}"
    sent_here = typed is not None and f"{prefix}-posted_on" in typed
    return PostedForm(typed if sent_here else None, today=today, prefix=prefix, initial=initial)


@professional(roles=CASEWORKERS)
@require_POST
def letter_posted(request: ActingRequest, letter: UUID) -> HttpResponse:
    """Note on which day a letter was posted; the same letter twice is once."""
    found = get_object_or_404(_on_paper(request), pk=letter)
    form = _posted_form(request, found)
    if form.is_valid():
        try:
            sent = post_letter(letter_id=found.pk, posted_on=form.cleaned_data["posted_on"], by=request.actor)
        except Blocked as stop:
            form.add_error("posted_on", [missing.text for missing in stop.obstacles])
        else:
            messages.success(request, f"De brief aan {found.addressee.name} is {status_of(sent)[0]}.")
            return redirect("werkplek:print_list")
    return _print_page(request, {found.pk: form})


@professional(roles=CASEWORKERS)
@require_POST
def letter_remake(request: ActingRequest, letter: UUID) -> HttpResponse:
    """Make a letter of a former day again, with a new date."""
    found = get_object_or_404(_on_paper(request), pk=letter)
    if found.dated == request.actor.today and found.sent_on is None:
        messages.info(request, f"De brief aan {found.addressee.name} is al van vandaag.")
        return redirect("werkplek:print_list")
    try:
        remake_letter(letter_id=found.pk, by=request.actor)
        messages.success(request, f"De brief aan {found.addressee.name} wordt opnieuw gemaakt.")
    except Blocked as stop:
        messages.error(request, str(stop))
    return redirect("werkplek:print_list")
