"""What a ketenpartner was asked to do: one thing per grant, never the case."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.utils.timezone import localtime

from casework.enums import GrantKind, GrantPart, TalkForm, TalkOutcome
from casework.models import Case, Grant, Talk
from plans.enums import PlanStatus
from plans.models import Action
from toegang.accounts.models import Ketenpartner
from toegang.core.dates import last_day_before, long_date, weekday_date
from toegang.core.wall import beyond_scope

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from toegang.core.access import Actor


@dataclass(frozen=True)
class PartnerTask:
    """One thing that a ketenpartner was asked: the appointment, or the own actions; nothing else of the case."""

    grant: Grant
    name: str
    until: str
    contact: str
    contact_phone: str
    when: str = ""
    how: str = ""
    where: list[str] = field(default_factory=list)
    phone: str = ""
    may_record: bool = False
    actions: list[tuple[str, str]] = field(default_factory=list)

    @property
    def is_talk(self) -> bool:
        """Whether the conversation is asked."""
        return self.grant.parts == [GrantPart.GESPREK]


def present_actions(case: Case) -> QuerySet[Action]:
    """The actions of the present plan of a case, in the order of the plan."""
    found = Action.objects.filter(goal__plan__case=case, goal__removed=False)
    return found.exclude(goal__plan__status=PlanStatus.VERVANGEN).order_by("goal__order", "by_when", "pk")


@beyond_scope()  # a ketenpartner sees no case, only what belongs to the grant
def partner_tasks(actor: Actor, *, grant_id: int | None = None) -> list[PartnerTask]:
    """What is asked of the actor now, or the one thing of a grant; the same queries for one and many.

    A ketenpartner sees no case: this one place reads, past that scope, what belongs to the grant.
    """
    grants = Grant.objects.valid_now().filter(user_id=actor.user_id, kind=GrantKind.KETENPARTNER)
    grants = grants.filter(pk=grant_id) if grant_id is not None else grants
    found = list(grants.select_related("case__person", "case__gemeente", "user__ketenpartner").order_by("validity"))
    case_ids = [grant.case_id for grant in found]
    talks = {talk.case_id: talk for talk in Talk.objects.filter(case__in=case_ids, outcome=TalkOutcome.GEPLAND)}
    holders = Grant.objects.valid_now().filter(case__in=case_ids, kind=GrantKind.CONTACTPERSOON).select_related("user")
    contacts = {holder.case_id: holder.user for holder in holders}
    actions = _actions(found)
    tasks = []
    for grant in found:
        contact, gemeente = contacts.get(grant.case_id), grant.case.gemeente
        facts = _talk(grant, talks.get(grant.case_id), actor) if grant.parts == [GrantPart.GESPREK] else {}
        if grant.parts == [GrantPart.AFSPRAKEN]:
            facts = {"actions": actions.get(grant.case_id, [])}
        task = PartnerTask(
            grant,
            name=grant.case.person.name,
            until=long_date(last_day_before(grant.validity.upper)),
            contact=contact.name if contact else f"gemeente {gemeente.name}",
            contact_phone=contact.phone if contact and contact.phone else gemeente.phone,
            **facts,
        )
        tasks.append(task)
    return tasks


def _talk(grant: Grant, talk: Talk | None, actor: Actor) -> dict[str, Any]:
    """When, where, how and by which number: what one needs to hold the conversation."""
    if talk is None or talk.planned_at is None:
        return {}
    at, person = localtime(talk.planned_at), grant.case.person
    at_home = person.address_lines() if talk.form == TalkForm.THUIS else []
    return {
        "when": f"{weekday_date(at.date())} om {at:%H.%M} uur",
        "how": talk.get_form_display(),
        "where": [line for line in ("" if _same(talk.place, at_home) else talk.place, *at_home) if line],
        "phone": f"Niet bellen. {person.safe_contact}".strip() if person.no_phone else person.phone,
        "may_record": at.date() <= actor.today,
    }


def _same(place: str, lines: list[str]) -> bool:
    """Whether somebody typed the address that stands there already."""
    return place.replace(",", " ").split() == " ".join(lines).split()


def _actions(grants: list[Grant]) -> dict[object, list[tuple[str, str]]]:
    """Per case what the actor's own organisation does by the present plan, and by when."""
    cases = [grant.case_id for grant in grants if grant.parts == [GrantPart.AFSPRAKEN]]
    partners: set[Ketenpartner | None] = {grant.user.ketenpartner for grant in grants}
    rows = Action.objects.filter(case__in=cases, partner__in=partners, goal__removed=False)
    found: dict[object, list[tuple[str, str]]] = {}
    for action in rows.exclude(goal__plan__status=PlanStatus.VERVANGEN).order_by("by_when", "pk"):
        when = f"uiterlijk {long_date(action.by_when)}" if action.by_when else ""
        found.setdefault(action.case_id, []).append((action.what, when))
    return found
