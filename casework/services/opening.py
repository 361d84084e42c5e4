"""Opening a case to change something in it."""

from __future__ import annotations

from uuid import UUID

from django.core.exceptions import PermissionDenied

from casework.models import Case, HouseholdMember, Person
from casework.permissions import may_handle
from casework.rules import ENDED
from casework.selectors import people_of_case
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
    """Somebody who belongs to the household now, or has a question in this case. Raises Blocked for who left it.

    Who left may live where the others must not know: what is known of them since is not this household's.
    """
    person = person_in(case, person_id)
    if left(case, person):
        raise Blocked([f"{person.name} hoort niet meer bij dit huishouden."])
    return person


def left(case: Case, person: Person) -> bool:
    """Whether somebody belonged to the household of a case and has nothing to do with it any more."""
    if case.person_id == person.pk or case.hulpvragen.filter(person=person).exclude(status__in=ENDED).exists():
        return False
    members = HouseholdMember.objects.filter(household_id=case.household_id, person=person)
    return not members.filter(until=None).exists()
