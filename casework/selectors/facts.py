"""The file of one person, seen under one law: what may be seen of it, and whether something is held back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet

from casework.enums import Law
from casework.models import Case, Fact, FactUse, HouseholdMember, Person


@dataclass(frozen=True)
class PersonFile:
    """What is known of one person for one law; `held_back` says that there is more, never what or how much."""

    law: Law
    facts: list[Fact]
    held_back: bool


def laws_of(case: Case, person: Person) -> list[Law]:
    """The laws under which the file of a person is seen: those of the own hulpvragen; of a housemate, of the case."""
    asked = [(hulpvraag.person_id, Law(hulpvraag.law)) for hulpvraag in case.hulpvragen.all()]
    own = {law for pk, law in asked if pk == person.pk} or {law for _, law in asked}
    return [law for law in Law if law in own]


def people_with_laws(case: Case) -> list[tuple[Person, Law | None]]:
    """Who lives in the household now, each with the law for which the file opens first."""
    members_now = HouseholdMember.objects.filter(household_id=case.household_id, until=None)
    present = members_now.filter(person__merged_into=None)
    members = present.select_related("person").order_by("since", "pk")
    return [(member.person, next(iter(laws_of(case, member.person)), None)) for member in members]


def facts_of(case: Case, person: Person) -> QuerySet[Fact]:
    """Everything in the file of one person, of every law: for the person's own inzage, never for a page about a law."""
    return Fact.objects.filter(case=case, person=person).select_related("leefgebied", "written_by")


def file_of(case: Case, person: Person, law: Law, today: date) -> PersonFile:
    """The file as one law sees it (Wmo 2015 art. 5.1.1 lid 4): the own facts, and those whose use was allowed today."""
    allowed = FactUse.objects.on(today).filter(
        Q(leefgebied=None) | Q(leefgebied=OuterRef("leefgebied")),
        case=OuterRef("case"), person=OuterRef("person"), from_law=OuterRef("law"), to_law=law,
    )  # fmt: skip
    every = facts_of(case, person)
    seen = every.filter(Q(law=law) | Exists(allowed))
    return PersonFile(law, list(seen), every.exclude(law=law).filter(~Exists(allowed)).exists())


def uses_of(case: Case, person: Person, law: Law) -> QuerySet[FactUse]:
    """What was recorded about the use of other laws' facts for this law, the newest first."""
    return FactUse.objects.filter(case=case, person=person, to_law=law).select_related("leefgebied")
