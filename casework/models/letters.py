"""Letters: ordered in the transaction of a step, made and stored by the worker, sent per addressee."""

from __future__ import annotations

import uuid

from django.contrib.postgres.functions import TransactionNow
from django.db import models
from django.db.models import Q

from casework.enums import Channel
from casework.models.case import Case, Hulpvraag
from casework.models.people import Person
from toegang.accounts.models import Gemeente, User
from toegang.core.models import StoredFile


class Letter(models.Model):
    """One letter to one addressee. In the making until `document` is there; a sent letter is never made again.

    Digital: sent when it stands in the portaal. Paper: sent on the day it was posted (Awb art. 3:41).
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    gemeente = models.ForeignKey(Gemeente, models.PROTECT, related_name="+")
    case = models.ForeignKey(Case, models.PROTECT, related_name="letters")
    hulpvraag = models.ForeignKey(Hulpvraag, models.PROTECT, null=True, blank=True, related_name="letters")
    addressee = models.ForeignKey(Person, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=40)
    subject = models.CharField(max_length=200)
    reference = models.CharField(max_length=40)
    channel = models.CharField(max_length=10, choices=Channel)
    dated = models.DateField(null=True, blank=True)  # the day that stands on the letter
    document = models.ForeignKey(StoredFile, models.PROTECT, null=True, blank=True, related_name="+")
    sent_on = models.DateField(null=True, blank=True)
    ordered_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    ordered_at = models.DateTimeField(db_default=TransactionNow())
    stored_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["ordered_at"]
        constraints = [
            models.CheckConstraint(
                name="sent_letter_is_stored",
                condition=Q(sent_on__isnull=True) | Q(document__isnull=False, dated=models.F("sent_on")),
            ),
        ]
        indexes = [
            models.Index(fields=["gemeente", "channel"], name="letter_to_send", condition=Q(sent_on__isnull=True)),
        ]

    def __str__(self) -> str:
        return self.subject
