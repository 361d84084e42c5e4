"""Tables that people make in a spreadsheet: read with a sentence for what is wrong, written so that no cell is run."""

from __future__ import annotations

import csv
import os
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

SEPARATOR = ";"  # what a Dutch spreadsheet writes between two cells
ONLY_OURS = 0o600
# OWASP, CSV injection: a cell that begins so is a formula for a spreadsheet, the full-width forms too.
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
HARMLESS_NAME = re.compile(r"(?!.*\d{4})[\w ./-]{1,30}")  # what can only be the name of a column


class TableError(Exception):
    """The file cannot be used; the sentence says why, and holds nothing of what stands in its rows."""


@dataclass(frozen=True)
class TableRow:
    """One row: where it begins in the file, its cells by the name of their column, and how many cells it has."""

    line: int
    cells: dict[str, str]
    count: int


def read_table(path: Path, columns: Sequence[str]) -> list[TableRow]:
    """Read a CSV file in UTF-8 (RFC 4180, but with semicolons), its columns in any order; empty rows are passed over.

    Raises TableError for a file that cannot be read, and for a wrong, missing or double column.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            return list(_rows(csv.reader(file, delimiter=SEPARATOR, strict=True), path.name, columns))
    except FileNotFoundError:
        raise TableError(f"{path.name} staat niet in deze map.") from None
    except OSError:
        raise TableError(f"{path.name} kan niet gelezen worden.") from None
    except UnicodeDecodeError:
        raise TableError(f"{path.name} is geen tekst in UTF-8. Sla het op als ‘CSV UTF-8’.") from None


def _rows(reader: Any, name: str, columns: Sequence[str]) -> Iterator[TableRow]:
    line = 1
    try:
        header = [cell.strip().casefold() for cell in next(reader, [])]
        if problem := _wrong_header(header, columns):
            raise TableError(f"{name}: {problem}. Verwacht worden: {', '.join(columns)}.")
        line = reader.line_num + 1
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield TableRow(line, dict(zip(header, (cell.strip() for cell in cells), strict=False)), len(cells))
            line = reader.line_num + 1
    except csv.Error:
        raise TableError(f"{name}: vanaf regel {line} kloppen de aanhalingstekens niet.") from None


def _wrong_header(header: Sequence[str], columns: Sequence[str]) -> str:
    """What is wrong with the columns, or nothing; names of columns only, never a row that stands in their place."""
    if 2 * len(set(header) & set(columns)) < len(columns):
        return "op de eerste regel staan niet de namen van de kolommen, met een puntkomma ertussen"
    strange = [_named(number, name) for number, name in enumerate(header, 1) if name not in columns]
    problems = [f"{name} hoort hier niet" for name in strange]
    problems += [f"kolom ‘{name}’ ontbreekt" for name in columns if name not in header]
    problems += [f"kolom ‘{name}’ staat er {header.count(name)} keer" for name in columns if header.count(name) > 1]
    return ", ".join(problems)


def _named(number: int, name: str) -> str:
    return f"kolom ‘{name}’" if HARMLESS_NAME.fullmatch(name) else f"kolom {number}"


def harmless(text: str) -> str:
    """A text that a spreadsheet shows and does not carry out."""
    return f"'{text}" if text.startswith(FORMULA) else text


def write_table(path: Path, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Write a new CSV file that only its owner can read; raises FileExistsError, and then writes nothing."""
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, ONLY_OURS)
    with os.fdopen(handle, "w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, delimiter=SEPARATOR)
        writer.writerow(columns)
        writer.writerows([harmless(str(cell)) for cell in row] for row in rows)
