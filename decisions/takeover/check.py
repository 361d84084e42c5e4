"""The rows of the three files put together into households, each checked as a whole: one wrong row stops a household.

A fault says where it is and what to do, and holds nothing of what stands in a cell.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from decisions.takeover.ground import Ground
from decisions.takeover.rows import FILES, columns_of
from toegang.core.forms import BsnField
from toegang.core.spreadsheets import TableError, TableRow, read_table

PEOPLE, CASES, LINES = FILES
TOGETHER = "Niet overgenomen: een andere regel van dit huishouden klopt niet"
A_NUMBER = "Dit is een burgerservicenummer. Gebruik een eigen sleutel of nummer van het systeem"
STORED = {PEOPLE: ("huishouden",), CASES: ("zaaknummer",), LINES: ("kenmerk",)}  # what is kept as it is written


class FilesError(Exception):
    """One or more files cannot be used at all; a sentence for each."""

    def __init__(self, sentences: list[str]) -> None:
        super().__init__("\n".join(sentences))
        self.sentences = sentences


@dataclass
class Entry:
    """One row: where it stands, what it says as far as it is right, and what is wrong with it."""

    file: str
    line: int
    facts: dict[str, Any]
    faults: list[tuple[str, str]] = field(default_factory=list)  # column, sentence

    def say(self, column: str, sentence: str) -> None:
        """Note a fault, once."""
        if (column, sentence) not in self.faults:
            self.faults.append((column, sentence))

    @property
    def place(self) -> str:
        """Where it stands, in words."""
        return f"regel {self.line} van {self.file}"


@dataclass
class Household:
    """The rows of all files that bear one key."""

    key: str
    people: list[Entry] = field(default_factory=list)
    cases: list[Entry] = field(default_factory=list)
    lines: list[Entry] = field(default_factory=list)

    @property
    def entries(self) -> list[Entry]:
        """Every row."""
        return [*self.people, *self.cases, *self.lines]

    @property
    def is_right(self) -> bool:
        """Whether nothing was found wrong."""
        return bool(self.key) and not any(entry.faults for entry in self.entries)

    @property
    def head(self) -> Entry:
        """The row of the person whose name the case will bear."""
        return next(entry for entry in self.people if entry.facts["hoofdpersoon"] == "ja")


def read_households(folder: Path, ground: Ground) -> list[Household]:
    """Read the three files of a folder and check them; raises FilesError when one of them cannot be used."""
    tables: dict[str, list[TableRow]] = {}
    problems = []
    for file in FILES:
        try:
            tables[file] = read_table(folder / file, columns_of(file))
        except TableError as problem:
            problems.append(str(problem))
    if problems:
        raise FilesError(problems)
    households: dict[str, Household] = {}
    for file, rows in tables.items():
        for row in rows:
            key = row.cells.get("huishouden", "")
            household = households.setdefault(key, Household(key))
            {PEOPLE: household.people, CASES: household.cases, LINES: household.lines}[file].append(
                _entry(file, row, ground)
            )
    found = list(households.values())
    for household in found:
        _check(household)
    _check_between(found)
    return found


def _entry(file: str, row: TableRow, ground: Ground) -> Entry:
    form = FILES[file](row.cells, ground=ground)
    form.is_valid()
    entry = Entry(file, row.line, form.cleaned_data)
    columns = len(columns_of(file))
    if row.count != columns:
        entry.say("", f"Deze regel heeft {row.count} cellen. Het moeten er {columns} zijn")
        return entry
    for column, sentences in form.errors.items():
        for sentence in sentences:
            entry.say(column, str(sentence))
    return entry


def _check(household: Household) -> None:
    """What the rows of one household say of each other."""
    if not household.key:
        return  # each row says so already
    if _has_all_three(household):
        _check_people(household)
        _check_lines(household)


def _has_all_three(household: Household) -> bool:
    first, missing = household.entries[0], []
    if not household.people:
        missing.append(f"Dit huishouden staat niet in {PEOPLE}")
    if not household.cases:
        missing.append(f"Dit huishouden staat niet in {CASES}")
    if not household.lines:
        missing.append(f"Dit huishouden staat niet in {LINES}. Neem alleen werk over waarvoor een besluit is verzonden")
    for sentence in missing:
        first.say("huishouden", sentence)
    for other in household.cases[1:]:
        other.say("huishouden", f"Dit huishouden staat al op {household.cases[0].place}")
    return not missing


def _check_people(household: Household) -> None:
    if sum(entry.facts.get("hoofdpersoon") == "ja" for entry in household.people) != 1:
        household.people[0].say("hoofdpersoon", "Vul bij precies één persoon van dit huishouden ja in")
    _say_doubles(household.people, "persoon", "Deze persoon staat al op {}")
    _say_doubles(household.people, "bsn", "Dit nummer staat al op {}")


def _say_doubles(entries: Iterable[Entry], column: str, sentence: str) -> None:
    first: dict[str, Entry] = {}
    for entry in entries:
        if value := entry.facts.get(column):
            known = first.setdefault(value, entry)
            if known is not entry:
                entry.say(column, sentence.format(known.place))


def _check_lines(household: Household) -> None:
    people = {entry.facts.get("persoon") for entry in household.people}
    reported = household.cases[0].facts.get("melding_op")
    decided: dict[tuple[Any, ...], Entry] = {}
    for number, entry in enumerate(household.lines):
        facts = entry.facts
        if facts.get("persoon") and facts["persoon"] not in people:
            entry.say("persoon", f"Deze persoon staat niet bij dit huishouden in {PEOPLE}")
        for column in ("aanvraag_op", "besluit_op"):
            if reported and facts.get(column) and facts[column] < reported:
                entry.say(column, "Deze dag ligt vóór de melding")
        same = decided.setdefault(_decision(facts), entry)
        if same.facts.get("besluit_op") != facts.get("besluit_op"):
            entry.say("besluit_op", f"Bij dit kenmerk staat een andere dag op {same.place}")
        if double := next((other for other in household.lines[:number] if _overlap(facts, other.facts)), None):
            entry.say("product", f"Deze hulp staat al voor deze periode op {double.place}")


def _decision(facts: dict[str, Any]) -> tuple[Any, ...]:
    return tuple(facts.get(name) for name in ("persoon", "wet", "kenmerk"))


def _overlap(one: dict[str, Any], other: dict[str, Any]) -> bool:
    """The same help of the same person twice in one period, as a plan refuses it."""
    same = ("persoon", "wet", "product", "vorm", "van", "tot_en_met")
    if not all(facts.get(name) for facts in (one, other) for name in same):
        return False
    alike = all(one[name] == other[name] for name in same[:4])
    return alike and one["van"] <= other["tot_en_met"] and other["van"] <= one["tot_en_met"]


def _check_between(households: list[Household]) -> None:
    """What the rows of different households say of each other."""
    every = [entry for household in households for entry in household.entries]
    _say_doubles((entry for entry in every if entry.file == CASES), "zaaknummer", "Dit zaaknummer staat al op {}")
    numbers = {entry.facts["bsn"] for entry in every if entry.facts.get("bsn")}
    for entry in every:
        for column in STORED[entry.file]:
            if BsnField().to_python(entry.facts.get(column)) in numbers:
                entry.say(column, A_NUMBER)


def rejected_rows(households: Iterable[Household]) -> Iterator[tuple[str, int, str, str]]:
    """Every row that is not taken over: file, line, column, sentence; a right row of a wrong household too."""
    found = [
        (entry.file, entry.line, column, sentence)
        for household in households
        if not household.is_right
        for entry in household.entries
        for column, sentence in entry.faults or [("", TOGETHER)]
    ]
    order = list(FILES)
    return iter(sorted(found, key=lambda row: (order.index(row[0]), row[1])))
