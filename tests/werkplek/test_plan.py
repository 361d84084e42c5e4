"""The plan page: written part by part, refused in words, shared, never written by who may not."""

from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.contrib.messages import get_messages
from django.urls import reverse
from django.utils.html import escape

from casework.models import Letter
from casework.services.analysis import step_back
from plans.models import Action, Goal, LadderRung, MaatwerkLine, Plan
from plans.services import plan as services
from providers.selectors import products_on
from tests import factories as make
from toegang.core.models import LogRow

pytestmark = pytest.mark.django_db
LAWS = ("wmo", "jeugd")
QUERIES = 21  # the frame, the header of the case, and one for each kind of thing in a plan


@pytest.fixture
def team():
    return make.make_team(make.make_gemeente())


@pytest.fixture
def worker(team):
    return make.make_staff("sanne", team)


@pytest.fixture
def case(worker):
    return make.make_case(make.actor_of(worker), LAWS).case


@pytest.fixture
def page(client, worker):
    client.force_login(worker)
    return client


def url(name, case, *args):
    return reverse(f"werkplek:{name}", args=[case.pk, *args])


def said(response):
    """The sentences that the next page shows."""
    return [str(message) for message in get_messages(response.wsgi_request)]


def begun(case):
    return services.open_plan(case_id=case.pk, actor=make.actor_of(case.contactpersoon()))


def with_goal(case, result="Het huis is schoon"):
    plan = begun(case)
    services.add_goal(plan_id=plan.pk, version=plan.version, result=result, actor=make.actor_of(case.contactpersoon()))
    return Plan.objects.get(pk=plan.pk)


def line_post(case, plan, law="wmo", **facts):
    today = make.actor_of(case.contactpersoon()).today
    product = products_on(law, today)[0]
    given = {
        "version": plan.version,
        "product": product.pk,
        "goal": plan.goals.get().pk,
        "volume": "2,5",
        "unit": product.unit,
        "frequency": "week",
        "starts_on": "morgen",
        "ends_on": f"{today + timedelta(days=200):%d-%m-%Y}",
        "form": "natura",
    }
    return {**given, **facts}


def test_without_a_plan_the_page_says_so_and_offers_to_begin(page, case):
    shown = page.get(url("case_plan", case)).content.decode()
    assert "Er is nog geen plan" in shown
    assert "Plan beginnen" in shown


def test_beginning_makes_one_plan_however_often_the_button_is_pressed(page, case):
    for _ in range(2):
        assert page.post(url("plan_open", case)).url == url("case_plan", case)
    assert Plan.objects.filter(case=case).count() == 1


def test_a_page_of_the_plan_before_it_is_begun_leads_back_with_a_sentence(page, case):
    response = page.get(url("plan_words", case))
    assert response.url == url("case_plan", case)
    assert said(response) == ["Begin eerst het plan."]


def test_the_words_of_the_inwoner_are_kept(page, case):
    plan = begun(case)
    response = page.post(url("plan_words", case), {"version": plan.version, "own_words": "Ik wil weer koken."})
    assert response.url == url("case_plan", case)
    plan = Plan.objects.get(pk=plan.pk)
    assert plan.own_words == "Ik wil weer koken."
    assert plan.history.first().history_user == case.contactpersoon()


def test_empty_words_are_refused_at_the_field_and_change_nothing(page, case):
    plan = begun(case)
    response = page.post(url("plan_words", case), {"version": plan.version, "own_words": "  "})
    assert response.context["form"].errors == {"own_words": ["Vul dit in: Wat wil de inwoner bereiken?"]}
    assert Plan.objects.get(pk=plan.pk).version == plan.version


def test_words_written_by_two_people_are_both_shown_and_neither_is_lost(page, case):
    plan = begun(case)
    page.post(url("plan_words", case), {"version": plan.version, "own_words": "De eerste tekst"})
    response = page.post(url("plan_words", case), {"version": plan.version, "own_words": "De tweede tekst"})
    assert response.status_code == 409
    assert response.context["fields"] == [("Wat de inwoner wil bereiken", "De tweede tekst", "De eerste tekst")]
    assert Plan.objects.get(pk=plan.pk).own_words == "De eerste tekst"


