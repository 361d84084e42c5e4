"""After a take-over a case works like any other: its pages, its evaluation, a new decision, the clock, the walls."""

import re
from datetime import timedelta

import pytest
from django.db import transaction
from django.urls import reverse

from casework.models import Case, Letter
from casework.services.analysis import step_back
from casework.services.intake import register_aanvraag_on
from casework.services.people import welcome_resident
from decisions.models import Beschikking, FormerDecision, TakenOver
from decisions.selectors.gather import parts_of
from decisions.services import drafting
from plans.enums import Agreement
from plans.models import Evaluatie, MaatwerkLine, Plan
from plans.services import agreement, choice, evaluation, plan
from tests import takeover as files
from tests.factories import (
    actor_of,
    age_grants,
    approved_beschikking,
    fresh,
    make_staff,
    make_team,
    run_outbox,
    send_letters,
)
from toegang.clock.tasks import tick
from toegang.core.dates import long_date
from toegang.core.lifecycle import Blocked
from toegang.core.wall import standing_as

pytestmark = [pytest.mark.django_db, pytest.mark.filterwarnings("ignore:unclosed file .*sRGB2014:ResourceWarning")]
PAGES = ("case", "case_people", "case_talk", "case_analysis", "case_plan", "case_choice", "case_decision",
         "case_evaluation")  # fmt: skip
CHILD = {"persoon": "p2", "hoofdpersoon": "nee", "voornamen": "Deniz", "bsn": "999900171", "geboortedatum": "2012"}


@pytest.fixture
def ground():
    return files.make_ground()


@pytest.fixture
def sanne(ground):
    return ground[2]


@pytest.fixture
def case(tmp_path, ground):
    """A mother with help of a provider, and a son with a pgb; taken over, in the hands of Sanne."""
    people = [files.person(), files.person(**CHILD)]
    lines = [files.line(), files.line(persoon="p2", wet="jeugd", kenmerk="J-1", product="ambulante_jeugdhulp",
                                      vorm="pgb", aanbieder="", resultaat="Deniz gaat naar school")]  # fmt: skip
    files.take_over(files.write_files(tmp_path, people, [files.case()], lines), "--write")
    return Case.objects.get()


@pytest.fixture
def page(client, sanne):
    client.force_login(sanne)
    return client


def shown(page, case, name):
    answer = page.get(reverse(f"werkplek:{name}", args=[case.pk]))
    assert answer.status_code == 200
    return re.sub(r"\s+", " ", answer.content.decode())


def test_every_page_of_it_opens_for_the_contactpersoon(page, case, sanne):
    pages = {name: shown(page, case, name) for name in PAGES}
    assert "Houd de evaluatie" in pages["case"]
    assert "overgenomen uit een ander systeem" in pages["case"]
    assert "Overgenomen uit OudSysteem, zaak OUD-77." in pages["case"]
    assert "Afgesproken in een vorig systeem" in pages["case_plan"]
    assert "2,5 uur per week" in pages["case_plan"]
    assert "Zorg Dichtbij" in pages["case_choice"]
    today = actor_of(sanne).today
    assert f"Gepland op {long_date(today + timedelta(days=60))}" in pages["case_evaluation"]
    on = long_date(today - timedelta(days=350))
    for number in ("B-11", "J-1"):
        assert f"Besluit uit OudSysteem, kenmerk {number}, verzonden op {on}." in pages["case_decision"]
    assert "nog geen aanvraag" not in pages["case_decision"]
    assert case.reference in page.get(reverse("werkplek:worklist")).content.decode()


def test_a_case_without_contactpersoon_waits_for_distribution(tmp_path, ground, client):
    folder = files.write_files(tmp_path, [files.person()], [files.case(contactpersoon="")], [files.line()])
    files.take_over(folder, "--write")
    client.force_login(make_staff("tess", ground[1], roles=("teamleider",)))
    listed = client.get(reverse("werkplek:team_list")).content.decode()
    assert Case.objects.get().reference in listed
    assert "nog niemand" in client.get(reverse("werkplek:case", args=[Case.objects.get().pk])).content.decode()


def test_its_evaluation_is_held_and_the_next_one_is_planned(page, case, sanne):
    today = actor_of(sanne).today
    next_on = today + timedelta(days=180)
    given = {"inwoner_view": "Goed", "our_view": "Goed", "follow_up": "doorgaan", "next_on": f"{next_on:%d-%m-%Y}"}
    assert page.post(reverse("werkplek:case_evaluation", args=[case.pk]), given).status_code == 302
    assert fresh(case).status == "uitvoering"
    assert list(Evaluatie.objects.order_by("due_on").values_list("status", "due_on", "held_on")) == [
        ("afgerond", today + timedelta(days=60), today), ("gepland", next_on, None),
    ]  # fmt: skip


def test_the_clock_reminds_of_its_evaluation_on_the_day(case):
    tick()
    run_outbox()
    evaluatie = Evaluatie.objects.get()
    assert evaluatie.status == "gepland"
    Evaluatie.objects.update(due_on=case.opened_on)
    tick()
    run_outbox()
    assert Evaluatie.objects.get().status == "gevraagd"


