"""What plans stores. Changes are made by plans.services."""

from __future__ import annotations

import uuid
from decimal import ROUND_HALF_UP, Decimal

from django.db import models
from django.db.models import F, Q
from simple_history.models import HistoricalRecords

from casework.models import Case, Hulpvraag
from plans.enums import ActionBy, CareForm, Choice, EvaluatieStatus, PgbHelper, PlanStatus, Rung
from plans.flow import EvaluatieFlow, PlanFlow
from plans.models.fast import FastLane as FastLane
from providers.models import Frequency, Product, Provider, Unit
from toegang.accounts.models import Gemeente, Ketenpartner
from toegang.core.money import decimal_text, euros


class Plan(PlanFlow):
    """One version of the plan of a household."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    gemeente = models.ForeignKey(Gemeente, models.PROTECT, related_name="+")
    case = models.ForeignKey(Case, models.PROTECT, related_name="plans")
    number = models.PositiveSmallIntegerField()
    version = models.PositiveIntegerField(default=1)
    own_words = models.TextField(blank=True)  # what the inwoner wants, in own words

    history = HistoricalRecords(history_change_reason_field=models.TextField(null=True))

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint("case", "number", name="plan_number_once"),
            models.UniqueConstraint("case", name="one_present_plan", condition=~Q(status=PlanStatus.VERVANGEN)),
            models.CheckConstraint(name="plan_status_known", condition=Q(status__in=PlanStatus.values)),
            models.CheckConstraint(
                name="agreed_plan_says_how",
                condition=~Q(status=PlanStatus.AKKOORD) | (Q(agreed_on__isnull=False) & ~Q(agreement="")),
            ),
        ]

    def __str__(self) -> str:
        return f"Plan {self.number}"


class Goal(models.Model):
    """A result that the inwoner wants to reach."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    gemeente = models.ForeignKey(Gemeente, models.PROTECT, related_name="+")
    case = models.ForeignKey(Case, models.PROTECT, related_name="+")
    plan = models.ForeignKey(Plan, models.PROTECT, related_name="goals")
    result = models.CharField(max_length=300)
    order = models.PositiveSmallIntegerField()
    removed = models.BooleanField(default=False)

    history = HistoricalRecords(history_change_reason_field=models.TextField(null=True))

    class Meta:
        ordering = ["order", "id"]

    def __str__(self) -> str:
        return self.result


