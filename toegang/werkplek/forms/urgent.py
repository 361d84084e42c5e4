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
        help_text="Alleen als u het er niet mee eens bent. Het besluit is al genomen. De behandelaar lost het op.",
        widget=forms.Textarea({"rows": 4}),
        max_length=LONGEST_TEXT,
        required=False,
    )

    def clean(self) -> None:
        """Who does not agree says what must follow."""
        given = self.cleaned_data
        if given.get("agrees") is False and not given.get("remarks"):
            self.add_error("remarks", "Schrijf wat er nu moet gebeuren")
        if given.get("agrees") and given.get("remarks"):
            self.add_error("agrees", "U schreef wat er moet gebeuren. Kies dan ‘Nee’, of maak de tekst leeg")


class OtherToetserForm(Form):
    """Who tests instead."""

    reviewer = forms.ModelChoiceField(
        label="Wie toetst dit besluit?",
        queryset=User.objects.none(),
        empty_label="Kies een toetser",
        error_messages={"required": "Kies wie dit besluit toetst"},
    )

    def __init__(self, *args: Any, reviewers: QuerySet[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reviewer"].queryset = reviewers  # type: ignore[attr-defined]


class AnswerForm(Form):
    """What was done after the toetser did not agree."""

    answer = forms.CharField(
        label="Wat hebt u gedaan?",
        help_text="Bijvoorbeeld: een nieuw spoedbesluit genomen, of de inwoner gebeld.",
        widget=forms.Textarea({"rows": 3}),
        max_length=LONGEST_TEXT,
        error_messages={"required": "Schrijf wat u hebt gedaan"},
    )
