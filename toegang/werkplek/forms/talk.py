"""Forms of the conversation: planned or moved, missed, held, or not held at all."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.timezone import get_current_timezone

from casework.enums import FirstWay, Safe, TalkForm
from casework.models import Case, Leefgebied, Person, Reason
from toegang.core.dates import long_date
from toegang.core.forms import Form, NearDateField, YesNoField

LONGEST_TEXT = 10_000
TIMES = ("%H.%M", "%H:%M", "%H.%M uur", "%H:%M uur", "%H uur", "%H")
STILL_TO_COME = "Kies een moment dat nog komt. Is het gesprek al geweest? Leg het dan vast als gevoerd."
TOLD = ("support_told", "own_plan_told")


class CallForm(Form):
    """The first call: what is going on, what somebody wants, whether it can wait, safety, and how it goes on."""

    urgent = YesNoField(label="Is er spoed?", error_messages={"required": "Kies of er spoed is"})
    safe = forms.ChoiceField(
        label="Is iedereen veilig?",
        choices=Safe.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Kies of iedereen veilig is"},
    )
    worries = forms.CharField(
        label="Wat maakt u zorgen?",
        help_text="Alleen als het niet veilig is. Dit komt in het veiligheidsdossier, en nergens anders.",
        widget=forms.Textarea({"rows": 3}),
        max_length=LONGEST_TEXT,
        required=False,
    )
    about = forms.ModelChoiceField(
        label="Over wie maakt u zich zorgen?",
        help_text="Alleen als het niet veilig is.",
        queryset=Person.objects.none(),
        required=False,
        empty_label="Kies een persoon",
    )
    called_on = NearDateField(past=True, label="Wanneer was dit gesprek?")
    spoke_with = forms.CharField(label="Met wie sprak u?", max_length=150)
    what = forms.CharField(
        label="Wat is er aan de hand?",
        help_text="In de woorden van de inwoner.",
        widget=forms.Textarea({"rows": 4}),
        max_length=LONGEST_TEXT,
    )
    wants = forms.CharField(
        label="Wat wil de inwoner zelf?", widget=forms.Textarea({"rows": 3}), max_length=LONGEST_TEXT
    )
    agreed = forms.CharField(label="Wat sprak u af?", widget=forms.Textarea({"rows": 3}), max_length=LONGEST_TEXT)
    way = forms.ChoiceField(label="Hoe gaat het verder?", choices=FirstWay.choices, widget=forms.RadioSelect)

    def __init__(self, *args: Any, people: QuerySet[Person], may_write_safety: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = list(people)
        self.fields["about"].queryset = people  # type: ignore[attr-defined]
        if not may_write_safety:
            del self.fields["worries"]
        if not may_write_safety or len(self.people) == 1:
            del self.fields["about"]

    def clean(self) -> None:
        """Who is not safe: what the worry is and about whom, for who may write it down."""
        given = self.cleaned_data
        worried = given.get("safe") == Safe.NEE
        if worried and "worries" in self.fields and not given.get("worries"):
            self.add_error("worries", "Schrijf wat u zorgen maakt")
        if worried and "about" in self.fields and not given.get("about"):
            self.add_error("about", "Kies over wie u zich zorgen maakt")
        if given.get("worries") and given.get("safe") and not worried:
            self.add_error("safe", "U schreef wat u zorgen maakt. Kies dan ‘Nee, of ik twijfel’")
        given["about"] = given.get("about") or self.people[0]


class PlanForm(Form):
    """When, where and in which form; also to move a conversation."""

    on = NearDateField(label="Datum", help_text="Bijvoorbeeld 4-12-2026, 4 december of morgen.")
    time = forms.TimeField(
        label="Tijd",
        help_text="Bijvoorbeeld 10.30.",
        input_formats=TIMES,
        widget=forms.TimeInput({"data-size": "short", "autocomplete": "off"}, format="%H.%M"),
        error_messages={
            "required": "Vul een tijd in, bijvoorbeeld 10.30",
            "invalid": "Vul een tijd in, bijvoorbeeld 10.30",
        },
    )
    form = forms.ChoiceField(label="Hoe spreekt u elkaar?", choices=TalkForm.choices, widget=forms.RadioSelect)
    place = forms.CharField(
        label="Plaats", help_text="Bijvoorbeeld: kamer 2 van het wijkcentrum.", max_length=200, required=False
    )
    invite = forms.BooleanField(label="Stuur de inwoner een uitnodiging", required=False, initial=True)
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, now: datetime, **kwargs: Any) -> None:
        super().__init__(*args, today=now.date(), **kwargs)
        self.now = now

    def clean(self) -> None:
        """Date and time together are a moment that is still to come."""
        on, time = self.cleaned_data.get("on"), self.cleaned_data.get("time")
        if on and time:
            self.cleaned_data["at"] = datetime.combine(on, time, get_current_timezone())
            if self.cleaned_data["at"] <= self.now:
                self.add_error("on", STILL_TO_COME)


class NoShowForm(Form):
    """What happened when the inwoner was not there."""

    note = forms.CharField(
        label="Wat gebeurde er?",
        help_text="Bijvoorbeeld: ik belde twee keer aan, er deed niemand open.",
        widget=forms.Textarea({"rows": 3}),
        max_length=LONGEST_TEXT,
        error_messages={"required": "Schrijf kort op wat er gebeurde"},
    )


class RightsForm(Form):
    """The rights that are told at the latest at the start (Wmo 2015 art. 2.3.2); what was told is not asked again."""

    support_told = forms.BooleanField(
        label="Ik vertelde dat een cliëntondersteuner gratis meedenkt",
        error_messages={"required": "Vertel dat een cliëntondersteuner gratis meedenkt, en zet hier een vinkje"},
    )
    own_plan_told = forms.BooleanField(
        label="Ik vertelde dat de inwoner zelf een plan mag maken",
        error_messages={"required": "Vertel dat de inwoner zelf een plan mag maken, en zet hier een vinkje"},
    )

    def __init__(self, *args: Any, case: Case, today: date, **kwargs: Any) -> None:
        super().__init__(*args, today=today, **kwargs)
        self.case, self.today = case, today
        for name, told_on in zip(TOLD, (case.support_told_on, case.own_plan_told_on), strict=True):
            if told_on:
                del self.fields[name]


class ToldForm(RightsForm):
    """Those rights, and the leefgebieden that were discussed."""

    leefgebieden = forms.ModelMultipleChoiceField(
        label="Waar ging het over?",
        queryset=Leefgebied.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Kies ten minste één leefgebied"},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._show_what_was_discussed()

    def _show_what_was_discussed(self) -> None:
        notes = list(self.case.leefgebied_notes.select_related("leefgebied"))
        field = self.fields["leefgebieden"]
        field.queryset = Leefgebied.objects.valid_on(self.today)  # type: ignore[attr-defined]
        field.initial = [note.leefgebied_id for note in notes]
        if notes:
            names = ", ".join(note.leefgebied.name.lower() for note in notes)
            field.required, field.help_text = False, f"Dit is al besproken en blijft staan: {names}."

    def told(self) -> dict[str, Any]:
        """The rights and the leefgebieden of this form."""
        return {name: self.cleaned_data.get(name, False) for name in TOLD} | {
            "leefgebieden": self.cleaned_data["leefgebieden"]
        }


class HeldForm(ToldForm):
    """A conversation that was held."""

    on = NearDateField(label="Datum van het gesprek", help_text="Bijvoorbeeld 4-12-2026 of vandaag.")
    form = forms.ChoiceField(label="Hoe sprak u elkaar?", choices=TalkForm.choices, widget=forms.RadioSelect)
    present = forms.CharField(
        label="Wie waren erbij?",
        help_text="Bijvoorbeeld: mevrouw, haar dochter en ik.",
        max_length=300,
    )
    summary = forms.CharField(
        label="Wat is er gezegd?",
        help_text="Schrijf het op in de woorden van de inwoner. Begin met wat goed gaat.",
        widget=forms.Textarea({"rows": 6}),
        max_length=LONGEST_TEXT,
    )
    field_order = ("on", "form", "present", "summary", *TOLD, "leefgebieden")

    def clean_on(self) -> date:
        """Between the melding and today."""
        on: date = self.cleaned_data["on"]
        if on > self.today:
            raise forms.ValidationError(
                f"Deze datum moet nog komen: {long_date(on)}. Vul de dag van het gesprek in, met het jaar"
            )
        if on < self.case.opened_on:
            raise forms.ValidationError(f"De eerste melding was op {long_date(self.case.opened_on)}. Kijk de datum na")
        return on


class OnFileForm(ToldForm):
    """Why there was no conversation."""

    reason = forms.ChoiceField(label="Waarom was er geen gesprek?", widget=forms.RadioSelect)
    summary = forms.CharField(
        label="Wat probeerde u, en wat weet u al?",
        help_text="Noem ook op welke stukken u verder gaat.",
        widget=forms.Textarea({"rows": 6}),
        max_length=LONGEST_TEXT,
    )
    field_order = ("reason", "summary", *TOLD, "leefgebieden")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        reasons = Reason.objects.listed("geen_gesprek", self.today)
        self.fields["reason"].choices = list(reasons.values_list("key", "label"))  # type: ignore[attr-defined]
        self.fields["leefgebieden"].label = "Over welke leefgebieden weet u genoeg?"
