"""A simple question that was answered at once, without a person and without a case."""

from __future__ import annotations

import uuid

from django.contrib.postgres.functions import TransactionNow
from django.db import models

from casework.enums import Route
from casework.models.case import Melding
from toegang.accounts.models import Gemeente, Team, User


class ShortQuestion(models.Model):
    """What was asked and how it ended, in a few words; who asked is not written down (AVG art. 5 lid 1 c)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    gemeente = models.ForeignKey(Gemeente, models.PROTECT, related_name="+")
    team = models.ForeignKey(Team, models.PROTECT, related_name="+")
    on = models.DateField()
    route = models.CharField(max_length=12, choices=Route)
    words = models.CharField(max_length=500)
    outcome = models.CharField(max_length=200)  # a reason of kind korte_vraag
    melding = models.ForeignKey(Melding, models.PROTECT, null=True, blank=True, related_name="+")  # after all
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField(db_default=TransactionNow())

    class Meta:
        ordering = ["-at", "pk"]
        indexes = [models.Index(fields=["gemeente", "on"], name="short_question_of_day")]

    def __str__(self) -> str:
        return self.words
