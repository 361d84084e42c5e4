"""From melding to a case with hulpvragen: registered on its day, never refused, linked when there is one already."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction

from casework import deadlines
from casework.enums import CaseStatus, HulpvraagStatus
from casework.models import Case, Household, Hulpvraag, Letter, Melding, Person
from casework.rules import ENDED
from casework.selectors.reports import report_gemeenten
from casework.services.deadlines import meet_deadline, set_deadline
from casework.services.handover import begin_contactpersoon
from casework.services.letters import after_sent, order_letter
from casework.services.people import (
    PersonFacts,
    find_or_add_person,
    grant_resident,
    household_of,
    join_household,
)
from toegang.accounts.models import User
from toegang.core import audit
from toegang.core.access import Actor
from toegang.core.lifecycle import Blocked, carry_out, lock
from toegang.core.numbers import next_number
from toegang.core.records import keep
from toegang.core.wall import beyond_scope

LONGEST_SAFE = 300  # signs, as the column


@dataclass(frozen=True)
class Question:
    """One hulpvraag of a melding; without `person` it is of the person of the melding."""

    law: str
    need: str
    person: PersonFacts | None = None
    referrer: str = ""
    referrer_name: str = ""
    known: UUID | None = None  # whom the actor took for the same as `person`


@dataclass(frozen=True)
class MeldingFacts:
    """A melding as it came in."""

    person: PersonFacts
    received_on: date
    route: str
    words: str
    questions: Sequence[Question]
    reporter_name: str = ""
    reporter_capacity: str = ""
    reporter_contact: str = ""
    urgent: bool = False
    knew_way: bool | None = None
    came_by: str = ""
    proven: bool = False  # `known` signed in with DigiD, or is represented by who did
    known: UUID | None = None  # whom the actor took for the same person


@dataclass(frozen=True)
class Registered:
    """What a melding led to."""

    case: Case
    melding: Melding
    hulpvragen: list[Hulpvraag] = field(default_factory=list)
    new_case: bool = True


@beyond_scope()  # the person may have a case with another team
def register_melding(
    *, actor: Actor, gemeente_id: int, team_id: int, facts: MeldingFacts, become_contactpersoon: bool = True
) -> Registered:
    """Register a melding (Wmo 2015 art. 2.3.2 lid 1; form-free) and confirm its receipt by letter.

    A household has one open case: a new question joins it. A second melding for the same person on the
    same day is linked to the first, and a question that is there already is not made twice.
    """
    if facts.received_on > actor.today:
        raise Blocked(["De datum van de melding ligt in de toekomst."])
    person = _person_of(gemeente_id, facts, actor)
    if person.deceased is not None:
        raise Blocked([f"{person.name} is volgens onze gegevens overleden. Controleer het nummer en de naam."])
    household = household_of(person=person, on=facts.received_on, by=actor, proven=facts.proven)
    case, new = _case_of(household, person, actor=actor, team_id=team_id, on=facts.received_on)
    melding = _melding(case, person, facts, actor)
    if facts.urgent and not case.urgent:
        case.urgent = True
        keep(case, by=actor, what="Spoed")
    hulpvragen = [
        hulpvraag
        for question in facts.questions
        if (hulpvraag := _add_hulpvraag(case, melding, person, question, actor)) is not None
    ]
    if new and become_contactpersoon and actor.user is not None:
        _first_contactpersoon(case, actor)
    return Registered(case, melding, hulpvragen, new)


def _person_of(gemeente_id: int, facts: MeldingFacts, actor: Actor) -> Person:
    if facts.proven:
        proven = Person.objects.present().filter(pk=facts.known, gemeente_id=gemeente_id).first()
        if proven is None:
            raise Blocked(["Deze inwoner hoort bij een andere gemeente. Kies de gemeente van de melding."])
        person: Person = proven
    else:
        person = find_or_add_person(gemeente_id=gemeente_id, facts=facts.person, by=actor, chosen=facts.known)
    _heed(person, facts.person, actor)
    return person


def _heed(person: Person, told: PersonFacts, actor: Actor) -> None:
    """What is safe and how to reach somebody is added to what is known, never taken away; before any letter goes."""
    before = (person.no_phone, person.no_post, person.safe_contact, person.phone)
    person.no_phone, person.no_post = person.no_phone or told.no_phone, person.no_post or told.no_post
    if told.safe_contact and told.safe_contact not in person.safe_contact:
        both = "; ".join(text for text in (person.safe_contact, told.safe_contact) if text)
        person.safe_contact = both[:LONGEST_SAFE]
    person.phone = person.phone or told.phone
    if before != (person.no_phone, person.no_post, person.safe_contact, person.phone):
        person.version += 1
        keep(person, by=actor, what="Contact en veilig contact aangevuld")


def report_as_partner(*, actor: Actor, gemeente_id: int, team_id: int, facts: MeldingFacts) -> Registered:
    """Register a melding of a ketenpartner, who may send them today; nobody is contactpersoon by that.

    Raises PermissionDenied without that right, Blocked when the team does not work for the gemeente.
    """
    may_report_to(actor, gemeente_id, team_id)
    return register_melding(
        actor=actor, gemeente_id=gemeente_id, team_id=team_id, facts=facts, become_contactpersoon=False
    )


def may_report_to(actor: Actor, gemeente_id: int, team_id: int) -> None:
    """Raise PermissionDenied for who may not send meldingen there, Blocked for a team of another gemeente."""
    gemeente = report_gemeenten(actor).filter(pk=gemeente_id).first()
    if gemeente is None:
        raise PermissionDenied("U kunt bij deze gemeente geen melding doen.")
    if not gemeente.teams.filter(pk=team_id).exists():
        raise Blocked(["Dit team werkt niet voor deze gemeente. Kies een ander team."])


def _case_of(household: Household, person: Person, *, actor: Actor, team_id: int, on: date) -> tuple[Case, bool]:
    Household.objects.select_for_update().get(pk=household.pk)  # two meldingen at once make one case
    open_case = Case.objects.filter(household=household).exclude(status=CaseStatus.AFGESLOTEN).first()
    if open_case:
        return lock(Case, open_case.pk), False
    number = next_number(gemeente_id=person.gemeente_id, series="zaak", year=actor.today.year)
    case = Case(
        gemeente_id=person.gemeente_id,
        team_id=team_id,
        household=household,
        person=person,
        reference=f"ZD-{actor.today.year}-{number:05d}",
        opened_on=on,
    )
    keep(case, by=actor, what="Zaak geopend")
    return lock(Case, case.pk), True


def _melding(case: Case, person: Person, facts: MeldingFacts, actor: Actor) -> Melding:
    first = Melding.objects.filter(person=person, received_on=facts.received_on).order_by("registered_at").first()
    melding = Melding(
        gemeente_id=case.gemeente_id,
        case=case,
        person=person,
        received_on=facts.received_on,
        route=facts.route,
        reporter_name=facts.reporter_name,
        reporter_capacity=facts.reporter_capacity,
        reporter_contact=facts.reporter_contact,
        words=facts.words,
        urgent=facts.urgent,
        knew_way=facts.knew_way,
        came_by=facts.came_by,
        linked_to=first,
        registered_by_id=actor.user_id,
    )
    keep(melding, by=actor, what="Melding ontvangen")
    return melding


def _add_hulpvraag(case: Case, melding: Melding, person: Person, question: Question, actor: Actor) -> Hulpvraag | None:
    if question.person is not None:
        chosen = question.known
        person = find_or_add_person(gemeente_id=case.gemeente_id, facts=question.person, by=actor, chosen=chosen)
        join_household(household=case.household, person=person, since=melding.received_on, by=actor)
    same = case.hulpvragen.filter(person=person, law=question.law, melding_on=melding.received_on)
    if same.exclude(status__in=ENDED).exists():
        return None
    hulpvraag = Hulpvraag(
        gemeente_id=case.gemeente_id,
        case=case,
        person=person,
        melding=melding,
        law=question.law,
        need=question.need,
        melding_on=melding.received_on,
        referrer=question.referrer,
        referrer_name=question.referrer_name,
        status=HulpvraagStatus.VERWEZEN if question.referrer else HulpvraagStatus.GEMELD,
    )
    keep(hulpvraag, by=actor, what="Hulpvraag toegevoegd")
    grant_resident(case=case, person=person, by=actor)
    if not question.referrer:
        _start_terms(hulpvraag, actor)
    return hulpvraag


def _start_terms(hulpvraag: Hulpvraag, actor: Actor) -> None:
    """Terms run from the melding; its receipt is confirmed at once (Wmo 2015 art. 2.3.2 lid 1)."""
    for key in deadlines.AT_MELDING.get(hulpvraag.law, ()):
        set_deadline(hulpvraag=hulpvraag, key=key, starts_on=hulpvraag.melding_on, cause="melding", by=actor)
    if hulpvraag.person.deceased is None:
        order_letter(
            kind="ontvangstbevestiging",
            case=hulpvraag.case,
            hulpvraag=hulpvraag,
            addressee=hulpvraag.person,
            subject=f"Wij hebben uw melding ontvangen ({hulpvraag.get_law_display()})",
            by=actor,
        )


def _first_contactpersoon(case: Case, actor: Actor) -> None:
    if actor.user is not None and case.team_id in actor.team_ids and "wijkteamlid" in actor.roles:
        user = User.objects.get(pk=actor.user.pk)
        begin_contactpersoon(case=case, user=user, reason="Nam de melding aan", by=actor)


@after_sent("ontvangstbevestiging")
def receipt_sent(letter: Letter, actor: Actor) -> None:
    """Note the day on which the receipt was confirmed."""
    hulpvraag = lock(Hulpvraag, letter.hulpvraag_id)
    hulpvraag.receipt_sent_on = letter.sent_on
    keep(hulpvraag, by=actor, what="Ontvangst bevestigd")


@transaction.atomic
def register_aanvraag_on(*, hulpvraag_id: UUID | str, received_on: date, actor: Actor) -> Hulpvraag:
    """Register an aanvraag on its day, from any state; its receipt starts the term of the besluit.

    Wmo 2015 art. 2.3.2 lid 9: too early is marked, not refused; art. 2.3.5 lid 2 and Awb art. 4:13: the terms.
    """
    hulpvraag = lock(Hulpvraag, hulpvraag_id)
    if received_on > actor.today:
        raise Blocked(["De datum van de aanvraag ligt in de toekomst."])
    if received_on < hulpvraag.melding_on:
        raise Blocked([f"De aanvraag kan niet vóór de melding van {hulpvraag.melding_on:%d-%m-%Y} liggen."])
    carry_out(hulpvraag, "register_aanvraag", by=actor, on=received_on, premature=_too_early(hulpvraag, received_on))
    key = deadlines.AT_AANVRAAG.get(hulpvraag.law)
    if key:
        set_deadline(hulpvraag=hulpvraag, key=key, starts_on=received_on, cause="aanvraag ontvangen", by=actor)
    return hulpvraag


def _too_early(hulpvraag: Hulpvraag, on: date) -> bool:
    """Before the onderzoek is done and within its six weeks (Wmo 2015 art. 2.3.2 lid 9).

    It is done when its verslag is ordered: that asks an answer to every part of it.
    """
    done = hulpvraag.letters.filter(kind="verslag", ordered_at__date__lte=on)
    if hulpvraag.law != "wmo" or hulpvraag.referrer or done.exists():
        return False
    term = hulpvraag.deadlines.filter(key="wmo_onderzoek").first()
    return term is not None and on <= term.due_on


@transaction.atomic
def confirm_referral(
    *, hulpvraag_id: UUID | str, provider: str, on: date, evaluation_on: date, actor: Actor
) -> Hulpvraag:
    """Assign help after a referral by huisarts, jeugdarts, specialist, GI or rechter (Jeugdwet art. 2.6 lid 1 e)."""
    hulpvraag = lock(Hulpvraag, hulpvraag_id)
    if evaluation_on <= on:
        raise Blocked(["De evaluatie moet na de start van de hulp liggen."])
    carry_out(hulpvraag, "confirm_referral", by=actor, on=on, provider=provider)
    case = lock(Case, hulpvraag.case_id)
    case.evaluation_on = evaluation_on
    keep(case, by=actor, what="Evaluatie gepland")
    if not case.hulpvragen.filter(referrer="").exists() and case.status != CaseStatus.UITVOERING:
        carry_out(case, "start_referred_help", by=actor, on=on)
    return hulpvraag


@transaction.atomic
def hand_over(*, hulpvraag_id: UUID | str, to: str, actor: Actor) -> Hulpvraag:
    """Send a question on to another desk, with its own date."""
    hulpvraag = lock(Hulpvraag, hulpvraag_id)
    carry_out(hulpvraag, "hand_over", by=actor, on=actor.today, to=to)
    for key in (*deadlines.AT_MELDING.get(hulpvraag.law, ()), deadlines.SPOED.get(hulpvraag.law, "")):
        meet_deadline(hulpvraag=hulpvraag, key=key, on=actor.today, by=actor)
    audit.write(actor, [audit.Look("write", f"Doorgezet naar {to}", case_id=hulpvraag.case_id)])
    return hulpvraag
