"""Work after commit: one row for a key, carried out once, kept when it fails, fenced when it is taken over."""

import shutil
import threading
from datetime import timedelta

import pytest
from django.contrib.postgres.functions import TransactionNow
from django.db import connection, transaction
from kombu.transport import filesystem

from tests.brokers import broker_in, make_folders, waiting
from toegang.celery import app
from toegang.core import bell, outbox
from toegang.core.models import Counter, OutboxRow

KEY = {"key": "letter:1", "case_id": None, "gemeente_id": 1}


@pytest.fixture
def work():
    """Handlers for the tests alone; they count in a table, so that a rollback shows."""
    outbox.handler("test.count")(lambda _: count())
    outbox.handler("test.fail")(lambda _: count() / 0)
    yield
    del outbox._handlers["test.count"], outbox._handlers["test.fail"]


def count():
    """Do work that can be counted."""
    Counter.objects.create(gemeente_id=1, series="test", year=Counter.objects.count())
    return 1


def row():
    """The one row."""
    return OutboxRow.objects.get()


def seconds_until_next_try():
    """By the clock of the database, as the worker reads it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT extract(epoch FROM next_try - now()) FROM core_outboxrow")
        return round(cursor.fetchone()[0])


@pytest.mark.django_db
def test_the_same_key_twice_is_one_piece_of_work(work):
    outbox.put("test.count", **KEY, letter_id="a")
    outbox.put("test.count", **KEY, letter_id="b")
    assert (row().payload, row().state) == ({"letter_id": "a"}, "open")
    outbox.run("letter:1")
    outbox.run("letter:1")
    outbox.put("test.count", **KEY, letter_id="c")
    outbox.run("letter:1")
    assert (row().state, row().attempts, Counter.objects.count()) == ("done", 1, 1)
    assert row().done_at is not None


@pytest.mark.django_db
def test_work_is_gone_with_the_transaction_that_ordered_it(work):
    with transaction.atomic():
        outbox.put("test.count", **KEY)
        transaction.set_rollback(True)
    outbox.run("letter:1")
    assert OutboxRow.objects.count() == Counter.objects.count() == 0


@pytest.mark.django_db
def test_work_that_must_wait_waits(work):
    outbox.put("test.count", **KEY, delay=30)
    outbox.run("letter:1")
    assert (row().state, row().attempts, seconds_until_next_try()) == ("open", 0, 30)


@pytest.mark.django_db
def test_an_unknown_key_is_nothing():
    outbox.run("letter:1")


@pytest.mark.django_db
@pytest.mark.parametrize(("tried", "wait"), [(0, 2), (1, 4), (2, 8), (8, 512), (9, 600), (40, 600)])
def test_failed_work_is_put_back_for_later(work, caplog, tried, wait):
    outbox.put("test.fail", **KEY)
    OutboxRow.objects.update(attempts=tried)
    outbox.run("letter:1")
    assert (row().state, row().attempts, row().last_error) == ("open", tried + 1, "ZeroDivisionError")
    assert seconds_until_next_try() == wait
    assert Counter.objects.count() == 0  # what the handler wrote is taken back
    assert [r.levelname for r in caplog.records] == ["ERROR"]


@pytest.mark.django_db
def test_work_of_an_unknown_kind_is_kept(caplog):
    outbox.put("test.nobody", **KEY)
    outbox.run("letter:1")
    assert (row().state, row().last_error) == ("open", "KeyError")
    assert len(caplog.records) == 1


@pytest.mark.django_db
def test_work_that_is_mended_is_done_without_a_trace_of_the_error(work, caplog):
    outbox.put("test.fail", **KEY)
    outbox.run("letter:1")
    assert len(caplog.records) == 1
    OutboxRow.objects.update(kind="test.count", next_try=TransactionNow())
    outbox.run("letter:1")
    assert (row().state, row().attempts, row().last_error, Counter.objects.count()) == ("done", 2, "", 1)


@pytest.mark.django_db
def test_work_under_a_lease_is_left_alone_until_it_ends(work):
    outbox.put("test.count", **KEY)
    later = TransactionNow() + timedelta(seconds=5)
    OutboxRow.objects.update(state="running", attempts=1, leased_until=later)
    outbox.run("letter:1")
    assert (row().state, row().attempts, Counter.objects.count()) == ("running", 1, 0)
    OutboxRow.objects.update(leased_until=TransactionNow() - timedelta(seconds=1))
    outbox.run("letter:1")
    assert (row().state, row().attempts, Counter.objects.count()) == ("done", 2, 1)


def take_over():
    """What another worker does when the lease of the first one has ended: on a connection of its own."""

    def claim():
        OutboxRow.objects.update(leased_until=TransactionNow() - timedelta(seconds=1))
        assert outbox._claim("letter:1") is not None
        connection.close()

    thread = threading.Thread(target=claim)
    thread.start()
    thread.join()


def too_slow(_):
    """Work that is taken over before it is done."""
    count()
    take_over()


def too_slow_and_failing(_):
    """Work that is taken over, and then fails."""
    too_slow(_)
    raise ValueError


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("handler", [too_slow, too_slow_and_failing])
def test_who_lost_the_lease_keeps_nothing_and_leaves_the_row_to_the_other(handler, caplog):
    outbox.handler("test.slow")(handler)
    outbox.put("test.slow", **KEY)
    outbox.run("letter:1")
    del outbox._handlers["test.slow"]
    assert Counter.objects.count() == 0
    assert (row().state, row().attempts, row().last_error) == ("running", 2, "")


@pytest.mark.django_db(transaction=True)
def test_two_workers_with_one_key_do_it_once(work):
    outbox.put("test.count", **KEY)
    start = threading.Barrier(2)

    def worker():
        start.wait()
        outbox.run("letter:1")
        connection.close()

    threads = [threading.Thread(target=worker) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (row().state, row().attempts, Counter.objects.count()) == ("done", 1, 1)


@pytest.fixture
def broker(tmp_path):
    """A broker without a worker: what is rung lies in its folder."""
    with broker_in(make_folders(tmp_path), app):
        yield tmp_path


@pytest.mark.django_db(transaction=True)
def test_the_bell_rings_after_commit_only(work, broker):
    with transaction.atomic():
        outbox.put("test.count", **KEY)
        assert waiting(broker) == []
    assert waiting(broker) == ["letter:1"]
    with transaction.atomic():
        outbox.put("test.count", key="letter:2", case_id=None, gemeente_id=1)
        transaction.set_rollback(True)
    assert waiting(broker) == ["letter:1"]


@pytest.mark.django_db(transaction=True)
def test_a_broker_that_is_away_breaks_nothing(work, broker, caplog):
    shutil.rmtree(broker / "queue")
    with transaction.atomic():
        outbox.put("test.count", **KEY)
    assert row().state == "open"
    assert "on_commit" in caplog.text


@pytest.mark.parametrize(("channel", "left"), [(bell.Channel, 0), (filesystem.Channel, 1)], ids=["ours", "kombu's"])
def test_no_half_message_is_ever_in_the_queue(broker, channel, left):
    """What cannot be written leaves nothing; kombu's own channel (the control) leaves a file that stops a worker."""
    putter = channel(app.connection_for_write().transport)
    with pytest.raises(TypeError):
        putter._put("celery", object())
    assert len(list((broker / "queue").iterdir())) == left


@pytest.mark.django_db
def test_the_sweep_rings_for_what_waits_and_nothing_else(broker):
    minute = timedelta(minutes=1)
    states = {
        "waits": {"next_try": TransactionNow() - minute},
        "later": {"next_try": TransactionNow() + minute},
        "at work": {"state": "running", "leased_until": TransactionNow() + minute},
        "dead worker": {"state": "running", "leased_until": TransactionNow() - minute},
        "done": {"state": "done", "next_try": TransactionNow() - minute},
    }
    for key, facts in states.items():
        OutboxRow.objects.create(key=key, kind="test.count", **facts)
    outbox.sweep()
    assert waiting(broker) == ["dead worker", "waits"]
