"""What the wall of the database and the log cost: each page with them, and without one of them, by turns."""

import sys
import time
from statistics import median

import pytest
from django.test import Client

from tests.bench.test_bench_pages import ROUNDS, analyze, manager, pages, running_case
from toegang.accounts.models import User
from toegang.core import audit, wall
from toegang.demo.generate import generate

pytestmark = [pytest.mark.bench, pytest.mark.django_db(transaction=True)]
CASES = 10_000


def without_wall(patch):
    """Everybody stands as the worker, who sees every row."""
    patch.setattr(wall, "APP", wall.TASK)


def without_log(patch):
    """Nothing is written."""
    patch.setattr(audit, "write", lambda *_: None)


WAYS = {"alles": lambda _: None, "zonder muur": without_wall, "zonder log": without_log}


def test_a_page_with_and_without_the_wall_and_the_log(capsys, monkeypatch):
    generate(cases=CASES, seed=1)
    analyze()
    worker = User.objects.get(username="werker-1-1-1")
    wanted = pages(worker, running_case(worker), manager())
    took = {(name, way): [] for name in wanted for way in WAYS}
    for name, (url, user) in wanted.items():
        client = Client()
        if user:
            client.force_login(user)
        for _ in range(ROUNDS):
            for way, change in WAYS.items():
                with monkeypatch.context() as patch:
                    change(patch)
                    begin = time.perf_counter()
                    assert client.get(url).status_code == 200
                    took[name, way].append(1000 * (time.perf_counter() - begin))
    table = [f"{CASES} zaken        p50 ms   ÷ zonder muur   ÷ zonder log"]
    for name in wanted:
        whole, *others = (median(took[name, way]) for way in WAYS)
        table.append(f"  {name:<16} {whole:>6.1f} " + " ".join(f"{whole / other:>15.2f}" for other in others))
    with capsys.disabled():
        sys.stdout.write("\n" + "\n".join(table) + "\n")
