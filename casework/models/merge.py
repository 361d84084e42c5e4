"""Two records of one person that became one: what moved, so that it can be undone."""

from __future__ import annotations

import uuid

from django.contrib.postgres.functions import TransactionNow
from django.db import models
from django.db.models import F, Q

from casework.models.people import Person
from toegang.accounts.models import Gemeente, User


class PersonMerge(models.Model):
    """What stood under one record stands under the other until somebody undoes it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    gemeente = models.ForeignKey(Gemeente, models.PROTECT, related_name="+")
    kept = models.ForeignKey(Person, models.PROTECT, related_name="merges")
    merged = models.ForeignKey(Person, models.PROTECT, related_name="+")
    reason = models.TextField()
    moved = models.JSONField(default=list)  # [["casework.Hulpvraag", "person", ["…", "…"]], …]
    took_number = models.BooleanField(default=False)
    took_user = models.BooleanField(default=False)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField(db_default=TransactionNow())
    undone_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    undone_at = models.DateTimeField(null=True, blank=True)
    undone_reason = models.TextField(blank=True)

    class Meta:
        ordering = ["-at", "pk"]
        constraints = [
            models.CheckConstraint(name="two_people_merge", condition=~Q(kept=F("merged"))),
            models.UniqueConstraint("merged", name="merged_once", condition=Q(undone_at__isnull=True)),
        ]

    def __str__(self) -> str:
        return f"{self.merged} in {self.kept}"
