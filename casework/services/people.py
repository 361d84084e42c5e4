"""People and their households: found first, made only when new."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import F, Max

from casework.enums import CaseStatus, Channel, GrantKind
from casework.models import Case, Household, HouseholdMember, Person
from casework.services.grants import begin_grant
from toegang.accounts.models import Gemeente, User
from toegang.core.access import Actor
from toegang.core.lifecycle import Blocked
from toegang.core.records import keep
from toegang.core.wall import beyond_scope


@dataclass(frozen=True)
class PersonFacts:
    """What a melding tells of a person. `born` is yyyymmdd with zeros for what is unknown."""

    given_names: str
    family_name: str
    born: int
    prefix: str = ""
    bsn: str | None = None
    gender: str = ""
    street: str = ""
    house_number: str = ""
    postcode: str = ""
    city: str = ""
    phone: str = ""
    letter_channel: str = Channel.PAPIER


def find_or_add_person(*, gemeente_id: int, facts: PersonFacts, by: Actor) -> Person:
    """Give the person with this BSN in this gemeente, else the same name and birth date, else a new one.

    What is known already is never overwritten by a melding. Who adds a person waits for who is adding one, so
    that one form sent twice at the same moment gives one person.
    """
    if person := _known_person(gemeente_id, facts):
        return person
    Gemeente.objects.select_for_update(no_key=True).get(pk=gemeente_id)
    if person := _known_person(gemeente_id, facts):
        return person
    person = Person(gemeente_id=gemeente_id, **vars(facts))
    keep(person, by=by, what="Persoon toegevoegd")
    return person


def _known_person(gemeente_id: int, facts: PersonFacts) -> Person | None:
    known = Person.objects.filter(gemeente_id=gemeente_id)
    if facts.bsn and (found := known.filter(bsn=facts.bsn).first()):
        if facts.born and found.born and facts.born != found.born:
            raise Blocked(["Dit burgerservicenummer hoort bij een andere geboortedatum. Kijk het nummer na."])
        return found
    if facts.bsn:
        return None
    names = {"given_names__iexact": facts.given_names, "family_name__iexact": facts.family_name}
    return known.filter(born=facts.born, postcode=facts.postcode, **names).first() if facts.born else None


def household_of(*, person: Person, on: date, by: Actor) -> Household:
    """Give the person's present household, or start one."""
    member = person.memberships.filter(until=None).select_related("household").first()
    if member:
        return member.household
    household = Household.objects.create(gemeente_id=person.gemeente_id)
    join_household(household=household, person=person, since=on, by=by)
    return household


def join_household(*, household: Household, person: Person, since: date, by: Actor) -> None:
    """Add a person to a household; being in it already is fine."""
    if household.members.filter(person=person, until=None).exists():
        return
    member = HouseholdMember(gemeente_id=person.gemeente_id, household=household, person=person, since=since)
    keep(member, by=by, what="Toegevoegd aan het huishouden")


@beyond_scope()  # nobody has signed in yet
def person_of_bsn(bsn: str) -> Person | None:
    """Give the living person with this burgerservicenummer, the one with the newest case; None when unknown."""
    found = Person.objects.filter(bsn=bsn, deceased=None).annotate(newest=Max("hulpvragen__case__opened_on"))
    return found.order_by(F("newest").desc(nulls_last=True), "pk").first()


@beyond_scope()
def welcome_resident(*, person_id: UUID | str, actor: Actor) -> User:
    """Give the inwoner an account at the first visit, with a grant on each own open case."""
    person = Person.objects.select_for_update(of=("self",)).get(pk=person_id)
    if person.user_id is None:
        person.user = User.objects.create_user(f"inwoner-{person.pk}", kind=User.Kind.INWONER, name=person.name)
        keep(person, by=actor, what="Account voor het portaal")
    cases = Case.objects.filter(hulpvragen__person=person).exclude(status=CaseStatus.AFGESLOTEN).distinct()
    for case in cases:
        grant_resident(case=case, person=person, by=actor)
    assert person.user is not None  # noqa: S101 (for the type checker)
    return person.user


def grant_resident(*, case: Case, person: Person, by: Actor) -> None:
    """Let the inwoner see the own case in the portaal; nothing when there is no account yet."""
    if person.user:
        begin_grant(case=case, user=person.user, kind=GrantKind.INWONER, reason="Eigen zaak", by=by)
