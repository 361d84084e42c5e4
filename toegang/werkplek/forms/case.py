"""Forms of the overview of a case: who handles it, a step back, the end, a referral, another desk, a posted letter."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet

from casework.models import Reason
from toegang.accounts.models import User
from toegang.core.forms import Form, NearDateField
from toegang.core.lifecycle import Step

YEAR = 366  # days: help after a referral starts within a year


class ContactpersoonForm(Form):
    """Who becomes the contactpersoon, and why."""

    user = forms.ModelChoiceField(
        label="Wie wordt de contactpersoon?", queryset=User.objects.none(), widget=forms.RadioSelect, empty_label=None
    )
    reason = forms.CharField(
        label="Waarom?", widget=forms.Textarea(attrs={"rows": 3}), help_text="Dit komt in de tijdlijn van de zaak."
    )

    note = forms.CharField(
        label="Wat moet de nieuwe contactpersoon weten?",
        widget=forms.Textarea(attrs={"rows": 5}),
        required=False,
        help_text="Bijvoorbeeld: wat u afsprak en wat nog open staat. De inwoner krijgt dit niet te lezen.",
    )
    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, members: QuerySet[User], is_first: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if is_first:
            del self.fields["note"]
        self.fields["user"].queryset = members  # type: ignore[attr-defined]
        self.fields["user"].error_messages["invalid_choice"] = "Kies iemand die in het team van deze zaak werkt"


class StepBackForm(Form):
    """Back to which step, and why."""

    step = forms.ChoiceField(label="Naar welke stap gaat u terug?", widget=forms.RadioSelect)
    reason = forms.CharField(
        label="Waarom gaat u terug?",
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Wat u al schreef, blijft staan.",
    )

    def __init__(self, *args: Any, steps: Sequence[Step], state: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["step"]
        field.choices = [(step.name, step.label) for step in steps]  # type: ignore[attr-defined]
        field.initial = steps[0].name if len(steps) == 1 else None
        field.error_messages["invalid_choice"] = f"Deze stap kan niet meer: de stand is nu ‘{state}’"


class CloseForm(Form):
    """Why the case ends."""

    reason = forms.ChoiceField(label="Waarom sluit u de zaak af?", widget=forms.RadioSelect)

    def __init__(self, *args: Any, reasons: Iterable[Reason], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].choices = [(r.key, r.label) for r in reasons]  # type: ignore[attr-defined]


class ReopenForm(Form):
    """Where the case begins again, and why."""

    at_plan = forms.ChoiceField(
        label="Waar gaat de zaak verder?",
        choices=[
            ("nee", "Bij een nieuwe melding en een nieuw gesprek"),
            ("ja", "Bij het plan: het oude staat klaar"),
        ],
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(label="Waarom opent u de zaak weer?", widget=forms.Textarea(attrs={"rows": 3}))


class ReferralForm(Form):
    """Who gives the help after a referral, from when, and when it is looked at again."""

    provider = forms.CharField(label="Wie geeft de hulp?", max_length=150, help_text="De naam van de aanbieder.")
    starts_on = NearDateField(label="Wanneer begint de hulp?")
    evaluation_on = NearDateField(label="Wanneer kijkt u samen terug?", help_text="Wij stellen een datum voor.")

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, today=today, **kwargs)
        self.today = today

    def clean_starts_on(self) -> date:
        """Within a year from now."""
        day: date = self.cleaned_data["starts_on"]
        if abs((day - self.today).days) > YEAR:
            raise ValidationError("Deze datum ligt meer dan een jaar van vandaag. Kijk het jaar na")
        return day

    def clean_evaluation_on(self) -> date:
        """Still to come, and after the start."""
        day: date = self.cleaned_data["evaluation_on"]
        start = self.cleaned_data.get("starts_on")
        if day < self.today:
            raise ValidationError("Deze datum is al voorbij. Kies een dag die nog komt")
        if start and day <= start:
            raise ValidationError("De evaluatie komt na de start van de hulp. Kies een latere dag")
        return day

    def facts(self) -> dict[str, Any]:
        """What the service takes."""
        data = self.cleaned_data
        return {"provider": data["provider"], "on": data["starts_on"], "evaluation_on": data["evaluation_on"]}


class PostedForm(Form):
    """On which day a letter was posted."""

    posted_on = NearDateField(label="Gepost op")
