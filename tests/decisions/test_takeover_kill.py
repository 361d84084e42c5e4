"""A take-over that is killed in the middle: nothing half, nothing lost, nothing twice; it is simply run again."""

import os
import signal
import subprocess
import sys
import time
from contextlib import contextmanager, suppress

import pytest

from casework.models import Case, HouseholdMember, Hulpvraag, Melding, Person
from decisions.models import FormerDecision, TakenOver
from decisions.services import takeover
from decisions.takeover.check import read_households
from decisions.takeover.ground import ground_of
from plans.models import Evaluatie, MaatwerkLine, Plan
from tests import takeover as files
from tests.core.test_outbox_worker import environment
from tests.factories import actor_of
from tests.sources import ROOT
from toegang.accounts.models import system_user
from toegang.core.access import acting_as

PATIENCE = 120  # seconds; never waited for when all is well
QUICK, LONG = (2, 12), (20, 200)  # kills, households


@contextmanager
def running(folder, broker):
    """The command in a process of its own, on the test's database; killed at the end, if it still lives."""
    command = [sys.executable, "manage.py", "import_work", str(folder), "--write"]
    named = ["--gemeente", "Voorbeeldstad", "--source", files.SOURCE]
    with (broker / "said").open("ab") as said:
        process = subprocess.Popen(
            [*command, *named], cwd=ROOT, env=environment(broker), stdout=said, stderr=said, start_new_session=True
        )
    try:
        yield process
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def killed_in_the_middle(folder, broker):
    """Let it take over one more household or two, and kill it while it is at the next."""
    before, end = TakenOver.objects.count(), time.monotonic() + PATIENCE
    with running(folder, broker) as process:
        while TakenOver.objects.count() == before:
            assert process.poll() is None, (broker / "said").read_text()
            assert time.monotonic() < end
            time.sleep(0.002)
        os.killpg(process.pid, signal.SIGKILL)
        assert process.wait() == -signal.SIGKILL


def halves():
    """What stands there without what belongs to it."""
    cases = Case.objects.values_list("pk", flat=True)
    parts = (TakenOver, Melding, Hulpvraag, Plan, MaatwerkLine, FormerDecision, Evaluatie)
    found = {model.__name__ for model in parts if set(model.objects.values_list("case", flat=True)) != set(cases)}
    found |= {"Person"} if Person.objects.exclude(pk__in=HouseholdMember.objects.values("person")).exists() else set()
    decided = Hulpvraag.objects.exclude(pk__in=FormerDecision.objects.values("hulpvraag"))
    found |= {"Hulpvraag"} if decided.exists() else set()
    planned = set(Case.objects.exclude(evaluation_on=None).values_list("pk", flat=True))
    return found | ({"Case"} if planned != set(cases) else set())


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("kills", "count"), [QUICK, pytest.param(*LONG, marks=pytest.mark.long)], ids=["quick", "long"]
)
def test_a_killed_take_over_leaves_whole_households_and_is_run_again(tmp_path, kills, count):
    files.make_ground()
    folder, broker = tmp_path / "files", tmp_path / "broker"
    folder.mkdir()
    broker.mkdir()
    files.households(folder, count)
    for _ in range(kills):
        killed_in_the_middle(folder, broker)
        assert halves() == set()
    done = TakenOver.objects.count()
    assert kills <= done < count
    screen, problem = files.take_over(folder, "--write")
    assert (problem, halves()) == ("", set())
    assert f"Huishoudens overgenomen: {count - done}, " in screen
    assert f"Al overgenomen: {done}. Afgewezen: 0." in screen
    assert (Case.objects.count(), Person.objects.count()) == (count, 2 * count)
    assert FormerDecision.objects.count() == count + count // 2
    references = sorted(Case.objects.values_list("reference", flat=True))
    assert [int(reference[-5:]) for reference in references] == list(range(1, count + 1))  # no gap, no double


@pytest.mark.django_db
@pytest.mark.parametrize("protected", [True, False])
def test_only_the_transaction_keeps_a_household_from_being_half(tmp_path, monkeypatch, protected):
    """Negative control: the same break without the transaction around a household leaves a half one."""

    def broken(**_):
        raise ZeroDivisionError

    gemeente, _, sanne = files.make_ground()
    files.households(tmp_path, 1)
    (household,) = read_households(tmp_path, ground_of(gemeente, actor_of(sanne).today))
    monkeypatch.setattr(takeover, "plan_evaluation", broken)
    bring = takeover.take_over if protected else takeover.take_over.__wrapped__
    with acting_as(system_user(), "test") as actor, suppress(ZeroDivisionError):
        bring(household=household, gemeente=gemeente, source=files.SOURCE, actor=actor)
    assert halves() == (set() if protected else {"Evaluatie", "Case"})
    assert Case.objects.exists() is not protected
