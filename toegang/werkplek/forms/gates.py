"""Forms of noodtoegang, the veiligheidsdossier and shielding."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet

from casework.enums import Law, Verdict
from casework.models import Person, Reason
from casework.services.emergency import SHORTEST
from toegang.accounts.models import Gemeente, User
from toegang.core.forms import Form, NearDateField

LINES = {"rows": 3}
NUMBER = "Vul een zaaknummer in, bijvoorbeeld ZD-2026-00012"


class CaseNumberField(forms.RegexField):
    """The number of a case, typed in capitals or not."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(r"^ZD-[0-9]{4}-[0-9]{5,7}$", error_messages={"required": NUMBER, "invalid": NUMBER}, **kwargs)

    def to_python(self, value: Any) -> str:
        """In capitals, without spaces."""
        return str(super().to_python(value)).upper().replace(" ", "")


class EmergencyForm(Form):
    """Which case, and why it cannot wait."""

    gemeente = forms.ModelChoiceField(
        label="In welke gemeente?", queryset=Gemeente.objects.none(), widget=forms.RadioSelect, empty_label=None
    )
    reference = CaseNumberField(label="Welke zaak?", help_text="Het zaaknummer, bijvoorbeeld ZD-2026-00012.")
    category = forms.ModelChoiceField(
        label="Waarom hebt u noodtoegang nodig?",
        queryset=Reason.objects.none(),
        widget=forms.RadioSelect,
        empty_label=None,
    )
    reason = forms.CharField(
        label="Wat is er aan de hand?",
        widget=forms.Textarea(attrs=LINES),
        min_length=SHORTEST,
        help_text="De teamleider en de privacy officer lezen dit.",
        error_messages={"min_length": "Vertel iets meer: gebruik minstens %(limit_value)d tekens"},
    )

    def __init__(self, *args: Any, gemeenten: QuerySet[Gemeente], categories: QuerySet[Reason], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["category"].queryset = categories  # type: ignore[attr-defined]
        self.fields["gemeente"].queryset = gemeenten  # type: ignore[attr-defined]
        self.only = gemeenten[0] if len(gemeenten) == 1 else None
        if self.only:
            del self.fields["gemeente"]

    def facts(self) -> dict[str, Any]:
        """What the service takes."""
        data = {key: self.cleaned_data[key] for key in ("reference", "category", "reason")}
        return {"gemeente_id": (self.only or self.cleaned_data["gemeente"]).pk, **data}


class VerdictForm(Form):
    """What the reviewer says of it."""

    verdict = forms.ChoiceField(label="Was de noodtoegang terecht?", choices=Verdict.choices, widget=forms.RadioSelect)
    note = forms.CharField(
        label="Toelichting",
        widget=forms.Textarea(attrs=LINES),
        required=False,
        help_text="Nodig als het niet terecht was of als u eerst navraagt.",
    )

    def clean(self) -> dict[str, Any]:
        """A mark other than the plain one asks for words."""
        verdict = self.cleaned_data.get("verdict")
        if verdict and verdict != Verdict.TERECHT and not self.cleaned_data.get("note"):
            self.add_error("note", ValidationError("Leg uit waarom u dit kiest"))
        return self.cleaned_data


class AccessRulesForm(Form):
    """The rules for noodtoegang that the user may set; the others are not asked."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    minutes = forms.IntegerField(label="Hoeveel minuten duurt noodtoegang?", min_value=5, max_value=480)
    a_day = forms.IntegerField(
        label="Hoe vaak per dag mag een medewerker noodtoegang krijgen?", min_value=1, max_value=20
    )
    closed_days = forms.IntegerField(
        label="Hoeveel dagen na het afsluiten kan een zaak nog open?",
        min_value=0,
        max_value=7300,
        help_text="Vul 0 in als het alleen voor open zaken mag.",
    )
    review_days = forms.IntegerField(
        label="Binnen hoeveel werkdagen moet noodtoegang beoordeeld zijn?", min_value=1, max_value=30
    )
    lookups_an_hour = forms.IntegerField(
        label="Hoe vaak per uur mag een medewerker een persoon zoeken?", min_value=1, max_value=500
    )
    shown_after_days = forms.IntegerField(
        label="Na hoeveel dagen ziet de inwoner dat er noodtoegang was?",
        min_value=0,
        max_value=365,
        help_text="Dit geldt voor noodtoegang vanaf nu. Vul 0 in voor meteen.",
    )
    outside_looks = forms.IntegerField(
        label="Hoeveel zaken zonder eigen taak mag een medewerker per week zien?",
        min_value=1,
        max_value=1000,
        help_text="Ziet iemand er meer? Dan staat dat bij de opvallende inzage.",
    )

    def __init__(self, *args: Any, names: Iterable[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in set(self.fields) - {"version", *names}:
            del self.fields[name]


class SafetyForm(Form):
    """A fact about the safety of one person."""

    person = forms.ModelChoiceField(
        label="Over wie gaat dit?",
        queryset=Person.objects.none(),
        widget=forms.RadioSelect,
        empty_label=None,
        help_text="Schrijf per persoon. Anderen in het huishouden krijgen dit niet te zien.",
    )
    law = forms.ChoiceField(label="Bij welke wet hoort dit?", choices=Law.choices, widget=forms.RadioSelect)
    text = forms.CharField(label="Wat is er aan de hand?", widget=forms.Textarea(attrs={"rows": 5}))
    source = forms.CharField(
        label="Van wie weet u dit?",
        widget=forms.Textarea(attrs={"rows": 2}),
        required=False,
        help_text="De bron staat apart en komt nooit in een brief of een afschrift.",
    )

    def __init__(self, *args: Any, people: QuerySet[Person], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["person"].queryset = people  # type: ignore[attr-defined]


class SafetyCorrectionForm(Form):
    """A better text; the former one stays in the history."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    text = forms.CharField(label="Wat is er aan de hand?", widget=forms.Textarea(attrs={"rows": 5}))
    source = forms.CharField(label="Van wie weet u dit?", widget=forms.Textarea(attrs={"rows": 2}), required=False)
    reason = forms.CharField(label="Waarom verandert u dit?", widget=forms.Textarea(attrs=LINES))


class SafetyShareForm(Form):
    """Who may open the veiligheidsdossier too, why and until when."""

    user = forms.ModelChoiceField(
        label="Wie mag het veiligheidsdossier zien?",
        queryset=User.objects.none(),
        widget=forms.RadioSelect,
        empty_label=None,
    )
    reason = forms.CharField(label="Waarom?", widget=forms.Textarea(attrs=LINES))
    last_day = NearDateField(label="Tot en met welke dag?", required=False, help_text="Leeg: tot u het beëindigt.")

    def __init__(self, *args: Any, colleagues: QuerySet[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["user"].queryset = colleagues  # type: ignore[attr-defined]


class WhyForm(Form):
    """Why something ends."""

    reason = forms.CharField(label="Waarom?", widget=forms.Textarea(attrs=LINES))


class ShieldForm(Form):
    """Why a case is shielded."""

    category = forms.ModelChoiceField(
        label="Waarom schermt u deze zaak af?",
        queryset=Reason.objects.none(),
        widget=forms.RadioSelect,
        empty_label=None,
    )
    reason = forms.CharField(label="Toelichting", widget=forms.Textarea(attrs=LINES))

    def __init__(self, *args: Any, categories: QuerySet[Reason], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["category"].queryset = categories  # type: ignore[attr-defined]

    def words(self) -> str:
        """Category and explanation as one reason."""
        return f"{self.cleaned_data['category']}: {self.cleaned_data['reason']}"
