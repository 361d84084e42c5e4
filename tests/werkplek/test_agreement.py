"""The answer of the inwoner to the plan: in each form, with what that form asks, and what it moves."""

from datetime import timedelta

import pytest
from django.contrib.messages import get_messages
from django.urls import reverse

from casework.models import Case
from plans.models import Evaluatie, Plan
from plans.services import agreement
from plans.services.evaluation import proposed_evaluation
from tests import factories as make
from toegang.core.dates import long_date

pytestmark = pytest.mark.django_db


@pytest.fixture
def team():
    return make.make_team(make.make_gemeente())


@pytest.fixture
def worker(team):
    return make.make_staff("sanne", team)


@pytest.fixture
def case(worker):
    return make.make_case(make.actor_of(worker)).case


@pytest.fixture
def page(client, worker):
    client.force_login(worker)
    return client


def shared(case, worker, *, maatwerk=True):
    plan = make.write_plan(case, make.actor_of(worker), maatwerk=maatwerk)
    return agreement.share_plan(plan_id=plan.pk, actor=make.actor_of(worker))


def url(case, name="plan_agree"):
    return reverse(f"werkplek:{name}", args=[case.pk])


def answer(today, **facts):
    given = {
        "agreement": "heel",
        "on": f"{today:%d-%m-%Y}",
        "agreed_by": "Fatima Yıldız",
        "evaluation_on": f"{today + timedelta(days=180):%d-%m-%Y}",
    }
    return {**given, **facts}


def test_the_form_proposes_today_and_a_date_for_the_evaluation(page, case, worker):
    shared(case, worker)
    form = page.get(url(case)).context["form"]
    today = make.actor_of(worker).today
    assert (form["on"].value(), form["evaluation_on"].value()) == (today, proposed_evaluation(today))


@pytest.mark.parametrize(
    ("how", "words"),
    [
        ("heel", {}),
        ("deels", {"inwoner_words": "Geen hulp op vrijdag"}),
        ("anders", {"inwoner_words": "Ik wil vier uur"}),
        ("mondeling", {"heard_by": "Sanne de Vries"}),
    ],
)
def test_an_answer_in_each_form_is_kept_with_its_own_words(page, case, worker, how, words):
    plan = shared(case, worker)
    today = make.actor_of(worker).today
    response = page.post(url(case), answer(today, agreement=how, **words))
    assert response.url == url(case, "case_plan")
    plan = Plan.objects.get(pk=plan.pk)
    assert (plan.status, plan.agreement, plan.agreed_on, plan.agreed_by) == ("akkoord", how, today, "Fatima Yıldız")
    assert {name: getattr(plan, name) for name in words} == words
    assert Evaluatie.objects.get(case=case).due_on == today + timedelta(days=180)
    shown = page.get(url(case, "case_plan")).content.decode()
    assert all(text in shown for text in words.values())


def test_no_reply_counts_only_after_a_reminder(page, case, worker):
    plan = shared(case, worker)
    given = answer(make.actor_of(worker).today, agreement="geen_reactie", agreed_by="")
    refused = page.post(url(case), given).context["form"].non_field_errors()
    assert refused == ["Stuur eerst een herinnering; pas daarna telt ‘geen reactie’."]
    assert Plan.objects.get(pk=plan.pk).status == "gedeeld"
    agreement.remind_of_plan(plan_id=plan.pk, actor=make.actor_of(worker))
    (too_soon,) = page.post(url(case), given).context["form"].non_field_errors()
    assert too_soon.startswith("De inwoner mag nog op de herinnering antwoorden tot en met ")
    long_ago = make.actor_of(worker).today - timedelta(days=30)
    Plan.objects.filter(pk=plan.pk).update(shared_on=long_ago, reminded_on=long_ago)
    assert page.post(url(case), given).url == url(case, "case_plan")
    assert Plan.objects.get(pk=plan.pk).agreement == "geen_reactie"


