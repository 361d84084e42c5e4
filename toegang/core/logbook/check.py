"""Whether the log is as it was sealed: recomputed here row by row, with memory for one batch at a time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from toegang.core.logbook.rows import (
    MARK,
    START,
    Place,
    Row,
    Span,
    clusters,
    fingerprint,
    is_there,
    moment_of,
    number_of,
    read,
    root_of,
)
from toegang.core.logbook.sealer import chain_of
from toegang.core.models import LogSeal

LONGEST = timedelta(hours=1)  # no transaction lasts so long, and the sealer is never so far behind


@dataclass(frozen=True)
class Fault:
    """What was touched: changed, missing, added, moved, backdated or unsealed; or the seal itself."""

    kind: str
    seal: int | None
    row_id: int | None = None
    at: datetime | None = None  # its moment, or of a row that is gone the last moment of its seal


@dataclass
class Check:
    """One walk along all seals; iterate `faults()`, then the counts say what was seen."""

    now: datetime
    since: datetime | None = None
    roots: Mapping[int, set[str]] | None = None
    seals: int = 0
    rows: int = 0
    unsealed: int = 0
    _reached: dict[int, Place] = field(default_factory=dict)
    _newest: datetime | None = None

    def faults(self) -> Iterator[Fault]:
        """Give every fault, in the order of sealing."""
        before, number = "", 0
        for seal in LogSeal.objects.iterator(chunk_size=10):
            yield from (Fault("seal missing", lost) for lost in range(number + 1, seal.number))
            if seal.chain != chain_of(seal, before) or not self._known_outside(seal):
                yield Fault("seal changed", seal.number, at=seal.sealed_at)
            elif self.since is None or seal.first_at >= self.since:
                yield from self._batch(seal)
            self._reached[seal.cluster] = (seal.upto_tx, seal.upto_id)
            self._newest = max(seal.last_at, self._newest or seal.last_at)
            before, number = seal.chain, seal.number
            self.seals += 1
        yield from (Fault("seal missing", lost) for lost in sorted(self.roots or ()) if lost > number)
        yield from self._behind_the_seals()

    def _known_outside(self, seal: LogSeal) -> bool:
        return self.roots is None or self.roots.get(seal.number, {seal.chain}) == {seal.chain}

    def _batch(self, seal: LogSeal) -> Iterator[Fault]:
        span = Span(seal.cluster, (seal.after_tx, seal.after_id), (seal.upto_tx, seal.upto_id))
        rows = list(read(span, seal.columns))
        self.rows += len(rows)
        prints = [fingerprint(row) for row in rows]
        ids = [number_of(row) for row in rows]
        if ids != seal.ids or root_of(ids, prints) != seal.root:
            yield from _differences(seal, rows, prints)
        if self._newest and seal.first_at < self._newest - LONGEST:
            told = ((number_of(row), moment_of(row, seal.columns)) for row in rows)
            yield from (Fault("backdated", seal.number, *each) for each in told if each[1] < self._newest - LONGEST)

    def _behind_the_seals(self) -> Iterator[Fault]:
        """What no seal covers: new rows may wait for the sealer for a while, others have no place there."""
        for cluster in clusters():
            for row in read(Span(cluster, self._reached.get(cluster, START))):
                self.unsealed += 1
                at = moment_of(row)
                if self._newest and at < self._newest - LONGEST:
                    yield Fault("added", None, number_of(row), at)
                elif at < self.now - LONGEST:
                    yield Fault("unsealed", None, number_of(row), at)


def _differences(seal: LogSeal, rows: list[Row], prints: list[bytes]) -> Iterator[Fault]:
    """Name each row of a batch that is not as it was sealed, in the order of sealing."""
    marks = bytes(seal.marks)
    expected = {row_id: marks[n * MARK : (n + 1) * MARK] for n, row_id in enumerate(seal.ids)}
    actual = {number_of(row): (mark[:MARK], row) for row, mark in zip(rows, prints, strict=True)}
    owners = {mark: row_id for row_id, mark in expected.items()}
    found: list[tuple[int, Fault]] = []
    for place, (row_id, mark) in enumerate(expected.items()):
        now, row = actual.get(row_id, (b"", None))
        if row is None:
            kind = "moved" if is_there(row_id) else "missing"
            found.append((place, Fault(kind, seal.number, row_id, seal.last_at)))
        elif now != mark:
            kind = "moved" if now in owners else "changed"
            found.append((place, Fault(kind, seal.number, row_id, moment_of(row, seal.columns))))
    for place, (row_id, (_, row)) in enumerate(actual.items()):
        if row_id not in expected:
            found.append((place, Fault("added", seal.number, row_id, moment_of(row, seal.columns))))
    # The root proves what the marks of the rows are too short to point at.
    yield from (fault for _, fault in sorted(found, key=lambda each: each[0]))
    if not found:
        yield Fault("changed", seal.number, seal.ids[0], seal.first_at)
