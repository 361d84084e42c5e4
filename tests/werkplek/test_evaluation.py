"""The evaluation: planned, moved, held, and what follows; in any state of the case."""

from datetime import timedelta

import pytest
from django.contrib.messages import get_messages
from django.urls import reverse

from plans.models import Evaluatie
from plans.services.evaluation import proposed_evaluation, remind_due
from tests import factories as make
from toegang.core.dates import long_date

pytestmark = pytest.mark.django_db
VIEWS = {"inwoner_view": "Het gaat beter", "our_view": "Minder hulp kan"}


@pytest.fixture
def team():
    return make.make_team(make.make_gemeente())


@pytest.fixture
def worker(team):
    return make.make_staff("sanne", team)


@pytest.fixture
def case(worker):
    """A case with an agreed plan, so with a planned evaluation."""
    found = make.make_case(make.actor_of(worker)).case
    make.agree(make.write_plan(found, make.actor_of(worker), maatwerk=False), make.actor_of(worker))
    return make.fresh(found)


@pytest.fixture
def running(worker):
    """A case whose light help runs."""
    found = make.drive(make.make_case(make.actor_of(worker)).case, "plan")
    make.agree(make.write_plan(found, make.actor_of(worker), maatwerk=False), make.actor_of(worker))
    return make.fresh(found)


@pytest.fixture
def page(client, worker):
    client.force_login(worker)
    return client


def url(case, name="case_evaluation"):
    return reverse(f"werkplek:{name}", args=[case.pk])


def said(response):
    return [str(message) for message in get_messages(response.wsgi_request)]


def going_on(worker, days=180, **facts):
    on = make.actor_of(worker).today + timedelta(days=days)
    return {**VIEWS, "follow_up": "doorgaan", "next_on": f"{on:%d-%m-%Y}", **facts}


def test_the_page_shows_the_date_and_whether_a_reminder_went_out(page, case, worker):
    today = make.actor_of(worker).today
    shown = page.get(url(case)).content.decode()
    assert f"Gepland op {long_date(today + timedelta(days=180))}" in shown
    assert "U krijgt een herinnering op de dag zelf." in shown
    evaluatie = Evaluatie.objects.get(case=case)
    Evaluatie.objects.filter(pk=evaluatie.pk).update(due_on=today)
    remind_due(evaluatie_id=evaluatie.pk, actor=make.actor_of(worker))
    assert f"U bent herinnerd op {long_date(today)}." in page.get(url(case)).content.decode()


def test_the_form_proposes_the_next_date(page, case, worker):
    form = page.get(url(case)).context["form"]
    assert form["next_on"].value() == proposed_evaluation(make.actor_of(worker).today)


def test_help_that_goes_on_gets_a_next_evaluation(page, running, worker):
    assert page.post(url(running), going_on(worker)).url == url(running)
    today = make.actor_of(worker).today
    held, planned = Evaluatie.objects.filter(case=running).order_by("held_on")
    assert (held.status, held.held_on, held.inwoner_view, held.our_view) == ("afgerond", today, *VIEWS.values())
    assert (planned.status, planned.due_on) == ("gepland", today + timedelta(days=180))
    assert make.fresh(running).status == "uitvoering"
    assert "Het gaat beter" in page.get(url(running)).content.decode()


def test_the_same_evaluation_sent_twice_is_held_once(page, running, worker):
    page.post(url(running), going_on(worker))
    response = page.post(url(running), going_on(worker))
    assert response.context["form"].non_field_errors() == ["De evaluatie van vandaag is al vastgelegd."]
    assert Evaluatie.objects.filter(case=running, status="afgerond").count() == 1
    assert Evaluatie.objects.filter(case=running, status="gepland").count() == 1


def test_help_that_must_change_goes_back_to_the_plan_with_the_reason(page, running):
    given = {**VIEWS, "follow_up": "aanpassen", "reason": "Het kan met minder"}
    assert page.post(url(running), given).url == url(running, "case_plan")
    case = make.fresh(running)
    assert (case.status, case.plan_agreed_on) == ("plan", None)
    assert case.history.first().history_change_reason == "Het kan met minder"


