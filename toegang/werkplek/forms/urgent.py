"""Forms of a spoedbesluit: what is given at once, and what the toetser finds of it."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.text import capfirst

from providers.models import Frequency, Product, Provider
from toegang.accounts.models import User
from toegang.core.forms import Form, NearDateField, VolumeField, YesNoField

LONGEST_TEXT = 4000


class UrgentForm(Form):
    """What, how much, from when, by whom, why it cannot wait, and who tests it afterwards."""

    product = forms.ModelChoiceField(
        label="Welke hulp is meteen nodig?",
        queryset=Product.objects.none(),
        widget=forms.RadioSelect,
        empty_label=None,
        error_messages={"required": "Kies welke hulp meteen nodig is"},
    )
    volume = VolumeField()
    frequency = forms.ChoiceField(
        label="Hoe vaak?", choices=Frequency.choices, widget=forms.Select({"data-size": "medium"})
    )
    starts_on = NearDateField(label="Eerste dag", help_text="Bijvoorbeeld vandaag of morgen.")
    provider = forms.ModelChoiceField(
        label="Wie geeft de hulp?",
        help_text="Alleen een aanbieder met een contract voor deze hulp. Nog niet bekend? Laat dit open.",
        queryset=Provider.objects.none(),
        required=False,
        empty_label="Nog niet bekend",
    )
    motivation = forms.CharField(
        label="Waarom kan dit niet wachten?",
        help_text="Dit komt in de brief. Schrijf tegen de inwoner: u, korte zinnen, zonder vakwoorden.",
        widget=forms.Textarea({"rows": 4}),
        max_length=LONGEST_TEXT,
        error_messages={"required": "Schrijf waarom dit niet kan wachten"},
    )
    reviewer = forms.ModelChoiceField(
        label="Wie toetst dit achteraf?",
        queryset=User.objects.none(),
        empty_label="Kies een toetser",
        error_messages={"required": "Kies wie dit besluit achteraf toetst"},
    )

    def __init__(
        self,
        *args: Any,
        products: QuerySet[Product],
        providers: QuerySet[Provider],
        reviewers: QuerySet[User],
        today: date,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, today=today, **kwargs)
        choices: dict[str, QuerySet[Any]] = {"product": products, "provider": providers, "reviewer": reviewers}
        for name, found in choices.items():
            self.fields[name].queryset = found  # type: ignore[attr-defined]
        self.fields["product"].label_from_instance = words_of  # type: ignore[attr-defined]


def words_of(product: Product) -> str:
    """A product as it is chosen: its name, in what it is counted, and what it is."""
    return f"{capfirst(product.name)} (per {product.get_unit_display()}): {product.description}"


class TestForm(Form):
    """What the toetser finds of a spoedbesluit that was sent already."""

    agrees = YesNoField(label="Bent u het eens met dit spoedbesluit?", required=True)
    remarks = forms.CharField(
        label="Wat moet er nu gebeuren?",
        help_text="Alleen als u het er niet mee eens bent. De brief is al weg: wie de zaak behandelt, lost het op.",
        widget=forms.Textarea({"rows": 4}),
        max_length=LONGEST_TEXT,
        required=False,
    )

    def clean(self) -> None:
        """Who does not agree says what must follow."""
        if self.cleaned_data.get("agrees") is False and not self.cleaned_data.get("remarks"):
            self.add_error("remarks", "Schrijf wat er nu moet gebeuren")
