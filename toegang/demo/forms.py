"""Which invented inwoner signs in."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.db.models import Min, QuerySet

from casework.models import Person
from toegang.core.forms import Form

SHOWN = 50


def residents() -> QuerySet[Person]:
    """Living persons with a hulpvraag, in the order in which they were registered; the first fifty."""
    order = Min("hulpvragen__melding__registered_at")
    found = Person.objects.filter(deceased=None, hulpvragen__isnull=False).annotate(first=order).order_by("first", "pk")
    first = list(found.values_list("pk", flat=True)[:SHOWN])
    return Person.objects.filter(pk__in=first).annotate(first=order).order_by("first", "pk")


class ResidentField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """One inwoner by name, birth date and the end of the BSN."""

    def label_from_instance(self, obj: Any) -> str:
        """What tells two people of one name apart."""
        return f"{obj.name}, geboren {obj.birth}, BSN {obj.masked_bsn}"

    def to_python(self, value: Any) -> Any:
        """Give the person; whatever else was sent is no person of the list."""
        try:
            return super().to_python(value)
        except forms.ValidationError as error:
            raise forms.ValidationError(self.error_messages["invalid_choice"], code="invalid_choice") from error


class ResidentForm(Form):
    """Choose a demo person."""

    person = ResidentField(
        queryset=Person.objects.none(),
        widget=forms.RadioSelect,
        label="Als wie wilt u inloggen?",
        empty_label=None,
        error_messages={"required": "Kies een persoon", "invalid_choice": "Kies een persoon uit de lijst"},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast("ResidentField", self.fields["person"]).queryset = residents()
