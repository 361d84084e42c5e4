"""Forms of the evaluation."""

from __future__ import annotations

from django import forms

from toegang.core.forms import Form, NearDateField
from toegang.werkplek.forms.plan import LONGEST_TEXT

GO_ON, CHANGE, CLOSE = "doorgaan", "aanpassen", "afsluiten"


class EvaluationForm(Form):
    """What both found, and what follows."""

    inwoner_view = forms.CharField(
        label="Wat vindt de inwoner?",
        help_text="In de woorden van de inwoner: wat gaat beter, wat nog niet?",
        widget=forms.Textarea({"rows": 4}),
        max_length=LONGEST_TEXT,
    )
    our_view = forms.CharField(label="Wat vindt u?", widget=forms.Textarea({"rows": 4}), max_length=LONGEST_TEXT)
    follow_up = forms.ChoiceField(
        label="Hoe gaat het verder?",
        choices=[
            (GO_ON, "De hulp gaat door zoals nu"),
            (CHANGE, "Het plan moet anders: lichter, zwaarder of andere hulp"),
            (CLOSE, "De hulp is niet meer nodig: zaak afsluiten"),
        ],
        widget=forms.RadioSelect,
    )
    next_on = NearDateField(
        label="Wanneer kijkt u weer terug?", help_text="Alleen als de hulp doorgaat.", required=False
    )
    reason = forms.CharField(
        label="Waarom moet het plan anders?",
        help_text="Alleen als het plan anders moet.",
        widget=forms.Textarea({"rows": 3}),
        max_length=2000,
        required=False,
    )

    def clean(self) -> None:
        """Going on asks for a date, a change for its reason."""
        given = self.cleaned_data
        if given.get("follow_up") == GO_ON and not given.get("next_on") and "next_on" not in self.errors:
            self.add_error("next_on", "Vul in wanneer u weer terugkijkt, bijvoorbeeld 4-12-2026")
        if given.get("follow_up") == CHANGE and not given.get("reason"):
            self.add_error("reason", "Schrijf waarom het plan anders moet")


class MoveForm(Form):
    """Another date for the evaluation."""

    due_on = NearDateField(label="Nieuwe datum", help_text="Bijvoorbeeld 4-12-2026.")
