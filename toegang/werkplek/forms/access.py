"""Forms of who works along with a case: colleagues, people who read along, ketenpartners; and of ending that."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet

from casework.enums import LIMITED_KINDS, RESIDENT_PARTS, GrantKind, GrantPart
from casework.models import Case, Person
from casework.selectors import SHARED_KINDS
from casework.selectors.caseload import Member
from casework.services.sharing import NEEDS_LAST_DAY
from plans.models import Action
from toegang.accounts.models import User
from toegang.core.dates import long_date
from toegang.core.forms import Form, NearDateField

KIND_WORDS = {
    GrantKind.TWEEDE: "Tweede contactpersoon: behandelt de zaak mee",
    GrantKind.VERVANGER: "Vervanger: behandelt de zaak een tijd in plaats van de contactpersoon",
    GrantKind.CONSULT: "Consult: leest mee en geeft advies",
    GrantKind.BEZWAAR: "Bezwaar: leest mee om een bezwaar te behandelen",
}
READER_WORDS = {
    GrantKind.MEELEZER: "Meelezer: iemand die van de inwoner mag meelezen",
    GrantKind.VERTEGENWOORDIGER: "Vertegenwoordiger: mag voor de inwoner handelen, zoals een ouder of mentor",
}
PART_WORDS = {
    GrantPart.GESPREK: "Het gesprek voeren: ziet alleen de afspraak en schrijft op wat er is gezegd",
    GrantPart.AFSPRAKEN: "De eigen afspraken: ziet alleen wat deze partner volgens het plan doet",
}


def _reason() -> forms.CharField:
    return forms.CharField(
        label="Waarom?", widget=forms.Textarea({"rows": 3}), help_text="Dit komt in de tijdlijn van de zaak."
    )


class LastDayForm(Form):
    """A form with a last day that is not before today."""

    last_day = NearDateField(label="Laatste dag", help_text="Bijvoorbeeld 4-12-2026.")

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, today=today, **kwargs)
        self.today = today

    def clean_last_day(self) -> date | None:
        """Today or later."""
        day: date | None = self.cleaned_data["last_day"]
        if day and day < self.today:
            raise ValidationError("De laatste dag is op zijn vroegst vandaag")
        return day


class ColleagueForm(LastDayForm):
    """Which colleague, as what, why and until when."""

    kind = forms.ChoiceField(
        label="Wat gaat deze collega doen?",
        choices=[(kind, KIND_WORDS[GrantKind(kind)]) for kind in SHARED_KINDS],
        widget=forms.RadioSelect,
    )
    user = forms.ModelChoiceField(label="Wie?", queryset=User.objects.none(), empty_label="Kies een collega")
    reason = _reason()
    field_order = ("kind", "user", "reason", "last_day")

    def __init__(self, *args: Any, colleagues: QuerySet[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["user"].queryset = colleagues  # type: ignore[attr-defined]
        self.fields["last_day"].required = False
        self.fields["last_day"].help_text = "Verplicht voor een vervanger en voor een consult. Bijvoorbeeld 4-12-2026."

    def clean(self) -> None:
        """A passing kind has a last day."""
        asked = self.cleaned_data.get("kind") in NEEDS_LAST_DAY and "last_day" not in self.errors
        if asked and not self.cleaned_data.get("last_day"):
            self.add_error("last_day", "Vul de laatste dag in, bijvoorbeeld 4-12-2026")


class ReaderForm(LastDayForm):
    """Who of the household reads along with whom, which parts, how that was shown, until when."""

    kind = forms.ChoiceField(
        label="Wat is deze persoon?",
        choices=[(kind, READER_WORDS[kind]) for kind in GrantKind if kind in LIMITED_KINDS],
        widget=forms.RadioSelect,
    )
    reader = forms.ModelChoiceField(
        label="Wie gaat meelezen?", queryset=Person.objects.none(), widget=forms.RadioSelect, empty_label=None
    )
    person = forms.ModelChoiceField(
        label="Over wie gaat het?", queryset=Person.objects.none(), widget=forms.RadioSelect, empty_label=None
    )
    parts = forms.MultipleChoiceField(
        label="Wat mag deze persoon zien?",
        choices=[(part, part.label) for part in RESIDENT_PARTS],
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Kies ten minste één onderdeel"},
    )
    reason = forms.CharField(
        label="Waarom, en hoe bleek dat dit mag?",
        widget=forms.Textarea({"rows": 3}),
        help_text="Bijvoorbeeld: mevrouw vroeg dit in het gesprek, of: gezien in de beschikking van de rechter.",
    )
    field_order = ("kind", "reader", "person", "parts", "reason", "last_day")

    def __init__(self, *args: Any, members: Iterable[Person], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        every = Person.objects.filter(pk__in=[member.pk for member in members]).select_related("user")
        self.fields["reader"].queryset = every.filter(user__isnull=False)  # type: ignore[attr-defined]
        self.fields["person"].queryset = every  # type: ignore[attr-defined]

    def clean(self) -> None:
        """Nobody reads along with oneself."""
        reader, person = self.cleaned_data.get("reader"), self.cleaned_data.get("person")
        if reader and reader == person:
            self.add_error("person", "Kies iemand anders: deze persoon ziet de eigen zaak al")

    def facts(self) -> dict[str, Any]:
        """What the service takes."""
        data = dict(self.cleaned_data)
        user = data.pop("reader").user
        return {**data, "user": user, "parts": [GrantPart(part) for part in data["parts"]]}


class PartnerForm(LastDayForm):
    """Which ketenpartner, for which one thing, why and until when."""

    user = forms.ModelChoiceField(label="Wie?", queryset=User.objects.none(), empty_label="Kies een ketenpartner")
    part = forms.ChoiceField(label="Wat vraagt u?", choices=list(PART_WORDS.items()), widget=forms.RadioSelect)
    actions = forms.ModelMultipleChoiceField(
        label="Welke afspraken doet deze partner?",
        queryset=Action.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text="Alleen nodig bij ‘De eigen afspraken’.",
    )
    reason = _reason()
    field_order = ("user", "part", "actions", "reason", "last_day")

    def __init__(
        self, *args: Any, partners: QuerySet[User], actions: QuerySet[Action], furthest: date, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.furthest = furthest
        chosen: Any = self.fields["user"]
        chosen.queryset = partners
        chosen.label_from_instance = lambda user: f"{user.name}, {user.ketenpartner.name}"
        self.fields["actions"].queryset = actions  # type: ignore[attr-defined]
        if not actions.exists():
            del self.fields["actions"]
            talk = GrantPart.GESPREK
            self.fields["part"].choices = [(talk, PART_WORDS[talk])]  # type: ignore[attr-defined]
            self.fields["part"].initial = talk
        self.fields["last_day"].help_text = f"Op zijn laatst {long_date(furthest)}."

    def clean(self) -> None:
        """Own actions ask which, and nothing lasts longer than the rule says."""
        if self.cleaned_data.get("part") == GrantPart.AFSPRAKEN and not self.cleaned_data.get("actions"):
            self.add_error("actions", "Kies ten minste één afspraak uit het plan")
        day = self.cleaned_data.get("last_day")
        if day and day > self.furthest:
            self.add_error("last_day", f"Kies een dag tot en met {long_date(self.furthest)}")

    def facts(self) -> dict[str, Any]:
        """What the service takes."""
        data = dict(self.cleaned_data)
        return {**data, "part": GrantPart(data["part"]), "actions": data.get("actions") or ()}


class EndAccessForm(Form):
    """Why somebody's access ends."""

    reason = _reason()


