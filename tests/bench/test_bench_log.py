"""How fast the log is written while it is sealed against unsealed, and how fast it is verified."""

import sys
import threading
import time
from statistics import median

import pytest
from django.db import connection, transaction

from tests.core.test_logbook import wait_for_others
from tests.factories import actor_of
from toegang.core import audit
from toegang.core.audit import Look
from toegang.core.logbook.check import Check
from toegang.core.logbook.sealer import seal
from toegang.core.models import LogRow

pytestmark = [pytest.mark.bench, pytest.mark.django_db(transaction=True)]
THREADS, SECONDS, ROUNDS, VERIFIED = 8, 1.0, 7, 50_000
LOOK = Look("look", "Zaak bekeken: overzicht", basis="team", fields=("persoonsgegevens", "hulpvragen"))


def in_threads(count, work):
    """Carry the work out in so many threads, each with a connection of its own; gives what each gave."""
    given = []

    def run():
        given.append(work())
        connection.close()

    threads = [threading.Thread(target=run) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return given


def rows_per_second():
    """Rows that eight writers add, each row in a transaction of its own as a request does."""
    actor, end = actor_of(None), time.monotonic() + SECONDS

    def work():
        count = 0
        while time.monotonic() < end:
            with transaction.atomic():
                audit.write(actor, [LOOK])
            count += 1
        return count

    return sum(in_threads(THREADS, work)) / SECONDS


def sealed_rows_per_second():
    """The same, while a sealer takes along what is final, as often as it can."""
    over, now = threading.Event(), actor_of(None).now

    def work():
        while not over.wait(0.2):
            with transaction.atomic():
                seal(now)
        connection.close()

    sealer = threading.Thread(target=work)
    sealer.start()
    speed = rows_per_second()
    over.set()
    sealer.join()
    return speed


def test_log_rows_per_second_sealed_against_plain(capsys):
    plain, sealed = [], []
    for _ in range(ROUNDS):
        plain.append(rows_per_second())
        sealed.append(sealed_rows_per_second())
    ratios = [a / b for a, b in zip(sealed, plain, strict=True)]
    while LogRow.objects.count() < VERIFIED:
        audit.write(actor_of(None), [LOOK] * 5_000)
    wait_for_others()
    begin, count = time.perf_counter(), 0
    while made := sealing():
        count += sum(each.rows for each in made)
    seal_speed = count / (time.perf_counter() - begin)
    begin = time.perf_counter()
    with transaction.atomic():
        check = Check(actor_of(None).now)
        assert list(check.faults()) == []
    speed = check.rows / (time.perf_counter() - begin)
    with capsys.disabled():
        sys.stdout.write(
            f"\nlog rows per second, {THREADS} writers: plain {median(plain):.0f}, sealed {median(sealed):.0f}; "
            f"sealed ÷ plain {median(ratios):.2f} ({min(ratios):.2f} to {max(ratios):.2f}, {ROUNDS} rounds)\n"
            f"at most sealed {seal_speed:.0f} rows per second; verified {speed:.0f} rows per second "
            f"({check.rows} rows, {check.seals} seals)\n"
        )
    assert (check.rows, check.unsealed) == (LogRow.objects.count(), 0)


def sealing():
    with transaction.atomic():
        return seal(actor_of(None).now)
