"""People of the gemeente and of ketenpartners: who there is, who they are, and whether the account is in use."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse

from casework.selectors import cases_in_hand
from toegang.accounts.history import person_history
from toegang.accounts.models import User
from toegang.accounts.selectors import (
    managed_gemeenten,
    managed_organisaties,
    partners_of,
    people_of,
    period,
    way_in,
    with_work,
)
from toegang.accounts.services import people as accounts
from toegang.accounts.services.invitations import link_of, may_be_invited
from toegang.accounts.sessions import step_up
from toegang.core.access import ActingRequest
from toegang.core.pages import paged, posted
from toegang.werkplek.beheer_page import beheerder, person_in_scope, person_url, save_version, show, show_form
from toegang.werkplek.forms.beheer import DetailsForm, NewPersonForm, ReasonForm, SearchForm, left_behind
from toegang.werkplek.saving import save

SHOWN_ONCE = "uitnodiging"  # in the session: whose link the next page shows
FROM_SIGN_IN = ("name", "phone", "email")


@beheerder
def people(request: ActingRequest) -> HttpResponse:
    """Show people by name, fifty at a time."""
    form = SearchForm(request.GET or {"stand": "ja"})
    form.is_valid()  # what is wrong is said at the field, and does not narrow the list
    found = with_work(_wanted(request, **{"q": "", "stand": "ja", **form.cleaned_data}), request.actor.today)
    return show(request, "people", "mensen", form=form, **paged(request, found))


def _wanted(request: ActingRequest, *, q: str, stand: str) -> Any:
    found = people_of(request.actor).filter(name__icontains=q)
    narrowed = {
        "nee": found.filter(is_active=False),
        "keten": found.exclude(ketenpartner=None),
        "alle": found,
    }
    return narrowed.get(stand, found.filter(is_active=True))


@beheerder
def person_new(request: ActingRequest, partner: int | None = None) -> HttpResponse:
    """Make an own account, of a medewerker or of somebody of a ketenpartner, with an invitation."""
    of = get_object_or_404(partners_of(request.actor), pk=partner) if partner is not None else None
    organisaties = managed_organisaties(request.actor)
    form = NewPersonForm(
        posted(request), organisaties=organisaties.filter(pk=of.organisatie_id) if of else organisaties
    )
    made: list[User] = []

    def act() -> None:
        facts = {"username": form.cleaned_data["username"], "details": form.details(), "ketenpartner": of}
        made.append(accounts.add_person(organisatie=form.organisation, actor=request.actor, **facts))
        request.session[SHOWN_ONCE] = made[0].pk

    done = "Het account is gemaakt. Geef de persoon nu de uitnodiging."
    if answer := save(request, form, act, done=done, back=lambda: person_url(made[0])):
        return answer
    title = f"Nieuw account voor {of.name}" if of else "Nieuw account"
    back = reverse("werkplek:beheer_partner", args=[of.pk]) if of else reverse("werkplek:beheer_people")
    intro = ["De persoon kiest zelf een wachtwoord, met een link die drie dagen werkt."]
    intro += [] if of else ["Logt deze persoon in met de inlog van de organisatie? Maak dan geen account."]
    part = "ketenpartners" if of else "mensen"
    return show_form(request, form, part, title=title, submit="Account maken", back=back, intro=intro)


@beheerder
def person_page(request: ActingRequest, person: int) -> HttpResponse:
    """Show who somebody is, how they sign in, the roles and teams with their periods, and what was changed."""
    who = person_in_scope(request, person)
    request.actor.looked_at("Account bekeken", object_type="user", object_id=str(who.pk))
    today, local = request.actor.today, not who.identities.exists()
    mine = set(managed_gemeenten(request.actor).values_list("pk", flat=True))
    roles = who.role_assignments.select_related("role", "gemeente").order_by("-since", "pk")
    teams = who.memberships.select_related("team").prefetch_related("team__gemeenten").order_by("-since", "pk")
    rights = who.report_rights.select_related("gemeente").order_by("-since", "pk") if who.ketenpartner_id else ()
    facts = {
        "who": who,
        "own": who.pk == request.actor.user_id,
        "facts": _facts(who, local=local),
        "local": local,
        "roles": [(row, _state(row, today, hers=row.gemeente_id in mine)) for row in roles],
        "teams": [(row, _state(row, today, hers=any(g.pk in mine for g in row.team.gemeenten.all()))) for row in teams],
        "rights": [(row, _state(row, today, hers=row.gemeente_id in mine)) for row in rights],
        "entries": person_history(who, request.actor),
        "link": _link_once(request, who),
    }
    return show(request, "person", "ketenpartners" if who.ketenpartner_id else "mensen", **facts)


def _facts(who: User, *, local: bool) -> list[tuple[str, str]]:
    found = [
        ("Functie", who.job_title),
        ("Telefoon", who.phone),
        ("E-mail", who.email),
        ("Gebruikersnaam", who.username),
        ("Ketenpartner", who.ketenpartner.name if who.ketenpartner else ""),
        ("Inloggen", way_in(who, local=local)),
    ]
    return [(label, value) for label, value in found if value]


def _state(row: Any, today: Any, *, hers: bool) -> dict[str, Any]:
    """A period in words, and whether a hand may end it."""
    over = row.until is not None and row.until < today
    return {
        "period": period(row.since, row.until, today),
        "over": over,
        "ends": hers and not over and row.source == "hand",
    }


def _link_once(request: ActingRequest, who: User) -> str:
    """The link of a fresh invitation, on the first page after it was made only."""
    if request.session.get(SHOWN_ONCE) != who.pk or not may_be_invited(who):
        return ""
    del request.session[SHOWN_ONCE]
    request.actor.looked_at("Uitnodiging getoond", object_type="user", object_id=str(who.pk))
    return request.build_absolute_uri(link_of(who))


@beheerder
def person_edit(request: ActingRequest, person: int) -> HttpResponse:
    """Change name, job title, telephone and e-mail; what the organisation's sign-in fills in stays as it is."""
    who, fixed, intro = person_in_scope(request, person), (), []
    if who.identities.exists():
        fixed, intro = FROM_SIGN_IN, ["Naam, telefoon en e-mail komen van de inlog van de organisatie."]
    initial = {name: getattr(who, name) for name in (*FROM_SIGN_IN, "job_title")}
    form = DetailsForm(posted(request), fixed=fixed, initial={**initial, "version": accounts.last_change(who)})

    def act() -> None:
        facts = {"details": form.details(), "version": form.cleaned_data["version"]}
        accounts.change_person(user=who, actor=request.actor, **facts)

    done, back = "De gegevens zijn bewaard.", person_url(who)
    if answer := save_version(request, form, act, done=done, back=back):
        return answer
    title = f"Gegevens van {who.name}"
    return show_form(request, form, "mensen", title=title, submit="Gegevens bewaren", back=back, intro=intro)


