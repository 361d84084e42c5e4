"""The conversation, the leefgebieden and the onderzoek."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q
from simple_history.models import HistoricalRecords

from casework.enums import FirstWay, Safe, TalkForm, TalkOutcome
from casework.models.case import Case, Hulpvraag
from casework.models.reference import Leefgebied, OnderzoekPart
from toegang.accounts.models import Gemeente, User


class Talk(models.Model):
    """A conversation, planned or held, in any form."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    gemeente = models.ForeignKey(Gemeente, models.PROTECT, related_name="+")
    case = models.ForeignKey(Case, models.PROTECT, related_name="talks")
    form = models.CharField(max_length=12, choices=TalkForm)
    planned_at = models.DateTimeField(null=True, blank=True)
    place = models.CharField(max_length=200, blank=True)
    outcome = models.CharField(max_length=20, choices=TalkOutcome, default=TalkOutcome.GEPLAND)
    held_on = models.DateField(null=True, blank=True)
    present = models.CharField(max_length=300, blank=True)
    summary = models.TextField(blank=True)

    history = HistoricalRecords(history_change_reason_field=models.TextField(null=True))

    class Meta:
        ordering = ["planned_at", "id"]
        constraints = [
            models.UniqueConstraint("case", name="one_planned_talk", condition=Q(outcome=TalkOutcome.GEPLAND)),
        ]

    def __str__(self) -> str:
        return f"{self.get_form_display()} ({self.get_outcome_display()})"


class FirstCall(models.Model):
    """The first call after a melding: what is going on, what somebody wants, and how it goes on. Written once.

    What the worry about safety is, stands in the veiligheidsdossier; here only whether there is one.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    gemeente = models.ForeignKey(Gemeente, models.PROTECT, related_name="+")
    case = models.ForeignKey(Case, models.PROTECT, related_name="first_calls")
    called_on = models.DateField()
    spoke_with = models.CharField(max_length=150)
    what = models.TextField()
    wants = models.TextField()
    urgent = models.BooleanField()
    safe = models.CharField(max_length=4, choices=Safe)
    agreed = models.TextField()
    way = models.CharField(max_length=12, choices=FirstWay)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-called_on", "pk"]

    def __str__(self) -> str:
        return f"Eerste telefoongesprek ({self.get_way_display()})"


class LeefgebiedNote(models.Model):
    """What was said of one leefgebied: does it matter here, why, and in the inwoner's words."""

    gemeente = models.ForeignKey(Gemeente, models.PROTECT, related_name="+")
    case = models.ForeignKey(Case, models.PROTECT, related_name="leefgebied_notes")
    leefgebied = models.ForeignKey(Leefgebied, models.PROTECT)
    relevant = models.BooleanField(null=True)
    why = models.TextField(blank=True)
    situation = models.TextField(blank=True)
    version = models.PositiveIntegerField(default=1)

    history = HistoricalRecords(history_change_reason_field=models.TextField(null=True))

    class Meta:
        ordering = ["leefgebied__order"]
        constraints = [models.UniqueConstraint("case", "leefgebied", name="one_note_per_leefgebied")]

    def __str__(self) -> str:
        return str(self.leefgebied)


class OnderzoekAnswer(models.Model):
    """The answer to one part of the onderzoek; 'niet van toepassing' also asks for words."""

    gemeente = models.ForeignKey(Gemeente, models.PROTECT, related_name="+")
    case = models.ForeignKey(Case, models.PROTECT, related_name="onderzoek_answers")
    hulpvraag = models.ForeignKey(Hulpvraag, models.PROTECT, related_name="onderzoek_answers")
    part = models.ForeignKey(OnderzoekPart, models.PROTECT)
    not_applicable = models.BooleanField(default=False)
    text = models.TextField(blank=True)

    history = HistoricalRecords(history_change_reason_field=models.TextField(null=True))

    class Meta:
        ordering = ["part__order"]
        constraints = [models.UniqueConstraint("hulpvraag", "part", name="one_answer_per_part")]

    def __str__(self) -> str:
        return str(self.part)
