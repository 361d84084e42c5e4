"""The life of a signal about somebody who did not ask. Bodies assign own fields only.

No case and no term come of it before the person says yes, or safety asks it.
"""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import Any
from uuid import UUID

from django.db import models
from django_fsm import FSMField

from casework import permissions, rules
from casework.enums import OPEN_SIGNALS, SignalStatus
from toegang.core.lifecycle import Life, step

S = SignalStatus
OPEN = list(OPEN_SIGNALS)
_step = partial(step, permission=permissions.works_in_team_of)


class SignalFlow(Life):
    """From received, over contact that is sought, to one of four ends; from two of these back again."""

    status = FSMField(default=S.ONTVANGEN, choices=S.choices, protected=True, db_index=True)

    review_on = models.DateField()
    ground = models.CharField(max_length=200)  # why it may be kept although the person does not know (AVG art. 6)
    ended_on = models.DateField(null=True, blank=True)
    end_reason = models.TextField(blank=True)
    handed_to = models.CharField(max_length=200, blank=True)
    handed_contact = models.CharField(max_length=200, blank=True)
    answer_due_on = models.DateField(null=True, blank=True)
    answered_on = models.DateField(null=True, blank=True)
    answer = models.TextField(blank=True)

    class Meta:
        abstract = True

    @_step("Signaal opgepakt", OPEN, None)
    def take_up(self, *, handler: Any) -> None:
        """One colleague says: I do this."""
        self.handler_id = handler

    @_step("Signaal naar een ander team", OPEN, None)
    def move(self, *, team_id: int) -> None:
        """Another team of the gemeente follows it; who followed it here, does so no more."""
        self.team_id, self.handler_id = team_id, None

    @_step("Contact gezocht", OPEN, S.CONTACT)
    def seek_contact(self) -> None:
        """One more attempt on the trail."""

    @_step("Signaal herbeoordeeld", OPEN, None)
    def review(self, *, ground: str, review_on: date) -> None:
        """It may be kept longer, on this ground, until this day."""
        self.ground, self.review_on = ground, review_on

    @_step("Signaal is een melding geworden", OPEN, S.MELDING)
    def become_melding(self, *, on: date, case_id: UUID, why: str) -> None:
        """The person said yes, or safety asks it."""
        self.ended_on, self.case_id, self.end_reason = on, case_id, why

    @_step("Signaal samengevoegd met een zaak", OPEN, S.SAMENGEVOEGD)
    def join_case(self, *, on: date, case_id: UUID, why: str) -> None:
        """The household has a case: its contactpersoon goes on with it."""
        self.ended_on, self.case_id, self.end_reason = on, case_id, why

    @_step("Signaal samengevoegd met een eerder signaal", OPEN, S.SAMENGEVOEGD)
    def join_signal(self, *, on: date, signal_id: UUID) -> None:
        """The same person: the earlier signal goes on."""
        self.ended_on, self.linked_to_id = on, signal_id

    @_step("Signaal overgedragen", OPEN, S.OVERGEDRAGEN)
    def hand_over(self, *, on: date, to: str, contact: str, why: str, answer_due_on: date | None) -> None:
        """Another organisation goes on with it."""
        self.ended_on, self.handed_to, self.handed_contact = on, to, contact
        self.end_reason, self.answer_due_on = why, answer_due_on

    @_step("Uitkomst van de overdracht vastgelegd", S.OVERGEDRAGEN, None)
    def record_answer(self, *, on: date, answer: str) -> None:
        """What the other organisation did with it."""
        self.answered_on, self.answer = on, answer

    @_step("Signaal niet opgevolgd", OPEN, S.NIET_OPGEVOLGD)
    def drop(self, *, on: date, why: str) -> None:
        """Nothing is done with it, and that has a reason."""
        self.ended_on, self.end_reason = on, why

    @_step("Signaal losgemaakt", S.SAMENGEVOEGD, S.ONTVANGEN, rules.joined_a_signal)
    def split(self, *, review_on: date) -> None:
        """It is about somebody else than the earlier one."""
        self.linked_to_id, self.ended_on, self.review_on = None, None, review_on

    @_step("Signaal heropend", [S.OVERGEDRAGEN, S.NIET_OPGEVOLGD], S.CONTACT)
    def reopen(self, *, review_on: date) -> None:
        """A step back is always allowed."""
        self.review_on = review_on
        self.ended_on, self.end_reason, self.handed_to, self.handed_contact = None, "", "", ""
        self.answer_due_on, self.answered_on, self.answer = None, None, ""
