"""Making many cases: counts, numbers that go on, the same for a seed; what the cases are worth: test_generated."""

import errno
import io
import os
import sys
import time
from pathlib import Path
from random import Random

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from casework.models import Case, Person
from decisions.models import Beschikking
from plans.models import Plan
from tests.conftest import load_reference
from toegang.accounts.models import Gemeente, User
from toegang.core.access import actor_for
from toegang.core.models import Counter
from toegang.demo.generate import generate
from toegang.demo.ground import SampleLetter
from toegang.demo.kinds import KINDS, timeline
from toegang.demo.rows import Rows

SEED = 3

with_commits = pytest.mark.django_db(transaction=True)


def empty():
    """Take the generated rows away, as superuser: the application may not."""
    with connection.cursor() as cursor:
        cursor.execute("RESET ROLE")
        cursor.execute("TRUNCATE casework_household, core_counter, core_storedfile, accounts_user CASCADE")
        cursor.execute("TRUNCATE accounts_organisatie CASCADE")
        load_reference()  # rows without a gemeente went along with those of one
        cursor.execute("SET ROLE toegang_task")


def test_no_step_lies_in_the_future_or_before_the_one_before():
    today = actor_for(None, "test").today
    for kind in KINDS:
        for seed in range(50):
            days = timeline(kind, Random(seed), today)
            order = [*days.steps.values(), *(day for day in (days.evaluated, days.closed) if day)]
            assert order == sorted(order) and order[-1] < today and order[0] == days.melding


@with_commits
def test_numbers_go_on_after_those_that_were_given():
    for seed in (1, 2):
        generate(cases=20, seed=seed)
    assert sum(Counter.objects.filter(series="zaak").values_list("last", flat=True)) == 40
    assert Case.objects.values("reference").distinct().count() == 40


@with_commits
def test_two_gemeenten_have_their_own_numbers_people_and_staff():
    generate(cases=41, seed=SEED, gemeenten=2)
    first, second = Gemeente.objects.order_by("code")
    assert [Case.objects.filter(gemeente=g).count() for g in (first, second)] == [21, 20]
    for gemeente in (first, second):
        assert Case.objects.filter(gemeente=gemeente, reference__endswith="-00001").exists()
        worker = actor_for(User.objects.filter(role_assignments__gemeente=gemeente).first(), "test")
        assert worker.gemeente_ids == {gemeente.pk}


@with_commits
def test_the_same_seed_gives_the_same_cases():
    columns = ("id", "reference", "status", "opened_on", "household_id", "person__family_name", "person__bsn_index")
    generate(cases=60, seed=SEED)
    first = list(Case.objects.order_by("id").values_list(*columns))
    empty()
    generate(cases=60, seed=SEED)
    assert list(Case.objects.order_by("id").values_list(*columns)) == first


@with_commits
def test_workers_sign_in_with_the_password_or_not_at_all():
    generate(cases=5, seed=1, password="een-wachtwoord-voor-de-demo")
    generate(cases=5, seed=2)
    assert User.objects.get(username="werker-1-1-1").check_password("een-wachtwoord-voor-de-demo")
    assert not User.objects.get(username="werker-2-1-1").has_usable_password()


@with_commits
def test_command_tells_what_it_made(monkeypatch):
    monkeypatch.delenv("DEMO_PASSWORD", raising=False)
    out = io.StringIO()
    call_command("generate", cases=5, seed=1, stdout=out)
    assert "casework_case: 5\n" in out.getvalue() and "5 zaken in" in out.getvalue()
    with pytest.raises(CommandError, match="Kies een ander getal"):
        call_command("generate", cases=5, seed=1, stdout=out)
    with pytest.raises(CommandError, match="Kies 1 tot en met"):
        call_command("generate", cases=5, seed=2, gemeenten=0, stdout=out)


def test_letter_is_copied_where_the_disk_gives_no_more_links(monkeypatch, settings):
    def no_more_links(*paths):
        raise OSError(errno.EMLINK, "Too many links")

    monkeypatch.setattr(os, "link", no_more_links)
    letter = SampleLetter("voorbeeld.pdf")
    letter.link("ab" * 16)
    letter.remove()
    assert (Path(settings.FILES_FOLDER) / "ab" / ("ab" * 16)).read_bytes() == letter.content


def test_a_column_that_does_not_exist_is_refused():
    with pytest.raises(KeyError, match="colour"):
        Rows().add(Case, colour="blauw")


@pytest.mark.long
@with_commits
def test_a_hundred_thousand_cases(capsys):
    begun = time.monotonic()
    written = generate(cases=100_000, seed=SEED)
    seconds = time.monotonic() - begun
    with capsys.disabled():
        sys.stdout.write(f"\n100.000 zaken, {sum(written.values())} rijen: {seconds:.0f} seconden\n")
    assert written["casework_case"] == Case.objects.count() == 100_000
    assert written["decisions_beschikking"] == Beschikking.objects.count() > 30_000
    assert Person.objects.exclude(bsn_index=None).count() == 9091
    assert Plan.objects.count() == written["plans_plan"]
