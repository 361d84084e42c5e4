"""Signals about somebody who did not ask: what was seen, who told it, and how contact was sought."""

from __future__ import annotations

import uuid

from django.contrib.postgres.functions import TransactionNow
from django.db import models
from django.db.models import Q
from simple_history.models import HistoricalRecords

from casework.enums import OPEN_SIGNALS, AttemptResult, AttemptWay, SignalKind, SignalStatus
from casework.models.case import Case
from casework.models.described import Described
from casework.querysets import SignalQuerySet
from casework.signal_flow import SignalFlow
from toegang.accounts.models import Gemeente, Team, User
from toegang.core.names import phone_key, sound_key


class Signal(SignalFlow, Described):
    """A signal; about whom is written here and nowhere else: nobody is entered as a person by a signal."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    gemeente = models.ForeignKey(Gemeente, models.PROTECT, related_name="+")
    team = models.ForeignKey(Team, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10, choices=SignalKind)
    urgent = models.BooleanField(default=False)
    received_on = models.DateField()
    seen = models.TextField()
    sound_key = models.CharField(max_length=200, blank=True, editable=False)
    phone_key = models.CharField(max_length=20, blank=True, editable=False)
    linked_to = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="linked")
    case = models.ForeignKey(Case, models.PROTECT, null=True, blank=True, related_name="signals")
    handler = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    registered_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    registered_at = models.DateTimeField(db_default=TransactionNow())

    objects = SignalQuerySet.as_manager()
    history = HistoricalRecords(history_change_reason_field=models.TextField(null=True))

    class Meta:
        ordering = ["received_on", "registered_at"]
        constraints = [
            models.CheckConstraint(name="signal_status_known", condition=Q(status__in=SignalStatus.values)),
            models.CheckConstraint(
                name="no_case_before_a_yes",
                condition=Q(case__isnull=True) | Q(status__in=[SignalStatus.MELDING, SignalStatus.SAMENGEVOEGD]),
            ),
            models.CheckConstraint(
                name="ended_signal_has_day", condition=Q(status__in=OPEN_SIGNALS) | Q(ended_on__isnull=False)
            ),
        ]
        indexes = [
            models.Index(fields=["team", "review_on"], name="open_signal", condition=Q(status__in=OPEN_SIGNALS)),
            models.Index(fields=["case"], name="signal_of_case", condition=Q(case__isnull=False)),
        ]

    def __str__(self) -> str:
        return self.name or self.address or "Iemand van wie de naam nog niet bekend is"

    def save(self, *args: object, **kwargs: object) -> None:
        """Keep the keys by which a second signal is found beside what they are made of."""
        self.sound_key, self.phone_key = sound_key(self.family_name), phone_key(self.phone)
        super().save(*args, **kwargs)  # type: ignore[arg-type]

    @property
    def is_open(self) -> bool:
        """Whether something is still to be done with it."""
        return self.status in OPEN_SIGNALS


class SignalSource(models.Model):
    """Who gave the signal, kept apart: it goes into no case, and is shown only to who asks for it."""

    gemeente = models.ForeignKey(Gemeente, models.PROTECT, related_name="+")
    signal = models.OneToOneField(Signal, models.PROTECT, related_name="source")
    name = models.CharField(max_length=150, blank=True)
    capacity = models.CharField(max_length=100)
    contact = models.CharField(max_length=100, blank=True)
    secret = models.BooleanField(default=False)  # the person must not hear who it was

    def __str__(self) -> str:
        return ", ".join(part for part in (self.name, self.capacity) if part)


class SignalAttempt(models.Model):
    """One attempt to reach the person."""

    gemeente = models.ForeignKey(Gemeente, models.PROTECT, related_name="+")
    signal = models.ForeignKey(Signal, models.PROTECT, related_name="attempts")
    on = models.DateField()
    way = models.CharField(max_length=12, choices=AttemptWay)
    result = models.CharField(max_length=12, choices=AttemptResult)
    text = models.TextField(blank=True)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-on", "-pk"]

    def __str__(self) -> str:
        return f"{self.get_way_display()}: {self.get_result_display()}"
