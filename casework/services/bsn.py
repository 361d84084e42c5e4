"""Burgerservicenummers under new keys."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from casework.models import Person, WebMelding
from toegang.core import audit, sealing
from toegang.core.access import Actor

BATCH = 500


def people_with_a_number(after: UUID | None) -> list[Person]:
    """The next people with a number, of every gemeente, locked; those who came in meanwhile bear the new keys."""
    numbered = Person.objects.exclude(bsn_index=None).order_by("pk").select_for_update(of=("self",))
    return list((numbered.filter(pk__gt=after) if after else numbered)[:BATCH])


@dataclass(frozen=True)
class Renewed:
    """What one batch did: the last person (None when there are no more), how many changed, how many do not open."""

    last: UUID | None
    changed: int
    unreadable: int


def renew_numbers(*, after: UUID | None, by: Actor) -> Renewed:
    """Seal and index one batch with the newest keys where it was not; what no key opens stays as it is."""
    batch = people_with_a_number(after)
    changed, unreadable = [], 0
    for person in batch:
        try:
            if _is_older(person):
                person.bsn = person.bsn
                changed.append(person)
        except sealing.Unreadable:
            unreadable += 1
    Person.objects.bulk_update(changed, ["bsn_sealed", "bsn_index"])  # no history: the number stays the same
    if changed:
        audit.write(by, [audit.Look("write", "Nummers opnieuw verzegeld", detail=f"{len(changed)} personen")])
    return Renewed(batch[-1].pk if batch else None, len(changed), unreadable)


def renew_waiting(*, by: Actor) -> Renewed:
    """Seal the numbers of meldingen by the website that still wait with the newest key."""
    changed, unreadable = 0, 0
    for web in WebMelding.objects.exclude(bsn_sealed="").select_for_update():
        try:
            if not sealing.is_newest(web.bsn_sealed):
                web.bsn_sealed = sealing.seal(sealing.unseal(web.bsn_sealed))
                web.save(update_fields=["bsn_sealed"])
                changed += 1
        except sealing.Unreadable:
            unreadable += 1
    if changed:
        audit.write(by, [audit.Look("write", "Nummers opnieuw verzegeld", detail=f"{changed} meldingen")])
    return Renewed(None, changed, unreadable)


def _is_older(person: Person) -> bool:
    number, sealed = person.bsn or "", person.bsn_sealed or ""
    return not sealing.is_newest(sealed) or person.bsn_index != sealing.index_of(number)
