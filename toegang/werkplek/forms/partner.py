"""The form with which a ketenpartner records a conversation."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from casework.enums import TalkForm
from casework.models import Leefgebied
from toegang.core.forms import Form, NearDateField
from toegang.werkplek.forms.talk import LONGEST_TEXT


class PartnerHeldForm(Form):
    """A conversation that was held for the gemeente: what was told, and about what; nothing of the case is shown."""

    on = NearDateField(label="Datum van het gesprek", help_text="Bijvoorbeeld 4-12-2026 of vandaag.")
    form = forms.ChoiceField(label="Hoe sprak u elkaar?", choices=TalkForm.choices, widget=forms.RadioSelect)
    present = forms.CharField(label="Wie waren erbij?", max_length=300)
    summary = forms.CharField(
        label="Wat is er gezegd?",
        help_text="Schrijf het op in de woorden van de inwoner. Begin met wat goed gaat.",
        widget=forms.Textarea({"rows": 6}),
        max_length=LONGEST_TEXT,
    )
    support_told = forms.BooleanField(label="Ik vertelde dat een cliëntondersteuner gratis meedenkt")
    own_plan_told = forms.BooleanField(label="Ik vertelde dat de inwoner zelf een plan mag maken")
    leefgebieden = forms.ModelMultipleChoiceField(
        label="Waar ging het over?",
        queryset=Leefgebied.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Kies ten minste één leefgebied"},
    )

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, today=today, **kwargs)
        self.today = today
        self.fields["leefgebieden"].queryset = Leefgebied.objects.valid_on(today)  # type: ignore[attr-defined]

    def clean_on(self) -> date:
        """Today or earlier."""
        on: date = self.cleaned_data["on"]
        if on > self.today:
            raise ValidationError("Deze datum moet nog komen. Vul de dag van het gesprek in, met het jaar")
        return on
