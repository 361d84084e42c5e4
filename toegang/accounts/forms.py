"""The form at the door."""

from typing import Any

from django.contrib.auth.forms import AuthenticationForm
from django.core.exceptions import ValidationError

from toegang.accounts.models import User


class LoginForm(AuthenticationForm):
    """Local accounts of medewerkers; nothing tells whether an account exists."""

    error_messages = {
        "invalid_login": "De gebruikersnaam of het wachtwoord klopt niet. Probeer het nog een keer.",
        "inactive": "De gebruikersnaam of het wachtwoord klopt niet. Probeer het nog een keer.",
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["username"].error_messages["required"] = "Vul uw gebruikersnaam in"
        self.fields["password"].error_messages["required"] = "Vul uw wachtwoord in"
        self.fields["password"].label = "Wachtwoord"
        self.fields["username"].label = "Gebruikersnaam"

    def confirm_login_allowed(self, user: Any) -> None:
        """Keep every other kind of user out of this door."""
        if user.kind != User.Kind.MEDEWERKER or not user.is_active:
            raise ValidationError(self.error_messages["invalid_login"], code="invalid_login")
