"""Many consistent cases by fast paths: rows by COPY with all constraints on, the same for a seed and a day.

Left out, because no page needs them for a case to be consistent: history rows, log rows, letters other than those
of decisions, and grants on closed cases. Beyond the nine thousand BSNs for tests people have none.
"""

from __future__ import annotations

from collections import Counter as Tally
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date
from functools import partial
from itertools import islice
from random import Random

from django.contrib.auth.hashers import make_password
from django.db import connection

from toegang.accounts.models import Gemeente, Membership, Organisatie, RoleAssignment, User, system_user
from toegang.core.wall import beyond_scope
from toegang.demo.data import CODE, NAME, ORGANISATIE, SINCE, make_gemeente, make_providers, make_team
from toegang.demo.ground import (
    FAMILY_NAMES,
    GIVEN_NAMES,
    Ground,
    Numbers,
    SampleLetter,
    Series,
    free_bsns,
    make_ground,
    reserve_numbers,
)
from toegang.demo.journeys import Journey, write_intake
from toegang.demo.journeys_help import write_help
from toegang.demo.kinds import KINDS, Kind, Timeline, numbers_of, timeline
from toegang.demo.rows import Rows
from toegang.demo.walk import acting

NAMES = (NAME, "Eikenwoude", "Beukenrade", "Iepenstein", "Wilgendam", "Elzenbroek", "Essenveld", "Dennenkamp")
CASES_OF_A_WORKER = 60  # open ones
WORKERS_OF_A_TEAM = 12
CHUNK = 2000  # cases in one transaction
WRITERS = 2  # connections at once


class GenerateError(Exception):
    """The cases cannot be made; the sentence says why."""


@dataclass(frozen=True)
class Worker:
    """A contactpersoon with a team."""

    user_id: int
    team_id: int


def generate(*, cases: int, seed: int, gemeenten: int = 1, password: str = "") -> dict[str, int]:
    """Make so many cases, spread over so many gemeenten; gives the number of rows per table.

    The users that come with it (`werker-SEED-1` and on) get the password, or none. Raises GenerateError when
    this seed was used before, or when there are not that many gemeenten.
    """
    if not 1 <= gemeenten <= len(NAMES):
        raise GenerateError(f"Kies 1 tot en met {len(NAMES)} gemeenten.")
    if User.objects.filter(username=f"toetser-{seed}-1").exists():
        raise GenerateError(f"De zaken van --seed {seed} zijn er al. Kies een ander getal.")
    letter, written = SampleLetter(f"voorbeeld-{seed}.pdf"), Tally[str]()
    hashed = make_password(password or None)
    try:
        for index in range(gemeenten):
            share = cases // gemeenten + (index < cases % gemeenten)
            written += _Generator(letter, seed=seed, index=index, hashed=hashed).run(share)
    finally:
        letter.remove()
    return dict(written)


@dataclass(frozen=True)
class _Chunk:
    """Cases that are written in one transaction; what follows from chance hangs on the chunk alone."""

    number: int
    cases: Sequence[tuple[Kind, Worker]]

    def draw(self, source: str, today: date) -> tuple[Random, list[Timeline]]:
        """Give the days of each case, and the chance that draws the rest."""
        rng = Random(f"{source}:{self.number}")  # noqa: S311 (made-up cases, no secret)
        return rng, [timeline(kind, rng, today) for kind, _ in self.cases]


