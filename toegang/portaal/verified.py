"""The number of who signed in with DigiD and is not known here yet: kept for the melding that follows, not longer.

It stands sealed in the session of the browser, for as long as a session without use lasts, and is gone when it was
used. Nobody is signed in by it, and no page shows it.
"""

from __future__ import annotations

from time import time

from django.conf import settings
from django.http import HttpRequest

from toegang.core import sealing

KEY = "digid_number"


def keep_number(request: HttpRequest, number: str) -> None:
    """Keep the number of somebody who is not known here."""
    request.session[KEY] = {"sealed": sealing.seal(number), "at": time()}


def kept_number(request: HttpRequest) -> str:
    """The sealed number, or nothing when there is none, when it is too old, or when somebody is signed in."""
    found = request.session.get(KEY)
    fresh = bool(found) and time() - found["at"] < 60 * settings.SESSION_LIMITS["inwoner"][0]
    return found["sealed"] if fresh and not request.user.is_authenticated else ""


def forget_number(request: HttpRequest) -> None:
    """Let go of it."""
    request.session.pop(KEY, None)
