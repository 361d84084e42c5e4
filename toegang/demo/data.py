"""The invented gemeente of the demo: organisation, teams, providers and the people who work there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.contrib.auth.hashers import make_password
from django.db import transaction

from decisions.models import Contribution
from providers.models import Contract, Product, Provider
from toegang.accounts.models import (
    Gemeente,
    Ketenpartner,
    Membership,
    Organisatie,
    ReportRight,
    RoleAssignment,
    Team,
    User,
    Wijk,
)
from toegang.accounts.services.assignments import last_partner_day
from toegang.accounts.services.photo import set_photo
from toegang.core.access import actor_for
from toegang.demo.faces import FACES, draw_face

if TYPE_CHECKING:
    from collections.abc import Mapping

SINCE = date(2024, 1, 1)
CODE = "9901"  # no CBS gemeentecode begins with 99
NAME = "Lindemeer"
ORGANISATIE = "Sociaal Domein Lindemeer"
PARTNER = "ketenpartner"  # the login of somebody outside the gemeente
NOORD, ZUID = "Wijkteam Noord", "Wijkteam Zuid"


@dataclass(frozen=True)
class Staff:
    """A medewerker of the demo; the telephone numbers begin with an area code that does not exist."""

    username: str
    name: str
    job_title: str
    role: str
    team: str
    phone: str


STAFF = (
    Staff("contactpersoon", "Sanne Bakker", "medewerker wijkteam", "wijkteamlid", NOORD, "(0123) 45 67 01"),
    Staff("collega", "Milan Vermeer", "medewerker wijkteam", "wijkteamlid", NOORD, "(0123) 45 67 02"),
    Staff("buurteam", "Esra Aydın", "medewerker wijkteam", "wijkteamlid", ZUID, "(0123) 45 67 03"),
    Staff("teamleider", "Pieter de Graaf", "teamleider", "teamleider", NOORD, "(0123) 45 67 04"),
    Staff("toetser", "Fatima el Amrani", "kwaliteitsmedewerker", "toetser", "", "(0123) 45 67 05"),
    Staff("manager", "Joost Hendriks", "manager", "manager", "", "(0123) 45 67 06"),
    Staff("klantcontact", "Noor Visser", "medewerker klantcontact", "klantcontact", "", "(0123) 45 67 08"),
    Staff("aandacht", "Ruben Mulder", "aandachtsfunctionaris", "aandacht", "", "(0123) 45 67 09"),
    Staff("privacy", "Hanna de Wit", "privacy officer", "privacy", "", "(0123) 45 67 10"),
    Staff("beheerder", "Ingrid Lammers", "functioneel beheerder", "beheerder", "", "(0123) 45 67 07"),
)
MANDATES = {"contactpersoon": ("spoed",)}  # {username: roles beside the first one}

# name, about, days of waiting, products
PROVIDERS: tuple[tuple[str, str, int, tuple[str, ...]], ...] = (
    ("Thuis & Schoon", "Hulp bij het huishouden, met vaste gezichten.", 10, ("huishoudelijke_hulp",)),
    ("De Helpende Hand", "Hulp en begeleiding thuis.", 21, ("huishoudelijke_hulp", "begeleiding_individueel")),
    (
        "Zorgboerderij De Wilgen",
        "Dagbesteding buiten, ook met vervoer.",
        14,
        ("dagbesteding", "vervoer_dagbesteding", "kortdurend_verblijf"),
    ),
    (
        "Ontmoetingshuis De Brug",
        "Dagbesteding midden in de wijk.",
        5,
        ("dagbesteding", "vervoer_dagbesteding", "begeleiding_individueel"),
    ),
    ("Mobiel & Wonen", "Hulpmiddelen en aanpassingen.", 30, ("rolstoel", "scootmobiel", "woningaanpassing")),
    (
        "Jeugdhulp Vlinder",
        "Begeleiding en therapie voor kinderen en hun ouders.",
        35,
        ("begeleiding_jeugd", "ambulante_jeugdhulp", "vaktherapie", "dagbehandeling", "logeren_jeugd"),
    ),
    (
        "Praktijk Leeslicht",
        "Hulp bij lezen, leren en groter worden.",
        12,
        ("dyslexiezorg", "vaktherapie", "begeleiding_jeugd", "ambulante_jeugdhulp"),
    ),
)


@dataclass(frozen=True)
class House:
    """What the stories of the demo play in."""

    gemeente: Gemeente
    teams: Mapping[str, Team]
    users: Mapping[str, User]


@transaction.atomic
def make_house(*, password: str) -> House:
    """Make what is missing of the gemeente, and give every login this password; nothing is made twice."""
    organisatie, _ = Organisatie.objects.get_or_create(name=ORGANISATIE)
    gemeente = make_gemeente(organisatie, code=CODE, name=NAME)
    for name in ("Noord", "Zuid"):
        Wijk.objects.get_or_create(gemeente=gemeente, name=name)
    teams = {name: make_team(organisatie, gemeente, name) for name in (NOORD, ZUID)}
    Team.objects.filter(pk=teams[NOORD].pk).update(takes_website=True)
    users = {staff.username: _make_user(staff, gemeente, teams) for staff in STAFF}
    users[PARTNER] = _make_partner(gemeente)
    refresh_password(list(users.values()), password)
    assume_tariff(actor_for(None, "demo").today)
    make_providers(gemeente)
    return House(gemeente, teams, users)


def make_gemeente(organisatie: Organisatie, *, code: str, name: str) -> Gemeente:
    """Give the gemeente with this code, with all that a letter needs; made when it is not there."""
    gemeente, _ = Gemeente.objects.get_or_create(
        code=code,
        defaults={
            "organisatie": organisatie,
            "name": name,
            "post_address": f"Postbus 1\n1234 AA {name}",
            "phone": "(0123) 45 67 89",
            "website": f"www.{name.lower()}.example",
            "bezwaar_address": f"Gemeente {name}\nJuridische zaken\nPostbus 1\n1234 AA {name}",
            "rechtbank": f"rechtbank {name}",
            "verordening_wmo": f"Verordening maatschappelijke ondersteuning {name} 2025",
            "verordening_jeugd": f"Verordening jeugdhulp {name} 2025",
            "clientondersteuning": f"Cliëntondersteuning {name}, telefoon (0123) 45 67 90",
            "vertrouwenspersoon": f"Vertrouwenspersoon jeugd {name}, telefoon (0123) 45 67 91",
        },
    )
    return gemeente


def make_team(organisatie: Organisatie, gemeente: Gemeente, name: str) -> Team:
    """Give the team with this name, working for the gemeente; made when it is not there."""
    team, _ = Team.objects.get_or_create(organisatie=organisatie, name=name)
    team.gemeenten.add(gemeente)
    return team


def _make_user(staff: Staff, gemeente: Gemeente, teams: Mapping[str, Team]) -> User:
    facts = {"kind": User.Kind.MEDEWERKER, "name": staff.name, "job_title": staff.job_title, "phone": staff.phone}
    user, new = User.objects.get_or_create(username=staff.username, defaults={**facts, "password": "!"})
    held = set(user.role_assignments.values_list("role_id", flat=True))
    for role in (staff.role, *MANDATES.get(staff.username, ())):
        if role not in held:  # a demo of an earlier version lacks what came later
            RoleAssignment.objects.create(user=user, gemeente=gemeente, role_id=role, since=SINCE)
    if new and staff.team:
        Membership.objects.create(user=user, team=teams[staff.team], since=SINCE)
    if new and staff.username in FACES:
        set_photo(user_id=user.pk, upload=draw_face(staff.username), actor=actor_for(user, "demo"))
    return user


def _make_partner(gemeente: Gemeente) -> User:
    """Somebody of a school who may send meldingen; the right ends, as every right of a ketenpartner."""
    facts = {"organisatie": gemeente.organisatie, "name": "Basisschool De Regenboog", "sort": Ketenpartner.Sort.SCHOOL}
    school, _ = Ketenpartner.objects.get_or_create(**facts)
    about = {"kind": User.Kind.MEDEWERKER, "name": "Wilma Kuipers", "job_title": "intern begeleider", "password": "!"}
    user, new = User.objects.get_or_create(username=PARTNER, defaults={**about, "ketenpartner": school})
    if new:
        today = actor_for(None, "demo").today
        ReportRight.objects.create(user=user, gemeente=gemeente, since=today, until=last_partner_day(today))
    return user


def refresh_password(users: Sequence[User], password: str) -> None:
    """Give these users one password, without the validators; one that works stays, and so do their sessions."""
    if len({user.password for user in users}) == 1 and users[0].check_password(password):
        return
    User.objects.filter(pk__in=[user.pk for user in users]).update(password=make_password(password))


def assume_tariff(today: date) -> None:
    """Go on with the last known eigen bijdrage when this year has none yet: a demo must not stop on 1 January.

    Production waits for the real amount.
    """
    last = Contribution.objects.filter(law="wmo").order_by("valid_from").last()
    if last and not Contribution.objects.valid_on(today).filter(law="wmo").exists():
        start = date(today.year, 1, 1)
        facts = {"amount_cents": last.amount_cents, "regime": last.regime, "source": "Aangenomen in de demo."}
        Contribution.objects.create(law="wmo", valid_from=start, valid_until=date(today.year, 12, 31), **facts)


def make_providers(gemeente: Gemeente) -> None:
    """Make the providers with their contracts, unless this gemeente has providers."""
    if Provider.objects.filter(gemeente=gemeente).exists():
        return
    products = {product.key: product for product in Product.objects.filter(valid_until=None)}
    for number, (name, about, waiting, keys) in enumerate(PROVIDERS, start=1):
        phone = f"(0123) 45 68 {number:02d}"
        provider = Provider.objects.create(gemeente=gemeente, name=name, about=about, phone=phone)
        Contract.objects.bulk_create(
            Contract(gemeente=gemeente, provider=provider, product=products[key], since=SINCE, waiting_days=waiting)
            for key in keys
        )
