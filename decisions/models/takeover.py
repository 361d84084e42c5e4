"""What was taken over from an older system: which household, and which decisions were sent there."""

from __future__ import annotations

from django.db import models
from django.db.models.functions import Lower

from casework.models import Case, Hulpvraag
from toegang.accounts.models import Gemeente


class TakenOver(models.Model):
    """A household that was taken over, by its key in the former system, so that it is taken over once."""

    gemeente = models.ForeignKey(Gemeente, models.PROTECT, related_name="+")
    case = models.OneToOneField(Case, models.PROTECT, related_name="taken_over")
    source = models.CharField(max_length=60)
    household_key = models.CharField(max_length=60)
    former_number = models.CharField(max_length=60)
    taken_on = models.DateField()

    class Meta:
        constraints = [
            models.UniqueConstraint("gemeente", Lower("source"), "household_key", name="household_taken_over_once"),
        ]

    def __str__(self) -> str:
        return f"{self.source}, {self.former_number}"


class FormerDecision(models.Model):
    """A decision that was sent from a former system; what it granted stands in the plan that was taken over."""

    gemeente = models.ForeignKey(Gemeente, models.PROTECT, related_name="+")
    case = models.ForeignKey(Case, models.PROTECT, related_name="former_decisions")
    hulpvraag = models.ForeignKey(Hulpvraag, models.PROTECT, related_name="former_decisions")
    source = models.CharField(max_length=60)
    reference = models.CharField(max_length=60)
    sent_on = models.DateField()

    class Meta:
        ordering = ["-sent_on", "id"]
        constraints = [
            models.UniqueConstraint("gemeente", "source", "reference", "hulpvraag", name="former_decision_once"),
        ]

    def __str__(self) -> str:
        return f"{self.source}, kenmerk {self.reference}"
