"""Noodtoegang: who opened which case in an emergency, what was judged of it, and the rules for access per gemeente."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import F, Q
from simple_history.models import HistoricalRecords

from casework.enums import Verdict
from casework.models.case import Case
from casework.models.grants import Grant
from casework.querysets import AccessRulesQuerySet, EmergencyQuerySet
from toegang.accounts.models import Gemeente, Team, User


class AccessRules(models.Model):
    """The rules for access of a gemeente; the row without gemeente holds what applies until one has its own."""

    gemeente = models.ForeignKey(Gemeente, models.PROTECT, null=True, blank=True, related_name="+")
    minutes = models.PositiveSmallIntegerField("minuten")  # how long noodtoegang lasts
    a_day = models.PositiveSmallIntegerField("keer per dag")  # how often one medewerker may take it on a day
    closed_days = models.PositiveSmallIntegerField(
        "dagen na afsluiten"
    )  # how long after closing a case may still be opened
    review_days = models.PositiveSmallIntegerField("werkdagen voor beoordelen")
    shown_after_days = models.PositiveSmallIntegerField("dagen tot de inwoner het ziet")  # the FG decides
    # More cases that a medewerker saw in a week by the team alone are shown to the FG.
    outside_looks = models.PositiveSmallIntegerField("zaken van het team per week", default=25)
    lookups_an_hour = models.PositiveSmallIntegerField("keer zoeken per uur")  # how often one medewerker may look up
    version = models.PositiveIntegerField(default=0)

    objects = AccessRulesQuerySet.as_manager()
    history = HistoricalRecords(history_change_reason_field=models.TextField(null=True))

    class Meta:
        constraints = [
            models.UniqueConstraint("gemeente", name="one_set_of_access_rules", nulls_distinct=False),
            models.CheckConstraint(
                name="access_rules_are_possible", condition=Q(minutes__gt=0, a_day__gt=0, review_days__gt=0)
            ),
            models.CheckConstraint(name="lookups_are_possible", condition=Q(lookups_an_hour__gt=0)),
        ]

    def __str__(self) -> str:
        return f"Noodtoegang: {self.gemeente or 'alle gemeenten'}"


class EmergencyAccess(models.Model):
    """One time that somebody opened a case in an emergency; reference and team are those of that moment.

    So its review needs nothing of the case itself. Never deleted; made and judged by casework.services.emergency.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    gemeente = models.ForeignKey(Gemeente, models.PROTECT, related_name="+")
    case = models.ForeignKey(Case, models.PROTECT, related_name="emergencies")
    reference = models.CharField(max_length=20)
    team = models.ForeignKey(Team, models.PROTECT, related_name="+")
    user = models.ForeignKey(User, models.PROTECT, related_name="+")
    grant = models.OneToOneField(Grant, models.PROTECT, related_name="emergency")
    category = models.CharField(max_length=200)  # the label of the reason as it was that day
    reason = models.TextField()
    begun_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    review_by = models.DateField()
    shown_from = models.DateField()  # from this day on the inwoner sees it
    verdict = models.CharField(max_length=12, choices=Verdict, blank=True)
    review_note = models.TextField(blank=True)
    reviewed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    reviewed_at = models.DateTimeField(null=True)

    objects = EmergencyQuerySet.as_manager()
    history = HistoricalRecords(history_change_reason_field=models.TextField(null=True))

    class Meta:
        constraints = [
            models.CheckConstraint(name="emergency_ends_after_start", condition=Q(ends_at__gt=F("begun_at"))),
            models.CheckConstraint(name="emergency_four_eyes", condition=~Q(reviewed_by=F("user"))),
            models.CheckConstraint(
                name="emergency_mark_is_whole",
                condition=Q(verdict="", reviewed_by=None, reviewed_at=None)
                | Q(verdict__in=Verdict.values, reviewed_by__isnull=False, reviewed_at__isnull=False),
            ),
        ]
        indexes = [
            models.Index(fields=["user", "begun_at"], name="emergency_of_user"),
            models.Index(fields=["gemeente", "-begun_at"], name="emergency_of_gemeente"),
            models.Index(fields=["team", "-begun_at"], name="emergency_of_team"),
            models.Index(fields=["case"], name="emergency_of_case"),
        ]

    def __str__(self) -> str:
        return f"Noodtoegang {self.reference}, {self.user}"
