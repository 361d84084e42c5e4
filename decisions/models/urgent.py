"""Temporary help that cannot wait: decided at once, while the onderzoek goes on."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import F, Q
from simple_history.models import HistoricalRecords

from casework.models import Case, Hulpvraag, Letter
from decisions.enums import UrgentStatus
from decisions.urgent_flow import UrgentFlow
from plans.models import Amount
from providers.models import Product, Provider
from toegang.accounts.models import Gemeente, User


class UrgentDecision(UrgentFlow, Amount):
    """A spoedbesluit on one hulpvraag (Wmo 2015 art. 2.3.3; the same for a crisis under the Jeugdwet)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    gemeente = models.ForeignKey(Gemeente, models.PROTECT, related_name="+")
    case = models.ForeignKey(Case, models.PROTECT, related_name="urgent_decisions")
    hulpvraag = models.ForeignKey(Hulpvraag, models.PROTECT, related_name="urgent_decisions")
    product = models.ForeignKey(Product, models.PROTECT, related_name="+")
    provider = models.ForeignKey(Provider, models.PROTECT, null=True, blank=True, related_name="+")
    starts_on = models.DateField()
    ends_on = models.DateField()
    motivation = models.TextField()
    decided_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    decided_on = models.DateField()
    reviewer = models.ForeignKey(User, models.PROTECT, related_name="+")
    replaces = models.OneToOneField("self", models.PROTECT, null=True, blank=True, related_name="replaced_by")
    answer = models.TextField(blank=True)  # what was done when the toetser did not agree
    letter = models.OneToOneField(Letter, models.PROTECT, null=True, blank=True, related_name="urgent_decision")

    history = HistoricalRecords(history_change_reason_field=models.TextField(null=True))

    class Meta:
        ordering = ["-decided_on", "pk"]
        constraints = [
            models.CheckConstraint(name="urgent_status_known", condition=Q(status__in=UrgentStatus.values)),
            models.CheckConstraint(name="urgent_has_volume", condition=Q(volume__gt=0)),
            models.CheckConstraint(name="urgent_ends_after_start", condition=Q(ends_on__gte=F("starts_on"))),
            models.CheckConstraint(name="urgent_four_eyes", condition=~Q(reviewer=F("decided_by"))),
            models.CheckConstraint(
                name="urgent_sent_has_number_letter_and_day",
                condition=~Q(status=UrgentStatus.VERZONDEN)
                | (Q(sent_on__isnull=False, letter__isnull=False, bezwaar_until__isnull=False) & ~Q(number="")),
            ),
            models.CheckConstraint(
                name="urgent_test_is_whole",
                condition=Q(tested_on__isnull=True, agrees__isnull=True, remarks="")
                | Q(tested_on__isnull=False, agrees__isnull=False),
            ),
            models.UniqueConstraint("gemeente", "number", name="urgent_number_once", condition=~Q(number="")),
        ]
        indexes = [models.Index(fields=["reviewer"], name="urgent_to_test", condition=Q(tested_on=None))]

    def __str__(self) -> str:
        return f"{self.product}: {self.amount_text}"
