"""What a privacy officer said of striking looks of a week."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import F, Q
from simple_history.models import HistoricalRecords

from casework.enums import LookVerdict, Striking
from casework.models.case import Case
from toegang.accounts.models import Gemeente, User


class LookReview(models.Model):
    """The mark on the looks of one medewerker at one case in one week, for one reason that they strike.

    The case is empty for many looks at cases of the team. Never deleted; made by casework.services.looks.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    gemeente = models.ForeignKey(Gemeente, models.PROTECT, related_name="+")
    week = models.DateField()  # its Monday
    looker = models.ForeignKey(User, models.PROTECT, related_name="+")
    case = models.ForeignKey(Case, models.PROTECT, null=True, related_name="+")
    kind = models.CharField(max_length=12, choices=Striking)
    verdict = models.CharField(max_length=12, choices=LookVerdict)
    note = models.TextField(blank=True)
    reviewed_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    reviewed_at = models.DateTimeField()

    history = HistoricalRecords(history_change_reason_field=models.TextField(null=True))

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["gemeente", "week", "looker", "case", "kind"], name="one_mark_per_look", nulls_distinct=False
            ),
            models.CheckConstraint(name="look_review_four_eyes", condition=~Q(reviewed_by=F("looker"))),
            models.CheckConstraint(name="look_verdict_known", condition=Q(verdict__in=LookVerdict.values)),
        ]

    def __str__(self) -> str:
        return f"{self.looker}, week van {self.week}"
