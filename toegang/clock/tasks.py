"""Scheduled work: each due job becomes outbox work under its own key, so that two clocks are harmless."""

from celery import shared_task
from django.db import connection

from casework.enums import CaseStatus
from casework.selectors.privacy import restrictions
from casework.services.cover import absences_to_settle
from casework.services.handover import settle_later
from plans.enums import EvaluatieStatus
from plans.models import Evaluatie
from toegang.accounts.models import system_user
from toegang.clock.digest import put_digests
from toegang.clock.log import seal_and_send
from toegang.core import documents, outbox
from toegang.core.access import acting_as

CLOCK_LOCK = 4_207_001  # advisory lock: one clock at a time


@shared_task
def tick() -> None:
    """Put what is due into the outbox; a missed tick is caught up by the next one."""
    with acting_as(system_user(), "klok") as actor:
        if not _only_clock():
            return
        due = Evaluatie.objects.filter(status=EvaluatieStatus.GEPLAND, due_on__lte=actor.today)
        # Nothing starts by itself in a case whose use is restricted (AVG art. 18); a person may still start it.
        due = due.exclude(case__in=restrictions().values("case_id"))
        for evaluatie in due.exclude(case__status=CaseStatus.AFGESLOTEN).order_by("due_on")[: outbox.BATCH]:
            outbox.put(
                "remind_evaluation",
                key=f"evaluatie:{evaluatie.pk}:{evaluatie.due_on}",
                case_id=evaluatie.case_id,
                gemeente_id=evaluatie.gemeente_id,
                evaluatie_id=str(evaluatie.pk),
            )
        put_digests(actor)
        for absence in absences_to_settle(actor.today):
            settle_later(absence, key=f"dag:{actor.today}")
        outbox.put("clear_sessions", key=f"sessies:{actor.today}", case_id=None, gemeente_id=None)
        outbox.put("make_log_months", key=f"logmaanden:{actor.today}", case_id=None, gemeente_id=None)
    documents.sweep_orphans()


@shared_task
def seal_log() -> None:
    """Seal what the log holds that is final; a missed minute, or a rest, is for the next one."""
    with acting_as(system_user(), "log verzegelen") as actor:
        seal_and_send(actor)


def _only_clock() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [CLOCK_LOCK])
        return bool(cursor.fetchone()[0])
