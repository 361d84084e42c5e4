"""A gemeente, its people and a case at any point of its journey; made through the services, as a person would."""

from datetime import date, timedelta
from decimal import Decimal

from django.contrib.postgres.fields import DateTimeRangeField
from django.db.models import F, Func, Value
from django.db.models.functions import Lower, Upper

from casework import tasks as casework_tasks
from casework.enums import CaseStatus, HulpvraagStatus
from casework.models import Case, Grant, Hulpvraag, Leefgebied, Letter
from casework.services import analysis, intake, talks
from casework.services.intake import MeldingFacts, Question, Registered
from casework.services.letters import post_letter
from casework.services.people import PersonFacts, welcome_resident
from decisions import tasks as decisions_tasks
from decisions.models import Beschikking
from decisions.services import drafting
from plans import tasks as plans_tasks
from plans.enums import Agreement, Choice, Rung
from plans.models import Plan
from plans.services import agreement, choice, evaluation, plan
from providers.models import Contract, Product, Provider
from providers.selectors import products_on
from toegang.accounts import tasks as accounts_tasks
from toegang.accounts.models import Gemeente, Membership, Organisatie, RoleAssignment, Team, User
from toegang.core import outbox
from toegang.core.access import Actor, actor_for
from toegang.core.models import OutboxRow

WORK = (
    accounts_tasks,
    casework_tasks,
    plans_tasks,
    decisions_tasks,
)  # imported, they register the handlers, as in a worker
LONG_AGO = date(2020, 1, 1)
STATES = ("melding", "gesprek", "vraaganalyse", "verslag", "plan", "aanbieder", "besluit", "vastgesteld", "uitvoering",
          "evaluatie", "afgesloten")  # fmt: skip


def make_gemeente(name: str = "Voorbeeldstad", code: str = "") -> Gemeente:
    """A gemeente with everything that a letter asks; the code is the next free one."""
    organisatie, _ = Organisatie.objects.get_or_create(name="Samen Sterk")
    return Gemeente.objects.create(
        organisatie=organisatie,
        name=name,
        code=code or f"{9000 + Gemeente.objects.count():04d}",
        post_address="Postbus 1\n1000 AA  Voorbeeldstad",
        phone="14 0123",
        website="www.voorbeeldstad.example",
        bezwaar_address="Commissie bezwaarschriften\nPostbus 2\n1000 AB  Voorbeeldstad",
        rechtbank="Rechtbank Voorbeeld, Postbus 3, 1000 AC Voorbeeldstad",
        verordening_wmo="Verordening maatschappelijke ondersteuning Voorbeeldstad",
        verordening_jeugd="Verordening jeugdhulp Voorbeeldstad",
        clientondersteuning="Stichting Naast U, 0800 0001",
        vertrouwenspersoon="Jeugdstem, 088 555 1000",
    )


def make_team(gemeente: Gemeente, name: str = "Wijkteam Noord") -> Team:
    """A wijkteam of one gemeente."""
    team = Team.objects.create(organisatie=gemeente.organisatie, name=name)
    team.gemeenten.add(gemeente)
    return team


def make_staff(
    username: str, team: Team | None = None, roles: tuple[str, ...] = ("wijkteamlid",), gemeente: Gemeente | None = None
) -> User:
    """A medewerker, member of the team, with roles for the team's (or the given) gemeente."""
    user = User.objects.create_user(username, kind=User.Kind.MEDEWERKER, name=username.title(), phone="06 1")
    gemeente = gemeente or (team.gemeenten.first() if team else None)
    if team:
        Membership.objects.create(user=user, team=team, since=LONG_AGO)
    for role in roles:
        RoleAssignment.objects.create(user=user, gemeente=gemeente, role_id=role, since=LONG_AGO)
    return user


def make_beheerder(username: str, *gemeenten: Gemeente) -> User:
    """A functioneel beheerder of these gemeenten who can sign in."""
    user = make_staff(username, roles=())
    user.set_password("een lang wachtwoord")
    user.save()
    for gemeente in gemeenten:
        RoleAssignment.objects.create(user=user, gemeente=gemeente, role_id="beheerder", since=LONG_AGO)
    return user


