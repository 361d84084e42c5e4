"""The veiligheid compartment: what is known of the safety of one person; only its own grants open it."""

from __future__ import annotations

import uuid

from django.contrib.postgres.functions import TransactionNow
from django.db import models
from simple_history.models import HistoricalRecords

from casework.enums import Law
from casework.models.case import Case
from casework.models.people import Person
from toegang.accounts.models import Gemeente, User


class SafetyRecord(models.Model):
    """One fact about the safety of one person of a household; who told it stands apart and is never printed.

    Written and corrected by casework.services.safety; every earlier text stays in its history. Its contents come in
    no letter, log line, timeline, search, mail or page of the portaal.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    gemeente = models.ForeignKey(Gemeente, models.PROTECT, related_name="+")
    case = models.ForeignKey(Case, models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    law = models.CharField(max_length=10, choices=Law)
    text = models.TextField()
    source = models.TextField(blank=True)
    written_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    written_at = models.DateTimeField(db_default=TransactionNow())
    version = models.PositiveIntegerField(default=1)

    history = HistoricalRecords(history_change_reason_field=models.TextField(null=True))

    class Meta:
        indexes = [models.Index(fields=["case", "person"], name="safety_of_case")]

    def __str__(self) -> str:
        return f"Veiligheidsdossier {self.pk}"
