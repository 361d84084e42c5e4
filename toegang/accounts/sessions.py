"""How long a session lasts, how sure it is of who is there, and how nothing that was typed is lost when it ends."""

from __future__ import annotations

import functools
import json
import time
from collections.abc import Callable
from typing import Any, cast

from allauth.account.authentication import get_authentication_records
from allauth.core.exceptions import ReauthenticationRequired
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.models import AnonymousUser
from django.contrib.postgres.functions import TransactionNow
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, resolve_url
from django.urls import reverse
from django.utils.http import urlencode

from toegang.core.sealing import Unreadable, seal, unseal

KEY = "toegang"  # began, seen, proved (moments in seconds), way (local, oidc, digid, demo), sure
KEPT = "gebleven"
ENDED = "geweest"  # whose session ended in this browser, and when: another tab may still hold what was typed
RECENT = 5 * 60  # seconds in which a proof counts for an act that asks for it (ASVS 5.0 7.5.3)
LAZY = 60  # seconds between two notes of the last use, to spare the database
MOST_KEPT = 200_000  # characters
KEPT_FOR = 60 * 60  # seconds
CASE_DOORS = {"werkplek", "portaal", "sturing"}


def begin_session(request: HttpRequest, *, way: str, proved: float | None = None, sure: bool = False) -> None:
    """Start the clocks of a fresh session; `proved` is when the user last proved who is there, in seconds.

    What somebody else typed in this browser is dropped; the session joins the user's own list.
    """
    now = time.time()
    request.session[KEY] = {"began": now, "seen": now, "proved": min(proved or now, now), "way": way, "sure": sure}
    request.session.pop(ENDED, None)
    if request.session.get(KEPT, {}).get("user") != request.user.pk:
        request.session.pop(KEPT, None)
    # allauth notes only its own sign-ins; whose account is put out of use must lose every session.
    UserSession.objects.create_from_request(request)


def seconds_left(request: HttpRequest) -> tuple[float, float]:
    """Seconds until the session ends for want of use, and until it ends in any case (ASVS 5.0 7.3.1, 7.3.2)."""
    facts = request.session.get(KEY)
    if not facts:
        return 0.0, 0.0
    idle_minutes, hours = settings.SESSION_LIMITS[getattr(request.user, "kind", "inwoner")]
    now = time.time()
    return facts["seen"] + idle_minutes * 60 - now, facts["began"] + hours * 3600 - now


def touch(request: HttpRequest) -> None:
    """Note that the session is used, in its own clock and in the list of sessions; at most once a minute."""
    facts = request.session[KEY]
    if time.time() - facts["seen"] > LAZY:
        request.session[KEY] = facts | {"seen": time.time()}
        listed = UserSession.objects.filter(session_key=request.session.session_key)
        listed.update(last_seen_at=TransactionNow())


def proved_recently(request: HttpRequest) -> bool:
    """Whether the user proved who is there within the last minutes, by any means."""
    facts = request.session.get(KEY) or {}
    proofs = [facts.get("proved", 0.0)]
    proofs += [record["at"] for record in get_authentication_records(request, cast("Any", request.user))]
    return time.time() - max(proofs) < RECENT


