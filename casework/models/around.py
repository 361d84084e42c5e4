"""Who stands around a person in a case: family with or without gezag, who acts in law, and who helps.

Each belongs to one case: the two households of a child of co-ouders know it each in their own way.
"""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import F, Q
from simple_history.models import HistoricalRecords

from casework.enums import Gezag, RelationKind, RepresentationKind, RepresentationScope
from casework.models.case import Case
from casework.models.people import Person
from toegang.accounts.models import Gemeente, User


class Around(models.Model):
    """Somebody around a person: by name, without a number or anything on health (Wmo 2015 art. 5.1.1 lid 2 and 3)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    gemeente = models.ForeignKey(Gemeente, models.PROTECT, related_name="+")
    case = models.ForeignKey(Case, models.PROTECT, related_name="%(class)s_set")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")  # around whom
    name = models.CharField(max_length=200)
    phone = models.CharField(max_length=20, blank=True)
    email = models.EmailField(blank=True)
    since = models.DateField()
    until = models.DateField(null=True, blank=True)
    recorded_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    version = models.PositiveIntegerField(default=1)

    class Meta:
        abstract = True
        ordering = ["since", "pk"]

    def __str__(self) -> str:
        return self.name


class Relation(Around):
    """Family of a person; of who brings up a child it is asked whether there is gezag (BW 1:245)."""

    kind = models.CharField(max_length=12, choices=RelationKind)
    gezag = models.CharField(max_length=10, choices=Gezag, blank=True)
    gezag_source = models.CharField(max_length=200, blank=True)
    gezag_checked_on = models.DateField(null=True, blank=True)
    address = models.TextField(blank=True)  # where a parent lives who does not live here

    history = HistoricalRecords(history_change_reason_field=models.TextField(null=True))

    class Meta(Around.Meta):
        abstract = False
        indexes = [models.Index(fields=["case", "person"], name="relations_of_person")]
        constraints = [
            models.CheckConstraint(name="relation_is_known", condition=Q(kind__in=RelationKind.values)),
            models.CheckConstraint(name="relation_period", condition=Q(until__gte=F("since"))),
            models.CheckConstraint(
                name="gezag_has_source_and_day",
                condition=~Q(gezag__in=[Gezag.JA, Gezag.NEE])
                | (~Q(gezag_source="") & Q(gezag_checked_on__isnull=False)),
            ),
        ]


class Representation(Around):
    """Who acts for a person, on what ground, for what and until when; without proof it is registered and marked."""

    kind = models.CharField(max_length=14, choices=RepresentationKind)
    scope = models.CharField(max_length=10, choices=RepresentationScope)
    organisation = models.CharField(max_length=200, blank=True)
    proof = models.CharField(max_length=300, blank=True)
    proof_seen_on = models.DateField(null=True, blank=True)
    address = models.TextField(blank=True)

    history = HistoricalRecords(history_change_reason_field=models.TextField(null=True))

    class Meta(Around.Meta):
        abstract = False
        indexes = [models.Index(fields=["case", "person"], name="representations_of_person")]
        constraints = [
            models.CheckConstraint(name="representation_is_known", condition=Q(kind__in=RepresentationKind.values)),
            models.CheckConstraint(name="representation_period", condition=Q(until__gte=F("since"))),
            models.CheckConstraint(name="proof_has_words", condition=Q(proof_seen_on__isnull=True) | ~Q(proof="")),
        ]

    @property
    def proven(self) -> bool:
        """Whether somebody saw the proof."""
        return self.proof_seen_on is not None


class NetworkMember(Around):
    """Somebody who helps: what, how often, until when, and who told us."""

    does = models.TextField()
    how_often = models.CharField(max_length=100, blank=True)
    told_by = models.CharField(max_length=200)

    history = HistoricalRecords(history_change_reason_field=models.TextField(null=True))

    class Meta(Around.Meta):
        abstract = False
        indexes = [models.Index(fields=["case", "person"], name="network_of_person")]
        constraints = [models.CheckConstraint(name="network_period", condition=Q(until__gte=F("since")))]
