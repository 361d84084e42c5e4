"""The form for looking people up before a melding."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.db.models import QuerySet

from casework.services.lookup import Similar, Wanted
from toegang.accounts.models import Gemeente
from toegang.core.dates import PartialDate
from toegang.core.forms import BsnField, Form, KnownDateField, PostcodeField
from toegang.core.names import name_key, phone_key

TOO_LITTLE = "Vul een achternaam met een geboortedatum in, of een telefoonnummer, adres of nummer"
NOT_ALONE = "Vul ook een huisnummer in, of een achternaam met een geboortedatum"
LETTERS = "Schrijf de naam met letters"


NEW = "nieuw"


class KnownForm(Form):
    """Whether somebody who is known already is the person of the form that was typed."""

    def __init__(self, *args: Any, similar: Sequence[Similar], name: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = [(str(each.person_id), _told(each)) for each in similar]
        choices = [*people, (NEW, "Nee, het is iemand anders")]
        label = "Is het een van deze personen?"
        self.add(name, forms.ChoiceField(label=label, choices=choices, widget=forms.RadioSelect))


def _told(similar: Similar) -> str:
    known = similar.known
    cases = "".join(f", heeft al een zaak bij team {team}" for team, _ in known.cases)
    return f"Ja: {known.name}, geboren {known.birth}{cases}"


class PeopleSearchForm(Form):
    """One person: by number, by name and birth date, by telephone number, by address, or by a case."""

    gemeente = forms.ModelChoiceField(
        label="In welke gemeente?", queryset=Gemeente.objects.none(), widget=forms.RadioSelect, empty_label=None
    )
    bsn = BsnField(label="Burgerservicenummer", required=False, help_text="Dan hoeft u de rest niet in te vullen.")
    family_name = forms.CharField(
        label="Achternaam",
        max_length=200,
        required=False,
        help_text="Met of zonder tussenvoegsel. De naam van de partner mag ook, als iemand zo heet.",
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
    phone = forms.CharField(label="Telefoonnummer", max_length=20, required=False)
    postcode = PostcodeField(label="Postcode", required=False)
    house_number = forms.CharField(label="Huisnummer", max_length=20, required=False)
    reference = forms.CharField(
        label="Zaaknummer", max_length=40, required=False, help_text="Bijvoorbeeld ZD-2026-00012."
    )

    def __init__(self, *args: Any, gemeenten: QuerySet[Gemeente], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["gemeente"].queryset = gemeenten  # type: ignore[attr-defined]
        self.only = gemeenten[0] if len(gemeenten) == 1 else None
        if self.only:
            del self.fields["gemeente"]

    def clean(self) -> dict[str, Any]:
        """Enough for one person; nobody browses."""
        data = self.cleaned_data
        if data.get("bsn") or data.get("reference") or "bsn" in self.errors:
            return data
        for name in ("family_name", "given_name"):
            if data.get(name) and not name_key(data[name]):
                self.add_error(name, LETTERS)
        if data.get("phone") and not phone_key(data["phone"]):
            self.add_error("phone", "Vul een heel telefoonnummer in")
        self._check_enough()
        return data

    def _check_enough(self) -> None:
        data = self.cleaned_data
        if {"family_name", "born", "phone", "postcode", "house_number"} & self.errors.keys() or data["phone"]:
            return
        if data["postcode"] and not data["house_number"] and not data["family_name"]:
            self.add_error("house_number", NOT_ALONE)
        elif not (data["postcode"] and data["house_number"]) and not (data["family_name"] and data["born"]):
            self.add_error("born" if data["family_name"] else "family_name", TOO_LITTLE)

    def facts(self) -> dict[str, Any]:
        """What the service takes."""
        data = self.cleaned_data
        names = ("bsn", "reference", "family_name", "given_name", "phone", "postcode", "house_number")
        wanted = Wanted(born=data["born"] or PartialDate(), **{name: data[name] for name in names})
        return {"gemeente_id": (self.only or data["gemeente"]).pk, "wanted": wanted}