def actor_of(user: User | None, purpose: str = "test") -> Actor:
    """The actor of this moment; ask again after a change of grants, roles or day."""
    return actor_for(user, purpose)


def make_resident(case: Case, actor: Actor) -> User:
    """The portaal account of the person whose name the case bears, with the grants on the own cases."""
    user = welcome_resident(person_id=case.person_id, actor=actor)
    age_grants(case)
    return user


def person_facts(**facts: object) -> PersonFacts:
    """An inwoner who gets letters in the portaal, unless told otherwise."""
    given: dict[str, object] = {
        "given_names": "Fatima",
        "family_name": "Yıldız",
        "born": 19780412,
        "street": "Dorpsweg",
        "house_number": "12",
        "postcode": "1234 AB",
        "city": "Voorbeeldstad",
        "letter_channel": "digitaal",
    }
    return PersonFacts(**{**given, **facts})


def melding_facts(
    laws: tuple[str, ...] = ("wmo",),
    *,
    on: date | None = None,
    referrer: str = "",
    others: tuple[Question, ...] = (),
    **person: object,
) -> MeldingFacts:
    """A melding by telephone, one question for each law, and those of others; ten days ago unless told otherwise."""
    questions = [Question(law, f"Hulp bij het huishouden ({law})", referrer=referrer) for law in laws]
    received = on or actor_for(None, "test").today - timedelta(days=10)
    questions += others
    return MeldingFacts(person_facts(**person), received, "telefoon", "Het lukt thuis niet meer.", questions)


def make_case(actor: Actor, laws: tuple[str, ...] = ("wmo",), **facts: object) -> Registered:
    """A registered melding in the actor's own gemeente and team; the actor becomes the contactpersoon."""
    become = bool(facts.pop("become_contactpersoon", True))
    (gemeente_id,), (team_id,) = actor.gemeente_ids, actor.team_ids
    registered = intake.register_melding(
        actor=actor,
        gemeente_id=gemeente_id,
        team_id=team_id,
        facts=melding_facts(laws, **facts),
        become_contactpersoon=become,
    )
    age_grants(registered.case)
    return registered


def age_grants(case: Case) -> None:
    """Move all grants of a case an hour back: in a test of one transaction now() stands still, and none could end."""
    hour = Value(timedelta(hours=1))
    earlier = Func(
        Lower(F("validity")) - hour,
        Upper(F("validity")) - hour,
        function="tstzrange",
        output_field=DateTimeRangeField(),
    )
    for grant in Grant.objects.filter(case=case).order_by("validity"):
        Grant.objects.filter(pk=grant.pk).update(validity=earlier)


def make_provider(gemeente: Gemeente, product: Product, name: str = "Zorg Dichtbij") -> Provider:
    """A provider with a contract for one product."""
    provider = Provider.objects.create(gemeente=gemeente, name=name)
    Contract.objects.create(gemeente=gemeente, provider=provider, product=product, since=LONG_AGO)
    return provider


def run_outbox() -> int:
    """Carry out all waiting work in this process, also what it leads to; gives how much. Failed work is an error."""
    done = 0
    waiting = OutboxRow.objects.filter(state=OutboxRow.State.OPEN, last_error="").values_list("key", flat=True)
    while keys := list(waiting.all()):
        for key in keys:
            outbox.run(key)
            done += 1
    failed = OutboxRow.objects.exclude(last_error="").values_list("key", "last_error")
    assert not failed, f"work failed: {list(failed)}"
    return done


def drive(case: Case, to: str) -> Case:
    """Walk a case to one of STATES by the services, with the contactpersoon (and a toetser) as actors."""
    case = fresh(case)
    for state in STATES[1 : STATES.index(to) + 1]:
        if not _passed(case, state):
            _WALK[state](case, actor_of(case.contactpersoon()))
            case = fresh(case)
    return case


def fresh(case: Case) -> Case:
    """The case as it is stored now."""
    return Case.objects.get(pk=case.pk)


