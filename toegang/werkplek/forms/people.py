"""The form for looking people up before a melding."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet

from casework.services.lookup import Wanted
from toegang.accounts.models import Gemeente
from toegang.core.dates import PartialDate
from toegang.core.forms import BsnField, Form, KnownDateField, PostcodeField
from toegang.core.names import name_key

TOO_LITTLE = "Vul een burgerservicenummer in, of een achternaam met een geboortedatum"
LETTERS = "Schrijf de naam met letters"


class PeopleSearchForm(Form):
    """One person: by number, or by name and birth date."""

    gemeente = forms.ModelChoiceField(
        label="In welke gemeente?", queryset=Gemeente.objects.none(), widget=forms.RadioSelect, empty_label=None
    )
    bsn = BsnField(label="Burgerservicenummer", required=False, help_text="Dan hoeft u de rest niet in te vullen.")
    family_name = forms.CharField(
        label="Achternaam", max_length=200, required=False, help_text="Met of zonder tussenvoegsel."
    )
    born = KnownDateField(
        label="Geboortedatum",
        partial=True,
        required=False,
        help_text="Bijvoorbeeld 27 3 1951. Weet u alleen het jaar? Dat is genoeg.",
    )
    given_name = forms.CharField(
        label="Voornaam", max_length=200, required=False, help_text="De eerste letters zijn genoeg."
    )
    postcode = PostcodeField(label="Postcode", required=False)

    def __init__(self, *args: Any, gemeenten: QuerySet[Gemeente], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["gemeente"].queryset = gemeenten  # type: ignore[attr-defined]
        self.only = gemeenten[0] if len(gemeenten) == 1 else None
        if self.only:
            del self.fields["gemeente"]

    def clean(self) -> dict[str, Any]:
        """Enough for one person; nobody browses."""
        data = self.cleaned_data
        if data.get("bsn") or "bsn" in self.errors:
            return data
        for name in ("family_name", "given_name"):
            if data.get(name) and not name_key(data[name]):
                self.add_error(name, LETTERS)
        if not {"family_name", "born"} & self.errors.keys() and not (data["family_name"] and data["born"]):
            self.add_error("born" if data["family_name"] else "family_name", TOO_LITTLE)
        return data

    def facts(self) -> dict[str, Any]:
        """What the service takes."""
        data = self.cleaned_data
        names = ("bsn", "family_name", "given_name", "postcode")
        wanted = Wanted(born=data["born"] or PartialDate(), **{name: data[name] for name in names})
        return {"gemeente_id": (self.only or data["gemeente"]).pk, "wanted": wanted}
