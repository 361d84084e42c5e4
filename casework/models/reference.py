"""Dated lists of casework, editable by the functioneel beheerder."""

from django.db import models

from casework.enums import Law
from casework.querysets import ReasonQuerySet
from toegang.core.models.reference import DatedRow
from toegang.core.money import decimal_text


class Leefgebied(DatedRow):
    """A part of life that a conversation may touch; none is obligatory."""

    key = models.CharField(max_length=40)
    name = models.CharField(max_length=60)
    help = models.TextField()
    order = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["order"]
        constraints = [models.UniqueConstraint("key", "valid_from", name="one_leefgebied_per_start")]

    def __str__(self) -> str:
        return self.name


class OnderzoekPart(DatedRow):
    """A part of the onderzoek that the law asks (Wmo 2015 art. 2.3.2 lid 4 a–g; Jeugdwet art. 2.3)."""

    law = models.CharField(max_length=10, choices=Law)
    key = models.CharField(max_length=10)
    title = models.CharField(max_length=150)
    question = models.TextField()
    article = models.CharField(max_length=150)
    order = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["order"]
        constraints = [models.UniqueConstraint("law", "key", "valid_from", name="one_onderzoek_part_per_start")]

    def __str__(self) -> str:
        return self.title


class Reason(DatedRow):
    """A reason to choose from: why a case closes, why there was no conversation, why a request is refused."""

    kind = models.CharField(max_length=20)
    key = models.CharField(max_length=40)
    label = models.CharField(max_length=200)
    article = models.CharField(max_length=150, blank=True)

    objects = ReasonQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint("kind", "key", "valid_from", name="one_reason_per_start")]

    def __str__(self) -> str:
        return self.label


class CaseloadWeight(DatedRow):
    """How much something weighs in the caseload of a colleague, in points."""

    key = models.CharField(max_length=20)
    label = models.CharField(max_length=100)
    points = models.DecimalField(max_digits=4, decimal_places=2)
    order = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["order"]
        constraints = [models.UniqueConstraint("key", "valid_from", name="one_weight_per_start")]

    def __str__(self) -> str:
        return self.label

    @property
    def text(self) -> str:
        """The points as people write them: 0,5."""
        return decimal_text(self.points)
