"""Requests about the own data, the inwoner's own statements, and the use of data that are restricted."""

from __future__ import annotations

import uuid

from django.contrib.postgres.functions import TransactionNow
from django.db import models
from django.db.models import F, Q
from simple_history.models import HistoricalRecords

from casework.enums import PRIVACY_ENDED, Asker, PrivacyKind, PrivacyOutcome, PrivacyStatus, Route, Subject, UseGround
from casework.models.case import Case, Hulpvraag
from casework.models.letters import Letter
from casework.models.people import Person
from casework.privacy_flow import PrivacyRequestFlow
from toegang.accounts.models import Gemeente, User
from toegang.core.models import StoredFile


class PrivacyRequest(PrivacyRequestFlow):
    """One request of one person about one case (AVG art. 15, 16, 18); several cases are several requests."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    gemeente = models.ForeignKey(Gemeente, models.PROTECT, related_name="+")
    case = models.ForeignKey(Case, models.PROTECT, related_name="privacy_requests")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10, choices=PrivacyKind)
    asker = models.CharField(max_length=18, choices=Asker, default=Asker.ZELF)
    asker_name = models.CharField(max_length=150, blank=True)
    route = models.CharField(max_length=12, choices=Route)
    received_on = models.DateField()
    due_on = models.DateField()
    words = models.TextField(blank=True)
    subject = models.CharField(max_length=10, choices=Subject, blank=True)
    hulpvraag = models.ForeignKey(Hulpvraag, models.PROTECT, null=True, blank=True, related_name="+")
    registered_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    registered_at = models.DateTimeField(db_default=TransactionNow())
    answer = models.OneToOneField(Letter, models.PROTECT, null=True, blank=True, related_name="privacy_answer")
    notice = models.OneToOneField(Letter, models.PROTECT, null=True, blank=True, related_name="privacy_notice")
    pdf = models.ForeignKey(StoredFile, models.PROTECT, null=True, blank=True, related_name="+")
    json = models.ForeignKey(StoredFile, models.PROTECT, null=True, blank=True, related_name="+")
    version = models.PositiveIntegerField(default=1)

    history = HistoricalRecords(history_change_reason_field=models.TextField(null=True))

    class Meta:
        ordering = ["-received_on", "-registered_at", "id"]
        constraints = [
            models.CheckConstraint(name="privacy_status_known", condition=Q(status__in=PrivacyStatus.values)),
            models.CheckConstraint(
                name="ended_request_says_how",
                condition=~Q(status__in=sorted(PRIVACY_ENDED))
                | (Q(ended_on__isnull=False) & (Q(status=PrivacyStatus.AFGEWEZEN) & ~Q(ground="") | ~Q(outcome=""))),
            ),
            models.CheckConstraint(
                name="given_inzage_has_its_files",
                condition=~Q(outcome=PrivacyOutcome.PAKKET)
                | Q(pdf__isnull=False, json__isnull=False, available_until__isnull=False),
            ),
            models.CheckConstraint(
                name="longer_term_has_a_reason", condition=Q(extended_on__isnull=True) | ~Q(extension_reason="")
            ),
            models.CheckConstraint(
                name="only_what_is_restricted_is_lifted",
                condition=Q(lifted_on__isnull=True) | Q(restricted_on__isnull=False, lifted_on__gte=F("restricted_on")),
            ),
        ]
        indexes = [
            models.Index(fields=["case"], name="privacy_request_of_case"),
            models.Index(fields=["gemeente", "due_on"], name="privacy_request_open", condition=Q(ended_on=None)),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, {self.person}"

    def is_open(self) -> bool:
        """Whether an answer is still to come."""
        return self.status not in PRIVACY_ENDED

    def gives_of_others(self) -> bool:
        """Whether a part is given that may be about somebody else."""
        return any(part["given"] and part["others"] for part in self.review.values())


class Statement(models.Model):
    """What the inwoner says of a part of the case, added beside it; never in its place.

    AVG art. 16; Wmo 2015 art. 5.3.2 lid 5; Jeugdwet art. 7.3.8 lid 2.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    gemeente = models.ForeignKey(Gemeente, models.PROTECT, related_name="+")
    case = models.ForeignKey(Case, models.PROTECT, related_name="statements")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    request = models.OneToOneField(PrivacyRequest, models.PROTECT, related_name="statement")
    subject = models.CharField(max_length=10, choices=Subject)
    hulpvraag = models.ForeignKey(Hulpvraag, models.PROTECT, null=True, blank=True, related_name="statements")
    text = models.TextField()
    on = models.DateField()

    class Meta:
        ordering = ["on", "id"]
        constraints = [models.CheckConstraint(name="statement_says_something", condition=~Q(text=""))]
        indexes = [models.Index(fields=["case"], name="statement_of_case")]

    def __str__(self) -> str:
        return f"Verklaring van {self.person}"


class RestrictedUse(models.Model):
    """One use of a case whose data are restricted: on which ground of AVG art. 18 lid 2, and why."""

    gemeente = models.ForeignKey(Gemeente, models.PROTECT, related_name="+")
    case = models.ForeignKey(Case, models.PROTECT, related_name="restricted_uses")
    ground = models.CharField(max_length=16, choices=UseGround)
    reason = models.TextField()
    what = models.CharField(max_length=200)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField(db_default=TransactionNow())

    class Meta:
        ordering = ["-at", "-id"]
        constraints = [models.CheckConstraint(name="restricted_use_says_why", condition=~Q(reason=""))]
        indexes = [models.Index(fields=["case"], name="restricted_use_of_case")]

    def __str__(self) -> str:
        return f"{self.get_ground_display()}: {self.what}"