class BulkForm(Form):
    """Who gets which case of a colleague, or one colleague all of them; and why."""

    everyone = forms.ModelChoiceField(
        label="Wie krijgt alle zaken?",
        queryset=User.objects.none(),
        required=False,
        empty_label="Ik kies per zaak",
        help_text="Wat u hieronder bij een zaak kiest, gaat voor.",
    )
    reason = _reason()

    def __init__(self, *args: Any, cases: Iterable[Case], receivers: QuerySet[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.cases = list(cases)
        self.fields["everyone"].queryset = receivers  # type: ignore[attr-defined]
        people = list(receivers)
        for case in self.cases:
            field = forms.ModelChoiceField(
                label=f"{case.reference}, {case.person.name}",
                queryset=receivers,
                required=False,
                empty_label="Zoals hierboven",
            )
            field.choices = [("", "Zoals hierboven"), *((user.pk, user.name) for user in people)]
            self.fields[self.name_of(case)] = field
        self.order_fields(["everyone", *(self.name_of(case) for case in self.cases), "reason"])

    @staticmethod
    def name_of(case: Case) -> str:
        """The name of the field of a case."""
        return f"case_{case.pk.hex}"

    def clean(self) -> None:
        """At least one case goes to somebody."""
        if not self.errors and not self.receivers():
            self.add_error("everyone", "Kies wie de zaken krijgt, of kies iemand bij een zaak")

    def receivers(self) -> dict[Case, User]:
        """Who gets each case that is handed over."""
        data = self.cleaned_data
        found = {case: data.get(self.name_of(case)) or data.get("everyone") for case in self.cases}
        return {case: user for case, user in found.items() if user}


class GiveBackForm(Form):
    """Why somebody gives back a case that was given."""

    reason = forms.CharField(
        label="Waarom geeft u deze zaak terug?",
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=1000,
        help_text="Dit leest wie de zaken verdeelt. De inwoner krijgt dit niet te lezen.",
    )


class DivideForm(Form):
    """Who gets which case that nobody has; the load of each stands beside the name."""

    def __init__(self, *args: Any, cases: Iterable[Case], members: Sequence[Member], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.cases = list(cases)
        self.users = {member.user.pk: member.user for member in members}
        offered = [(member.user.pk, _with_load(member)) for member in members]
        for case in self.cases:
            label = f"Contactpersoon voor {case.person.name}"
            choices = [("", "Nog niemand"), *offered]
            field = forms.TypedChoiceField(label=label, choices=choices, coerce=int, empty_value=None, required=False)
            self.fields[BulkForm.name_of(case)] = field

    def rows(self) -> list[tuple[Case, Any]]:
        """Each case with its field."""
        return [(case, self[BulkForm.name_of(case)]) for case in self.cases]

    def clean(self) -> None:
        """At least one case goes to somebody."""
        if not self.errors and not self.receivers():
            self.add_error(None, "Kies bij ten minste één zaak wie de contactpersoon wordt")

    def receivers(self) -> dict[Case, User]:
        """Who gets each case."""
        chosen = {case: self.cleaned_data.get(BulkForm.name_of(case)) for case in self.cases}
        return {case: self.users[key] for case, key in chosen.items() if key}


def _with_load(member: Member) -> str:
    away = f", afwezig tot en met {long_date(member.away_until)}" if member.away_until else ""
    return f"{member.user.name} ({member.load.text}{away})"


class AbsenceForm(Form):
    """Who is absent from when to when, and who takes over."""

    user = forms.ModelChoiceField(label="Wie is er niet?", queryset=User.objects.none(), empty_label=None)
    since = NearDateField(label="Eerste dag", help_text="Bijvoorbeeld vandaag of 4-12-2026.")
    until = NearDateField(
        label="Laatste dag",
        help_text="Weet u het nog niet? Kies een dag. U kunt dit later beëindigen of opnieuw vastleggen.",
    )
    reason = forms.ChoiceField(label="Waarom?", widget=forms.RadioSelect, help_text="Meer vragen wij niet.")
    cover = forms.ModelChoiceField(
        label="Wie neemt de zaken over?", queryset=User.objects.none(), required=False, empty_label="De teamleiders"
    )

    def __init__(
        self,
        *args: Any,
        people: QuerySet[User],
        colleagues: QuerySet[User],
        reasons: Iterable[tuple[str, str]],
        today: date,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, today=today, **kwargs)
        self.today = today
        chosen: Any = self.fields
        chosen["user"].queryset, chosen["cover"].queryset = people, colleagues
        chosen["reason"].choices = list(reasons)
        if people.count() == 1:
            chosen["user"].widget = forms.HiddenInput()

    def clean(self) -> None:
        """The days are in order and none is past."""
        since, until = self.cleaned_data.get("since"), self.cleaned_data.get("until")
        if since and since < self.today:
            self.add_error("since", "De eerste dag is op zijn vroegst vandaag")
        if since and until and until < since:
            self.add_error("until", "De laatste dag ligt voor de eerste dag")
        if self.cleaned_data.get("cover") and self.cleaned_data["cover"] == self.cleaned_data.get("user"):
            self.add_error("cover", "Kies iemand anders dan wie er niet is")
