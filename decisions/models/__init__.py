"""What decisions stores. Changes are made by decisions.services."""

from __future__ import annotations

import uuid
from decimal import Decimal

from django.db import models
from django.db.models import F, Q
from simple_history.models import HistoricalRecords

from casework.models import Case, Hulpvraag, Letter
from decisions.enums import BeschikkingStatus, Outcome
from decisions.flow import BeschikkingFlow
from decisions.models.takeover import FormerDecision as FormerDecision
from decisions.models.takeover import TakenOver as TakenOver
from decisions.models.urgent import UrgentDecision as UrgentDecision
from plans.enums import Choice, PlanStatus
from plans.models import MaatwerkLine
from toegang.accounts.models import Gemeente, User
from toegang.core.models.reference import DatedRow
from toegang.core.money import euros

B = BeschikkingStatus


class Contribution(DatedRow):
    """The most that a household pays in a month (Wmo 2015 art. 2.1.4); set by national rules, per year."""

    law = models.CharField(max_length=10)
    amount_cents = models.PositiveIntegerField()
    regime = models.CharField(max_length=40)
    source = models.CharField(max_length=200)

    class Meta:
        constraints = [models.UniqueConstraint("law", "valid_from", name="one_contribution_per_start")]

    def __str__(self) -> str:
        return euros(Decimal(self.amount_cents) / 100)


class Beschikking(BeschikkingFlow):
    """A decision on one hulpvraag: one besluit per law and person."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    gemeente = models.ForeignKey(Gemeente, models.PROTECT, related_name="+")
    case = models.ForeignKey(Case, models.PROTECT, related_name="beschikkingen")
    hulpvraag = models.ForeignKey(Hulpvraag, models.PROTECT, related_name="beschikkingen")
    lines = models.ManyToManyField(MaatwerkLine, related_name="beschikkingen", through="BeschikkingLine")
    outcome = models.CharField(max_length=12, choices=Outcome)
    motivation = models.TextField(blank=True)
    refusal_ground = models.CharField(max_length=200, blank=True)
    drafted_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    reviewer = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    letter = models.OneToOneField(Letter, models.PROTECT, null=True, blank=True, related_name="beschikking")
    version = models.PositiveIntegerField(default=1)

    history = HistoricalRecords(history_change_reason_field=models.TextField(null=True))

    class Meta:
        ordering = ["-sent_on", "id"]
        constraints = [
            models.CheckConstraint(name="beschikking_status_known", condition=Q(status__in=B.values)),
            models.CheckConstraint(
                name="sent_has_number_letter_and_day",
                condition=~Q(status=B.VERZONDEN)
                | (Q(sent_on__isnull=False, letter__isnull=False, bezwaar_until__isnull=False) & ~Q(number="")),
            ),
            models.CheckConstraint(name="four_eyes", condition=~Q(approved_by=F("drafted_by"))),
            models.UniqueConstraint("gemeente", "number", name="beschikking_number_once", condition=~Q(number="")),
            models.UniqueConstraint(
                "hulpvraag",
                name="one_unsent_beschikking",
                condition=~Q(status__in=[B.VERZONDEN, B.VERVALLEN]),
            ),
        ]

    def __str__(self) -> str:
        return self.number or "Concept"

    def was_written_by(self, user_id: int | None) -> bool:
        """Whether this user ever wrote it: a handover does not make somebody a fresh pair of eyes."""
        return self.drafted_by_id == user_id or self.history.filter(drafted_by_id=user_id).exists()

    def refused_lines(self) -> models.QuerySet[MaatwerkLine]:
        """Lines of the agreed plan that this decision does not grant, with the choice to refuse them."""
        asked = MaatwerkLine.objects.filter(hulpvraag_id=self.hulpvraag_id, plan__status=PlanStatus.AKKOORD)
        return asked.filter(choice=Choice.WEIGEREN)


class BeschikkingLine(models.Model):
    """A line of maatwerk that a decision grants."""

    gemeente = models.ForeignKey(Gemeente, models.PROTECT, related_name="+")
    case = models.ForeignKey(Case, models.PROTECT, related_name="+")
    beschikking = models.ForeignKey(Beschikking, models.PROTECT, related_name="+")
    line = models.ForeignKey(MaatwerkLine, models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint("beschikking", "line", name="line_once_per_beschikking")]

    def __str__(self) -> str:
        return str(self.line)
