"""What is known of a person whatever the question: name, contact, addresses and household, changed in an own case."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.db import transaction

from casework.enums import AddressKind
from casework.models import Address, Case, HouseholdMember, Person
from casework.services.alerts import tell
from casework.services.opening import living_in, open_case
from casework.services.people import PersonFacts, find_or_add_person, join_household
from toegang.core import audit
from toegang.core.access import Actor
from toegang.core.dates import long_date
from toegang.core.lifecycle import Blocked, lock
from toegang.core.records import attribute, keep, take_version
from toegang.core.wall import beyond_scope

FUTURE = "De dag ligt in de toekomst. Vul vandaag of eerder in."


@dataclass(frozen=True)
class NameFacts:
    """How somebody is called, was born and, if so, died; dates are yyyymmdd with zeros for what is unknown."""

    given_names: str
    prefix: str
    family_name: str
    gender: str
    title: str
    name_use: str
    partner_prefix: str
    partner_family_name: str
    partner_title: str
    partner_ended: bool
    born: int
    deceased: int | None


@dataclass(frozen=True)
class ContactFacts:
    """How somebody is reached: by which channel for which message (Awb art. 2:8), in which language, and how safely."""

    phone: str
    email: str
    letter_channel: str
    decision_channel: str
    appointment_channel: str
    no_phone: bool
    no_post: bool
    safe_contact: str
    language: str
    interpreter: str


@dataclass(frozen=True)
class Place:
    """A street with its number, postcode and town."""

    street: str
    house_number: str
    postcode: str
    city: str


@transaction.atomic
def change_person(
    *, case_id: UUID | str, person_id: UUID | str, version: int, facts: NameFacts | ContactFacts, actor: Actor
) -> Person:
    """Set the names or the contact of somebody whom the case is about. Raises Stale when a colleague was first."""
    case = open_case(case_id, actor)
    person = _locked(case, person_id, version)
    what = "Naam en geboorte gewijzigd" if isinstance(facts, NameFacts) else "Contactgegevens gewijzigd"
    return _set(person, vars(facts), what=what, case=case, actor=actor)


def _locked(case: Case, person_id: UUID | str, version: int) -> Person:
    person = lock(Person, living_in(case, person_id).pk)
    take_version(person, version)
    return person


def _set(person: Person, values: dict[str, object], *, what: str, case: Case, actor: Actor) -> Person:
    for name, value in values.items():
        setattr(person, name, value)
    keep(person, by=actor, what=what, case_id=case.pk)
    return person


@transaction.atomic
def move(
    *, case_id: UUID | str, person_id: UUID | str, version: int, to: Place, since: date, shielded: bool,
    together: bool, actor: Actor,
) -> list[Person]:  # fmt: skip
    """Give somebody a home from a day; the former one is kept with its period, and stays secret when it was.

    The same address, or another one from the same day, sets right what stood there. With `together` go the others of
    the household who live at the same address all the time. Raises Blocked for a day in the future or before the
    present home of one who moves.
    """
    case = open_case(case_id, actor)
    person = _locked(case, person_id, version)
    if since > actor.today:
        raise Blocked([FUTURE])
    movers = [person, *(_living_with(case, person) if together else ())]
    if wrong := [mover for mover in movers if mover.address_since and since < mover.address_since]:
        raise Blocked(
            [f"{mover.name} woont al sinds {long_date(mover.address_since)} op dit adres." for mover in wrong]
        )
    for mover in movers:
        stays = _parts(mover) == _parts(to)
        if not stays:
            _leave_home(mover, since, case, actor)
        values = {**vars(to), "shielded": shielded or (mover is not person and mover.shielded)}
        values |= {} if stays and mover.address_since else {"address_since": since}
        _set(mover, values, what="Adres gewijzigd" if stays else "Verhuisd", case=case, actor=actor)
    return movers


def _living_with(case: Case, person: Person) -> list[Person]:
    """The others of the household at the same address, who do not live elsewhere too; locked, then looked at again."""
    if not person.street:
        return []
    members = HouseholdMember.objects.filter(household_id=case.household_id, until=None, part_time=False)
    others = Person.objects.filter(pk__in=members.values("person_id")).exclude(pk=person.pk).order_by("pk")
    found = [lock(Person, pk) for pk in others.values_list("pk", flat=True)]
    found = [other for other in found if _parts(other) == _parts(person)]
    for other in found:
        other.version += 1
    return found


def _leave_home(person: Person, on: date, case: Case, actor: Actor) -> None:
    """Keep the former home with its period; a home of the same day was a slip, of which the history tells."""
    if not person.street or person.address_since == on:
        return
    former = Address(
        gemeente_id=person.gemeente_id, person=person, kind=AddressKind.WOON, street=person.street,
        house_number=person.house_number, postcode=person.postcode, city=person.city,
        since=person.address_since, until=on - timedelta(days=1), shielded=person.shielded,
    )  # fmt: skip
    keep(former, by=actor, what="Eerder woonadres bewaard", case_id=case.pk)


@transaction.atomic
def set_post_address(
    *, case_id: UUID | str, person_id: UUID | str, version: int, to: Place | None, care_of: str = "", since: date,
    actor: Actor,
) -> Address | None:  # fmt: skip
    """Send the post of somebody elsewhere from a day, or home again without `to`; the same address twice is one.

    Raises Stale when a colleague changed the person since, Blocked for a day in the future or before the present one.
    """
    case = open_case(case_id, actor)
    person = _locked(case, person_id, version)
    if since > actor.today:
        raise Blocked([FUTURE])
    present = person.addresses.select_for_update().filter(kind=AddressKind.POST, until=None).first()
    if present is not None:
        if to is not None and (present.care_of, *_parts(present)) == (care_of, *_parts(to)):
            return present
        if present.since is not None and since < present.since:
            raise Blocked([f"Er is al een postadres sinds {long_date(present.since)}. Vul die dag in, of een latere."])
        _end(present, since, case, actor)
    keep(person, by=actor, what="Postadres gewijzigd", case_id=case.pk)
    if to is None:
        return None
    found = Address(
        gemeente_id=person.gemeente_id, person=person, kind=AddressKind.POST, care_of=care_of, since=since, **vars(to)
    )
    keep(found, by=actor, what="Postadres vastgelegd", case_id=case.pk)
    return found


def _parts(place: Place | Address | Person) -> tuple[str, str, str, str]:
    return place.street, place.house_number, place.postcode, place.city


def _end(address: Address, on: date, case: Case, actor: Actor) -> None:
    """End it the day before; one that began the same day was a slip: it goes, and its history tells of it."""
    if address.since == on:
        attribute(address, by=actor, reason="Postadres vervangen op de dag zelf")
        address.delete()
        return
    address.until = on - timedelta(days=1)
    keep(address, by=actor, what="Postadres beëindigd", case_id=case.pk)


@transaction.atomic
@beyond_scope()  # somebody who is known already may have a case that the actor does not see
def add_member(
    *, case_id: UUID | str, facts: PersonFacts, since: date, part_time: bool, actor: Actor, known: UUID | None = None
) -> Person:
    """Let somebody belong to the household from a day; `part_time` for who lives elsewhere too (co-ouderschap)."""
    case = open_case(case_id, actor)
    if since > actor.today:
        raise Blocked([FUTURE])
    person = find_or_add_person(gemeente_id=case.gemeente_id, facts=facts, by=actor, chosen=known)
    _tell_the_others(case, person, actor)
    if HouseholdMember.objects.filter(household_id=case.household_id, person=person, until=None).exists():
        raise Blocked([f"{person.name} hoort al bij dit huishouden."])
    join_household(household=case.household, person=person, since=since, part_time=part_time, by=actor)
    return person


def _tell_the_others(case: Case, person: Person, actor: Actor) -> None:
    """Who has a case of this person that the actor does not see is told, and the log of that case names who joined."""
    cases = Case.objects.filter(household__members__person=person).exclude(pk=case.pk)
    unseen = cases.exclude(pk__in=Case.objects.visible_to(actor).values("pk")).distinct()
    for other in unseen:
        what = f"Persoon toegevoegd aan het huishouden van zaak {case.reference}"
        facts = {"case_id": other.pk, "gemeente_id": other.gemeente_id, "object_type": "person"}
        audit.write(actor, [audit.Look("write", what, object_id=str(person.pk), **facts)])
        if contact := other.contactpersoon():
            about = f"{person.pk}:{case.pk}"
            tell([contact], kind="tell_joined", about=about, gemeente_id=other.gemeente_id, case_id=other.pk)


@transaction.atomic
def end_membership(*, case_id: UUID | str, person_id: UUID | str, until: date, actor: Actor) -> HouseholdMember:
    """Let somebody belong to the household until a day; what the case knows of them stays in it."""
    case = open_case(case_id, actor)
    if str(case.person_id) == str(person_id):
        raise Blocked(["De zaak staat op naam van deze persoon. Die hoort bij het huishouden."])
    members = HouseholdMember.objects.select_for_update().filter(household_id=case.household_id, until=None)
    member = members.filter(person_id=person_id).first()
    if member is None:
        raise Blocked(["Deze persoon hoort al niet meer bij dit huishouden."])
    if not member.since <= until <= actor.today:
        raise Blocked([f"Vul een dag in van {long_date(member.since)} tot en met vandaag."])
    member.until = until
    keep(member, by=actor, what="Hoort niet meer bij het huishouden")
    return member
