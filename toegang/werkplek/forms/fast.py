"""The one page of the fast lane for a simple hulpmiddel."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.db.models import QuerySet

from casework.enums import TalkForm
from casework.models import Hulpvraag
from plans.models import FastLane
from plans.services.evaluation import proposed_evaluation
from providers.models import Contract, Provider
from toegang.accounts.models import User
from toegang.core.forms import NearDateField
from toegang.core.workdays import term_end
from toegang.werkplek.forms.choice import waiting_words
from toegang.werkplek.forms.talk import TOLD, RightsForm

LONGEST_LINE = 600
PART = "deel_"  # before the key of a part of the onderzoek


class FastForm(RightsForm):
    """The conversation, one line for each part of the onderzoek, what is agreed, and who tests the decision."""

    form = forms.ChoiceField(label="Hoe sprak u elkaar?", choices=TalkForm.choices)
    present = forms.CharField(
        label="Met wie sprak u, en wie is het eens met dit plan?",
        help_text="De inwoner zelf, of wie hem of haar vertegenwoordigt.",
        max_length=150,
    )
    pgb_told = forms.BooleanField(
        label="Ik vertelde dat een pgb ook kan, en wat dat betekent",
        error_messages={"required": "Vertel dat een pgb ook kan, en zet hier een vinkje"},
    )
    asked = forms.BooleanField(
        label="De inwoner vraagt dit hulpmiddel vandaag aan",
        error_messages={"required": "Vraag of de inwoner dit aanvraagt, en zet hier een vinkje"},
    )
    checked = forms.BooleanField(
        label="Ik las elke regel hierboven met de inwoner na, en paste aan wat anders is",
        error_messages={"required": "Lees elke regel met de inwoner na, en zet hier een vinkje"},
    )
    result = forms.CharField(label="Welk resultaat wil de inwoner?", max_length=300)
    action = forms.CharField(label="Wat doet de inwoner zelf?", max_length=300)
    provider = forms.ModelChoiceField(
        label="Welke leverancier kiest de inwoner?",
        queryset=Provider.objects.none(),
        required=False,
        empty_label="Nog geen leverancier met plek",
    )
    ends_on = NearDateField(label="Tot en met welke dag?", help_text="Deze dag telt mee.")
    evaluation_on = NearDateField(label="Wanneer kijkt u samen terug?")
    motivation = forms.CharField(
        label="Waarom neemt u dit besluit?",
        help_text="Dit komt in de brief.",
        widget=forms.Textarea({"rows": 3}),
        max_length=4000,
    )
    reviewer = forms.ModelChoiceField(
        label="Wie toetst dit besluit?",
        queryset=User.objects.none(),
        empty_label="Kies een toetser",
        error_messages={"required": "Kies wie dit besluit toetst"},
    )

    field_order = ("form", "present", *TOLD)

    def __init__(
        self,
        *args: Any,
        hulpvraag: Hulpvraag,
        lane: FastLane,
        contracts: list[Contract],
        reviewers: QuerySet[User],
        today: date,
        **kwargs: Any,
    ) -> None:
        initial = _proposed(hulpvraag, lane, today)
        super().__init__(*args, case=hulpvraag.case, today=today, initial=initial, **kwargs)
        self._parts(hulpvraag, lane)
        words = {contract.provider_id: waiting_words(contract.waiting_days) for contract in contracts}
        self.fields["provider"].queryset = Provider.objects.filter(pk__in=words).order_by("name")  # type: ignore[attr-defined]
        self.fields["provider"].label_from_instance = lambda p: f"{p.name} ({words[p.pk]})"  # type: ignore[attr-defined]
        self.fields["reviewer"].queryset = reviewers  # type: ignore[attr-defined]

    def _parts(self, hulpvraag: Hulpvraag, lane: FastLane) -> None:
        """A line for each part of the onderzoek, filled in beforehand, before the tick that it was read."""
        lines = {
            f"{PART}{part.key}": forms.CharField(
                label=part.title,
                initial=lane.parts.get(part.key, ""),
                widget=forms.Textarea({"rows": 2}),
                max_length=LONGEST_LINE,
                error_messages={"required": f"Schrijf één regel bij ‘{part.title}’"},
            )
            for part in hulpvraag.parts()
        }
        names = list(self.fields)
        at = names.index("checked")
        for name, line in lines.items():
            self.add(name, line)
        self.order_fields([*names[:at], *lines, *names[at:]])

    def clean(self) -> None:
        """The help ends after today, and is looked at before it ends."""
        ends, again = self.cleaned_data.get("ends_on"), self.cleaned_data.get("evaluation_on")
        if ends and ends < self.today:
            self.add_error("ends_on", "De laatste dag is al voorbij")
        if again and again <= self.today:
            self.add_error("evaluation_on", "Kies een dag die nog komt")
        elif ends and again and again > ends:
            self.add_error("evaluation_on", "Kijk samen terug vóór de hulp stopt")

    def parts(self) -> dict[str, str]:
        """The lines, by the key of their part."""
        return {name.removeprefix(PART): text for name, text in self.cleaned_data.items() if name.startswith(PART)}


def _proposed(hulpvraag: Hulpvraag, lane: FastLane, today: date) -> dict[str, Any]:
    """What is filled in beforehand."""
    return {
        "form": TalkForm.TELEFOON,
        "present": hulpvraag.person.name,
        "result": lane.result,
        "action": lane.action,
        "motivation": lane.motivation,
        "ends_on": term_end(today, months=lane.months),
        "evaluation_on": proposed_evaluation(today),
    }
