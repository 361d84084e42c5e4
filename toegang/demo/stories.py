"""The stories of the demo: about twenty households, in every state of the journey."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from casework.enums import GrantPart, Law, Referrer, Route, TalkForm
from casework.models import Case, Leefgebied, Person
from casework.services.analysis import close_case
from casework.services.facts import FactWords, add_fact
from casework.services.handover import hand_over_case
from casework.services.intake import MeldingFacts, Question, register_melding
from casework.services.talks import plan_talk, record_no_show
from decisions.services.drafting import send_back
from decisions.services.urgent import UrgentFacts, decide_urgently
from plans.services.evaluation import hold_evaluation
from plans.services.partner import ask_partner
from providers.models import Frequency, Product
from toegang.accounts.models import User, system_user
from toegang.core.models import OutboxRow
from toegang.core.pdf import warm_up
from toegang.demo import around
from toegang.demo.data import NOORD, PARTNER, ZUID, House, make_house
from toegang.demo.people import make_people
from toegang.demo.signals import make_signals
from toegang.demo.themes import BEGELEIDING, CONTACT, DAGBESTEDING, GEZIN, HUISHOUDEN, Theme
from toegang.demo.walk import Stage, Walk, acting, draft_of, facts_of, outbox_in_process, walk_to

People = dict[str, Person]


@dataclass(frozen=True)
class Story:
    """One case: whose, about what, since how many days, how far, by whom, and what happens besides."""

    person: str
    theme: Theme
    days: int
    stage: Stage
    then: Callable[[Walk, Case], None] | None = None
    worker: str = "contactpersoon"
    team: str = NOORD
    claimed: bool = True
    child: str = ""  # a child of the household with a question of its own
    evaluation_today: bool = False
    route: str = Route.TELEFOON


@dataclass(frozen=True)
class Made:
    """What a run added."""

    cases: int
    people: int


class UnfinishedWorkError(Exception):
    """A letter of the demo could not be made."""


def _no_show(walk: Walk, case: Case) -> None:
    """Two appointments ago nobody was at home; the next one is by telephone."""
    with acting(walk.worker, days_ago=6) as actor:
        at = actor.now + timedelta(days=2)
        plan_talk(case_id=case.pk, at=at, form=TalkForm.THUIS, place="", actor=actor, invite=False)
    with acting(walk.worker, days_ago=3) as actor:
        record_no_show(case_id=case.pk, note="Aangebeld, niemand thuis. Kaartje achtergelaten.", actor=actor)
    with acting(walk.worker) as actor:
        at = (actor.now + timedelta(days=2)).replace(hour=14, minute=30, second=0, microsecond=0)
        plan_talk(case_id=case.pk, at=at, form=TalkForm.TELEFOON, place="", actor=actor)


def _sent_back(walk: Walk, case: Case) -> None:
    with acting(walk.reviewer) as actor:
        remarks = "Schrijf ook op waarom de formulierenbrigade niet genoeg is. Dan is het besluit duidelijk."
        send_back(beschikking_id=draft_of(walk, case).pk, remarks=remarks, actor=actor)


def _evaluated(walk: Walk, case: Case) -> None:
    with acting(walk.worker) as actor:
        hold_evaluation(
            case_id=case.pk,
            inwoner_view="De begeleiding helpt. Ik maak mijn post nu zelf open.",
            our_view="Het gaat goed. De uren kunnen omlaag: daarvoor past een wijziging van het plan.",
            next_on=None,
            reason="",
            actor=actor,
        )


def _closed(walk: Walk, case: Case) -> None:
    with acting(walk.worker) as actor:
        close_case(case_id=case.pk, reason="lichte_hulp", actor=actor)


def _ask_school(walk: Walk, case: Case) -> None:
    """A ketenpartner whom the inwoner knows holds the conversation."""
    user = User.objects.get(username=PARTNER)
    with acting(walk.worker) as actor:
        last_day = actor.today + timedelta(days=21)
        facts = {"user": user, "part": GrantPart.GESPREK, "actions": [], "reason": "Zij kent mevrouw goed."}
        ask_partner(case_id=case.pk, last_day=last_day, actor=actor, **facts)


def _at_once(walk: Walk, case: Case) -> None:
    """His wife went into hospital: a place to stay for some days, while the onderzoek goes on."""
    with acting(walk.worker) as actor:
        facts = UrgentFacts(
            product=Product.objects.get(key="kortdurend_verblijf"),
            volume=Decimal(5),
            frequency=Frequency.TOTAAL,
            starts_on=actor.today,
            provider=None,
            motivation="Uw vrouw ligt in het ziekenhuis. U kunt nu niet alleen thuis zijn.",
            reviewer=walk.reviewer,
        )
        hulpvraag = case.hulpvragen.get(person=walk.person)
        decide_urgently(hulpvraag_id=hulpvraag.pk, facts=facts, actor=actor)


def _debts(walk: Walk, case: Case) -> None:
    """A second question, about debts: what was gathered for it is held back from who looks for the Wmo."""
    person = walk.person
    words = "Ik krijg aanmaningen en durf de post niet open te maken."
    with acting(walk.worker, days_ago=3) as actor:
        facts = MeldingFacts(
            person=facts_of(person),
            received_on=actor.today,
            route=Route.TELEFOON,
            words=words,
            questions=[Question("wgs", "Overzicht krijgen over de schulden")],
        )
        register_melding(actor=actor, gemeente_id=person.gemeente_id, team_id=case.team_id, facts=facts)
        for law, key, text in (
            (Law.WMO, "dagbesteding", "Overdag is het stil in huis. Op de werkplaats zou hij graag meubels maken."),
            (Law.WGS, "financien", words),
        ):
            area = Leefgebied.objects.valid_on(actor.today).get(key=key)
            told = FactWords(area, text, "van hemzelf, aan de telefoon", actor.today)
            add_fact(case_id=case.pk, person_id=person.pk, law=law, words=told, actor=actor)


def _given(walk: Walk, case: Case) -> None:
    """The teamleider gave the case to a colleague, who still has to answer."""
    with acting(walk.worker) as actor:
        colleague = User.objects.get(username="collega")
        hand_over_case(case_id=case.pk, user=colleague, seen=None, reason="Past bij uw wijk", actor=actor)


STORIES = (
    Story("joke", HUISHOUDEN, 2, Stage.MELDING, route=Route.PORTAAL),
    Story("henk", CONTACT, 4, Stage.MELDING, worker="teamleider", claimed=False),
    Story("bep", HUISHOUDEN, 1, Stage.MELDING, then=_given, worker="teamleider", claimed=False),
    Story("greet", HUISHOUDEN, 9, Stage.GESPREK, then=_ask_school),
    Story("chantal", BEGELEIDING, 12, Stage.MELDING, then=_no_show),
    Story("mehmet", DAGBESTEDING, 17, Stage.VRAAGANALYSE, then=_debts, route=Route.BALIE),
    Story("cor", DAGBESTEDING, 27, Stage.VERSLAG, then=_at_once),
    Story("naima", BEGELEIDING, 30, Stage.PLAN),
    Story("willem", DAGBESTEDING, 33, Stage.GEDEELD),
    Story("anna", HUISHOUDEN, 36, Stage.AKKOORD, worker="collega"),
    Story("maria", HUISHOUDEN, 38, Stage.TER_TOETSING),
    Story("ronald", BEGELEIDING, 38, Stage.TER_TOETSING, then=_sent_back),
    Story("gerrit", HUISHOUDEN, 40, Stage.VERZONDEN, worker="collega"),
    Story("linda", BEGELEIDING, 35, Stage.VERZONDEN, then=around.family, child="finn"),
    Story("riet", CONTACT, 41, Stage.AKKOORD, then=around.helped, evaluation_today=True),
    Story("petra", BEGELEIDING, 41, Stage.VERZONDEN, then=_evaluated),
    Story("theo", CONTACT, 39, Stage.AKKOORD, then=_closed),
    Story("sofia", HUISHOUDEN, 15, Stage.VRAAGANALYSE, worker="buurteam", team=ZUID),
)
REFERRED = "iris"  # her son comes by a referral of the huisarts


def make_demo(*, password: str, only: Collection[str] | None = None) -> Made:
    """Make what is missing of the demo; `only` names the persons whose stories are told, for a smaller set.

    Letters are made in this process. Raises Blocked or UnfinishedWorkError when one could not be made.
    """
    house = make_house(password=password)
    with acting(system_user()) as actor:
        before = Person.objects.count()
        people = make_people(house.gemeente, by=actor)
        today = actor.today
        added = Person.objects.count() - before
    stories = [story for story in STORIES if _is_new(people[story.person], only, story.person)]
    referral = _is_new(people[REFERRED], only, REFERRED)
    if not stories and not referral:
        return Made(0, added)
    warm_up()
    with outbox_in_process():
        for story in stories:
            _tell(story, house, people, today)
        if referral:
            _refer(house, people)
        make_signals(house)
    all_work_is_done(house.gemeente.pk)
    return Made(len(stories) + referral, added)


def _is_new(person: Person, only: Collection[str] | None, key: str) -> bool:
    wanted = only is None or key in only
    return wanted and not Case.objects.filter(person=person).exists()


def all_work_is_done(gemeente_id: int) -> None:
    """Raise UnfinishedWorkError when a piece of work of this gemeente failed."""
    failed = OutboxRow.objects.filter(gemeente_id=gemeente_id).exclude(last_error="").first()
    if failed:
        raise UnfinishedWorkError(f"Het werk ‘{failed.kind}’ lukte niet: {failed.last_error}.")


def _tell(story: Story, house: House, people: People, today: date) -> None:
    questions = [Question(GEZIN.law, GEZIN.need, facts_of(people[story.child]))] if story.child else []
    walk = Walk(
        person=people[story.person],
        theme=story.theme,
        days=story.days,
        worker=house.users[story.worker],
        reviewer=house.users["toetser"],
        team=house.teams[story.team],
        questions=questions,
        claimed=story.claimed,
        evaluation_on=today if story.evaluation_today else None,
        route=story.route,
    )
    case = walk_to(story.stage, walk)
    if story.then:
        story.then(walk, case)


def _refer(house: House, people: People) -> None:
    """The huisarts refers a child: no onderzoek is asked (Jeugdwet art. 2.6 lid 1 e)."""
    with acting(house.users["contactpersoon"], days_ago=6) as actor:
        question = Question(
            law="jeugd",
            need="Vaktherapie voor een kind dat slecht slaapt na een ongeluk",
            person=facts_of(people["noah"]),
            referrer=Referrer.HUISARTS,
            referrer_name="Huisartsenpraktijk De Linde",
        )
        facts = MeldingFacts(
            person=facts_of(people[REFERRED]),
            received_on=actor.today,
            route=Route.BRIEF,
            words="De huisarts verwijst Noah naar vaktherapie.",
            questions=[question],
            reporter_name="Huisartsenpraktijk De Linde",
            reporter_capacity="huisarts",
        )
        register_melding(actor=actor, gemeente_id=house.gemeente.pk, team_id=house.teams[NOORD].pk, facts=facts)
