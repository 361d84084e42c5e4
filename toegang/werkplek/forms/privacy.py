"""Forms of a request about the own data: how it came in, each of its steps, and what an inzage pack holds."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet

from casework.enums import BY_OURSELVES, Asker, PrivacyKind, PrivacyOutcome, UseGround
from casework.models import Hulpvraag, Person, PrivacyRequest, Reason
from casework.selectors.privacy import subjects_of
from casework.services.privacy import RequestFacts
from decisions.selectors.pack import GROUPS, OTHER, REPORTER, UNFINISHED, Part
from decisions.services.inzage import PartChoice
from toegang.core.forms import Form, NearDateField
from toegang.werkplek.forms.plan import LONGEST_TEXT, VersionedForm

GIVEN = "mee"
GROUND_KEYS = {OTHER: "ander", REPORTER: "melder", UNFINISHED: "concept"}


def _text(label: str, help_text: str = "", *, required: bool = True) -> forms.CharField:
    area = forms.Textarea({"rows": 4})
    return forms.CharField(
        label=label, help_text=help_text, widget=area, max_length=LONGEST_TEXT, required=required, strip=True
    )


class RequestForm(Form):
    """A request that came by telephone, letter or at the desk."""

    person = forms.ModelChoiceField(
        label="Over wiens gegevens gaat het?",
        queryset=Person.objects.none(),
        widget=forms.RadioSelect,
        empty_label=None,
    )
    asker = forms.ChoiceField(label="Wie vraagt dit?", choices=Asker.choices, widget=forms.RadioSelect)
    asker_name = forms.CharField(
        label="Naam van de vertegenwoordiger",
        help_text="Alleen als iemand anders het vraagt.",
        max_length=150,
        required=False,
    )
    kind = forms.ChoiceField(label="Wat vraagt de inwoner?", choices=PrivacyKind.choices, widget=forms.RadioSelect)
    subject = forms.ChoiceField(
        label="Waar gaat de verbetering over?", help_text="Alleen bij een verbetering.", required=False
    )
    words = _text(
        "Wat vraagt de inwoner, in eigen woorden?",
        "Bij een verbetering komt deze tekst als verklaring in de zaak. Schrijf de woorden van de inwoner op.",
        required=False,
    )
    received_on = NearDateField(label="Wanneer kwam het verzoek binnen?", help_text="Op deze dag begint de termijn.")
    route = forms.ChoiceField(
        label="Hoe kwam het binnen?",
        choices=[(route, route.label) for route in BY_OURSELVES],
        widget=forms.RadioSelect,
    )

    def __init__(self, *args: Any, people: QuerySet[Person], hulpvragen: Sequence[Hulpvraag], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.hulpvragen = {str(hulpvraag.pk): hulpvraag for hulpvraag in hulpvragen}
        self.fields["person"].queryset = people  # type: ignore[attr-defined]
        several = len({hulpvraag.person_id for hulpvraag in hulpvragen}) > 1
        choices = [
            (key, f"{label}: {found.person}" if several and (found := self._of(key)) else label)
            for key, label in subjects_of(hulpvragen)
        ]
        self.fields["subject"].choices = [("", "Kies waar het over gaat"), *choices]  # type: ignore[attr-defined]

    def _of(self, key: str) -> Hulpvraag | None:
        return self.hulpvragen.get(key.partition(":")[2])

    def clean_received_on(self) -> date:
        """Not in the future."""
        day: date = self.cleaned_data["received_on"]
        today = self.fields["received_on"].today  # type: ignore[attr-defined]
        if today and day > today:
            raise ValidationError("Deze dag moet nog komen. Vul de dag in waarop het verzoek binnenkwam")
        return day

    def clean(self) -> None:
        """A correction says what and where; a representative has a name."""
        given = self.cleaned_data
        if given.get("asker") == Asker.VERTEGENWOORDIGER and not given.get("asker_name"):
            self.add_error("asker_name", "Vul de naam in van wie dit vraagt")
        if given.get("kind") != PrivacyKind.CORRECTIE:
            return
        if not given.get("words") and "words" not in self.errors:
            self.add_error("words", "Schrijf op wat er niet klopt")
        found = self._of(given.get("subject", ""))
        if not given.get("subject"):
            self.add_error("subject", "Kies waar de verbetering over gaat")
        elif found and given.get("person") and found.person_id != given["person"].pk:
            self.add_error("subject", "Dit gaat over een ander dan u koos")

    def facts(self) -> RequestFacts:
        """What the service takes."""
        given = dict(self.cleaned_data)
        subject = given.pop("subject")
        corrects = given["kind"] == PrivacyKind.CORRECTIE
        return RequestFacts(**given, **subject_facts(subject if corrects else "", self.hulpvragen))


def subject_facts(key: str, hulpvragen: Mapping[str, Hulpvraag]) -> dict[str, Any]:
    """The subject and the hulpvraag that a choice of `subjects_of` stands for."""
    subject, _, pk = key.partition(":")
    return {"subject": subject, "hulpvraag": hulpvragen.get(pk)}


class StepForm(VersionedForm):
    """A step of a request: what is typed, and where the record keeps it."""

    kept: Mapping[str, str] = {}

    def __init__(self, *args: Any, record: PrivacyRequest, grounds: Iterable[Reason] = (), **kwargs: Any) -> None:
        super().__init__(*args, initial={"version": record.version}, **kwargs)
        self.record = record
        if "ground" in self.fields:
            self.fields["ground"].choices = [(r.label, f"{r.label} ({r.article})") for r in grounds]  # type: ignore[attr-defined]

    def facts(self) -> dict[str, Any]:
        """What the service takes, the version included."""
        return dict(self.cleaned_data)

    def texts(self, record: PrivacyRequest) -> list[tuple[str, str, str]]:
        """For the page that shows both texts: label, what I typed, and what the record holds now."""
        return [
            (str(field.label), str(self.cleaned_data[name]), str(getattr(record, self.kept.get(name, name))))
            for name, field in self.fields.items()
            if name != "version"
        ]


class TakeUpForm(StepForm):
    """How we know who asks, and why a representative may."""

    identity = forms.CharField(
        label="Hoe weet u wie dit vraagt?",
        help_text="Bijvoorbeeld: ingelogd met DigiD, of legitimatie getoond aan de balie. Maak geen kopie.",
        max_length=200,
    )
    weighing = _text(
        "Waarom mag de vertegenwoordiger dit vragen?",
        "Alleen als iemand anders het vraagt. Is het kind jonger dan 16? Schrijf ook of het belang van het kind past.",
        required=False,
    )

    def clean(self) -> None:
        """A representative is weighed (Wmo 2015 art. 5.3.2)."""
        if self.record.asker == Asker.VERTEGENWOORDIGER and not self.cleaned_data.get("weighing"):
            self.add_error("weighing", "Schrijf op waarom deze vertegenwoordiger dit mag vragen")


class ProlongForm(StepForm):
    """Why the answer takes longer."""

    kept = {"reason": "extension_reason"}
    reason = _text(
        "Waarom duurt het langer?", "Dit komt in de brief aan de inwoner. De termijn wordt twee maanden langer."
    )


class RejectForm(StepForm):
    """Why not."""

    ground = forms.ChoiceField(label="Waarom wijst u het verzoek af?", widget=forms.RadioSelect)
    explanation = _text(
        "Leg het uit aan de inwoner", "Dit komt in de brief. Schrijf tegen de inwoner: u, korte zinnen."
    )


class PrepareForm(StepForm):
    """Nothing to fill in: the parts are gathered."""


class SettleForm(StepForm):
    """What was done with a correction."""

    outcome = forms.ChoiceField(
        label="Wat deed u?",
        choices=[
            (
                PrivacyOutcome.VERKLARING,
                "Ik voeg de woorden van de inwoner toe als verklaring. Onze tekst blijft staan.",
            ),
            (PrivacyOutcome.GEWIJZIGD, "Ik heb de gegevens al gewijzigd op de gewone plek in de zaak."),
        ],
        widget=forms.RadioSelect,
    )
    explanation = _text(
        "Wat veranderde u?", "Alleen als u iets wijzigde. Dit komt in de brief aan de inwoner.", required=False
    )

    def clean(self) -> None:
        """A change is named."""
        changed = self.cleaned_data.get("outcome") == PrivacyOutcome.GEWIJZIGD
        if changed and not self.cleaned_data.get("explanation"):
            self.add_error("explanation", "Schrijf op wat u veranderde")


class RestrictForm(StepForm):
    """What the restriction is about."""

    explanation = _text(
        "Wat vertelt u de inwoner over de beperking?",
        "Dit komt in de brief. Bijvoorbeeld: tot wij weten of het klopt, gebruiken wij het verslag niet.",
    )


class LiftForm(StepForm):
    """Why the restriction ends."""

    kept = {"reason": "lift_reason"}
    reason = _text(
        "Waarom stopt de beperking, en hoe vertelde u dat de inwoner?",
        "De inwoner hoort het voordat de beperking stopt (AVG, artikel 18 lid 3).",
    )


class UseForm(Form):
    """On which ground restricted data are used now."""

    use_ground = forms.ChoiceField(
        label="Waarom mag u de gegevens nu gebruiken?", choices=UseGround.choices, widget=forms.RadioSelect
    )
    use_reason = _text("Leg uit waarom dat hier zo is", "Dit blijft bij de zaak bewaard.")


class PackForm(VersionedForm):
    """For every part of the case: given, or held back and why."""

    seen = forms.CharField(widget=forms.HiddenInput)

    def __init__(
        self, *args: Any, parts: Sequence[Part], grounds: Sequence[Reason], record: PrivacyRequest, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.parts = parts
        labels = {ground.key: ground.label for ground in grounds}
        choices = [(GIVEN, "Mee"), *((label, f"Terughouden: {label}") for label in labels.values())]
        for part in parts:
            hold = labels[GROUND_KEYS.get(part.hold, "ander")] if part.hold else GIVEN
            kept = record.review.get(part.key, {})
            if kept.get("digest") == part.digest:
                hold = GIVEN if kept["given"] else kept["ground"]
            self.fields[self._name(part)] = forms.ChoiceField(
                label=f"Meegeven: {part.title}", choices=choices, initial=hold
            )

    def _name(self, part: Part) -> str:
        return f"deel-{part.key}"

    def groups(self) -> list[tuple[str, list[tuple[Part, Any]]]]:
        """The parts with their question, group by group."""
        found = [
            (title, [(part, self[self._name(part)]) for part in self.parts if part.group == key])
            for key, title in GROUPS.items()
        ]
        return [(title, parts) for title, parts in found if parts]

    def choices(self) -> dict[str, PartChoice]:
        """What the service takes."""
        chosen = {part.key: self.cleaned_data[self._name(part)] for part in self.parts}
        return {
            key: PartChoice(given=found == GIVEN, ground="" if found == GIVEN else found)
            for key, found in chosen.items()
        }
