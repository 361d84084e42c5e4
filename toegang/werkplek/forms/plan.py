"""Forms of the plan: own words, goals, actions, the ladder, maatwerk and the answer of the inwoner."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.text import capfirst

from plans.enums import ANSWERS, ActionBy, Agreement, CareForm, Rung
from plans.models import Goal
from providers.models import Frequency, Product, Unit
from toegang.core.forms import Form, NearDateField, VolumeField

LONGEST_TEXT = 10_000


class UnfinishedField(forms.CharField):
    """A long text that is needed in the end, but may be saved while it is still empty."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(widget=forms.Textarea({"rows": 4}), max_length=LONGEST_TEXT, **kwargs)

    def validate(self, value: Any) -> None:
        """Anything goes: what is missing is told when the next step is asked."""


class VersionedForm(Form):
    """A form that knows which version of the record it shows."""

    version = forms.IntegerField(widget=forms.HiddenInput)


class WordsForm(VersionedForm):
    """What the inwoner wants, in own words."""

    own_words = forms.CharField(
        label="Wat wil de inwoner bereiken?",
        help_text="Schrijf het op in de woorden van de inwoner.",
        widget=forms.Textarea({"rows": 6}),
        max_length=LONGEST_TEXT,
    )


class GoalForm(VersionedForm):
    """A result."""

    result = forms.CharField(
        label="Welk resultaat wil de inwoner bereiken?",
        help_text="Bijvoorbeeld: ik kan weer zelf boodschappen doen.",
        max_length=300,
    )


class ActionForm(VersionedForm):
    """Who does what, by when."""

    by = forms.ChoiceField(label="Wie doet dit?", choices=ActionBy.choices, widget=forms.RadioSelect)
    what = forms.CharField(label="Wat gaat er gebeuren?", max_length=300)
    by_when = NearDateField(
        label="Wanneer is het klaar?", help_text="Bijvoorbeeld 4-12-2026 of 4 december.", required=False
    )


class LadderForm(VersionedForm):
    """What each rung gives, the lightest first."""

    eigen_kracht = UnfinishedField(label=Rung.EIGEN_KRACHT.label)
    gebruikelijk = UnfinishedField(label=Rung.GEBRUIKELIJK.label)
    netwerk = UnfinishedField(label=Rung.NETWERK.label)
    algemeen = UnfinishedField(label=Rung.ALGEMEEN.label)


class ProductForm(Form):
    """Which help; its unit and usual frequency are then filled in."""

    product = forms.ModelChoiceField(
        label="Welke hulp is nodig?", queryset=Product.objects.none(), widget=forms.RadioSelect, empty_label=None
    )

    def __init__(self, *args: Any, products: QuerySet[Product], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["product"]
        field.queryset = products  # type: ignore[attr-defined]
        field.label_from_instance = lambda product: f"{capfirst(product.name)}: {product.description}"  # type: ignore[attr-defined]


class LineForm(VersionedForm):
    """Maatwerk: how much, how often, from when to when, in which form."""

    product = forms.ModelChoiceField(queryset=Product.objects.none(), widget=forms.HiddenInput)
    goal = forms.ModelChoiceField(
        label="Bij welk doel hoort dit?", queryset=Goal.objects.none(), widget=forms.RadioSelect, empty_label=None
    )
    volume = VolumeField()
    unit = forms.ChoiceField(label="Van wat?", choices=Unit.choices, widget=forms.Select({"data-size": "medium"}))
    frequency = forms.ChoiceField(
        label="Hoe vaak?", choices=Frequency.choices, widget=forms.Select({"data-size": "medium"})
    )
    starts_on = NearDateField(
        label="Eerste dag",
        help_text="Bijvoorbeeld 4-12-2026 of morgen.",
        error_messages={"required": "Vul de eerste dag van de hulp in"},
    )
    ends_on = NearDateField(
        label="Laatste dag",
        help_text="Deze dag telt mee. Hulp heeft altijd een einddatum.",
        error_messages={"required": "Vul de laatste dag van de hulp in"},
    )
    form = forms.ChoiceField(label="In welke vorm?", choices=CareForm.choices, widget=forms.RadioSelect)

    def __init__(self, *args: Any, products: QuerySet[Product], goals: QuerySet[Goal], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["product"].queryset = products  # type: ignore[attr-defined]
        self.fields["goal"].queryset = goals  # type: ignore[attr-defined]

    def clean(self) -> None:
        """The last day is not before the first."""
        starts, ends = self.cleaned_data.get("starts_on"), self.cleaned_data.get("ends_on")
        if starts and ends and ends < starts:
            self.add_error("ends_on", "De laatste dag ligt vóór de eerste dag")


class AgreementForm(Form):
    """The answer of the inwoner, in one of its forms."""

    agreement = forms.ChoiceField(
        label="Wat zegt de inwoner van het plan?",
        choices=[(form, form.label) for form in ANSWERS],
        widget=forms.RadioSelect,
    )
    on = NearDateField(
        label="Op welke dag?",
        help_text="De dag waarop u het antwoord kreeg. Een handtekening hoeft niet.",
        error_messages={"required": "Vul in op welke dag u het antwoord kreeg"},
    )
    agreed_by = forms.CharField(
        label="Wie gaf het antwoord?",
        help_text="Bijvoorbeeld de inwoner zelf, of een vertegenwoordiger.",
        max_length=150,
        required=False,
    )
    heard_by = forms.CharField(
        label="Wie hoorde het mondelinge akkoord?",
        help_text="Alleen bij een mondeling akkoord.",
        max_length=150,
        required=False,
    )
    inwoner_words = forms.CharField(
        label="Wat ziet de inwoner anders?",
        help_text="In de woorden van de inwoner. Nodig bij ‘een deel’ en bij ‘ik zie het anders’.",
        widget=forms.Textarea({"rows": 4}),
        max_length=LONGEST_TEXT,
        required=False,
    )
    evaluation_on = NearDateField(
        label="Wanneer kijkt u samen terug?",
        help_text="Wij stellen een datum voor. U mag een andere kiezen.",
        error_messages={"required": "Vul in wanneer u samen terugkijkt"},
    )

    def clean(self) -> None:
        """Each form of agreement asks for its own words."""
        given = self.cleaned_data
        how = given.get("agreement")
        if how and how != Agreement.GEEN_REACTIE and not given.get("agreed_by"):
            self.add_error("agreed_by", "Vul in wie het antwoord gaf")
        if how == Agreement.MONDELING and not given.get("heard_by"):
            self.add_error("heard_by", "Vul in wie het akkoord hoorde")
        if how in {Agreement.DEELS, Agreement.ANDERS} and not given.get("inwoner_words"):
            self.add_error("inwoner_words", "Schrijf op wat de inwoner anders ziet")
