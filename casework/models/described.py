"""Somebody as another described: nobody is entered as a person by it."""

from __future__ import annotations

from django.db import models

from toegang.core.dates import PartialDate


class Described(models.Model):
    """The name, birth date, address and telephone number of somebody, as far as they were told."""

    given_names = models.CharField(max_length=200, blank=True)
    prefix = models.CharField(max_length=20, blank=True)
    family_name = models.CharField(max_length=200, blank=True)
    born = models.PositiveIntegerField(default=0)  # as Person.born
    street = models.CharField(max_length=100, blank=True)
    house_number = models.CharField(max_length=20, blank=True)
    postcode = models.CharField(max_length=7, blank=True)
    city = models.CharField(max_length=80, blank=True)
    phone = models.CharField(max_length=20, blank=True)

    class Meta:
        abstract = True

    @property
    def name(self) -> str:
        """The name, as far as it is known."""
        return " ".join(part for part in (self.given_names, self.prefix, self.family_name) if part)

    @property
    def birth(self) -> PartialDate:
        """The birth date, as far as it is known."""
        return PartialDate.from_int(self.born)

    @property
    def address(self) -> str:
        """The address in one line, as far as it is known."""
        street = " ".join(part for part in (self.street, self.house_number) if part)
        return ", ".join(part for part in (street, " ".join(p for p in (self.postcode, self.city) if p)) if part)
