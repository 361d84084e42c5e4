"""The account of OWASP ASVS 5.0: each requirement of level 1 and 2, some of level 3, and the test that shows it.

tests/asvs/ holds a file for each chapter, a row for each requirement: `tested` with the names of tests, `not
applicable` with the reason, or `open` with what is missing; `off` tells how a test failed once when the control was
switched off. The sentences of the standard are at github.com/OWASP/ASVS.
"""

import ast
import re
import tomllib
from collections import Counter
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
FILES = sorted((ROOT / "tests" / "asvs").glob("*.toml"))
ROWS = [row | {"file": file.stem} for file in FILES for row in tomllib.loads(file.read_text())["requirement"]]
# {section: the level of its first requirement, of its second, ...}
LEVELS = (
    {"1.1": "22", "1.2": "1111122223", "1.3": "112222222223", "1.4": "222", "1.5": "123"}
    | {"2.1": "122", "2.2": "112", "2.3": "12223", "2.4": "23"}
    | {"3.1": "3", "3.2": "113", "3.3": "12223", "3.4": "11222233", "3.5": "11122333", "3.6": "3", "3.7": "22333"}
    | {
        "4.1": "12233",
        "4.2": "23333",
        "4.3": "22",
        "4.4": "1222",
        "5.1": "2",
        "5.2": "112333",
        "5.3": "113",
        "5.4": "222",
    }
    | {"6.1": "122", "6.2": "111111112222", "6.3": "11223333", "6.4": "112233", "6.5": "22222333", "6.6": "2223"}
    | {"6.7": "33", "6.8": "2222", "7.1": "222", "7.2": "1111", "7.3": "22", "7.4": "11222", "7.5": "223", "7.6": "22"}
    | {"8.1": "1233", "8.2": "1123", "8.3": "133", "8.4": "23", "9.1": "111", "9.2": "1222"}
    | {"10.1": "22", "10.2": "223", "10.3": "22223", "10.4": "1111122222233333", "10.5": "22222", "10.6": "22"}
    | {"10.7": "222", "11.1": "2233", "11.2": "22233", "11.3": "11233", "11.4": "1222", "11.5": "23", "11.6": "23"}
    | {"11.7": "33", "12.1": "12233", "12.2": "11", "12.3": "22223", "13.1": "2333", "13.2": "222223", "13.3": "2233"}
    | {"13.4": "1222233", "14.1": "22", "14.2": "12223333", "14.3": "122", "15.1": "12233", "15.2": "12233"}
    | {"15.3": "1222222", "15.4": "3333", "16.1": "2", "16.2": "22222", "16.3": "2222", "16.4": "222", "16.5": "2223"}
    | {"17.1": "23", "17.2": "22223333", "17.3": "22"}
)
LEVEL_OF = {f"{section}.{n}": int(level) for section, levels in LEVELS.items() for n, level in enumerate(levels, 1)}
# Of level 3 what files about people in need ask for.
ALSO = {
    *("1.2.10", "1.3.12", "2.3.5", "3.4.7", "3.4.8", "5.2.4", "5.2.6", "5.3.3", "6.3.8", "7.5.3", "8.1.3"),
    *("8.3.2", "8.3.3", "11.2.4", "14.2.5", "14.2.6", "14.2.7", "14.2.8", "15.2.4", "15.4.2", "16.5.4"),
}
# What a reviewer looks at when it changes: {level: (tested, not applicable, open)}.
COUNTS = {1: (55, 9, 6), 2: (102, 48, 33), 3: (13, 2, 6)}
STATES = ("tested", "not applicable", "open")


def names_in(path):
    """The test functions of one file; none when there is no such file."""
    text = (ROOT / path).read_text() if (ROOT / path).is_file() else ""
    return {node.name for node in ast.parse(text).body if isinstance(node, ast.FunctionDef)}


def wrong(row):
    """What is wrong with one row of the account; empty when it holds."""
    if row["state"] == "tested":
        missing = [name for name in row["by"] if name.partition("::")[2] not in names_in(name.partition("::")[0])]
        return [*missing, *([] if row["by"] else ["no test"]), *([] if row.get("off") else ["off"])]
    return [] if row["state"] in {"not applicable", "open"} and row.get("why") else [row["state"]]


def counted(rows):
    """{level: how many rows are tested, not applicable and open}."""
    seen = Counter((LEVEL_OF[row["id"]], row["state"]) for row in rows)
    return {level: tuple(seen[level, state] for state in STATES) for level in (1, 2, 3)}


def test_the_levels_are_those_of_the_standard():
    assert Counter(LEVEL_OF.values()) == {1: 70, 2: 183, 3: 92}
    assert {LEVEL_OF[number] for number in ALSO} == {3}


def test_every_requirement_stands_there_once_in_the_file_of_its_chapter():
    asked = Counter({number for number, level in LEVEL_OF.items() if level < 3} | ALSO)
    assert Counter(row["id"] for row in ROWS) == asked
    assert [row["id"] for row in ROWS if int(row["file"]) != int(row["id"].partition(".")[0])] == []
    assert [file.stem for file in FILES] == [f"{chapter:02}" for chapter in range(1, 18)]


def test_every_row_holds():
    assert {row["id"]: wrong(row) for row in ROWS if wrong(row)} == {}


def test_the_counts_are_those_that_were_reviewed():
    assert counted(ROWS) == COUNTS


def test_the_readme_tells_the_counts():
    """The one line of the README about this account is true."""
    (line,) = re.findall(r"^.*tests/asvs/.*$", (ROOT / "README.md").read_text(), re.MULTILINE)
    told = [tuple(map(int, found)) for found in re.findall(r"(\d+) tested, (\d+) not applicable, (\d+) open", line)]
    basic = tuple(map(sum, zip(COUNTS[1], COUNTS[2], strict=True)))
    assert told == [basic, COUNTS[3]]
    assert f"all {sum(basic)} requirements of level 1 and 2" in line and f"of {len(ALSO)} of level 3" in line


ROW = {"id": "1.1.1", "state": "tested", "by": ["tests/test_asvs.py::test_every_row_holds"], "off": "x"}


@pytest.mark.parametrize(
    "change",
    [
        {"by": []},
        {"by": ["tests/test_asvs.py::test_that_is_not_there"]},
        {"by": ["tests/test_nowhere.py::test_every_row_holds"]},
        {"off": ""},
        {"state": "open"},
        {"state": "perhaps", "why": "so"},
    ],
)
def test_a_row_can_be_wrong(change):
    assert wrong(ROW) == []
    assert wrong(ROW | change)
