"""Taking over a household from an older system: its people, its case, its decisions and the help that runs.

Nobody is written to or called: the inwoner knows of the help, and no new step was taken.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import DataError, IntegrityError, transaction

from casework.enums import CaseStatus, HulpvraagStatus, Route
from casework.models import Case, Hulpvraag, Melding, Person
from casework.services.handover import begin_contactpersoon
from casework.services.people import (
    PersonFacts,
    find_or_add_person,
    grant_resident,
    household_of,
    join_household,
    known_people,
)
from decisions.models import FormerDecision, TakenOver
from decisions.takeover.check import Entry, Household
from plans.enums import Agreement, CareForm, Choice, PlanStatus
from plans.models import Goal, MaatwerkLine, Plan
from plans.services.evaluation import plan_evaluation
from toegang.accounts.models import Gemeente
from toegang.core import audit
from toegang.core.access import Actor
from toegang.core.dates import PartialDate
from toegang.core.lifecycle import Blocked, Missing
from toegang.core.numbers import next_number
from toegang.core.records import keep

DECEASED = "Deze persoon is volgens onze gegevens overleden. Neem dit huishouden niet over"
OTHER_BIRTH = "Dit burgerservicenummer hoort hier bij een andere geboortedatum. Zoek uit wat klopt"
UNSHIELDED = "Dit adres is volgens het bestand geheim, en hier niet. Scherm het hier eerst af"
SAME_PERSON = "Deze regel gaat over dezelfde persoon als {}"
RUNNING = "De hoofdpersoon heeft hier al een lopende zaak. Zet dit werk daar met de hand bij"
UNSTORED = "De database nam dit huishouden niet aan. Kijk of er vreemde tekens in staan"


@dataclass
class Tally:
    """How much was taken over, was there already, and was rejected."""

    households: int = 0
    people: int = 0
    decisions: int = 0
    lines: int = 0
    already: int = 0
    rejected: int = 0

    def count(self, household: Household, case: Case | None) -> None:
        """Count one household; without a case it was there already, or it is wrong."""
        if not household.is_right:
            self.rejected += 1
        elif case is None:
            self.already += 1
        else:
            self.households += 1
            self.people += len(household.people)
            self.decisions += case.former_decisions.count()
            self.lines += len(household.lines)


@dataclass(frozen=True)
class _Move:
    """One household on its way: whose system it comes from, and who is who."""

    household: Household
    source: str
    actor: Actor
    people: dict[str, Person] = field(default_factory=dict)  # by key in the old system

    @property
    def reason(self) -> str:
        return f"Overgenomen uit {self.source}"

    @property
    def facts(self) -> dict[str, Any]:
        """The row of the case."""
        return self.household.cases[0].facts

    def keep(self, record: Any, what: str) -> None:
        """Write as the system, with the reason for each row of history and log."""
        keep(record, by=self.actor, what=what, reason=self.reason)


def try_household(*, household: Household, gemeente: Gemeente, source: str, actor: Actor) -> Case | None:
    """Take a household over, or note in its rows why it cannot be: then nothing of it is written.

    None for a household that is wrong, and for one that was taken over before.
    """
    if not household.is_right:
        return None
    try:
        return take_over(household=household, gemeente=gemeente, source=source, actor=actor)
    except Blocked as stop:
        for missing in stop.obstacles:
            entry = missing.about or household.cases[0]
            entry.say(missing.where, missing.text)
    except (DataError, IntegrityError):  # its text holds the row: names, dates, numbers
        household.cases[0].say("", UNSTORED)
    return None


def log_run(*, gemeente: Gemeente, source: str, tally: Tally, actor: Actor) -> None:
    """Write down that a run ended, and what it did."""
    detail = f"{source}: {tally.households} overgenomen, {tally.already} al overgenomen, {tally.rejected} afgewezen"
    audit.write(actor, [audit.Look("write", "Lopend werk overgenomen", gemeente_id=gemeente.pk, detail=detail)])


@transaction.atomic
def take_over(*, household: Household, gemeente: Gemeente, source: str, actor: Actor) -> Case | None:
    """Write a checked household as a case whose help runs, whole or not at all; None when it was taken over before.

    Raises Blocked, naming the row and the column, for what only the register knows: somebody who died, another birth
    date under the number, a case that runs already. The next evaluation is planned with it (Wmo 2015 art. 2.3.9).
    """
    # Two runs at once wait here, and the second one finds what the first one wrote.
    Gemeente.objects.select_for_update(no_key=True).get(pk=gemeente.pk)
    before = TakenOver.objects.filter(gemeente=gemeente, source__iexact=source, household_key=household.key)
    if before.exists():
        return None
    move = _Move(household, source, actor)
    _bring_people(move, gemeente)
    case = _open_case(move, gemeente)
    hulpvragen = _bring_hulpvragen(move, case, _bring_melding(move, case))
    _bring_plan(move, case, hulpvragen)
    _bring_decisions(move, case, hulpvragen)
    plan_evaluation(case=case, due_on=move.facts["volgende_evaluatie"], actor=actor)
    if user := move.facts["contactpersoon"]:
        begin_contactpersoon(case=case, user=user, reason=move.reason, by=actor)
    return case


def _bring_people(move: _Move, gemeente: Gemeente) -> None:
    rows: dict[object, Entry] = {}
    for entry in move.household.people:
        person = _person(entry, gemeente, move.actor)
        if (first := rows.setdefault(person.pk, entry)) is not entry:
            raise Blocked([Missing(SAME_PERSON.format(first.place), "persoon", entry)])
        move.people[entry.facts["persoon"]] = person


def _person(entry: Entry, gemeente: Gemeente, actor: Actor) -> Person:
    facts = _person_facts(entry.facts)
    known: list[Any] = known_people(gemeente_id=gemeente.pk, facts=facts, by=actor)
    # Of whom a shielded case hides nothing is told, here neither: a new person is added, as at a melding.
    told = [person for person in known if not person.behind]
    if any(person.deceased is not None for person in told):
        raise Blocked([Missing(DECEASED, "achternaam", entry)])
    if facts.bsn and any(person.born != facts.born for person in told if person.born and not person.shielded):
        raise Blocked([Missing(OTHER_BIRTH, "geboortedatum", entry)])
    if facts.shielded and not all(person.shielded for person in told):
        raise Blocked([Missing(UNSHIELDED, "adres_geheim", entry)])  # what is known here is never overwritten
    return find_or_add_person(gemeente_id=gemeente.pk, facts=facts, by=actor, known=known)


def _person_facts(cells: dict[str, Any]) -> PersonFacts:
    return PersonFacts(
        given_names=cells["voornamen"],
        prefix=cells["tussenvoegsel"],
        family_name=cells["achternaam"],
        born=PartialDate.number_of(cells["geboortedatum"]),
        bsn=cells["bsn"] or None,
        gender=cells["geslacht"].upper(),
        street=cells["straat"],
        house_number=cells["huisnummer"],
        postcode=cells["postcode"],
        city=cells["woonplaats"],
        phone=cells["telefoon"],
        shielded=cells["adres_geheim"] == "ja",
    )


def _open_case(move: _Move, gemeente: Gemeente) -> Case:
    """The case in the state that it had: the help runs; the household is the present one of the head."""
    rows, facts, actor = move.household, move.facts, move.actor
    head = move.people[rows.head.facts["persoon"]]
    household = household_of(person=head, on=_since(rows.head, facts), by=actor)
    if Case.objects.filter(household=household).exclude(status=CaseStatus.AFGESLOTEN).exists():
        raise Blocked([Missing(RUNNING, "hoofdpersoon", rows.head)])
    for entry in rows.people:
        person = move.people[entry.facts["persoon"]]
        join_household(household=household, person=person, since=_since(entry, facts), by=actor)
    number = next_number(gemeente_id=gemeente.pk, series="zaak", year=actor.today.year)
    agreed = _agreed_on(rows.lines)
    case = Case(
        gemeente=gemeente,
        team=facts["team"],
        household=household,
        person=head,
        reference=f"ZD-{actor.today.year}-{number:05d}",
        opened_on=facts["melding_op"],
        status=CaseStatus.UITVOERING,
        plan_agreed_on=agreed,
        plan_has_maatwerk=True,
        choices_made_on=agreed,
        started_on=_started_on(rows.lines, actor),
    )
    move.keep(case, "Zaak overgenomen")
    former = {"gemeente": gemeente, "case": case, "source": move.source, "taken_on": actor.today}
    move.keep(TakenOver(household_key=rows.key, former_number=facts["zaaknummer"], **former), "Huishouden overgenomen")
    return case


def _since(entry: Entry, case_facts: dict[str, Any]) -> date:
    """Since when somebody belongs to the household, as far as we know at the latest since the melding."""
    since: date = entry.facts["sinds"] or case_facts["melding_op"]
    return since


def _agreed_on(lines: Iterable[Entry]) -> date:
    """What was decided was agreed by then; the day of the agreement itself is not in the files."""
    days: list[date] = [entry.facts["besluit_op"] for entry in lines]
    return max(days)


def _started_on(lines: Iterable[Entry], actor: Actor) -> date:
    days: list[date] = [entry.facts["van"] for entry in lines]
    return min(*days, actor.today)


def _bring_melding(move: _Move, case: Case) -> Melding:
    melding = Melding(
        gemeente_id=case.gemeente_id,
        case=case,
        person=case.person,
        received_on=move.facts["melding_op"],
        route=Route.OVERNAME,
        words=f"{move.reason}, zaak {move.facts['zaaknummer']}.",
        registered_by_id=move.actor.user_id,
    )
    move.keep(melding, "Melding overgenomen")
    return melding


Hulpvragen = dict[tuple[str, str], Hulpvraag]  # by person in the old system, and law


def _key(entry: Entry) -> tuple[str, str]:
    return entry.facts["persoon"], entry.facts["wet"]


def _bring_hulpvragen(move: _Move, case: Case, melding: Melding) -> Hulpvragen:
    """One for each person and law, decided and running. Its terms ran and ended in the former system."""
    found: Hulpvragen = {}
    for key in dict.fromkeys(map(_key, move.household.lines)):
        lines = [entry for entry in move.household.lines if _key(entry) == key]
        person, law = move.people[key[0]], key[1]
        asked = [entry.facts["aanvraag_op"] for entry in lines if entry.facts["aanvraag_op"]]
        hulpvraag = Hulpvraag(
            gemeente_id=case.gemeente_id,
            case=case,
            person=person,
            melding=melding,
            law=law,
            need="\n".join(dict.fromkeys(entry.facts["hulpvraag"] for entry in lines)),
            melding_on=melding.received_on,
            status=HulpvraagStatus.LOOPT,
            aanvraag_on=max(asked, default=None),
            besluit_sent_on=_agreed_on(lines),
            help_started_on=_started_on(lines, move.actor),
        )
        move.keep(hulpvraag, "Hulpvraag overgenomen")
        grant_resident(case=case, person=person, by=move.actor)
        found[key] = hulpvraag
    return found


def _bring_plan(move: _Move, case: Case, hulpvragen: Hulpvragen) -> None:
    """The plan as it was agreed there: for each hulpvraag its results, and the help that runs."""
    plan = Plan(
        gemeente_id=case.gemeente_id,
        case=case,
        number=1,
        status=PlanStatus.AKKOORD,
        agreement=Agreement.OVERGENOMEN,
        agreed_on=case.plan_agreed_on,
    )
    move.keep(plan, "Plan overgenomen")
    goals: dict[tuple[Any, ...], Goal] = {}
    for entry in move.household.lines:
        result = entry.facts["resultaat"]
        key = (*_key(entry), result)
        if key not in goals:
            goals[key] = Goal(gemeente_id=case.gemeente_id, case=case, plan=plan, result=result, order=len(goals) + 1)
            move.keep(goals[key], "Doel overgenomen")
        move.keep(_line(entry.facts, goals[key], hulpvragen[_key(entry)]), "Hulp overgenomen")


def _line(facts: dict[str, Any], goal: Goal, hulpvraag: Hulpvraag) -> MaatwerkLine:
    chosen = Choice.AANBIEDER if facts["aanbieder"] else Choice.WACHT
    return MaatwerkLine(
        gemeente_id=goal.gemeente_id,
        case_id=goal.case_id,
        plan=goal.plan,
        hulpvraag=hulpvraag,
        goal=goal,
        product=facts["product"],
        volume=facts["aantal"],
        unit=facts["eenheid"],
        frequency=facts["frequentie"],
        starts_on=facts["van"],
        ends_on=facts["tot_en_met"],
        form=facts["vorm"],
        choice=Choice.PGB if facts["vorm"] == CareForm.PGB else chosen,
        provider=facts["aanbieder"],
    )


def _bring_decisions(move: _Move, case: Case, hulpvragen: Hulpvragen) -> None:
    """The decisions that were sent there, each once for each hulpvraag."""
    found = {(*_key(entry), entry.facts["kenmerk"]): entry for entry in move.household.lines}
    for (person, law, reference), entry in found.items():
        decision = FormerDecision(
            gemeente_id=case.gemeente_id,
            case=case,
            hulpvraag=hulpvragen[person, law],
            source=move.source,
            reference=reference,
            sent_on=entry.facts["besluit_op"],
        )
        move.keep(decision, "Besluit overgenomen")
