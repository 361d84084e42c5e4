"""One generated case until the verslag: people, melding, hulpvragen, terms, conversation and onderzoek."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any
from uuid import UUID

from django.db import models
from django.utils.timezone import get_current_timezone

from casework.deadlines import AT_AANVRAAG, AT_MELDING, ONDERZOEK, VERSLAG_REACTIE
from casework.enums import (
    CaseStatus,
    Channel,
    GrantKind,
    HulpvraagStatus,
    Law,
    Reaction,
    Referrer,
    Route,
    TalkForm,
    TalkOutcome,
)
from casework.models import (
    Case,
    Deadline,
    Grant,
    Household,
    HouseholdMember,
    Hulpvraag,
    LeefgebiedNote,
    Melding,
    OnderzoekAnswer,
    Person,
    Talk,
)
from toegang.core.dates import start_of
from toegang.demo.ground import FAMILY_NAMES, GIVEN_NAMES, Ground, Numbers, named, next_number_of
from toegang.demo.kinds import Kind, Timeline
from toegang.demo.rows import Rows
from toegang.demo.themes import CONTACT, GEZIN, MAATWERK, Theme
from toegang.demo.walk import Stage

S = Stage
SECOND_QUESTIONS = 0.1
SHIELDED, DIGITAL, PARTNER, PARTIAL_BIRTH = 0.01, 0.45, 0.4, 0.02
NEXT_EVALUATION = timedelta(weeks=26)
STATUS = {
    S.MELDING: CaseStatus.MELDING,
    S.GESPREK: CaseStatus.GESPREK,
    S.VRAAGANALYSE: CaseStatus.VRAAGANALYSE,
    S.VERSLAG: CaseStatus.VRAAGANALYSE,
    S.PLAN: CaseStatus.PLAN,
    S.GEDEELD: CaseStatus.PLAN,
    S.AKKOORD: CaseStatus.AANBIEDER,
    S.BESLUIT: CaseStatus.BESLUIT,
    S.TER_TOETSING: CaseStatus.BESLUIT,
    S.VASTGESTELD: CaseStatus.BESLUIT,
    S.VERZONDEN: CaseStatus.UITVOERING,
}
STATUS_OF_QUESTION = {
    S.MELDING: HulpvraagStatus.GEMELD,
    S.GESPREK: HulpvraagStatus.GEMELD,
    S.VRAAGANALYSE: HulpvraagStatus.ONDERZOEK,
    S.VERSLAG: HulpvraagStatus.VERSLAG,
    S.PLAN: HulpvraagStatus.VERSLAG,
    S.GEDEELD: HulpvraagStatus.VERSLAG,
    S.AKKOORD: HulpvraagStatus.VERSLAG,
    S.BESLUIT: HulpvraagStatus.AANVRAAG,
    S.TER_TOETSING: HulpvraagStatus.AANVRAAG,
    S.VASTGESTELD: HulpvraagStatus.AANVRAAG,
    S.VERZONDEN: HulpvraagStatus.LOOPT,
}


@dataclass
class Journey:
    """What is fixed of one case before its rows are written."""

    ground: Ground
    rows: Rows
    numbers: Numbers
    bsns: Iterator[str]
    rng: Random
    kind: Kind
    days: Timeline
    worker_id: int
    team_id: int
    case_id: str = ""
    person_id: str = ""
    asker_id: str = ""  # whose hulpvraag it is: the person's, or the child's
    hulpvraag_id: str = ""
    digital: bool = False
    shielded: bool = False
    theme: Theme = field(init=False)

    def __post_init__(self) -> None:
        child = self.kind.referred
        self.theme = GEZIN if child else CONTACT if self.kind.light else self.rng.choice(MAATWERK)
        self.case_id, self.hulpvraag_id = self.new_id(), self.new_id()
        self.digital, self.shielded = self.rng.random() < DIGITAL, self.rng.random() < SHIELDED

    def new_id(self) -> str:
        """An id that follows from the seed."""
        return UUID(int=self.rng.getrandbits(128), version=4).hex

    def add(self, model: type[models.Model], **facts: Any) -> None:
        """Keep a row about this case."""
        self.rows.add(model, gemeente_id=self.ground.gemeente.pk, case_id=self.case_id, **facts)

    def on(self, stage: Stage) -> date | None:
        """The day of a step, or None when it was not taken."""
        return self.days.on(stage)

    @property
    def law(self) -> str:
        """The law of the first hulpvraag."""
        return Law.PW if self.kind.handed_over else self.theme.law

    @property
    def evaluation_on(self) -> date | None:
        """The day of the evaluation: the last one held, else the first that is not long ago."""
        day = self.days.evaluated or self.on(S.AKKOORD)
        if self.kind.running:
            day = self.days.melding
        if day is None or self.days.evaluated:
            return day
        planned = self.ground.terms.due_on("evaluatie_standaard", day)
        while planned < self.ground.today:
            planned += NEXT_EVALUATION
        return planned


def write_intake(journey: Journey) -> None:
    """Everything until and with the onderzoek."""
    household_id = journey.new_id()
    journey.rows.add(Household, id=household_id, gemeente_id=journey.ground.gemeente.pk)
    second = not journey.kind.is_closed and not journey.kind.referred and journey.theme is not GEZIN
    second = second and journey.rng.random() < SECOND_QUESTIONS
    child_id = _write_people(journey, household_id, with_child=second or journey.theme is GEZIN)
    journey.asker_id = child_id if journey.theme is GEZIN else journey.person_id
    _write_case(journey, household_id)
    melding_id = _write_melding(journey)
    _write_hulpvraag(journey, melding_id)
    _write_terms(journey)
    if second:
        _write_second(journey, melding_id, child_id)
    _write_talk(journey)
    _write_onderzoek(journey)
    if not journey.kind.is_closed:
        write_grant(journey, journey.worker_id, GrantKind.CONTACTPERSOON, journey.days.melding)


def _write_people(journey: Journey, household_id: str, *, with_child: bool) -> str:
    """The person, perhaps a partner, perhaps a child; gives the child's id."""
    rng = journey.rng
    family = rng.choice(FAMILY_NAMES)
    address = (f"{rng.choice(('Linde', 'Beuken', 'Eiken', 'Iepen'))}laan", str(rng.randint(1, 250)))
    years = [rng.randint(1938, 1995)] if not with_child else [rng.randint(1975, 1995)]
    if rng.random() < PARTNER:
        years.append(years[0] + rng.randint(-4, 4))
    if with_child:
        years.append(rng.randint(2011, 2020))
    ids = [_write_person(journey, household_id, family, address, year) for year in years]
    journey.person_id = ids[0]
    return ids[-1]


