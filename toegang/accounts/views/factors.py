"""Password and second factors: allauth's pages inside our frame, with our words."""

from __future__ import annotations

from typing import Any, cast

from allauth.account import views as account
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base import views as base
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as passkeys
from django.conf import settings
from django.contrib import messages
from django.forms import BaseForm
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect

from toegang.accounts.adapters import LAST_FACTOR
from toegang.accounts.sessions import step_up
from toegang.core.access import ActingRequest, public, staff

UNKNOWN_PASSKEY = "Inloggen met deze passkey lukt niet. Probeer het opnieuw, of log in met uw wachtwoord."


def _log_refusal(request: HttpRequest, what: str, username: str = "") -> None:
    actor = cast("ActingRequest", request).actor
    actor.looked_at(what, action="login", object_id=username[:40], result="refused")


class PasswordChange(account.PasswordChangeView):  # type: ignore[misc]
    """A new password, for who has one; who signs in through a provider has none here."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Hide the page from who has no password."""
        if not request.user.has_usable_password():
            raise Http404
        answer: HttpResponseBase = super().dispatch(request, *args, **kwargs)
        return answer


class Authenticate(base.AuthenticateView):  # type: ignore[misc]
    """The code or the passkey after the password."""

    def form_invalid(self, form: BaseForm) -> HttpResponse:
        """Log the try with the account that it was about."""
        _log_refusal(self.request, "Tweede stap mislukt", self.stage.login.user.username)
        answer: HttpResponse = super().form_invalid(form)
        return answer

    def get_context_data(self, **facts: Any) -> dict[str, Any]:
        """Tell the title whether something was wrong."""
        found: dict[str, Any] = super().get_context_data(**facts)
        return found | {"has_errors": bool(self.request.POST)}


class Overview(base.IndexView):  # type: ignore[misc]
    """What the user has, and what is still needed."""

    def get_context_data(self, **facts: Any) -> dict[str, Any]:
        """Tell whether a second factor is needed here."""
        found: dict[str, Any] = super().get_context_data(**facts)
        return found | {"required": settings.SECOND_FACTOR_REQUIRED}


class PasskeyLogin(passkeys.LoginWebAuthnView):  # type: ignore[misc]
    """Signing in with a passkey alone: it holds two factors itself."""

    def form_invalid(self, form: BaseForm) -> HttpResponse:  # noqa: ARG002 (allauth's signature)
        """Say what to do, and log the try; whose key it claimed to be is not known."""
        _log_refusal(self.request, "Inloggen met een passkey mislukt")
        messages.error(self.request, UNKNOWN_PASSKEY)
        return redirect("account_login")


class PasskeyAgain(passkeys.ReauthenticateWebAuthnView):  # type: ignore[misc]
    """The passkey once more."""

    def form_invalid(self, form: BaseForm) -> HttpResponse:
        """Show the page again, with what went wrong."""
        page = self.get_context_data() | {"form": form, "has_errors": True}
        return cast("HttpResponse", self.render_to_response(page))


class PasskeyRemove(passkeys.RemoveWebAuthnView):  # type: ignore[misc]
    """Taking a passkey away; the last factor stays, for who needs one."""

    def form_valid(self, form: BaseForm) -> HttpResponse:
        """Refuse in words what would lock the user out."""
        if not get_adapter().can_delete_authenticator(self.get_object()):
            messages.error(self.request, LAST_FACTOR)
            return redirect("mfa_list_webauthn")
        answer: HttpResponse = super().form_valid(form)
        return answer


password_change = staff(PasswordChange.as_view())
authenticate = public(Authenticate.as_view())
passkey_login = public(PasskeyLogin.as_view())
password_again = staff(account.reauthenticate)
code_again = staff(base.reauthenticate)
passkey_again = staff(PasskeyAgain.as_view())
overview = staff(Overview.as_view())
app_add = staff(step_up(totp.activate_totp))
app_remove = staff(step_up(totp.deactivate_totp))
codes_show = staff(step_up(codes.view_recovery_codes))
codes_new = staff(step_up(codes.generate_recovery_codes))
passkey_list = staff(passkeys.list_webauthn)
passkey_add = staff(step_up(passkeys.add_webauthn))
passkey_remove = staff(step_up(PasskeyRemove.as_view()))
