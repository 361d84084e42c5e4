"""Everything that an inzage pack may hold, in its order."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from casework.models import Case, Person
from decisions.selectors.pack import GROUPS, Part, source_of
from decisions.selectors.pack_case import (
    access_parts,
    fact_parts,
    inquiry_parts,
    letter_parts,
    person_parts,
    question_parts,
    right_parts,
    signal_parts,
    talk_parts,
    term_parts,
)
from decisions.selectors.pack_help import decision_parts, evaluation_parts, plan_parts

GATHERERS = (
    *(person_parts, question_parts, signal_parts, talk_parts, inquiry_parts, fact_parts, plan_parts),
    *(decision_parts, letter_parts, term_parts, evaluation_parts, right_parts, access_parts),
)


def parts_of(case: Case, person: Person) -> list[Part]:
    """Every part about one person in one case, group by group; parts without a fact are left out."""
    source = source_of(case, person)
    order = list(GROUPS)
    found = [part for gather in GATHERERS for part in gather(source) if part.fields]
    return sorted(found, key=lambda part: order.index(part.group))


def fingerprint(parts: Iterable[Part]) -> str:
    """One fingerprint of all parts, so that a form can tell that it showed something older."""
    return hashlib.sha256("".join(part.digest for part in parts).encode()).hexdigest()
