"""Work after commit, stored files and gapless counters."""

import uuid

from django.contrib.postgres.functions import TransactionNow
from django.db import models
from django.db.models import Q


class OutboxRow(models.Model):
    """One piece of work that must happen after commit: rows first, the broker is only the bell."""

    class State(models.TextChoices):
        """Where the work stands."""

        OPEN = "open"
        RUNNING = "running"
        DONE = "done"

    key = models.CharField(max_length=120, unique=True)
    kind = models.CharField(max_length=40)
    payload = models.JSONField(default=dict)  # ids only, never personal data
    case_id = models.UUIDField(null=True)
    gemeente_id = models.BigIntegerField(null=True)
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    attempts = models.PositiveIntegerField(default=0)
    leased_until = models.DateTimeField(null=True)
    next_try = models.DateTimeField(db_default=TransactionNow())
    created_at = models.DateTimeField(db_default=TransactionNow())
    done_at = models.DateTimeField(null=True)
    last_error = models.CharField(max_length=200, blank=True)  # the error's class, no content

    class Meta:
        indexes = [models.Index(fields=["next_try"], name="outbox_waiting", condition=~Q(state="done"))]

    def __str__(self) -> str:
        return self.key


class StoredFile(models.Model):
    """A file on disk under a random name; the row is written after the file is synced."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=150)
    content_type = models.CharField(max_length=60)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    case_id = models.UUIDField(null=True)
    gemeente_id = models.BigIntegerField()
    created_at = models.DateTimeField(db_default=TransactionNow())

    def __str__(self) -> str:
        return self.name


class Counter(models.Model):
    """The last number given in a series of a gemeente in a year."""

    gemeente_id = models.BigIntegerField()
    series = models.CharField(max_length=20)
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint("gemeente_id", "series", "year", name="one_counter_per_series")]

    def __str__(self) -> str:
        return f"{self.series} {self.year}: {self.last}"
