"""The sealer: hashes what is final in the log and chains it, batch by batch; the hot path is not chained."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from datetime import datetime

from toegang.core.logbook.rows import (
    COLUMNS,
    MARK,
    START,
    Place,
    Row,
    Span,
    clusters,
    fingerprint,
    here,
    moment_of,
    number_of,
    read,
    root_of,
    take_sealer_lock,
)
from toegang.core.models import LogSeal

BATCH = 5_000  # rows in a seal at most
MOST_SEALS = 40  # in one run; what is left is for the next
CHAINED = ("number", "sealed_at", "cluster", "after_tx", "after_id", "upto_tx", "upto_id", "first_at", "last_at",
           "columns", "rows", "ids", "marks", "root")  # fmt: skip


def seal(now: datetime, *, batch: int = BATCH) -> list[LogSeal]:
    """Seal what no open transaction can still add before; gives the new seals, none when another sealer is busy.

    A row belongs to the sealed past when its transaction is older than every open one, so that the order
    (transaction, id) never changes behind a seal.
    """
    if not take_sealer_lock():
        return []
    made: list[LogSeal] = []
    last = LogSeal.objects.last()
    while len(made) < MOST_SEALS and (found := _next_batch(last, batch)):
        last = _sealed(found[0], found[1], last, now)
        last.save(force_insert=True)
        made.append(last)
    return made


def _next_batch(last: LogSeal | None, most: int) -> tuple[Span, list[Row]] | None:
    for span in _spans(last):
        if rows := list(read(span, most=most)):
            return span, rows
    return None


def _spans(last: LogSeal | None) -> Iterator[Span]:
    """What is to be sealed: after a restore first the rest of other clusters, whose transactions are all over."""
    current, open_from = here()
    if last is None or last.cluster != current:
        for other in clusters():
            if other != current:
                yield Span(other, _reached(other))
    final = (open_from - 1, 2**63 - 1)
    yield Span(current, _place(last) if last and last.cluster == current else _reached(current), final)


def _reached(cluster: int) -> Place:
    last = LogSeal.objects.filter(cluster=cluster).last()
    return _place(last) if last else START


def _place(seal: LogSeal) -> Place:
    return seal.upto_tx, seal.upto_id


def _sealed(span: Span, rows: list[Row], last: LogSeal | None, now: datetime) -> LogSeal:
    ids, prints = [number_of(row) for row in rows], [fingerprint(row) for row in rows]
    moments = [moment_of(row) for row in rows]
    new = LogSeal(
        number=last.number + 1 if last else 1,
        sealed_at=now,
        cluster=span.cluster,
        after_tx=span.after[0],
        after_id=span.after[1],
        upto_tx=int(rows[-1][COLUMNS.index("tx")] or 0),
        upto_id=ids[-1],
        first_at=min(moments),
        last_at=max(moments),
        columns=list(COLUMNS),
        rows=len(rows),
        ids=ids,
        marks=b"".join(whole[:MARK] for whole in prints),
        root=root_of(ids, prints),
    )
    new.chain = chain_of(new, last.chain if last else "")
    return new


def chain_of(seal: LogSeal, before: str) -> str:
    """SHA-256 over the chain value of the seal before and everything that this seal says."""
    said = [before, *(_text(getattr(seal, name)) for name in CHAINED)]
    return hashlib.sha256(json.dumps(said, separators=(",", ":")).encode()).hexdigest()


def _text(value: object) -> object:
    if isinstance(value, datetime):
        return int(value.timestamp() * 1_000_000)
    return bytes(value).hex() if isinstance(value, bytes | memoryview) else value
