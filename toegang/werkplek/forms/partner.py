"""The forms of a ketenpartner: a conversation that was held, and a melding."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from casework.enums import Law, Route, TalkForm
from casework.models import Leefgebied
from casework.services.intake import MeldingFacts, Question
from casework.services.people import PersonFacts
from toegang.accounts.models import Gemeente, Team
from toegang.core.dates import PartialDate
from toegang.core.forms import Form, KnownDateField, NearDateField, PostcodeField
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


WITH_A_YES = ("given_names", "family_name", "born", "phone", "law", "need")  # of a signal less may be known


class PartnerMeldingForm(Form):
    """A melding by somebody of a ketenpartner: about whom and what; no number, no illness, no income."""

    given_names = forms.CharField(label="Voornamen van de inwoner", max_length=200, required=False)
    name_prefix = forms.CharField(label="Tussenvoegsel", max_length=20, required=False)
    family_name = forms.CharField(label="Achternaam", max_length=200, required=False)
    born = KnownDateField(
        label="Geboortedatum",
        partial=True,
        required=False,
        help_text="Bijvoorbeeld 27 3 1951. Weet u alleen het jaar? Dat is genoeg.",
    )
    street = forms.CharField(label="Straat", max_length=100, required=False)
    house_number = forms.CharField(label="Huisnummer", max_length=20, required=False)
    postcode = PostcodeField(label="Postcode", required=False)
    city = forms.CharField(label="Woonplaats", max_length=80, required=False)
    phone = forms.CharField(
        label="Telefoonnummer van de inwoner",
        max_length=20,
        required=False,
        help_text="Dan kunnen wij de inwoner snel bellen.",
    )
    aware = forms.ChoiceField(
        label="Weet de inwoner van deze melding, en vindt de inwoner het goed?",
        choices=[("ja", "Ja"), ("nee", "Nee, maar ik maak mij zorgen")],
        widget=forms.RadioSelect,
        help_text="Overleg eerst met de inwoner. Kan dat niet, of is het niet veilig? Kies dan ‘Nee’.",
    )
    law = forms.ChoiceField(
        label="Voor wie is de hulp?",
        choices=[(Law.WMO, "Voor een volwassene"), (Law.JEUGD, "Voor een kind of jongere, of voor de ouders")],
        widget=forms.RadioSelect,
        required=False,
    )
    words = forms.CharField(
        label="Wat is er aan de hand?",
        help_text="Schrijf het op in de woorden van de inwoner. Schrijf niets over ziekte of inkomen.",
        widget=forms.Textarea({"rows": 5}),
        max_length=LONGEST_TEXT,
    )
    need = forms.CharField(label="Waar wil de inwoner hulp bij?", max_length=300, required=False)
    place = forms.ChoiceField(label="Welk team helpt waar de inwoner woont?", widget=forms.RadioSelect)

    def __init__(self, *args: Any, places: Sequence[tuple[Gemeente, Team]], today: date, **kwargs: Any) -> None:
        super().__init__(*args, today=today, not_after=today, **kwargs)
        self.today = today
        many = len({gemeente for gemeente, _ in places}) > 1
        field = self.fields["place"]
        field.choices = [  # type: ignore[attr-defined]
            (f"{gemeente.pk}-{team.pk}", f"{team.name} ({gemeente.name})" if many else team.name)
            for gemeente, team in places
        ]
        if len(places) == 1:
            field.initial, field.widget = field.choices[0][0], forms.HiddenInput()  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Whom we are to help, we must be able to call; without the inwoner's knowledge it is a signal."""
        data = self.cleaned_data
        if data.get("aware") == "ja":
            for name in WITH_A_YES:
                if not data.get(name) and name not in self.errors:
                    self.add_error(name, f"Vul dit in: {self.fields[name].label}")
        elif not (data.get("family_name") or data.get("phone") or (data.get("postcode") and data.get("house_number"))):
            self.add_error("family_name", "Vul een naam, een telefoonnummer of een adres in")
        return data

    @property
    def is_signal(self) -> bool:
        """Whether the inwoner does not know of it."""
        return bool(self.cleaned_data["aware"] == "nee")

    def signal(self) -> dict[str, Any]:
        """About whom it is and what was seen, for a signal."""
        data = self.cleaned_data
        names = ("given_names", "family_name", "street", "house_number", "postcode", "city", "phone")
        told = {"prefix": data["name_prefix"], "born": PartialDate.number_of(data["born"]), "received_on": self.today}
        return (
            told
            | {"seen": "\n\n".join(text for text in (data["words"], data["need"]) if text)}
            | {name: data[name] for name in names}
        )

    def where(self) -> dict[str, int]:
        """The gemeente and the team that were chosen."""
        gemeente_id, team_id = map(int, self.cleaned_data["place"].split("-"))
        return {"gemeente_id": gemeente_id, "team_id": team_id}

    def facts(self, reporter: str, capacity: str) -> MeldingFacts:
        """The melding as the service takes it, today."""
        data = self.cleaned_data
        names = ("given_names", "family_name", "street", "house_number", "postcode", "city", "phone")
        person = PersonFacts(
            prefix=data["name_prefix"], born=data["born"].as_int(), **{name: data[name] for name in names}
        )
        return MeldingFacts(
            person=person,
            received_on=self.today,
            route=Route.KETENPARTNER,
            words=data["words"],
            questions=[Question(data["law"], data["need"])],
            reporter_name=reporter,
            reporter_capacity=capacity,
        )
