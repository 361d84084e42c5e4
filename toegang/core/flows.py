"""The lives as diagrams, drawn from the code, so that the README never tells another story."""

from __future__ import annotations

from typing import Any

from django.apps import apps

from toegang.core.lifecycle import Life

START, END = "<!-- flows: begin -->", "<!-- flows: end -->"


def lives() -> list[type[Life]]:
    """Every model with a life, by name; history copies have none."""
    return sorted((m for m in apps.get_models() if issubclass(m, Life)), key=lambda model: model.__name__)


def diagram(model: Any) -> str:
    """Draw one life as a Mermaid state diagram, its arrows in the order of flow.py."""
    field = model._meta.get_field("status")
    lines = ["stateDiagram-v2", f"    [*] --> {field.default}"]
    steps = sorted(
        model().get_all_status_transitions(), key=lambda t: (t.method.__code__.co_firstlineno, str(t.source))
    )
    for step in steps:
        target = step.target or step.source
        lines.append(f"    {step.source} --> {target}: {step.name}")
    return "\n".join(lines)


def chapter() -> str:
    """The chapter of the README: a diagram for each life."""
    parts = [f"### {model.__name__}\n\n```mermaid\n{diagram(model)}\n```\n" for model in lives()]
    return f"{START}\n\n" + "\n".join(parts) + f"\n{END}"


def renewed(text: str) -> str:
    """Give the README with the chapter as the code is now. ValueError when the marks are missing."""
    before, rest = text.split(START, 1)
    _, after = rest.split(END, 1)
    return before + chapter() + after
