"""Forms of who stands around a person of a case: family with gezag, who acts in law, and the network."""

from __future__ import annotations

from typing import Any

from django import forms

from casework.enums import OVER_A_CHILD, Gezag, RelationKind, RepresentationKind, RepresentationScope
from toegang.core.dates import long_date
from toegang.core.forms import NearDateField
from toegang.werkplek.forms.card import VersionForm

# A bewindvoerder acts for goods alone, a mentor for care alone (BW 1:431, 1:441, 1:453).
NEVER = {
    (kind, scope)
    for kind, own in (
        (RepresentationKind.BEWINDVOERDER, RepresentationScope.GELD),
        (RepresentationKind.MENTOR, RepresentationScope.ZORG),
    )
    for scope in RepresentationScope
    if scope not in {own, RepresentationScope.BESLUIT}
}


class AroundForm(VersionForm):
    """Somebody around a person."""

    name = forms.CharField(label="Naam", max_length=200)
    phone = forms.CharField(label="Telefoonnummer", max_length=20, required=False)
    email = forms.EmailField(label="E-mailadres", required=False)
    since = NearDateField(past=True, label="Vanaf welke dag?", help_text="Bijvoorbeeld vandaag.")
    until = NearDateField(
        label="Tot en met welke dag?", required=False, help_text="Laat dit leeg als er geen einde is."
    )

    def clean(self) -> dict[str, Any]:
        """A period that begins today or earlier and does not end before it."""
        data = self.cleaned_data
        if data.get("until") and data.get("since") and data["until"] < data["since"]:
            self.add_error("until", f"Deze dag ligt vóór {long_date(data['since'])}. Vul een latere dag in")
        return data

    def facts(self) -> dict[str, Any]:
        """What the service takes."""
        return {name: value for name, value in self.cleaned_data.items() if name != "version"}

    @classmethod
    def initial_of(cls, row: Any) -> dict[str, Any]:
        """The fields as they were written."""
        return {name: getattr(row, name) for name in cls.base_fields}


class RelationForm(AroundForm):
    """Family, with gezag where a child is brought up."""

    kind = forms.ChoiceField(label="Wat is deze persoon?", choices=RelationKind.choices)
    gezag = forms.ChoiceField(
        label="Heeft deze persoon gezag?",
        choices=[("", "Niet van toepassing"), *Gezag.choices],
        required=False,
        help_text="Alleen bij ouders, voogden, pleegouders en stiefouders van een kind onder de 18.",
    )
    gezag_source = forms.CharField(
        label="Waar blijkt dat uit?", max_length=200, required=False, help_text="Bijvoorbeeld: gezagsregister, BRP."
    )
    gezag_checked_on = NearDateField(past=True, label="Op welke dag keek u dat na?", required=False)
    address = forms.CharField(
        label="Adres, als dat een ander is", max_length=300, required=False, widget=forms.Textarea({"rows": 3})
    )
    field_order = ("version", "name", "kind", "gezag", "gezag_source", "gezag_checked_on", "phone", "email", "address")

    def clean(self) -> dict[str, Any]:
        """Yes and no have a source and a day; gezag is asked of who brings up a child."""
        data = super().clean()
        gezag, kind = data.get("gezag"), data.get("kind")
        if gezag and kind and RelationKind(kind) not in OVER_A_CHILD:
            self.add_error("gezag", "Kies hier ‘Niet van toepassing’. Gezag is er alleen over een kind")
        if gezag in {Gezag.JA, Gezag.NEE}:
            for name in ("gezag_source", "gezag_checked_on"):
                if not data.get(name) and name not in self.errors:
                    self.add_error(name, f"Vul dit in: {self.fields[name].label}")
        return data


class RepresentationForm(AroundForm):
    """Who acts in law."""

    kind = forms.ChoiceField(label="Wat is deze persoon?", choices=RepresentationKind.choices, widget=forms.RadioSelect)
    scope = forms.ChoiceField(label="Waarvoor?", choices=RepresentationScope.choices, widget=forms.RadioSelect)
    organisation = forms.CharField(label="Organisatie", max_length=200, required=False)
    proof = forms.CharField(
        label="Welk bewijs is er?",
        max_length=300,
        required=False,
        help_text="Bijvoorbeeld: een beschikking van de rechtbank of een machtiging, met de dag. Bewaar geen kopie.",
    )
    proof_seen_on = NearDateField(
        past=True, label="Op welke dag zag u het bewijs?", required=False, help_text="Nog niet gezien? Laat dit leeg."
    )
    address = forms.CharField(label="Postadres", max_length=300, required=False, widget=forms.Textarea({"rows": 3}))
    field_order = ("version", "name", "organisation", "kind", "scope", "proof", "proof_seen_on", "phone", "email")

    def clean(self) -> dict[str, Any]:
        """Proof that was seen has words."""
        data = super().clean()
        seen = data.get("proof_seen_on")
        if (data.get("kind"), data.get("scope")) in NEVER:
            self.add_error("scope", "Een bewindvoerder gaat over geld, een mentor over zorg. Kies een ander antwoord")
        if seen and not data.get("proof"):
            self.add_error("proof", "Schrijf op welk bewijs u zag")
        return data


class NetworkForm(AroundForm):
    """Somebody who helps."""

    does = forms.CharField(
        label="Wat doet deze persoon?",
        widget=forms.Textarea({"rows": 2}),
        max_length=1000,
        help_text="Schrijf niets op over de gezondheid van deze helper.",
    )
    how_often = forms.CharField(
        label="Hoe vaak?", max_length=100, required=False, help_text="Bijvoorbeeld: elke woensdag."
    )
    told_by = forms.CharField(
        label="Van wie weet u dit?", max_length=200, help_text="Bijvoorbeeld: van de inwoner, of van deze helper zelf."
    )
    field_order = ("version", "name", "does", "how_often", "told_by")


AROUND_FORMS: dict[str, type[AroundForm]] = {
    "familie": RelationForm,
    "vertegenwoordiger": RepresentationForm,
    "netwerk": NetworkForm,
}
