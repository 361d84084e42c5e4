"""The life of a beschikking. Bodies assign own fields only."""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import Any

from django.db import models
from django_fsm import FSMField

from decisions import permissions, rules
from decisions.enums import BeschikkingStatus
from toegang.core.lifecycle import Life, step

B = BeschikkingStatus
UNSENT = [B.CONCEPT, B.TER_TOETSING, B.VASTGESTELD]


_step = partial(step, permission=permissions.may_handle)


class BeschikkingFlow(Life):
    """From draft to sent; the day of dispatch is the day that counts (Awb art. 3:41, 6:8)."""

    status = FSMField(default=B.CONCEPT, choices=B.choices, protected=True)
    remarks = models.TextField(blank=True)
    approved_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, blank=True, related_name="+")
    approved_on = models.DateField(null=True, blank=True)
    number = models.CharField(max_length=30, blank=True)
    sent_on = models.DateField(null=True, blank=True)
    bezwaar_until = models.DateField(null=True, blank=True)

    class Meta:
        abstract = True

    @_step("Besluit naar de toetser", B.CONCEPT, B.TER_TOETSING, rules.ready_for_review)
    def submit(self) -> None:
        """Another person looks."""
        self.remarks = ""

    @_step(
        "Besluit terug met opmerkingen",
        B.TER_TOETSING,
        B.CONCEPT,
        rules.remarks_written,
        permission=permissions.may_review,
    )
    def send_back(self) -> None:
        """The toetser says what must change."""

    @_step(
        "Besluit vastgesteld",
        B.TER_TOETSING,
        B.VASTGESTELD,
        rules.ready_for_review,
        permission=permissions.may_review,
    )
    def approve(self, *, by_user: Any, on: date) -> None:
        """Four eyes: approved by another person than the drafter."""
        self.approved_by, self.approved_on = by_user, on

    @_step("Besluit wordt verzonden", B.VASTGESTELD, B.IN_VERZENDING, rules.ready_for_review, rules.ready_to_send)
    def issue(self, *, number: str) -> None:
        """The number is taken and the letter ordered in one transaction."""
        self.number = number

    @_step("Besluit verzonden", B.IN_VERZENDING, B.VERZONDEN, rules.stored, permission=permissions.is_system)
    def mark_sent(self, *, on: date, bezwaar_until: date) -> None:
        """Placed in the portaal, or posted."""
        self.sent_on, self.bezwaar_until = on, bezwaar_until

    @_step("Besluit vervallen", UNSENT, B.VERVALLEN)
    def drop(self) -> None:
        """An unsent decision is not needed any more."""
