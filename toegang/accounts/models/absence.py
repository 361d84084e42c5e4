"""When a medewerker is not there, and who was named to take over."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value
from simple_history.models import HistoricalRecords

from toegang.accounts.models.user import User


class AbsenceReason(models.TextChoices):
    """Why somebody is absent, as far as colleagues need to know; none of them tells of health (AVG art. 9)."""

    VERLOF = "verlof", "Verlof of vakantie"
    ANDER_WERK = "ander_werk", "Opleiding of ander werk"
    AFWEZIG = "afwezig", "Afwezig, zonder reden"


class AbsenceQuerySet(models.QuerySet[Any]):
    """Absences in time."""

    def on(self, day: date) -> AbsenceQuerySet:
        """Absences that hold on a day and were not ended; the last day counts."""
        return self.filter(ended_at=None, since__lte=day, until__gte=day)


class Absence(models.Model):
    """From which day to which a medewerker is absent; a reason to choose, so that nobody writes of health.

    Ended early by `ended_at`; the days that were planned stay readable.
    """

    user = models.ForeignKey(User, models.PROTECT, related_name="absences")
    since = models.DateField()
    until = models.DateField()
    cover = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    registered_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    reason = models.CharField(max_length=12, choices=AbsenceReason)
    ended_at = models.DateTimeField(null=True, blank=True)

    history = HistoricalRecords(history_change_reason_field=models.TextField(null=True))
    objects = AbsenceQuerySet.as_manager()

    class Meta:
        ordering = ["since", "pk"]
        constraints = [
            models.CheckConstraint(name="absence_ends_after_start", condition=Q(until__gte=F("since"))),
            models.CheckConstraint(name="nobody_covers_oneself", condition=Q(cover=None) | ~Q(cover=F("user"))),
            ExclusionConstraint(
                name="one_absence_at_a_time",
                expressions=[
                    ("user", RangeOperators.EQUAL),
                    (
                        Func(F("since"), F("until"), Value("[]"), function="daterange", output_field=DateRangeField()),
                        RangeOperators.OVERLAPS,
                    ),
                ],
                condition=Q(ended_at=None),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} is er niet"