def _write_person(
    journey: Journey, household_id: str, family: tuple[str, str], address: tuple[str, str], year: int
) -> str:
    rng, gemeente_id, person_id = journey.rng, journey.ground.gemeente.pk, journey.new_id()
    name, gender = rng.choice(GIVEN_NAMES)
    part = 0 if rng.random() < PARTIAL_BIRTH else rng.randint(1, 12) * 100 + rng.randint(1, 28)
    journey.rows.add(
        Person,
        id=person_id,
        gemeente_id=gemeente_id,
        **next_number_of(journey.bsns),
        **named(name, *family),
        gender=gender,
        born=year * 10000 + part,
        shielded=journey.shielded,
        street=address[0],
        house_number=address[1],
        postcode="1234 AB",
        city=journey.ground.gemeente.name,
        letter_channel=Channel.DIGITAAL if journey.digital else Channel.PAPIER,
    )
    journey.rows.add(
        HouseholdMember,
        gemeente_id=gemeente_id,
        household_id=household_id,
        person_id=person_id,
        since=journey.days.melding,
    )
    return person_id


def _status(journey: Journey) -> str:
    kind = journey.kind
    if kind.is_closed:
        return CaseStatus.AFGESLOTEN
    if kind.evaluated:
        return CaseStatus.EVALUATIE
    return CaseStatus.UITVOERING if kind.light or kind.running else STATUS[kind.stage]