def test_the_same_words_sent_twice_are_saved_once(page, case):
    plan = begun(case)
    for _ in range(2):
        response = page.post(url("plan_words", case), {"version": plan.version, "own_words": "Rust in huis"})
        assert response.url == url("case_plan", case)
    assert Plan.objects.get(pk=plan.pk).version == plan.version + 1


def test_a_goal_sent_twice_is_added_once(page, case):
    plan = begun(case)
    for _ in range(2):
        response = page.post(url("plan_goal", case), {"version": plan.version, "result": "Rust in huis"})
        assert response.url == url("case_plan", case)
    assert [goal.result for goal in Goal.objects.filter(plan=plan)] == ["Rust in huis"]


def test_another_goal_with_an_old_version_shows_what_is_there(page, case):
    plan = with_goal(case)
    response = page.post(url("plan_goal", case), {"version": plan.version - 1, "result": "Rust in huis"})
    assert response.status_code == 409
    assert response.context["fields"] == [("Doel", "Rust in huis", "Het huis is schoon")]


def test_an_action_belongs_to_its_goal(page, case):
    plan = with_goal(case)
    given = {"version": plan.version, "by": "netwerk", "what": "Buurvrouw kookt mee", "by_when": "4 december 2099"}
    assert page.post(url("plan_action", case, plan.goals.get().pk), given).url == url("case_plan", case)
    action = Action.objects.get(goal__plan=plan)
    assert (action.by, action.what, action.by_when.isoformat()) == ("netwerk", "Buurvrouw kookt mee", "2099-12-04")


@pytest.mark.parametrize(
    ("wrong", "errors"),
    [
        ({"by": ""}, {"by": ["Kies een antwoord: Wie doet dit?"]}),
        ({"what": ""}, {"what": ["Vul dit in: Wat gaat er gebeuren?"]}),
        ({"by_when": "31 februari 2027"}, {"by_when": ["Deze datum bestaat niet: februari 2027 heeft geen 31 dagen"]}),
    ],
)
def test_a_wrong_action_says_what_is_wrong_and_keeps_what_was_typed(page, case, wrong, errors):
    plan = with_goal(case)
    given = {"version": plan.version, "by": "inwoner", "what": "Zelf koken", "by_when": "", **wrong}
    response = page.post(url("plan_action", case, plan.goals.get().pk), given)
    assert response.context["form"].errors == errors
    assert response.context["form"]["what"].value() == given["what"]
    assert not Action.objects.filter(goal__plan=plan).exists()


def test_the_goal_of_another_case_is_not_found(page, case, worker):
    other = make.make_case(make.actor_of(worker), given_names="Bram", born=19600101).case
    theirs = with_goal(other).goals.get()
    begun(case)
    assert page.get(url("plan_action", case, theirs.pk)).status_code == 404


def test_the_ladder_is_kept_per_hulpvraag_also_half_done(page, case):
    plan = begun(case)
    wmo, jeugd = case.hulpvragen.get(law="wmo"), case.hulpvragen.get(law="jeugd")
    given = {"version": plan.version, "eigen_kracht": "Kookt zelf", "netwerk": "Zus belt"}
    assert page.post(url("plan_ladder", case, wmo.pk), given).url == url("case_plan", case)
    found = dict(LadderRung.objects.filter(hulpvraag=wmo).values_list("rung", "finding"))
    assert found == {"eigen_kracht": "Kookt zelf", "gebruikelijk": "", "netwerk": "Zus belt", "algemeen": ""}
    assert not LadderRung.objects.filter(hulpvraag=jeugd).exists()


def test_a_stale_ladder_shows_both_findings(page, case):
    plan = begun(case)
    wmo = case.hulpvragen.get(law="wmo")
    page.post(url("plan_ladder", case, wmo.pk), {"version": plan.version, "netwerk": "Zus belt"})
    response = page.post(url("plan_ladder", case, wmo.pk), {"version": plan.version, "netwerk": "Broer komt"})
    assert response.status_code == 409
    assert ("Wat kunnen mantelzorg en netwerk?", "Broer komt", "Zus belt") in response.context["fields"]


