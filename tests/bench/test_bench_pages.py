"""How long the main pages take at a hundred and at ten thousand cases, against an empty view in the same run."""

import sys
import time
from statistics import median, quantiles

import pytest
from django.db import connection
from django.db.models import Count
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from casework.models import Case
from casework.services.people import welcome_resident
from toegang.accounts.models import Gemeente, RoleAssignment, User, system_user
from toegang.core.access import acting_as
from toegang.demo.data import SINCE
from toegang.demo.generate import generate

pytestmark = [pytest.mark.bench, pytest.mark.django_db(transaction=True)]
ROUNDS = 40
SIZES = (100, 10_000)


def manager():
    user = User.objects.create_user("manager", kind=User.Kind.MEDEWERKER, name="Joost Hendriks")
    RoleAssignment.objects.create(user=user, gemeente=Gemeente.objects.get(), role_id="manager", since=SINCE)
    return user


def resident(case):
    with acting_as(system_user(), "meting") as actor:
        return welcome_resident(person_id=case.hulpvragen.first().person_id, actor=actor)


def running_case(worker):
    """The first case of a worker with maatwerk that runs and with one hulpvraag: alike at every size."""
    own = Case.objects.filter(grants__user=worker, status="uitvoering", plan_has_maatwerk=True)
    return own.annotate(questions=Count("hulpvragen")).filter(questions=1).order_by("reference").first()


def pages(worker, case, leader):
    """Each page with who opens it."""
    return {
        "leeg (gezond)": (reverse("health"), None),
        "werklijst": (reverse("werkplek:worklist"), worker),
        "teamlijst": (reverse("werkplek:team_list"), worker),
        "zaak": (reverse("werkplek:case", args=[case.pk]), worker),
        "portaal": (reverse("portaal:home"), resident(case)),
        "sturing": (reverse("sturing:home"), leader),
    }


def measured(wanted):
    """Queries, and the milliseconds of each round; the pages take turns."""
    clients, queries, took = {}, {}, {name: [] for name in wanted}
    for name, (url, user) in wanted.items():
        clients[name] = Client()
        if user:
            clients[name].force_login(user)
        assert clients[name].get(url).status_code == 200
        with CaptureQueriesContext(connection) as captured:
            clients[name].get(url)
        queries[name] = len(captured)
    for _ in range(ROUNDS):
        for name, (url, _) in wanted.items():
            begin = time.perf_counter()
            clients[name].get(url)
            took[name].append(1000 * (time.perf_counter() - begin))
    return queries, took


def lines(size, queries, took):
    """The table of one size."""
    empty = median(took["leeg (gezond)"])
    yield f"{size:>6} zaken     vragen   p50 ms   p95 ms   p50 ÷ leeg"
    for name, rounds in took.items():
        p50, p95 = median(rounds), quantiles(rounds, n=20)[-1]
        yield f"  {name:<14} {queries[name]:>6} {p50:>8.1f} {p95:>8.1f} {p50 / empty:>10.1f}"


def analyze():
    """What autovacuum does in a house that lives longer than a test."""
    with connection.cursor() as cursor:
        cursor.execute("RESET ROLE")
        cursor.execute("ANALYZE")
        cursor.execute("SET ROLE toegang_task")


def test_pages_ask_as_many_questions_at_ten_thousand_cases_as_at_a_hundred(capsys):
    table, asked, made = [], [], 0
    for seed, size in enumerate(SIZES, start=1):
        generate(cases=size - made, seed=seed)
        made = size
        analyze()
        leader = User.objects.filter(username="manager").first() or manager()
        worker = User.objects.get(username=f"werker-{seed}-1-1")
        case = running_case(worker)
        queries, took = measured(pages(worker, case, leader))
        table += lines(size, queries, took)
        asked.append(queries)
    with capsys.disabled():
        sys.stdout.write("\n" + "\n".join(table) + "\n")
    assert asked[0] == asked[1]