def _passed(case: Case, state: str) -> bool:
    if state == "verslag":
        return not case.hulpvragen.filter(status__in=[HulpvraagStatus.GEMELD, HulpvraagStatus.ONDERZOEK]).exists()
    if state == "vastgesteld":
        return False
    return list(CaseStatus).index(CaseStatus(case.status)) >= list(CaseStatus).index(CaseStatus(state))


def _talk_planned(case: Case, actor: Actor) -> None:
    talks.plan_talk(case_id=case.pk, at=actor.now + timedelta(days=3), form="thuis", place="", actor=actor)


def send_letters(case: Case, actor: Actor) -> None:
    """Let the worker make what was ordered, and post what goes by paper."""
    run_outbox()
    for letter in Letter.objects.filter(case=case, sent_on=None, channel="papier"):
        post_letter(letter_id=letter.pk, posted_on=letter.dated, by=actor)


def held_talk(actor: Actor) -> talks.HeldTalk:
    """A conversation of today in which the rights were told and two leefgebieden discussed."""
    leefgebieden = Leefgebied.objects.valid_on(actor.today)[:2]
    return talks.HeldTalk(actor.today, "thuis", "Mevrouw zelf", "Wij spraken elkaar.", True, True, leefgebieden)


def _talk_held(case: Case, actor: Actor) -> None:
    send_letters(case, actor)
    talks.hold_talk(case_id=case.pk, held=held_talk(actor), actor=actor)


def write_analysis(case: Case, actor: Actor) -> None:
    """Judge every leefgebied and answer every part of each onderzoek that runs."""
    for note in case.leefgebied_notes.all():
        facts = {"relevant": True, "why": "Dit speelt mee.", "situation": "Zo is het nu."}
        analysis.write_note(note_id=note.pk, version=note.version, actor=actor, **facts)
    for hulpvraag in case.hulpvragen.filter(status=HulpvraagStatus.ONDERZOEK):
        answers = {part.pk: analysis.Answer("Dat is besproken.") for part in hulpvraag.parts()}
        expert = ("Karin de Wit", "gedragswetenschapper", "SKJ 123") if hulpvraag.law == "jeugd" else None
        analysis.write_onderzoek(
            hulpvraag_id=hulpvraag.pk, version=hulpvraag.version, answers=answers, expert=expert, actor=actor
        )


def _verslag_sent(case: Case, actor: Actor) -> None:
    write_analysis(case, actor)
    for hulpvraag in case.hulpvragen.filter(status=HulpvraagStatus.ONDERZOEK):
        analysis.send_verslag(hulpvraag_id=hulpvraag.pk, actor=actor)
    send_letters(case, actor)


def _analysis_completed(case: Case, actor: Actor) -> None:
    for hulpvraag in case.hulpvragen.filter(status=HulpvraagStatus.VERSLAG, reaction=""):
        analysis.record_reaction(hulpvraag_id=hulpvraag.pk, reaction="klopt", text="", on=actor.today, actor=actor)
    analysis.complete_analysis(case_id=case.pk, actor=actor)


def write_plan(case: Case, actor: Actor, *, maatwerk: bool = True) -> Plan:
    """A plan with one goal and one action, and for each hulpvraag the ladder and one line of maatwerk."""
    present = plan.open_plan(case_id=case.pk, actor=actor)
    goal = plan.add_goal(plan_id=present.pk, version=present.version, result="Het huis is schoon", actor=actor)
    plan.add_action(
        plan_id=present.pk, version=_version(present), goal_id=goal.pk, by="inwoner", what="Zelf stoffen",
        by_when=None, actor=actor,
    )  # fmt: skip
    for hulpvraag in case.hulpvragen.all() if maatwerk else ():
        findings = dict.fromkeys(Rung.values, "Dit is niet genoeg.")
        plan.walk_ladder(
            plan_id=present.pk, version=_version(present), hulpvraag_id=hulpvraag.pk, findings=findings, actor=actor
        )
        line = line_facts(hulpvraag, goal.pk, actor)
        plan.add_line(plan_id=present.pk, version=_version(present), facts=line, actor=actor)
    return Plan.objects.get(pk=present.pk)


