"""Signals of the demo: a neighbour who worries, arrears that came in early, and one that was handed over."""

from __future__ import annotations

from typing import TYPE_CHECKING

from casework.enums import AttemptResult, AttemptWay, SignalKind
from casework.models import Reason, Signal
from casework.services import signals
from casework.services.web import WebFacts, take_web_melding
from toegang.accounts.models import system_user
from toegang.demo.data import NOORD
from toegang.demo.walk import acting

if TYPE_CHECKING:
    from toegang.core.access import Actor
    from toegang.demo.data import House


NEIGHBOUR: dict[str, str | int | bool] = {
    "given_names": "Hendrika",
    "family_name": "Zandstra",
    "born": 19440000,
    "street": "Lindelaan",
    "house_number": "21",
    "postcode": "1234 AE",
    "seen": "De gordijnen blijven al weken dicht. De post steekt uit de brievenbus.",
    "source_capacity": "buurvrouw",
    "source_name": "Ank de Boer",
    "source_secret": True,
}
STREET: dict[str, str | int | bool] = {
    "family_name": "Verbruggen",
    "phone": "(0123) 45 69 01",
    "seen": "Een man roept ’s nachts op straat en lijkt erg in de war.",
    "source_capacity": "wijkagent",
}
ARREARS: dict[str, str | int | bool] = {
    "street": "Kade",
    "house_number": "3b",
    "postcode": "1234 AF",
    "seen": "Twee maanden achterstand bij de huur en bij de energie.",
    "source_capacity": "woningcorporatie",
    "urgent": True,
}


BY_WEBSITE = WebFacts(
    words="Mijn vader valt vaak en komt bijna niet meer buiten. Kunt u langskomen?",
    given_names="Johannes",
    family_name="Postma",
    born=19460000,
    street="Populierweg",
    house_number="5",
    postcode="1234 AG",
    phone="(0123) 45 69 02",
    safe_contact="Bel na tien uur: hij hoort de telefoon slecht.",
    reporter_name="Ellen Postma",
    reporter_capacity="dochter",
    reporter_contact="(0123) 45 69 03",
    urgent=True,
    knew_way=False,
)


def make_signals(house: House) -> None:
    """Make the signals of team Noord, unless there are some."""
    if Signal.objects.filter(gemeente=house.gemeente).exists():
        return
    worker = house.users["contactpersoon"]
    with acting(worker, days_ago=9) as actor:
        first, second = (_register(house, actor, SignalKind.ZORGEN, **facts) for facts in (NEIGHBOUR, STREET))
    with acting(worker, days_ago=6) as actor:
        _try(first, actor, AttemptWay.HUISBEZOEK, AttemptResult.GEEN, "Aangebeld. Een kaartje in de bus gedaan.")
        _try(first, actor, AttemptWay.VIA, AttemptResult.DENKT, "Haar zus heeft haar gesproken. Zij wil erover denken.")
        desk = Reason.objects.listed(signals.DESKS, actor.today).get(key="wvggz").label
        facts = {"to": desk, "contact": "dienstdoende medewerker", "why": "Gevaar op straat, door verwardheid."}
        signals.hand_over_signal(signal_id=second.pk, actor=actor, **facts)
    with acting(worker, days_ago=2) as actor:
        _register(house, actor, SignalKind.SCHULDEN, **ARREARS)
    with acting(system_user()) as actor:
        take_web_melding(gemeente=house.gemeente, facts=BY_WEBSITE, actor=actor)


def _register(house: House, actor: Actor, kind: SignalKind, **facts: str | int | bool) -> Signal:
    key = "vroegsignalering" if kind == SignalKind.SCHULDEN else "publieke_taak"
    ground = Reason.objects.listed(signals.GROUNDS, actor.today).get(key=key).label
    told = signals.SignalFacts(kind=kind, ground=ground, received_on=actor.today, **facts)  # type: ignore[arg-type]
    where = {"gemeente_id": house.gemeente.pk, "team_id": house.teams[NOORD].pk}
    return signals.register_signal(actor=actor, facts=told, **where)


def _try(signal: Signal, actor: Actor, way: AttemptWay, result: AttemptResult, text: str) -> None:
    facts = {"on": actor.today, "way": way, "result": result, "text": text}
    signals.record_attempt(signal_id=signal.pk, actor=actor, **facts)
