"""Who may do what with a case: predicates that a transition asks under the lock."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from casework.enums import GrantKind
from toegang.core.access import TEAM_ROLES

if TYPE_CHECKING:
    from casework.models import Case, EmergencyAccess
    from toegang.core.access import Actor


ANSWERING_KINDS = frozenset({GrantKind.TOETSING, GrantKind.CONSULT, GrantKind.BEZWAAR})


def _case_of(record: Any) -> Case:
    return getattr(record, "case", record)


def is_system(record: Any, actor: Actor) -> bool:  # noqa: ARG001 (a predicate takes both)
    """The worker or the clock, which only finish what a person started."""
    return actor.kind == "systeem"


def may_handle(record: Any, actor: Actor) -> bool:
    """A medewerker with a grant that is valid now: contactpersoon, tweede or vervanger."""
    if actor.user is None or actor.kind != "medewerker":
        return False
    return bool(actor.user.has_perm("casework.handle_case", _case_of(record)))


def may_handle_or_system(record: Any, actor: Actor) -> bool:
    """Who handles the case, or the worker that finishes a step of it."""
    return is_system(record, actor) or may_handle(record, actor)


def may_view_safety(case: Case, actor: Actor) -> bool:
    """Who holds a grant that opens the veiligheidsdossier of this case now."""
    if actor.user is None or actor.kind != "medewerker":
        return False
    return bool(actor.user.has_perm("casework.view_safety", case))


def is_contactpersoon(case: Case, actor: Actor) -> bool:
    """The contactpersoon of this moment, who decides who else opens the veiligheidsdossier."""
    contact = case.contactpersoon()
    return contact is not None and contact.pk == actor.user_id


def leads_team_of(record: Case | EmergencyAccess, actor: Actor) -> bool:
    """The teamleider of the team, for the gemeente."""
    leads = record.team_id in actor.team_ids and record.gemeente_id in actor.gemeenten_as("teamleider")
    return actor.kind == "medewerker" and leads


def may_shield(case: Case, actor: Actor) -> bool:
    """The contactpersoon, or a teamleider of the team of the case."""
    return leads_team_of(case, actor) or is_contactpersoon(case, actor)


def may_judge(access: EmergencyAccess, actor: Actor) -> bool:
    """The privacy officer of the gemeente, or the teamleider of the team; never who took it (four eyes)."""
    if actor.kind != "medewerker" or access.user_id == actor.user_id:
        return False
    return leads_team_of(access, actor) or access.gemeente_id in actor.gemeenten_as("privacy")


REGISTRARS = frozenset({"wijkteamlid", "teamleider", "klantcontact"})  # who takes meldingen

# Who sets which rule: the FG when the inwoner sees noodtoegang and when many looks strike, the beheerder the rest.
RULES_SET_BY = {
    "privacy": ("shown_after_days", "outside_looks"),
    "beheerder": ("minutes", "a_day", "closed_days", "review_days", "lookups_an_hour"),
}


def rules_to_set(gemeente_id: int, actor: Actor) -> tuple[str, ...]:
    """The names of the rules for noodtoegang of a gemeente that the actor may set."""
    mine = [names for role, names in RULES_SET_BY.items() if gemeente_id in actor.gemeenten_as(role)]
    return tuple(name for names in mine for name in names)


def may_share(record: Any, actor: Actor) -> bool:
    """Who handles the case, or the teamleider of one that is not shielded: they say who works or reads along."""
    case = _case_of(record)
    return may_handle(case, actor) or (leads_team_of(case, actor) and not case.shielded)


def may_hold_talk(record: Any, actor: Actor) -> bool:
    """Who handles the case, or the ketenpartner who was asked to hold the conversation (Wmo 2015 art. 2.6.3)."""
    if may_handle(record, actor):
        return True
    if actor.user is None or "ketenpartner" not in actor.roles:
        return False
    asked = _case_of(record).grants.valid_now().filter(user_id=actor.user_id, kind="ketenpartner", parts=["gesprek"])
    return bool(asked.exists())


def may_assign(record: Any, actor: Actor) -> bool:
    """A colleague of the team of a case without contactpersoon; afterwards the teamleider or the contactpersoon."""
    case = _case_of(record)
    if actor.kind != "medewerker" or case.team_id not in actor.team_ids:
        return False
    if "teamleider" in actor.roles or may_handle(case, actor):
        return True
    return "wijkteamlid" in actor.roles and case.contactpersoon() is None


def may_answer(record: Any, actor: Actor) -> bool:
    """Who handles the case, or a toetser or jurist who was let in: they answer a request about the own data."""
    if may_handle(record, actor):
        return True
    if actor.user is None or actor.kind != "medewerker" or "toetser" not in actor.roles:
        return False
    held = _case_of(record).grants.valid_now().filter(user_id=actor.user_id)
    return bool(held.filter(kind__in=ANSWERING_KINDS).exists())


def may_look_again(record: Any, actor: Actor) -> bool:
    """The second look at what an inzage pack holds: who may answer, or the teamleider of the case's team."""
    leads = actor.kind == "medewerker" and "teamleider" in actor.roles
    return (leads and _case_of(record).team_id in actor.team_ids) or may_answer(record, actor)


def works_in_team_of(record: Any, actor: Actor) -> bool:
    """Who works in the team of what came in, for its gemeente: a signal, or a melding by the website."""
    works = record.team_id in actor.team_ids and record.gemeente_id in actor.gemeenten_as(*TEAM_ROLES)
    return actor.kind == "medewerker" and works
