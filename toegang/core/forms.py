"""Forms in plain Dutch: the base form and the fields for BSN, postcode and dates.

A field keeps what the user typed when it is wrong, and says what is wrong in one sentence. Nothing here
reads the clock: a form that needs today gets it.
"""

import re
from calendar import monthrange
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.renderers import DjangoTemplates, TemplatesSetting
from django.forms.utils import pretty_name
from django.template.exceptions import TemplateDoesNotExist
from stdnum.exceptions import ValidationError as NumberError
from stdnum.nl import bsn, postcode

from toegang.core.dates import MONTHS, PartialDate, long_date

MONTH_NUMBERS = {
    **{name: number for number, name in enumerate(MONTHS, 1)},
    **{name[:3]: number for number, name in enumerate(MONTHS, 1)},
    "mrt": 3,
    "sept": 9,
}
DAYS_FROM_TODAY = {"vandaag": 0, "morgen": 1, "overmorgen": 2}
FIRST_YEAR, LAST_YEAR = 1800, 2199
NEAR_DATE = r"([0-9]{1,2})\s*[-/. ]\s*([0-9]{1,2}|[a-z]+\.?)(?:\s*[-/. ]\s*([0-9]{4}))?"
LONGEST_MONTH = 31
YEARS_AHEAD = 9  # 29 februari comes back within eight years, also around 2100


class Renderer(TemplatesSetting):
    """Render forms with the project's own templates; Django's widgets come from Django itself."""

    form_template_name = "ui/form.html"
    field_template_name = "ui/field_group.html"

    def get_template(self, template_name: str) -> Any:
        """Look in the project first."""
        try:
            return super().get_template(template_name)
        except TemplateDoesNotExist:
            return DjangoTemplates().get_template(template_name)


class YesNoField(forms.TypedChoiceField):
    """Yes or no, in one tap; gives a bool, or None where no answer is needed."""

    def __init__(self, **kwargs: Any) -> None:
        choices = [("ja", "Ja"), ("nee", "Nee")]
        kwargs |= {"choices": choices, "coerce": lambda value: value == "ja", "empty_value": None}
        super().__init__(widget=forms.RadioSelect, **kwargs)


class VolumeField(forms.DecimalField):
    """How much of something, more than nothing, with a comma: 3 or 2,5."""

    default_error_messages = {
        "max_digits": "Dit getal is te groot. Gebruik hoogstens 5 cijfers vóór de komma",
        "max_whole_digits": "Dit getal is te groot. Gebruik hoogstens 5 cijfers vóór de komma",
        "max_decimal_places": "Gebruik hoogstens 2 cijfers achter de komma",
        "not_nothing": "Vul een getal in dat groter is dan 0",
    }

    def __init__(self, **kwargs: Any) -> None:
        kwargs = {"label": "Hoeveel?", "help_text": "Een getal, bijvoorbeeld 3 of 2,5."} | kwargs
        widget = forms.TextInput({"inputmode": "decimal", "data-size": "small"})
        super().__init__(localize=True, max_digits=7, decimal_places=2, widget=widget, **kwargs)

    def validate(self, value: Any) -> None:
        """Nothing is not an amount."""
        super().validate(value)
        if value is not None and value <= 0:
            raise ValidationError(self.error_messages["not_nothing"], code="not_nothing")


class BsnField(forms.CharField):
    """A burgerservicenummer, typed in any grouping; gives nine digits that pass the 11-proef."""

    default_error_messages = {
        "required": "Vul een burgerservicenummer in van 9 cijfers",
        "digits": "Vul een burgerservicenummer in van 9 cijfers",
        "checksum": "Dit nummer klopt niet. Kijk op uw paspoort of identiteitskaart",
    }

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        """Ask for digits, and keep the browser from remembering them."""
        return {
            **super().widget_attrs(widget),
            "inputmode": "numeric",
            "autocomplete": "off",
            "data-size": "medium",
        }

    def to_python(self, value: Any) -> str:
        """Strip the grouping and restore the zero that eight digits have lost."""
        typed = super().to_python(value)
        digits = re.sub(r"[\s.\-–]", "", typed or "")
        return digits.zfill(9) if re.fullmatch("[0-9]{8,9}", digits) else digits

    def validate(self, value: str) -> None:
        """Say whether the length or the number itself is wrong."""
        super().validate(value)
        if value and not re.fullmatch("[0-9]{9}", value):
            raise ValidationError(self.error_messages["digits"], code="digits")
        if value and not bsn.is_valid(value):
            raise ValidationError(self.error_messages["checksum"], code="checksum")


class PostcodeField(forms.CharField):
    """A Dutch postcode; gives "1234 AB"."""

    default_error_messages = {
        "required": "Vul een postcode in, bijvoorbeeld 1234 AB",
        "invalid": "Vul een postcode in, bijvoorbeeld 1234 AB",
    }

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        """Let the browser fill in the user's own postcode."""
        return {**super().widget_attrs(widget), "autocomplete": "postal-code", "data-size": "short"}

    def to_python(self, value: Any) -> str:
        """Return the postcode in its one written form."""
        typed = super().to_python(value)
        if not typed:
            return ""
        try:
            return str(postcode.validate(typed))
        except NumberError:
            raise ValidationError(self.error_messages["invalid"], code="invalid") from None


