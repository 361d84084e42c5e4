"""What is filled in beforehand for a simple hulpmiddel: dated rows that a beheerder may change."""

from __future__ import annotations

from django.db import models

from toegang.core.models.reference import DatedRow


class FastLane(DatedRow):
    """One kind of simple hulpmiddel: every part of the onderzoek in one line, to be checked with the inwoner."""

    key = models.CharField(max_length=40)
    title = models.CharField(max_length=100)
    product_key = models.CharField(max_length=40)  # of the product that holds on the day itself
    leefgebied_key = models.CharField(max_length=40)
    parts = models.JSONField()  # {key of the part of the onderzoek: line}, Wmo 2015 art. 2.3.2 lid 4 a-g
    result = models.CharField(max_length=300)
    action = models.CharField(max_length=300)
    motivation = models.TextField()
    months = models.PositiveSmallIntegerField()  # how long the help is given
    order = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["order"]
        constraints = [models.UniqueConstraint("key", "valid_from", name="one_fast_lane_per_start")]

    def __str__(self) -> str:
        return self.title