@beheerder
@step_up
def person_disable(request: ActingRequest, person: int) -> HttpResponse:
    """Put an account out of use; the page tells which cases are left without anybody."""
    who = person_in_scope(request, person)
    left = left_behind(cases_in_hand(who.pk))
    intro = ["Deze persoon kan daarna niet meer inloggen. Wie nu is ingelogd, is meteen uitgelogd."]
    facts = {"title": f"Account van {who.name} uitzetten", "submit": "Account uitzetten", "left": left, "intro": intro}
    done = f"Het account van {who.name} is uit. Alle sessies zijn gestopt."
    return _with_reason(request, who, accounts.disable, done=done, **facts)


@beheerder
def person_enable(request: ActingRequest, person: int) -> HttpResponse:
    """Put an account into use again."""
    who = person_in_scope(request, person)
    intro = ["Rollen en teams die nog lopen, gelden dan weer."]
    facts = {"title": f"Account van {who.name} aanzetten", "submit": "Account aanzetten", "intro": intro}
    return _with_reason(request, who, accounts.enable, done=f"Het account van {who.name} is weer aan.", **facts)


@beheerder
@step_up
def person_invite(request: ActingRequest, person: int) -> HttpResponse:
    """Make a new invitation, which replaces the password."""
    who = person_in_scope(request, person)
    intro = ["Het wachtwoord van nu werkt daarna niet meer, en een oude uitnodiging ook niet."]
    facts = {"title": f"Nieuwe uitnodiging voor {who.name}", "submit": "Uitnodiging maken", "intro": intro}
    done = "De uitnodiging is gemaakt. Geef de persoon nu de link."
    answer = _with_reason(request, who, accounts.renew_invitation, done=done, **facts)
    if answer.status_code != 200:  # noqa: PLR2004 (the page with what is wrong)
        request.session[SHOWN_ONCE] = who.pk
    return answer


@beheerder
@step_up
def person_factors(request: ActingRequest, person: int) -> HttpResponse:
    """Wipe the second factors of who lost a telephone or a key."""
    who = person_in_scope(request, person)
    intro = [
        "Doe dit als een telefoon of sleutel kwijt is. Controleer eerst of u echt met deze persoon praat.",
        "Bij de volgende keer inloggen voegt de persoon een nieuwe tweede stap toe. Het wachtwoord blijft.",
    ]
    facts = {"title": f"Tweede stap van {who.name} wissen", "submit": "Tweede stap wissen", "intro": intro}
    done = f"De tweede stap van {who.name} is gewist. Alle sessies zijn gestopt."
    return _with_reason(request, who, accounts.wipe_factors, done=done, **facts)


def _with_reason(
    request: ActingRequest, who: User, act: Any, *, done: str, left: Any = (), **facts: Any
) -> HttpResponse:
    """A page with one question: why."""
    form, back = ReasonForm(posted(request), left=left), person_url(who)
    if left:
        request.actor.looked_at("Zaken van wie stopt: nummers", action="list", object_id=str(who.pk))

    def perform() -> None:
        act(user=who, reason=form.cleaned_data["reason"], actor=request.actor)

    if answer := save(request, form, perform, done=done, back=back):
        return answer
    return show_form(request, form, "mensen", back=back, left=left, **facts)