def test_help_that_is_not_needed_leads_to_closing(page, running):
    response = page.post(url(running), {**VIEWS, "follow_up": "afsluiten"})
    assert response.url == url(running, "case_close")
    assert make.fresh(running).status == "evaluatie"


def test_in_a_case_that_is_elsewhere_the_evaluation_can_be_held(page, case, worker):
    assert case.status == "melding"
    assert page.post(url(case), going_on(worker)).url == url(case)
    assert make.fresh(case).status == "melding"
    assert [e.status for e in Evaluatie.objects.filter(case=case).order_by("status")] == ["afgerond", "gepland"]


@pytest.mark.parametrize(
    ("wrong", "errors"),
    [
        ({"inwoner_view": ""}, {"inwoner_view": ["Vul dit in: Wat vindt de inwoner?"]}),
        ({"our_view": "  "}, {"our_view": ["Vul dit in: Wat vindt u?"]}),
        ({"follow_up": ""}, {"follow_up": ["Kies een antwoord: Hoe gaat het verder?"]}),
        ({"next_on": ""}, {"next_on": ["Vul in wanneer u weer terugkijkt, bijvoorbeeld 4-12-2026"]}),
        ({"next_on": "ooit"}, {"next_on": ["Vul een datum in, bijvoorbeeld 4-12-2026"]}),
        ({"next_on": "1-1-2020"}, {"__all__": ["De datum van de evaluatie ligt in het verleden."]}),
        ({"follow_up": "aanpassen"}, {"reason": ["Schrijf waarom het plan anders moet"]}),
    ],
)
def test_a_wrong_evaluation_says_what_is_wrong_and_keeps_what_was_typed(page, case, worker, wrong, errors):
    given = going_on(worker, **wrong)
    response = page.post(url(case), given)
    assert response.context["form"].errors == errors
    assert response.context["form"]["our_view"].value() == given["our_view"]
    assert [e.status for e in Evaluatie.objects.filter(case=case)] == ["gepland"]


def test_without_a_planned_evaluation_there_is_none_to_hold(page, worker):
    case = make.make_case(make.actor_of(worker)).case
    assert "Er is geen evaluatie gepland" in page.get(url(case)).content.decode()
    response = page.post(url(case), going_on(worker))
    assert response.context["form"].non_field_errors() == ["Er is geen evaluatie gepland."]


def test_the_evaluation_moves_to_another_date(page, case, worker):
    response = page.post(url(case, "evaluation_move"), {"due_on": "morgen"})
    assert said(response) == ["De evaluatie staat op de nieuwe datum."]
    tomorrow = make.actor_of(worker).today + timedelta(days=1)
    assert (Evaluatie.objects.get(case=case).due_on, make.fresh(case).evaluation_on) == (tomorrow, tomorrow)


@pytest.mark.parametrize(
    ("due_on", "errors"),
    [
        ("", {"due_on": ["Vul een datum in, bijvoorbeeld 4-12-2026"]}),
        ("1-1-2020", {"__all__": ["De datum van de evaluatie ligt in het verleden."]}),
    ],
)
def test_a_wrong_date_is_refused_in_words(page, case, due_on, errors):
    before = Evaluatie.objects.get(case=case).due_on
    response = page.post(url(case, "evaluation_move"), {"due_on": due_on})
    assert response.context["move_form"].errors == errors
    assert Evaluatie.objects.get(case=case).due_on == before


def test_a_colleague_reads_but_holds_and_moves_nothing(client, team, case, worker):
    client.force_login(make.make_staff("collega", team))
    shown = client.get(url(case)).content.decode()
    assert "Gepland op" in shown
    assert "Evaluatie vastleggen" not in shown
    assert client.post(url(case), going_on(worker)).status_code == 403
    assert client.post(url(case, "evaluation_move"), {"due_on": "morgen"}).status_code == 403
    assert [e.status for e in Evaluatie.objects.filter(case=case)] == ["gepland"]


def test_a_stranger_finds_no_evaluation(client, case, worker):
    client.force_login(make.make_staff("vreemd", make.make_team(make.make_gemeente("Elders"), "Team Elders")))
    assert client.get(url(case)).status_code == 404
    assert client.post(url(case), going_on(worker)).status_code == 404
