"""The life of a spoedbesluit. Bodies assign own fields only."""

from __future__ import annotations

from datetime import date

from django.db import models
from django_fsm import FSMField

from decisions import permissions, rules
from decisions.enums import UrgentStatus
from toegang.core.lifecycle import Life, step

U = UrgentStatus


class UrgentFlow(Life):
    """One mandated person decides, another one tests it afterwards."""

    status = FSMField(default=U.GENOMEN, choices=U.choices, protected=True)
    number = models.CharField(max_length=30, blank=True)
    sent_on = models.DateField(null=True, blank=True)
    bezwaar_until = models.DateField(null=True, blank=True)
    tested_on = models.DateField(null=True, blank=True)
    agrees = models.BooleanField(null=True, blank=True)
    remarks = models.TextField(blank=True)

    class Meta:
        abstract = True

    @step("Spoedbesluit genomen", U.GENOMEN, U.IN_VERZENDING, permission=permissions.may_decide_urgently)
    def issue(self, *, number: str) -> None:
        """The number is taken and the letter ordered in one transaction."""
        self.number = number

    @step(
        "Spoedbesluit verzonden",
        U.IN_VERZENDING,
        U.VERZONDEN,
        rules.stored,
        permission=permissions.is_system,
    )
    def mark_sent(self, *, on: date, bezwaar_until: date) -> None:
        """Placed in the portaal, or posted (Awb art. 3:41)."""
        self.sent_on, self.bezwaar_until = on, bezwaar_until

    @step(
        "Spoedbesluit getoetst",
        [U.IN_VERZENDING, U.VERZONDEN],
        None,
        rules.not_tested_yet,
        permission=permissions.may_test_urgent,
    )
    def test(self, *, on: date, agrees: bool, remarks: str) -> None:
        """Four eyes, within the days of the term spoed_toets."""
        self.tested_on, self.agrees, self.remarks = on, agrees, remarks