def step_up(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Ask again who is there before an act that weighs; stands inside the policy decorator."""

    @functools.wraps(view)
    def checked(request: Any, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if proved_recently(request):
            return view(request, *args, **kwargs)
        if request.session[KEY]["way"] != "oidc":
            raise ReauthenticationRequired  # allauth's middleware asks for password or factor, and comes back
        if request.method == "POST":
            _keep(request, request.user.pk)
        back = reverse("kept") if request.method == "POST" else request.get_full_path()
        return redirect(f"{reverse('oidc_start')}?{urlencode({'next': back, 'opnieuw': '1'})}")

    return checked


def typed_fields(request: HttpRequest) -> list[tuple[str, str]]:
    """What a form sent, in its order, without the token."""
    pairs = [(name, value) for name, values in request.POST.lists() for value in values]
    return [(name, str(value)) for name, value in pairs if name != "csrfmiddlewaretoken"]


def _keep(request: HttpRequest, user_pk: Any) -> None:
    """Put what was typed in the session, for this user only."""
    fields = typed_fields(request)
    if sum(len(value) for _, value in fields) <= MOST_KEPT:
        path = request.get_full_path()
        sealed = seal(json.dumps(fields))  # a number, or a life's story: a session is a row in the database
        request.session[KEPT] = {"path": path, "sealed": sealed, "user": user_pk, "at": time.time()}


def kept_text(request: HttpRequest) -> dict[str, Any] | None:
    """What this user typed when the session had ended; None when there is nothing, or it is too old."""
    kept = request.session.get(KEPT)
    if kept and time.time() - kept["at"] > KEPT_FOR:
        kept = request.session.pop(KEPT) and None
    if not kept or kept["user"] != request.user.pk:
        return None
    try:
        return {**kept, "fields": json.loads(unseal(kept["sealed"]))}
    except Unreadable:
        return None


def forget_session(request: HttpRequest) -> None:
    """Kill the session on the server and take it from the list; its cookie opens nothing any more."""
    UserSession.objects.filter(session_key=request.session.session_key or "").delete()
    request.session.flush()
    request.user = AnonymousUser()


def end_sessions(user: Any, *, but: str | None = None) -> None:
    """End every session of a user on the server, at once; `but` is the key of the one that stays."""
    for session in UserSession.objects.filter(user=user).exclude(session_key=but or ""):
        session.end()


def forget_factors(user: Any) -> None:
    """Wipe every second factor of a user; the next sign-in asks for a new one."""
    Authenticator.objects.filter(user=user).delete()


def has_factor(user: Any) -> bool:
    """Whether a user has a second factor; recovery codes alone are none."""
    return bool(is_mfa_enabled(user, ["totp", "webauthn"]))


class SessionMiddleware:
    """Ends a session in time, keeps what was typed, and asks for a second factor where one is needed."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Pass on."""
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:  # noqa: ARG002
        """Look at the session before every view; the token of a form was checked already."""
        policy = getattr(view, "policy", None)
        if policy is None:
            return None
        if not request.user.is_authenticated:
            return self._late(request, policy)
        if min(seconds_left(request)) <= 0:
            # The count-down may look at an ended session; ending it here would lose what is typed in the page.
            return None if policy.door == "sessie" else self._end(request, policy)
        kept = request.session.get(KEPT)
        if kept and request.method == "POST" and request.get_full_path() == kept["path"]:
            del request.session[KEPT]
        if policy.door != "sessie":
            touch(request)
        if policy.door in CASE_DOORS and not _is_sure(request):
            return redirect("mfa_index")
        return None

    def _end(self, request: HttpRequest, policy: Any) -> HttpResponse | None:
        """Kill the session on the server; a page for everybody is shown all the same."""
        user_pk = request.user.pk
        forget_session(request)
        request.session[ENDED] = {"user": user_pk, "at": time.time()}
        return None if policy.kinds is None else _ask_again(request, policy, user_pk)

    def _late(self, request: HttpRequest, policy: Any) -> HttpResponse | None:
        """Keep also what a second tab sends after the first one found the session ended."""
        ended = request.session.get(ENDED)
        if request.method != "POST" or policy.door not in CASE_DOORS or not ended:
            return None
        return _ask_again(request, policy, ended["user"]) if time.time() - ended["at"] < KEPT_FOR else None


def _ask_again(request: HttpRequest, policy: Any, user_pk: Any) -> HttpResponse:
    """Send whose session ended to the own way in, and say whether what was typed is kept."""
    if request.method == "POST" and policy.door in CASE_DOORS:
        _keep(request, user_pk)
    ended = "U was te lang weg. Log opnieuw in; dan gaat u verder waar u was."
    kept = "U was te lang weg. Wat u typte is bewaard. Log opnieuw in; dan ziet u het terug."
    messages.info(request, kept if KEPT in request.session else ended)
    back = reverse("kept") if KEPT in request.session else request.get_full_path()
    way_in = resolve_url(policy.login_url or settings.LOGIN_URL)
    return redirect(f"{way_in}?{urlencode({'next': back if request.method in {'GET', 'POST'} else '/'})}")


def _is_sure(request: HttpRequest) -> bool:
    """Whether a medewerker came in with two factors (NEN 7510, BIO2); the level of an inwoner was checked at DigiD.

    A local sign-in of who has a factor never completes without it, so having one is enough.
    """
    facts = request.session[KEY]
    if not settings.SECOND_FACTOR_REQUIRED or facts["sure"] or getattr(request.user, "kind", "") != "medewerker":
        return True
    if not has_factor(request.user):
        return False
    request.session[KEY] = facts | {"sure": True}
    return True