class _Generator:
    """Makes the cases of one gemeente."""

    def __init__(self, letter: SampleLetter, *, seed: int, index: int, hashed: str) -> None:
        self._letter, self._hashed = letter, hashed
        self._seed, self._index, self._source = seed, index, f"{seed}:{index}"
        self._rng = Random(self._source)  # noqa: S311 (made-up cases, no secret)

    def run(self, cases: int) -> Tally[str]:
        """Make staff first, then the cases chunk by chunk; gives the number of rows per table."""
        kinds = self._rng.choices(KINDS, [kind.share for kind in KINDS], k=cases)
        open_cases = sum(not kind.is_closed for kind in kinds)
        with acting(system_user()) as actor:
            gemeente = _make_gemeente(self._index)
            workers = self._make_workers(gemeente, -(-open_cases // CASES_OF_A_WORKER) or 1)
            toetser = self._make_user(f"toetser-{self._seed}-{self._index + 1}")
            toetser.save()
            RoleAssignment.objects.create(user=toetser, gemeente=gemeente, role_id="toetser", since=SINCE)
            ground = make_ground(gemeente, today=actor.today, toetser=toetser, letter=self._letter)
        assigned = iter(list(self._assigned(kinds, workers)))
        chunks = [_Chunk(n, part) for n in range(-(-cases // CHUNK)) if (part := list(islice(assigned, CHUNK)))]
        return self._write_all(ground, chunks)

    def _assigned(self, kinds: Sequence[Kind], workers: Sequence[Worker]) -> Iterator[tuple[Kind, Worker]]:
        """Sixty open cases for each worker; the closed ones anywhere."""
        taken = 0
        for kind in kinds:
            if kind.is_closed:
                yield kind, self._rng.choice(workers)
                continue
            yield kind, workers[taken // CASES_OF_A_WORKER]
            taken += 1

    def _write_all(self, ground: Ground, chunks: Sequence[_Chunk]) -> Tally[str]:
        """Reserve the numbers, then write with two connections: one builds rows while the other waits."""
        wanted = [self._wanted(chunk, ground.today) for chunk in chunks]
        last = reserve_numbers(ground.gemeente.pk, sum(wanted, Tally[Series]()))
        starts = []
        for tally in wanted:
            starts.append(dict(last))
            last = {series: number + tally[series] for series, number in last.items()}
        bsns = free_bsns(ground.gemeente)
        shares = [bsns[n :: len(chunks)] for n in range(len(chunks))]
        with ThreadPoolExecutor(WRITERS) as pool:
            return sum(pool.map(partial(self._write_apart, ground), chunks, starts, shares), Tally[str]())

    def _wanted(self, chunk: _Chunk, today: date) -> Tally[Series]:
        _, timelines = chunk.draw(self._source, today)
        pairs = zip(chunk.cases, timelines, strict=True)
        return Tally(taken for (kind, _), days in pairs for taken in numbers_of(kind, days, today))

    def _write_apart(self, ground: Ground, chunk: _Chunk, start: dict[Series, int], bsns: list[str]) -> Tally[str]:
        try:
            return self._write(ground, chunk, Numbers(start), iter(bsns))
        finally:
            connection.close()  # this thread's own

    @beyond_scope()
    def _write(self, ground: Ground, chunk: _Chunk, numbers: Numbers, bsns: Iterator[str]) -> Tally[str]:
        rows = Rows()
        rng, timelines = chunk.draw(self._source, ground.today)
        for (kind, worker), days in zip(chunk.cases, timelines, strict=True):
            journey = Journey(
                ground=ground,
                rows=rows,
                numbers=numbers,
                bsns=bsns,
                rng=rng,
                kind=kind,
                days=days,
                worker_id=worker.user_id,
                team_id=worker.team_id,
            )
            write_intake(journey)
            write_help(journey)
        return rows.write()

    def _make_user(self, username: str) -> User:
        (given, _), (prefix, family) = self._rng.choice(GIVEN_NAMES), self._rng.choice(FAMILY_NAMES)
        name = " ".join(part for part in (given, prefix, family) if part)
        return User(username=username, kind=User.Kind.MEDEWERKER, name=name, password=self._hashed)

    def _make_workers(self, gemeente: Gemeente, count: int) -> list[Worker]:
        """Twelve contactpersonen in each team."""
        prefix = f"{self._seed}-{self._index + 1}"
        teams = [
            make_team(gemeente.organisatie, gemeente, f"Wijkteam {prefix}-{number + 1}")
            for number in range(-(-count // WORKERS_OF_A_TEAM))
        ]
        users = User.objects.bulk_create(self._make_user(f"werker-{prefix}-{n + 1}") for n in range(count))
        pairs = [(user, teams[n // WORKERS_OF_A_TEAM]) for n, user in enumerate(users)]
        Membership.objects.bulk_create(Membership(user=user, team=team, since=SINCE) for user, team in pairs)
        RoleAssignment.objects.bulk_create(
            RoleAssignment(user=user, gemeente=gemeente, role_id="wijkteamlid", since=SINCE) for user in users
        )
        return [Worker(user.pk, team.pk) for user, team in pairs]


def _make_gemeente(index: int) -> Gemeente:
    organisatie, _ = Organisatie.objects.get_or_create(name=ORGANISATIE)
    gemeente = make_gemeente(organisatie, code=str(int(CODE) + index), name=NAMES[index])
    make_providers(gemeente)
    return gemeente
