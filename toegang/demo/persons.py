"""Loading test persons from a CSV file with the columns of the test set for the BRP."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from django.db import transaction
from stdnum.nl import bsn as elfproef

from casework.enums import Route
from casework.models import Person
from casework.services.intake import MeldingFacts, Question, register_melding
from toegang.accounts.models import Gemeente, Team, User, system_user
from toegang.core.access import Actor
from toegang.core.dates import PartialDate
from toegang.core.pdf import warm_up
from toegang.core.records import keep
from toegang.demo.data import CODE, NOORD
from toegang.demo.stories import all_work_is_done
from toegang.demo.themes import HUISHOUDEN
from toegang.demo.walk import acting, facts_of, outbox_in_process

FIRST_BSN, LAST_BSN = 999900006, 999999990  # the range that is kept free for tests
COLUMNS = (
    "bsn", "anr", "voornamen", "adellijk", "voorvoegsel", "geslachtsnaam", "geboortedatum", "geslacht", "naamgebruik",
    "overlijden", "gemeente", "straat", "huisnr", "huisletter", "toev", "postcode", "plaats", "geheim", "opschorting",
)  # fmt: skip
COLUMN_OF = {
    "given_names": "voornamen",
    "prefix": "voorvoegsel",
    "family_name": "geslachtsnaam",
    "gender": "geslacht",
    "street": "straat",
    "house_number": "huisnr",
    "postcode": "postcode",
    "city": "plaats",
}
UNKNOWN_DATE = "00000000"
UNKNOWN_STREET = "."  # the BRP writes a full stop where the street is not known
MELDINGEN = 10
ADULT = 18
LENGTH_OF_DATE = 8

Row = Mapping[str, str]


class PersonsFileError(Exception):
    """The file cannot be used; the sentence says why, with row and column."""


@dataclass
class Selection:
    """Which rows are used, and why the others are not."""

    rows: dict[str, tuple[int, Row]] = field(default_factory=dict)  # by BSN: row number and row
    left_out: Counter[str] = field(default_factory=Counter)


def in_test_range(number: str) -> bool:
    """Whether this number lies in the range that is kept free for tests."""
    return number.isascii() and number.isdecimal() and FIRST_BSN <= int(number) <= LAST_BSN


def load_persons(path: Path) -> list[str]:
    """Add the test persons of a file to the demo's gemeente, and a melding for the first ten; gives what to tell.

    A person who is there already stays as it is. Raises PersonsFileError, and then adds nothing.
    """
    read = list(read_rows(path))
    selection = select(read)
    notes: list[str] = []
    gemeente = Gemeente.objects.get(code=CODE)
    fresh = [_person(number, row, gemeente, notes) for number, row in selection.rows.values()]
    present = {person.bsn for person in Person.objects.filter(gemeente=gemeente).with_bsn(*selection.rows)}
    selection.left_out["staan er al"] = len(present)
    fresh = [person for person in fresh if person.bsn not in present]
    if fresh:
        warm_up()
    with outbox_in_process():
        meldingen = _add(fresh, gemeente)
    all_work_is_done(gemeente.pk)
    reasons = "; ".join(f"{reason}: {n}" for reason, n in selection.left_out.items() if n) or "geen"
    return [
        f"Testpersonen: {len(read)} rijen gelezen, {len(fresh)} personen toegevoegd, {meldingen} meldingen.",
        f"Overgeslagen: {reasons}.",
        *notes,
    ]


def read_rows(path: Path) -> Iterator[tuple[int, Row]]:
    """Yield each row with its number in the file (the first row of data is row 2)."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file, strict=True)
            missing = [column for column in COLUMNS if column not in (reader.fieldnames or ())]
            if missing:
                raise PersonsFileError(f"{path.name}: deze kolommen ontbreken: {', '.join(missing)}.")
            for row in reader:
                if None in row or None in row.values():
                    raise PersonsFileError(f"{path.name}, rij {reader.line_num}: het aantal kolommen klopt niet.")
                yield reader.line_num, {column: row[column].strip() for column in COLUMNS}
    except OSError as error:
        raise PersonsFileError(f"{path} kan niet gelezen worden: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise PersonsFileError(f"{path.name} is geen tekst in UTF-8.") from error
    except csv.Error as error:
        raise PersonsFileError(f"{path.name} is geen goed CSV-bestand: {error}.") from error


def select(rows: Iterable[tuple[int, Row]]) -> Selection:
    """Take each BSN of the test range once: the first row with an address, else the first row."""
    selection = Selection()
    for number, row in rows:
        key = row["bsn"]
        if not in_test_range(key):
            selection.left_out["buiten het testbereik"] += 1
            continue
        if not elfproef.is_valid(key):
            selection.left_out["voldoet niet aan de 11-proef"] += 1
            continue
        present = selection.rows.get(key)
        if present:
            selection.left_out["dubbel"] += 1
        if present is None or (not _street(present[1]) and _street(row)):
            selection.rows[key] = (number, row)
    return selection


def _street(row: Row) -> str:
    return "" if row["straat"] == UNKNOWN_STREET else row["straat"]


def _person(number: int, row: Row, gemeente: Gemeente, notes: list[str]) -> Person:
    born = read_date(row, "geboortedatum", number, notes)
    died = read_date(row, "overlijden", number, notes)
    person = Person(
        gemeente=gemeente,
        bsn=row["bsn"],
        given_names=row["voornamen"],
        prefix=row["voorvoegsel"],
        family_name=row["geslachtsnaam"],
        gender=row["geslacht"],
        born=born,
        deceased=died if row["overlijden"] or row["opschorting"] == "O" else None,
        shielded=row["geheim"] not in {"", "0"},
        street=_street(row),
        house_number=f"{row['huisnr']}{row['huisletter']} {row['toev']}".strip(),
        postcode=row["postcode"],
        city=row["plaats"],
    )
    _fits(person, number)
    return person


def _fits(person: Person, number: int) -> None:
    """Raise PersonsFileError for a text that is longer than its place."""
    longest = {field.attname: field.max_length or 0 for field in Person._meta.concrete_fields}
    for name, column in COLUMN_OF.items():
        if len(text := getattr(person, name)) > longest[name]:
            raise PersonsFileError(f"Rij {number}, kolom {column}: ‘{text[:30]}…’ is te lang.")


def read_date(row: Row, column: str, number: int, notes: list[str]) -> int:
    """Give yyyymmdd with zeros for what is unknown; what the file leaves unclear is noted and taken as unknown.

    Raises PersonsFileError for what is no date at all.
    """
    text = row[column]
    if text in {"", UNKNOWN_DATE}:
        return 0
    if not (text.isascii() and text.isdecimal()) or len(text) > LENGTH_OF_DATE:
        raise _wrong(number, column, text)
    if len(text) < LENGTH_OF_DATE:
        return _noted(number, column, text, 0, notes)
    year, month, day = int(text[:4]), int(text[4:6]), int(text[6:])
    if not year:
        return _noted(number, column, text, 0, notes)
    if day and not month:
        return _noted(number, column, text, year * 10000, notes)
    try:
        return PartialDate(year, month or None, day or None).as_int()
    except ValueError as error:
        raise _wrong(number, column, text) from error


def _noted(number: int, column: str, text: str, kept: int, notes: list[str]) -> int:
    notes.append(f"Rij {number}, kolom {column}: van ‘{text}’ is overgenomen: {PartialDate.from_int(kept)}.")
    return kept


def _wrong(number: int, column: str, text: str) -> PersonsFileError:
    return PersonsFileError(f"Rij {number}, kolom {column}: ‘{text}’ is geen datum (jjjjmmdd).")


def _add(people: list[Person], gemeente: Gemeente) -> int:
    """Add the people and the meldingen in one transaction; the letters follow after it."""
    with transaction.atomic():
        with acting(system_user()) as actor:
            for person in people:
                keep(person, by=actor, what="Testpersoon geladen")
        team = Team.objects.get(name=NOORD, gemeenten=gemeente)
        with acting(User.objects.get(username="teamleider")) as actor:
            adults = [person for person in people if _is_living_adult(person, actor.today)]
            for person in adults[:MELDINGEN]:
                _report(person, team, actor)
    return len(adults[:MELDINGEN])


def _is_living_adult(person: Person, today: date) -> bool:
    year = person.birth.year
    return person.deceased is None and year is not None and year < today.year - ADULT


def _report(person: Person, team: Team, actor: Actor) -> None:
    """A melding by telephone, that waits for a contactpersoon."""
    facts = MeldingFacts(
        person=facts_of(person),
        received_on=actor.today,
        route=Route.TELEFOON,
        words=HUISHOUDEN.words,
        questions=[Question(HUISHOUDEN.law, HUISHOUDEN.need)],
    )
    register_melding(
        actor=actor, gemeente_id=person.gemeente_id, team_id=team.pk, facts=facts, become_contactpersoon=False
    )