def _write_case(journey: Journey, household_id: str) -> None:
    days, kind, ground = journey.days, journey.kind, journey.ground
    talk, agreed = journey.on(S.VRAAGANALYSE), journey.on(S.AKKOORD)
    number = journey.numbers.take("zaak", days.melding.year)
    journey.rows.add(
        Case,
        id=journey.case_id,
        gemeente_id=ground.gemeente.pk,
        team_id=journey.team_id,
        household_id=household_id,
        person_id=journey.person_id,
        reference=f"ZD-{days.melding.year}-{number:05d}",
        shielded=journey.shielded,
        opened_on=days.melding,
        status=_status(journey),
        conversation_on=_next_talk(journey) if kind.stage == S.GESPREK else None,
        conversation_form=TalkForm.THUIS if kind.stage >= S.GESPREK else "",
        conversation_held_on=talk,
        support_told_on=talk,
        own_plan_told_on=talk,
        analysis_completed_on=journey.on(S.PLAN),
        plan_agreed_on=agreed,
        plan_has_maatwerk=agreed is not None and not kind.light,
        choices_made_on=journey.on(S.BESLUIT),
        started_on=days.melding if kind.running else agreed if kind.light else journey.on(S.VERZONDEN),
        evaluation_on=journey.evaluation_on,
        closed_on=days.closed,
        close_reason=kind.close_reason,
    )


def _next_talk(journey: Journey) -> datetime:
    day = journey.ground.today + timedelta(days=1 + journey.worker_id % 14)
    return datetime.combine(day, time(10), get_current_timezone())


def _write_melding(journey: Journey) -> str:
    melding_id = journey.new_id()
    journey.add(
        Melding,
        id=melding_id,
        person_id=journey.person_id,
        received_on=journey.days.melding,
        route=Route.BRIEF if journey.kind.referred else Route.TELEFOON,
        words=journey.theme.words,
        registered_by_id=journey.worker_id,
    )
    return melding_id


def _ending(journey: Journey) -> dict[str, Any]:
    """How the hulpvraag ended, if it did."""
    kind, closed = journey.kind, journey.days.closed
    if kind.handed_over:
        return {"status": HulpvraagStatus.DOORGEZET, "ended_on": closed, "handed_to": "Werk en inkomen"}
    if kind.light:
        return {"status": HulpvraagStatus.ZONDER_BESLUIT, "ended_on": journey.on(S.AKKOORD)}
    if kind.is_closed:
        return {"status": HulpvraagStatus.BEEINDIGD, "ended_on": closed, "end_reason": kind.close_reason}
    if kind.referred:
        running = {"help_started_on": journey.days.melding, "referred_to": "Jeugdhulp Vlinder"} if kind.running else {}
        return {"status": HulpvraagStatus.LOOPT if kind.running else HulpvraagStatus.VERWEZEN, **running}
    return {"status": STATUS_OF_QUESTION[kind.stage]}


def _write_hulpvraag(journey: Journey, melding_id: str) -> None:
    reaction, sent = journey.on(S.PLAN), journey.on(S.VERZONDEN)
    referred = {"referrer": Referrer.HUISARTS, "referrer_name": "Huisartsenpraktijk De Linde"}
    receipt = {"receipt_sent_on": journey.days.melding + timedelta(days=1)}
    expert = {
        "expert_name": "Els Verhulst",
        "expert_discipline": "gedragswetenschapper",
        "expert_registration": "SKJ 000000001",
    }
    journey.add(
        Hulpvraag,
        id=journey.hulpvraag_id,
        person_id=journey.asker_id,
        melding_id=melding_id,
        law=journey.law,
        need=journey.theme.need,
        melding_on=journey.days.melding,
        verslag_sent_on=journey.on(S.VERSLAG),
        reaction=Reaction.KLOPT if reaction else "",
        reaction_on=reaction,
        aanvraag_on=journey.on(S.BESLUIT),
        besluit_sent_on=sent,
        **({"help_started_on": sent} | _ending(journey)),
        **(referred if journey.kind.referred else receipt),
        **(expert if journey.law == Law.JEUGD and journey.on(S.VERSLAG) else {}),
    )


