"""Sealing what nobody may read in the database, and finding a sealed number again by a keyed index.

A sealed text is a Fernet token (AES-128-CBC and HMAC-SHA-256, with a fresh start each time); an index is
HMAC-SHA-256 with a key of its own, so that who has only the database can neither read a number nor try them all.
Keys are settings: the first one writes, all of them read.
"""

from __future__ import annotations

import hmac
from functools import cache

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from stdnum.nl import bsn


class Unreadable(Exception):  # noqa: N818 (not a mistake of the caller: a key is missing)
    """None of the keys in BSN_KEYS opens what is stored."""


@cache
def _boxes(keys: tuple[str, ...]) -> tuple[Fernet, MultiFernet]:
    boxes = [Fernet(key) for key in keys]
    return boxes[0], MultiFernet(boxes)


def seal(text: str) -> str:
    """Give the sealed text; another one each time."""
    newest, _ = _boxes(tuple(settings.BSN_KEYS))
    return newest.encrypt(text.encode()).decode()


def unseal(sealed: str) -> str:
    """Give the text back. Raises Unreadable when the key is gone or the text was touched."""
    _, every = _boxes(tuple(settings.BSN_KEYS))
    try:
        return every.decrypt(sealed).decode()
    except InvalidToken as error:
        raise Unreadable from error


def is_newest(sealed: str) -> bool:
    """Whether a text was sealed with the key that writes now."""
    newest, _ = _boxes(tuple(settings.BSN_KEYS))
    try:
        newest.decrypt(sealed)
    except InvalidToken:
        return False
    return True


def index_of(number: str) -> str:
    """The index under which a burgerservicenummer is stored, however it is grouped: 64 hex digits."""
    return indexes_of(number)[0]


def indexes_of(number: str) -> list[str]:
    """Every index under which a number may stand, the one that is written now first."""
    digits = bsn.compact(number).encode()
    return [hmac.digest(key.encode(), digits, "sha256").hex() for key in settings.BSN_INDEX_KEYS]
