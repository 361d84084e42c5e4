"""The columns of the three files, and what each cell must be; a field bears the name of its column."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from decisions.takeover.ground import Ground
from plans.enums import CareForm
from providers.models import Frequency, Product, Provider, Unit
from toegang.core.dates import PartialDate
from toegang.core.forms import BsnField, Form, KnownDateField, NearDateField, PostcodeField

LONGEST_KEY, LONGEST_TEXT = 60, 4000
BIRTHS = (
    r"(?P<year>\d{4})",
    r"(?:(?P<day>\d{1,2})[-/.])?(?P<month>\d{1,2})[-/.](?P<year>\d{4})",
    r"(?P<year>\d{4})-(?P<month>\d{1,2})(?:-(?P<day>\d{1,2}))?",
    r"(?P<year>\d{4})(?P<month>\d{2})(?P<day>\d{2})",  # as the BRP writes it, with zeros for what is unknown
)
NO_BIRTH = "Vul een datum in, bijvoorbeeld 27-3-1951. Weet u alleen het jaar? Dan is 1951 genoeg"
NOT_YET = "Deze dag moet nog komen. Vul vandaag of eerder in"


class BirthField(KnownDateField):
    """A birth date in one cell, of which the day, the month and the day, or everything may be unknown."""

    def __init__(self) -> None:
        super().__init__(partial=True, required=False, widget=forms.TextInput)

    def to_python(self, value: Any) -> date | PartialDate | None:
        """Take the cell apart; zeros stand for what is unknown."""
        typed = str(value or "").strip()
        if not typed:
            return None
        found = next((match for form in BIRTHS if (match := re.fullmatch(form, typed, re.ASCII))), None)
        if found is None:
            raise ValidationError(NO_BIRTH, "invalid")
        parts = {name: part if part and int(part) else "" for name, part in found.groupdict().items()}
        return super().to_python([parts.get("day", ""), parts.get("month", ""), parts["year"]])


class WordField(forms.ChoiceField):
    """One of a few words, in capitals or not."""

    def __init__(self, words: Iterable[str], **kwargs: Any) -> None:
        listed = list(words)
        sentence = f"Vul in: {', '.join(listed[:-1])} of {listed[-1]}"
        errors = {"required": sentence, "invalid_choice": sentence}
        super().__init__(choices=[(word, word) for word in listed], error_messages=errors, **kwargs)

    def to_python(self, value: Any) -> str:
        """Compare without capitals."""
        return str(super().to_python(value)).strip().casefold()


def _key() -> forms.CharField:
    return forms.CharField(max_length=LONGEST_KEY)


def _text(longest: int, *, required: bool = False) -> forms.CharField:
    return forms.CharField(max_length=longest, required=required)


class Row(Form):
    """A row: it knows the day of the take-over, and what there is to refer to."""

    def __init__(self, cells: dict[str, str], *, ground: Ground) -> None:
        super().__init__(cells, not_after=ground.today)
        self.ground = ground

    def _past(self, name: str) -> date | None:
        day: date | None = self.cleaned_data[name]
        if day and day > self.ground.today:
            raise ValidationError(NOT_YET)
        return day


class PersonRow(Row):
    """One person of a household."""

    huishouden = _key()
    persoon = _key()
    hoofdpersoon = WordField(["ja", "nee"])
    voornamen = _text(200, required=True)
    tussenvoegsel = _text(20)
    achternaam = _text(200, required=True)
    geboortedatum = BirthField()
    bsn = BsnField(required=False)
    geslacht = WordField(["m", "v", "o"], required=False)
    straat = _text(100)
    huisnummer = _text(20)
    postcode = PostcodeField(required=False)
    woonplaats = _text(80)
    telefoon = _text(20)
    adres_geheim = WordField(["ja", "nee"])
    sinds = NearDateField(required=False)

    def clean_sinds(self) -> date | None:
        """Somebody belongs to the household already."""
        return self._past("sinds")


class CaseRow(Row):
    """The case of one household."""

    huishouden = _key()
    zaaknummer = _key()
    team = _text(100, required=True)
    contactpersoon = forms.EmailField(required=False)
    melding_op = NearDateField()
    volgende_evaluatie = NearDateField()

    def clean_melding_op(self) -> date | None:
        """The melding was there already."""
        return self._past("melding_op")

    def clean_volgende_evaluatie(self) -> date:
        """The next evaluation is still to come (Wmo 2015 art. 2.3.9)."""
        day: date = self.cleaned_data["volgende_evaluatie"]
        if day < self.ground.today:
            raise ValidationError("De evaluatie ligt in het verleden. Vul vandaag of een latere dag in")
        return day

    def clean(self) -> dict[str, Any]:
        """Find the team, and the colleague in it."""
        given = super().clean() or self.cleaned_data
        if "team" not in given:
            return given
        team = self.ground.team(given["team"])
        if team is None:
            self.add_error("team", "Dit team is er niet in deze gemeente, of er zijn er meer met deze naam")
            return given
        given["team"] = team
        if email := given.get("contactpersoon"):
            given["contactpersoon"] = self.ground.worker(team, email)
            if given["contactpersoon"] is None:
                self.add_error(
                    "contactpersoon",
                    "Met dit e-mailadres werkt niemand in dit team, of niet met een rol voor zaken. "
                    "Laat dit leeg om de zaak later te verdelen",
                )
        return given


class LineRow(Row):
    """One line of a decision."""

    huishouden = _key()
    persoon = _key()
    wet = WordField(["wmo", "jeugd"])
    kenmerk = _key()
    aanvraag_op = NearDateField(required=False)
    besluit_op = NearDateField()
    hulpvraag = _text(LONGEST_TEXT, required=True)
    resultaat = _text(300, required=True)
    product = _text(40, required=True)
    aantal = forms.DecimalField(
        localize=True,
        max_digits=7,
        decimal_places=2,
        error_messages={
            "max_digits": "Dit getal is te groot. Gebruik hoogstens 5 cijfers vóór de komma",
            "max_whole_digits": "Dit getal is te groot. Gebruik hoogstens 5 cijfers vóór de komma",
            "max_decimal_places": "Gebruik hoogstens 2 cijfers achter de komma",
        },
    )
    eenheid = WordField(Unit.values)
    frequentie = WordField(Frequency.values)
    van = NearDateField()
    tot_en_met = NearDateField()
    aanbieder = _text(150)
    vorm = WordField(CareForm.values)

    def clean_besluit_op(self) -> date | None:
        """The decision was sent."""
        return self._past("besluit_op")

    def clean_aantal(self) -> Any:
        """Nothing is no help."""
        if self.cleaned_data["aantal"] <= 0:
            raise ValidationError("Vul een getal in dat groter is dan 0")
        return self.cleaned_data["aantal"]

    def clean_product(self) -> Product:
        """A code that is known today."""
        product = self.ground.products.get(self.cleaned_data["product"].casefold())
        if product is None:
            raise ValidationError("Deze code staat niet in de lijst van producten")
        return product

    def clean_tot_en_met(self) -> date:
        """Help that has ended is no running work."""
        day: date = self.cleaned_data["tot_en_met"]
        if day < self.ground.today:
            raise ValidationError("Deze hulp is al afgelopen. Neem alleen hulp op die nog loopt")
        return day

    def clean_aanbieder(self) -> Provider | None:
        """A provider of this gemeente, or nobody yet."""
        if not (name := self.cleaned_data["aanbieder"]):
            return None
        provider = self.ground.provider(name)
        if provider is None:
            raise ValidationError("Deze aanbieder is er niet in deze gemeente, of er zijn er meer met deze naam")
        return provider

    def clean(self) -> dict[str, Any]:
        """Compare the cells of the row with each other."""
        given = super().clean() or self.cleaned_data
        product, starts, ends = given.get("product"), given.get("van"), given.get("tot_en_met")
        if product and given.get("wet") and product.law != given["wet"]:
            self.add_error("product", "Dit product hoort niet bij deze wet")
        if starts and ends and ends < starts:
            self.add_error("tot_en_met", "De laatste dag ligt vóór de eerste dag")
        if given.get("aanbieder") and given.get("vorm") == CareForm.PGB:
            self.add_error("aanbieder", "Bij een pgb koopt de inwoner zelf in. Laat dit leeg")
        asked, decided = given.get("aanvraag_op"), given.get("besluit_op")
        if asked and decided and asked > decided:
            self.add_error("aanvraag_op", "De aanvraag ligt na het besluit")
        return given


# {file: what each of its rows is}; the columns are the fields, in their order.
FILES: dict[str, type[Row]] = {"huishoudens.csv": PersonRow, "zaken.csv": CaseRow, "besluiten.csv": LineRow}


def columns_of(file: str) -> list[str]:
    """The names of the columns of a file."""
    return list(FILES[file].base_fields)
