"""Our own modules as syntax trees, for the tests that read code."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
APPS = ("toegang", "casework", "plans", "providers", "decisions")
DOMAIN = APPS[1:]


@dataclass(frozen=True)
class Module:
    """One file of ours: its dotted name, its text and its tree."""

    name: str
    text: str

    @property
    def tree(self) -> ast.Module:
        """The syntax tree."""
        return ast.parse(self.text)

    def within(self, homes: tuple[str, ...]) -> bool:
        """Whether this module is, or lies under, one of the named ones."""
        return any(self.name == home or self.name.startswith(f"{home}.") for home in homes)


@cache
def modules() -> tuple[Module, ...]:
    """Every module of the product; migrations are history, not code that is changed."""
    found = [
        Module(
            ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"),
            path.read_text(encoding="utf-8"),
        )
        for app in APPS
        for path in sorted((ROOT / app).rglob("*.py"))
        if "migrations" not in path.parts
    ]
    assert len(found) > 80  # an empty tree would pass every test that reads it
    return tuple(found)


def imported(tree: ast.AST) -> dict[str, str]:
    """The local names that imports bind, with what they stand for."""
    names = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {
                a.asname or a.name.split(".")[0]: a.name if a.asname else a.name.split(".")[0] for a in node.names
            }
        elif isinstance(node, ast.ImportFrom) and node.module:
            names |= {a.asname or a.name: f"{node.module}.{a.name}" for a in node.names}
    return names


def names_used(tree: ast.AST) -> Iterator[tuple[str, int]]:
    """Every outside name with its line: `django.http.Http404`, and `*.delay` for an attribute of anything."""
    names = imported(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((a.name, node.lineno) for a in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from ((f"{node.module}.{a.name}", node.lineno) for a in node.names)
        elif isinstance(node, ast.Attribute):
            yield f"*.{node.attr}", node.lineno
            parts, inner = [node.attr], node.value
            while isinstance(inner, ast.Attribute):
                parts, inner = [inner.attr, *parts], inner.value
            if isinstance(inner, ast.Name) and inner.id in names:
                yield ".".join([names[inner.id], *parts]), node.lineno
