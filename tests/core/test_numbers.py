"""Gapless numbers: no double and no gap, whatever rolls back; and what happens without the lock."""

import random
import threading

import pytest
from django.db import connection, transaction

from toegang.core.models import Counter
from toegang.core.numbers import next_number

SERIES = {"gemeente_id": 1, "series": "besluit", "year": 2026}
EACH, ROLLED_BACK = 20, 0.2


def at_once(threads, work):
    """Run the work in so many threads, each with a connection of its own, started together."""
    start, failures = threading.Barrier(threads), []

    def run(number):
        try:
            start.wait()
            work(number)
        except Exception as failure:  # noqa: BLE001 (told below: a thread that dies must not pass)
            failures.append(failure)
        finally:
            connection.close()

    runners = [threading.Thread(target=run, args=(n,)) for n in range(threads)]
    for runner in runners:
        runner.start()
    for runner in runners:
        runner.join()
    assert failures == []


@pytest.mark.django_db
def test_each_series_counts_for_itself():
    taken = [next_number(**SERIES), next_number(**SERIES)]
    others = [next_number(**SERIES | other) for other in ({"gemeente_id": 2}, {"series": "zaak"}, {"year": 2027})]
    assert (taken, others, next_number(**SERIES)) == ([1, 2], [1, 1, 1], 3)


@pytest.mark.django_db
def test_a_rollback_gives_the_number_back():
    with transaction.atomic():
        assert next_number(**SERIES) == 1
        transaction.set_rollback(True)
    assert next_number(**SERIES) == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("threads", [10, pytest.param(50, marks=pytest.mark.long)], ids=["quick", "long"])
def test_many_at_once_with_rollbacks_leave_no_gap_and_no_double(threads):
    kept, given_back = [], []

    def take(seed):
        dice = random.Random(seed)
        for _ in range(EACH):
            with transaction.atomic():
                number = next_number(**SERIES)
                back = dice.random() < ROLLED_BACK
                (given_back if back else kept).append(number)
                transaction.set_rollback(back)

    at_once(threads, take)
    assert sorted(kept) == list(range(1, len(kept) + 1))
    assert len(given_back) > 0 and len(kept) + len(given_back) == threads * EACH
    assert Counter.objects.get().last == len(kept)


@pytest.mark.django_db(transaction=True)
def test_reading_the_highest_and_adding_one_gives_doubles():
    """Negative control: two takers read before either writes, which nothing but the lock prevents."""
    Counter.objects.create(**SERIES)
    taken, both_read = [], threading.Barrier(2)

    def take(_):
        with transaction.atomic():
            number = Counter.objects.get(**SERIES).last + 1
            both_read.wait()
            Counter.objects.filter(**SERIES).update(last=number)
            taken.append(number)

    at_once(2, take)
    assert taken == [1, 1]
