"""The case of a household and the hulpvragen that the law sees."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from django.contrib.postgres.functions import TransactionNow
from django.db import models
from django.db.models import Q
from simple_history.models import HistoricalRecords

from casework.enums import CaseStatus, GrantKind, HulpvraagStatus, Law, Reaction, Referrer, Route
from casework.flow import CaseFlow, HulpvraagFlow
from casework.models.people import Household, Person
from casework.models.reference import OnderzoekPart
from casework.querysets import CaseQuerySet
from toegang.accounts.models import Gemeente, Team, User, Wijk

if TYPE_CHECKING:
    from django.db.models import QuerySet


class Case(CaseFlow):
    """One household's journey. Steps: casework.services (and plans, decisions); scope: visible_to."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    gemeente = models.ForeignKey(Gemeente, models.PROTECT, related_name="+")
    team = models.ForeignKey(Team, models.PROTECT, related_name="+")
    wijk = models.ForeignKey(Wijk, models.PROTECT, null=True, blank=True, related_name="+")
    household = models.ForeignKey(Household, models.PROTECT, related_name="cases")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")  # whose name the case bears
    reference = models.CharField(max_length=20)
    shielded = models.BooleanField(default=False)
    urgent = models.BooleanField(default=False, db_default=False)  # a melding said that it cannot wait
    has_safety = models.BooleanField(default=False)  # casework.services.safety; what there is, it does not tell
    opened_on = models.DateField()
    version = models.PositiveIntegerField(default=1)

    objects = CaseQuerySet.as_manager()
    history = HistoricalRecords(history_change_reason_field=models.TextField(null=True))

    class Meta:
        permissions = [
            ("handle_case", "Mag de zaak behandelen"),
            ("view_safety", "Mag het veiligheidsdossier zien"),
        ]
        constraints = [
            models.UniqueConstraint("gemeente", "reference", name="case_reference_once"),
            models.UniqueConstraint(
                "household", name="one_open_case_per_household", condition=~Q(status=CaseStatus.AFGESLOTEN)
            ),
            models.CheckConstraint(name="case_status_known", condition=Q(status__in=CaseStatus.values)),
            models.CheckConstraint(
                name="closed_has_date_and_reason",
                condition=~Q(status=CaseStatus.AFGESLOTEN) | (Q(closed_on__isnull=False) & ~Q(close_reason="")),
            ),
        ]
        indexes = [
            models.Index(fields=["team", "-opened_on"], name="case_of_team"),
            models.Index(fields=["gemeente", "status"], name="case_of_gemeente"),
            models.Index(fields=["gemeente", "closed_on"], name="case_closed", condition=Q(closed_on__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"{self.reference} {self.person}"

    def case_key(self) -> uuid.UUID:
        """A case belongs to itself."""
        return self.pk

    def contactpersoon(self) -> User | None:
        """The one contactpersoon of this moment, by the grants."""
        grant = self.grants.valid_now().filter(kind=GrantKind.CONTACTPERSOON).select_related("user").first()
        return grant.user if grant else None


class Melding(models.Model):
    """A report of a need, form-free, by the inwoner or somebody else (Wmo 2015 art. 2.3.2 lid 1)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    gemeente = models.ForeignKey(Gemeente, models.PROTECT, related_name="+")
    case = models.ForeignKey(Case, models.PROTECT, related_name="meldingen")
    person = models.ForeignKey(Person, models.PROTECT, related_name="meldingen")
    received_on = models.DateField()
    route = models.CharField(max_length=12, choices=Route)
    reporter_name = models.CharField(max_length=150, blank=True)
    reporter_capacity = models.CharField(max_length=100, blank=True)
    reporter_contact = models.CharField(max_length=100, blank=True, db_default="")
    words = models.TextField()
    urgent = models.BooleanField(default=False)
    knew_way = models.BooleanField(null=True, blank=True)  # "Wist u waar u moest zijn?"
    came_by = models.CharField(max_length=200, blank=True)  # "Via wie kwam u hier?", a reason of kind meldingsroute
    linked_to = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="linked")
    registered_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    registered_at = models.DateTimeField(db_default=TransactionNow())

    class Meta:
        indexes = [
            models.Index(fields=["gemeente", "received_on"], name="melding_came", condition=Q(linked_to__isnull=True)),
        ]

    def __str__(self) -> str:
        return f"Melding van {self.received_on}"

    @property
    def receivers(self) -> list[str]:
        """Who may be told how it goes, with the yes of the inwoner: who made it for another, and who referred."""
        reporter = f"{self.reporter_name} ({self.reporter_capacity})" if self.reporter_name else ""
        referred = [
            f"{hulpvraag.referrer_name or 'verwijzer'} ({hulpvraag.get_referrer_display().lower()})"
            for hulpvraag in self.hulpvragen.all()
            if hulpvraag.referrer
        ]
        return list(dict.fromkeys(name for name in (reporter, *referred) if name))


class Hulpvraag(HulpvraagFlow):
    """One need of one person under one law: its own dates, onderzoek, aanvraag, terms and decision."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    gemeente = models.ForeignKey(Gemeente, models.PROTECT, related_name="+")
    case = models.ForeignKey(Case, models.PROTECT, related_name="hulpvragen")
    person = models.ForeignKey(Person, models.PROTECT, related_name="hulpvragen")
    melding = models.ForeignKey(Melding, models.PROTECT, related_name="hulpvragen")
    law = models.CharField(max_length=10, choices=Law)
    need = models.TextField()
    melding_on = models.DateField()
    referrer = models.CharField(max_length=12, choices=Referrer, blank=True)
    referrer_name = models.CharField(max_length=150, blank=True)
    reaction = models.CharField(max_length=12, choices=Reaction, blank=True)
    reaction_on = models.DateField(null=True, blank=True)
    reaction_text = models.TextField(blank=True)
    expert_name = models.CharField(max_length=150, blank=True)
    expert_discipline = models.CharField(max_length=100, blank=True)
    expert_registration = models.CharField(max_length=50, blank=True)
    version = models.PositiveIntegerField(default=1)

    history = HistoricalRecords(history_change_reason_field=models.TextField(null=True))

    class Meta:
        ordering = ["melding_on", "law", "id"]
        constraints = [
            models.CheckConstraint(name="hulpvraag_status_known", condition=Q(status__in=HulpvraagStatus.values)),
            models.CheckConstraint(
                name="decided_has_date",
                condition=~Q(status__in=[HulpvraagStatus.BESLOTEN, HulpvraagStatus.LOOPT])
                | Q(besluit_sent_on__isnull=False)
                | ~Q(referrer=""),
            ),
        ]
        indexes = [models.Index(fields=["case"], name="hulpvraag_of_case")]

    def __str__(self) -> str:
        return f"{self.get_law_display()}, {self.person}"

    def is_investigated(self) -> bool:
        """Whether the onderzoek may still be written: an aanvraag that came first does not stop it."""
        running = self.status in {HulpvraagStatus.ONDERZOEK, HulpvraagStatus.AANVRAAG}
        return running and self.verslag_sent_on is None and not self.referrer

    def parts(self) -> QuerySet[OnderzoekPart]:
        """The parts of the onderzoek of this law as they were on the day of the melding."""
        return OnderzoekPart.objects.valid_on(self.melding_on).filter(law=self.law).order_by("order")


class Deadline(models.Model):
    """A term of one hulpvraag: computed by its rule, recomputed, never typed; history keeps each cause."""

    gemeente = models.ForeignKey(Gemeente, models.PROTECT, related_name="+")
    case = models.ForeignKey(Case, models.PROTECT, related_name="deadlines")
    hulpvraag = models.ForeignKey(Hulpvraag, models.PROTECT, related_name="deadlines")
    key = models.CharField(max_length=40)
    starts_on = models.DateField()
    due_on = models.DateField()
    met_on = models.DateField(null=True, blank=True)
    cause = models.CharField(max_length=200)

    history = HistoricalRecords(history_change_reason_field=models.TextField(null=True))

    class Meta:
        constraints = [models.UniqueConstraint("hulpvraag", "key", name="one_deadline_per_key")]
        indexes = [
            models.Index(fields=["case", "due_on"], name="open_deadline", condition=Q(met_on__isnull=True)),
            models.Index(fields=["gemeente", "key", "due_on"], name="deadline_ended", include=["met_on"]),
        ]

    def __str__(self) -> str:
        return f"{self.key}: {self.due_on}"
