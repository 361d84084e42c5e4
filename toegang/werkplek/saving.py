"""How a page carries out what a form or a button asks, and what it shows when that cannot be done."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect

from casework.models import Case
from toegang.core.access import ActingRequest
from toegang.core.forms import Form
from toegang.core.lifecycle import Blocked
from toegang.core.records import Stale
from toegang.werkplek.page import attempt, case_context, stale_page

Texts = Callable[[Any], list[tuple[str, str, str]]]


def save(
    request: ActingRequest,
    form: Form,
    act: Callable[[], Any],
    *,
    done: str,
    back: str | Callable[[], str],
    case: Case | None = None,
) -> HttpResponse | None:
    """Carry out what a valid form asks and go on; None when the page is to be shown with what is wrong."""
    if not form.is_valid():
        return None
    attempt(form, act, case)
    if form.errors:
        return None
    messages.success(request, done)
    return redirect(back if isinstance(back, str) else back())


def save_version(
    request: ActingRequest,
    form: Form,
    act: Callable[[], Any],
    *,
    done: str,
    back: str,
    texts: Texts,
    case: Case | None = None,
) -> HttpResponse | None:
    """Save a form that bears a version; when somebody was first, show both texts.

    `texts` gives label, my text and the text of the record as it is now. When all are the same, as after a
    double click, it was saved already.
    """
    try:
        return save(request, form, act, case=case, done=done, back=back)
    except Stale as stale:
        both = texts(stale.record)
        if all(mine == present for _, mine, present in both):
            messages.success(request, done)
            return redirect(back)
        return stale_page(request, stale, both, back, case_context(request, case, "") if case else {})


def take(request: ActingRequest, act: Callable[[], Any], *, done: str, back: str) -> HttpResponse:
    """Take the step that a button asks; what stands in the way is told on the page that it came from.

    `done` may name the result of the step: "Besluit {0.number} wordt verzonden."
    """
    try:
        result = act()
    except Blocked as stop:
        for obstacle in stop.obstacles:
            messages.warning(request, obstacle.text)
    else:
        messages.success(request, done.format(result))
    return redirect(back)
