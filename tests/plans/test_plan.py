"""The services of the plan: rolled back whole, one present version, and a choice that stays what was tested."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from casework.models import Case
from plans.models import MaatwerkLine, Plan
from plans.services import agreement, choice, evaluation
from plans.services import plan as services
from tests import factories as make
from toegang.core.lifecycle import Blocked
from toegang.core.records import Stale

pytestmark = pytest.mark.django_db


@pytest.fixture
def worker():
    return make.make_staff("sanne", make.make_team(make.make_gemeente()))


@pytest.fixture
def actor(worker):
    return make.actor_of(worker)


@pytest.fixture
def case(actor):
    return make.make_case(actor).case


@pytest.fixture
def colleague(case):
    return make.actor_of(make.make_staff("collega", case.team))


def told(excinfo):
    return [obstacle.text for obstacle in excinfo.value.obstacles]


def test_a_colleague_writes_no_plan(case, colleague):
    with pytest.raises(PermissionDenied, match="Alleen de contactpersoon schrijft in deze zaak"):
        services.open_plan(case_id=case.pk, actor=colleague)
    assert not Plan.objects.exists()


def test_a_household_has_one_present_plan(case, actor):
    services.open_plan(case_id=case.pk, actor=actor)
    with pytest.raises(IntegrityError, match="one_present_plan"), transaction.atomic():
        Plan.objects.create(gemeente=case.gemeente, case=case, number=2)


def test_a_stale_write_changes_nothing(case, actor):
    plan = services.open_plan(case_id=case.pk, actor=actor)
    services.write_words(plan_id=plan.pk, version=plan.version, own_words="Eerst", actor=actor)
    with pytest.raises(Stale) as excinfo:
        services.write_words(plan_id=plan.pk, version=plan.version, own_words="Later", actor=actor)
    assert (excinfo.value.who, excinfo.value.record.own_words) == ("Sanne", "Eerst")
    assert Plan.objects.get(pk=plan.pk).own_words == "Eerst"


def test_a_line_of_another_law_or_that_ends_too_early_is_refused_with_each_reason(case, actor):
    plan = services.open_plan(case_id=case.pk, actor=actor)
    goal = services.add_goal(plan_id=plan.pk, version=plan.version, result="Rust", actor=actor)
    hulpvraag = case.hulpvragen.get()
    good = make.line_facts(hulpvraag, goal.pk, actor)
    hulpvraag.law = "jeugd"
    other = make.line_facts(hulpvraag, goal.pk, actor)
    wrong = services.LineFacts(
        **{**vars(good), "product_id": other.product_id, "ends_on": good.starts_on - timedelta(days=1)}
    )
    with pytest.raises(Blocked) as excinfo:
        services.add_line(plan_id=plan.pk, version=plan.version + 1, facts=wrong, actor=actor)
    assert told(excinfo)[1] == "De einddatum ligt vóór de begindatum."
    assert told(excinfo)[0].endswith("valt niet onder de Wmo.")
    assert not MaatwerkLine.objects.exists()


def test_an_amount_is_read_as_people_say_it(case, actor):
    make.write_plan(case, actor)
    line = MaatwerkLine.objects.get()
    said = []
    for volume, unit, frequency in ((1, "uur", "week"), ("2.50", "dagdeel", "week"), (30, "minuut", "totaal")):
        MaatwerkLine.objects.update(volume=volume, unit=unit, frequency=frequency)
        said.append(MaatwerkLine.objects.get(pk=line.pk).amount_text)
    assert said == ["1 uur per week", "2,5 dagdelen per week", "30 minuten in totaal"]


def test_an_answer_that_fails_halfway_leaves_no_trace(case, actor):
    plan = agreement.share_plan(plan_id=make.write_plan(case, actor).pk, actor=actor)
    with pytest.raises(Blocked) as excinfo:
        agreement.agree_plan(
            plan_id=plan.pk,
            agreement="heel",
            on=actor.today,
            agreed_by="Fatima",
            heard_by="",
            inwoner_words="",
            evaluation_on=actor.today - timedelta(days=1),
            actor=actor,
        )
    assert told(excinfo) == ["De datum van de evaluatie ligt in het verleden."]
    plan, case = Plan.objects.get(pk=plan.pk), Case.objects.get(pk=case.pk)
    assert (plan.status, plan.agreement, case.plan_agreed_on, case.evaluation_on) == ("gedeeld", "", None, None)


def test_a_plan_that_is_shared_was_complete(case, actor):
    plan = services.open_plan(case_id=case.pk, actor=actor)
    with pytest.raises(Blocked):
        agreement.share_plan(plan_id=plan.pk, actor=actor)
    assert Plan.objects.get(pk=plan.pk).shared_on is None


def test_no_choice_is_made_on_a_plan_without_agreement(case, actor):
    make.write_plan(case, actor)
    line = MaatwerkLine.objects.get()
    with pytest.raises(Blocked) as excinfo:
        choice.choose_provider(line_id=line.pk, choice="wacht", provider=None, reason="", actor=actor)
    assert told(excinfo) == ["Er is nog geen akkoord op dit plan. Leg daarna de keuze vast."]


def test_a_provider_without_a_contract_on_the_first_day_is_refused(case, actor):
    make.agree(make.write_plan(case, actor), actor)
    line = MaatwerkLine.objects.get()
    provider = make.make_provider(case.gemeente, line.product)
    provider.contracts.update(until=actor.today - timedelta(days=1))
    with pytest.raises(Blocked) as excinfo:
        choice.choose_provider(line_id=line.pk, choice="aanbieder", provider=provider, reason="", actor=actor)
    day = f"{actor.today:%d-%m-%Y}"
    assert told(excinfo) == [f"Zorg Dichtbij heeft op {day} geen contract voor ‘{line.product}’. Kies opnieuw."]
    assert MaatwerkLine.objects.get().choice == ""


def test_the_date_of_the_choices_is_known_when_the_last_line_has_one(actor):
    case = make.make_case(actor, ("wmo", "jeugd")).case
    make.agree(make.write_plan(case, actor), actor)
    days = []
    for line in MaatwerkLine.objects.filter(case=case):
        choice.choose_provider(line_id=line.pk, choice="wacht", provider=None, reason="", actor=actor)
        days.append(Case.objects.get(pk=case.pk).choices_made_on)
    assert days == [None, actor.today]


def test_a_colleague_moves_no_evaluation(case, actor, colleague):
    make.agree(make.write_plan(case, actor), actor)
    before = Case.objects.get(pk=case.pk).evaluation_on
    with pytest.raises(PermissionDenied, match="Alleen de contactpersoon verzet de evaluatie"):
        evaluation.move_evaluation(case_id=case.pk, due_on=actor.today, actor=colleague)
    assert Case.objects.get(pk=case.pk).evaluation_on == before


def test_a_reminder_of_an_evaluation_comes_on_its_day_and_once(case, actor):
    make.agree(make.write_plan(case, actor), actor)
    evaluatie = case.evaluaties.get()
    assert evaluation.remind_due(evaluatie_id=evaluatie.pk, actor=actor).status == "gepland"
    case.evaluaties.update(due_on=actor.today)
    states = [evaluation.remind_due(evaluatie_id=evaluatie.pk, actor=actor).status for _ in range(2)]
    assert states == ["gevraagd", "gevraagd"]
    assert evaluatie.history.filter(status="gevraagd").count() == 1
