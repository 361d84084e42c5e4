"""Forms of the file of one person: a fact, and the use of another law's facts."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.db.models import QuerySet

from casework.enums import Law, SharingGround
from casework.models import Fact, Leefgebied
from casework.services.facts import FactWords, UseFacts
from toegang.core.forms import Form, NearDateField
from toegang.werkplek.forms.talk import LONGEST_TEXT


class FactForm(Form):
    """One fact about one person; when it is bettered it bears the version that was shown."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    leefgebied = forms.ModelChoiceField(
        label="Over welk leefgebied gaat het?", queryset=Leefgebied.objects.none(), empty_label="Kies een leefgebied"
    )
    text = forms.CharField(
        label="Wat weet u?",
        help_text="Schrijf niet meer op dan nodig is. Schrijf hier niets over een ander in het huishouden.",
        widget=forms.Textarea({"rows": 4}),
        max_length=LONGEST_TEXT,
    )
    source = forms.CharField(
        label="Van wie weet u dit?", help_text="Bijvoorbeeld: van haarzelf, tijdens het huisbezoek.", max_length=200
    )
    gathered_on = NearDateField(label="Op welke dag hoorde u dit?", help_text="Bijvoorbeeld 4-12-2026 of vandaag.")

    def __init__(self, *args: Any, leefgebieden: QuerySet[Leefgebied], today: date, **kwargs: Any) -> None:
        super().__init__(*args, today=today, **kwargs)
        self.fields["leefgebied"].queryset = leefgebieden  # type: ignore[attr-defined]

    @staticmethod
    def initial_of(fact: Fact) -> dict[str, Any]:
        """The fields as the fact has them."""
        names = ("version", "leefgebied", "text", "source", "gathered_on")
        return {name: getattr(fact, name) for name in names}

    def words(self) -> FactWords:
        """What the service takes."""
        names = ("leefgebied", "text", "source", "gathered_on")
        return FactWords(**{name: self.cleaned_data[name] for name in names})


class FactUseForm(Form):
    """Why facts of another law may be used for this one (Wmo 2015 art. 5.1.1 lid 4)."""

    from_law = forms.ChoiceField(label="Van welke andere wet zijn de gegevens?", widget=forms.RadioSelect)
    leefgebied = forms.ModelChoiceField(
        label="Over welk leefgebied?",
        queryset=Leefgebied.objects.none(),
        empty_label="Alle leefgebieden",
        required=False,
    )
    ground = forms.ChoiceField(label="Waarom mag het?", choices=SharingGround.choices, widget=forms.RadioSelect)
    giver = forms.CharField(
        label="Wie gaf toestemming, en als wie?",
        help_text="Alleen bij toestemming. Bijvoorbeeld: Fatima Yıldız, zijzelf. Of: haar moeder, met gezag.",
        max_length=200,
        required=False,
    )
    purpose = forms.CharField(
        label="Waarvoor is het nodig?", widget=forms.Textarea({"rows": 3}), max_length=LONGEST_TEXT
    )
    evidence = forms.CharField(
        label="Waar blijkt het uit?",
        help_text="Bijvoorbeeld: gezegd tijdens het huisbezoek, of een brief met handtekening.",
        widget=forms.Textarea({"rows": 2}),
        max_length=LONGEST_TEXT,
    )
    since = NearDateField(label="Vanaf welke dag?", help_text="Bijvoorbeeld vandaag.")
    until = NearDateField(label="Tot en met welke dag?", help_text="Bijvoorbeeld de dag van de evaluatie.")

    def __init__(self, *args: Any, law: Law, leefgebieden: QuerySet[Leefgebied], today: date, **kwargs: Any) -> None:
        super().__init__(*args, today=today, **kwargs)
        self.today = today
        self.fields["from_law"].choices = [choice for choice in Law.choices if choice[0] != law]  # type: ignore[attr-defined]
        self.fields["leefgebied"].queryset = leefgebieden  # type: ignore[attr-defined]

    def clean(self) -> None:
        """Consent has a giver; the period holds today."""
        given = self.cleaned_data
        if given.get("ground") == SharingGround.TOESTEMMING and not given.get("giver"):
            self.add_error("giver", "Schrijf op wie de toestemming gaf, en als wie")
        if given.get("since") and given["since"] > self.today:
            self.add_error("since", "Vul een dag in die er al is, bijvoorbeeld vandaag")
        if given.get("until") and given["until"] < self.today:
            self.add_error("until", "Vul een dag in die nog komt, met het jaar")

    def facts(self) -> UseFacts:
        """What the service takes."""
        given = dict(self.cleaned_data)
        from_law, ground = Law(given.pop("from_law")), SharingGround(given.pop("ground"))
        return UseFacts(from_law=from_law, ground=ground, **given)
