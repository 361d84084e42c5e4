"""The file of each person in a case: facts with the law under which they were gathered, and their use under another."""

from __future__ import annotations

import uuid
from datetime import date

from django.contrib.postgres.functions import TransactionNow
from django.db import models
from django.db.models import F, Q
from simple_history.models import HistoricalRecords

from casework.enums import Law, SharingGround
from casework.models.case import Case
from casework.models.people import Person
from casework.models.reference import Leefgebied
from toegang.accounts.models import Gemeente, User


class Fact(models.Model):
    """What is known of one person: under which law it was gathered, from whom and when. Never of the household."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    gemeente = models.ForeignKey(Gemeente, models.PROTECT, related_name="+")
    case = models.ForeignKey(Case, models.PROTECT, related_name="facts")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    law = models.CharField(max_length=10, choices=Law)
    leefgebied = models.ForeignKey(Leefgebied, models.PROTECT)
    text = models.TextField()
    source = models.CharField(max_length=200)
    gathered_on = models.DateField()
    written_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    written_at = models.DateTimeField(db_default=TransactionNow())
    version = models.PositiveIntegerField(default=1)

    history = HistoricalRecords(history_change_reason_field=models.TextField(null=True))

    class Meta:
        ordering = ["leefgebied__order", "-gathered_on", "pk"]
        indexes = [models.Index(fields=["case", "person"], name="facts_of_person")]
        constraints = [models.CheckConstraint(name="fact_law_is_known", condition=Q(law__in=Law.values))]

    def __str__(self) -> str:
        return f"{self.leefgebied} ({self.get_law_display()})"


class FactUseQuerySet(models.QuerySet["FactUse"]):
    """Uses in time."""

    def on(self, day: date) -> FactUseQuerySet:
        """Those that hold on a day: begun, not past their last day and not ended."""
        return self.filter(since__lte=day, until__gte=day, ended_on=None)


class FactUse(models.Model):
    """That facts of one person, gathered under one law, may be used under another: why, for what and until when.

    Wmo 2015 art. 5.1.1 lid 4: without express consent, or another ground that is named, another law sees nothing.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    gemeente = models.ForeignKey(Gemeente, models.PROTECT, related_name="+")
    case = models.ForeignKey(Case, models.PROTECT, related_name="fact_uses")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    from_law = models.CharField(max_length=10, choices=Law)
    to_law = models.CharField(max_length=10, choices=Law)
    leefgebied = models.ForeignKey(Leefgebied, models.PROTECT, null=True, blank=True)  # none: of every leefgebied
    ground = models.CharField(max_length=12, choices=SharingGround)
    giver = models.CharField(max_length=200, blank=True)  # with the capacity: "Fatima Yıldız, zijzelf"
    purpose = models.TextField()
    evidence = models.TextField()
    since = models.DateField()
    until = models.DateField()
    ended_on = models.DateField(null=True, blank=True)
    recorded_by = models.ForeignKey(User, models.PROTECT, related_name="+")

    objects = FactUseQuerySet.as_manager()
    history = HistoricalRecords(history_change_reason_field=models.TextField(null=True))

    class Meta:
        ordering = ["-since", "pk"]
        indexes = [models.Index(fields=["case", "person", "to_law"], name="uses_of_person")]
        constraints = [
            models.CheckConstraint(name="use_under_another_law", condition=~Q(from_law=F("to_law"))),
            models.CheckConstraint(name="use_period", condition=Q(until__gte=F("since"))),
            models.CheckConstraint(
                name="consent_has_a_giver", condition=~Q(ground=SharingGround.TOESTEMMING) | ~Q(giver="")
            ),
            models.CheckConstraint(name="sharing_ground_is_known", condition=Q(ground__in=SharingGround.values)),
        ]

    def __str__(self) -> str:
        return f"{self.get_from_law_display()} voor {self.get_to_law_display()}"
