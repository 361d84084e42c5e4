"""What every page of the functioneel beheerder shares: door, sub-navigation, one form, and what a save answers."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from toegang.accounts.models import User
from toegang.accounts.selectors import BEHEERDER, people_of
from toegang.core.access import ActingRequest, professional
from toegang.core.forms import Form
from toegang.werkplek import saving

beheerder = professional(roles=frozenset({BEHEERDER}))
PARTS = (
    ("overzicht", "Overzicht", "werkplek:beheer"),
    ("mensen", "Mensen", "werkplek:beheer_people"),
    ("teams", "Teams", "werkplek:beheer_teams"),
    ("rollen", "Rollen", "werkplek:beheer_roles"),
    ("ketenpartners", "Ketenpartners", "werkplek:beheer_partners"),
)


def show(request: ActingRequest, name: str, part: str, **facts: Any) -> HttpResponse:
    """Show a page of beheer, with its sub-navigation."""
    items = [(label, reverse(route), key == part) for key, label, route in PARTS]
    return render(request, f"werkplek/beheer/{name}.html", {"sub_nav": items, **facts})


def show_form(
    request: ActingRequest, form: Form, part: str, *, title: str, submit: str, back: str, **facts: Any
) -> HttpResponse:
    """Show a page with one form; `intro` holds sentences before it, `left` the cases that lose their contactpersoon."""
    page = {"form": form, "has_errors": bool(form.errors), "title": title, "submit": submit, "back": back}
    return show(request, "form", part, **page, **facts)


def save_version(
    request: ActingRequest, form: Form, act: Callable[[], Any], *, done: str, back: str
) -> HttpResponse | None:
    """Save a form whose fields bear the names of the record; when somebody was first, show both texts."""
    return saving.save_version(request, form, act, done=done, back=back, texts=partial(_both, form))


def _both(form: Form, record: Any) -> list[tuple[str, str, str]]:
    """Label, my text and the text that is there now, of every question."""
    names = [name for name in form.fields if name != "version"]
    return [(str(form[name].label), _words(form.cleaned_data[name]), _words(getattr(record, name))) for name in names]


def _words(value: Any) -> str:
    many = value.all() if hasattr(value, "all") else None
    return ", ".join(sorted(map(str, many))) if many is not None else str(value)


def person_in_scope(request: ActingRequest, pk: int) -> User:
    """Give somebody whom the actor looks after; else the ordinary 404."""
    found: User = get_object_or_404(people_of(request.actor).select_related("ketenpartner", "organisatie"), pk=pk)
    return found


def person_url(person: User) -> str:
    """The page of somebody."""
    return reverse("werkplek:beheer_person", args=[person.pk])


def taken_away(request: ActingRequest, person: User, history: Any) -> HttpResponse:
    """Answer for a role or a team that is there no more: it was taken away, or it never was."""
    if not history.exists():
        raise Http404
    messages.info(request, "Dit is al weggehaald.")
    return redirect(person_url(person))