def month_number(typed: str) -> int | None:
    """Return 1 to 12 for a number, a name or its abbreviation, else None."""
    word = typed.strip().lower().rstrip(".")
    if re.fullmatch("0?[1-9]|1[0-2]", word):
        return int(word)
    return MONTH_NUMBERS.get(word)


def existing_date(year: int, month: int, day: int) -> date:
    """Return the date; raises ValidationError with a sentence when the month has no such day."""
    if day > monthrange(year, month)[1]:
        raise ValidationError(f"Deze datum bestaat niet: {MONTHS[month - 1]} {year} heeft geen {day} dagen", "missing")
    return date(year, month, day)


class KnownDateInput(forms.MultiWidget):
    """Three text inputs, for a date that people know by heart."""

    use_fieldset = True
    labels = ("Dag", "Maand", "Jaar")

    def __init__(self) -> None:
        numeric = {"inputmode": "numeric"}
        parts: dict[str, forms.Widget | type[forms.Widget]] = {
            "dag": forms.TextInput({**numeric, "data-size": "tiny"}),
            "maand": forms.TextInput({"data-size": "small"}),
            "jaar": forms.TextInput({**numeric, "data-size": "small"}),
        }
        super().__init__(parts)

    def decompress(self, value: Any) -> list[Any]:
        """Spread a date, complete or not, over the three inputs."""
        if isinstance(value, date | PartialDate):
            return [value.day, value.month, value.year]
        return [None, None, None]


class KnownDateField(forms.Field):
    """A date in three parts; gives a date, or with `partial` a PartialDate without day or month.

    `not_after`, given here or to the form, is the last day that is accepted.
    """

    widget = KnownDateInput
    default_error_messages = {"required": "Vul een datum in, bijvoorbeeld 27 3 1951"}

    def __init__(self, *, partial: bool = False, not_after: date | None = None, **kwargs: Any) -> None:
        self.partial, self.not_after = partial, not_after
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> date | PartialDate | None:
        """Read the three parts as they were typed; an initial value passes unchanged."""
        if isinstance(value, date | PartialDate):
            return value
        day, month, year = (str(part or "").strip() for part in value or ("", "", ""))
        if not (day or month or year):
            return None
        self._check_present(day, month, year)
        found = self._existing(_day(day), _month(month), _year(year))
        self._check_not_after(found)
        return found if self.partial else found.earliest()

    def _check_present(self, day: str, month: str, year: str) -> None:
        missing = ["de dag"] if not day and not self.partial else []
        missing += ["de maand"] if not month and (day or not self.partial) else []
        missing += ["het jaar"] if not year else []
        if missing:
            raise ValidationError(f"Vul ook {' en '.join(missing)} in", "incomplete")

    def _existing(self, day: int | None, month: int | None, year: int) -> PartialDate:
        if day and month:
            existing_date(year, month, day)
        return PartialDate(year, month, day)

    def _check_not_after(self, found: PartialDate) -> None:
        if self.not_after and found.earliest() > self.not_after:
            raise ValidationError(f"Vul een datum in tot en met {long_date(self.not_after)}", "not_after")


def _day(typed: str) -> int | None:
    if typed and not re.fullmatch("0?[1-9]|[12][0-9]|3[01]", typed):
        raise ValidationError("Vul bij de dag een getal in van 1 tot en met 31", "day")
    return int(typed) if typed else None


def _month(typed: str) -> int | None:
    number = month_number(typed)
    if typed and number is None:
        raise ValidationError("Vul bij de maand een getal in van 1 tot en met 12, of de naam van de maand", "month")
    return number


def _year(typed: str) -> int:
    if not re.fullmatch("[0-9]{4}", typed):
        raise ValidationError("Vul het jaar in met 4 cijfers, bijvoorbeeld 1951", "year")
    if not FIRST_YEAR <= int(typed) <= LAST_YEAR:
        raise ValidationError(f"Vul een jaar in van {FIRST_YEAR} tot en met {LAST_YEAR}", "year")
    return int(typed)


class NearDateInput(forms.TextInput):
    """One text input for a date close to today."""

    def format_value(self, value: Any) -> str | None:
        """Show a date as people write it; typed text stays as it is."""
        if isinstance(value, date):
            return f"{value.day}-{value.month}-{value.year}"
        shown: str | None = super().format_value(value)
        return shown


