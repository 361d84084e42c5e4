"""Password and second factors: allauth's pages inside our frame, with our words."""

from __future__ import annotations

from typing import Any

from allauth.account import views as account
from allauth.mfa.base import views as base
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as passkeys
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase

from toegang.core.access import public, staff


class PasswordChange(account.PasswordChangeView):  # type: ignore[misc]
    """A new password, for who has one; who signs in through a provider has none here."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Hide the page from who has no password."""
        if not request.user.has_usable_password():
            raise Http404
        answer: HttpResponseBase = super().dispatch(request, *args, **kwargs)
        return answer


password_change = staff(PasswordChange.as_view())
authenticate = public(base.authenticate)
passkey_login = public(passkeys.login_webauthn)
password_again = staff(account.reauthenticate)
code_again = staff(base.reauthenticate)
passkey_again = staff(passkeys.reauthenticate_webauthn)
overview = staff(base.index)
app_add = staff(totp.activate_totp)
app_remove = staff(totp.deactivate_totp)
codes_show = staff(codes.view_recovery_codes)
codes_new = staff(codes.generate_recovery_codes)
passkey_list = staff(passkeys.list_webauthn)
passkey_add = staff(passkeys.add_webauthn)
passkey_remove = staff(passkeys.remove_webauthn)
