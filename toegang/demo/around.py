"""Who stands around the people of the demo: parents with gezag, a bewindvoerder, neighbours."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from casework.enums import Gezag, RelationKind, RepresentationKind, RepresentationScope
from casework.letters import is_young
from casework.models import Person
from casework.selectors import people_of_case
from casework.services.around import add_around
from casework.services.card import ContactFacts, Place, change_person, move, set_post_address
from toegang.core.records import keep
from toegang.core.wall import beyond_scope
from toegang.demo.walk import acting

if TYPE_CHECKING:
    from casework.models import Case
    from toegang.demo.walk import Walk


def family(walk: Walk, case: Case) -> None:
    """Two children whose parents live together; of one grandparent the help is written down."""
    with acting(walk.worker, days_ago=20) as actor:
        day = actor.today
        children = [person for person in people_of_case(case) if is_young(person, day)]
        known = {"gezag": Gezag.JA, "gezag_source": "gezagsregister", "gezag_checked_on": day, "since": day}
        for child in children:
            for parent in people_of_case(case).exclude(pk__in=[each.pk for each in children]):
                facts = {"name": parent.name, "kind": RelationKind.OUDER, **known}
                add_around(case_id=case.pk, person_id=child.pk, kind="familie", facts=facts, actor=actor)
        until = day + timedelta(days=180)
        facts = {"name": "Ans Brouwers", "does": "Haalt de kinderen op dinsdag van school.", "how_often": "elke week",
                 "told_by": "van haarzelf", "since": day, "until": until}  # fmt: skip
        ids = {"case_id": case.pk, "person_id": walk.person.pk, "actor": actor}
        add_around(**ids, kind="netwerk", facts=facts)


def helped(walk: Walk, case: Case) -> None:
    """Somebody who moved, with a bewindvoerder of whom the proof is still to come, and a neighbour who helps."""
    with acting(walk.worker, days_ago=10) as actor:
        day, person = actor.today, Person.objects.get(pk=walk.person.pk)
        ids = {"case_id": case.pk, "person_id": person.pk, "actor": actor}
        present = {name: getattr(person, name) for name in ContactFacts.__dataclass_fields__}
        unsafe = {"no_phone": True, "safe_contact": "Zij hoort slecht. Schrijf, of kom langs."}
        change_person(**ids, version=person.version, facts=ContactFacts(**present | unsafe))
        home = Place("Beukenhof", "14", "1234 AC", person.city)
        facts = {"since": day - timedelta(days=30), "shielded": False, "together": False}
        move(**ids, version=person.version + 1, to=home, **facts)
        office = Place("Postlaan", "3", "1234 AD", person.city)
        office_facts = {"to": office, "care_of": "t.a.v. Bewind & Balans", "since": day}
        set_post_address(**ids, version=person.version + 2, **office_facts)
        acts = {"name": "Karel de Wit", "organisation": "Bewind & Balans", "since": day, "address": "Postlaan 3",
                "kind": RepresentationKind.BEWINDVOERDER, "scope": RepresentationScope.GELD}  # fmt: skip
        add_around(**ids, kind="vertegenwoordiger", facts=acts)
        helps = {"name": "Bep van hiernaast", "does": "Doet de boodschappen en drinkt koffie.", "since": day,
                 "how_often": "op maandag en donderdag", "told_by": "van mevrouw zelf"}  # fmt: skip
        add_around(**ids, kind="netwerk", facts=helps)
        names = {"given_names": "Ria", "prefix": "van den", "family_name": "Bogert", "born": person.born}
        double = Person(gemeente_id=person.gemeente_id, phone="(0123) 45 67 89", **names)
        with beyond_scope():  # written down twice, without a case: her page tells how to link them
            keep(double, by=actor, what="Demopersoon")
        niece = {
            "name": "Corrie van den Boogert",
            "kind": RelationKind.FAMILIE,
            "since": day,
            "phone": "06 12 34 56 78",
        }
        add_around(**ids, kind="familie", facts=niece)
