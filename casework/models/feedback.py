"""What the melder or verwijzer was told, and that the inwoner agreed."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import F, Q

from casework.enums import FeedbackWay
from casework.models.case import Case, Melding
from toegang.accounts.models import Gemeente, User


class Feedback(models.Model):
    """One answer of the inwoner about telling a melder or verwijzer, and what was told after a yes.

    Without a yes nothing is told, not even that there is a case (Wmo 2015 art. 5.3.3; Jeugdwet art. 7.3.11).
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    gemeente = models.ForeignKey(Gemeente, models.PROTECT, related_name="+")
    case = models.ForeignKey(Case, models.PROTECT, related_name="feedback")
    melding = models.ForeignKey(Melding, models.PROTECT, related_name="feedback")
    to = models.CharField(max_length=200)
    agreed = models.BooleanField()
    said_by = models.CharField(max_length=200)
    said_on = models.DateField()
    sentence = models.CharField(max_length=200, blank=True)
    told_on = models.DateField(null=True, blank=True)
    told_how = models.CharField(max_length=10, choices=FeedbackWay, blank=True)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["said_on", "pk"]
        constraints = [
            models.CheckConstraint(
                name="told_after_a_yes",
                condition=Q(sentence="", told_on__isnull=True, told_how="")
                | (Q(agreed=True, told_on__gte=F("said_on")) & ~Q(sentence="") & ~Q(told_how="")),
            ),
        ]

    def __str__(self) -> str:
        return f"Terugkoppeling aan {self.to}"
