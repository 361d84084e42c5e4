"""The people of a case, and who stands around each of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from casework.enums import AddressKind, Gezag
from casework.letters import is_young
from casework.models import (
    Address,
    Case,
    HouseholdMember,
    NetworkMember,
    Person,
    PersonMerge,
    Relation,
    Representation,
)  # fmt: skip
from casework.rules import OF_AGE, is_younger
from casework.selectors import people_of_case, present_people_of

KINDS: dict[str, type[Relation | Representation | NetworkMember]] = {
    "familie": Relation,
    "vertegenwoordiger": Representation,
    "netwerk": NetworkMember,
}


@dataclass
class Card:
    """One person of a case, as the page of its people shows them."""

    person: Person
    member: HouseholdMember | None = None  # none: asked for help without living here
    post: Address | None = None
    former: list[Address] = field(default_factory=list)
    around: dict[str, list[Any]] = field(default_factory=dict)
    young: bool = False  # letters go to the parents
    no_gezag: bool = False  # a minor of whom nobody with gezag is known yet
    closed: bool = False  # no more is told than that the person was here
    merges: list[PersonMerge] = field(default_factory=list)

    @property
    def left(self) -> bool:
        """Whether the person belongs to the household no more."""
        return self.member is not None and self.member.until is not None


def cards_of(case: Case, today: date) -> list[Card]:
    """Everybody whom the case is about: whose name it bears, who lives here, who left; as many queries for any."""
    present = set(present_people_of(case).values_list("pk", flat=True))
    cards = {
        person.pk: Card(
            person,
            around={kind: [] for kind in KINDS},
            young=is_young(person, today),
            closed=person.pk not in present,
        )
        for person in people_of_case(case)
    }
    members = HouseholdMember.objects.filter(household_id=case.household_id, person__in=cards)
    for member in members.order_by("since", "pk"):
        cards[member.person_id].member = member  # the newest period
    for address in Address.objects.filter(person__in=cards):
        card = cards[address.person_id]
        if address.kind == AddressKind.WOON:
            card.former.append(address)
        elif address.holds(today):
            card.post = address
    for merge in PersonMerge.objects.filter(kept__in=cards, undone_at=None).select_related("by"):
        cards[merge.kept_id].merges.append(merge)
    for kind, model in KINDS.items():
        for row in model._default_manager.filter(case=case).order_by("until", "since", "pk"):
            cards[row.person_id].around[kind].append(row)
    for card in cards.values():
        known = any(row.gezag == Gezag.JA and (row.until or today) >= today for row in card.around["familie"])
        card.no_gezag = is_younger(card.person, OF_AGE, today) and not known
        for rows in card.around.values():
            rows.sort(key=lambda row: row.until is not None and row.until < today)
    return sorted(cards.values(), key=lambda card: (card.left, card.person.pk != case.person_id))