class Action(models.Model):
    """Who does what, by when."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    gemeente = models.ForeignKey(Gemeente, models.PROTECT, related_name="+")
    case = models.ForeignKey(Case, models.PROTECT, related_name="+")
    goal = models.ForeignKey(Goal, models.PROTECT, related_name="actions")
    by = models.CharField(max_length=12, choices=ActionBy)
    what = models.CharField(max_length=300)
    by_when = models.DateField(null=True, blank=True)
    partner = models.ForeignKey(Ketenpartner, models.PROTECT, null=True, blank=True, related_name="+")

    history = HistoricalRecords(history_change_reason_field=models.TextField(null=True))

    class Meta:
        ordering = ["by_when", "id"]

    def __str__(self) -> str:
        return self.what


class LadderRung(models.Model):
    """What was found at one rung of the ladder, for one hulpvraag."""

    gemeente = models.ForeignKey(Gemeente, models.PROTECT, related_name="+")
    case = models.ForeignKey(Case, models.PROTECT, related_name="+")
    plan = models.ForeignKey(Plan, models.PROTECT, related_name="rungs")
    hulpvraag = models.ForeignKey(Hulpvraag, models.PROTECT, related_name="+")
    rung = models.CharField(max_length=15, choices=Rung)
    finding = models.TextField(blank=True)

    history = HistoricalRecords(history_change_reason_field=models.TextField(null=True))

    class Meta:
        constraints = [models.UniqueConstraint("plan", "hulpvraag", "rung", name="one_finding_per_rung")]

    def __str__(self) -> str:
        return self.get_rung_display()


class Amount(models.Model):
    """How much help, and how often."""

    volume = models.DecimalField(max_digits=7, decimal_places=2)
    unit = models.CharField(max_length=10, choices=Unit)
    frequency = models.CharField(max_length=10, choices=Frequency)

    class Meta:
        abstract = True

    @property
    def amount_text(self) -> str:
        """How much and how often, in words: '3 uur per week', '2,5 dagdelen per week'."""
        plural = {"dagdeel": "dagdelen", "etmaal": "etmalen", "minuut": "minuten", "stuk": "stuks"}
        unit = self.unit if self.volume == 1 else plural.get(self.unit, self.unit)
        return f"{decimal_text(self.volume)} {unit} {self.get_frequency_display()}"


class MaatwerkLine(Amount):
    """Maatwerk for one hulpvraag: how much, how often, from when to when, in which form, by whom."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    gemeente = models.ForeignKey(Gemeente, models.PROTECT, related_name="+")
    case = models.ForeignKey(Case, models.PROTECT, related_name="+")
    plan = models.ForeignKey(Plan, models.PROTECT, related_name="lines")
    hulpvraag = models.ForeignKey(Hulpvraag, models.PROTECT, related_name="lines")
    goal = models.ForeignKey(Goal, models.PROTECT, related_name="lines")
    product = models.ForeignKey(Product, models.PROTECT, related_name="+")
    starts_on = models.DateField()
    ends_on = models.DateField()
    form = models.CharField(max_length=10, choices=CareForm, default=CareForm.NATURA)
    choice = models.CharField(max_length=12, choices=Choice, blank=True)
    provider = models.ForeignKey(Provider, models.PROTECT, null=True, blank=True, related_name="+")
    choice_reason = models.TextField(blank=True)

    history = HistoricalRecords(history_change_reason_field=models.TextField(null=True))

    class Meta:
        ordering = ["starts_on", "id"]
        constraints = [
            models.CheckConstraint(name="line_has_volume", condition=Q(volume__gt=0)),
            models.CheckConstraint(name="line_ends_after_start", condition=Q(ends_on__gte=F("starts_on"))),
            models.CheckConstraint(
                name="chosen_provider_is_named",
                condition=Q(choice=Choice.AANBIEDER, provider__isnull=False) | ~Q(choice=Choice.AANBIEDER),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.product}: {self.amount_text}"


class Pgb(models.Model):
    """The persoonsgebonden budget of one line: the three conditions, who manages it and how much it is.

    Wmo 2015 art. 2.3.6 lid 2 and Jeugdwet art. 8.1.1 lid 2: able (alone or with help), wished for reasons, and good
    help. The SVB pays (Wmo 2015 art. 2.6.2, Jeugdwet art. 8.1.8).
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    gemeente = models.ForeignKey(Gemeente, models.PROTECT, related_name="+")
    case = models.ForeignKey(Case, models.PROTECT, related_name="+")
    line = models.OneToOneField(MaatwerkLine, models.PROTECT, related_name="pgb")
    helper = models.CharField(max_length=10, choices=PgbHelper)
    rate = models.DecimalField(max_digits=8, decimal_places=2)  # euro per unit of the line
    manager = models.CharField(max_length=150, blank=True)  # empty: the inwoner
    able = models.TextField()
    wish = models.TextField()
    quality = models.TextField()
    version = models.PositiveIntegerField(default=1)

    history = HistoricalRecords(history_change_reason_field=models.TextField(null=True))

    class Meta:
        constraints = [models.CheckConstraint(name="pgb_rate_above_zero", condition=Q(rate__gt=0))]

    def __str__(self) -> str:
        return self.amount_text

    @property
    def amount_text(self) -> str:
        """The budget per frequency of the line, in whole cents: '€ 115,92 per week'."""
        amount = (self.rate * self.line.volume).quantize(Decimal("0.01"), ROUND_HALF_UP)
        return f"{euros(amount)} {self.line.get_frequency_display()}"

    @property
    def how_text(self) -> str:
        """How the budget is computed: '3 uur per week keer € 38,64 per uur'."""
        return f"{self.line.amount_text} keer {euros(self.rate)} per {self.line.unit}"


class Evaluatie(EvaluatieFlow):
    """A moment to look back, planned with the help itself."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    gemeente = models.ForeignKey(Gemeente, models.PROTECT, related_name="+")
    case = models.ForeignKey(Case, models.PROTECT, related_name="evaluaties")
    due_on = models.DateField()
    inwoner_view = models.TextField(blank=True)
    our_view = models.TextField(blank=True)

    history = HistoricalRecords(history_change_reason_field=models.TextField(null=True))

    class Meta:
        ordering = ["due_on"]
        constraints = [
            models.CheckConstraint(name="evaluatie_status_known", condition=Q(status__in=EvaluatieStatus.values)),
            models.UniqueConstraint(
                "case", name="one_planned_evaluatie", condition=~Q(status=EvaluatieStatus.AFGEROND)
            ),
        ]
        indexes = [models.Index(fields=["due_on"], name="evaluatie_due", condition=Q(status=EvaluatieStatus.GEPLAND))]

    def __str__(self) -> str:
        return f"Evaluatie op {self.due_on}"
