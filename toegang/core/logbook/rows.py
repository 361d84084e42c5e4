"""Log rows in the order in which they are sealed, as texts, and what is computed over them; all SQL is here."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection
from psycopg import sql

from toegang.core.models import LogRow

COLUMNS = tuple(str(field.column) for field in LogRow._meta.concrete_fields)  # the first is the id
LOWEST, HIGHEST = -(2**63), 2**63 - 1
START = (LOWEST, LOWEST)
END = (HIGHEST, HIGHEST)
MARK = 8  # bytes of each row's hash that a seal keeps
SEALER_LOCK = 4_207_002  # advisory lock: one sealer at a time

_AS_JSON = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode

Place = tuple[int, int]  # transaction and id: the order of sealing within a cluster
Row = Sequence[str | None]

_READ = sql.SQL("""
COPY (
    SELECT {columns} FROM core_logrow WHERE cluster = %s AND (tx, id) > (%s, %s) AND (tx, id) <= (%s, %s)
    ORDER BY tx, id LIMIT %s
) TO STDOUT
""")


@dataclass(frozen=True)
class Span:
    """A stretch of the log of one cluster: behind one place, up to and with another."""

    cluster: int
    after: Place = START
    upto: Place = END


def read(span: Span, columns: Sequence[str] = COLUMNS, *, most: int = HIGHEST) -> Iterator[Row]:
    """Stream the rows of a stretch in order, every column as the text that PostgreSQL writes, times in UTC."""
    query = _READ.format(columns=sql.SQL(", ").join(map(sql.Identifier, columns)))
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('TimeZone', 'UTC', true), set_config('DateStyle', 'ISO', true)")
        with cursor.copy(query, [span.cluster, *span.after, *span.upto, most]) as copy:
            yield from copy.rows()


def _ask(query: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(query, values)
        found: list[tuple[Any, ...]] = cursor.fetchall()
        return found


def take_sealer_lock() -> bool:
    """Take the lock of the sealer until this transaction ends; False when another holds it."""
    return bool(_ask("SELECT pg_try_advisory_xact_lock(%s)", [SEALER_LOCK])[0][0])


def here() -> tuple[int, int]:
    """Give the number of this cluster, and its lowest transaction that is not over yet."""
    cluster, open_from = _ask("SELECT core_log_cluster(), pg_snapshot_xmin(pg_current_snapshot())::text::bigint")[0]
    return cluster, open_from


def clusters() -> list[int]:
    """Give every cluster that rows were written in; reads the whole index."""
    return [found for (found,) in _ask("SELECT DISTINCT cluster FROM core_logrow ORDER BY 1")]


def is_there(row_id: int) -> bool:
    """Whether a row with this number stands anywhere in the log."""
    return bool(_ask("SELECT EXISTS (SELECT FROM core_logrow WHERE id = %s)", [row_id])[0][0])


def make_months() -> int:
    """Make the partitions of this month and the next three where they lack; gives how many."""
    return int(_ask("SELECT core_log_months()")[0][0])


def number_of(row: Row) -> int:
    """The id of a row that was read."""
    return int(row[0] or 0)


def moment_of(row: Row, columns: Sequence[str] = COLUMNS) -> datetime:
    """The moment of a row that was read."""
    return datetime.fromisoformat(str(row[columns.index("at")]))


def fingerprint(row: Row) -> bytes:
    """SHA-256 over a row as JSON, without its id: the root binds that, so that rows that changed places are seen."""
    return hashlib.sha256(_AS_JSON(row[1:]).encode()).digest()


def root_of(ids: Iterable[int], prints: Iterable[bytes]) -> str:
    """SHA-256 over the ids and whole fingerprints of a batch, in order."""
    whole = hashlib.sha256()
    for row_id, mark in zip(ids, prints, strict=True):
        whole.update(row_id.to_bytes(8, "big", signed=True) + mark)
    return whole.hexdigest()
