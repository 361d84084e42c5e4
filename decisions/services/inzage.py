"""Giving inzage (AVG art. 15): gather, review part by part, a second look, and the files by the worker."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction

from casework.enums import PrivacyStatus
from casework.models import PrivacyRequest, Reason
from casework.permissions import may_answer
from casework.services.privacy import answer, locked_request
from decisions.selectors.gather import fingerprint, parts_of
from decisions.selectors.pack import Part
from decisions.services.inzage_files import JSON_TYPE, PDF_TYPE, as_json, as_pdf
from toegang.core import documents, outbox
from toegang.core.access import Actor
from toegang.core.lifecycle import Blocked, carry_out, lock
from toegang.core.models import StoredFile
from toegang.core.records import keep
from toegang.core.terms import due_on

CHANGED = "Er is intussen iets veranderd in de zaak. Kijk de onderdelen opnieuw na."
DOWNLOAD = "inzage_download"


@dataclass(frozen=True)
class PartChoice:
    """Whether a part is given; if not, on which ground."""

    given: bool
    ground: str = ""


@transaction.atomic
def prepare(*, request_id: UUID | str, version: int, actor: Actor) -> PrivacyRequest:
    """Begin the review of what is given."""
    request = locked_request(request_id, version)
    carry_out(request, "prepare", by=actor)
    return request


@transaction.atomic
def save_review(
    *, request_id: UUID | str, version: int, seen: str, choices: Mapping[str, PartChoice], actor: Actor
) -> PrivacyRequest:
    """Keep the choice of every part; `seen` is the fingerprint of the parts that the form showed."""
    request = locked_request(request_id, version)
    if not may_answer(request, actor):
        raise PermissionDenied("Alleen wie de zaak behandelt, kiest wat er wordt meegegeven.")
    if request.status != PrivacyStatus.CONTROLE:
        raise Blocked([f"Nakijken kan nu niet: de stand is ‘{request.get_status_display()}’."])
    parts = parts_of(request.case, request.person)
    if seen != fingerprint(parts):
        raise Blocked([CHANGED])
    request.review = {part.key: _judged(part, choices[part.key], actor) for part in parts}
    request.reviewed_by_id, request.looked_by, request.looked_on = actor.user_id, None, None
    keep(request, by=actor, what="Onderdelen van de inzage nagekeken")
    return request


def _judged(part: Part, choice: PartChoice, actor: Actor) -> dict[str, object]:
    """One choice as it is kept: ids, grounds and a fingerprint, never the words."""
    grounds = Reason.objects.listed("avg_terughouden", actor.today).filter(label=choice.ground)
    if not choice.given and not grounds.exists():
        raise Blocked([f"Kies waarom u dit terughoudt: {part.title}."])
    ground = "" if choice.given else choice.ground
    return {"given": choice.given, "ground": ground, "others": bool(part.hold), "digest": part.digest}


@transaction.atomic
def look_again(*, request_id: UUID | str, version: int, actor: Actor) -> PrivacyRequest:
    """Take the second look; it holds for what was reviewed and nothing else."""
    request = locked_request(request_id, version)
    if request.review and _changed(request, parts_of(request.case, request.person)):
        raise Blocked([CHANGED])
    carry_out(request, "look_again", by=actor, by_user=actor.user, on=actor.today)
    return request


@transaction.atomic
def release(*, request_id: UUID | str, version: int, actor: Actor) -> PrivacyRequest:
    """Order the files; the worker makes them."""
    request = locked_request(request_id, version)
    if request.review and _changed(request, parts_of(request.case, request.person)):
        raise Blocked([CHANGED])
    carry_out(request, "release", by=actor)
    outbox.put(
        "make_inzage",
        key=f"inzage:{request.pk}:{request.version}",
        case_id=request.case_id,
        gemeente_id=request.gemeente_id,
        request_id=str(request.pk),
    )
    return request


def _changed(request: PrivacyRequest, parts: Sequence[Part]) -> bool:
    return {key: kept["digest"] for key, kept in request.review.items()} != {part.key: part.digest for part in parts}


def make_pack(*, request_id: str, actor: Actor) -> None:
    """Make and store both files and give them; what changed after the review goes back to the review.

    A request that is not waiting for its files is left alone, so that a second try does nothing.
    """
    request = lock(PrivacyRequest, request_id)
    if request.status != PrivacyStatus.WORDT_GEMAAKT:
        return
    parts = parts_of(request.case, request.person)
    if _changed(request, parts):
        carry_out(request, "return_to_review", by=actor, reason=CHANGED)
        return
    given = [part for part in parts if request.review[part.key]["given"]]
    request.pdf = _store(request, as_pdf(request, given, actor.today), "pdf", PDF_TYPE)
    request.json = _store(request, as_json(request, given, actor.today), "json", JSON_TYPE)
    carry_out(request, "deliver", by=actor, on=actor.today, until=due_on(DOWNLOAD, actor.today))
    answer(request, actor)


def _store(request: PrivacyRequest, content: bytes, suffix: str, content_type: str) -> StoredFile:
    name = f"inzage-{request.case.reference}.{suffix}"
    case_id, gemeente_id = request.case_id, request.gemeente_id
    return documents.store(content, name=name, content_type=content_type, case_id=case_id, gemeente_id=gemeente_id)
