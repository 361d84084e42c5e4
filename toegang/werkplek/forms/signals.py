"""Forms of a signal about somebody who did not ask."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms

from casework.enums import AttemptResult, AttemptWay, SignalKind
from casework.models import Reason, Signal
from casework.services.signals import DESKS, GROUNDS, NOT_FOLLOWED, SignalFacts
from toegang.accounts.models import Team
from toegang.core.dates import PartialDate
from toegang.core.forms import Form, KnownDateField, NearDateField, PostcodeField
from toegang.werkplek.forms.melding import TeamForm
from toegang.werkplek.forms.talk import LONGEST_TEXT

NOBODY = "Vul een naam, een telefoonnummer of een adres in. Dan weten wij om wie het gaat"
SAME = ("given_names", "family_name", "street", "house_number", "postcode", "city", "phone")


class SignalForm(TeamForm):
    """What somebody tells about another, who does not know it."""

    urgent = forms.BooleanField(
        label="Dit kan niet wachten",
        required=False,
        help_text="Is er nu gevaar? Bel eerst 112. Bij zorgen om een kind of om geweld: Veilig Thuis, 0800-2000.",
    )
    kind = forms.ChoiceField(label="Wat voor signaal is het?", choices=SignalKind.choices, widget=forms.RadioSelect)
    seen = forms.CharField(
        label="Wat is er gezien of gehoord?",
        widget=forms.Textarea({"rows": 5}),
        max_length=LONGEST_TEXT,
        help_text="Schrijf op wat iemand zag of hoorde, niet wat iemand denkt. Schrijf niets over ziekte of inkomen.",
    )
    received_on = NearDateField(past=True, label="Wanneer kwam het signaal binnen?")
    given_names = forms.CharField(label="Voornamen", max_length=200, required=False)
    name_prefix = forms.CharField(label="Tussenvoegsel", max_length=20, required=False)
    family_name = forms.CharField(label="Achternaam", max_length=200, required=False)
    born = KnownDateField(
        label="Geboortedatum", partial=True, required=False, help_text="Weet u alleen het jaar? Dat is genoeg."
    )
    street = forms.CharField(label="Straat", max_length=100, required=False)
    house_number = forms.CharField(label="Huisnummer", max_length=20, required=False)
    postcode = PostcodeField(label="Postcode", required=False)
    city = forms.CharField(label="Woonplaats", max_length=80, required=False)
    phone = forms.CharField(label="Telefoonnummer", max_length=20, required=False)
    source_capacity = forms.CharField(
        label="Wie geeft het signaal?",
        max_length=100,
        help_text="Bijvoorbeeld: buurvrouw, wijkagent, woningcorporatie.",
    )
    source_name = forms.CharField(label="Naam", max_length=150, required=False, help_text="Anoniem mag ook.")
    source_contact = forms.CharField(label="Telefoonnummer of e-mailadres", max_length=100, required=False)
    source_secret = forms.BooleanField(
        label="De persoon mag niet horen wie dit vertelde",
        required=False,
        help_text="Beloof geen geheim: de wet kan vragen dat wij het toch zeggen.",
    )
    ground = forms.ChoiceField(
        label="Waarom mogen wij dit bewaren, ook al weet de persoon het niet?", widget=forms.RadioSelect
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["received_on"].initial = self.today
        self.fields["ground"].choices = Reason.objects.listed(GROUNDS, self.today).choices()  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Enough to know about whom it is."""
        data = super().clean()
        address = data.get("street") or data.get("postcode")
        where = bool(address and data.get("house_number"))
        known = data.get("family_name") or data.get("phone") or where
        if not known and not {"phone", "postcode"} & self.errors.keys():
            self.add_error("family_name", NOBODY)
        return data

    def facts(self) -> SignalFacts:
        """The signal as the service takes it."""
        data = self.cleaned_data
        names = ("kind", "ground", "received_on", "seen", "urgent", *SAME)
        source = {name: value for name, value in data.items() if name.startswith("source_")}
        born = PartialDate.number_of(data["born"])
        return SignalFacts(prefix=data["name_prefix"], born=born, **{name: data[name] for name in names}, **source)