def test_maatwerk_begins_with_the_products_of_the_law_of_the_hulpvraag(page, case):
    with_goal(case)
    jeugd = case.hulpvragen.get(law="jeugd")
    form = page.get(url("plan_line", case, jeugd.pk)).context["form"]
    names = [product.name for product in form.fields["product"].queryset]
    assert names == [product.name for product in products_on("jeugd", make.actor_of(None).today)]
    assert "hulp bij het huishouden" not in names


def test_a_chosen_product_fills_in_its_unit_and_usual_frequency(page, case):
    with_goal(case)
    product = products_on("wmo", make.actor_of(None).today).get(key="dagbesteding")
    form = page.get(url("plan_line", case, case.hulpvragen.get(law="wmo").pk), {"product": product.pk}).context["form"]
    assert (form["product"].value(), form["unit"].value(), form["frequency"].value()) == (
        product.pk,
        "dagdeel",
        "week",
    )


def test_maatwerk_before_there_is_a_goal_leads_to_the_goal(page, case):
    begun(case)
    response = page.get(url("plan_line", case, case.hulpvragen.get(law="wmo").pk))
    assert response.url == url("plan_goal", case)
    assert said(response) == ["Voeg eerst een doel toe. Daarna kunt u maatwerk toevoegen."]


def test_a_line_of_maatwerk_holds_amount_period_and_form(page, case):
    plan = with_goal(case)
    wmo = case.hulpvragen.get(law="wmo")
    response = page.post(url("plan_line", case, wmo.pk), line_post(case, plan, form="pgb"))
    assert response.url == url("case_plan", case)
    line = MaatwerkLine.objects.get(plan=plan)
    assert (line.volume, line.unit, line.frequency, line.form) == (Decimal("2.5"), line.product.unit, "week", "pgb")
    assert line.hulpvraag == wmo
    assert (line.ends_on - line.starts_on).days == 199


def test_the_same_line_sent_twice_is_added_once(page, case):
    plan = with_goal(case)
    given, address = line_post(case, plan), url("plan_line", case, case.hulpvragen.get(law="wmo").pk)
    assert [page.post(address, given).url for _ in range(2)] == [url("case_plan", case)] * 2
    assert MaatwerkLine.objects.filter(plan=plan).count() == 1


@pytest.mark.parametrize(
    ("wrong", "errors"),
    [
        ({"ends_on": "vandaag"}, {"ends_on": ["De laatste dag ligt vóór de eerste dag"]}),
        ({"volume": "0"}, {"volume": ["Vul een getal in dat groter is dan 0"]}),
        ({"volume": "veel"}, {"volume": ["Vul een getal in, bijvoorbeeld 12,50"]}),
        ({"volume": "1,234"}, {"volume": ["Gebruik hoogstens 2 cijfers achter de komma"]}),
        ({"volume": "123456"}, {"volume": ["Dit getal is te groot. Gebruik hoogstens 5 cijfers vóór de komma"]}),
        ({"starts_on": "31-2-2027"}, {"starts_on": ["Deze datum bestaat niet: februari 2027 heeft geen 31 dagen"]}),
        ({"starts_on": ""}, {"starts_on": ["Vul de eerste dag van de hulp in"]}),
        ({"ends_on": ""}, {"ends_on": ["Vul de laatste dag van de hulp in"]}),
        ({"unit": "emmer"}, {"unit": ["Kies een van de antwoorden"]}),
        ({"form": ""}, {"form": ["Kies een antwoord: In welke vorm?"]}),
        ({"goal": str(uuid4())}, {"goal": ["Kies een van de antwoorden"]}),
    ],
)
def test_a_wrong_line_says_what_is_wrong_and_adds_nothing(page, case, wrong, errors):
    plan = with_goal(case)
    given = line_post(case, plan, **wrong)
    response = page.post(url("plan_line", case, case.hulpvragen.get(law="wmo").pk), given)
    assert response.context["form"].errors == errors
    assert response.context["form"]["volume"].value() == given["volume"]
    assert not MaatwerkLine.objects.filter(plan=plan).exists()


def test_a_product_of_another_law_is_refused(page, case):
    plan = with_goal(case)
    given = line_post(case, plan, law="jeugd")
    response = page.post(url("plan_line", case, case.hulpvragen.get(law="wmo").pk), given)
    assert response.context["form"].errors == {"product": ["Kies een van de antwoorden"]}
    assert not MaatwerkLine.objects.filter(plan=plan).exists()


