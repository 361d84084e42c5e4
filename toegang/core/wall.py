"""The second wall: row-level security of the database, and the few ways past it.

The application's login sees the rows of cases that the actor of the transaction may see, and without an actor none.
The worker, the clock and what the law asks of the whole gemeente stand as another role; each is named here. It stops
the forgotten filter, not somebody who can run SQL of his own: the application itself says who the actor is.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import connection, transaction

if TYPE_CHECKING:
    from toegang.core.access import Actor

APP = "toegang_app"  # people: the rows of the cases that they may see
TASK = "toegang_task"  # the worker and the clock, and what must look through the whole gemeente
REPORT = "toegang_report"  # figures: some columns without persons, of the gemeenten of a manager or beheerder

STAND = """
WITH was AS MATERIALIZED (
    SELECT coalesce(current_setting('toegang.user_id', true), '') AS user_id,
           coalesce(current_setting('toegang.purpose', true), '') AS purpose,
           current_setting('role') AS role)
SELECT user_id, purpose, role, set_config('toegang.user_id', coalesce(%s, user_id), true),
       set_config('toegang.purpose', coalesce(%s, purpose), true), set_config('role', %s, true)
FROM was
"""


@dataclass(frozen=True)
class _Stand:
    """Who the database takes for the actor of this transaction; None leaves it as it is."""

    user_id: str | None
    purpose: str | None
    role: str


def _take(stand: _Stand) -> _Stand:
    """Stand so until the end of the transaction; gives how it was. A pooled connection never keeps it."""
    with connection.cursor() as cursor:
        cursor.execute(STAND, [stand.user_id, stand.purpose, stand.role])
        return _Stand(*cursor.fetchone()[:3])


@contextmanager
def _standing(stand: _Stand) -> Iterator[None]:
    """Stand so inside; inside another transaction, stand as before afterwards. A rollback does so by itself."""
    before = _take(stand)
    yield
    if connection.savepoint_ids and not connection.needs_rollback:
        _take(before)


@contextmanager
def standing_as(actor: Actor) -> Iterator[None]:
    """Let the database know who acts and why; must be inside a transaction."""
    role = TASK if actor.kind == "systeem" else APP
    with _standing(_Stand(str(actor.user_id or ""), actor.purpose, role)):
        yield


@contextmanager
def beyond_scope() -> Iterator[None]:
    """Open a transaction, or a part of one, that may read and write the rows of every case."""
    with transaction.atomic(), _standing(_Stand(None, None, TASK)):
        yield


def stand_as_worker() -> None:
    """Let this connection see the rows of every case, outside the frames of people; for a command, never for a page."""
    with connection.cursor() as cursor:
        cursor.execute(f"SET ROLE {TASK}")


@contextmanager
def reading_figures() -> Iterator[None]:
    """Count cases of the gemeenten of a manager or beheerder: the role may read no column that tells of a person."""
    with transaction.atomic(), _standing(_Stand(None, None, REPORT)):
        yield


# The policies, for migrations. An array from a subquery is computed once for a query, and an index finds its rows; the
# own grants come first, so that the array of all visible cases is not made for a case that somebody handles. Functions
# keep their plan as long as the connection lasts: written out, the policies take 8 ms to plan, in each query anew.
GRANTED = "(SELECT toegang_granted())::uuid[]"
VISIBLE = "(SELECT toegang_cases())::uuid[]"
# The team of what came in before there is a case.
TEAM = """
team_id = ANY ((SELECT toegang_teams())::int[])
AND gemeente_id = ANY ((SELECT toegang_gemeenten('wijkteamlid', 'teamleider'))::int[])
"""


def around(table: str, condition: str) -> str:
    """Give the SQL that lets people see the rows of a table for which the condition holds, and the worker all."""
    return f"""
        ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;
        ALTER TABLE {table} FORCE ROW LEVEL SECURITY;
        CREATE POLICY scope ON {table} TO {APP} USING ({condition});
        CREATE POLICY task ON {table} TO {TASK} USING (true);
    """


def around_case(table: str, *, column: str = "case_id") -> str:
    """Give the SQL that lets people see the rows of the cases that they may see."""
    return around(table, f"{column} = ANY ({GRANTED}) OR {column} = ANY ({VISIBLE})")
