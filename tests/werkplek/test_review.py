"""Four eyes: the toetser sees what waits, judges it as another person than the drafter, and then sees no more."""

import pytest
from django.contrib.messages import get_messages
from django.urls import reverse

from casework.models import Case
from casework.services.intake import register_aanvraag_on
from decisions.models import Beschikking
from decisions.services import drafting
from plans.models import MaatwerkLine
from plans.services.choice import choose_provider
from tests import factories as make
from toegang.core.models import LogRow

pytestmark = pytest.mark.django_db
QUERIES = 13  # the frame and both lists


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
def toetser(case):
    return make.make_toetser(case)


@pytest.fixture
def waiting(case, worker, toetser):
    return submitted(case, worker, toetser)


def submitted(case, worker, toetser):
    """A decision that waits for the toetser."""
    actor = make.actor_of(worker)
    make.agree(make.write_plan(case, actor), actor)
    for line in MaatwerkLine.objects.filter(case=case):
        choose_provider(line_id=line.pk, choice="wacht", provider=None, reason="", actor=actor)
    hulpvraag = case.hulpvragen.get()
    register_aanvraag_on(hulpvraag_id=hulpvraag.pk, received_on=actor.today, actor=actor)
    draft = drafting.open_draft(hulpvraag_id=hulpvraag.pk, actor=actor)
    facts = drafting.DraftFacts("toekenning", "U kunt dit niet zelf.", "", toetser)
    drafting.write_draft(beschikking_id=draft.pk, version=draft.version, facts=facts, actor=actor)
    drafting.submit_for_review(beschikking_id=draft.pk, actor=actor)
    make.age_grants(case)
    return Beschikking.objects.get(pk=draft.pk)


LIST = reverse("werkplek:review_list")


def url(beschikking):
    return reverse("werkplek:review", args=[beschikking.pk])


def said(response):
    return [str(message) for message in get_messages(response.wsgi_request)]


def test_the_list_shows_what_waits_for_this_toetser_and_nothing_else(client, case, worker, waiting, toetser):
    second = make.make_staff("tweede-toetser", roles=("toetser",), gemeente=case.gemeente)
    other = make.make_case(make.actor_of(worker), given_names="Bram", born=19600101).case
    submitted(other, worker, second)
    client.force_login(toetser)
    response = client.get(LIST)
    assert list(response.context["rows"]) == [waiting]
    assert "Bram" not in response.content.decode()
    assert LogRow.objects.get(action="list").case_ids == [case.pk]


def test_an_empty_list_says_so(client, toetser):
    client.force_login(toetser)
    assert "U bent bij" in client.get(LIST).content.decode()


def test_the_test_shows_what_the_decision_rests_on(client, waiting, toetser):
    client.force_login(toetser)
    shown = client.get(url(waiting)).content.decode()
    line = MaatwerkLine.objects.get()
    for text in ("U kunt dit niet zelf.", line.amount_text, "Dit is niet genoeg.", "Zo ziet de brief er vandaag uit"):
        assert text in shown
    assert "Staat in dit besluit" in shown


def test_an_approval_is_the_toetsers_and_ends_the_look(client, case, waiting, toetser):
    client.force_login(toetser)
    response = client.post(url(waiting), {"action": "akkoord"})
    assert response.url == LIST
    waiting.refresh_from_db()
    assert (waiting.status, waiting.approved_by) == ("vastgesteld", toetser)
    assert waiting.approved_on == make.actor_of(toetser).today
    assert not Case.objects.visible_to(make.actor_of(toetser)).filter(pk=case.pk).exists()


def test_a_second_press_on_the_button_says_that_it_is_done(client, waiting, toetser):
    client.force_login(toetser)
    responses = [client.post(url(waiting), {"action": "akkoord"}) for _ in range(2)]
    assert [response.url for response in responses] == [LIST, LIST]
    assert said(responses[1])[-1] == "Dit besluit hoeft u niet meer te toetsen."
    assert LogRow.objects.filter(action="step", what="Besluit vastgesteld").count() == 1


def test_sent_back_goes_to_the_drafter_with_the_remarks(client, waiting, toetser):
    client.force_login(toetser)
    assert client.post(url(waiting), {"action": "terug", "remarks": "Noem de buurvrouw"}).url == LIST
    waiting.refresh_from_db()
    assert (waiting.status, waiting.remarks, waiting.approved_by) == ("concept", "Noem de buurvrouw", None)


@pytest.mark.parametrize(
    ("given", "errors"),
    [
        ({"action": "terug"}, {"remarks": ["Schrijf wat er anders moet"]}),
        ({"action": ""}, {"action": ["Kies een antwoord: Wat vindt u van dit besluit?"]}),
        ({"action": "misschien"}, {"action": ["Kies een van de antwoorden"]}),
    ],
)
def test_a_wrong_judgement_says_what_is_wrong_and_changes_nothing(client, waiting, toetser, given, errors):
    client.force_login(toetser)
    response = client.post(url(waiting), {"action": "", **given})
    assert response.context["form"].errors == errors
    waiting.refresh_from_db()
    assert waiting.status == "ter_toetsing"


def test_who_drafted_it_does_not_test_it(client, team, case, waiting, worker):
    drafter = make.make_staff("allebei", team, roles=("wijkteamlid", "toetser"))
    Beschikking.objects.filter(pk=waiting.pk).update(drafted_by=drafter, reviewer=drafter)
    client.force_login(drafter)
    for response in (client.get(url(waiting)), client.post(url(waiting), {"action": "akkoord"})):
        assert response.status_code == 403
        assert "Een ander dan de opsteller toetst dit besluit." in response.content.decode()
    waiting.refresh_from_db()
    assert waiting.status == "ter_toetsing"


def test_another_toetser_of_the_gemeente_sees_nothing(client, case, waiting):
    client.force_login(make.make_staff("tweede-toetser", roles=("toetser",), gemeente=case.gemeente))
    assert client.get(url(waiting)).status_code == 404
    assert client.post(url(waiting), {"action": "akkoord"}).status_code == 404


def test_who_is_no_toetser_finds_no_door(client, waiting, worker):
    client.force_login(worker)
    assert {client.get(address).status_code for address in (LIST, url(waiting))} == {404}


def test_a_long_list_asks_as_many_queries_as_a_short_one(client, worker, waiting, toetser, django_assert_num_queries):
    client.force_login(toetser)
    client.get(LIST)
    with django_assert_num_queries(QUERIES):
        client.get(LIST)
    for number in range(5):
        other = make.make_case(make.actor_of(worker), given_names=f"Bram{number}", born=19600101).case
        submitted(other, worker, toetser)
    with django_assert_num_queries(QUERIES):
        response = client.get(LIST)
    assert len(response.context["rows"]) == 6
