"""The identity providers that this house trusts, read from the settings STAFF_OIDC and RESIDENT_OIDC (JSON)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

Path = tuple[str, ...]


@dataclass(frozen=True)
class Place:
    """What a group of the organisation means here: a role for a gemeente (by its CBS code), and maybe a team."""

    role: str
    gemeente: str
    team: str = ""


@dataclass(frozen=True)
class Provider:
    """One OpenID Connect provider: where it is, who we are there, and how its claims are read.

    `levels` are the values of `acr` that suffice and `methods` those of `amr`: each that is given must be met.
    A path like ("represents", "sub") leads through nested claims.
    """

    key: str
    name: str
    issuer: str
    client_id: str
    client_secret: str
    scope: str = "openid"
    levels: frozenset[str] = frozenset()
    methods: frozenset[str] = frozenset()
    level_claim: Path = ("acr",)
    groups_claim: Path = ("groups",)
    bsn_claim: Path = ("sub",)
    represents_claim: Path = ("represents", "sub")
    groups: Mapping[str, Place] = field(default_factory=dict, hash=False)

    @property
    def metadata_url(self) -> str:
        """Where the provider describes itself (OIDC Discovery 1.0 art. 4)."""
        return f"{self.issuer.rstrip('/')}/.well-known/openid-configuration"


def staff_provider() -> Provider | None:
    """The organisation's own sign-in for medewerkers, if it has one."""
    return _provider("STAFF_OIDC", settings.STAFF_OIDC)


def resident_provider() -> Provider | None:
    """The broker through which inwoners sign in with DigiD, if there is one."""
    return _provider("RESIDENT_OIDC", settings.RESIDENT_OIDC)


def _provider(setting: str, text: str) -> Provider | None:
    """Read one setting. Raises ImproperlyConfigured, naming the setting and what is wrong."""
    if not text:
        return None
    try:
        given: dict[str, Any] = json.loads(text)
        paths = {name: tuple(given.pop(name)) for name in list(given) if name.endswith("_claim")}
        sets = {name: frozenset(given.pop(name, ())) for name in ("levels", "methods")}
        groups = {name: Place(**place) for name, place in given.pop("groups", {}).items()}
        found = Provider(setting, **given, **paths, **sets, groups=groups)
    except (ValueError, TypeError, AttributeError) as wrong:
        raise ImproperlyConfigured(f"{setting} is geen geldige instelling: {wrong}") from None
    if not found.levels and not found.methods:
        raise ImproperlyConfigured(f"{setting} noemt geen levels en geen methods: dan is één factor genoeg.")
    if settings.PRODUCTION and not found.issuer.startswith("https://"):
        raise ImproperlyConfigured(f"{setting}: issuer moet met https:// beginnen.")
    return found


def claim(claims: Mapping[str, Any], path: Path) -> Any:
    """Follow a path through nested claims; None when it ends early."""
    value: Any = claims
    for step in path:
        value = value.get(step) if isinstance(value, Mapping) else None
    return value
