"""Providers, products and which provider may give which product to which gemeente."""

import uuid

from django.db import models
from django.db.models import F, Q

from toegang.accounts.models import Gemeente
from toegang.core.models.reference import DatedRow


class Unit(models.TextChoices):
    """In what help is counted."""

    UUR = "uur", "uur"
    MINUUT = "minuut", "minuut"
    DAGDEEL = "dagdeel", "dagdeel"
    ETMAAL = "etmaal", "etmaal"
    STUK = "stuk", "stuk"


class Frequency(models.TextChoices):
    """Per which period."""

    DAG = "dag", "per dag"
    WEEK = "week", "per week"
    MAAND = "maand", "per maand"
    TOTAAL = "totaal", "in totaal"


class Product(DatedRow):
    """A kind of help under one law, with its unit and usual frequency."""

    key = models.CharField(max_length=40)
    law = models.CharField(max_length=10)
    name = models.CharField(max_length=100)
    description = models.TextField()
    category = models.CharField(max_length=2)
    unit = models.CharField(max_length=10, choices=Unit)
    frequency = models.CharField(max_length=10, choices=Frequency)
    contribution = models.BooleanField(default=False)  # eigen bijdrage (Wmo 2015 art. 2.1.4)

    class Meta:
        constraints = [models.UniqueConstraint("key", "valid_from", name="one_product_per_start")]

    def __str__(self) -> str:
        return self.name


class Provider(models.Model):
    """An organisation that gives help."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    gemeente = models.ForeignKey(Gemeente, models.PROTECT, related_name="+")
    name = models.CharField(max_length=150)
    about = models.TextField(blank=True)
    phone = models.CharField(max_length=20, blank=True)

    def __str__(self) -> str:
        return self.name


class Contract(models.Model):
    """A provider may give a product to a gemeente in a period; with its present waiting time."""

    gemeente = models.ForeignKey(Gemeente, models.PROTECT, related_name="+")
    provider = models.ForeignKey(Provider, models.PROTECT, related_name="contracts")
    product = models.ForeignKey(Product, models.PROTECT, related_name="contracts")
    since = models.DateField()
    until = models.DateField(null=True, blank=True)
    waiting_days = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="contract_ends_after_start", condition=Q(until=None) | Q(until__gte=F("since"))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.provider}: {self.product}"
