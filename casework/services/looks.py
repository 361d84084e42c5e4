"""The mark of a privacy officer on striking looks; the log of the case itself does not tell of it."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction

from casework.enums import LookVerdict
from casework.models import LookReview
from casework.striking import Finding
from toegang.accounts.models import Gemeente
from toegang.core import audit
from toegang.core.access import Actor
from toegang.core.lifecycle import Blocked
from toegang.core.records import attribute


@transaction.atomic
def mark_looks(*, finding: Finding, verdict: str, note: str, actor: Actor) -> LookReview:
    """Say of a finding what it is. Raises PermissionDenied for the own looks, Blocked when it was found in order."""
    if finding.looker.pk == actor.user_id or finding.gemeente_id not in actor.gemeenten_as("privacy"):
        raise PermissionDenied("Een andere privacy officer beoordeelt dit.")
    Gemeente.objects.select_for_update(no_key=True).get(pk=finding.gemeente_id)  # of two first marks one is second
    facts: dict[str, Any] = {"gemeente_id": finding.gemeente_id, "week": finding.week, "looker_id": finding.looker.pk,
             "case_id": finding.case_id, "kind": finding.kind}  # fmt: skip
    review = LookReview.objects.filter(**facts).first() or LookReview(**facts)
    if review.verdict == LookVerdict.IN_ORDE:
        raise Blocked([f"{review.reviewed_by} heeft dit al beoordeeld: in orde."])
    review.verdict, review.note = LookVerdict(verdict), note
    review.reviewed_by_id, review.reviewed_at = actor.user_id, actor.now
    attribute(review, by=actor, reason=note)
    review.save()
    # Without the case: who handles it, perhaps the looker, and the inwoner read the log of the case.
    what = f"Opvallende inzage beoordeeld: {review.get_verdict_display().lower()}"
    ids: dict[str, Any] = {"gemeente_id": review.gemeente_id, "object_type": "lookreview", "object_id": str(review.pk)}
    audit.write(actor, [audit.Look("write", what, **ids)])
    return review
