"""Forms of a decision: what it says, and what the toetser finds."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet

from decisions.enums import Outcome
from toegang.accounts.models import User
from toegang.core.forms import Form
from toegang.werkplek.forms.plan import LONGEST_TEXT, UnfinishedField, VersionedForm

APPROVE, SEND_BACK = "akkoord", "terug"


class LaterChoiceField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """A choice that is needed in the end, but may still be open when the work is saved."""

    def validate(self, value: Any) -> None:
        """Anything goes: what is missing is told when the next step is asked."""


class DecisionForm(VersionedForm):
    """Grant or refusal, why, and who tests it."""

    outcome = forms.ChoiceField(label="Wat besluit u?", choices=Outcome.choices, widget=forms.RadioSelect)
    refusal_ground = forms.ChoiceField(
        label="Grond voor de weigering",
        help_text="Alleen bij een weigering. Deze woorden komen in de brief: ‘De reden: …’.",
        required=False,
    )
    motivation = UnfinishedField(
        label="Waarom neemt u dit besluit?",
        help_text="Dit komt in de brief. Schrijf tegen de inwoner: u, korte zinnen, zonder vakwoorden.",
    )
    reviewer = LaterChoiceField(
        label="Wie toetst dit besluit?",
        help_text="Een ander dan degene die het besluit schrijft.",
        queryset=User.objects.none(),
        empty_label="Kies een toetser",
    )

    def __init__(self, *args: Any, grounds: list[str], reviewers: QuerySet[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", "Kies een grond"), *[(ground, ground) for ground in grounds]]
        self.fields["refusal_ground"].choices = choices  # type: ignore[attr-defined]
        self.fields["reviewer"].queryset = reviewers  # type: ignore[attr-defined]

    def clean(self) -> None:
        """A refusal has a ground (Awb art. 3:46)."""
        given = self.cleaned_data
        refused = given.get("outcome") == Outcome.WEIGERING
        if refused and not given.get("refusal_ground") and "refusal_ground" not in self.errors:
            self.add_error("refusal_ground", "Kies de grond voor de weigering")


class ReviewForm(Form):
    """What the toetser finds."""

    action = forms.ChoiceField(
        label="Wat vindt u van dit besluit?",
        choices=[(APPROVE, "Akkoord: dit besluit kan weg"), (SEND_BACK, "Terug naar de opsteller, met opmerkingen")],
        widget=forms.RadioSelect,
    )
    remarks = forms.CharField(
        label="Wat moet er anders?",
        help_text="Alleen als u het besluit teruggeeft.",
        widget=forms.Textarea({"rows": 4}),
        max_length=LONGEST_TEXT,
        required=False,
    )

    def clean(self) -> None:
        """Back to the drafter means: say what must change."""
        if self.cleaned_data.get("action") == SEND_BACK and not self.cleaned_data.get("remarks"):
            self.add_error("remarks", "Schrijf wat er anders moet")
