"""The people around somebody in a case: family with gezag, who acts in law, and the network; written and changed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from django.db import transaction

from casework.enums import OVER_A_CHILD, Gezag, RelationKind
from casework.models.around import Around
from casework.selectors.around import KINDS
from casework.services.opening import living_in, open_case
from toegang.core.access import Actor
from toegang.core.lifecycle import Blocked, lock
from toegang.core.records import keep, take_version

WORDS = {"familie": "Familielid", "vertegenwoordiger": "Vertegenwoordiger", "netwerk": "Helper uit het netwerk"}


@transaction.atomic
def add_around(
    *, case_id: UUID | str, person_id: UUID | str, kind: str, facts: Mapping[str, Any], actor: Actor
) -> Around:
    """Write somebody down around a person; the same one twice is one. Raises Blocked with what does not fit."""
    case = open_case(case_id, actor)
    person = living_in(case, person_id)
    _check(facts, actor.today)
    model = KINDS[kind]
    if same := model._default_manager.filter(case=case, person=person, **facts).first():
        return same
    found = model(gemeente_id=case.gemeente_id, case=case, person=person, recorded_by_id=actor.user_id, **facts)
    keep(found, by=actor, what=f"{WORDS[kind]} toegevoegd")
    return found


@transaction.atomic
def change_around(
    *, case_id: UUID | str, around_id: UUID | str, kind: str, version: int, facts: Mapping[str, Any], actor: Actor
) -> Around:
    """Change what is written of somebody, or end it with a last day. Raises Stale when a colleague was first."""
    case = open_case(case_id, actor)
    found = lock(KINDS[kind], around_id)
    living_in(case, found.person_id)
    if found.case_id != case.pk:
        raise Blocked(["Dit hoort niet bij deze zaak."])
    take_version(found, version)
    _check(facts, actor.today)
    for name, value in facts.items():
        setattr(found, name, value)
    keep(found, by=actor, what=f"{WORDS[kind]} gewijzigd")
    return found


def _check(facts: Mapping[str, Any], today: date) -> None:
    until, checked, seen = facts.get("until"), facts.get("gezag_checked_on"), facts.get("proof_seen_on")
    wrong = {
        "De eerste dag ligt in de toekomst.": facts["since"] > today,
        "De laatste dag ligt vóór de eerste dag.": until is not None and until < facts["since"],
        "Het gezag kan niet in de toekomst zijn nagekeken.": checked is not None and checked > today,
        "Het bewijs kan niet in de toekomst zijn gezien.": seen is not None and seen > today,
        "Schrijf op welk bewijs u zag.": seen is not None and not facts.get("proof"),
        "Schrijf op waar het gezag uit blijkt en op welke dag u dat nakeek.": (
            facts.get("gezag") in {Gezag.JA, Gezag.NEE} and not (facts.get("gezag_source") and checked)
        ),
        "Gezag vult u alleen in bij wie een kind opvoedt.": (
            bool(facts.get("gezag")) and RelationKind(facts["kind"]) not in OVER_A_CHILD
        ),
    }
    if found := [sentence for sentence, holds in wrong.items() if holds]:
        raise Blocked(found)
