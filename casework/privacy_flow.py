"""The life of a request about the own data (AVG art. 12, 15, 16 and 18). Bodies assign own fields only."""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import Any

from django.conf import settings
from django.db import models
from django_fsm import FSMField

from casework import permissions, rules
from casework.enums import PrivacyOutcome, PrivacyStatus
from toegang.core.lifecycle import Life, step

P = PrivacyStatus
OPEN = [P.ONTVANGEN, P.IN_BEHANDELING, P.CONTROLE]
_step = partial(step, permission=permissions.may_answer)


class PrivacyRequestFlow(Life):
    """From received to answered or refused; the term runs from the day of receipt and is made longer once at most."""

    status = FSMField(default=P.ONTVANGEN, choices=P.choices, protected=True)

    identity = models.CharField(max_length=200, blank=True)
    weighing = models.TextField(blank=True)
    extended_on = models.DateField(null=True, blank=True)
    extension_reason = models.TextField(blank=True)
    review = models.JSONField(default=dict, blank=True)  # {part: {"given", "ground", "others", "digest"}}
    reviewed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    looked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    looked_on = models.DateField(null=True, blank=True)
    outcome = models.CharField(max_length=12, choices=PrivacyOutcome, blank=True)
    ground = models.CharField(max_length=200, blank=True)
    explanation = models.TextField(blank=True)
    ended_on = models.DateField(null=True, blank=True)
    available_until = models.DateField(null=True, blank=True)
    restricted_on = models.DateField(null=True, blank=True)
    lifted_on = models.DateField(null=True, blank=True)
    lift_reason = models.TextField(blank=True)

    class Meta:
        abstract = True

    @_step("Verzoek in behandeling", P.ONTVANGEN, P.IN_BEHANDELING, rules.asker_is_known)
    def take_up(self) -> None:
        """Who asks is known, and may ask."""

    @_step("Termijn van het verzoek verlengd", OPEN, None, rules.not_yet_extended)
    def prolong(self, *, on: date, why: str, due_on: date) -> None:
        """Two months more, once, with the reason (AVG art. 12 lid 3)."""
        self.extended_on, self.extension_reason, self.due_on = on, why, due_on

    @_step("Verzoek afgewezen", OPEN, P.AFGEWEZEN)
    def reject(self, *, on: date, ground: str, explanation: str) -> None:
        """Not, or not to this person, with the ground (AVG art. 12 lid 4)."""
        self.ended_on, self.ground, self.explanation = on, ground, explanation

    @_step("Gegevens verzameld", P.IN_BEHANDELING, P.CONTROLE, rules.is_inzage, rules.may_be_shown)
    def prepare(self) -> None:
        """Part by part is now chosen what is given."""

    @_step("Keuzes nagekeken", P.CONTROLE, None, rules.reviewed, permission=permissions.may_look_again)
    def look_again(self, *, by_user: Any, on: date) -> None:
        """The second look at what is given and what is held back."""
        self.looked_by, self.looked_on = by_user, on

    @_step("Inzage vrijgegeven", P.CONTROLE, P.WORDT_GEMAAKT, rules.looked_twice)
    def release(self) -> None:
        """The worker makes the files."""

    @_step("Inzage terug naar de controle", P.WORDT_GEMAAKT, P.CONTROLE, permission=permissions.is_system)
    def return_to_review(self) -> None:
        """Something changed after the review: what was not looked at is never given."""
        self.looked_by = self.looked_on = None

    @_step("Inzage gegeven", P.WORDT_GEMAAKT, P.AFGEHANDELD, permission=permissions.is_system)
    def deliver(self, *, on: date, until: date) -> None:
        """The files are there for the inwoner, for a limited time."""
        self.outcome, self.ended_on, self.available_until = PrivacyOutcome.PAKKET, on, until

    @_step("Verzoek om verbetering afgehandeld", P.IN_BEHANDELING, P.AFGEHANDELD, rules.is_correctie)
    def settle(self, *, on: date, outcome: str, explanation: str) -> None:
        """The statement was added, or the fact was changed in the ordinary way."""
        self.ended_on, self.outcome, self.explanation = on, outcome, explanation

    @_step("Gebruik van de gegevens beperkt", P.IN_BEHANDELING, P.AFGEHANDELD, rules.is_beperking)
    def restrict(self, *, on: date, explanation: str) -> None:
        """From now on the data are kept, and used only on a ground that is written down (AVG art. 18 lid 2)."""
        self.ended_on, self.outcome, self.explanation = on, PrivacyOutcome.BEPERKT, explanation
        self.restricted_on = on

    @_step("Beperking opgeheven", P.AFGEHANDELD, None, rules.is_restricted)
    def lift(self, *, on: date, why: str) -> None:
        """The restriction ends; the inwoner is told before (AVG art. 18 lid 3)."""
        self.lifted_on, self.lift_reason = on, why
