"""Asking a ketenpartner for one thing: a conversation, or the actions of the plan that the partner does."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from uuid import UUID

from django.db import transaction

from casework.enums import GrantPart
from casework.models import Case
from casework.services.sharing import give_part
from plans.models import Action
from plans.selectors import present_actions
from toegang.accounts.models import User
from toegang.core.access import Actor
from toegang.core.lifecycle import Blocked
from toegang.core.records import keep


@transaction.atomic
def ask_partner(
    *,
    case_id: UUID | str,
    user: User,
    part: GrantPart,
    actions: Collection[Action],
    reason: str,
    last_day: date,
    actor: Actor,
) -> Case:
    """Give a ketenpartner exactly one part; for the actions, say which ones. Raises PermissionDenied, Blocked."""
    case = give_part(case_id=case_id, user=user, part=part, reason=reason, last_day=last_day, actor=actor)
    if part != GrantPart.AFSPRAKEN:
        return case
    chosen = list(present_actions(case).filter(pk__in=[action.pk for action in actions]))
    if not chosen:
        raise Blocked(["Kies ten minste één afspraak uit het plan."])
    for action in chosen:
        if action.partner_id != user.ketenpartner_id:
            action.partner = user.ketenpartner
            keep(action, by=actor, what="Afspraak met een ketenpartner")
    return case