class AttemptForm(Form):
    """One attempt to reach the person."""

    on = NearDateField(past=True, label="Op welke dag?")
    way = forms.ChoiceField(label="Hoe zocht u contact?", choices=AttemptWay.choices, widget=forms.RadioSelect)
    result = forms.ChoiceField(label="Wat kwam eruit?", choices=AttemptResult.choices, widget=forms.RadioSelect)
    text = forms.CharField(
        label="Wat is er gezegd of afgesproken?",
        widget=forms.Textarea({"rows": 4}),
        max_length=LONGEST_TEXT,
        required=False,
    )


class _StepForm(Form):
    """A step of a signal."""

    why = forms.CharField(label="Waarom?", widget=forms.Textarea({"rows": 3}), max_length=LONGEST_TEXT)

    def __init__(
        self, *args: Any, today: date, earlier: Sequence[Signal], teams: Sequence[Team] = (), **kwargs: Any
    ) -> None:
        super().__init__(*args, today=today, **kwargs)
        self.today, self.earlier, self.teams = today, earlier, teams


class CaseStepForm(_StepForm):
    """The household has a case."""

    reference = forms.CharField(label="Nummer van de zaak", max_length=20, help_text="Bijvoorbeeld ZD-2026-00012.")
    field_order = ("reference", "why")


class EarlierStepForm(_StepForm):
    """There is an earlier signal about the same person."""

    why = None  # type: ignore[assignment]
    earlier_id = forms.ChoiceField(label="Bij welk signaal hoort dit?", widget=forms.RadioSelect)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(str(each.pk), f"{each} ({each.received_on:%d-%m-%Y})") for each in self.earlier]
        self.fields["earlier_id"].choices = choices  # type: ignore[attr-defined]


class TeamStepForm(_StepForm):
    """Another team follows it."""

    team_id = forms.ChoiceField(label="Welk team gaat ermee verder?", widget=forms.RadioSelect)
    field_order = ("team_id", "why")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["team_id"].choices = [(team.pk, team.name) for team in self.teams]  # type: ignore[attr-defined]


class HandOverStepForm(_StepForm):
    """Another organisation goes on with it."""

    to = forms.ChoiceField(label="Aan wie draagt u het over?", widget=forms.RadioSelect)
    contact = forms.CharField(label="Wie sprak u daar?", max_length=200)
    field_order = ("to", "contact", "why")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to"].choices = Reason.objects.listed(DESKS, self.today).choices()  # type: ignore[attr-defined]


class AnswerStepForm(_StepForm):
    """What the other organisation did with it."""

    why = None  # type: ignore[assignment]
    answer = forms.CharField(
        label="Wat is er gebeurd na de overdracht?", widget=forms.Textarea({"rows": 4}), max_length=LONGEST_TEXT
    )


class DropStepForm(_StepForm):
    """Nothing is done with it."""

    reason = forms.ChoiceField(label="Waarom volgt u dit niet op?", widget=forms.RadioSelect)
    field_order = ("reason", "why")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].choices = Reason.objects.listed(NOT_FOLLOWED, self.today).choices()  # type: ignore[attr-defined]
        self.fields["why"].label, self.fields["why"].required = "Wilt u hier iets bij schrijven?", False


class ReviewStepForm(_StepForm):
    """It may be kept longer."""

    why = None  # type: ignore[assignment]
    ground = forms.ChoiceField(label="Waarom mogen wij dit langer bewaren?", widget=forms.RadioSelect)
    review_on = NearDateField(label="Wanneer kijkt u opnieuw?")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["ground"].choices = Reason.objects.listed(GROUNDS, self.today).choices()  # type: ignore[attr-defined]


class ReopenStepForm(_StepForm):
    """The team goes on with it after all."""
