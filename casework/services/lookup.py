"""Looking people up before a melding: name, birth date and the team that has a case; logged, counted, limited."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID, uuid4

from django.contrib.postgres.functions import TransactionNow
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import BooleanField, Exists, ExpressionWrapper, F, Q, QuerySet

from casework.enums import CaseStatus
from casework.models import AccessRules, Case, Person
from casework.permissions import REGISTRARS
from casework.querysets import PersonQuerySet
from casework.services.alerts import tell
from casework.services.people import HIDDEN, TOLD, PersonFacts, fitting_person, with_cases
from toegang.accounts.models import User
from toegang.accounts.selectors import watchers
from toegang.core import audit, outbox
from toegang.core.access import Actor
from toegang.core.dates import PartialDate
from toegang.core.models import LogRow
from toegang.core.names import name_key
from toegang.core.wall import beyond_scope

MOST = 10  # people in one answer: nobody browses
UNKNOWN = PartialDate()
LOOKUP = "lookup"  # the object type of the log rows that are counted
ACTION = "search"


@dataclass(frozen=True)
class Wanted:
    """Who is wanted: by a number of the person or of a case, else by everything that was given.

    That is family name and birth, a telephone number, or an address; of the birth at least the year is known.
    """

    bsn: str = ""
    reference: str = ""
    family_name: str = ""
    born: PartialDate = UNKNOWN
    given_name: str = ""
    phone: str = ""
    postcode: str = ""
    house_number: str = ""

    @property
    def named(self) -> bool:
        """Whether there is a family name with a year of birth."""
        return bool(self.family_name and self.born.year)

    def people(self, gemeente_id: int) -> QuerySet[Person]:
        """The people of a gemeente who fit. Raises ValueError when too little is known to look for one person."""
        people = Person.objects.present().filter(gemeente_id=gemeente_id)
        if self.bsn:
            return people.with_bsn(self.bsn)
        if self.reference:
            return people.of_cases(self._cases(gemeente_id))
        if not (self.named or self.phone or (self.postcode and self.house_number)):
            raise ValueError("A look-up needs a number, a name with a year of birth, a telephone number or an address.")
        people = people.named(self.family_name, self.born) if self.named else people
        people = people.reached_at(self.phone) if self.phone else people
        return self._living(people.given(self.given_name) if self.given_name else people)

    def _living(self, people: PersonQuerySet) -> PersonQuerySet:
        if self.postcode and self.house_number:
            return people.living_at(self.postcode, self.house_number)
        return people.filter(postcode=self.postcode) if self.postcode else people

    def _cases(self, gemeente_id: int) -> QuerySet[Case]:
        """The case of this number."""
        return Case.objects.filter(gemeente_id=gemeente_id, reference=self.reference.strip().upper())

    def may_be_told(self, gemeente_id: int, actor: Actor) -> Q:
        """Who of those that fit may be shown: a secret address and a shielded case are not found out by asking."""
        if self.reference:
            shown = Q(shielded=False) | Case.objects.all().seen_by(actor)
            return Q(Exists(self._cases(gemeente_id).filter(shown)))
        return Q(shielded=False) if self.postcode else Q()

    @property
    def order(self) -> tuple[str, ...]:
        """Whose name is written most alike comes first."""
        near = ("-near",) if self.named and not (self.bsn or self.reference) else ()
        return (*near, "family_name", "given_names", "born", "pk")

    @property
    def keys(self) -> str:
        """By which keys it is, in words; never what stands in them."""
        if self.bsn or self.reference:
            return "burgerservicenummer" if self.bsn else "zaaknummer"
        given = {
            "achternaam": self.family_name,
            "geboortedatum": self.born.year,
            "voornaam": self.given_name,
            "telefoonnummer": self.phone,
            "postcode": self.postcode,
            "huisnummer": self.house_number,
        }
        return ", ".join(word for word, typed in given.items() if typed)


@dataclass(frozen=True)
class Known:
    """What may be told of one person: the open cases are named by their team, with an address for who may see one."""

    name: str
    birth: PartialDate
    cases: Sequence[tuple[str, UUID | None]]


@dataclass(frozen=True)
class Similar:
    """Somebody who may be the person of a form, as the actor may know."""

    person_id: UUID
    known: Known


@dataclass(frozen=True)
class Answer:
    """Who was found; `refused` is the number an hour when it was used up, and then nothing was looked for."""

    people: Sequence[Known] = field(default_factory=tuple)
    more: bool = False
    refused: int = 0


@transaction.atomic
def look_up(*, gemeente_id: int, wanted: Wanted, actor: Actor) -> Answer:
    """Look people up in a gemeente for which the actor takes meldingen, and log it, found or not.

    Somebody of whom the actor may not know is a miss: the same queries and the same answer; who watches is alerted
    by the worker. Raises PermissionDenied for another gemeente, ValueError for too little to look for.
    """
    if gemeente_id not in actor.gemeenten_as(*REGISTRARS):
        raise PermissionDenied("U neemt geen meldingen aan voor deze gemeente.")
    if limit := _used_up(gemeente_id, actor):
        _refuse(gemeente_id, limit, actor)
        return Answer(refused=limit)
    with beyond_scope():  # people whose case another team has, or who have none
        known = with_cases(wanted.people(gemeente_id), by=actor).order_by(*wanted.order)
        people = list(known.filter(TOLD, wanted.may_be_told(gemeente_id, actor))[: MOST + 1])
        hidden = list(known.filter(HIDDEN, seen=False).values_list("pk", flat=True))
        shown = people[:MOST]
        cases = _open_cases([person.pk for person in shown], actor)
    _log(gemeente_id, wanted, shown, [case for found in cases.values() for _, case, _ in found], actor)
    _weigh(gemeente_id, hidden, actor)
    return Answer([_known(person, cases) for person in shown], more=len(people) > MOST)


def _known(person: Person, cases: Mapping[UUID, list[tuple[str, UUID, bool]]]) -> Known:
    found = [(team, case if sees else None) for team, case, sees in cases[person.pk]]
    borne = f" ({person.letter_name})" if person.borne_name else ""  # who calls by it, recognises it
    return Known(f"{person.name}{borne}", person.birth, found)


@transaction.atomic
def similar_people(*, gemeente_id: int, facts: PersonFacts, actor: Actor) -> list[Similar]:
    """Who may be the person of a form but is not surely: before somebody is made, one who is there is shown.

    Alike in name and birth, with the same telephone number, or with the same address and first given name. Nobody for
    somebody who is surely known, and nobody of whom the actor may not know. Above the number of look-ups an hour it
    is passed over: a melding is never refused.
    """
    if gemeente_id not in actor.gemeenten_as(*REGISTRARS):
        raise PermissionDenied("U neemt geen meldingen aan voor deze gemeente.")
    if _used_up(gemeente_id, actor):
        return []
    with beyond_scope():  # people whose case another team has, or who have none
        if fitting_person(gemeente_id=gemeente_id, facts=facts, by=actor) is not None:
            return []
        alike = with_cases(Person.objects.filter(alike_to(gemeente_id, facts)), by=actor)
        shown = list(alike.filter(TOLD).order_by("family_name", "given_names", "born", "pk")[:MOST])
        hidden = list(alike.filter(HIDDEN, seen=False).values_list("pk", flat=True))
        cases = _open_cases([person.pk for person in shown], actor)
    names = ("family_name", "phone", "postcode", "house_number")
    typed = {name: getattr(facts, name) for name in names}
    wanted = Wanted(born=PartialDate.from_int(facts.born), given_name=facts.given_names, **typed)
    _log(gemeente_id, wanted, shown, [case for found in cases.values() for _, case, _ in found], actor)
    _weigh(gemeente_id, hidden, actor)
    return [Similar(person.pk, _known(person, cases)) for person in shown]


def alike_to(gemeente_id: int, facts: PersonFacts, *names: str) -> Q:
    """Who is written down nearly so, has the same telephone number, or lives there under the same first name.

    `names` are other names under which the person may be written down: that of the partner.
    """
    people, born = Person.objects.present().filter(gemeente_id=gemeente_id), PartialDate.from_int(facts.born)
    found = Q(pk__in=people.reached_at(facts.phone).values("pk"))
    for name in (facts.family_name, *names) if born.year else ():
        found |= Q(pk__in=people.named(name, born).values("pk"))
    first = next(iter(facts.given_names.split()), "")
    if facts.postcode and facts.house_number and name_key(first):
        here = people.filter(shielded=False).living_at(facts.postcode, facts.house_number)
        found |= Q(pk__in=here.given(first).values("pk"))
    return found


def _used_up(gemeente_id: int, actor: Actor) -> int:
    """The number an hour when the actor has used it, else nothing; counted under a lock on the user."""
    User.objects.select_for_update(no_key=True).get(pk=actor.user_id)
    limit: int = AccessRules.objects.of(gemeente_id).lookups_an_hour
    with beyond_scope():  # the log is not everybody's to read
        last_hour = LogRow.objects.filter(user_id=actor.user_id, at__gt=TransactionNow() - timedelta(hours=1))
        taken = last_hour.filter(action=ACTION, object_type=LOOKUP, result="ok").count()
    return limit if taken >= limit else 0


def _refuse(gemeente_id: int, limit: int, actor: Actor) -> None:
    """Log it, and tell who watches once a day."""
    what = f"Zoeken geweigerd: meer dan {limit} keer in een uur"
    audit.write(actor, [audit.Look(ACTION, what, gemeente_id=gemeente_id, object_type=LOOKUP, result="refused")])
    told = watchers(team_ids=actor.team_ids, gemeente_id=gemeente_id, day=actor.today).exclude(pk=actor.user_id)
    tell(told, kind="tell_many", about=f"{actor.user_id}:{actor.today}", gemeente_id=gemeente_id)


def _open_cases(people: Collection[UUID], actor: Actor) -> Mapping[UUID, list[tuple[str, UUID, bool]]]:
    """Give of each person the open cases that may be told: team, case, and whether the actor sees it."""
    visible = Case.objects.all().seen_by(actor)
    cases = Case.objects.filter(
        Q(shielded=False) | visible, household__members__person__in=people, household__members__until=None
    )
    sees = ExpressionWrapper(visible, BooleanField())
    rows = cases.exclude(status=CaseStatus.AFGESLOTEN).annotate(sees=sees).order_by("opened_on", "pk")
    found = defaultdict(list)
    for person, *case in rows.values_list("household__members__person_id", "team__name", "pk", "sees"):
        found[person].append(tuple(case))
    return found


def _log(gemeente_id: int, wanted: Wanted, shown: Sequence[Person], cases: Collection[UUID], actor: Actor) -> None:
    """One row for each look-up, found or not: by which keys, and who was shown."""
    ids = ", ".join(str(person.pk) for person in shown)
    look = audit.Look(
        ACTION,
        "Personen gezocht",
        case_ids=sorted(set(cases)),
        gemeente_id=gemeente_id,
        object_type=LOOKUP,
        detail=f"Gezocht op {wanted.keys}. {f'Getoond: {ids}' if ids else 'Niets getoond'}",
        fields=("naam", "geboortedatum", "team") if ids else (),
    )
    audit.write(actor, [look])


def _weigh(gemeente_id: int, hidden: Sequence[UUID], actor: Actor) -> None:
    """Leave it to the worker whether somebody is alerted, after each look-up: a hit and a miss do the same."""
    people = [str(pk) for pk in hidden]
    key, user_id = f"lookup:{uuid4()}", actor.user_id
    outbox.put("weigh_lookup", key=key, case_id=None, gemeente_id=gemeente_id, person_ids=people, user_id=user_id)


def alert_of_hidden(*, person_ids: Collection[str], searcher_id: int, actor: Actor) -> None:
    """Log that somebody looked for these hidden people, and tell who watches over their cases, once a day each."""
    searcher = User.objects.get(pk=searcher_id)
    for person in Person.objects.filter(pk__in=person_ids).order_by("pk"):
        cases = Case.objects.filter(household__members__person=person)
        case = cases.order_by("-shielded", F("closed_on").desc(nulls_first=True), "pk").first()
        case_id, team_ids = (case.pk, [case.team_id]) if case else (None, [])
        look = audit.Look(
            "alert",
            "Afgeschermde persoon gezocht",
            case_id=case_id,
            gemeente_id=person.gemeente_id,
            object_type="person",
            object_id=str(person.pk),
            detail=f"Gezocht door {searcher.name} (gebruiker {searcher.pk}). Niets getoond",
        )
        audit.write(actor, [look])
        told = watchers(team_ids=team_ids, gemeente_id=person.gemeente_id, day=actor.today).exclude(pk=searcher_id)
        about = f"{person.pk}:{searcher_id}:{actor.today}"
        tell(told, kind="tell_shielded", about=about, gemeente_id=person.gemeente_id, case_id=case_id)
