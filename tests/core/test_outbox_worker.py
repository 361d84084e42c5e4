"""A real worker that makes real letters, killed in the middle of its work and robbed of its broker: nothing lost."""

import os
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from urllib.parse import quote, urlencode

import pytest
from django.conf import settings
from django.db import connection, transaction
from django.db.models import Sum

from casework.models import Letter
from tests.brokers import broker_in, make_folders, waiting, wipe
from tests.core import naive_worker
from tests.factories import actor_of, make_case, make_gemeente, make_staff, make_team
from tests.sources import ROOT
from toegang.celery import app
from toegang.core import documents, outbox
from toegang.core.models import LogRow, OutboxRow, StoredFile

LEASE = 2  # seconds
BEAT = 1  # seconds between two rings of the test's own clock
PATIENCE = 900  # seconds; never waited for when all is well
QUICK_KILLS, LONG_KILLS = 2, 20


def environment(broker):
    """What a worker needs to work as the application on the test database and with the test's files."""
    database = connection.settings_dict
    where = urlencode({"host": database["HOST"], "port": database["PORT"] or 5432}, quote_via=quote)
    return {
        **{name: value for name, value in os.environ.items() if not name.startswith(("TOEGANG_", "DJANGO_"))},
        "TOEGANG_MODE": "demo",
        "DJANGO_SETTINGS_MODULE": "toegang.settings",
        "DATABASE_URL": f"postgresql://toegang_app@/{database['NAME']}?{where}",
        "FILES_FOLDER": settings.FILES_FOLDER,
        "BROKER_FOLDER": str(broker),
        "OUTBOX_LEASE": str(LEASE),
    }


@contextmanager
def worker(broker, application="toegang.celery", *options):
    """A worker with two processes, in a process group of its own; killed at the end, if it still lives."""
    command = [sys.executable, "-m", "celery", "-A", application, "worker", "-c", "2", "-l", "WARNING", *options]
    with (broker / "worker.log").open("ab") as log:
        process = subprocess.Popen(
            command, cwd=ROOT, env=environment(broker), stdout=log, stderr=log, start_new_session=True
        )
    try:
        yield process
    finally:
        kill_group(process)


def kill_group(process):
    """No warning, no clean-up: the worker and its processes are gone at once."""
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def wait_for(question, process, broker, *, clock):
    """Ask until the answer is yes; the worker must live as long. `clock`: ring for what waits, as the clock does."""
    end, next_ring = time.monotonic() + PATIENCE, 0.0
    while not question():
        if clock and time.monotonic() > next_ring:
            outbox.sweep()
            next_ring = time.monotonic() + BEAT
        log = (broker / "worker.log").read_text()
        assert process.poll() is None, log
        assert time.monotonic() < end, log
        time.sleep(0.002)


@pytest.fixture
def broker(tmp_path):
    """A broker that the test and its workers share."""
    folder = make_folders(tmp_path / "broker")
    with broker_in(folder, app), broker_in(folder, naive_worker.app):
        yield folder


@pytest.fixture
def order(transactional_db):
    """Order so many letters: one for each melding, each of another person."""
    actor = actor_of(make_staff("anna", make_team(make_gemeente())))

    def order_letters(count, start=0):
        for n in range(start, start + count):
            make_case(actor, given_names=f"Inwoner {n}")

    return order_letters


def running():
    """Whether a piece of work is under way."""
    return OutboxRow.objects.filter(state="running").exists()


def attempts():
    """How often a worker took up a piece of work."""
    return OutboxRow.objects.aggregate(all=Sum("attempts"))["all"]


def all_done():
    """Whether no work is left."""
    return not OutboxRow.objects.exclude(state="done").exists()


def assert_each_letter_once(count):
    """Each letter has one stored file with the right content, went out once and moved its hulpvraag once."""
    letters = list(Letter.objects.select_related("document", "hulpvraag"))
    assert len(letters) == OutboxRow.objects.filter(state="done").count() == count
    assert StoredFile.objects.count() == len({letter.document_id for letter in letters}) == count
    assert all(documents.read(letter.document).startswith(b"%PDF-") for letter in letters)
    assert all(letter.sent_on == letter.hulpvraag.receipt_sent_on == letter.dated for letter in letters)
    assert None not in {letter.sent_on for letter in letters}
    sent = list(LogRow.objects.filter(action="send").values_list("case_id", flat=True))
    assert sorted(sent) == sorted(letter.case_id for letter in letters)
    moved = [letter.hulpvraag.history.filter(history_change_reason="Ontvangst bevestigd") for letter in letters]
    assert [history.count() for history in moved] == [1] * count


@pytest.mark.parametrize(
    "kills", [QUICK_KILLS, pytest.param(LONG_KILLS, marks=pytest.mark.long)], ids=["quick", "long"]
)
def test_a_killed_worker_loses_nothing_and_does_nothing_twice(order, broker, kills):
    """Each kill falls while a row says that somebody works on it; the next worker takes it over after the lease."""
    for kill in range(kills):
        order(3, start=3 * kill)
        before = attempts()
        with worker(broker) as process:
            wait_for(lambda before=before: attempts() > before and running(), process, broker, clock=True)
            kill_group(process)
        assert running()
    with worker(broker) as process:
        wait_for(all_done, process, broker, clock=True)
    assert_each_letter_once(3 * kills)
    assert attempts() - 3 * kills >= kills  # every kill cost an attempt


def test_work_from_the_message_alone_is_lost_under_the_same_kill(order, broker, tmp_path):
    """Negative control: without the outbox a letter that was being made is never made."""
    order(4)
    wipe(broker)
    marks = tmp_path / "marks"
    marks.mkdir()
    for pk in Letter.objects.values_list("pk", flat=True):
        naive_worker.make.delay(str(pk), str(marks / str(pk)))
    while waiting(broker):
        begun = len(list(marks.iterdir()))
        with worker(broker, "tests.core.naive_worker") as process:
            wait_for(lambda begun=begun: len(list(marks.iterdir())) > begun, process, broker, clock=False)
            kill_group(process)
    assert Letter.objects.filter(document=None).exists()


def test_a_broker_that_is_wiped_loses_nothing(order, broker):
    """The bells are gone, before a worker starts and while one runs: the clock rings again."""
    order(3)
    assert wipe(broker) == 3
    with worker(broker, "toegang.celery", "-B", "-s", str(broker / "beat")) as process:
        wait_for(lambda: Letter.objects.exclude(document=None).exists(), process, broker, clock=False)
        with transaction.atomic():
            order(8, start=3)
        assert wipe(broker) > 0
        wait_for(all_done, process, broker, clock=False)
    assert_each_letter_once(11)
