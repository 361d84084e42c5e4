"""The veiligheidsdossier: facts added and corrected, and who may open it. Its contents are in no log line."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction

from casework import permissions
from casework.enums import SAFETY, GrantKind
from casework.models import Case, SafetyRecord
from casework.selectors import people_of_case, safety_colleagues
from casework.services.grants import begin_grant, end_grant
from toegang.accounts.models import User
from toegang.core import audit
from toegang.core.access import Actor
from toegang.core.dates import end_of
from toegang.core.lifecycle import Blocked, lock
from toegang.core.records import attribute, take_version

ADDED = "Veiligheidsdossier aangevuld"
CORRECTED = "Veiligheidsdossier verbeterd"


def _locked_for_safety(case_id: UUID | str, actor: Actor) -> Case:
    """The case, locked; raises PermissionDenied for who may not open its veiligheidsdossier."""
    case = lock(Case, case_id)
    if not permissions.may_view_safety(case, actor):
        raise PermissionDenied
    return case


def _store(record: SafetyRecord, what: str, reason: str, actor: Actor) -> None:
    """Save with history; the reason stays there, since it may tell what the record tells."""
    attribute(record, by=actor, reason=reason)
    record.save()
    ids: dict[str, Any] = {"case_id": record.case_id, "gemeente_id": record.gemeente_id, "object_id": str(record.pk)}
    audit.write(actor, [audit.Look("write", what, object_type=SAFETY, **ids)])


@transaction.atomic
def add_safety_record(
    *, case_id: UUID | str, person_id: UUID | str, law: str, text: str, source: str, actor: Actor
) -> SafetyRecord:
    """Add a fact about the safety of one person of the case; colleagues then see that there is something, not what."""
    case = _locked_for_safety(case_id, actor)
    person = people_of_case(case).filter(pk=person_id).first()
    if person is None:
        raise Blocked(["Kies iemand die bij deze zaak hoort."])
    facts: dict[str, Any] = {"law": law, "text": text, "source": source, "written_by_id": actor.user_id}
    record = SafetyRecord(gemeente_id=case.gemeente_id, case=case, person=person, **facts)
    _store(record, ADDED, ADDED, actor)
    Case.objects.filter(pk=case.pk).update(has_safety=True)
    return record


@transaction.atomic
def correct_safety_record(
    *, record_id: UUID | str, version: int, text: str, source: str, reason: str, actor: Actor
) -> SafetyRecord:
    """Write a better text; the former one stays in the history. Raises Stale when a colleague was first."""
    record = lock(SafetyRecord, record_id)
    _locked_for_safety(record.case_id, actor)
    take_version(record, version)
    record.text, record.source = text, source
    _store(record, CORRECTED, reason, actor)
    return record


@transaction.atomic
def share_safety(*, case_id: UUID | str, user: User, reason: str, last_day: date | None, actor: Actor) -> None:
    """Let one colleague open the veiligheidsdossier, perhaps until the end of a day; the contactpersoon decides."""
    case = _locked_for_contactpersoon(case_id, actor)
    if last_day is not None and last_day < actor.today:
        raise Blocked(["De laatste dag is al voorbij. Kies een dag die nog komt."])
    if not safety_colleagues(case, actor.today).filter(pk=user.pk).exists():
        raise Blocked([f"{user.name} kan geen toegang krijgen tot dit dossier."])
    if case.grants.valid_now().filter(user=user, kind=GrantKind.VEILIGHEID).exists():
        raise Blocked([f"{user.name} heeft al toegang tot dit dossier."])
    until = end_of(last_day) if last_day else None
    begin_grant(case=case, user=user, kind=GrantKind.VEILIGHEID, reason=reason, by=actor, until=until)


@transaction.atomic
def stop_sharing_safety(*, case_id: UUID | str, user: User, reason: str, actor: Actor) -> None:
    """End that now, with a reason; nothing happens when it ended already."""
    case = _locked_for_contactpersoon(case_id, actor)
    end_grant(case=case, user=user, kind=GrantKind.VEILIGHEID, reason=reason, by=actor)


def _locked_for_contactpersoon(case_id: UUID | str, actor: Actor) -> Case:
    case = _locked_for_safety(case_id, actor)
    if not permissions.is_contactpersoon(case, actor):
        raise PermissionDenied("Alleen de contactpersoon bepaalt wie het veiligheidsdossier ziet.")
    return case
