"""Forms of the functioneel beheerder."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from operator import itemgetter
from typing import Any

from django import forms
from django.core.validators import RegexValidator
from django.db.models import QuerySet

from toegang.accounts.models import CoverRule, Gemeente, Ketenpartner, Organisatie, Role, Team
from toegang.accounts.services.people import Details
from toegang.core.dates import long_date
from toegang.core.forms import Form, NearDateField
from toegang.werkplek.forms.plan import VersionedForm

AT_ONCE, ON_A_DAY = "meteen", "dag"
MOST_NAMED = 10
USERNAME = RegexValidator(
    r"^[a-z0-9][a-z0-9.@_+-]*\Z", "Gebruik alleen kleine letters, cijfers, punt, streepje en @, zonder spaties"
)
WHY = "Dit komt in de geschiedenis van deze persoon."
IN_USE = [("ja", "In gebruik"), ("nee", "Niet in gebruik"), ("keten", "Ketenpartners"), ("alle", "Iedereen")]


@dataclass(frozen=True)
class LeftBehind:
    """The open cases of a team that nobody handles when somebody stops; references only."""

    team: str
    references: Sequence[str]

    @property
    def named(self) -> str:
        """The first references, and how many more there are."""
        more = len(self.references) - MOST_NAMED
        return ", ".join(self.references[:MOST_NAMED]) + (f" en nog {more}" if more > 0 else "")


def left_behind(cases: Iterable[tuple[str, str]]) -> list[LeftBehind]:
    """Group team and reference of cases, in the order of the teams, by team."""
    return [LeftBehind(team, [reference for _, reference in its]) for team, its in groupby(cases, itemgetter(0))]


class SearchForm(Form):
    """Whom to show."""

    q = forms.CharField(label="Naam", required=False, max_length=100)
    stand = forms.ChoiceField(label="Wie", choices=IN_USE, required=False)


class DetailsForm(VersionedForm):
    """What is known of somebody; `fixed` names what the sign-in of the organisation fills in."""

    name = forms.CharField(label="Naam", max_length=150)
    job_title = forms.CharField(label="Functie", max_length=100, required=False)
    phone = forms.CharField(label="Telefoon", max_length=20, required=False)
    email = forms.EmailField(label="E-mail", max_length=254, required=False)

    def __init__(self, *args: Any, fixed: Iterable[str] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in fixed:
            del self.fields[name]

    def details(self) -> Details:
        """What the service takes."""
        return Details(**{name: self.cleaned_data[name] for name in self.fields if name in vars(Details())})


class NewPersonForm(DetailsForm):
    """An own account of Toegang."""

    username = forms.CharField(
        label="Gebruikersnaam", max_length=150, validators=[USERNAME], help_text="Hiermee logt deze persoon in."
    )
    organisatie = forms.ModelChoiceField(
        label="Organisatie", queryset=Organisatie.objects.none(), widget=forms.RadioSelect, empty_label=None
    )
    field_order = ("name", "username", "job_title", "phone", "email", "organisatie")

    def __init__(self, *args: Any, organisaties: QuerySet[Organisatie], **kwargs: Any) -> None:
        super().__init__(*args, fixed=["version"], **kwargs)
        self.fields["organisatie"].queryset = organisaties  # type: ignore[attr-defined]
        self.only = organisaties[0] if len(organisaties) == 1 else None
        if self.only:
            del self.fields["organisatie"]
        self.fields["email"].help_text = "Dan sturen wij de uitnodiging ook per e-mail."

    @property
    def organisation(self) -> Organisatie:
        """The organisation that was chosen, or the only one."""
        return self.only or self.cleaned_data["organisatie"]


class PeriodForm(Form):
    """From when, until when, and why."""

    since = NearDateField(label="Eerste dag")
    until = NearDateField(label="Laatste dag", required=False, help_text="Laat leeg als er geen einde is.")
    reason = forms.CharField(label="Waarom?", max_length=150, help_text=WHY)

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, today=today, **kwargs)
        self.fields["since"].initial = today

    def period(self) -> dict[str, Any]:
        """What the service takes."""
        return {name: self.cleaned_data[name] for name in ("since", "until", "reason")}


class RoleForm(PeriodForm):
    """A role for a gemeente."""

    role = forms.ModelChoiceField(
        label="Welke rol?", queryset=Role.objects.order_by("name"), widget=forms.RadioSelect, empty_label=None
    )
    gemeente = forms.ModelChoiceField(
        label="Voor welke gemeente?", queryset=Gemeente.objects.none(), widget=forms.RadioSelect, empty_label=None
    )
    field_order = ("role", "gemeente", "since", "until", "reason")

    def __init__(self, *args: Any, gemeenten: QuerySet[Gemeente], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["gemeente"].queryset = gemeenten  # type: ignore[attr-defined]
        self.fields["gemeente"].initial = gemeenten[0] if len(gemeenten) == 1 else None


class ReportRightForm(PeriodForm):
    """To which gemeente somebody of a ketenpartner may send meldingen, with a last day."""

    gemeente = forms.ModelChoiceField(
        label="Bij welke gemeente?", queryset=Gemeente.objects.none(), widget=forms.RadioSelect, empty_label=None
    )
    field_order = ("gemeente", "since", "until", "reason")

    def __init__(self, *args: Any, gemeenten: QuerySet[Gemeente], last: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["gemeente"].queryset = gemeenten  # type: ignore[attr-defined]
        self.fields["gemeente"].initial = gemeenten[0] if len(gemeenten) == 1 else None
        self.fields["until"].required = True
        self.fields["until"].help_text = f"Uiterlijk {long_date(last)}."


class MembershipForm(PeriodForm):
    """A team."""

    team = forms.ModelChoiceField(
        label="Welk team?", queryset=Team.objects.none(), widget=forms.RadioSelect, empty_label=None
    )
    field_order = ("team", "since", "until", "reason")

    def __init__(self, *args: Any, teams: QuerySet[Team], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["team"].queryset = teams  # type: ignore[attr-defined]


class ReasonForm(Form):
    """Why; and, when cases are left without anybody, that this is known."""

    reason = forms.CharField(label="Waarom?", max_length=150, help_text=WHY)
    sure = forms.BooleanField(label="Ik weet dat deze zaken dan niemand hebben. De teamleider draagt ze over.")

    def __init__(self, *args: Any, left: Sequence[LeftBehind] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not left:
            del self.fields["sure"]


class EndForm(ReasonForm):
    """When it stops, and why."""

    when = forms.ChoiceField(
        label="Wanneer stopt het?",
        choices=[(AT_ONCE, "Meteen"), (ON_A_DAY, "Na een laatste dag")],
        widget=forms.RadioSelect,
    )
    last_day = NearDateField(
        label="Laatste dag", required=False, help_text="Alleen als het niet meteen stopt. Deze dag telt nog mee."
    )
    field_order = ("when", "last_day", "reason", "sure")

    def clean(self) -> dict[str, Any]:
        """A last day belongs to one of the two answers."""
        data = super().clean() or self.cleaned_data
        if data.get("when") == ON_A_DAY and not data.get("last_day") and "last_day" not in self.errors:
            self.add_error("last_day", "Vul de laatste dag in, bijvoorbeeld 4-12-2026")
        return data

    def ending(self) -> dict[str, Any]:
        """What the service takes."""
        data = self.cleaned_data
        return {"last_day": data["last_day"] if data["when"] == ON_A_DAY else None, "reason": data["reason"]}


class TeamForm(VersionedForm):
    """A team and what it serves."""

    name = forms.CharField(label="Naam van het team", max_length=100)
    gemeenten = forms.ModelMultipleChoiceField(
        label="Voor welke gemeenten werkt dit team?",
        queryset=Gemeente.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Kies minstens één gemeente", "invalid_choice": "Kies een van de antwoorden"},
    )
    cover = forms.ChoiceField(
        label="Wie neemt zaken over van een collega die er niet is?",
        choices=CoverRule.choices,
        widget=forms.RadioSelect,
        initial=CoverRule.GENOEMD,
    )
    takes_website = forms.BooleanField(
        label="Dit team krijgt de meldingen van de website",
        required=False,
        help_text="Kiest u geen team? Dan krijgt het eerste team op naam ze.",
    )

    def __init__(self, *args: Any, gemeenten: QuerySet[Gemeente], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["gemeenten"].queryset = gemeenten  # type: ignore[attr-defined]


class PartnerForm(VersionedForm):
    """A ketenpartner."""

    name = forms.CharField(label="Naam van de ketenpartner", max_length=150)
    sort = forms.ChoiceField(label="Soort organisatie", choices=Ketenpartner.Sort.choices, widget=forms.RadioSelect)
    organisatie = forms.ModelChoiceField(
        label="Werkt samen met", queryset=Organisatie.objects.none(), widget=forms.RadioSelect, empty_label=None
    )

    def __init__(self, *args: Any, organisaties: QuerySet[Organisatie] | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.only = organisaties[0] if organisaties is not None and len(organisaties) == 1 else None
        if organisaties is None or self.only:
            del self.fields["organisatie"]
        else:
            self.fields["organisatie"].queryset = organisaties  # type: ignore[attr-defined]

    @property
    def organisation(self) -> Organisatie:
        """The organisation that was chosen, or the only one."""
        return self.only or self.cleaned_data["organisatie"]


class RoleWordsForm(VersionedForm):
    """The words of a role."""

    name = forms.CharField(label="Naam van de rol", max_length=60)
    description = forms.CharField(
        label="Omschrijving", max_length=300, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )


class WijkForm(Form):
    """A wijk of a gemeente."""

    name = forms.CharField(label="Naam van de wijk", max_length=100)
    gemeente = forms.ModelChoiceField(
        label="Gemeente", queryset=Gemeente.objects.none(), widget=forms.RadioSelect, empty_label=None
    )

    def __init__(self, *args: Any, gemeenten: QuerySet[Gemeente] | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.only = gemeenten[0] if gemeenten is not None and len(gemeenten) == 1 else None
        if gemeenten is None or self.only:
            del self.fields["gemeente"]
        else:
            self.fields["gemeente"].queryset = gemeenten  # type: ignore[attr-defined]

    @property
    def of(self) -> Gemeente:
        """The gemeente that was chosen, or the only one."""
        return self.only or self.cleaned_data["gemeente"]
