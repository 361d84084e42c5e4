"""Which medewerker works in which team and holds which role, from when to when."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value
from simple_history.models import HistoricalRecords

from toegang.accounts.models.organisation import Gemeente, Team
from toegang.accounts.models.user import User


class Role(models.Model):
    """A role that a group of medewerkers holds; name and description are the gemeente's own words."""

    key = models.CharField(max_length=20, primary_key=True)
    name = models.CharField(max_length=60)
    description = models.CharField(max_length=300, blank=True)

    history = HistoricalRecords(history_change_reason_field=models.TextField(null=True))

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class PeriodQuerySet(models.QuerySet[Any]):
    """Rows that hold in a period."""

    def on(self, day: date) -> PeriodQuerySet:
        """Rows that hold on a day; the last day counts."""
        return self.filter(Q(until=None) | Q(until__gte=day), since__lte=day)


class Period(models.Model):
    """A period with an open or closed end."""

    since = models.DateField()
    until = models.DateField(null=True, blank=True)

    objects = PeriodQuerySet.as_manager()

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                name="%(class)s_ends_after_start", condition=Q(until=None) | Q(until__gte=F("since"))
            )
        ]


def never_twice(name: str, *columns: str) -> ExclusionConstraint:
    """Two rows with the same columns never hold on the same day; the last day counts."""
    days = Func(F("since"), F("until"), Value("[]"), function="daterange", output_field=DateRangeField())
    same = [(column, RangeOperators.EQUAL) for column in columns]
    return ExclusionConstraint(name=name, expressions=[*same, (days, RangeOperators.OVERLAPS)])


class Source(models.TextChoices):
    """Who gave it: the functioneel beheerder by hand, or the sign-in of the organisation itself."""

    HAND = "hand", "door de beheerder"
    SSO = "sso", "door de inlog van de organisatie"


class Membership(Period):
    """Who works in which team, from when to when."""

    user = models.ForeignKey(User, models.PROTECT, related_name="memberships")
    team = models.ForeignKey(Team, models.PROTECT, related_name="memberships")
    source = models.CharField(max_length=4, choices=Source, default=Source.HAND)

    history = HistoricalRecords(history_change_reason_field=models.TextField(null=True))

    class Meta(Period.Meta):
        constraints = [*Period.Meta.constraints, never_twice("one_membership_at_a_time", "user", "team")]

    def __str__(self) -> str:
        return f"{self.user} in {self.team}"


class RoleAssignment(Period):
    """Which role a medewerker holds for a gemeente, from when to when."""

    user = models.ForeignKey(User, models.PROTECT, related_name="role_assignments")
    gemeente = models.ForeignKey(Gemeente, models.PROTECT)
    role = models.ForeignKey(Role, models.PROTECT, db_column="role", related_name="+")
    source = models.CharField(max_length=4, choices=Source, default=Source.HAND)

    history = HistoricalRecords(history_change_reason_field=models.TextField(null=True))

    class Meta(Period.Meta):
        constraints = [*Period.Meta.constraints, never_twice("one_role_at_a_time", "user", "gemeente", "role")]

    def __str__(self) -> str:
        return f"{self.user}: {self.role}"


class ReportRight(Period):
    """That somebody of a ketenpartner may send meldingen to a gemeente, always with a last day."""

    user = models.ForeignKey(User, models.PROTECT, related_name="report_rights")
    gemeente = models.ForeignKey(Gemeente, models.PROTECT, related_name="+")
    source = models.CharField(max_length=4, choices=Source, default=Source.HAND)

    history = HistoricalRecords(history_change_reason_field=models.TextField(null=True))

    class Meta(Period.Meta):
        constraints = [
            *Period.Meta.constraints,
            never_twice("one_report_right_at_a_time", "user", "gemeente"),
            models.CheckConstraint(name="report_right_has_an_end", condition=Q(until__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"{self.user} meldt bij {self.gemeente}"
