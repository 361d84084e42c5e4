"""The invented people of the demo: their BSNs lie in the range for tests and pass the 11-proef."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction

from casework.enums import Channel
from casework.models import Person
from casework.services.people import household_of, join_household
from toegang.accounts.models import Gemeente
from toegang.core.access import Actor
from toegang.core.records import keep
from toegang.demo.data import NAME


@dataclass(frozen=True)
class Invented:
    """One invented person; `born` and `deceased` are yyyymmdd with zeros for what is unknown."""

    key: str
    bsn: str
    given_names: str
    prefix: str
    family_name: str
    gender: str
    born: int
    digital: bool = True
    shielded: bool = False
    deceased: int | None = None
    household_of: str = ""
    street: str = "Lindelaan"
    postcode: str = "1234 AB"


PEOPLE = (
    Invented("joke", "999900006", "Johanna Maria", "", "Dijkhuizen", "V", 19450312),
    Invented("jan", "999900018", "Jan Willem", "", "Dijkhuizen", "M", 19420705, deceased=20231118, household_of="joke"),
    Invented("henk", "999900031", "Hendrik", "", "Postmus", "M", 19511104, digital=False),
    Invented("bep", "999900341", "Elisabeth", "", "Kramer", "V", 19470711, digital=False),
    Invented("greet", "999900043", "Margaretha", "van", "Loenen", "V", 19380620, digital=False),
    Invented("mehmet", "999900055", "Mehmet", "", "Öztürk", "M", 19530000),
    Invented(
        "chantal",
        "999900067",
        "Chantal",
        "",
        "Willemse",
        "V",
        19870909,
        shielded=True,
        street="Schuilpad",
        postcode="1234 XY",
    ),
    Invented("cor", "999900079", "Cornelis", "", "Hoekman", "M", 19490115),
    Invented("naima", "999900080", "Naïma", "", "Bouazzati", "V", 19790527),
    Invented("willem", "999900092", "Willem", "de", "Ruijter", "M", 19560818),
    Invented("anna", "999900109", "Anna Catharina", "", "Smeenk", "V", 19620203, digital=False),
    Invented("gerrit", "999900110", "Gerrit", "", "Veenhof", "M", 19480430, digital=False),
    Invented("maria", "999900122", "Maria", "", "Kuiperij", "V", 19540714),
    Invented("ronald", "999900134", "Ronald", "", "Jorissen", "M", 19700321),
    Invented("linda", "999900146", "Linda", "", "Brouwers", "V", 19840611),
    Invented("dennis", "999900158", "Dennis", "", "Brouwers", "M", 19821002, household_of="linda"),
    Invented("finn", "999900171", "Finn", "", "Brouwers", "M", 20150419, household_of="linda"),
    Invented("lotte", "999900183", "Lotte", "", "Brouwers", "V", 20180130, household_of="linda"),
    Invented("riet", "999900195", "Hendrika", "van den", "Boogert", "V", 19431225),
    Invented("petra", "999900201", "Petra", "", "Muldershof", "V", 19750816),
    Invented("theo", "999900213", "Theodorus", "", "Lankhaar", "M", 19520509, digital=False),
    Invented("sofia", "999900225", "Sofia", "", "Pereirinha", "V", 19910228),
    Invented("iris", "999900237", "Iris", "", "Schoutsen", "V", 19860717),
    Invented("noah", "999900249", "Noah", "", "Schoutsen", "M", 20140923, household_of="iris"),
)


@transaction.atomic
def make_people(gemeente: Gemeente, *, by: Actor) -> dict[str, Person]:
    """Give every invented person by its key; who is there already stays as it is."""
    known = Person.objects.with_bsn(*[invented.bsn for invented in PEOPLE])
    present = {person.bsn: person for person in known.filter(gemeente=gemeente, bsn_contested=False)}
    people: dict[str, Person] = {}
    numbers = {invented.key: number for number, invented in enumerate(PEOPLE, start=1)}
    for invented in PEOPLE:
        person = present.get(invented.bsn)
        if person is None:
            person = _person(invented, gemeente, numbers[invented.household_of or invented.key])
            keep(person, by=by, what="Demopersoon")
            if invented.household_of:
                household = household_of(person=people[invented.household_of], on=by.today, by=by)
                join_household(household=household, person=person, since=by.today, by=by)
        people[invented.key] = person
    return people


def _person(invented: Invented, gemeente: Gemeente, number: int) -> Person:
    return Person(
        gemeente=gemeente,
        bsn=invented.bsn,
        given_names=invented.given_names,
        prefix=invented.prefix,
        family_name=invented.family_name,
        gender=invented.gender,
        born=invented.born,
        deceased=invented.deceased,
        shielded=invented.shielded,
        street=invented.street,
        house_number=str(number),
        postcode=invented.postcode,
        city=NAME,
        letter_channel=Channel.DIGITAAL if invented.digital else Channel.PAPIER,
    )
