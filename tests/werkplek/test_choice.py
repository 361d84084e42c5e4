"""Who gives the help: per line a choice, per hulpvraag an aanvraag, and then the decision."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.contrib.messages import get_messages
from django.urls import reverse

from casework.models import Case, Hulpvraag
from plans.models import MaatwerkLine
from providers.models import Contract
from tests import factories as make
from toegang.werkplek.forms.choice import waiting_words

pytestmark = pytest.mark.django_db
LAWS = ("wmo", "jeugd")
QUERIES = 16  # the frame, the header of the case, the lines and the obstacles


@pytest.fixture
def team():
    return make.make_team(make.make_gemeente())


@pytest.fixture
def worker(team):
    return make.make_staff("sanne", team)


@pytest.fixture
def case(worker):
    """A case whose plan was agreed, with a line for each law."""
    found = make.make_case(make.actor_of(worker), LAWS).case
    make.agree(make.write_plan(found, make.actor_of(worker)), make.actor_of(worker))
    return make.fresh(found)


@pytest.fixture
def page(client, worker):
    client.force_login(worker)
    return client


def url(name, case, *args):
    return reverse(f"werkplek:{name}", args=[case.pk, *args])


def said(response):
    return [str(message) for message in get_messages(response.wsgi_request)]


def line_of(case, law="wmo"):
    return MaatwerkLine.objects.get(hulpvraag__case=case, hulpvraag__law=law)


@pytest.mark.parametrize(
    ("days", "words"),
    [
        (0, "direct plek"),
        (1, "1 dag wachten"),
        (6, "6 dagen wachten"),
        (7, "1 week wachten"),
        (10, "10 dagen wachten"),
        (21, "3 weken wachten"),
    ],
)
def test_the_waiting_time_is_told_in_words(days, words):
    assert waiting_words(days) == words


def test_the_providers_with_a_contract_are_compared_the_shortest_wait_first(page, case):
    line = line_of(case)
    slow = make.make_provider(case.gemeente, line.product, "Zorg Later")
    make.make_provider(case.gemeente, line.product, "Zorg Dichtbij")
    Contract.objects.filter(provider=slow).update(waiting_days=14)
    make.make_provider(make.make_gemeente("Elders"), line.product, "Zorg Elders")
    ended = make.make_provider(case.gemeente, line.product, "Zorg Voorbij")
    Contract.objects.filter(provider=ended).update(until=make.actor_of(None).today - timedelta(days=1))
    response = page.get(url("choice_line", case, line.pk))
    offers = [(contract.provider.name, words) for contract, words in response.context["offers"]]
    assert offers == [("Zorg Dichtbij", "direct plek"), ("Zorg Later", "2 weken wachten")]
    labels = [label for _, label in response.context["form"].fields["provider"].choices]
    assert labels == ["Geen aanbieder", "Zorg Dichtbij (direct plek)", "Zorg Later (2 weken wachten)"]


def test_without_contracts_the_page_says_what_to_choose(page, case):
    shown = page.get(url("choice_line", case, line_of(case).pk)).content.decode()
    assert "Er is geen aanbieder met een contract" in shown


@pytest.mark.parametrize(
    ("choice", "form", "named"),
    [
        ("aanbieder", "natura", True),
        ("aan_ons", "natura", True),
        ("wacht", "natura", False),
        ("pgb", "pgb", False),
        ("weigeren", "natura", False),
    ],
)
def test_each_choice_is_kept_with_its_reason(page, case, choice, form, named):
    line = line_of(case)
    provider = make.make_provider(case.gemeente, line.product)
    given = {"choice": choice, "provider": provider.pk, "reason": "Dichtbij huis"}
    after = url("pgb", case, line.pk) if choice == "pgb" else url("case_choice", case)
    assert page.post(url("choice_line", case, line.pk), given).url == after
    line.refresh_from_db()
    kept = (line.choice, line.form, line.provider, line.choice_reason)
    assert kept == (choice, form, provider if named else None, "Dichtbij huis")


def test_a_pgb_that_becomes_a_provider_is_given_in_kind_again(page, case):
    line = line_of(case)
    provider = make.make_provider(case.gemeente, line.product)
    page.post(url("choice_line", case, line.pk), {"choice": "pgb"})
    page.post(url("choice_line", case, line.pk), {"choice": "aanbieder", "provider": provider.pk})
    line.refresh_from_db()
    assert (line.choice, line.form) == ("aanbieder", "natura")


@pytest.mark.parametrize(
    ("given", "errors"),
    [
        ({"choice": ""}, {"choice": ["Kies een antwoord: Wat kiest de inwoner?"]}),
        ({"choice": "iets"}, {"choice": ["Kies een van de antwoorden"]}),
        ({"choice": "aanbieder"}, {"provider": ["Kies een aanbieder"]}),
        ({"choice": "weigeren"}, {"reason": ["Schrijf waarom u dit wilt weigeren"]}),
    ],
)
def test_a_wrong_choice_says_what_is_wrong_and_keeps_the_reason(page, case, given, errors):
    line = line_of(case)
    reason = "" if given["choice"] == "weigeren" else "Dit typte ik al"
    response = page.post(url("choice_line", case, line.pk), {**given, "reason": reason})
    assert response.context["form"].errors == errors
    assert response.context["form"]["reason"].value() == reason
    line.refresh_from_db()
    assert line.choice == ""


def test_a_provider_without_a_contract_cannot_be_sent_along(page, case):
    line = line_of(case)
    other = make.make_provider(case.gemeente, line_of(case, "jeugd").product, "Jeugdzorg")
    given = {"choice": "aanbieder", "provider": other.pk}
    response = page.post(url("choice_line", case, line.pk), given)
    assert response.context["form"].errors == {"provider": ["Kies een van de antwoorden"]}


def test_while_a_decision_is_tested_the_choice_stays_what_was_tested(page, case, worker):
    line = line_of(case)
    page.post(url("choice_line", case, line.pk), {"choice": "wacht"})
    hulpvraag = line.hulpvraag
    page.post(url("aanvraag", case, hulpvraag.pk), {"received_on": "vandaag"})
    make.approved_beschikking(Hulpvraag.objects.get(pk=hulpvraag.pk), make.actor_of(worker))
    response = page.post(url("choice_line", case, line.pk), {"choice": "aan_ons"})
    told = "Over deze hulp is een besluit onderweg. Laat dat eerst vervallen, of wacht tot het weg is."
    assert response.context["form"].non_field_errors() == [told]
    line.refresh_from_db()
    assert line.choice == "wacht"


def test_an_aanvraag_is_registered_on_its_day_and_starts_the_term(page, case):
    jeugd = case.hulpvragen.get(law="jeugd")
    assert page.post(url("aanvraag", case, jeugd.pk), {"received_on": "vandaag"}).url == url("case_choice", case)
    jeugd = Hulpvraag.objects.get(pk=jeugd.pk)
    assert (jeugd.status, jeugd.aanvraag_on, jeugd.aanvraag_premature) == (
        "aanvraag",
        make.actor_of(None).today,
        False,
    )
    assert jeugd.deadlines.filter(key="jeugd_besluit", met_on=None).count() == 1


def test_an_aanvraag_that_comes_too_early_is_registered_and_marked(page, case):
    wmo = case.hulpvragen.get(law="wmo")
    page.post(url("aanvraag", case, wmo.pk), {"received_on": "vandaag"})
    assert Hulpvraag.objects.get(pk=wmo.pk).aanvraag_premature is True
    shown = page.get(url("case_choice", case)).content.decode()
    assert "Te vroeg (Wmo 2.3.2 lid 9)" in shown
    assert "De jurist bekijkt dit." in shown


@pytest.mark.parametrize(
    ("received_on", "errors"),
    [
        ("morgen", {"__all__": ["De datum van de aanvraag ligt in de toekomst."]}),
        ("", {"received_on": ["Vul een datum in, bijvoorbeeld 4-12-2026"]}),
        ("ooit", {"received_on": ["Vul een datum in, bijvoorbeeld 4-12-2026"]}),
    ],
)
def test_a_wrong_date_of_the_aanvraag_is_refused_in_words(page, case, received_on, errors):
    wmo = case.hulpvragen.get(law="wmo")
    response = page.post(url("aanvraag", case, wmo.pk), {"received_on": received_on})
    assert response.context["form"].errors == errors
    assert Hulpvraag.objects.get(pk=wmo.pk).aanvraag_on is None


def test_an_aanvraag_before_the_melding_is_refused_with_the_date_of_the_melding(page, case):
    wmo = case.hulpvragen.get(law="wmo")
    early = f"{wmo.melding_on - timedelta(days=1):%d-%m-%Y}"
    response = page.post(url("aanvraag", case, wmo.pk), {"received_on": early})
    told = f"De aanvraag kan niet vóór de melding van {wmo.melding_on:%d-%m-%Y} liggen."
    assert response.context["form"].non_field_errors() == [told]


def test_the_same_aanvraag_sent_twice_is_registered_once(page, case):
    wmo = case.hulpvragen.get(law="wmo")
    page.post(url("aanvraag", case, wmo.pk), {"received_on": "vandaag"})
    response = page.post(url("aanvraag", case, wmo.pk), {"received_on": "vandaag"})
    told = "Deze stap kan niet meer: de stand is nu ‘Aanvraag ontvangen’."
    assert response.context["form"].non_field_errors() == [told]
    assert Hulpvraag.objects.get(pk=wmo.pk).deadlines.filter(key="wmo_besluit").count() == 1


def test_the_case_goes_to_the_decision_when_every_line_has_a_choice(page, worker):
    case = make.drive(make.make_case(make.actor_of(worker)).case, "aanbieder")
    missing = [
        ("Leg voor elke regel vast wie de hulp geeft.", url("case_choice", case)),
        ("Leg de aanvraag vast.", url("case_choice", case)),
    ]
    assert page.get(url("case_choice", case)).context["obstacles"] == missing
    refused = page.post(url("choice_done", case))
    assert said(refused) == [text for text, _ in missing]
    assert make.fresh(case).status == "aanbieder"
    page.post(url("choice_line", case, line_of(case).pk), {"choice": "wacht"})
    page.post(url("aanvraag", case, case.hulpvragen.get().pk), {"received_on": "vandaag"})
    assert page.get(url("case_choice", case)).context["obstacles"] == []
    page.post(url("choice_done", case))
    assert make.fresh(case).status == "besluit"
    again = page.post(url("choice_done", case))
    assert said(again)[-1] == "Deze stap kan niet meer: de stand is nu ‘Besluit’."


def test_a_colleague_reads_the_choices_but_makes_none(client, team, case):
    client.force_login(make.make_staff("collega", team))
    shown = client.get(url("case_choice", case)).content.decode()
    assert "Nog geen keuze" in shown
    assert "Keuze vastleggen" not in shown
    wmo = case.hulpvragen.get(law="wmo")
    addresses = [url("choice_line", case, line_of(case).pk), url("aanvraag", case, wmo.pk), url("choice_done", case)]
    given = {"choice": "wacht", "received_on": "vandaag"}
    assert {client.post(address, given).status_code for address in addresses} == {403}
    assert (line_of(case).choice, Hulpvraag.objects.get(pk=wmo.pk).aanvraag_on) == ("", None)


def test_a_stranger_finds_no_choices(client, case):
    client.force_login(make.make_staff("vreemd", make.make_team(make.make_gemeente("Elders"), "Team Elders")))
    addresses = [url("case_choice", case), url("choice_line", case, line_of(case).pk)]
    assert {client.get(address).status_code for address in addresses} == {404}


def test_the_line_of_another_case_is_not_found(page, case, worker):
    other = make.make_case(make.actor_of(worker), given_names="Bram", born=19600101).case
    make.agree(make.write_plan(other, make.actor_of(worker)), make.actor_of(worker))
    assert page.get(url("choice_line", case, line_of(other).pk)).status_code == 404


def test_a_line_of_a_plan_that_is_not_agreed_is_not_found(page, worker):
    case = make.make_case(make.actor_of(worker)).case
    make.write_plan(case, make.actor_of(worker))
    assert page.get(url("choice_line", case, line_of(case).pk)).status_code == 404
    assert "Er is nog niets te kiezen" in page.get(url("case_choice", case)).content.decode()


def test_many_lines_ask_as_many_queries_as_few(page, case, django_assert_num_queries):
    page.get(url("case_choice", case))
    with django_assert_num_queries(QUERIES):
        page.get(url("case_choice", case))
    line = line_of(case)
    for day in range(1, 11):
        line.pk, line._state.adding = uuid4(), True
        line.ends_on += timedelta(days=day)
        MaatwerkLine.objects.bulk_create([line])
    assert MaatwerkLine.objects.filter(case=case).count() == 12
    with django_assert_num_queries(QUERIES):
        page.get(url("case_choice", case))


def test_in_a_case_at_its_very_start_the_choice_can_be_made(page, case):
    assert case.status == "melding"
    page.post(url("choice_line", case, line_of(case).pk), {"choice": "wacht"})
    page.post(url("choice_line", case, line_of(case, "jeugd").pk), {"choice": "wacht"})
    assert Case.objects.get(pk=case.pk).choices_made_on == make.actor_of(None).today
