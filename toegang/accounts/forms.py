"""The forms at the door: name and password, the code of a second factor, and the same again for a weighty act."""

from __future__ import annotations

from typing import Any

from allauth.account.forms import ChangePasswordForm
from allauth.account.forms import LoginForm as LocalLoginForm
from allauth.account.forms import ReauthenticateForm as LocalPasswordForm
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.totp.forms import ActivateTOTPForm
from django import forms
from django.contrib.auth.forms import SetPasswordForm

MISMATCH = "Dit is niet hetzelfde als het nieuwe wachtwoord hierboven"
LONG = "Minstens 12 tekens. Een zin van een paar woorden is sterk en makkelijk te onthouden."


def _plain(form: forms.BaseForm, name: str, label: str, *, required: str, help_text: str = "") -> None:
    """Give a field of allauth our words; the placeholder goes, because it is no label."""
    field = form.fields[name]
    field.label, field.help_text = label, help_text
    field.error_messages["required"] = required
    field.widget.attrs.pop("placeholder", None)
    form.use_required_attribute = False


class LoginForm(LocalLoginForm):  # type: ignore[misc]
    """Local accounts; nothing tells whether an account exists."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _plain(self, "login", "Gebruikersnaam", required="Vul uw gebruikersnaam in")
        _plain(self, "password", "Wachtwoord", required="Vul uw wachtwoord in")


class PasswordAgainForm(LocalPasswordForm):  # type: ignore[misc]
    """The password once more."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _plain(self, "password", "Wachtwoord", required="Vul uw wachtwoord in")


class NewPasswordForm(ChangePasswordForm):  # type: ignore[misc]
    """The present password and a new one."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _plain(self, "oldpassword", "Uw huidige wachtwoord", required="Vul uw huidige wachtwoord in")
        _plain(self, "password1", "Nieuw wachtwoord", required="Vul een nieuw wachtwoord in", help_text=LONG)
        again = "Vul uw nieuwe wachtwoord nog een keer in"
        _plain(self, "password2", "Nieuw wachtwoord, nog een keer", required=again)

    def clean(self) -> dict[str, Any]:
        """Say in our words that the two differ."""
        given: dict[str, Any] = super().clean() or self.cleaned_data
        if self.data.get("password2") and self.has_error("password2"):
            del self.errors["password2"]
            self.add_error("password2", MISMATCH)
        return given


def _code(form: forms.BaseForm, help_text: str) -> None:
    _plain(form, "code", "Code", required="Vul de code in", help_text=help_text)
    form.fields["code"].widget.attrs |= {"inputmode": "numeric", "data-size": "short"}


class CodeForm(AuthenticateForm):  # type: ignore[misc]
    """The code of the app, or a recovery code."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _code(self, "De 6 cijfers uit de app op uw telefoon, of een van uw herstelcodes.")


class CodeAgainForm(ReauthenticateForm):  # type: ignore[misc]
    """The code once more."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _code(self, "De 6 cijfers uit de app op uw telefoon, of een van uw herstelcodes.")


class ActivateAppForm(ActivateTOTPForm):  # type: ignore[misc]
    """The first code of a new app."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _code(self, "De 6 cijfers die de app nu laat zien.")


class ChoosePasswordForm(SetPasswordForm):  # type: ignore[type-arg]
    """The first password of an own account."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.label_suffix = ""
        _plain(self, "new_password1", "Nieuw wachtwoord", required="Vul een nieuw wachtwoord in", help_text=LONG)
        again = "Vul uw nieuwe wachtwoord nog een keer in"
        _plain(self, "new_password2", "Nieuw wachtwoord, nog een keer", required=again)
        self.error_messages = {**self.error_messages, "password_mismatch": MISMATCH}
