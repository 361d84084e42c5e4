"""Checks that refuse to serve an unsafe house."""

import importlib.util
from ctypes.util import find_library
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
from django.core.checks import Warning as Caution
from django.db import connection

UNSAFE_LOGIN = """
SELECT r.rolsuper OR r.rolbypassrls
    OR EXISTS (SELECT 1 FROM pg_class c WHERE c.relowner = r.oid AND c.relkind IN ('r', 'p'))
    OR EXISTS (SELECT 1 FROM pg_roles t WHERE t.rolname = 'toegang_task' AND pg_has_role(r.oid, t.oid, 'USAGE'))
FROM pg_roles r WHERE r.rolname = current_user
"""


@register(Tags.database)
def application_login(databases: Any, **_: Any) -> list[CheckMessage]:
    """Refuse a login that is superuser, passes row-level security, owns a table or inherits what the worker sees."""
    if not databases:
        return []
    with connection.cursor() as cursor:
        cursor.execute(UNSAFE_LOGIN)
        unsafe = cursor.fetchone()[0]
    if not unsafe:
        return []
    return [
        Error(
            "De databaselogin van de toepassing is te machtig.",
            hint="Gebruik toegang_app: geen superuser, geen BYPASSRLS, geen eigenaar van tabellen, NOINHERIT.",
            id="toegang.E001",
        )
    ]


@register()
def letters_can_be_made(**_: Any) -> list[CheckMessage]:
    """Warn when the worker could not make a letter: Pango or the fonts are missing."""
    problems: list[CheckMessage] = []
    if importlib.util.find_spec("weasyprint") is None or find_library("pango-1.0") is None:
        problems.append(Caution("Pango ontbreekt: brieven wachten tot het er is.", id="toegang.W001"))
    if not any(Path(settings.FONTS_FOLDER).glob("*.ttf")):
        problems.append(
            Caution("De lettertypen voor brieven ontbreken.", hint="manage.py build_assets", id="toegang.W002")
        )
    return problems
