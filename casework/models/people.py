"""People and households."""

from __future__ import annotations

import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from simple_history.models import HistoricalRecords
from stdnum.nl import bsn as bsn_number

from casework.enums import Channel
from casework.querysets import PersonQuerySet
from toegang.accounts.models import Gemeente
from toegang.core import sealing
from toegang.core.dates import PartialDate
from toegang.core.names import LONGEST, family_key, name_key

SHIELDED_ADDRESS = "Adres afgeschermd"


class Person(models.Model):
    """A person as the gemeente knows it; the birth date may be partly unknown (BRP: yyyymmdd with zeros).

    Changed by casework.services.people. The BSN is stored sealed, found by its index, and shown masked; a number
    is contested when it already belonged to somebody whom it did not fit, until somebody establishes whose it is.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    gemeente = models.ForeignKey(Gemeente, models.PROTECT, related_name="+")
    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="person")
    bsn_sealed = models.TextField(null=True, editable=False)  # noqa: DJ001 (absent is not the same as empty)
    bsn_index = models.CharField(max_length=64, null=True, editable=False)  # noqa: DJ001
    bsn_contested = models.BooleanField(default=False, db_default=False, editable=False)
    given_names = models.CharField(max_length=200)
    prefix = models.CharField(max_length=20, blank=True)
    family_name = models.CharField(max_length=200)
    family_key = models.CharField(max_length=LONGEST, default="", editable=False)  # by which the names are found
    given_key = models.CharField(max_length=LONGEST, default="", editable=False)
    gender = models.CharField(max_length=1, blank=True)  # M, V, O or unknown
    born = models.PositiveIntegerField(default=0)
    deceased = models.PositiveIntegerField(null=True, blank=True)
    shielded = models.BooleanField(default=False)
    street = models.CharField(max_length=100, blank=True)
    house_number = models.CharField(max_length=20, blank=True)
    postcode = models.CharField(max_length=7, blank=True)
    city = models.CharField(max_length=80, blank=True)
    phone = models.CharField(max_length=20, blank=True)
    email = models.EmailField(blank=True)
    letter_channel = models.CharField(max_length=10, choices=Channel, default=Channel.PAPIER)

    objects = PersonQuerySet.as_manager()
    history = HistoricalRecords(
        excluded_fields=["bsn_sealed", "bsn_index", "bsn_contested", "family_key", "given_key"],
        history_change_reason_field=models.TextField(null=True),
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                "gemeente",
                "bsn_index",
                name="one_person_per_number",
                condition=Q(bsn_index__isnull=False, bsn_contested=False),
            ),
            models.CheckConstraint(
                name="sealed_with_index",
                condition=Q(bsn_sealed__isnull=True, bsn_index__isnull=True)
                | Q(bsn_sealed__isnull=False, bsn_index__isnull=False),
            ),
            models.CheckConstraint(name="channel_is_known", condition=Q(letter_channel__in=Channel.values)),
        ]
        indexes = [
            models.Index(fields=["gemeente", "family_name"], name="person_by_name"),
            models.Index(fields=["gemeente", "family_key", "born"], name="person_by_key"),
            models.Index(fields=["bsn_index"], name="person_by_number", condition=Q(bsn_index__isnull=False)),
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Store the person with the keys of the present names."""
        self.family_key, self.given_key = family_key(self.family_name), name_key(self.given_names)
        super().save(*args, **kwargs)

    @property
    def bsn(self) -> str | None:
        """The burgerservicenummer, opened; raises core.sealing.Unreadable when its key is gone."""
        return sealing.unseal(self.bsn_sealed) if self.bsn_sealed else None

    @bsn.setter
    def bsn(self, number: str | None) -> None:
        self.bsn_sealed = sealing.seal(bsn_number.compact(number)) if number else None
        self.bsn_index = sealing.index_of(number) if number else None

    @property
    def name(self) -> str:
        """Given names, prefix and family name."""
        return " ".join(part for part in (self.given_names, self.prefix, self.family_name) if part)

    @property
    def salutation(self) -> str:
        """The opening words of a letter, without assuming a gender."""
        title = {"M": "heer", "V": "mevrouw"}.get(self.gender)
        family = " ".join(part for part in (self.prefix.capitalize(), self.family_name) if part)
        return f"Beste {title} {family}" if title else f"Beste {self.name}"

    @property
    def birth(self) -> PartialDate:
        """The birth date, perhaps in part."""
        return PartialDate.from_int(self.born)

    @property
    def masked_bsn(self) -> str:
        """Only the last four digits, for every page and list; a lost key does not stop the work."""
        try:
            number = self.bsn
        except sealing.Unreadable:
            return "niet te lezen"
        return f"••••• {number[-4:]}" if number else "onbekend"

    def address_lines(self) -> list[str]:
        """The address for a letter or page; a shielded address never leaves the register (Wet BRP art. 2.59)."""
        if self.shielded:
            return [SHIELDED_ADDRESS]
        if not self.street:
            return ["Adres onbekend"]
        return [f"{self.street} {self.house_number}".strip(), f"{self.postcode}  {self.city}".strip()]


class Household(models.Model):
    """People who share one plan; a person may belong to several in time."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    gemeente = models.ForeignKey(Gemeente, models.PROTECT, related_name="+")
    people = models.ManyToManyField(Person, through="HouseholdMember", related_name="households")

    def __str__(self) -> str:
        return f"Huishouden {self.pk}"


class HouseholdMember(models.Model):
    """Who belongs to which household, from when to when."""

    gemeente = models.ForeignKey(Gemeente, models.PROTECT, related_name="+")
    household = models.ForeignKey(Household, models.PROTECT, related_name="members")
    person = models.ForeignKey(Person, models.PROTECT, related_name="memberships")
    since = models.DateField()
    until = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint("household", "person", name="member_once", condition=Q(until__isnull=True)),
        ]

    def __str__(self) -> str:
        return f"{self.person} in {self.household}"
