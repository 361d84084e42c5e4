"""Meldingen by the website: taken at once, on their day; a colleague looks before one is about somebody."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet

from casework.models import Case, Melding, Person, Signal, WebMelding
from casework.permissions import works_in_team_of
from toegang.accounts.models import Gemeente, Team
from toegang.core.access import Actor
from toegang.core.lifecycle import Blocked, lock
from toegang.core.records import keep
from toegang.core.wall import beyond_scope

TWICE = timedelta(minutes=30)  # the same words again within this time are one melding


@dataclass(frozen=True)
class WebFacts:
    """What was typed on the website; for who signed in, without names and address."""

    words: str
    given_names: str = ""
    prefix: str = ""
    family_name: str = ""
    born: int = 0
    street: str = ""
    house_number: str = ""
    postcode: str = ""
    city: str = ""
    phone: str = ""
    safe_contact: str = ""
    no_phone: bool = False
    no_post: bool = False
    aware: bool = True
    reporter_name: str = ""
    reporter_capacity: str = ""
    reporter_contact: str = ""
    urgent: bool = False
    knew_way: bool | None = None
    came_by: str = ""


def website_team(gemeente: Gemeente) -> Team:
    """The team that takes what comes by the website; else the first by name. Raises Blocked when there is no team."""
    team = gemeente.teams.order_by("-takes_website", "name").first()
    if team is None:
        raise Blocked(["De website kan uw melding nu niet aannemen. Bel de gemeente."])
    return team


def gemeenten_with_website() -> QuerySet[Gemeente]:
    """The gemeenten that have a team to take what comes in."""
    return Gemeente.objects.filter(teams__isnull=False).distinct().order_by("name")


@beyond_scope()  # who sends it has no team, and mostly no account
def take_web_melding(*, gemeente: Gemeente, facts: WebFacts, actor: Actor, bsn_sealed: str = "") -> WebMelding:
    """Take a melding by the website on its day, never refused (Awb art. 2:13); the same again at once is one.

    Of who is signed in, it is known about whom it is: the own person, or the one who is represented. Of somebody whom
    nobody knows here, `bsn_sealed` is the number that DigiD gave.
    """
    Gemeente.objects.select_for_update(no_key=True).get(pk=gemeente.pk)
    person = person_of(actor)
    told = {"gemeente": gemeente, "person": person, "user_id": actor.user_id, **vars(facts)}
    if person:
        told |= _known_of(person, actor)
    same: WebMelding | None = WebMelding.objects.filter(
        **told, handled_on=None, registered_at__gte=actor.now - TWICE
    ).first()
    if same:
        return same
    web = WebMelding(team=website_team(gemeente), received_on=actor.today, bsn_sealed=bsn_sealed, **told)
    keep(web, by=actor, what="Melding via de website ontvangen")
    web.refresh_from_db()
    return web


def _known_of(person: Person, actor: Actor) -> dict[str, Any]:
    """The name and birth date, unless a shielded case hides them; and who represents the person."""
    told: dict[str, Any] = {}
    if not Case.objects.filter(household__members__person=person, shielded=True).exists():
        names = {name: getattr(person, name) for name in ("given_names", "prefix", "family_name", "born")}
        told |= names
    if actor.on_behalf_of:
        told |= {"reporter_name": actor.name, "reporter_capacity": "gemachtigde, met DigiD"}
    return told


def person_of(actor: Actor) -> Person | None:
    """Who is signed in, or who is represented; None without DigiD."""
    if actor.user is None or actor.kind != "inwoner":
        return None
    whose = {"pk": actor.on_behalf_of} if actor.on_behalf_of else {"user_id": actor.user_id}
    return Person.objects.present().filter(**whose).first()


def web_meldingen_of(actor: Actor) -> QuerySet[WebMelding]:
    """What came in for the actor's teams: urgent first, then the oldest."""
    found: QuerySet[WebMelding] = WebMelding.objects.of_teams(actor).select_related("team")
    return found.order_by("-urgent", "registered_at")


def _mine(web_id: UUID | str, actor: Actor) -> WebMelding:
    web = lock(WebMelding, web_id)
    if not works_in_team_of(web, actor):
        raise PermissionDenied("Alleen het team van deze melding gaat ermee verder.")
    if web.handled_on:
        raise Blocked([f"Een collega was u voor: deze melding is al verwerkt op {web.handled_on:%d-%m-%Y}."])
    return web


@transaction.atomic
def settle_web_melding(
    *, web_id: UUID | str, actor: Actor, melding: Melding | None = None, signal: Signal | None = None, why: str = ""
) -> WebMelding:
    """End it as a melding, as a signal, or with the reason why nothing was made of it."""
    web = _mine(web_id, actor)
    web.melding, web.signal, web.dropped_why = melding, signal, why
    web.handled_on, web.handled_by_id, web.bsn_sealed = actor.today, actor.user_id, ""
    keep(web, by=actor, what="Melding via de website verwerkt")
    return web
