"""Forms of the vraaganalyse: a leefgebied, the onderzoek of one law, and the reaction to the verslag.

A form that more people may write remembers what it showed: only what was really changed is saved.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.forms.boundfield import BoundField

from casework.enums import Law, Reaction
from casework.models import Hulpvraag, LeefgebiedNote, OnderzoekAnswer, OnderzoekPart
from casework.services.analysis import Answer
from toegang.core.dates import long_date
from toegang.core.forms import Form, NearDateField, YesNoField
from toegang.werkplek.forms.talk import LONGEST_TEXT

EXPERT = ("expert_name", "expert_discipline", "expert_registration")
NOT_APPLICABLE = "Niet van toepassing"


class Words(forms.CharField):
    """A text with one way of ending its lines, so that it is the same before and after a browser had it."""

    def to_python(self, value: Any) -> str:
        """Read the text."""
        return (super().to_python(value) or "").replace("\r\n", "\n")


class Unfinished(Words):
    """A text that the verslag needs, but that may be saved while it is still empty."""

    def validate(self, value: Any) -> None:
        """Take anything: what is missing is told when the verslag is asked."""


class SharedForm(Form):
    """A form that several people may write: it bears a version, and what each field showed when it was opened."""

    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.show_hidden_initial = name != "version"

    @property
    def shown(self) -> list[str]:
        """What the fields showed, to travel unseen."""
        return [self[name].as_hidden(only_initial=True) for name in self.fields if name != "version"]


class NoteForm(SharedForm):
    """What was said of one leefgebied."""

    relevant = YesNoField(label="Speelt dit mee bij de hulpvraag?")
    why = Words(
        label="Waarom wel of niet?",
        help_text="Schrijf niet meer op dan nodig is voor deze hulpvraag.",
        widget=forms.Textarea({"rows": 3}),
        max_length=LONGEST_TEXT,
    )
    situation = Words(
        label="Hoe is het nu?",
        help_text="Schrijf het op in de woorden van de inwoner. Begin met wat goed gaat. "
        "Gaat het over één persoon? Zet het dan in het dossier van die persoon.",
        widget=forms.Textarea({"rows": 5}),
        max_length=LONGEST_TEXT,
        required=False,
    )

    @classmethod
    def initial_of(cls, note: LeefgebiedNote) -> dict[str, Any]:
        """The fields as the note has them."""
        relevant = {True: "ja", False: "nee", None: ""}[note.relevant]
        return {"version": note.version, "relevant": relevant, "why": note.why, "situation": note.situation}

    def facts(self, note: LeefgebiedNote) -> dict[str, Any]:
        """What was changed, and for the rest what the note says already."""
        names = ("relevant", "why", "situation")
        return {name: self._fact(name, note) for name in names}

    def _fact(self, name: str, note: LeefgebiedNote) -> Any:
        return self.cleaned_data[name] if name in self.changed_data else getattr(note, name)


@dataclass(frozen=True)
class PartFields:
    """One part of the onderzoek with its two questions."""

    part: OnderzoekPart
    text: BoundField
    not_applicable: BoundField


class OnderzoekForm(SharedForm):
    """All parts of the onderzoek of one law; for the Jeugdwet also the expert."""

    def __init__(self, *args: Any, parts: Sequence[OnderzoekPart], law: str, **kwargs: Any) -> None:
        self.parts, self.has_expert = parts, law == Law.JEUGD
        # The form of this onderzoek: its own fields stand beside those of the class before Django copies them.
        self.base_fields = self.base_fields | self._part_fields() | self._expert_fields()  # type: ignore[misc]
        super().__init__(*args, **kwargs)

    def _part_fields(self) -> dict[str, forms.Field]:
        found: dict[str, forms.Field] = {}
        for part in self.parts:
            area = forms.Textarea({"rows": 4})
            found[f"text_{part.pk}"] = Unfinished(label=part.question, widget=area, max_length=LONGEST_TEXT)
            found[f"na_{part.pk}"] = forms.BooleanField(
                label=f"{NOT_APPLICABLE} (schrijf hierboven waarom)", required=False
            )
        return found

    def _expert_fields(self) -> dict[str, forms.Field]:
        if not self.has_expert:
            return {}
        return {
            "expert_name": Unfinished(label="Naam van de deskundige", max_length=150),
            "expert_discipline": Unfinished(
                label="Beroep", max_length=100, help_text="Bijvoorbeeld: gedragswetenschapper."
            ),
            "expert_registration": Unfinished(
                label="Nummer in het SKJ- of BIG-register",
                max_length=50,
                help_text="Bijvoorbeeld: SKJ 100012345.",
                widget=forms.TextInput({"data-size": "medium"}),
            ),
        }

    @property
    def rows(self) -> list[PartFields]:
        """The parts in their order, each with its fields."""
        return [PartFields(part, self[f"text_{part.pk}"], self[f"na_{part.pk}"]) for part in self.parts]

    @property
    def expert_rows(self) -> list[BoundField]:
        """The questions about the expert."""
        return [self[name] for name in EXPERT] if self.has_expert else []

    @staticmethod
    def initial_of(hulpvraag: Hulpvraag, answers: Sequence[OnderzoekAnswer]) -> dict[str, Any]:
        """The fields as the onderzoek has them."""
        texts = {f"text_{answer.part_id}": answer.text for answer in answers}
        marks = {f"na_{answer.part_id}": answer.not_applicable for answer in answers}
        expert = {name: getattr(hulpvraag, name) for name in EXPERT}
        return {"version": hulpvraag.version, **texts, **marks, **expert}

    def answers(self) -> dict[int, Answer]:
        """The parts of which the text or the mark was changed."""
        return {
            part.pk: Answer(self.cleaned_data[f"text_{part.pk}"], self.cleaned_data[f"na_{part.pk}"])
            for part in self.parts
            if {f"text_{part.pk}", f"na_{part.pk}"} & set(self.changed_data)
        }

    def expert(self) -> tuple[str, str, str] | None:
        """Name, discipline and registration of the expert, when one of them was changed."""
        if not set(EXPERT) & set(self.changed_data):
            return None
        name, discipline, registration = (self.cleaned_data[field] for field in EXPERT)
        return name, discipline, registration


class ReactionForm(Form):
    """What the inwoner said of the verslag."""

    reaction = forms.ChoiceField(
        label="Wat zegt de inwoner van het verslag?", choices=Reaction.choices, widget=forms.RadioSelect
    )
    text = forms.CharField(
        label="Wat wil de inwoner aanvullen of verbeteren?",
        help_text="Schrijf het op in de woorden van de inwoner, ook als u het anders ziet.",
        widget=forms.Textarea({"rows": 5}),
        max_length=LONGEST_TEXT,
        required=False,
    )
    on = NearDateField(label="Op welke dag?", help_text="Bijvoorbeeld 4-12-2026 of vandaag.")
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, sent_on: date, today: date, **kwargs: Any) -> None:
        super().__init__(*args, today=today, **kwargs)
        self.sent_on, self.today = sent_on, today

    def clean_on(self) -> date:
        """Between the verslag and today."""
        on: date = self.cleaned_data["on"]
        if not self.sent_on <= on <= self.today:
            first, last = long_date(self.sent_on), long_date(self.today)
            raise forms.ValidationError(f"Vul een dag in van {first} (het verslag) tot en met {last}, met het jaar")
        return on

    def clean(self) -> None:
        """An addition has words."""
        if self.cleaned_data.get("reaction") == Reaction.AANVULLING and not self.cleaned_data.get("text"):
            self.add_error("text", "Schrijf op wat de inwoner wil aanvullen of verbeteren")
