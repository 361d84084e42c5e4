"""The forms at the door: name and password, the code of a second factor, and the same again for a weighty act."""

from __future__ import annotations

from typing import Any

from allauth.account.forms import ChangePasswordForm
from allauth.account.forms import LoginForm as LocalLoginForm
from allauth.account.forms import ReauthenticateForm as LocalPasswordForm
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn.forms import (
    AddWebAuthnForm,
    AuthenticateWebAuthnForm,
    LoginWebAuthnForm,
    ReauthenticateWebAuthnForm,
)
from django import forms
from django.contrib.auth.forms import SetPasswordForm
from django.core.files.uploadedfile import UploadedFile

from toegang.accounts.models import Density, Digest, Theme
from toegang.core.forms import Form, PostcodeField
from toegang.core.images import ENDINGS, MOST_BYTES, NO_PHOTO, TOO_LARGE

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


NOT_READ = (KeyError, TypeError, ValueError, AttributeError)  # what the library raises for what is no passkey
UNREADABLE = "De passkey of sleutel werd niet herkend. Probeer het opnieuw"


class _Readable:
    """What a browser did not make is a wrong passkey, not a broken page."""

    def clean_credential(self) -> Any:
        try:
            return super().clean_credential()  # type: ignore[misc]
        except NOT_READ as error:
            raise forms.ValidationError(UNREADABLE) from error


class PasskeyForm(_Readable, AuthenticateWebAuthnForm):  # type: ignore[misc]
    """A passkey or key after the password."""


class PasskeyAgainForm(_Readable, ReauthenticateWebAuthnForm):  # type: ignore[misc]
    """A passkey or key once more."""


class PasskeyLoginForm(_Readable, LoginWebAuthnForm):  # type: ignore[misc]
    """A passkey instead of name and password."""


class AddPasskeyForm(AddWebAuthnForm):  # type: ignore[misc]
    """A new passkey or key."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _plain(self, "name", "Naam", required="", help_text="Hieraan herkent u hem later. Bijvoorbeeld: telefoon.")
        label = "Ook inloggen zonder wachtwoord"
        _plain(self, "passwordless", label, required="", help_text="Zet dit uit voor een losse sleutel zonder pincode.")
        self.fields["passwordless"].initial = True
        self.fields["credential"].error_messages |= {"required": UNREADABLE, "invalid": UNREADABLE}

    def clean(self) -> dict[str, Any]:
        """Read what the browser made."""
        try:
            found: dict[str, Any] = super().clean()
        except NOT_READ as error:
            raise forms.ValidationError(UNREADABLE) from error
        return found


class PreferencesForm(Form):
    """How the pages look and how the work is told; `email` is where the mail would go."""

    density = forms.ChoiceField(label="Ruimte op de pagina", choices=Density.choices, widget=forms.RadioSelect)
    theme = forms.ChoiceField(label="Kleuren", choices=Theme.choices, widget=forms.RadioSelect)
    shortcuts = forms.BooleanField(
        label="Sneltoetsen gebruiken",
        help_text="Met één letter naar een andere pagina. Het vraagteken laat alle toetsen zien.",
        required=False,
    )
    digest = forms.ChoiceField(
        label="E-mail over uw werk",
        help_text="Om 8 uur ’s ochtends, met alleen aantallen: geen namen en geen zaaknummers.",
        choices=Digest.choices,
        widget=forms.RadioSelect,
    )
    home_postcode = PostcodeField(
        label="Postcode thuis",
        help_text="Niet verplicht. Wij gebruiken dit alleen om inzage in zaken van buren te herkennen.",
        required=False,
    )

    def __init__(self, *args: Any, email: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.email = email

    def clean_digest(self) -> str:
        """A mail needs an address."""
        chosen: str = self.cleaned_data["digest"]
        if chosen != Digest.NOOIT and not self.email:
            raise forms.ValidationError(
                "Wij hebben geen e-mailadres van u. Vraag uw functioneel beheerder om het in te vullen."
            )
        return chosen


class PhotoForm(Form):
    """The own photo; what is in the file is looked at when it is kept."""

    photo = forms.FileField(
        label="Foto",
        help_text=f"Een JPEG of PNG van hoogstens {MOST_BYTES // 1_000_000} MB. Wij bewaren een vierkant van het "
        "midden. Wat er verder in het bestand staat, zoals de plaats waar de foto is gemaakt, halen wij weg.",
        widget=forms.FileInput({"accept": "image/jpeg,image/png"}),
        error_messages={
            "required": "Kies een foto van uw apparaat",
            "empty": "Dit bestand is leeg. Kies een andere foto",
        },
    )

    def clean_photo(self) -> UploadedFile:
        """Refuse what is too large, or is not even called a photo."""
        upload: UploadedFile = self.cleaned_data["photo"]
        if (upload.size or 0) > MOST_BYTES:
            raise forms.ValidationError(TOO_LARGE)
        if not (upload.name or "").lower().endswith(ENDINGS):
            raise forms.ValidationError(NO_PHOTO)
        return upload
