"""The own session and account: what was typed when a session ended, the time that is left, sessions, settings."""

from __future__ import annotations

from typing import cast

from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render

from toegang.accounts.devices import device_words
from toegang.accounts.forms import PreferencesForm
from toegang.accounts.kept import in_words
from toegang.accounts.models import User
from toegang.accounts.selectors import may_have_photo, own_photo
from toegang.accounts.services.preferences import change_preferences
from toegang.accounts.services.sessions import end_chosen, living_sessions
from toegang.accounts.sessions import KEPT, kept_text, seconds_left, touch
from toegang.core.access import ActingRequest, session_watch, signed_in, staff

ALL_OTHERS = "andere"
LONGEST_KEY = 19  # digits of a key in the database
ENDED_WORDS = (
    "Die sessie was al voorbij.",
    "De sessie is beëindigd. Op dat apparaat moet u opnieuw inloggen.",
    "{} sessies zijn beëindigd. Op die apparaten moet u opnieuw inloggen.",
)


@signed_in
def kept(request: ActingRequest) -> HttpResponse:
    """Show what was typed when the session ended, to send it after all or to drop it."""
    if request.method == "POST":
        request.session.pop(KEPT, None)
        return redirect("home")
    found = kept_text(request)
    if found is None:
        messages.info(request, "Er is niets meer dat u nog moet opslaan. Wij bewaren wat u typte een uur.")
        return redirect("home")
    page = {"path": found["path"], "fields": found["fields"], "kept": in_words(found["fields"])}
    return render(request, "accounts/kept.html", page)


@session_watch
def session_state(request: ActingRequest) -> HttpResponse:
    """Tell how many seconds are left, zero when it is over; a POST is one key to stay."""
    if request.method == "POST" and min(seconds_left(request)) > 0:
        touch(request)
    idle, whole = seconds_left(request)
    return JsonResponse({"idle": max(0, int(idle)), "whole": max(0, int(whole))})


@staff
def preferences(request: ActingRequest) -> HttpResponse:
    """Show and keep how the user wants the pages to look, and whether a mail tells what waits."""
    user = cast("User", request.user)
    present = {name: getattr(user, name) for name in ("density", "theme", "shortcuts", "digest", "home_postcode")}
    form = PreferencesForm(request.POST or None, email=user.email, initial=present)
    if request.method == "POST" and form.is_valid():
        change_preferences(user_id=user.pk, actor=request.actor, **form.cleaned_data)
        messages.success(request, "Uw instellingen zijn bewaard.")
        return redirect("account_settings")
    page = {"form": form, "forms": [form], "has_errors": bool(form.errors), "email": user.email}
    page |= {"photo": own_photo(request.actor), "may_have_photo": may_have_photo(request.actor)}
    return render(request, "accounts/settings.html", page)


@signed_in
def sessions(request: ActingRequest) -> HttpResponse:
    """Show where the user is signed in; a POST ends one other session, or all others."""
    user, here = cast("User", request.user), request.session.session_key
    living = living_sessions(user, request.actor)
    if request.method == "POST":
        return _end_others(request, living.exclude(session_key=here))
    rows = [(session, device_words(session.user_agent), session.session_key == here) for session in living]
    page = {"rows": rows, "others": any(not is_here for _, _, is_here in rows)}
    return render(request, "accounts/sessions.html", page)


def _end_others(request: ActingRequest, others: QuerySet[UserSession]) -> HttpResponse:
    chosen = request.POST.get("session", "")
    if chosen != ALL_OTHERS:
        others = others.filter(pk=int(chosen) if chosen.isdecimal() and len(chosen) < LONGEST_KEY else 0)
    ended = end_chosen(others, actor=request.actor)
    messages.success(request, ENDED_WORDS[min(ended, 2)].format(ended))
    return redirect("account_sessions")
