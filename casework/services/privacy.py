"""Requests about the own data: registered on their day, answered within the term, told by letter (AVG art. 12)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import models, transaction

from casework.enums import PRIVACY_ENDED, Asker, PrivacyKind, PrivacyOutcome
from casework.models import Case, Hulpvraag, Letter, Person, PrivacyRequest, RestrictedUse, Statement
from casework.services.letters import order_letter
from toegang.accounts.models import User
from toegang.core.access import Actor
from toegang.core.lifecycle import Blocked, carry_out, lock
from toegang.core.records import keep, take_version
from toegang.core.terms import due_on, extended_due_on

TERM, EXTENSION = "avg_verzoek", "avg_verlenging"


@dataclass(frozen=True)
class RequestFacts:
    """A request as it came in."""

    person: Person
    kind: str
    received_on: date
    route: str
    words: str
    asker: str = Asker.ZELF
    asker_name: str = ""
    subject: str = ""
    hulpvraag: Hulpvraag | None = None


@transaction.atomic
def register_request(*, case_id: UUID | str, facts: RequestFacts, actor: Actor) -> PrivacyRequest:
    """Register a request on its day, whatever the state of the case; the term runs from the receipt.

    Who sees the case may register; an inwoner only for the own person. The same open request of the same day, with
    the same words, is one request.
    """
    case = lock(Case, case_id)
    _may_register(case, facts, actor)
    if facts.received_on > actor.today:
        raise Blocked(["De datum van het verzoek ligt in de toekomst."])
    if facts.kind == PrivacyKind.CORRECTIE and not (facts.words.strip() and facts.subject):
        raise Blocked(["Schrijf op wat er niet klopt, en waar dat staat."])
    if same := _same_request(case, facts):
        return same
    request = PrivacyRequest(
        gemeente_id=case.gemeente_id,
        case=case,
        due_on=due_on(TERM, facts.received_on),
        registered_by_id=actor.user_id,
        **vars(facts),
    )
    keep(request, by=actor, what=f"Verzoek ontvangen: {request.get_kind_display()}")
    return request


def _may_register(case: Case, facts: RequestFacts, actor: Actor) -> None:
    seen = Case.objects.visible_to(actor).filter(pk=case.pk).exists()
    about = people_with_a_question(case).filter(pk=facts.person.pk)
    about = about.filter(user_id=actor.user_id) if actor.kind == "inwoner" else about
    if not (seen and about.exists()):
        raise PermissionDenied("Dit verzoek kunt u hier niet vastleggen.")


def people_with_a_question(case: Case) -> models.QuerySet[Person]:
    """The people who have a hulpvraag in this case: whose data it holds."""
    return Person.objects.filter(pk__in=case.hulpvragen.values("person_id")).order_by("given_names", "pk")


def _same_request(case: Case, facts: RequestFacts) -> PrivacyRequest | None:
    same = case.privacy_requests.exclude(status__in=PRIVACY_ENDED)
    return same.filter(**vars(facts)).first()


def locked_request(request_id: UUID | str, version: int) -> PrivacyRequest:
    """The request of a form, locked; raises Stale when somebody else wrote since the form was opened."""
    request = lock(PrivacyRequest, request_id)
    take_version(request, version)
    return request


@transaction.atomic
def take_up(*, request_id: UUID | str, version: int, identity: str, weighing: str = "", actor: Actor) -> PrivacyRequest:
    """Begin: who asks is known (AVG art. 12 lid 6), and a representative may ask this (Wmo 2015 art. 5.3.2)."""
    request = locked_request(request_id, version)
    request.identity, request.weighing = identity, weighing
    carry_out(request, "take_up", by=actor)
    return request


@transaction.atomic
def prolong(*, request_id: UUID | str, version: int, reason: str, actor: Actor) -> PrivacyRequest:
    """Make the term two months longer, once, and tell it with the reason before the first month is over."""
    request = locked_request(request_id, version)
    if actor.today > request.due_on:
        raise Blocked(["De termijn is al voorbij. Verlengen kan alleen in de eerste maand."])
    until = extended_due_on(TERM, EXTENSION, request.received_on)
    carry_out(request, "prolong", by=actor, on=actor.today, why=reason, due_on=until)
    request.notice = _tell(request, "avg_verlenging", "Ons antwoord over uw gegevens duurt langer", actor)
    keep(request, by=actor, what="Bericht over de verlenging besteld")
    return request


@transaction.atomic
def reject(*, request_id: UUID | str, version: int, ground: str, explanation: str, actor: Actor) -> PrivacyRequest:
    """Refuse with the ground, in a letter that says how to object (AVG art. 12 lid 4; UAVG art. 34)."""
    request = locked_request(request_id, version)
    carry_out(request, "reject", by=actor, on=actor.today, ground=ground, explanation=explanation)
    return answer(request, actor)


@transaction.atomic
def settle_correction(
    *, request_id: UUID | str, version: int, outcome: str, explanation: str, actor: Actor
) -> PrivacyRequest:
    """End a correction: the inwoner's words are added as a statement, or the fact was changed in the ordinary way."""
    request = locked_request(request_id, version)
    carry_out(request, "settle", by=actor, on=actor.today, outcome=outcome, explanation=explanation)
    if outcome == PrivacyOutcome.VERKLARING:
        statement = Statement(
            gemeente_id=request.gemeente_id,
            case_id=request.case_id,
            person=request.person,
            request=request,
            subject=request.subject,
            hulpvraag=request.hulpvraag,
            text=request.words,
            on=request.received_on,
        )
        keep(statement, by=actor, what="Verklaring van de inwoner toegevoegd")
    return answer(request, actor)


@transaction.atomic
def restrict(*, request_id: UUID | str, version: int, explanation: str, actor: Actor) -> PrivacyRequest:
    """Restrict the use of the case from now on (AVG art. 18)."""
    request = locked_request(request_id, version)
    carry_out(request, "restrict", by=actor, on=actor.today, explanation=explanation)
    return answer(request, actor)


@transaction.atomic
def lift_restriction(*, request_id: UUID | str, version: int, reason: str, actor: Actor) -> PrivacyRequest:
    """End a restriction; the reason says how the inwoner was told before (AVG art. 18 lid 3)."""
    request = locked_request(request_id, version)
    carry_out(request, "lift", by=actor, on=actor.today, why=reason)
    return request


def answer(request: PrivacyRequest, actor: Actor) -> PrivacyRequest:
    """Order the letter that answers; nobody writes to the deceased."""
    request.answer = _tell(request, "avg_antwoord", "Antwoord op uw verzoek over uw gegevens", actor)
    keep(request, by=actor, what="Antwoord besteld")
    return request


def _tell(request: PrivacyRequest, kind: str, subject: str, actor: Actor) -> Letter | None:
    if request.person.deceased is not None:
        return None
    return order_letter(kind=kind, case=request.case, addressee=request.person, subject=subject, by=actor)


@transaction.atomic
def record_use(*, case: Case, ground: str, reason: str, what: str, actor: Actor) -> RestrictedUse:
    """Write down on which ground restricted data are used (AVG art. 18 lid 2)."""
    if actor.user is None:
        raise PermissionDenied("Dit kan alleen een medewerker vastleggen.")
    user = User.objects.get(pk=actor.user_id)
    use = RestrictedUse(gemeente_id=case.gemeente_id, case=case, ground=ground, reason=reason, what=what[:200], by=user)
    keep(use, by=actor, what=f"Gebruik ondanks beperking: {use.get_ground_display()}", reason=reason)
    return use
