"""Forms that narrow what the log shows."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms

from casework.enums import LookVerdict
from casework.looks import RESULTS
from toegang.core.forms import Form, NearDateField

ANYBODY = ("", "Iedereen")
ACTIONS = {
    "look": "Bekeken",
    "list": "In een lijst gezien",
    "download": "Bestand geopend",
    "bsn": "Burgerservicenummer getoond",
    "step": "Stap gezet",
    "write": "Gewijzigd",
    "send": "Verstuurd",
    "grant": "Toegang gegeven of beëindigd",
    "emergency": "Noodtoegang",
    "search": "Gezocht",
    "login": "Ingelogd",
}


class PeriodForm(Form):
    """From which day up to and with which; an empty field leaves that end open."""

    since = NearDateField(label="Van", required=False)
    until = NearDateField(label="Tot en met", required=False)

    def clean(self) -> dict[str, Any]:
        """The last day is not before the first."""
        given: dict[str, Any] = super().clean() or self.cleaned_data
        since, until = given.get("since"), given.get("until")
        if since and until and until < since:
            self.add_error("until", "Kies een dag die niet voor de eerste dag ligt")
        return given


class CaseLooksForm(PeriodForm):
    """Which looks at one case: of when, and by whom."""

    person = forms.ChoiceField(label="Wie", required=False)

    def __init__(self, *args: Any, people: Iterable[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["person"].choices = [ANYBODY, *people]  # type: ignore[attr-defined]


class LogSearchForm(PeriodForm):
    """Which rows of the log of a gemeente."""

    reference = forms.CharField(label="Zaaknummer", required=False, max_length=20)
    staff = forms.CharField(label="Naam van de medewerker", required=False, max_length=100)
    action = forms.ChoiceField(label="Handeling", required=False, choices=[("", "Alles"), *ACTIONS.items()])
    result = forms.ChoiceField(label="Resultaat", required=False, choices=[("", "Alles"), *RESULTS.items()])


class LookVerdictForm(Form):
    """What a privacy officer says of a striking look."""

    verdict = forms.ChoiceField(label="Uw oordeel", choices=LookVerdict.choices, widget=forms.RadioSelect)
    note = forms.CharField(
        label="Toelichting",
        widget=forms.Textarea(attrs={"rows": 4}),
        required=False,
        help_text="Nodig als het niet in orde is. Schrijf hier geen gegevens van de inwoner op.",
    )

    def clean(self) -> dict[str, Any]:
        """A mark other than the plain one asks for words."""
        given: dict[str, Any] = super().clean() or self.cleaned_data
        if given.get("verdict") not in {None, LookVerdict.IN_ORDE} and not given.get("note"):
            self.add_error("note", "Leg uit waarom u dit kiest")
        return given
