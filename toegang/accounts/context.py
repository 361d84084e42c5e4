"""What every page may show of the house and of who looks; no query."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from toegang.accounts.models import Density, Theme, User
from toegang.accounts.sessions import seconds_left

# The media in which the dark sheet counts; paper is always light.
DARK = {Theme.DONKER: "screen", Theme.SYSTEEM: "screen and (prefers-color-scheme: dark)"}


def house(request: HttpRequest) -> dict[str, Any]:
    """Give the name of the actor's gemeente, for whom somebody acts, the own look, and the seconds left."""
    actor = getattr(request, "actor", None)
    if actor is None or actor.user is None or not request.user.is_authenticated:
        return {}
    idle, whole = seconds_left(request)
    left = {"idle": max(0, int(idle)), "whole": max(0, int(whole)), "warn": settings.SESSION_WARNING}
    named = {"gemeente_naam": f"Gemeente {actor.scope.gemeente_name}"} if actor.scope.gemeente_name else {}
    namens = {"namens": request.session.get("on_behalf_name", "")} if actor.on_behalf_of else {}
    return {"session_left": left, "look": _look(actor.user), **named, **namens}


def _look(user: User) -> dict[str, Any]:
    return {
        "compact": user.density == Density.COMPACT,
        "dark": DARK.get(Theme(user.theme), ""),
        "shortcuts": user.shortcuts,
    }
