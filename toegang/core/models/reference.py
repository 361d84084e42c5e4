"""Dated reference data that a functioneel beheerder may change; loaded by load_reference, never by a migration."""

from datetime import date
from typing import Any

from django.db import models
from django.db.models import Q


class DatedQuerySet(models.QuerySet[Any]):
    """Rows that hold on a day."""

    def valid_on(self, day: date) -> "DatedQuerySet":
        """Rows whose period contains the day; valid_until is the last day."""
        return self.filter(valid_from__lte=day).filter(Q(valid_until=None) | Q(valid_until__gte=day))


class DatedRow(models.Model):
    """A row of reference data with a period."""

    valid_from = models.DateField()
    valid_until = models.DateField(null=True, blank=True)

    objects = DatedQuerySet.as_manager()

    class Meta:
        abstract = True


class TermRule(DatedRow):
    """The length of a term, by which law, from when."""

    key = models.CharField(max_length=40)
    law = models.CharField(max_length=20)
    days = models.PositiveSmallIntegerField(default=0)
    weeks = models.PositiveSmallIntegerField(default=0)
    months = models.PositiveSmallIntegerField(default=0)
    suspendable = models.BooleanField(default=False)
    source = models.CharField(max_length=200)
    note = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint("key", "valid_from", name="one_term_rule_per_start"),
            models.CheckConstraint(
                name="term_in_one_unit",
                condition=Q(days__gt=0, weeks=0, months=0)
                | Q(days=0, weeks__gt=0, months=0)
                | Q(days=0, weeks=0, months__gt=0),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.key} vanaf {self.valid_from}"


class ClosingDay(models.Model):
    """A day that a royal decree equates with a general holiday (Algemene termijnenwet art. 3 lid 3)."""

    date = models.DateField(unique=True)
    reason = models.CharField(max_length=200)
    source = models.CharField(max_length=200)

    def __str__(self) -> str:
        return str(self.date)


class LetterText(DatedRow):
    """One block of a letter: plain text with {placeholders}, per law and, if wanted, per gemeente."""

    kind = models.CharField(max_length=40)
    block = models.CharField(max_length=40)
    law = models.CharField(max_length=20, blank=True)
    gemeente_id = models.BigIntegerField(null=True, blank=True)
    order = models.PositiveSmallIntegerField()
    heading = models.CharField(max_length=200, blank=True)
    text = models.TextField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                "kind",
                "block",
                "law",
                "gemeente_id",
                "valid_from",
                name="one_letter_text_per_start",
                nulls_distinct=False,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind}/{self.block}"
