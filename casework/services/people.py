"""People and their households: found first, made only when new."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Exists, F, Max, OuterRef, Q, QuerySet

from casework.enums import CaseStatus, Channel, GrantKind
from casework.models import Case, Household, HouseholdMember, Person
from casework.services.grants import begin_grant
from toegang.accounts.models import Gemeente, User
from toegang.core import audit
from toegang.core.access import Actor
from toegang.core.lifecycle import Blocked
from toegang.core.records import keep
from toegang.core.wall import beyond_scope

# By with_cases: of whom somebody who looks may be told, and who is a miss that alerts.
TOLD = Q(seen=True) | Q(behind=False, shielded=False, deceased=None)
HIDDEN = Q(behind=True) | Q(shielded=True)


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
    shielded: bool = False
    no_phone: bool = False
    no_post: bool = False
    safe_contact: str = ""


def find_or_add_person(
    *,
    gemeente_id: int,
    facts: PersonFacts,
    by: Actor,
    chosen: UUID | str | None = None,
    known: list[Person] | None = None,
) -> Person:
    """Give the person with this BSN in this gemeente, else the same name and birth date, else a new one.

    What is known already is never overwritten by a melding. Somebody else with the number, and somebody of whom the
    actor may not know, is passed over as if nobody was found: the melding is taken with a new person, whose number is
    marked as contested, so that neither page nor queries tell that the number is known. Who adds a person waits for
    who is adding one, so that one form sent twice at the same moment gives one person. `chosen` is somebody whom the
    actor was shown and took for the same; raises Blocked for anybody of whom the actor may not know. `known` is what
    known_people gave to who has the gemeente locked already.
    """
    if chosen:
        return _chosen(gemeente_id, chosen, by)
    waits = known is None
    known = known_people(gemeente_id=gemeente_id, facts=facts, by=by) if known is None else known
    person = _fitting(known, facts)
    if person is None and waits:
        Gemeente.objects.select_for_update(no_key=True).get(pk=gemeente_id)
        known = known_people(gemeente_id=gemeente_id, facts=facts, by=by)
        person = _fitting(known, facts)
    if person is None:
        contested = bool(facts.bsn and known)
        person = Person(gemeente_id=gemeente_id, bsn_contested=contested, **vars(facts))
        keep(person, by=by, what="Persoon toegevoegd")
    audit.write(by, [_looked_up(person, known)])
    return person


def _chosen(gemeente_id: int, chosen: UUID | str, by: Actor) -> Person:
    found = with_cases(Person.objects.present().filter(gemeente_id=gemeente_id, pk=chosen), by=by).filter(TOLD).first()
    if found is None:
        raise Blocked(["Deze persoon is niet meer te kiezen. Ga verder met een nieuwe persoon."])
    audit.write(by, [_looked_up(found, [])])
    person: Person = found
    return person


def fitting_person(*, gemeente_id: int, facts: PersonFacts, by: Actor) -> Person | None:
    """Somebody who is surely the same: who will be linked without a question."""
    return _fitting(known_people(gemeente_id=gemeente_id, facts=facts, by=by), facts)


def known_people(*, gemeente_id: int, facts: PersonFacts, by: Actor) -> list[Person]:
    """People of the gemeente with this BSN, or without one the same name, birth date and postcode.

    The one look-up that goes beyond what the actor may see; the answer says with each person whether it may be told.
    """
    people = Person.objects.present().filter(gemeente_id=gemeente_id)
    if facts.bsn:
        people = people.with_bsn(facts.bsn)
    else:
        names = {"given_names__iexact": facts.given_names, "family_name__iexact": facts.family_name}
        people = people.filter(born=facts.born, postcode=facts.postcode, **names).exclude(born=0)
    return list(with_cases(people, by=by).order_by("bsn_contested", "pk"))


def with_cases(people: QuerySet[Person], *, by: Actor) -> QuerySet[Any]:
    """The same people, each with whether there is a case that the actor sees, or does not, or that is shielded too.

    These are `seen`, `unseen` and `behind`. Every case counts: this stands beyond what the actor may see.
    """
    cases = Case.objects.filter(household__members__person=OuterRef("pk"))
    seen = Case.objects.all().seen_by(by)
    facts_of_cases = {
        "seen": Exists(cases.filter(seen)),
        "unseen": Exists(cases.filter(~seen)),
        "behind": Exists(cases.filter(~seen, shielded=True)),
    }
    return people.annotate(**facts_of_cases)


def _fitting(known: list[Person], facts: PersonFacts) -> Person | None:
    return next((person for person in known if _is_born_so(person, facts) and not _is_concealed(person)), None)


def _is_born_so(person: Person, facts: PersonFacts) -> bool:
    return not person.born or not facts.born or person.born == facts.born


def _is_concealed(person: Any) -> bool:
    """Whom a case hides, or who died: only who sees a case of that person may know."""
    return person.behind or (not person.seen and (person.deceased is not None or (person.shielded and person.unseen)))


def _looked_up(person: Person, known: list[Person]) -> audit.Look:
    """The row in the log, one for each look-up: for whom it was, and who else was found but not told."""
    others = ", ".join(str(other.pk) for other in known if other.pk != person.pk)
    return audit.Look(
        "search",
        "Persoon opgezocht",
        gemeente_id=person.gemeente_id,
        object_type="person",
        object_id=str(person.pk),
        detail=f"Niet getoond: {others}" if others else "",
    )


def household_of(*, person: Person, on: date, by: Actor, proven: bool = False) -> Household:
    """Give the person's present household, or start one.

    Of several, as of a child of co-ouders, one whose case the actor sees, then the one with most of the time; never
    one whose case is shielded from the actor, unless it is proven that the person is who it is (DigiD).
    """
    visible = Case.objects.visible_to(by).values("pk")
    running = Case.objects.filter(household=OuterRef("household")).exclude(status=CaseStatus.AFGESLOTEN)
    members = person.memberships.filter(until=None).annotate(
        seen=Exists(running.filter(pk__in=visible)),
        concealed=Exists(running.filter(shielded=True).exclude(pk__in=visible)),
    )
    order = ("-seen", "part_time", "-since", "-pk")
    known = members if proven else members.filter(concealed=False)
    member = known.select_related("household").order_by(*order).first()
    if member:
        return member.household
    household = Household.objects.create(gemeente_id=person.gemeente_id)
    join_household(household=household, person=person, since=on, by=by)
    return household


def join_household(*, household: Household, person: Person, since: date, by: Actor, part_time: bool = False) -> None:
    """Add a person to a household; being in it already is fine."""
    if household.members.filter(person=person, until=None).exists():
        return
    facts = {"gemeente_id": person.gemeente_id, "household": household, "since": since, "part_time": part_time}
    member = HouseholdMember(person=person, **facts)
    keep(member, by=by, what="Toegevoegd aan het huishouden")


@beyond_scope()  # nobody has signed in yet
def person_of_bsn(bsn: str) -> Person | None:
    """Give the living person with this burgerservicenummer, the one with the newest case; None when unknown.

    A contested number opens nobody's file: who typed it was not sure whose it is.
    """
    sure = Person.objects.present().with_bsn(bsn).filter(deceased=None, bsn_contested=False)
    found = sure.annotate(newest=Max("hulpvragen__case__opened_on"))
    person: Person | None = found.order_by(F("newest").desc(nulls_last=True), "pk").first()
    return person


@beyond_scope()
def welcome_resident(*, person_id: UUID | str, actor: Actor) -> User:
    """Give the inwoner an account at the first visit, with a grant on each own open case."""
    person: Person = Person.objects.select_for_update(of=("self",)).get(pk=person_id)
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