@pytest.mark.parametrize(
    ("wrong", "errors"),
    [
        ({"agreement": ""}, {"agreement": ["Kies een antwoord: Wat zegt de inwoner van het plan?"]}),
        ({"agreed_by": ""}, {"agreed_by": ["Vul in wie het antwoord gaf"]}),
        ({"agreement": "mondeling"}, {"heard_by": ["Vul in wie het akkoord hoorde"]}),
        ({"agreement": "deels"}, {"inwoner_words": ["Schrijf op wat de inwoner anders ziet"]}),
        ({"agreement": "anders"}, {"inwoner_words": ["Schrijf op wat de inwoner anders ziet"]}),
        ({"on": "gisteren"}, {"on": ["Vul een datum in, bijvoorbeeld 4-12-2026"]}),
        ({"on": ""}, {"on": ["Vul in op welke dag u het antwoord kreeg"]}),
        ({"evaluation_on": ""}, {"evaluation_on": ["Vul in wanneer u samen terugkijkt"]}),
        ({"on": "1-1-2020"}, {"__all__": ["De datum van het antwoord ligt vóór het delen of in de toekomst."]}),
        ({"on": "morgen"}, {"__all__": ["De datum van het antwoord ligt vóór het delen of in de toekomst."]}),
        ({"evaluation_on": "1-1-2020"}, {"__all__": ["De datum van de evaluatie ligt in het verleden."]}),
    ],
)
def test_a_wrong_answer_says_what_is_wrong_and_changes_nothing(page, case, worker, wrong, errors):
    plan = shared(case, worker)
    response = page.post(url(case), answer(make.actor_of(worker).today, **wrong))
    assert response.context["form"].errors == errors
    assert Plan.objects.get(pk=plan.pk).status == "gedeeld"
    assert Case.objects.get(pk=case.pk).plan_agreed_on is None
    assert not Evaluatie.objects.filter(case=case).exists()


def test_the_same_answer_sent_twice_is_recorded_once(page, case, worker):
    shared(case, worker)
    given = answer(make.actor_of(worker).today)
    responses = [page.post(url(case), given) for _ in range(2)]
    assert [response.url for response in responses] == [url(case, "case_plan")] * 2
    told = [str(message) for message in get_messages(responses[1].wsgi_request)]
    assert told[-1] == "Het antwoord op dit plan is al vastgelegd."
    assert Evaluatie.objects.filter(case=case).count() == 1


def test_there_is_nothing_to_answer_before_the_plan_is_shared(page, case, worker):
    make.write_plan(case, make.actor_of(worker))
    response = page.get(url(case))
    assert response.url == url(case, "case_plan")
    assert [str(message) for message in get_messages(response.wsgi_request)] == ["Deel eerst het plan met de inwoner."]


def test_an_agreed_plan_with_maatwerk_goes_on_to_the_provider(page, case, worker):
    case = make.drive(case, "plan")
    shared(case, worker)
    page.post(url(case), answer(make.actor_of(worker).today))
    case = make.fresh(case)
    assert (case.status, case.plan_has_maatwerk) == ("aanbieder", True)
    assert "Aanbieder kiezen" in page.get(url(case, "case_plan")).content.decode()


def test_an_agreed_plan_without_maatwerk_starts_the_light_help(page, case, worker):
    case = make.drive(case, "plan")
    shared(case, worker, maatwerk=False)
    page.post(url(case), answer(make.actor_of(worker).today))
    case = make.fresh(case)
    assert (case.status, case.started_on) == ("uitvoering", make.actor_of(worker).today)
    assert [h.status for h in case.hulpvragen.all()] == ["zonder_besluit"]


def test_a_colleague_and_a_stranger_record_no_answer(client, team, case, worker):
    plan = shared(case, worker)
    today = make.actor_of(worker).today
    client.force_login(make.make_staff("collega", team))
    assert (client.get(url(case)).status_code, client.post(url(case), answer(today)).status_code) == (403, 403)
    client.force_login(make.make_staff("vreemd", make.make_team(make.make_gemeente("Elders"), "Team Elders")))
    assert (client.get(url(case)).status_code, client.post(url(case), answer(today)).status_code) == (404, 404)
    assert Plan.objects.get(pk=plan.pk).status == "gedeeld"


def test_the_page_of_the_plan_tells_how_the_answer_came(page, case, worker):
    shared(case, worker)
    today = make.actor_of(worker).today
    page.post(url(case), answer(today, agreement="mondeling", heard_by="Sanne de Vries"))
    shown = page.get(url(case, "case_plan")).content.decode()
    assert f"Mondeling akkoord, op {long_date(today)}, door Fatima Yıldız. Gehoord door Sanne de Vries." in shown
