"""What came in by the website, until a colleague made a melding or a signal of it."""

from __future__ import annotations

import uuid

from django.contrib.postgres.functions import TransactionNow
from django.db import models
from django.db.models import Q

from casework.models.case import Melding
from casework.models.described import Described
from casework.models.people import Person
from casework.models.signal import Signal
from casework.querysets import TeamQuerySet
from toegang.accounts.models import Gemeente, Team, User


class WebMelding(Described):
    """A melding as somebody typed it on the website; its day is the day of the melding (Awb art. 2:13).

    It is about nobody yet: without DigiD anybody may type a name, so a colleague looks first. With DigiD `person` is
    who signed in, or whom that person represents; of somebody whom nobody knows here the number is kept, sealed, until
    a colleague made a melding of it.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    gemeente = models.ForeignKey(Gemeente, models.PROTECT, related_name="+")
    team = models.ForeignKey(Team, models.PROTECT, related_name="+")
    received_on = models.DateField()
    registered_at = models.DateTimeField(db_default=TransactionNow())
    person = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    user = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    bsn_sealed = models.TextField(blank=True, default="", editable=False)  # of an unknown sender with DigiD
    safe_contact = models.CharField(max_length=300, blank=True)
    no_phone = models.BooleanField(default=False)
    no_post = models.BooleanField(default=False)
    aware = models.BooleanField(default=True)
    reporter_name = models.CharField(max_length=150, blank=True)
    reporter_capacity = models.CharField(max_length=100, blank=True)
    reporter_contact = models.CharField(max_length=100, blank=True)
    words = models.TextField()
    urgent = models.BooleanField(default=False)
    knew_way = models.BooleanField(null=True, blank=True)
    came_by = models.CharField(max_length=200, blank=True)
    melding = models.OneToOneField(Melding, models.PROTECT, null=True, blank=True, related_name="web")
    signal = models.OneToOneField(Signal, models.PROTECT, null=True, blank=True, related_name="web")
    dropped_why = models.TextField(blank=True)
    handled_on = models.DateField(null=True, blank=True)
    handled_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    objects = TeamQuerySet.as_manager()

    class Meta:
        ordering = ["received_on", "registered_at"]
        constraints = [
            models.CheckConstraint(
                name="handled_web_melding_bears_no_number", condition=Q(handled_on__isnull=True) | Q(bsn_sealed="")
            ),
            models.CheckConstraint(
                name="handled_web_melding_has_an_end",
                condition=Q(handled_on__isnull=True, melding__isnull=True, signal__isnull=True, dropped_why="")
                | (
                    Q(handled_on__isnull=False)
                    & (Q(melding__isnull=False) | Q(signal__isnull=False) | ~Q(dropped_why=""))
                ),
            ),
        ]
        indexes = [models.Index(fields=["team"], name="open_web_melding", condition=Q(handled_on__isnull=True))]

    def __str__(self) -> str:
        return self.name or self.number

    @property
    def number(self) -> str:
        """The number that the sender got: eight signs of the key."""
        return f"W-{str(self.pk)[:8].upper()}"
