"""The lives of a plan and of an evaluation. Bodies assign own fields only."""

from __future__ import annotations

from datetime import date
from functools import partial

from django.db import models
from django_fsm import FSMField

from plans import permissions, rules
from plans.enums import Agreement, EvaluatieStatus, PlanStatus
from toegang.core.lifecycle import Life, step

P = PlanStatus
E = EvaluatieStatus


_step = partial(step, permission=permissions.may_handle)


class PlanFlow(Life):
    """One version of the plan."""

    status = FSMField(default=P.CONCEPT, choices=P.choices, protected=True)
    shared_on = models.DateField(null=True, blank=True)
    reminded_on = models.DateField(null=True, blank=True)
    agreement = models.CharField(max_length=15, choices=Agreement, blank=True)
    agreed_on = models.DateField(null=True, blank=True)
    agreed_by = models.CharField(max_length=150, blank=True)
    heard_by = models.CharField(max_length=150, blank=True)
    inwoner_words = models.TextField(blank=True)

    class Meta:
        abstract = True

    @_step("Plan gedeeld", P.CONCEPT, P.GEDEELD, rules.ready_to_share)
    def share(self, *, on: date) -> None:
        """The inwoner can read and answer."""
        self.shared_on = on

    @_step("Plan weer aangepast", P.GEDEELD, P.CONCEPT)
    def take_back(self) -> None:
        """The inwoner wants a change."""
        self.shared_on = self.reminded_on = None

    @_step("Herinnering aan het plan", P.GEDEELD, None)
    def remind(self, *, on: date) -> None:
        """A reminder comes before 'no reply'."""
        self.reminded_on = on

    @_step("Antwoord op het plan", P.GEDEELD, P.AKKOORD, rules.ready_to_share, rules.answered)
    def agree(self, *, on: date, agreed_by: str) -> None:
        """In whole, in part, 'ik zie het anders', orally, or no reply after a reminder."""
        self.agreed_on, self.agreed_by = on, agreed_by

    @_step("Plan vervangen", [P.CONCEPT, P.GEDEELD, P.AKKOORD], P.VERVANGEN)
    def replace(self) -> None:
        """A new version takes its place; this one stays readable."""


class EvaluatieFlow(Life):
    """An evaluation, planned from day one."""

    status = FSMField(default=E.GEPLAND, choices=E.choices, protected=True)
    reminded_on = models.DateField(null=True, blank=True)
    held_on = models.DateField(null=True, blank=True)
    finished_on = models.DateField(null=True, blank=True)

    class Meta:
        abstract = True

    @_step("Herinnering evaluatie", E.GEPLAND, E.GEVRAAGD, permission=permissions.may_handle_or_system)
    def remind(self, *, on: date) -> None:
        """The contactpersoon is told that it is due."""
        self.reminded_on = on

    @_step("Evaluatie gevoerd", [E.GEPLAND, E.GEVRAAGD], E.GEVOERD, rules.talk_recorded)
    def hold(self, *, on: date) -> None:
        """Inwoner and professional looked back."""
        self.held_on = on

    @_step("Evaluatie afgerond", E.GEVOERD, E.AFGEROND)
    def finish(self, *, on: date) -> None:
        """What follows is decided."""
        self.finished_on = on
