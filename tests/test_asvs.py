"""The account of OWASP ASVS 5.0: each requirement of level 1 and 2 of these chapters, and the test that shows it."""

import ast
import tomllib
from collections import Counter
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
ROWS = tomllib.loads((ROOT / "tests" / "asvs.toml").read_text())["requirement"]
# {section: the requirements of level 1 and 2}
SECTIONS = (
    {"6.1": 3, "6.2": 12, "6.3": 4, "6.4": 4, "6.5": 5, "6.6": 3, "6.8": 4}
    | {"7.1": 3, "7.2": 4, "7.3": 2, "7.4": 5, "7.5": 2, "7.6": 2, "9.1": 3, "9.2": 4}
    | {"10.1": 2, "10.2": 2, "10.3": 4, "10.4": 11, "10.5": 5, "10.6": 2, "10.7": 3}
)


def names_in(path):
    """The test functions of one file."""
    return {node.name for node in ast.parse((ROOT / path).read_text()).body if isinstance(node, ast.FunctionDef)}


def wrong(row):
    """What is wrong with one row of the account; empty when it holds."""
    if row["state"] == "tested":
        missing = [name for name in row["by"] if name.partition("::")[2] not in names_in(name.partition("::")[0])]
        return missing or ([] if row["by"] else ["no test"])
    return [] if row["state"] in {"not applicable", "open"} and row.get("why") else [row["state"]]


def test_every_requirement_stands_there_once():
    asked = Counter(f"{section}.{number}" for section, most in SECTIONS.items() for number in range(1, most + 1))
    assert Counter(row["id"] for row in ROWS) == asked


def test_every_row_holds():
    assert {row["id"]: wrong(row) for row in ROWS if wrong(row)} == {}


@pytest.mark.parametrize(
    "row",
    [
        {"state": "tested", "by": []},
        {"state": "tested", "by": ["tests/test_asvs.py::test_that_is_not_there"]},
        {"state": "open"},
        {"state": "perhaps", "why": "so"},
    ],
)
def test_a_row_can_be_wrong(row):
    assert wrong(row)
