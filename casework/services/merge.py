"""One person who was written down twice: linked into one record, logged, and undone when it was wrong."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.apps import apps
from django.contrib.postgres.functions import TransactionNow
from django.db import IntegrityError, models, transaction
from django.db.models import QuerySet

from casework.enums import CaseStatus
from casework.models import Case, Person, PersonMerge
from casework.services.lookup import alike_to
from casework.services.opening import open_case, person_in
from casework.services.people import PersonFacts, grant_resident, with_cases
from toegang.core.access import Actor
from toegang.core.lifecycle import Blocked, lock
from toegang.core.records import keep
from toegang.core.wall import beyond_scope

NOT_ALL_SEEN = "Een van deze twee heeft een zaak die u niet ziet. Vraag uw teamleider om dit samen te bekijken."
TWO_NUMBERS = "Deze twee hebben elk een ander burgerservicenummer. Dan zijn het twee personen."
MOST = 10


def _doubles(person: Person, by: Actor) -> QuerySet[Any]:
    """Who may be the same person, and of whom the actor sees every case."""
    names = ("given_names", "family_name", "born", "phone", "postcode", "house_number")
    facts = PersonFacts(**{name: getattr(person, name) for name in names})
    borne = [person.borne_name] if person.borne_name else []
    alike = Person.objects.present().filter(alike_to(person.gemeente_id, facts, *borne)).exclude(pk=person.pk)
    return with_cases(alike, by=by).filter(unseen=False)


@beyond_scope()  # who has no case, or whose case the actor does not see, is weighed first
def doubles_of(person: Person, *, by: Actor) -> list[Person]:
    """Who may be the same person as somebody, and of whom the actor sees every case."""
    return list(_doubles(person, by).order_by("family_name", "given_names", "born", "pk")[:MOST])


@transaction.atomic
@beyond_scope()
def merge_people(
    *, case_id: UUID | str, person_id: UUID | str, other_id: UUID | str, reason: str, actor: Actor
) -> PersonMerge:
    """Let everything of the other record stand under this one, and find nobody under the other any more.

    Raises Blocked when the two cannot be one, or when one of them has a case that the actor does not see.
    """
    case = open_case(case_id, actor)
    kept, other = _both(person_in(case, person_id).pk, other_id)
    _check(kept, other, actor)
    merge = PersonMerge(gemeente_id=kept.gemeente_id, kept=kept, merged=other, reason=reason, by_id=actor.user_id)
    _take_number(merge)
    _take_user(merge)
    merge.moved = [found for reference in _references() if (found := _move(reference, other, kept))[2]]
    other.merged_into = kept
    keep(other, by=actor, what="Samengevoegd met een dubbele persoon", reason=reason)
    keep(kept, by=actor, what="Dubbele persoon overgenomen", reason=reason)
    keep(merge, by=actor, what="Personen samengevoegd", reason=reason)
    for each in Case.objects.filter(hulpvragen__person=kept).exclude(status=CaseStatus.AFGESLOTEN).distinct():
        grant_resident(case=each, person=kept, by=actor)
    return merge


def _both(kept: UUID | str, other: UUID | str) -> tuple[Person, Person]:
    """Both records, locked in one order, so that two who merge them at once wait for each other."""
    locked = {str(pk): lock(Person, pk) for pk in sorted({str(kept), str(other)})}
    return locked[str(kept)], locked[str(other)]


def _check(kept: Person, other: Person, actor: Actor) -> None:
    wrong = {
        "Kies een ander dan deze persoon zelf.": kept.pk == other.pk,
        "Deze persoon is al samengevoegd.": kept.merged_into_id is not None or other.merged_into_id is not None,
        "Deze twee horen bij een andere gemeente.": kept.gemeente_id != other.gemeente_id,
        TWO_NUMBERS: bool(kept.bsn_index and other.bsn_index and kept.bsn != other.bsn),
        "Deze twee hebben elk een account voor de website.": bool(kept.user_id and other.user_id),
    }
    if found := [sentence for sentence, holds in wrong.items() if holds]:
        raise Blocked(found)
    people = with_cases(Person.objects.filter(pk__in=[kept.pk, other.pk]), by=actor)
    if people.filter(unseen=True).exists():
        raise Blocked([NOT_ALL_SEEN])


def _take_number(merge: PersonMerge) -> None:
    kept, other = merge.kept, merge.merged
    if other.bsn_index and not kept.bsn_index:
        _pass(other, kept, ("bsn_sealed", "bsn_index", "bsn_contested"), (None, None, False))
        merge.took_number = True


def _take_user(merge: PersonMerge) -> None:
    if merge.merged.user_id and not merge.kept.user_id:
        _pass(merge.merged, merge.kept, ("user_id",), (None,))
        merge.took_user = True


def _pass(giver: Person, taker: Person, names: tuple[str, ...], empty: tuple[Any, ...]) -> None:
    """Give columns that only one may bear; the giver is emptied first."""
    values = {name: getattr(giver, name) for name in names}
    for name, value in zip(names, empty, strict=True):
        setattr(giver, name, value)
    Person.objects.filter(pk=giver.pk).update(**dict(zip(names, empty, strict=True)))
    for name, value in values.items():
        setattr(taker, name, value)


def _references() -> list[tuple[str, str]]:
    """Every column that names a person, but for those of persons and merges themselves."""
    found = []
    for model in apps.get_models():
        if model in {Person, PersonMerge} or hasattr(model, "history_object") or not model._meta.managed:
            continue
        fields = [
            f for f in model._meta.concrete_fields if isinstance(f, models.ForeignKey) and f.related_model is Person
        ]
        found += [(model._meta.label, field.name) for field in fields]
    return found


def _move(reference: tuple[str, str], giver: Person, taker: Person, ids: list[str] | None = None) -> Any:
    """Let rows name another person; what the other has already (a household, a post address) stays where it is."""
    label, field = reference
    rows = apps.get_model(label)._default_manager.filter(**{field: giver})
    moved = []
    for pk in list((rows if ids is None else rows.filter(pk__in=ids)).values_list("pk", flat=True)):
        try:
            with transaction.atomic():
                rows.filter(pk=pk).update(**{field: taker})
        except IntegrityError:
            continue
        moved.append(str(pk))
    return [label, field, moved]


@transaction.atomic
@beyond_scope()
def undo_merge(*, case_id: UUID | str, merge_id: UUID | str, reason: str, actor: Actor) -> PersonMerge:
    """Give the other record back what was its own; what came later stays. Undone twice is undone once."""
    case = open_case(case_id, actor)
    merge = lock(PersonMerge, merge_id)
    kept, other = _both(person_in(case, merge.kept_id).pk, merge.merged_id)
    if merge.undone_at is not None:
        return merge
    for label, field, ids in merge.moved:
        _move((label, field), kept, other, ids)
    if merge.took_number:
        _pass(kept, other, ("bsn_sealed", "bsn_index", "bsn_contested"), (None, None, False))
    if merge.took_user:
        _pass(kept, other, ("user_id",), (None,))
    other.merged_into = None
    merge.undone_by_id, merge.undone_at, merge.undone_reason = actor.user_id, TransactionNow(), reason
    keep(kept, by=actor, what="Dubbele persoon teruggegeven", reason=reason)
    keep(other, by=actor, what="Samenvoegen ongedaan gemaakt", reason=reason)
    keep(merge, by=actor, what="Samenvoegen ongedaan gemaakt", reason=reason)
    return merge
