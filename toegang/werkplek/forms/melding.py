"""The form for a melding: for whom, from whom, what is asked, and who takes it up."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from casework.enums import BY_OURSELVES, Channel, Law, Referrer, Route
from casework.models import Reason
from casework.services.intake import MeldingFacts, Question
from casework.services.people import PersonFacts
from toegang.accounts.models import Team
from toegang.core.dates import PartialDate, long_date
from toegang.core.forms import BsnField, Form, KnownDateField, NearDateField, PostcodeField, YesNoField

FIRST_DAY = date(2015, 1, 1)  # the Wmo 2015 and the Jeugdwet start here; no term has an older rule
LAWS = [
    (Law.WMO, "Wmo: hulp en ondersteuning voor volwassenen"),
    (Law.JEUGD, "Jeugdwet: hulp voor kinderen en hun ouders"),
    (Law.PW, "Participatiewet: werk en inkomen"),
    (Law.WGS, "Schuldhulp (Wgs)"),
]
GENDERS = [("", "Weet ik niet"), ("V", "Vrouw"), ("M", "Man"), ("O", "Anders")]
CHANNELS = [
    (Channel.PAPIER, "Op papier: wij sturen brieven naar het adres"),
    (Channel.DIGITAAL, "Digitaal: de inwoner leest brieven op de website, na inloggen met DigiD"),
]
SAID_YES = [("ja", "Ja, de inwoner zegt ja"), ("veilig", "Nee, maar de veiligheid vraagt dat wij nu handelen")]
UNSAFE = "veilig"
NO_BIRTH = "Vul de geboortedatum in, of het burgerservicenummer. Weet u alleen het jaar? Dat is genoeg"


HOW_THEY_CAME = ("urgent", "knew_way", "came_by")


class TeamForm(Form):
    """Something that comes in for a team, which may work for several gemeenten."""

    team = forms.TypedChoiceField(label="Team", coerce=int)
    gemeente = forms.TypedChoiceField(label="Gemeente", coerce=int)

    def __init__(self, *args: Any, today: date, teams: Sequence[Team], **kwargs: Any) -> None:
        super().__init__(*args, today=today, not_after=today, **kwargs)
        self.today, self.teams = today, teams
        gemeenten = {gemeente.pk: gemeente.name for team in teams for gemeente in team.gemeenten.all()}
        for name in ("team", "gemeente"):
            self.fields[name] = self.fields.pop(name)  # asked last
        self._offer("team", [(team.pk, team.name) for team in teams])
        self._offer("gemeente", list(gemeenten.items()))

    def _offer(self, name: str, choices: list[tuple[int, str]]) -> None:
        """Ask only where there is something to choose."""
        field = self.fields[name]
        field.choices = choices  # type: ignore[attr-defined]
        if len(choices) == 1:
            field.initial, field.widget = choices[0][0], forms.HiddenInput()

    def clean_received_on(self) -> date:
        """Not before there was a law with a term."""
        day: date = self.cleaned_data["received_on"]
        if day < FIRST_DAY:
            raise ValidationError(f"Vul een datum in vanaf {long_date(FIRST_DAY)}")
        return day

    def clean(self) -> dict[str, Any]:
        """The team works for the gemeente."""
        data = self.cleaned_data
        team = next((team for team in self.teams if team.pk == data.get("team")), None)
        if team and data.get("gemeente") and data["gemeente"] not in {g.pk for g in team.gemeenten.all()}:
            self.add_error(
                "gemeente", f"{team} werkt niet voor deze gemeente. Kies een andere gemeente of een ander team"
            )
        return data


class MeldingForm(TeamForm):
    """A melding as it comes in by telephone, at the desk, by letter or by e-mail: what cannot wait first."""

    urgent = forms.BooleanField(
        label="Dit kan niet wachten",
        required=False,
        help_text="Is er nu gevaar? Bel eerst 112. Bij geweld of mishandeling: Veilig Thuis, 0800-2000, dag en nacht.",
    )
    bsn = BsnField(label="Burgerservicenummer", required=False, help_text="Dan vinden wij de inwoner zeker terug.")
    given_names = forms.CharField(label="Voornamen", max_length=200)
    name_prefix = forms.CharField(label="Tussenvoegsel", max_length=20, required=False)
    family_name = forms.CharField(label="Achternaam", max_length=200)
    born = KnownDateField(
        label="Geboortedatum",
        partial=True,
        required=False,
        help_text="Bijvoorbeeld 27 3 1951. Weet u alleen het jaar? Dat is genoeg.",
    )
    gender = forms.ChoiceField(
        label="Geslacht", choices=GENDERS, required=False, help_text="Alleen voor de aanhef van brieven."
    )
    street = forms.CharField(label="Straat", max_length=100, required=False)
    house_number = forms.CharField(label="Huisnummer", max_length=20, required=False)
    postcode = PostcodeField(label="Postcode", required=False)
    city = forms.CharField(label="Woonplaats", max_length=80, required=False)
    phone = forms.CharField(label="Telefoonnummer", max_length=20, required=False)
    no_phone = forms.BooleanField(label="Niet bellen: dat is niet veilig", required=False)
    no_post = forms.BooleanField(label="Geen post naar huis: dat is niet veilig", required=False)
    safe_contact = forms.CharField(
        label="Waar letten wij op bij contact?",
        max_length=300,
        required=False,
        help_text="Bijvoorbeeld: bel na tien uur.",
    )
    letter_channel = forms.ChoiceField(
        label="Hoe wil de inwoner brieven krijgen?",
        choices=CHANNELS,
        initial=Channel.PAPIER,
        widget=forms.RadioSelect,
        help_text="Kies alleen digitaal als de inwoner dat zelf wil.",
    )

    received_on = NearDateField(
        past=True, label="Wanneer kwam de melding binnen?", help_text="Op deze dag begint de termijn."
    )
    route = forms.ChoiceField(
        label="Hoe kwam de melding binnen?",
        choices=[(route, route.label) for route in BY_OURSELVES],
        widget=forms.RadioSelect,
    )
    reporter_name = forms.CharField(
        label="Meldt iemand anders? Wie?",
        max_length=150,
        required=False,
        help_text="Laat dit leeg als de inwoner zelf meldt.",
    )
    reporter_capacity = forms.CharField(
        label="Wat is diegene van de inwoner?",
        max_length=100,
        required=False,
        help_text="Bijvoorbeeld dochter, buurman, huisarts of politie.",
    )
    reporter_contact = forms.CharField(label="Hoe bereiken wij diegene?", max_length=100, required=False)
    aware = forms.ChoiceField(
        label="Weet de inwoner van deze melding?", choices=[("ja", "Ja"), ("nee", "Nee")], widget=forms.RadioSelect
    )
    why_now = forms.CharField(
        label="Waarom vraagt de veiligheid dit?",
        widget=forms.Textarea(attrs={"rows": 3}),
        required=False,
        help_text="Alleen als de inwoner geen ja zei. Overleg met de aandachtsfunctionaris.",
    )
    words = forms.CharField(
        label="Wat vertelt de inwoner?",
        widget=forms.Textarea,
        help_text="In eigen woorden. Vraag nu nog niet naar ziekte of inkomen.",
    )

    knew_way = YesNoField(label="Wist u waar u moest zijn?", required=False)
    came_by = forms.ChoiceField(label="Via wie kwam u hier?", required=False, widget=forms.RadioSelect)

    law = forms.ChoiceField(label="Om welke wet gaat het?", choices=LAWS, widget=forms.RadioSelect)
    need = forms.CharField(label="Wat is de hulpvraag?", widget=forms.Textarea(attrs={"rows": 3}))
    referrer = forms.ChoiceField(
        label="Verwezen door",
        choices=[("", "Niemand"), *Referrer.choices],
        required=False,
        help_text="Alleen bij jeugdhulp. Na een verwijzing is geen onderzoek van ons nodig.",
    )
    referrer_name = forms.CharField(label="Naam van de verwijzer", max_length=150, required=False)

    law_2 = forms.ChoiceField(
        label="Om welke wet gaat de tweede vraag?", choices=[("", "Geen tweede vraag"), *LAWS], required=False
    )
    need_2 = forms.CharField(
        label="Wat is de tweede hulpvraag?", widget=forms.Textarea(attrs={"rows": 3}), required=False
    )
    whose_2 = forms.ChoiceField(
        label="Van wie is de tweede vraag?",
        choices=[("zelf", "Van dezelfde inwoner"), ("ander", "Van iemand anders in dit huishouden")],
        initial="zelf",
        required=False,
        widget=forms.RadioSelect,
    )
    other_given_names = forms.CharField(label="Voornamen van de ander", max_length=200, required=False)
    other_prefix = forms.CharField(label="Tussenvoegsel van de ander", max_length=20, required=False)
    other_family_name = forms.CharField(label="Achternaam van de ander", max_length=200, required=False)
    other_born = KnownDateField(label="Geboortedatum van de ander", partial=True, required=False)
    other_bsn = BsnField(label="Burgerservicenummer van de ander", required=False)
    other_same_address = forms.BooleanField(label="De ander woont op hetzelfde adres", required=False, initial=True)

    become_contactpersoon = forms.BooleanField(label="Ik word de contactpersoon", required=False, initial=True)

    def __init__(self, *args: Any, may_be_contactpersoon: bool, came: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["received_on"].initial = self.today
        self.fields["came_by"].choices = Reason.objects.listed("meldingsroute", self.today).choices()  # type: ignore[attr-defined]
        if not may_be_contactpersoon:
            del self.fields["become_contactpersoon"]
        self.came = came
        if came:
            del self.fields["route"]
        if came == Route.PORTAAL:  # the day and the gemeente are those of what came in
            self.fields["received_on"].disabled = True
            place = self.initial["gemeente"]
            self._offer("gemeente", [pair for pair in self.fields["gemeente"].choices if pair[0] == place])  # type: ignore[attr-defined]
        if came == Route.SIGNAAL:
            self._after_a_signal()
        else:
            del self.fields["why_now"]

    def _after_a_signal(self) -> None:
        """Who told of it stands with the signal; the person said yes, or safety asks it."""
        for name in ("reporter_name", "reporter_capacity", "reporter_contact"):
            del self.fields[name]
        aware = self.fields["aware"]
        aware.label, aware.choices = "Wil de inwoner dit?", SAID_YES  # type: ignore[attr-defined]
        self.fields["received_on"].label = "Op welke dag werd het een melding?"

    def clean(self) -> dict[str, Any]:
        """What belongs together is there together."""
        data = super().clean()
        if "why_now" in self.fields and data.get("aware") == UNSAFE and not data.get("why_now"):
            self.add_error("why_now", "Schrijf op waarom de veiligheid dit vraagt")
        self._check_birth("born", "bsn")
        self._both(
            "reporter_name", "Vul in wie er meldt", "reporter_capacity", "Vul in wat de melder van de inwoner is"
        )
        if data.get("referrer"):
            self._check_referrer()
        elif data.get("referrer_name"):
            self.add_error("referrer", "Kies wie er verwees")
        self._both("law_2", "Kies om welke wet de tweede vraag gaat", "need_2", "Vul in wat de tweede hulpvraag is")
        if data.get("law_2"):
            self._check_second()
        return data

    def _check_birth(self, born: str, bsn: str) -> None:
        """Either of them, so that the same person is found again."""
        if not {born, bsn} & self.errors.keys() and not (self.cleaned_data.get(born) or self.cleaned_data.get(bsn)):
            self.add_error(born, NO_BIRTH)

    def _both(self, one: str, sentence: str, other: str, other_sentence: str) -> None:
        has_one, has_other = bool(self.cleaned_data.get(one)), bool(self.cleaned_data.get(other))
        if {one, other} & self.errors.keys() or has_one == has_other:
            return
        self.add_error(*((other, other_sentence) if has_one else (one, sentence)))

    def _check_referrer(self) -> None:
        if self.cleaned_data.get("law") not in {Law.JEUGD, None}:
            self.add_error("referrer", "Een verwijzing kan alleen bij de Jeugdwet. Kies ‘Niemand’ of de Jeugdwet")
        if not self.cleaned_data.get("referrer_name"):
            self.add_error("referrer_name", "Vul de naam van de verwijzer in")

    def _check_second(self) -> None:
        if self.cleaned_data.get("whose_2") != "ander":
            if self.cleaned_data["law_2"] == self.cleaned_data.get("law"):
                self.add_error("law_2", "Deze inwoner heeft al een vraag onder deze wet. Schrijf beide op bij vraag 1")
            return
        for name, what in (("other_given_names", "voornamen"), ("other_family_name", "achternaam")):
            if name not in self.errors and not self.cleaned_data.get(name):
                self.add_error(name, f"Vul de {what} van de ander in")
        self._check_birth("other_born", "other_bsn")
        if self.cleaned_data.get("other_bsn") and self.cleaned_data["other_bsn"] == self.cleaned_data.get("bsn"):
            self.add_error("other_bsn", "Dit is het nummer van de inwoner zelf. Vul het nummer van de ander in")

    def second_is_open(self) -> bool:
        """Whether the part of the second question is shown: something stands in it."""
        return self.is_bound and any(self.data.get(name) for name in ("law_2", "need_2", "other_given_names"))

    def facts(self) -> MeldingFacts:
        """The melding as the service takes it."""
        data = self.cleaned_data
        questions = [Question(data["law"], data["need"], None, data["referrer"], data["referrer_name"])]
        if data["law_2"]:
            questions.append(Question(data["law_2"], data["need_2"], self._other()))
        names = (
            "received_on",
            "route",
            "words",
            "reporter_name",
            "reporter_capacity",
            "reporter_contact",
            *HOW_THEY_CAME,
        )
        told = {"route": self.came} | {name: data[name] for name in names if name in data}
        return MeldingFacts(person=self._person(), questions=questions, **told)

    def yes(self) -> str:
        """Why a signal became a melding, in words."""
        data = self.cleaned_data
        return f"Veiligheid: {data['why_now']}" if data["aware"] == UNSAFE else "De inwoner zei ja"

    def _address(self) -> dict[str, str]:
        return {name: self.cleaned_data[name] for name in ("street", "house_number", "postcode", "city")}

    def _person(self) -> PersonFacts:
        data = self.cleaned_data
        names = (
            "given_names",
            "family_name",
            "gender",
            "phone",
            "letter_channel",
            "no_phone",
            "no_post",
            "safe_contact",
        )
        return PersonFacts(
            prefix=data["name_prefix"],
            born=PartialDate.number_of(data["born"]),
            bsn=data["bsn"] or None,
            **{name: data[name] for name in names},
            **self._address(),
        )

    def _other(self) -> PersonFacts | None:
        """Somebody else of the household; letters on paper, until the person self asks otherwise (Awb art. 2:14)."""
        data = self.cleaned_data
        if data["whose_2"] != "ander":
            return None
        return PersonFacts(
            given_names=data["other_given_names"],
            prefix=data["other_prefix"],
            family_name=data["other_family_name"],
            born=PartialDate.number_of(data["other_born"]),
            bsn=data["other_bsn"] or None,
            **(self._address() if data["other_same_address"] else {}),
        )