def test_its_help_is_extended_by_a_new_decision(page, case, sanne):
    """The inwoner asks for more of the same: an aanvraag, a decision of our own, and the help goes on."""
    actor = actor_of(sanne)
    hulpvraag = case.hulpvragen.get(law="wmo")
    register_aanvraag_on(hulpvraag_id=hulpvraag.pk, received_on=actor.today, actor=actor)
    decision = approved_beschikking(hulpvraag, actor)
    drafting.issue_beschikking(beschikking_id=decision.pk, actor=actor)
    send_letters(case, actor)
    sent = Beschikking.objects.get()
    assert (sent.status, [line.product.key for line in sent.lines.all()]) == ("verzonden", ["huishoudelijke_hulp"])
    assert fresh(case).status == "uitvoering"
    assert case.hulpvragen.get(law="wmo").status == "loopt"
    assert list(Letter.objects.values_list("kind", flat=True)) == ["beschikking"]
    text = shown(page, case, "case_decision")
    assert sent.number in text
    assert "kenmerk B-11" in text


def test_its_plan_is_changed_by_a_new_version(case, sanne):
    actor = actor_of(sanne)
    evaluation.hold_evaluation(
        case_id=case.pk, inwoner_view="Goed", our_view="Minder kan", next_on=None, reason="", actor=actor
    )
    with transaction.atomic():
        step_back(case_id=case.pk, step="return_to_plan", reason="Minder kan", actor=actor)
    new = plan.open_plan(case_id=case.pk, actor=actor)
    assert list(Plan.objects.order_by("number").values_list("number", "status")) == [(1, "vervangen"), (2, "concept")]
    assert [goal.result for goal in new.goals.all()] == ["Het huis is schoon", "Deniz gaat naar school"]


def test_the_answer_of_an_old_system_cannot_be_given_to_a_new_plan(case, sanne):
    actor = actor_of(sanne)
    fresh_plan = Plan(gemeente_id=case.gemeente_id, case=case, number=2)
    Plan.objects.update(status="vervangen")
    fresh_plan.save()
    goal = plan.add_goal(plan_id=fresh_plan.pk, version=1, result="Rust", actor=actor)
    plan.add_action(
        plan_id=fresh_plan.pk, version=2, goal_id=goal.pk, by="inwoner", what="Slapen", by_when=None, actor=actor
    )
    agreement.share_plan(plan_id=fresh_plan.pk, actor=actor)
    facts = {"on": actor.today, "agreed_by": "x", "heard_by": "", "inwoner_words": "", "evaluation_on": actor.today}
    with pytest.raises(Blocked, match="Leg vast wat de inwoner van dit plan vindt"):
        agreement.agree_plan(plan_id=fresh_plan.pk, agreement=Agreement.OVERGENOMEN, actor=actor, **facts)
    agreement.agree_plan(plan_id=fresh_plan.pk, agreement=Agreement.HEEL, actor=actor, **facts)


@pytest.mark.parametrize("wanted", ["weigeren", "pgb"])
def test_what_the_old_decision_granted_is_changed_by_a_new_decision_only(case, sanne, wanted):
    line = MaatwerkLine.objects.get(form="natura")
    facts = {"line_id": line.pk, "provider": None, "reason": "x", "actor": actor_of(sanne)}
    with pytest.raises(Blocked, match="Over deze hulp is al een besluit verzonden"):
        choice.choose_provider(choice=wanted, **facts)
    choice.choose_provider(choice="wacht", **facts)
    assert MaatwerkLine.objects.get(pk=line.pk).choice == "wacht"


def test_another_team_sees_nothing_of_it_by_page_or_by_row(client, case, ground):
    stranger = make_staff("els", make_team(ground[0], "Wijkteam Zuid"))
    client.force_login(stranger)
    for name in PAGES:
        assert client.get(reverse(f"werkplek:{name}", args=[case.pk])).status_code == 404
    with transaction.atomic(), standing_as(actor_of(stranger)):
        assert (TakenOver.objects.count(), FormerDecision.objects.count()) == (0, 0)
    with transaction.atomic(), standing_as(actor_of(ground[2])):
        assert (TakenOver.objects.count(), FormerDecision.objects.count()) == (1, 2)


def test_each_gets_the_own_former_decision_in_the_inzage_pack(case, sanne):
    day = actor_of(sanne).today - timedelta(days=350)
    for law, number in (("wmo", "B-11"), ("jeugd", "J-1")):
        person = case.hulpvragen.get(law=law).person
        decided = [part for part in parts_of(case, person) if part.group == "besluit"]
        assert [(part.kind, part.hold, [f.value for f in part.fields]) for part in decided] == [
            ("eerder_besluit", "", ["OudSysteem", number, day])
        ]


def test_the_inwoner_sees_the_help_and_the_plan_in_the_portaal(client, case, sanne):
    client.force_login(welcome_resident(person_id=case.person_id, actor=actor_of(sanne)))
    age_grants(case)
    assert case.reference in client.get(reverse("portaal:home")).content.decode()
    text = client.get(reverse("portaal:plan", args=[Plan.objects.get().pk])).content.decode()
    assert "U sprak dit plan eerder met ons af." in text
    assert "Het huis is schoon" in text


def test_who_has_an_account_already_sees_the_new_case_too(tmp_path, case, ground, sanne):
    user = welcome_resident(person_id=case.person_id, actor=actor_of(sanne))
    Case.objects.update(status="afgesloten", closed_on=case.opened_on, close_reason="verhuisd")
    files.write_files(tmp_path, [files.person()], [files.case(zaaknummer="X-1")], [files.line()])
    files.take_over(tmp_path, "--write", source="Ander systeem")
    taken = Case.objects.get(status="uitvoering")
    assert taken.grants.filter(user=user, kind="inwoner").count() == 1
