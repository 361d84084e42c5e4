"""Who may test, and how long a toetser sees a case: as long as something of it waits for that toetser."""

from __future__ import annotations

from django.db.models import QuerySet

from casework.enums import GrantKind
from casework.models import Case
from casework.services.grants import end_grant
from decisions.enums import BeschikkingStatus
from decisions.models import Beschikking, UrgentDecision
from toegang.accounts.models import RoleAssignment, User
from toegang.core.access import Actor


def end_review(case: Case, reviewer: User, actor: Actor) -> None:
    """End the grant with the last decision of this case that lies with the toetser."""
    lies_there = {"case": case, "reviewer": reviewer}
    drafts = Beschikking.objects.filter(**lies_there, status=BeschikkingStatus.TER_TOETSING)
    urgent = UrgentDecision.objects.filter(**lies_there, tested_on=None)
    if not drafts.exists() and not urgent.exists():
        end_grant(case=case, user=reviewer, kind=GrantKind.TOETSING, reason="Toetsing klaar", by=actor)


def toetsers_for(gemeente_id: int, actor: Actor) -> QuerySet[User]:
    """Toetsers of a gemeente today, by name, without the actor (four eyes)."""
    roles = RoleAssignment.objects.on(actor.today).filter(gemeente_id=gemeente_id, role="toetser")
    found = User.objects.filter(role_assignments__in=roles, is_active=True, ketenpartner=None).exclude(pk=actor.user_id)
    return found.distinct().order_by("name")
