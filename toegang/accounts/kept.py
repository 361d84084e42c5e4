"""What somebody typed when the session had ended, in the words of the form that it was typed in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from django import forms
from django.forms.utils import pretty_name

from toegang.core.forms import Form, KnownDateField

CHOSEN = "Uw keuze is bewaard"  # a choice out of the database has its words in its own page only
PARTS = ("dag", "maand", "jaar")


@dataclass
class KeptText:
    """What was typed: (label, text) for the reader, and what travels along unseen, by name."""

    shown: list[tuple[str, str]] = field(default_factory=list)
    unseen: list[tuple[str, str]] = field(default_factory=list)


def in_words(fields: Sequence[tuple[str, str]]) -> KeptText:
    """Give every field that was filled in with its label; a text without a label gets its name."""
    labels = _fields_of({name for name, _ in fields})
    found = KeptText()
    for name, values in _by_question(fields, labels).items():
        question = labels.get(name)
        text = "\n".join(filter(None, (_words(question, value) for value in values)))
        if question.widget.is_hidden if question else " " not in text.strip():
            found.unseen.append((name, text))
        elif text.strip():
            label = str(question.label or "") if question else ""
            found.shown.append((label or pretty_name(name), text))
    return found


def _forms(base: type[forms.BaseForm]) -> Iterator[type[forms.BaseForm]]:
    for kind in base.__subclasses__():
        yield kind
        yield from _forms(kind)


def _fields_of(names: set[str]) -> Mapping[str, forms.Field]:
    """Give the questions of the form that knows most of these names; of two the smaller form."""

    def fits(kind: type[forms.BaseForm]) -> tuple[int, int]:
        known = kind.base_fields  # type: ignore[attr-defined]
        return sum(name in known or name.rpartition("_")[0] in known for name in names), -len(known)

    best = max(_forms(Form), key=fits, default=Form)
    return best.base_fields if fits(best)[0] else {}  # type: ignore[attr-defined]


def _by_question(fields: Sequence[tuple[str, str]], labels: Mapping[str, forms.Field]) -> dict[str, list[str]]:
    """Gather the values of each question; the three parts of a date become one."""
    found: dict[str, list[str]] = {}
    for name, value in fields:
        stem, _, part = name.rpartition("_")
        if part in PARTS and isinstance(labels.get(stem), KnownDateField):
            found[stem] = [" ".join(filter(None, [*found.get(stem, []), value]))]
        else:
            found.setdefault(name, []).append(value)
    return found


def _words(question: forms.Field | None, value: str) -> str:
    if isinstance(question, forms.BooleanField):
        return "Ja"
    if isinstance(question, forms.ModelChoiceField):
        return CHOSEN if value else ""
    if isinstance(question, forms.ChoiceField):
        return str(dict(question.choices).get(value, CHOSEN)) if value else ""
    return value