def test_overlapping_maatwerk_is_told_in_a_sentence(page, case):
    plan = with_goal(case)
    address = url("plan_line", case, case.hulpvragen.get(law="wmo").pk)
    page.post(address, line_post(case, plan))
    plan.refresh_from_db()
    response = page.post(address, line_post(case, plan, volume="4"))
    name = MaatwerkLine.objects.get().product.name
    told = f"‘{name}’ staat al in dit plan voor deze periode. Haal die regel eerst weg."
    assert response.context["form"].non_field_errors() == [told]
    assert MaatwerkLine.objects.count() == 1


def test_maatwerk_is_taken_out_and_stays_in_the_history(page, case):
    plan = with_goal(case)
    page.post(url("plan_line", case, case.hulpvragen.get(law="wmo").pk), line_post(case, plan))
    line = MaatwerkLine.objects.get()
    responses = [page.post(url("plan_line_remove", case, line.pk)) for _ in range(2)]
    assert [response.url for response in responses] == [url("case_plan", case)] * 2
    assert "Dit maatwerk staat niet meer in het plan." in said(responses[1])
    assert not MaatwerkLine.objects.exists()
    assert [row.history_type for row in MaatwerkLine.history.order_by("history_date")] == ["+", "-"]


def test_what_is_missing_stands_there_as_links_to_where_it_is_written(page, case):
    plan = with_goal(case)
    goal, wmo = plan.goals.get(), case.hulpvragen.get(law="wmo")
    page.post(url("plan_line", case, wmo.pk), line_post(case, plan))
    obstacles = page.get(url("case_plan", case)).context["obstacles"]
    assert obstacles == [
        ("Het doel ‘Het huis is schoon’ heeft nog geen actie.", url("plan_action", case, goal.pk)),
        ("Ladder (Wmo): ‘Wat kan de inwoner zelf?’ is nog leeg.", url("plan_ladder", case, wmo.pk)),
        ("Ladder (Wmo): ‘Wat doen huisgenoten voor elkaar?’ is nog leeg.", url("plan_ladder", case, wmo.pk)),
        ("Ladder (Wmo): ‘Wat kunnen mantelzorg en netwerk?’ is nog leeg.", url("plan_ladder", case, wmo.pk)),
        (
            "Ladder (Wmo): ‘Wat is er vrij toegankelijk, of via een andere wet?’ is nog leeg.",
            url("plan_ladder", case, wmo.pk),
        ),
    ]


def test_an_empty_plan_is_not_shared_and_the_page_says_why(page, case):
    plan = begun(case)
    response = page.post(url("plan_share", case))
    assert said(response) == ["Schrijf ten minste één doel, in de woorden van de inwoner."]
    assert Plan.objects.get(pk=plan.pk).status == "concept"
    assert page.get(url("case_plan", case)).context["obstacles"] == [
        ("Schrijf ten minste één doel, in de woorden van de inwoner.", url("plan_goal", case))
    ]


def test_a_complete_plan_is_shared_once(page, case):
    plan = make.write_plan(case, make.actor_of(case.contactpersoon()))
    first, second = (page.post(url("plan_share", case)) for _ in range(2))
    assert said(first) == ["Het plan is gedeeld. De inwoner kan het lezen."]
    assert said(second)[-1] == "Deze stap kan niet meer: de stand is nu ‘Gedeeld met de inwoner’."
    assert Plan.objects.get(pk=plan.pk).shared_on == make.actor_of(None).today
    assert LogRow.objects.filter(case_id=case.pk, action="step", what="Plan gedeeld").count() == 1


def test_a_shared_plan_can_be_taken_back_to_change_it(page, case):
    plan = make.write_plan(case, make.actor_of(case.contactpersoon()))
    page.post(url("plan_share", case))
    refused = page.get(url("plan_goal", case))
    assert said(refused)[-1] == "Dit plan kunt u nu niet wijzigen: het is ‘Gedeeld met de inwoner’."
    page.post(url("plan_take_back", case))
    assert Plan.objects.get(pk=plan.pk).status == "concept"
    assert page.get(url("plan_goal", case)).status_code == 200


