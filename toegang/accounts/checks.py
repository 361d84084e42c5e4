"""A wrong setting of an identity provider is told at the start, not at the first sign-in."""

from __future__ import annotations

from typing import Any

from django.core.checks import CheckMessage, Error, register
from django.core.exceptions import ImproperlyConfigured

from toegang.accounts.providers import resident_provider, staff_provider


@register
def check_providers(**_: Any) -> list[CheckMessage]:
    """Read both settings; an error names the setting and what is wrong."""
    found: list[CheckMessage] = []
    for provider in (staff_provider, resident_provider):
        try:
            provider()
        except ImproperlyConfigured as wrong:
            found.append(Error(str(wrong), id="accounts.E001"))
    return found
