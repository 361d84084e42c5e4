"""A question that was sent on to another desk: with whose yes, to whom, until when, and what came of it."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q

from casework.models.case import Case, Hulpvraag
from toegang.accounts.models import Gemeente, User


class Forwarding(models.Model):
    """One question at another desk; it comes back to the contactpersoon when nobody took it by its day."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    gemeente = models.ForeignKey(Gemeente, models.PROTECT, related_name="+")
    case = models.ForeignKey(Case, models.PROTECT, related_name="forwardings")
    hulpvraag = models.ForeignKey(Hulpvraag, models.PROTECT, related_name="forwardings")
    desk = models.CharField(max_length=100)
    contact = models.CharField(max_length=200)
    agreed_by = models.CharField(max_length=200)  # who said that the question may go there
    agreed_on = models.DateField()
    sent_on = models.DateField()
    due_on = models.DateField()
    taken_on = models.DateField(null=True, blank=True)
    outcome = models.TextField(blank=True)
    ended_on = models.DateField(null=True, blank=True)
    came_back = models.BooleanField(default=False)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-sent_on", "pk"]
        constraints = [
            models.UniqueConstraint("hulpvraag", name="one_running_forwarding", condition=Q(ended_on__isnull=True)),
            models.CheckConstraint(
                name="ended_forwarding_has_its_outcome",
                condition=Q(ended_on__isnull=True, outcome="", came_back=False)
                | (Q(ended_on__isnull=False) & ~Q(outcome="")),
            ),
        ]
        indexes = [
            models.Index(fields=["case"], name="waiting_forwarding", condition=Q(taken_on=None, ended_on=None)),
        ]

    def __str__(self) -> str:
        return f"Doorgezet naar {self.desk}"
