"""The parts of an inzage pack (AVG art. 15): everything of one person in one case, each with whose it is.

A part that is, or may be, about somebody else is held back until a person chose otherwise. Nothing of the
veiligheidsdossier is gathered here, nor that it exists: it is answered apart, with the aandachtsfunctionaris.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date
from typing import TYPE_CHECKING

from casework.models import HouseholdMember
from toegang.core.dates import long_date

if TYPE_CHECKING:
    from casework.models import Case, Person

Value = str | date | None
OTHER = "Gaat over een ander, of kan over een ander gaan"
HOUSEHOLD = "Gaat over het hele huishouden"
REPORTER = "Iemand anders vertelde dit"
UNFINISHED = "Nog niet af"
GROUPS = {
    "persoon": "Uw gegevens",
    "vraag": "Uw vragen en de melding",
    "gesprek": "De gesprekken",
    "onderzoek": "Het onderzoek",
    "plan": "Het plan",
    "besluit": "De besluiten",
    "brieven": "De brieven aan u",
    "verloop": "Termijnen en evaluaties",
    "rechten": "Uw verklaringen en verzoeken",
    "toegang": "Wie mag uw zaak zien?",
}


@dataclass(frozen=True)
class Field:
    """One fact: its stable key, its name in words, and what it is."""

    key: str
    label: str
    value: Value

    @property
    def words(self) -> str:
        """What it is, as people read it."""
        return long_date(self.value) if isinstance(self.value, date) else str(self.value)


@dataclass(frozen=True)
class Part:
    """One thing of the case: where it stands, what it is called, whose it is, and why it is held back by default."""

    key: str
    group: str
    kind: str
    title: str
    whose: str
    fields: tuple[Field, ...]
    hold: str = ""
    hulpvraag: str = ""

    @property
    def digest(self) -> str:
        """A fingerprint of what it says, so that a review holds for these words only."""
        said = json.dumps(asdict(self), default=str, sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(said.encode()).hexdigest()


@dataclass(frozen=True)
class Source:
    """Whose data are gathered from which case, and whether the case is about others too."""

    case: Case
    person: Person
    shared: bool

    @property
    def household_hold(self) -> str:
        """Why a text about the whole household is held back: only when there is somebody else."""
        return HOUSEHOLD if self.shared else ""

    @property
    def bears_name(self) -> bool:
        """Whether the case bears this person's name."""
        return self.case.person_id == self.person.pk

    def part(self, kind: str, pk: object, title: str, fields: Iterable[Field], **facts: str) -> Part:
        """A part of this person, unless `whose` says otherwise; empty facts are left out."""
        told = tuple(field for field in fields if field.value not in {"", None})
        facts.setdefault("whose", self.person.name)
        return Part(key=f"{kind}:{pk}", kind=kind, title=title, fields=told, **facts)


def source_of(case: Case, person: Person) -> Source:
    """Where the parts come from; others are who lived or live in the household, or have a hulpvraag here."""
    others = HouseholdMember.objects.filter(household_id=case.household_id).exclude(person=person)
    asked = case.hulpvragen.exclude(person=person)
    return Source(case, person, shared=others.exists() or asked.exists())
