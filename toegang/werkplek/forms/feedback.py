"""The form for telling a melder or verwijzer how it goes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms

from casework.enums import FeedbackWay
from casework.services.feedback import FeedbackFacts
from toegang.core.forms import Form, NearDateField


class FeedbackForm(Form):
    """What the inwoner said, and after a yes what was told."""

    to = forms.ChoiceField(label="Aan wie?", widget=forms.RadioSelect)
    agreed = forms.ChoiceField(
        label="Vindt de inwoner het goed dat u iets vertelt?",
        choices=[("ja", "Ja"), ("nee", "Nee")],
        widget=forms.RadioSelect,
    )
    said_by = forms.CharField(label="Wie zei dat?", max_length=200, help_text="Bijvoorbeeld: de inwoner zelf.")
    said_on = NearDateField(past=True, label="Op welke dag?")
    sentence = forms.ChoiceField(
        label="Wat hebt u verteld?",
        widget=forms.RadioSelect,
        required=False,
        help_text="Vertel niet meer dan deze zin, ook niet als iemand doorvraagt.",
    )
    told_how = forms.ChoiceField(
        label="Hoe hebt u het verteld?", choices=FeedbackWay.choices, widget=forms.RadioSelect, required=False
    )
    told_on = NearDateField(past=True, label="Op welke dag hebt u het verteld?", required=False)

    def __init__(self, *args: Any, receivers: Sequence[str], sentences: Sequence[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to"].choices = [(name, name) for name in receivers]  # type: ignore[attr-defined]
        self.fields["sentence"].choices = [(each, each) for each in sentences]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """After a yes one sentence, how and when; after a no nothing."""
        data = self.cleaned_data
        told = [name for name in ("sentence", "told_how", "told_on") if data.get(name)]
        if data.get("agreed") == "nee" and told:
            self.add_error("agreed", "De inwoner zei nee. Vertel niets, en vul hieronder niets in")
        elif told:
            for name in ("sentence", "told_how", "told_on"):
                if name not in told and name not in self.errors:
                    self.add_error(name, f"Vul ook dit in: {self.fields[name].label}")
        said, when = data.get("said_on"), data.get("told_on")
        if said and when and when < said:
            self.add_error("told_on", "Eerst zegt de inwoner ja, dan vertelt u het. Vul een latere dag in")
        return data

    def facts(self) -> FeedbackFacts:
        """What the service takes."""
        data = self.cleaned_data
        names = ("to", "said_by", "said_on", "sentence", "told_on", "told_how")
        return FeedbackFacts(agreed=data["agreed"] == "ja", **{name: data[name] for name in names})
