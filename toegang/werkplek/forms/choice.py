"""Forms of the choice of a provider and of the aanvraag."""

from __future__ import annotations

from typing import Any

from django import forms

from plans.enums import Choice, PgbHelper
from plans.models import MaatwerkLine
from providers.models import Contract, Provider
from toegang.core.forms import Form, NearDateField


def waiting_words(days: int) -> str:
    """The waiting time as people say it; `days` in calendar days."""
    if days == 0:
        return "direct plek"
    if days == 1:
        return "1 dag wachten"
    if days % 7 == 0:
        return f"{days // 7} {'week' if days == 7 else 'weken'} wachten"  # noqa: PLR2004 (days of a week)
    return f"{days} dagen wachten"


class ChoiceForm(Form):
    """Who gives the help, and why the inwoner wants that."""

    choice = forms.ChoiceField(label="Wat kiest de inwoner?", choices=Choice.choices, widget=forms.RadioSelect)
    provider = forms.ModelChoiceField(
        label="Welke aanbieder?",
        help_text="Nodig als de inwoner een aanbieder koos. Laat de inwoner de keuze aan ons? Dan mag u er een kiezen.",
        queryset=Provider.objects.none(),
        widget=forms.RadioSelect,
        required=False,
        blank=True,
        empty_label="Geen aanbieder",
    )
    reason = forms.CharField(
        label="Waarom deze keuze?", widget=forms.Textarea({"rows": 3}), max_length=2000, required=False
    )

    def __init__(self, *args: Any, contracts: list[Contract], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        words = {contract.provider_id: waiting_words(contract.waiting_days) for contract in contracts}
        field = self.fields["provider"]
        field.queryset = Provider.objects.filter(pk__in=words).order_by("name")  # type: ignore[attr-defined]
        field.label_from_instance = lambda provider: f"{provider.name} ({words[provider.pk]})"  # type: ignore[attr-defined]

    def clean(self) -> None:
        """A chosen provider is named; a refusal is explained."""
        given = self.cleaned_data
        if given.get("choice") == Choice.AANBIEDER and not given.get("provider") and "provider" not in self.errors:
            self.add_error("provider", "Kies een aanbieder")
        if given.get("choice") == Choice.WEIGEREN and not given.get("reason"):
            self.add_error("reason", "Schrijf waarom u dit wilt weigeren")


class PgbForm(Form):
    """The conditions of a pgb, who manages it, and the rate (Wmo 2015 art. 2.3.6, Jeugdwet art. 8.1.1)."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    wish = forms.CharField(
        widget=forms.Textarea({"rows": 3}),
        max_length=2000,
        error_messages={"required": "Schrijf waarom het een pgb wordt"},
    )
    manager = forms.CharField(
        label="Wie beheert het pgb?",
        help_text="Laat leeg als de inwoner het zelf doet. Anders: de naam van wie het doet.",
        max_length=150,
        required=False,
    )
    able = forms.CharField(
        label="Waarom lukt het beheer?",
        help_text="Hulpverleners kiezen, afspraken maken, de zorgovereenkomst en de rekeningen.",
        widget=forms.Textarea({"rows": 3}),
        max_length=2000,
        error_messages={"required": "Schrijf waarom het beheer lukt"},
    )
    quality = forms.CharField(
        label="Wat spreekt u af over de kwaliteit?",
        help_text="De hulp is veilig, werkt en past bij de inwoner. Dit komt zo in de brief: schrijf ‘u’.",
        widget=forms.Textarea({"rows": 3}),
        max_length=2000,
        error_messages={"required": "Schrijf wat u afspreekt over de kwaliteit"},
    )
    helper = forms.ChoiceField(
        label="Wie geeft de hulp?",
        choices=PgbHelper.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Kies wie de hulp geeft"},
    )
    rate = forms.DecimalField(
        help_text="In euro’s, bijvoorbeeld 38,64. Het bedrag rekenen wij voor u uit.",
        localize=True,
        max_digits=8,
        decimal_places=2,
        widget=forms.TextInput({"inputmode": "decimal", "data-size": "small"}),
        error_messages={
            "required": "Vul het tarief in, bijvoorbeeld 38,64",
            "max_digits": "Dit bedrag is te groot. Gebruik hoogstens 6 cijfers vóór de komma",
            "max_whole_digits": "Dit bedrag is te groot. Gebruik hoogstens 6 cijfers vóór de komma",
            "max_decimal_places": "Gebruik hoogstens 2 cijfers achter de komma",
        },
    )

    def __init__(self, *args: Any, line: MaatwerkLine, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        unfit = "Waarom past het aanbod in natura niet?"
        self.fields["wish"].label = unfit if line.hulpvraag.law == "jeugd" else "Waarom wil de inwoner een pgb?"
        self.fields["rate"].label = f"Tarief per {line.unit}"

    def clean_rate(self) -> Any:
        """Nothing is not a rate."""
        rate = self.cleaned_data["rate"]
        if rate <= 0:
            raise forms.ValidationError("Vul een bedrag in dat groter is dan 0")
        return rate


class AanvraagForm(Form):
    """The day on which the aanvraag came in."""

    received_on = NearDateField(
        label="Op welke dag kwam de aanvraag binnen?",
        help_text="De termijn voor het besluit begint op deze dag.",
    )
