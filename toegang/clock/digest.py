"""The mail that tells what waits: numbers only, once a day, never a name or a case."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.conf import settings
from django.urls import reverse

from casework.enums import CaseStatus
from casework.selectors import worklist_of
from casework.selectors.privacy import requests_to_answer
from decisions.enums import BeschikkingStatus
from decisions.models import Beschikking
from plans.enums import PlanStatus
from plans.models import Plan
from toegang.accounts.models import Digest, User
from toegang.core import mail, outbox
from toegang.core.access import Actor, acting_as
from toegang.core.models import OutboxRow
from toegang.core.workdays import is_closing_day, next_working_day

FROM_HOUR = 8
SUNDAY = 6
SUBJECT = "Uw werk in Toegang"


@dataclass(frozen=True)
class Counts:
    """What waits for one user today."""

    waiting: int
    late: int
    due_this_week: int
    to_review: int
    requests: int
    requests_late: int

    def sentences(self) -> list[str]:
        """Tell each number that is not zero."""
        told = (
            (self.waiting, "zaak wacht", "zaken wachten", "op een stap van u"),
            (self.late, "termijn is", "termijnen zijn", "al voorbij"),
            (self.due_this_week, "termijn loopt", "termijnen lopen", "deze week af"),
            (self.to_review, "besluit wacht", "besluiten wachten", "op uw toets"),
            (self.requests, "verzoek over gegevens wacht", "verzoeken over gegevens wachten", "op uw antwoord"),
            (self.requests_late, "verzoek over gegevens is", "verzoeken over gegevens zijn", "te laat"),
        )
        return [f"{n} {one if n == 1 else many} {rest}." for n, one, many, rest in told if n]


def put_digests(actor: Actor) -> None:
    """Put one piece of work for each user whose mail is due today, from 8 o'clock on workdays.

    The key holds user and day, so that a second clock, or a second tick, puts nothing.
    """
    if not settings.SENDS_MAIL or actor.now.hour < FROM_HOUR or is_closing_day(actor.today):
        return
    wanted = [Digest.DAGELIJKS, *([Digest.WEKELIJKS] if _first_workday(actor.today) else [])]
    users = User.objects.filter(kind=User.Kind.MEDEWERKER, is_active=True, digest__in=wanted).exclude(email="")
    keys = {f"overzicht:{pk}:{actor.today}": pk for pk in users.order_by("pk").values_list("pk", flat=True)}
    known = set(OutboxRow.objects.filter(key__in=keys).values_list("key", flat=True))
    for key in [key for key in keys if key not in known][: outbox.BATCH]:
        outbox.put("send_digest", key=key, case_id=None, gemeente_id=None, user_id=keys[key], on=str(actor.today))


def _first_workday(day: date) -> bool:
    """Whether this is the first workday of its week."""
    return day == next_working_day(day - timedelta(days=day.weekday()))


@outbox.handler("send_digest")
def send_digest(row: OutboxRow) -> None:
    """Count again and send; nothing to tell, another day or another choice since then is no mail."""
    user = User.objects.filter(pk=row.payload["user_id"], is_active=True).exclude(digest=Digest.NOOIT).first()
    if user is None or not user.email:
        return
    with acting_as(user, "overzichtsmail") as actor:
        told = counts_for(actor).sentences() if str(actor.today) == row.payload["on"] else []
    if told:
        mail.send(to=user.email, subject=SUBJECT, body=_text(told), key=row.key)


def counts_for(actor: Actor) -> Counts:
    """Count what waits for the actor; a case whose plan lies with the inwoner, or whose help runs, waits for nobody."""
    rows = worklist_of(actor)
    shared = Plan.objects.filter(case__in=[row.case.pk for row in rows], status=PlanStatus.GEDEELD)
    lies_with_inwoner = set(shared.values_list("case_id", flat=True))
    ours = [r for r in rows if r.case.status != CaseStatus.UITVOERING and r.case.pk not in lies_with_inwoner]
    days = [row.due.on for row in rows if row.due]
    asked = list(requests_to_answer(actor).values_list("due_on", flat=True))
    sunday = actor.today + timedelta(days=SUNDAY - actor.today.weekday())
    return Counts(
        waiting=len(ours),
        late=sum(day < actor.today for day in days),
        due_this_week=sum(actor.today <= day <= sunday for day in days),
        to_review=Beschikking.objects.filter(
            reviewer_id=actor.user_id, status=BeschikkingStatus.TER_TOETSING
        ).count(),
        requests=len(asked),
        requests_late=sum(day < actor.today for day in asked),
    )  # fmt: skip


def _text(told: list[str]) -> str:
    lines = [
        "Goedemorgen,",
        "",
        *told,
        "",
        f"Bekijk uw werk: {settings.SITE_ADDRESS}{reverse('home')}",
        "",
        "In deze e-mail staan geen namen en geen zaken. Wilt u deze e-mail niet meer?",
        f"Pas het aan bij Mijn instellingen: {settings.SITE_ADDRESS}{reverse('account_settings')}",
    ]
    return "\n".join(lines) + "\n"
