"""How an inwoner comes in: with DigiD through a broker, for oneself or for somebody else; never the only way."""

from __future__ import annotations

from typing import Any

from django.contrib.auth import login
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from stdnum.nl import bsn as bsn_number

from casework.models import Person
from casework.services.people import person_of_bsn, welcome_resident
from toegang.accounts.backends import backend_of
from toegang.accounts.oidc import Refused, asked_here, come_back, leave
from toegang.accounts.providers import Provider, claim, resident_provider
from toegang.accounts.sessions import begin_session
from toegang.accounts.views.door import example_people, safe_next
from toegang.core.access import ActingRequest, not_found, public
from toegang.portaal.verified import keep_number

AGAIN = "Inloggen met DigiD is niet gelukt. Probeer het opnieuw."
REFUSALS = {
    "cancelled": "U bent gestopt met inloggen. U kunt het opnieuw proberen.",
    "unreachable": "DigiD geeft nu geen antwoord. Probeer het over een paar minuten opnieuw.",
    "state": "Het inloggen duurde te lang, of begon in een ander venster. Begin opnieuw.",
    "unknown": "Wij vinden nog geen melding of zaak op uw naam. U hoeft dan ook niet in te loggen.",
    "unknown_represented": "Wij vinden nog geen melding of zaak van de persoon voor wie u inlogt.",
}


@public
def sign_in(request: ActingRequest) -> HttpResponse:
    """Show the way in with DigiD, and the ways that work without."""
    onward = safe_next(request, request.GET.get("next", ""))
    provider = resident_provider()
    page = {
        "provider": provider,
        "button": f"Inloggen met {provider.name}" if provider else "",
        "digid_url": f"{reverse('portaal:digid_start')}?{urlencode({'next': onward})}",
        "example_people": example_people(),
    }
    return render(request, "portaal/sign_in.html", page)


@public
def digid_start(request: ActingRequest) -> HttpResponse:
    """Leave for the broker."""
    provider = resident_provider()
    if provider is None:
        return not_found(request)
    back = request.build_absolute_uri(reverse("portaal:digid_back"))
    onward = safe_next(request, request.GET.get("next", ""))
    if not asked_here(request):
        return redirect(f"{reverse('portaal:sign_in')}?{urlencode({'next': onward})}")
    try:
        return leave(request, provider, back, onward=onward)
    except Refused as refusal:
        return _refused(request, refusal)


@public
def digid_back(request: ActingRequest) -> HttpResponse:
    """Come back from the broker: who is there, and for whom; both are kept in the session and in the log."""
    provider = resident_provider()
    if provider is None:
        return not_found(request)
    try:
        claims, notes = come_back(request, provider)
        person = _person(claims, provider.bsn_claim, "unknown", request)
        represented = _represented(claims, provider)
    except Refused as refusal:
        return _refused(request, refusal)
    user = welcome_resident(person_id=person.pk, actor=request.actor)
    login(request, user, backend=backend_of(user))
    begin_session(request, way="digid", proved=claims.get("auth_time"), sure=True)
    what = "Ingelogd met DigiD"
    for key in ("on_behalf_of", "on_behalf_name"):
        request.session.pop(key, None)
    if represented:
        request.session["on_behalf_of"], request.session["on_behalf_name"] = str(represented.pk), represented.name
        what = "Ingelogd met DigiD voor een ander"
    request.actor.looked_at(what, action="login", object_id=str(user.pk), detail=_for_whom(represented))
    onward = notes["onward"]
    return redirect("portaal:home" if onward == reverse("home") else onward)


def _represented(claims: dict[str, Any], provider: Provider) -> Person | None:
    """The person for whom somebody signed in (DigiD Machtigen), if any. Raises Refused when unknown."""
    if claim(claims, provider.represents_claim[:1]) is None:
        return None
    return _person(claims, provider.represents_claim, "unknown_represented", None)


def _person(claims: dict[str, Any], path: tuple[str, ...], unknown: str, request: ActingRequest | None) -> Person:
    """The person of the burgerservicenummer in the claims. Raises Refused without a right one.

    Who is not known here may ask for help at once: with the request the number is kept for that.
    """
    number = claim(claims, path)
    if not isinstance(number, str) or not bsn_number.is_valid(number):
        raise Refused("bsn")  # the number itself is never logged
    person = person_of_bsn(bsn_number.compact(number))
    if person is None and request:
        keep_number(request, number)
    if person is None:
        raise Refused(unknown)
    return person


def _for_whom(represented: Person | None) -> str:
    return f"voor persoon {represented.pk}" if represented else ""


def _refused(request: ActingRequest, refusal: Refused) -> HttpResponse:
    """Log why; say in words what to do, and how it goes without DigiD."""
    what = f"Inloggen met DigiD geweigerd: {refusal.reason}"
    request.actor.looked_at(what, action="login", detail=refusal.detail[:200], result="refused")
    reason = refusal.reason
    page = {"sentence": REFUSALS.get(reason, AGAIN), "too_low": reason == "level", "new": reason == "unknown"}
    return render(request, "portaal/sign_in_refused.html", page, status=403)
