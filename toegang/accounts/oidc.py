"""OpenID Connect: send somebody to an identity provider, and believe only an answer that is right in every part.

Authlib checks state, nonce, PKCE, signature, issuer, audience and times (OIDC Core 3.1.3.7, RFC 9700, ASVS 5.0
10.5); here the metadata is pinned to our own settings and every refusal becomes one kind of exception.
"""

from __future__ import annotations

import functools
import time
from typing import Any
from urllib.parse import parse_qs, urlsplit

from authlib.common.errors import AuthlibBaseError
from authlib.integrations.django_client import OAuth
from django.http import HttpRequest, HttpResponse
from joserfc.errors import JoseError
from requests import RequestException

from toegang.accounts.providers import Provider, claim

ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "EdDSA"]  # never none or HS
SECONDS_TO_ANSWER = 5
CLOCK_SKEW = 60  # seconds
NOTES = "oidc"  # in the session: state → what to do after it
MOST_TABS = 5  # ways to a provider that one browser may have open at a time
LONGEST_WAY = 15 * 60  # seconds between leaving and coming back


class Refused(Exception):  # noqa: N818 (not an error of ours: the answer was not good enough)
    """Signing in through a provider did not succeed; `reason` is a word for the log, never shown."""

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(f"{reason}: {detail}")
        self.reason, self.detail = reason, detail


@functools.cache
def _client(provider: Provider) -> Any:
    return OAuth().register(
        provider.key,
        client_id=provider.client_id,
        client_secret=provider.client_secret,
        server_metadata_url=provider.metadata_url,
        client_kwargs={
            "scope": provider.scope,
            "code_challenge_method": "S256",
            "default_timeout": SECONDS_TO_ANSWER,
        },
    )


def _pinned(provider: Provider) -> Any:
    """Give the client with its metadata; the issuer and the algorithms are ours to say, not the provider's."""
    client = _client(provider)
    metadata = client.load_server_metadata()
    if metadata.get("issuer") != provider.issuer:
        _client.cache_clear()
        raise Refused("issuer", "metadata")
    metadata["id_token_signing_alg_values_supported"] = ALGORITHMS
    return client


def asked_here(request: HttpRequest) -> bool:
    """Whether a page of ours or an address typed by hand asked for it: a link elsewhere begins no session.

    A browser of before 2023 does not tell.
    """
    return request.headers.get("Sec-Fetch-Site", "none") in {"same-origin", "none"}


def leave(request: HttpRequest, provider: Provider, back: str, *, onward: str, again: bool = False) -> HttpResponse:
    """Send the browser to the provider; `back` is our full address, `onward` where the user wants to go after it.

    `again` asks for a fresh proof (step-up). Raises Refused when the provider does not answer well.
    """
    wish = {"prompt": "login", "max_age": "0"} if again else {}
    if provider.levels:
        wish["acr_values"] = " ".join(sorted(provider.levels))
    try:
        answer: HttpResponse = _pinned(provider).authorize_redirect(request, back, **wish)
    except RequestException as down:
        _client.cache_clear()
        raise Refused("unreachable", type(down).__name__) from None
    except (AuthlibBaseError, ValueError, RuntimeError, KeyError, TypeError) as odd:
        _client.cache_clear()
        raise Refused("answer", type(odd).__name__) from None
    state = parse_qs(urlsplit(answer.headers["Location"]).query)["state"][0]
    open_ways = list(request.session.get(NOTES, {}).items())[-MOST_TABS + 1 :]
    note = {"to": provider.key, "onward": onward, "again": again, "left": time.time()}
    request.session[NOTES] = {**dict(open_ways), state: note}
    return answer


def come_back(request: HttpRequest, provider: Provider) -> tuple[dict[str, Any], dict[str, Any]]:
    """Check the answer; give the claims and the notes of when the browser left. Raises Refused for all else."""
    open_ways = request.session.get(NOTES, {})
    notes = open_ways.pop(request.GET.get("state", ""), None)
    request.session[NOTES] = open_ways
    if notes is None or notes["to"] != provider.key or time.time() - notes["left"] > LONGEST_WAY:
        raise Refused("state")
    if request.GET.get("error") in {"access_denied", "login_required"}:
        raise Refused("cancelled")
    options = {"iss": {"essential": True, "value": provider.issuer}}
    options["aud"] = {"essential": True, "value": provider.client_id}
    try:
        token = _pinned(provider).authorize_access_token(request, claims_options=options, leeway=CLOCK_SKEW)
        claims = dict(token["userinfo"])
    except RequestException as down:
        raise Refused("unreachable", type(down).__name__) from None
    except (AuthlibBaseError, JoseError, ValueError, RuntimeError, KeyError, TypeError) as wrong:
        raise Refused("answer", f"{type(wrong).__name__} {getattr(wrong, 'error', '')}") from None
    _sure_enough(provider, claims)
    if notes["again"] and claims.get("auth_time", 0) < notes["left"] - CLOCK_SKEW:
        raise Refused("auth_time")
    return claims, notes


def _sure_enough(provider: Provider, claims: dict[str, Any]) -> None:
    """The level and the methods that the settings ask for (ASVS 5.0 6.8.4)."""
    level, methods = claim(claims, provider.level_claim), claims.get("amr")
    if provider.levels and (not isinstance(level, str) or level not in provider.levels):
        raise Refused("level", str(level)[:80])
    told = set(map(str, methods)) if isinstance(methods, list) else set()
    if provider.methods and not provider.methods & told:
        raise Refused("level", "amr")
