"""How many rows of an older system are taken over in a second, beside reading and checking them alone."""

import sys
import time

import pytest

from casework.models import Case
from decisions.takeover.check import read_households
from decisions.takeover.ground import ground_of
from tests import takeover as files
from tests.factories import actor_of

pytestmark = [pytest.mark.bench, pytest.mark.django_db(transaction=True)]
HOUSEHOLDS = 300


def timed(act):
    """Seconds that something takes."""
    begin = time.perf_counter()
    act()
    return time.perf_counter() - begin


def test_rows_of_an_older_system_in_a_second(tmp_path, capsys):
    gemeente, _, sanne = files.make_ground()
    files.households(tmp_path, HOUSEHOLDS)
    found = []
    took = {
        "lezen en controleren": timed(
            lambda: found.extend(read_households(tmp_path, ground_of(gemeente, actor_of(sanne).today)))
        ),
        "proef": timed(lambda: files.run(tmp_path)),
        "overnemen": timed(lambda: files.run(tmp_path, "--write")),
        "al overgenomen": timed(lambda: files.run(tmp_path, "--write")),
    }
    rows = sum(len(household.entries) for household in found)
    assert Case.objects.count() == HOUSEHOLDS
    base = took["lezen en controleren"]
    table = [f"{rows} rijen, {HOUSEHOLDS} huishoudens      rijen/s   ÷ lezen en controleren"]
    table += [f"  {name:<30} {rows / seconds:>10.0f} {seconds / base:>12.1f}" for name, seconds in took.items()]
    with capsys.disabled():
        sys.stdout.write("\n" + "\n".join(table) + "\n")
