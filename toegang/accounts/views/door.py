"""Signing in: by the organisation's own provider, or with a local account and a second factor."""

from __future__ import annotations

from typing import Any

from allauth.account import views as allauth_views
from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import Resolver404, resolve, reverse
from django.utils.http import url_has_allowed_host_and_scheme, urlencode

from toegang.accounts.backends import backend_of
from toegang.accounts.models import User
from toegang.accounts.oidc import Refused, asked_here, come_back, leave
from toegang.accounts.providers import staff_provider
from toegang.accounts.services.sign_in import admit_staff
from toegang.accounts.sessions import begin_session
from toegang.core.access import ActingRequest, not_found, public

EXAMPLE_PEOPLE = "/demo/inwoner/"
AGAIN = "Inloggen is niet gelukt. Begin opnieuw. Lukt het dan nog niet? Bel uw functioneel beheerder."
REFUSALS = {
    "cancelled": "U bent gestopt met inloggen. U kunt het opnieuw proberen.",
    "unreachable": "De inlog van uw organisatie geeft nu geen antwoord. Probeer het over een paar minuten opnieuw.",
    "state": "Uw inlog duurde te lang of begon in een ander venster. Begin opnieuw.",
    "level": "U logde in zonder tweede stap. Log opnieuw in met uw app, sleutel of pas.",
    "no_role": "U hebt nog geen rol in Toegang. Vraag uw functioneel beheerder om een rol.",
    "disabled": "Dit account is niet meer in gebruik. Klopt dat niet? Bel uw functioneel beheerder.",
    "other": "U logde in met een ander account. Log in met het account waarmee u bezig was.",
}


class SignIn(allauth_views.LoginView):  # type: ignore[misc]
    """The page with name and password, and the way to the organisation's own sign-in."""

    template_name = "accounts/login.html"

    def get_context_data(self, **facts: Any) -> dict[str, Any]:
        """Add the other ways in."""
        form = facts.get("form") or self.get_form()
        found: dict[str, Any] = super().get_context_data(**facts | {"form": form})
        next_page = self.request.POST.get("next") or self.request.GET.get("next", "")
        provider = staff_provider()
        way_in = f"{reverse('oidc_start')}?{urlencode({'next': next_page})}" if next_page else reverse("oidc_start")
        return found | {
            "forms": [form],
            "has_errors": bool(form.errors),
            "next": next_page,
            "provider_label": f"Inloggen met {provider.name}" if provider else "",
            "provider_url": way_in,
            "example_people": example_people(),
        }


sign_in = public(SignIn.as_view())


def example_people() -> str:
    """Give the address where the demo lets somebody in as an inwoner; empty outside the demo."""
    try:
        resolve(EXAMPLE_PEOPLE)
    except Resolver404:
        return ""
    return EXAMPLE_PEOPLE


def safe_next(request: HttpRequest, wanted: str) -> str:
    """An address within this site; the way home for everything else."""
    safe = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return wanted if safe else reverse("home")


@public
def oidc_start(request: ActingRequest) -> HttpResponse:
    """Leave for the organisation's own sign-in; `opnieuw` asks who is signed in to prove it again."""
    provider = staff_provider()
    if provider is None:
        return not_found(request)
    back = request.build_absolute_uri(reverse("oidc_back"))
    onward, again = safe_next(request, request.GET.get("next", "")), "opnieuw" in request.GET
    if not again and not asked_here(request):
        return redirect(f"{reverse('account_login')}?{urlencode({'next': onward})}")
    try:
        return leave(request, provider, back, onward=onward, again=again)
    except Refused as refusal:
        return _refused(request, refusal)


@public
def oidc_back(request: ActingRequest) -> HttpResponse:
    """Come back from the organisation's own sign-in."""
    provider = staff_provider()
    if provider is None:
        return not_found(request)
    try:
        claims, notes = come_back(request, provider)
        user = admit_staff(provider=provider, claims=claims, actor=request.actor)
        _same_as_before(request, user, again=notes["again"])
    except Refused as refusal:
        return _refused(request, refusal)
    login(request, user, backend=backend_of(user))
    begin_session(request, way="oidc", proved=claims.get("auth_time"), sure=True)
    request.actor.looked_at("Ingelogd via de organisatie", action="login", object_id=str(user.pk))
    return redirect(notes["onward"])


def _same_as_before(request: ActingRequest, user: User, *, again: bool) -> None:
    """A fresh proof is of who was signed in, not of somebody else."""
    if again and request.user != user:
        raise Refused("other")


def _refused(request: ActingRequest, refusal: Refused) -> HttpResponse:
    """Log why, and say in words what to do; nothing tells what was wrong with the answer."""
    what = f"Inloggen via de organisatie geweigerd: {refusal.reason}"
    request.actor.looked_at(what, action="login", detail=refusal.detail[:200], result="refused")
    page = {"sentence": REFUSALS.get(refusal.reason, AGAIN), "again": reverse("oidc_start")}
    return render(request, "accounts/refused.html", page, status=403)
