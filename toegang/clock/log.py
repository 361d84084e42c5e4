"""The log by the clock: sealed each minute, its roots sent outside, its months made ahead."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings

from toegang.accounts.models import system_user
from toegang.core import outbox
from toegang.core.access import Actor, acting_as
from toegang.core.logbook.roots import write_root
from toegang.core.logbook.rows import make_months
from toegang.core.logbook.sealer import seal
from toegang.core.models import LogSeal, OutboxRow


def seal_and_send(actor: Actor) -> None:
    """Seal, and put the sending of each new root into the outbox when there is a place to send it to."""
    for made in seal(actor.now):
        if settings.LOG_ROOTS_FOLDER:
            key = f"zegel:{made.number}"
            outbox.put("send_log_root", key=key, case_id=None, gemeente_id=None, number=made.number)


@outbox.handler("send_log_root")
def send_root(row: OutboxRow) -> None:
    """Write the root of one seal outside; a folder that is away is tried again until it is there."""
    with acting_as(system_user(), "log verzegelen"):
        write_root(LogSeal.objects.get(pk=row.payload["number"]), Path(settings.LOG_ROOTS_FOLDER))


@outbox.handler("make_log_months")
def make_ahead(row: OutboxRow) -> None:  # noqa: ARG001 (the day is in its key)
    """Make the partitions of the months to come."""
    with acting_as(system_user(), "log verzegelen"):
        make_months()