def _version(present: Plan) -> int:
    return Plan.objects.get(pk=present.pk).version


def line_facts(hulpvraag: Hulpvraag, goal_id: object, actor: Actor) -> plan.LineFacts:
    """Three hours a week for a year, from today, of the first product of the law."""
    product = products_on(hulpvraag.law, actor.today)[0]
    until = actor.today + timedelta(days=364)
    return plan.LineFacts(
        hulpvraag.pk, goal_id, product.pk, Decimal(3), product.unit, "week", actor.today, until, "natura"
    )


def _plan_agreed(case: Case, actor: Actor) -> None:
    agree(write_plan(case, actor), actor)


def agree(present: Plan, actor: Actor) -> Plan:
    """Share the plan and record that the inwoner agrees with all of it; an evaluation follows in half a year."""
    agreement.share_plan(plan_id=present.pk, actor=actor)
    return agreement.agree_plan(
        plan_id=present.pk, agreement=Agreement.HEEL, on=actor.today, agreed_by="Fatima Yıldız", heard_by="",
        inwoner_words="", evaluation_on=actor.today + timedelta(days=180), actor=actor,
    )  # fmt: skip


def _choices_made(case: Case, actor: Actor) -> None:
    for line in case.plans.get(status="akkoord").lines.all():
        provider = make_provider(case.gemeente, line.product)
        choice.choose_provider(
            line_id=line.pk, choice=Choice.AANBIEDER, provider=provider, reason="Dichtbij huis", actor=actor
        )
    for hulpvraag in case.hulpvragen.filter(aanvraag_on=None):
        intake.register_aanvraag_on(hulpvraag_id=hulpvraag.pk, received_on=actor.today, actor=actor)
    choice.go_to_decision(case_id=case.pk, actor=actor)


def make_toetser(case: Case) -> User:
    """The toetser of the case's gemeente; the same one at each call."""
    name = f"toetser-{case.gemeente_id}"
    found = User.objects.filter(username=name).first()
    return found or make_staff(name, roles=("toetser",), gemeente=case.gemeente)


def _decisions_approved(case: Case, actor: Actor) -> None:
    for hulpvraag in case.hulpvragen.filter(status=HulpvraagStatus.AANVRAAG):
        approved_beschikking(hulpvraag, actor)


def approved_beschikking(hulpvraag: Hulpvraag, actor: Actor) -> Beschikking:
    """A decision that is drafted by the actor and approved by the toetser, ready to be issued."""
    toetser = make_toetser(hulpvraag.case)
    draft = drafting.open_draft(hulpvraag_id=hulpvraag.pk, actor=actor)
    facts = drafting.DraftFacts(draft.outcome, "Dit is nodig, omdat het anders niet lukt.", "", toetser)
    drafting.write_draft(beschikking_id=draft.pk, version=draft.version, facts=facts, actor=actor)
    drafting.submit_for_review(beschikking_id=draft.pk, actor=actor)
    age_grants(hulpvraag.case)
    return drafting.approve(beschikking_id=draft.pk, actor=actor_of(toetser))


def _decisions_sent(case: Case, actor: Actor) -> None:
    for beschikking in Beschikking.objects.filter(case=case, status="vastgesteld"):
        drafting.issue_beschikking(beschikking_id=beschikking.pk, actor=actor)
    send_letters(case, actor)


def _evaluated(case: Case, actor: Actor) -> None:
    evaluation.hold_evaluation(
        case_id=case.pk, inwoner_view="Het gaat goed", our_view="Het gaat goed", next_on=None, reason="", actor=actor
    )


def _closed(case: Case, actor: Actor) -> None:
    analysis.close_case(case_id=case.pk, reason="resultaat bereikt", actor=actor)


_WALK = {
    "gesprek": _talk_planned,
    "vraaganalyse": _talk_held,
    "verslag": _verslag_sent,
    "plan": _analysis_completed,
    "aanbieder": _plan_agreed,
    "besluit": _choices_made,
    "vastgesteld": _decisions_approved,
    "uitvoering": _decisions_sent,
    "evaluatie": _evaluated,
    "afgesloten": _closed,
}
