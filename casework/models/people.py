"""People and households."""

from __future__ import annotations

import uuid
from datetime import date
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from simple_history.models import HistoricalRecords
from stdnum.nl import bsn as bsn_number

from casework.enums import MESSAGE_TYPES, AddressKind, Channel, Interpreter, MessageType
from casework.querysets import PersonQuerySet
from toegang.accounts.models import Gemeente
from toegang.core import naming, sealing
from toegang.core.dates import PartialDate
from toegang.core.names import LONGEST, family_key, name_key, phone_key, sound_key

SHIELDED_ADDRESS = "Adres afgeschermd"
NO_POST = "Geen post: geef deze brief persoonlijk af"


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
    sound_key = models.CharField(max_length=LONGEST, default="", editable=False)
    partner_key = models.CharField(max_length=LONGEST, default="", db_default="", editable=False)  # of who bears it
    partner_sound = models.CharField(max_length=LONGEST, default="", db_default="", editable=False)
    phone_key = models.CharField(max_length=9, default="", db_default="", editable=False)
    gender = models.CharField(max_length=1, blank=True)  # M, V, O or unknown
    title = models.CharField(max_length=2, choices=naming.Title, blank=True, db_default="")
    name_use = models.CharField(
        max_length=1, choices=naming.NameUse, default=naming.NameUse.EIGEN, db_default=naming.NameUse.EIGEN
    )
    partner_prefix = models.CharField(max_length=20, blank=True, db_default="")
    partner_family_name = models.CharField(max_length=200, blank=True, db_default="")
    partner_title = models.CharField(max_length=2, choices=naming.Title, blank=True, db_default="")
    partner_ended = models.BooleanField(default=False, db_default=False)  # the marriage or partnership is over
    born = models.PositiveIntegerField(default=0)
    deceased = models.PositiveIntegerField(null=True, blank=True)
    shielded = models.BooleanField(default=False)
    street = models.CharField(max_length=100, blank=True)
    house_number = models.CharField(max_length=20, blank=True)
    postcode = models.CharField(max_length=7, blank=True)
    city = models.CharField(max_length=80, blank=True)
    address_since = models.DateField(null=True, blank=True)
    phone = models.CharField(max_length=20, blank=True)
    email = models.EmailField(blank=True)
    letter_channel = models.CharField(max_length=10, choices=Channel, default=Channel.PAPIER)
    decision_channel = models.CharField(max_length=10, choices=Channel, blank=True, db_default="")  # empty: the same
    appointment_channel = models.CharField(max_length=10, choices=Channel, blank=True, db_default="")
    no_phone = models.BooleanField(default=False, db_default=False)  # it is not safe to call
    no_post = models.BooleanField(default=False, db_default=False)  # it is not safe to write to the home address
    safe_contact = models.CharField(max_length=300, blank=True, db_default="")  # how it is safe
    language = models.CharField(max_length=60, blank=True, db_default="")
    interpreter = models.CharField(max_length=10, choices=Interpreter, blank=True, db_default="")
    version = models.PositiveIntegerField(default=1, db_default=1)
    merged_into = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="+", editable=False)

    objects = PersonQuerySet.as_manager()
    history = HistoricalRecords(
        excluded_fields=[
            *("bsn_sealed", "bsn_index", "bsn_contested"),
            *("family_key", "given_key", "sound_key", "partner_key", "partner_sound", "phone_key"),
        ],
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
            models.CheckConstraint(name="not_merged_into_oneself", condition=~Q(merged_into=models.F("pk"))),
            models.CheckConstraint(name="name_use_is_known", condition=Q(name_use__in=naming.NameUse.values)),
        ]
        indexes = [
            models.Index(fields=["gemeente", "family_name"], name="person_by_name"),
            models.Index(fields=["gemeente", "family_key", "born"], name="person_by_key"),
            models.Index(fields=["bsn_index"], name="person_by_number", condition=Q(bsn_index__isnull=False)),
            models.Index(fields=["gemeente", "born"], name="person_by_birth"),
            models.Index(fields=["gemeente", "phone_key"], name="person_by_phone", condition=~Q(phone_key="")),
            models.Index(fields=["gemeente", "postcode"], name="person_by_postcode", condition=~Q(postcode="")),
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Store the person with the keys of the present names."""
        self.family_key, self.given_key = family_key(self.family_name), name_key(self.given_names)
        self.sound_key, self.phone_key = sound_key(self.family_name), phone_key(self.phone)
        self.partner_key, self.partner_sound = family_key(self.borne_name), sound_key(self.borne_name)
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
    def borne_name(self) -> str:
        """The family name of the partner, for who is called by it; empty for who is not."""
        return "" if self.name_use == naming.NameUse.EIGEN else self.partner_family_name

    @property
    def written_name(self) -> naming.PersonName:
        """All of which the name on a letter is made."""
        own = naming.FamilyName(self.family_name, self.prefix, self.title)
        partner = naming.FamilyName(self.partner_family_name, self.partner_prefix, self.partner_title)
        return naming.PersonName(self.given_names, own, self.gender, self.name_use, partner, ended=self.partner_ended)

    @property
    def letter_name(self) -> str:
        """The name above an address."""
        return naming.envelope_name(self.written_name)

    @property
    def salutation(self) -> str:
        """The opening words of a letter."""
        return naming.salutation(self.written_name)

    def channel_for(self, kind: str) -> str:
        """How a letter of this kind reaches the person: by the channel of its type, else the general one."""
        chosen = {
            MessageType.BESLUIT: self.decision_channel,
            MessageType.AFSPRAAK: self.appointment_channel,
            None: "",
        }[MESSAGE_TYPES.get(kind)]
        return chosen or self.letter_channel

    @property
    def birth(self) -> PartialDate:
        """The birth date, perhaps in part."""
        return PartialDate.from_int(self.born)

    @property
    def death(self) -> PartialDate | None:
        """The day of death, perhaps in part; None for who lives."""
        return None if self.deceased is None else PartialDate.from_int(self.deceased)

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
        return _lines(self)

    def envelope_lines(self, on: date) -> list[str]:
        """Name and address above a letter of a day: the correspondence address first; never an unsafe home address."""
        name = [naming.form_of_address(self.written_name), self.letter_name]
        return [line for line in name if line] + self.post_lines(on)

    def post_address(self, on: date) -> Address | None:
        """Where post goes on a day instead of home."""
        return next(
            (found for found in self.addresses.all() if found.kind == AddressKind.POST and found.holds(on)), None
        )

    def post_lines(self, on: date) -> list[str]:
        """Where post goes on a day: the correspondence address, else home when that is known, open and safe."""
        if post := self.post_address(on):
            return [*([post.care_of] if post.care_of else []), *_lines(post)]
        return [NO_POST] if self.no_post and not self.shielded else self.address_lines()


def _lines(place: Person | Address) -> list[str]:
    """Street and house number; postcode, two spaces and town, as the post reads them."""
    if not place.street:
        return ["Adres onbekend"]
    return [f"{place.street} {place.house_number}".strip(), f"{place.postcode}  {place.city}".strip()]


class Address(models.Model):
    """An address of a person beside the home of today: where post goes, and where somebody lived before."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    gemeente = models.ForeignKey(Gemeente, models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, models.PROTECT, related_name="addresses")
    kind = models.CharField(max_length=10, choices=AddressKind)
    care_of = models.CharField(max_length=100, blank=True)  # "p/a Stichting …"
    street = models.CharField(max_length=100, blank=True)
    house_number = models.CharField(max_length=20, blank=True)
    postcode = models.CharField(max_length=7, blank=True)
    city = models.CharField(max_length=80, blank=True)
    since = models.DateField(null=True, blank=True)  # of a former home it may be unknown
    until = models.DateField(null=True, blank=True)
    shielded = models.BooleanField(default=False)  # a former home that was secret stays so

    history = HistoricalRecords(history_change_reason_field=models.TextField(null=True))

    class Meta:
        ordering = ["-since", "pk"]
        constraints = [
            models.UniqueConstraint(
                "person", name="one_post_address", condition=Q(kind=AddressKind.POST, until__isnull=True)
            ),
            models.CheckConstraint(name="address_kind_is_known", condition=Q(kind__in=AddressKind.values)),
            models.CheckConstraint(name="address_period", condition=Q(until__gte=models.F("since"))),
        ]

    def __str__(self) -> str:
        return SHIELDED_ADDRESS if self.shielded else ", ".join(_lines(self))

    def holds(self, on: date) -> bool:
        """Whether it is the address on a day."""
        return (self.since is None or self.since <= on) and (self.until is None or self.until >= on)


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
    part_time = models.BooleanField(default=False, db_default=False)  # lives elsewhere too, as with co-ouderschap

    class Meta:
        constraints = [
            models.CheckConstraint(name="member_period", condition=Q(until__gte=models.F("since"))),
            models.UniqueConstraint("household", "person", name="member_once", condition=Q(until__isnull=True)),
        ]

    def __str__(self) -> str:
        return f"{self.person} in {self.household}"
