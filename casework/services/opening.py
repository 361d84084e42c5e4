"""Opening a case to change something in it."""

from __future__ import annotations

from uuid import UUID

from django.core.exceptions import PermissionDenied

from casework.models import Case, Person
from casework.permissions import may_handle
from casework.selectors import people_of_case, present_people_of
from toegang.core.access import Actor
from toegang.core.lifecycle import Blocked, lock

NOT_YOURS = "Alleen wie deze zaak behandelt, kan hier iets wijzigen."


def open_case(case_id: UUID | str, actor: Actor, refusal: str = NOT_YOURS) -> Case:
    """Lock the case. Raises PermissionDenied for who does not handle it."""
    case = lock(Case, case_id)
    if not may_handle(case, actor):
        raise PermissionDenied(refusal)
    return case


def person_in(case: Case, person_id: UUID | str) -> Person:
    """Somebody whom the case is about. Raises Blocked for anybody else."""
    person = people_of_case(case).filter(pk=person_id).first()
    if person is None:
        raise Blocked(["Kies iemand die bij deze zaak hoort."])
    return person


def living_in(case: Case, person_id: UUID | str) -> Person:
    """Somebody who belongs to the household now, or has a question in this case. Raises Blocked for who left it."""
    person = person_in(case, person_id)
    if not present_people_of(case).filter(pk=person.pk).exists():
        raise Blocked([f"{person.name} hoort niet meer bij dit huishouden."])
    return person