def test_text_typed_while_a_colleague_shared_the_plan_is_kept_on_the_page(page, case):
    plan = make.write_plan(case, make.actor_of(case.contactpersoon()))
    page.post(url("plan_share", case))
    response = page.post(url("plan_words", case), {"version": plan.version, "own_words": "Een lange tekst"})
    told = "Dit plan kunt u nu niet wijzigen: het is ‘Gedeeld met de inwoner’."
    assert response.context["form"].non_field_errors() == [told]
    assert "Een lange tekst" in response.content.decode()


def test_a_reminder_is_one_letter_a_day(page, case):
    make.write_plan(case, make.actor_of(case.contactpersoon()))
    page.post(url("plan_share", case))
    responses = [page.post(url("plan_remind", case)) for _ in range(2)]
    assert "De herinnering gaat weg." in said(responses[0])
    assert said(responses[1])[-1] == "Vandaag ging al een herinnering weg."
    assert Letter.objects.filter(case=case, kind="herinnering_plan").count() == 1


def test_a_former_version_stays_readable_and_the_new_one_is_filled_with_it(page, case, worker):
    case = make.drive(case, "aanbieder")
    step_back(case_id=case.pk, step="return_to_plan", reason="Het moet anders", actor=make.actor_of(worker))
    assert "Nieuwe versie beginnen" in page.get(url("case_plan", case)).content.decode()
    page.post(url("plan_open", case))
    shown = page.get(url("case_plan", case))
    assert [plan.number for plan in shown.context["former"]] == [1]
    assert (shown.context["plan"].number, [str(g) for g in shown.context["plan"].goals.all()]) == (
        2,
        ["Het huis is schoon"],
    )
    assert "Versie 1, akkoord op" in shown.content.decode()


WRITING = ["plan_open", "plan_words", "plan_goal", "plan_share", "plan_take_back", "plan_remind", "plan_agree"]


def test_a_colleague_reads_the_plan_but_writes_nothing(client, team, case):
    plan = make.write_plan(case, make.actor_of(case.contactpersoon()))
    client.force_login(make.make_staff("collega", team))
    shown = client.get(url("case_plan", case)).content.decode()
    assert "Het huis is schoon" in shown
    assert "Plan delen met de inwoner" not in shown
    assert "Doel toevoegen" not in shown
    wmo = case.hulpvragen.get(law="wmo").pk
    addresses = [url(name, case) for name in WRITING]
    addresses += [url("plan_ladder", case, wmo), url("plan_line", case, wmo)]
    addresses += [url("plan_action", case, plan.goals.get().pk)]
    addresses += [url("plan_line_remove", case, plan.lines.first().pk)]
    assert {client.post(address, {"version": plan.version}).status_code for address in addresses} == {403}
    assert Plan.objects.get(pk=plan.pk).status == "concept"


def test_a_stranger_sees_the_page_for_a_wrong_address(client, case):
    plan = make.write_plan(case, make.actor_of(case.contactpersoon()))
    client.force_login(make.make_staff("vreemd", make.make_team(make.make_gemeente("Elders"), "Team Elders")))
    wmo = case.hulpvragen.get(law="wmo").pk
    addresses = [url(name, case) for name in WRITING]
    addresses += [url("plan_ladder", case, wmo), url("plan_line", case, wmo)]
    addresses += [url("plan_action", case, plan.goals.get().pk)]
    assert client.get(url("case_plan", case)).status_code == 404
    assert {client.post(address).status_code for address in addresses} == {404}


def test_a_plan_with_many_goals_asks_as_many_queries_as_one_with_one(page, case, worker, django_assert_num_queries):
    make.write_plan(case, make.actor_of(worker))
    page.get(url("case_plan", case))
    with django_assert_num_queries(QUERIES):
        page.get(url("case_plan", case))
    plan = Plan.objects.get(case=case)
    for number in range(10):
        goal = services.add_goal(
            plan_id=plan.pk, version=plan.version + number, result=f"Doel {number}", actor=make.actor_of(worker)
        )
        Action.objects.create(gemeente=plan.gemeente, case=case, goal=goal, by="inwoner", what="Zelf doen")
    with django_assert_num_queries(QUERIES):
        shown = page.get(url("case_plan", case))
    assert escape("Doel 9") in shown.content.decode()
