"""The way in for who was invited: choose a password once, then sign in."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpResponse
from django.shortcuts import redirect, render

from toegang.accounts.forms import ChoosePasswordForm
from toegang.accounts.services.invitations import accept_invitation, invited
from toegang.core.access import ActingRequest, public
from toegang.core.lifecycle import Blocked
from toegang.core.pages import posted


@public
def choose_password(request: ActingRequest, uidb36: str, token: str) -> HttpResponse:
    """Let the invited person choose a password; one plain page for every link that does not work."""
    user = invited(uidb36, token)
    if user is None:
        return _gone(request)
    form = ChoosePasswordForm(user, posted(request))
    if not form.is_valid():
        page = {"form": form, "who": user, "has_errors": bool(form.errors)}
        return render(request, "accounts/invitation.html", page)
    try:
        accept_invitation(user=user, token=token, password=form.cleaned_data["new_password1"], actor=request.actor)
    except Blocked:
        return _gone(request)
    logout(request)
    messages.success(request, "Uw wachtwoord is bewaard. Log nu in met uw gebruikersnaam en dit wachtwoord.")
    return redirect("account_login")


def _gone(request: ActingRequest) -> HttpResponse:
    """Say the same of a link that is used, old, wrong or not for this; the log does not hold the link."""
    request.actor.looked_at("Uitnodiging die niet werkt", action="login", result="refused")
    return render(request, "accounts/invitation_gone.html", status=404)