def _write_terms(journey: Journey) -> None:
    """Every term that began, met on the day of its step, or at the latest by closing."""
    if journey.kind.referred:
        return
    met = {ONDERZOEK.get(journey.law, ""): journey.on(S.VERSLAG)}
    started = dict.fromkeys(AT_MELDING.get(journey.law, ()), journey.days.melding)
    if verslag := journey.on(S.VERSLAG):
        started[VERSLAG_REACTIE], met[VERSLAG_REACTIE] = verslag, journey.on(S.PLAN)
    if aanvraag := journey.on(S.BESLUIT):
        started[AT_AANVRAAG[journey.law]], met[AT_AANVRAAG[journey.law]] = aanvraag, journey.on(S.VERZONDEN)
    for key, start in started.items():
        _write_term(journey, journey.hulpvraag_id, key, start, met.get(key) or journey.days.closed)


def _write_term(journey: Journey, hulpvraag_id: str, key: str, start: date, met: date | None) -> None:
    cause = {VERSLAG_REACTIE: "verslag verzonden", **dict.fromkeys(AT_AANVRAAG.values(), "aanvraag ontvangen")}
    journey.add(
        Deadline,
        hulpvraag_id=hulpvraag_id,
        key=key,
        starts_on=start,
        due_on=journey.ground.terms.due_on(key, start),
        met_on=met,
        cause=cause.get(key, "melding"),
    )


def _write_second(journey: Journey, melding_id: str, child_id: str) -> None:
    """A question for the child, whose onderzoek still runs, whatever the first one does."""
    hulpvraag_id = journey.new_id()
    talked = journey.on(S.VRAAGANALYSE)
    journey.add(
        Hulpvraag,
        id=hulpvraag_id,
        person_id=child_id,
        melding_id=melding_id,
        law=GEZIN.law,
        need=GEZIN.need,
        melding_on=journey.days.melding,
        receipt_sent_on=journey.days.melding + timedelta(days=1),
        status=HulpvraagStatus.ONDERZOEK if talked else HulpvraagStatus.GEMELD,
    )
    for key in AT_MELDING[GEZIN.law]:
        _write_term(journey, hulpvraag_id, key, journey.days.melding, None)


def _write_talk(journey: Journey) -> None:
    held = journey.on(S.VRAAGANALYSE)
    if journey.kind.stage == S.GESPREK:
        planned = {"planned_at": _next_talk(journey), "outcome": TalkOutcome.GEPLAND}
        journey.add(Talk, id=journey.new_id(), form=TalkForm.THUIS, **planned)
    if held:
        journey.add(
            Talk,
            id=journey.new_id(),
            form=TalkForm.THUIS,
            planned_at=datetime.combine(held, time(10), get_current_timezone()),
            outcome=TalkOutcome.GEHOUDEN,
            held_on=held,
            present="De inwoner",
            summary=journey.theme.words,
        )


def _write_onderzoek(journey: Journey) -> None:
    """Each leefgebied that was discussed, judged once the verslag was sent; then each part has its answer."""
    done = journey.on(S.VERSLAG) is not None
    for key, (situation, why) in journey.theme.notes.items() if journey.on(S.VRAAGANALYSE) else ():
        words = {"relevant": True, "situation": situation, "why": why} if done else {}
        journey.add(LeefgebiedNote, leefgebied_id=journey.ground.leefgebieden[key], **words)
    if not done:
        return
    for part_id, text in zip(journey.ground.parts[journey.law], journey.theme.findings, strict=True):
        journey.add(
            OnderzoekAnswer,
            hulpvraag_id=journey.hulpvraag_id,
            part_id=part_id,
            text=text,
            not_applicable=text.startswith("Niet van toepassing"),
        )


def write_grant(journey: Journey, user_id: int, kind: str, since: date) -> None:
    """A grant that is valid from the start of a day, and still."""
    begin = start_of(since).isoformat()
    journey.add(
        Grant,
        user_id=user_id,
        user_kind="medewerker",
        kind=kind,
        reason="Gegenereerde zaak",
        granted_by_id=journey.worker_id,
        validity=f"[{begin},)",
    )
