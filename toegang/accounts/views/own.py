"""The own session and account: what was typed when a session ended, the time that is left, sessions, settings."""

from __future__ import annotations

from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render

from toegang.accounts.sessions import KEPT, kept_text, seconds_left, touch
from toegang.core.access import ActingRequest, session_watch, signed_in


@signed_in
def kept(request: ActingRequest) -> HttpResponse:
    """Show what was typed when the session ended, to send it after all or to drop it."""
    if request.method == "POST":
        request.session.pop(KEPT, None)
        return redirect("home")
    found = kept_text(request)
    if found is None:
        return redirect("home")
    return render(request, "accounts/kept.html", {"path": found["path"], "fields": found["fields"]})


@session_watch
def session_state(request: ActingRequest) -> HttpResponse:
    """Tell how many seconds are left; a POST is one key to stay."""
    if request.method == "POST":
        touch(request)
    idle, whole = seconds_left(request)
    return JsonResponse({"idle": int(idle), "whole": int(whole)})
