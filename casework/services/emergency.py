"""Noodtoegang: a case opened in an emergency, told at once to who watches over it, and judged afterwards."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.contrib.postgres.functions import TransactionNow
from django.core.exceptions import PermissionDenied
from django.db import transaction

from casework import permissions
from casework.enums import FINAL_VERDICTS, GrantKind, Verdict
from casework.models import AccessRules, Case, EmergencyAccess, Grant, Reason
from casework.services.alerts import tell
from casework.services.grants import begin_grant, end_grant
from toegang.accounts.models import Gemeente, User
from toegang.accounts.selectors import watchers
from toegang.core import audit
from toegang.core.access import Actor
from toegang.core.dates import start_of
from toegang.core.lifecycle import Blocked, lock
from toegang.core.records import attribute, keep, take_version
from toegang.core.terms import equated_days
from toegang.core.wall import beyond_scope
from toegang.core.workdays import add_working_days

RULE_WORDS = {field.name: str(field.verbose_name) for field in AccessRules._meta.concrete_fields}
SHORTEST = 20  # characters of a reason


class UsedUp(Blocked):
    """The actor took noodtoegang as often today as the gemeente allows."""


@transaction.atomic
def take_emergency_access(
    *, gemeente_id: int, reference: str, category: Reason, reason: str, actor: Actor
) -> Case | None:
    """Let the actor read one case for the minutes of the gemeente; a case that is visible already is just given.

    None when there is no such case, when it is of a gemeente that the actor does not work for, or when it was closed
    too long ago: these three take the same queries. Raises UsedUp above the number of the day.
    """
    case: Case | None = Case.objects.visible_to(actor).filter(gemeente_id=gemeente_id, reference=reference).first()
    if case is not None:
        return case
    rules = AccessRules.objects.of(gemeente_id)
    _refuse_above_the_number(rules, actor)
    since = actor.today - timedelta(days=rules.closed_days)
    with beyond_scope():  # the case is one that the actor does not see
        reachable = Case.objects.reachable_in_emergency(actor, closed_since=since)
        case = reachable.filter(gemeente_id=gemeente_id, reference=reference).first()
        if case is not None:
            _open(case, rules, category.label, reason, actor)
    return case


def _refuse_above_the_number(rules: AccessRules, actor: Actor) -> None:
    """Count under a lock on the user, so that of many requests at once no more pass than may."""
    User.objects.select_for_update(no_key=True).get(pk=actor.user_id)
    taken = EmergencyAccess.objects.filter(user_id=actor.user_id, begun_at__gte=start_of(actor.today)).count()
    if taken >= rules.a_day:
        times = "één keer" if rules.a_day == 1 else f"{rules.a_day} keer"
        raise UsedUp([f"U kunt op één dag {times} noodtoegang krijgen. Bel uw teamleider."])


def _open(case: Case, rules: AccessRules, category: str, reason: str, actor: Actor) -> None:
    """Grant, record, log and messages, all in one transaction."""
    user = User.objects.get(pk=actor.user_id)
    until = TransactionNow() + timedelta(minutes=rules.minutes)
    begin_grant(case=case, user=user, kind=GrantKind.NOODTOEGANG, reason=reason, by=actor, until=until)
    grant = Grant.objects.valid_now().get(case=case, user=user, kind=GrantKind.NOODTOEGANG)
    access = EmergencyAccess(
        gemeente_id=case.gemeente_id,
        case=case,
        reference=case.reference,
        team_id=case.team_id,
        user=user,
        grant=grant,
        category=category,
        reason=reason,
        begun_at=grant.validity.lower,
        ends_at=grant.validity.upper,
        review_by=add_working_days(actor.today, rules.review_days, equated_days()),
        shown_from=actor.today + timedelta(days=rules.shown_after_days),
    )
    _store(access, category, actor)
    facts: dict[str, Any] = {
        "case_id": case.pk,
        "gemeente_id": case.gemeente_id,
        "object_type": "grant",
        "object_id": str(grant.pk),
    }
    audit.write(actor, [audit.Look("emergency", f"Noodtoegang: {category}", detail=reason, **facts)])
    _tell(access, actor)


def _store(access: EmergencyAccess, why: str, actor: Actor) -> None:
    """Save with history; the log row stands with the act itself."""
    attribute(access, by=actor, reason=why)
    access.save()


def _tell(access: EmergencyAccess, actor: Actor) -> None:
    """Mail who watches, when there is mail; on their list it stands in any case."""
    told = watchers(team_ids=[access.team_id], gemeente_id=access.gemeente_id, day=actor.today)
    others = told.exclude(pk=actor.user_id)
    tell(others, kind="tell_emergency", about=access.pk, gemeente_id=access.gemeente_id, case_id=access.case_id)


@transaction.atomic
def end_emergency_access(*, case_id: UUID | str, actor: Actor) -> None:
    """End the actor's own noodtoegang to a case now; nothing when there is none."""
    running = EmergencyAccess.objects.running().select_for_update(of=("self",)).select_related("case", "grant", "user")
    access = running.filter(case_id=case_id, user_id=actor.user_id).first()
    if access is None:
        return
    why = "Zelf beëindigd"
    end_grant(case=access.case, user=access.user, kind=GrantKind.NOODTOEGANG, reason=why, by=actor)
    access.grant.refresh_from_db()
    access.ends_at = access.grant.validity.upper
    _store(access, why, actor)


@transaction.atomic
def judge_emergency(*, access_id: UUID | str, verdict: str, note: str, actor: Actor) -> EmergencyAccess:
    """Mark noodtoegang. Raises PermissionDenied for the own act, Blocked when it was judged already."""
    access = lock(EmergencyAccess, access_id)
    if not permissions.may_judge(access, actor):
        raise PermissionDenied("Een ander dan wie de noodtoegang nam, beoordeelt haar.")
    if access.verdict in FINAL_VERDICTS:
        raise Blocked([f"{access.reviewed_by} heeft dit al beoordeeld: {access.get_verdict_display().lower()}."])
    access.verdict, access.review_note = Verdict(verdict), note
    access.reviewed_by_id, access.reviewed_at = actor.user_id, actor.now
    keep(access, by=actor, what=f"Noodtoegang beoordeeld: {access.get_verdict_display().lower()}", reason=note)
    return access


@transaction.atomic
def change_access_rules(*, gemeente: Gemeente, version: int, actor: Actor, **values: int) -> AccessRules:
    """Set rules of a gemeente; the others stay. Raises PermissionDenied for a rule that is another role's."""
    if set(values) - set(permissions.rules_to_set(gemeente.pk, actor)):
        raise PermissionDenied("Deze regel stelt iemand anders in.")
    Gemeente.objects.select_for_update(no_key=True).get(pk=gemeente.pk)  # of two first changes the second is stale
    rules: AccessRules = AccessRules.objects.of(gemeente.pk)
    if rules.gemeente_id is None:
        defaults = {name: getattr(rules, name) for names in permissions.RULES_SET_BY.values() for name in names}
        rules = AccessRules(gemeente=gemeente, **defaults)
    take_version(rules, version)
    changes = [_changed(rules, name, value) for name, value in values.items() if getattr(rules, name) != value]
    keep(rules, by=actor, what="Regels voor toegang gewijzigd", reason=". ".join(changes))
    return rules


def _changed(rules: AccessRules, name: str, value: int) -> str:
    """Set one rule, and tell it in words."""
    before = getattr(rules, name)
    setattr(rules, name, value)
    return f"{RULE_WORDS[name]}: {before} → {value}"
