"""Grants: the one truth of who holds what on a case, and the view that django-guardian reads."""

from __future__ import annotations

from uuid import UUID

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateTimeRangeField, RangeOperators
from django.contrib.postgres.functions import TransactionNow
from django.db import models
from django.db.models import F, Func, Q, Value
from django.db.models.functions import Coalesce
from guardian.models import UserObjectPermissionBase

from casework.enums import LIMITED_KINDS, PARTNER_PARTS, RESIDENT_KINDS, RESIDENT_PARTS, GrantKind, GrantPart
from casework.models.case import Case
from casework.models.people import Person
from casework.querysets import GrantQuerySet
from toegang.accounts.models import Absence, Gemeente, User


class Grant(models.Model):
    """Who holds what on a case, why, from whom, in which period; ended, never deleted (casework.services.grants)."""

    gemeente = models.ForeignKey(Gemeente, models.PROTECT, related_name="+")
    case = models.ForeignKey(Case, models.PROTECT, related_name="grants")
    user = models.ForeignKey(User, models.PROTECT, related_name="grants")
    user_kind = models.CharField(max_length=12)
    kind = models.CharField(max_length=20, choices=GrantKind)
    reason = models.TextField()
    granted_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    validity = DateTimeRangeField()
    parts = ArrayField(models.CharField(max_length=14, choices=GrantPart), default=list)
    person = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")  # whose parts these are
    absence = models.ForeignKey(Absence, models.PROTECT, null=True, blank=True, related_name="+")  # of whom this covers

    objects = GrantQuerySet.as_manager()

    class Meta:
        constraints = [
            ExclusionConstraint(
                name="one_contactpersoon",
                expressions=[("case", RangeOperators.EQUAL), ("validity", RangeOperators.OVERLAPS)],
                condition=Q(kind=GrantKind.CONTACTPERSOON),
            ),
            ExclusionConstraint(
                name="no_double_grant",
                expressions=[
                    ("case", RangeOperators.EQUAL),
                    ("user", RangeOperators.EQUAL),
                    ("kind", RangeOperators.EQUAL),
                    (Coalesce(F("person"), Value(UUID(int=0), models.UUIDField())), RangeOperators.EQUAL),
                    ("validity", RangeOperators.OVERLAPS),
                ],
            ),
            models.CheckConstraint(
                name="grant_not_empty",
                condition=~Q(Func(F("validity"), function="isempty", output_field=models.BooleanField())),
            ),
            models.CheckConstraint(
                name="grant_fits_the_user_kind",
                condition=Q(user_kind="inwoner", kind__in=sorted(RESIDENT_KINDS))
                | (Q(user_kind="medewerker") & ~Q(kind__in=sorted(RESIDENT_KINDS))),
            ),
            models.CheckConstraint(
                name="grant_has_its_parts",
                condition=Q(kind__in=sorted(LIMITED_KINDS), parts__len__gt=0, parts__contained_by=list(RESIDENT_PARTS))
                | Q(kind=GrantKind.KETENPARTNER, parts__len=1, parts__contained_by=list(PARTNER_PARTS))
                | (~Q(kind__in=[*sorted(LIMITED_KINDS), GrantKind.KETENPARTNER]) & Q(parts=[])),
            ),
            models.CheckConstraint(
                name="limited_grant_is_about_a_person",
                condition=Q(kind__in=sorted(LIMITED_KINDS), person__isnull=False)
                | (~Q(kind__in=sorted(LIMITED_KINDS)) & Q(person=None)),
            ),
            models.CheckConstraint(
                name="cover_is_of_an_absence", condition=Q(absence=None) | Q(kind=GrantKind.VERVANGER)
            ),
            models.CheckConstraint(
                name="passing_grant_has_an_end",
                condition=~Q(kind__in=[GrantKind.NOODTOEGANG, GrantKind.KETENPARTNER]) | Q(validity__upper_inf=False),
            ),
        ]
        indexes = [models.Index(fields=["user", "case"], name="grant_of_user")]

    def __str__(self) -> str:
        return f"{self.user}: {self.kind}"


class Handover(models.Model):
    """One hand-over of a case: from whom to whom, why, and what the new contactpersoon must know."""

    gemeente = models.ForeignKey(Gemeente, models.PROTECT, related_name="+")
    case = models.ForeignKey(Case, models.PROTECT, related_name="handovers")
    former = models.ForeignKey(User, models.PROTECT, related_name="+")
    receiver = models.ForeignKey(User, models.PROTECT, related_name="+")
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    reason = models.TextField()
    note = models.TextField(blank=True)
    on = models.DateField()
    at = models.DateTimeField(db_default=TransactionNow())

    class Meta:
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["case", "-at"], name="handover_of_case")]

    def __str__(self) -> str:
        return f"{self.former} → {self.receiver}"


class Assignment(models.Model):
    """A case that was given to a colleague, and the answer: taken, or given back with a reason."""

    gemeente = models.ForeignKey(Gemeente, models.PROTECT, related_name="+")
    case = models.ForeignKey(Case, models.PROTECT, related_name="assignments")
    user = models.ForeignKey(User, models.PROTECT, related_name="+")
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    on = models.DateField()
    answered_on = models.DateField(null=True, blank=True)
    accepted = models.BooleanField(null=True, blank=True)
    reason = models.TextField(blank=True)

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint("case", name="one_open_assignment", condition=Q(answered_on__isnull=True)),
            models.CheckConstraint(
                name="answer_has_a_day_and_a_no_a_reason",
                condition=Q(answered_on__isnull=True, accepted__isnull=True, reason="")
                | Q(answered_on__isnull=False, accepted=True, reason="")
                | (Q(answered_on__isnull=False, accepted=False) & ~Q(reason="")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case} aan {self.user}"


class CasePermission(UserObjectPermissionBase):
    """What guardian reads: a view on the grants that are valid now, times the permissions of their kind."""

    content_object = models.ForeignKey(Case, models.DO_NOTHING)

    class Meta(UserObjectPermissionBase.Meta):
        managed = False
        db_table = "casework_case_permission"
        unique_together = ()
