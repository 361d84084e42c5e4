"""Letter texts: dated blocks with {placeholders} and nothing else; no template language in editable text."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date

from django.db.models import F, Q

from toegang.core.models import LetterText

PLACEHOLDER = re.compile(r"\{([a-z_]+)\}")


class LetterError(Exception):
    """A letter cannot be made: a text or a value is missing."""


@dataclass(frozen=True)
class Section:
    """One block of a letter as it is laid out."""

    key: str
    heading: str
    paragraphs: list[str] = field(default_factory=list)
    items: list[str] = field(default_factory=list)
    table: None = None


def fill(text: str, values: Mapping[str, str]) -> str:
    """Put the values in place; anything that is not a {name} stays text. LetterError for a name without value."""

    def value(match: re.Match[str]) -> str:
        try:
            return values[match[1]]
        except KeyError:
            raise LetterError(f"Geen waarde voor {{{match[1]}}}") from None

    return PLACEHOLDER.sub(value, text)


def compose(
    kind: str,
    *,
    law: str,
    gemeente_id: int,
    on: date,
    values: Mapping[str, str],
    leave_out: Collection[str] = (),
) -> list[Section]:
    """Give the blocks of a letter in order; a gemeente's own text replaces the general one of the same block."""
    rows = (
        LetterText.objects.valid_on(on)
        .filter(Q(law="") | Q(law=law), Q(gemeente_id=None) | Q(gemeente_id=gemeente_id), kind=kind)
        .order_by("order", "law", F("gemeente_id").asc(nulls_first=True), "valid_from", "pk")
    )
    chosen = {row.block: row for row in rows if row.block not in leave_out}
    if not chosen:
        raise LetterError(f"Geen brieftekst ‘{kind}’ op {on}")
    return [_section(row, values) for row in sorted(chosen.values(), key=lambda row: row.order)]


def _section(row: LetterText, values: Mapping[str, str]) -> Section:
    lines = [part.strip() for part in row.text.strip().split("\n")]
    items = [fill(line[2:], values) for line in lines if line.startswith("- ")]
    text = "\n".join(line for line in lines if not line.startswith("- "))
    paragraphs = [fill(p.replace("\n", " "), values) for p in re.split(r"\n\s*\n", text) if p.strip()]
    return Section(row.block, fill(row.heading, values), paragraphs, items)
