"""What allauth asks of this house: nobody signs up, words in Dutch, secrets encrypted, every try in the log."""

from __future__ import annotations

import base64
import hashlib
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from toegang.accounts.models import User
from toegang.accounts.sessions import begin_session, end_sessions, proved_recently
from toegang.core.records import keep

WRONG = "De gebruikersnaam of het wachtwoord klopt niet. Probeer het nog een keer."
WRONG_CODE = "Deze code klopt niet of is te oud. Vul de nieuwste code in."
LAST_FACTOR = "Dit is uw enige tweede stap. Voeg eerst een andere toe."
TOO_OFTEN = (
    "U probeerde het te vaak. Wacht 5 minuten en probeer het dan nog een keer. "
    "Wachtwoord vergeten? Vraag uw functioneel beheerder om een nieuwe uitnodiging."
)


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Local accounts of medewerkers and ketenpartners."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "username_password_mismatch": WRONG,
        "enter_current_password": "Dit is niet uw huidige wachtwoord. Probeer het nog een keer.",
        "incorrect_password": "Dit wachtwoord klopt niet. Probeer het nog een keer.",
        "too_many_login_attempts": TOO_OFTEN,
        "rate_limited": TOO_OFTEN,
    }

    def set_password(self, user: User, password: str) -> None:
        """Set a new password; all other sessions of this user end."""
        end_sessions(user, but=self.request.session.session_key)
        user.set_password(password)
        keep(user, by=self.request.actor, what="Wachtwoord gewijzigd")

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:  # noqa: ARG002 (allauth's signature)
        """Back to the page of the second step, where password and factors stand together."""
        return reverse("mfa_index")

    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002 (allauth's signature)
        """Nobody makes an account of their own."""
        return False

    def login(self, request: Any, user: User) -> None:
        """Start the session with its limits, and log it; who was disabled on the way in stays outside."""
        if not user.is_active:
            raise ImmediateHttpResponse(self.respond_user_inactive(request, user))
        super().login(request, user)
        begin_session(request, way="local")
        request.actor.looked_at("Ingelogd", action="login", object_id=user.username[:40])

    def authentication_failed(self, request: Any, **credentials: Any) -> None:
        """Log the try with the account that it was about; what was typed may be a password and is not kept."""
        super().authentication_failed(request, **credentials)
        user = User.objects.filter(username=credentials.get("username", "")).first()
        request.actor.looked_at(
            "Inloggen mislukt", action="login", object_id=user.username[:40] if user else "", result="refused"
        )

    def respond_user_inactive(self, request: HttpRequest, user: User) -> HttpResponse:  # noqa: ARG002
        """Send who is disabled to the way in with the words that everybody gets."""
        messages.error(request, WRONG)
        return redirect("account_login")

    def is_reauthentication_required(self, *, app: str) -> bool:  # noqa: ARG002 (allauth's signature)
        """Who signed in within the last minutes need not do it again."""
        return not proved_recently(self.request)

    def add_message(self, *args: Any, **kwargs: Any) -> None:
        """The pages say themselves what was done."""


class FactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """Second factors: the secret of an app is stored encrypted."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": WRONG_CODE,
        "cannot_delete_authenticator": LAST_FACTOR,
    }

    def get_totp_issuer(self) -> str:
        """The name that the app on the telephone shows."""
        return "Toegang"

    def can_delete_authenticator(self, authenticator: Any) -> bool:
        """The last factor stays, for who needs one."""
        others = type(authenticator).objects.filter(user=authenticator.user).exclude(pk=authenticator.pk)
        return not settings.SECOND_FACTOR_REQUIRED or others.exclude(type="recovery_codes").exists()

    def generate_authenticator_name(self, user: User, type: str) -> str:  # noqa: A002 (allauth's signature)
        """Propose a name that tells the second passkey from the first."""
        count: int = Authenticator.objects.filter(user=user, type=type).count()
        return f"Passkey {count + 1}"

    def encrypt(self, text: str) -> str:
        """Encrypt a secret under the present key."""
        return _box().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """Decrypt a secret, also one that was stored under an older key."""
        return _box().decrypt(encrypted_text.encode()).decode()


def _box() -> MultiFernet:
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    digests = [hashlib.sha256(f"toegang.factor:{key}".encode()).digest() for key in keys]
    return MultiFernet([Fernet(base64.urlsafe_b64encode(digest)) for digest in digests])
