"""Work after commit: a row in the same transaction; Celery carries it out, the broker is only the bell."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

from celery import shared_task
from django.conf import settings
from django.contrib.postgres.functions import TransactionNow
from django.db import transaction
from django.db.models import Q
from kombu.transport import TRANSPORT_ALIASES

from toegang.core.models import OutboxRow
from toegang.core.wall import beyond_scope

TRANSPORT_ALIASES["filesystem"] = "toegang.core.bell:Transport"  # messages that appear whole
logger = logging.getLogger(__name__)
Handler = Callable[[OutboxRow], None]
_handlers: dict[str, Handler] = {}
BATCH = 200
LONGEST_WAIT = 600  # seconds between two tries of work that keeps failing


def handler(kind: str) -> Callable[[Handler], Handler]:
    """Register the function that carries out one kind of work. It runs in the transaction that ends the row."""

    def register(function: Handler) -> Handler:
        _handlers[kind] = function
        return function

    return register


def put(kind: str, *, key: str, case_id: UUID | None, gemeente_id: int | None, delay: int = 0, **payload: Any) -> None:
    """Store work in this transaction and ring the bell after commit; the same key twice is one piece of work.

    The payload holds ids only. `delay` is in seconds.
    """
    row = OutboxRow(key=key, kind=kind, payload=payload, case_id=case_id, gemeente_id=gemeente_id)
    row.next_try = TransactionNow() + timedelta(seconds=delay)
    OutboxRow.objects.bulk_create([row], ignore_conflicts=True)
    # No partial: Django wants a function's name when the broker is away and it logs the failure.
    transaction.on_commit(lambda: ring(key), robust=True)


def ring(key: str) -> None:
    """Tell a worker; when the broker is away the sweep finds the row."""
    run.delay(key)


def _ready(now: Any) -> Q:
    return Q(state=OutboxRow.State.OPEN, next_try__lte=now) | Q(state=OutboxRow.State.RUNNING, leased_until__lt=now)


def _claim(key: str) -> OutboxRow | None:
    """Take the row for the length of a lease, in a transaction of its own."""
    with beyond_scope():
        rows = OutboxRow.objects.select_for_update(skip_locked=True).filter(_ready(TransactionNow()), key=key)
        row = rows.first()
        if row is None:
            return None
        row.state = OutboxRow.State.RUNNING
        row.attempts += 1
        row.leased_until = TransactionNow() + timedelta(seconds=settings.OUTBOX_LEASE)
        row.save(update_fields=["state", "attempts", "leased_until"])
        return row


@shared_task  # type: ignore[untyped-decorator]
def run(key: str) -> None:
    """Carry out one piece of work: effect and receipt in one transaction, fenced by the attempt."""
    row = _claim(key)
    if row is None:
        return
    try:
        with beyond_scope():
            _handlers[row.kind](row)
            mine = OutboxRow.objects.filter(pk=row.pk, state=OutboxRow.State.RUNNING, attempts=row.attempts)
            if not mine.update(state=OutboxRow.State.DONE, done_at=TransactionNow(), last_error=""):
                transaction.set_rollback(True)  # the lease ran out and another worker took the work over
    except Exception as error:  # noqa: BLE001 (work that fails is kept and tried again)
        _put_back(row, error)


def _put_back(row: OutboxRow, error: Exception) -> None:
    """Keep failed work for a later try: 2, 4, 8 … seconds, at most ten minutes apart."""
    logger.error("Outbox %s (%s) failed: %s", row.pk, row.kind, type(error).__name__, exc_info=error)
    wait = min(2**row.attempts, LONGEST_WAIT)
    with beyond_scope():
        OutboxRow.objects.filter(pk=row.pk, state=OutboxRow.State.RUNNING, attempts=row.attempts).update(
            state=OutboxRow.State.OPEN,
            next_try=TransactionNow() + timedelta(seconds=wait),
            last_error=type(error).__name__[:200],
        )


@shared_task  # type: ignore[untyped-decorator]
def sweep() -> None:
    """Ring again for work that waits: a missed bell, a dead worker, a failed try."""
    with beyond_scope():
        keys = list(
            OutboxRow.objects.filter(_ready(TransactionNow()))
            .order_by("next_try")
            .values_list("key", flat=True)[:BATCH]
        )
    for key in keys:
        ring(key)