class NearDateField(forms.Field):
    """A date in one input: 4-12-2026, 4/12/2026, 2026-12-04, 4 december 2026, 4 dec, morgen.

    Without a year it is the next such date from `today`, which the form hands on. Without `today` the year
    is needed. With `past` the day was there already: today is the last one.
    """

    widget = NearDateInput
    today: date | None = None
    default_error_messages = {
        "required": "Vul een datum in, bijvoorbeeld 4-12-2026",
        "invalid": "Vul een datum in, bijvoorbeeld 4-12-2026",
        "future": "Deze dag moet nog komen. Vul vandaag of eerder in",
    }

    def __init__(self, *, past: bool = False, **kwargs: Any) -> None:
        self.past = past
        super().__init__(**kwargs)

    def validate(self, value: date | None) -> None:
        """Refuse a day that is still to come, where it must have been."""
        super().validate(value)
        if self.past and value and self.today and value > self.today:
            raise ValidationError(self.error_messages["future"], code="future")

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        """Keep the browser from offering older dates."""
        return {**super().widget_attrs(widget), "autocomplete": "off", "data-size": "medium"}

    def to_python(self, value: Any) -> date | None:
        """Read any of the accepted ways of writing."""
        if value is None or isinstance(value, date):
            return value
        typed = str(value).strip().lower()
        if not typed:
            return None
        if self.today and typed in DAYS_FROM_TODAY:
            return self.today + timedelta(days=DAYS_FROM_TODAY[typed])
        day, month, year = self._parts(typed)
        return existing_date(year, month, day) if year else self._next(day, month)

    def _parts(self, typed: str) -> tuple[int, int, int | None]:
        if iso := re.fullmatch("([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})", typed):
            typed = f"{iso[3]}-{iso[2]}-{iso[1]}"
        found = re.fullmatch(NEAR_DATE, typed)
        month = month_number(found[2]) if found else None
        if not found or not month or not 1 <= int(found[1]) <= LONGEST_MONTH:
            raise self._invalid()
        year = int(found[3]) if found[3] else None
        if year is not None and not FIRST_YEAR <= year <= LAST_YEAR:
            raise self._invalid()
        return int(found[1]), month, year

    def _next(self, day: int, month: int) -> date:
        """Return the first such date from today; 29 februari may be years away."""
        if self.today is None:
            raise self._invalid()
        for year in range(self.today.year, self.today.year + YEARS_AHEAD):
            if day <= monthrange(year, month)[1] and date(year, month, day) >= self.today:
                return date(year, month, day)
        return existing_date(self.today.year, month, day)

    def _invalid(self) -> ValidationError:
        return ValidationError(self.error_messages["invalid"], code="invalid")


MESSAGES: Mapping[type[forms.Field], Mapping[str, str]] = {
    forms.CharField: {"max_length": "Gebruik niet meer dan %(limit_value)d tekens. Het zijn er nu %(show_value)d"},
    forms.EmailField: {"invalid": "Vul een e-mailadres in, bijvoorbeeld naam@voorbeeld.nl"},
    forms.IntegerField: {
        "invalid": "Vul een heel getal in, zonder punten of letters",
        "min_value": "Vul een getal in vanaf %(limit_value)s",
        "max_value": "Vul een getal in tot en met %(limit_value)s",
    },
    forms.DecimalField: {"invalid": "Vul een getal in, bijvoorbeeld 12,50"},
    forms.ChoiceField: {"invalid_choice": "Kies een van de antwoorden"},
    forms.ModelChoiceField: {"invalid_choice": "Kies een van de antwoorden"},
    forms.BooleanField: {"required": "Zet hier een vinkje: {label}"},
}


class Form(forms.Form):
    """The base of every form: Dutch sentences for errors, and the server, not the browser, checks.

    `today` is handed to the fields for near dates, `not_after` to the fields for known dates.
    """

    use_required_attribute = False

    def __init__(self, *args: Any, today: date | None = None, not_after: date | None = None, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            if isinstance(field, NearDateField):
                field.today = today
            if isinstance(field, KnownDateField):
                field.not_after = not_after or field.not_after
            self.add(name, field)

    def add(self, name: str, field: forms.Field) -> None:
        """Add a field that only this form has; a browser cuts at maxlength without a word, the server tells."""
        self.fields[name] = field
        field.widget.attrs.pop("maxlength", None)
        _speak_plainly(field, str(field.label or pretty_name(name)))

    @property
    def first_error_title(self) -> str:
        """The first error as one sentence, for a notice or a title; empty when there is none."""
        return next((str(sentence) for errors in self.errors.values() for sentence in errors), "")


def _speak_plainly(field: forms.Field, label: str) -> None:
    """Replace Django's standard sentences, never those that the field itself brought."""
    is_choice = isinstance(field, forms.ChoiceField | forms.ModelChoiceField)
    own = {"required": "Kies een antwoord: {label}" if is_choice else "Vul dit in: {label}"}
    for kind, messages in MESSAGES.items():
        own |= messages if isinstance(field, kind) else {}
    for code, sentence in own.items():
        if _is_standard(field, code):
            field.error_messages[code] = sentence.replace("{label}", label)


def _is_standard(field: forms.Field, code: str) -> bool:
    """Tell whether the sentence is Django's: none at all, or one from a class in Django's own modules."""
    present = field.error_messages.get(code)
    django = [kind for kind in type(field).__mro__ if kind.__module__.startswith("django.")]
    standard = [vars(kind).get("default_error_messages", {}).get(code) for kind in django]
    return present is None or any(sentence is present for sentence in standard)
