"""The decision on each hulpvraag: begun, written, to the toetser, sent; in any state of the case."""

from datetime import timedelta

import pytest
from django.contrib.messages import get_messages
from django.urls import reverse

from casework.models import Case, Grant, Hulpvraag, Letter, Reason
from casework.services.intake import MeldingFacts, Question, register_aanvraag_on, register_melding
from decisions.models import Beschikking, Contribution
from decisions.services import drafting
from plans.models import MaatwerkLine
from plans.services import plan
from plans.services.choice import choose_provider
from tests import factories as make
from toegang.core.dates import long_date
from toegang.core.models import Counter

pytestmark = pytest.mark.django_db
QUERIES = 19  # the frame, the header of the case, and the decisions


@pytest.fixture
def team():
    return make.make_team(make.make_gemeente())


@pytest.fixture
def worker(team):
    return make.make_staff("sanne", team)


@pytest.fixture
def case(worker):
    """A case with an agreed plan, a choice for its line and an aanvraag of today."""
    return asked(make.make_case(make.actor_of(worker)).case, worker)


@pytest.fixture
def page(client, worker):
    client.force_login(worker)
    return client


def asked(case, worker, choice="wacht"):
    actor = make.actor_of(worker)
    make.agree(make.write_plan(case, actor), actor)
    for line in MaatwerkLine.objects.filter(case=case):
        choose_provider(line_id=line.pk, choice=choice, provider=None, reason="Zo wil ik het", actor=actor)
    for hulpvraag in case.hulpvragen.all():
        register_aanvraag_on(hulpvraag_id=hulpvraag.pk, received_on=actor.today, actor=actor)
    return make.fresh(case)


def url(name, case, *args):
    return reverse(f"werkplek:{name}", args=[case.pk, *args])


def said(response):
    return [str(message) for message in get_messages(response.wsgi_request)]


def draft_of(case, law="wmo"):
    return Beschikking.objects.get(case=case, hulpvraag__law=law, status="concept")


def begun(page, case, law="wmo"):
    page.post(url("decision_open", case, case.hulpvragen.get(law=law).pk))
    return draft_of(case, law)


def written(draft, toetser, **facts):
    given = {"version": draft.version, "outcome": "toekenning", "motivation": "U kunt dit niet zelf."}
    return {**given, "refusal_ground": "", "reviewer": toetser.pk, **facts}


def approved(case, worker, law="wmo"):
    return make.approved_beschikking(case.hulpvragen.get(law=law), make.actor_of(worker))


def test_a_decision_is_begun_once_per_hulpvraag(page, case):
    address = url("decision_open", case, case.hulpvragen.get().pk)
    first, second = (page.post(address) for _ in range(2))
    assert first.url == second.url == url("decision_edit", case, draft_of(case).pk)


def test_without_an_aanvraag_there_is_nothing_to_decide(page, worker):
    case = make.make_case(make.actor_of(worker)).case
    hulpvraag = case.hulpvragen.get()
    response = page.post(url("decision_open", case, hulpvraag.pk))
    assert said(response) == ["Voor deze hulpvraag is nog geen aanvraag ontvangen."]
    assert "nog geen aanvraag ontvangen" in page.get(url("case_decision", case)).content.decode()
    assert not Beschikking.objects.exists()


def test_a_written_decision_takes_the_help_of_the_plan(page, case):
    toetser = make.make_toetser(case)
    draft = begun(page, case)
    address = url("decision_edit", case, draft.pk)
    assert page.post(address, written(draft, toetser)).url == address
    draft = draft_of(case)
    assert (draft.outcome, draft.motivation, draft.reviewer) == ("toekenning", "U kunt dit niet zelf.", toetser)
    assert list(draft.lines.all()) == list(MaatwerkLine.objects.filter(case=case))


def test_a_refusal_needs_a_ground_of_its_own_law(page, case):
    toetser = make.make_toetser(case)
    draft = begun(page, case)
    address = url("decision_edit", case, draft.pk)
    shown = page.get(address).context["form"]
    today = make.actor_of(None).today
    keys = Reason.objects.valid_on(today).filter(kind="weigering", key__startswith="wmo").order_by("key")
    grounds = [("", "Kies een grond"), *[(reason.label, reason.label) for reason in keys]]
    assert shown.fields["refusal_ground"].choices == grounds
    response = page.post(address, written(draft, toetser, outcome="weigering"))
    assert response.context["form"].errors == {"refusal_ground": ["Kies de grond voor de weigering"]}
    page.post(address, written(draft, toetser, outcome="weigering", refusal_ground="u kunt dit zelf regelen"))
    draft = draft_of(case)
    assert (draft.refusal_ground, draft.lines.count()) == ("u kunt dit zelf regelen", 0)


def test_a_ground_stays_only_with_a_refusal(page, case):
    draft = begun(page, case)
    given = written(draft, make.make_toetser(case), refusal_ground="u kunt dit zelf regelen")
    page.post(url("decision_edit", case, draft.pk), given)
    assert draft_of(case).refusal_ground == ""


def test_only_toetsers_of_this_gemeente_beside_the_writer_can_be_chosen(page, case, team, worker):
    toetser = make.make_toetser(case)
    make.make_staff("elders", roles=("toetser",), gemeente=make.make_gemeente("Elders"))
    make.make_staff("geen-toetser", team)
    make.make_staff("tweede", team, roles=("wijkteamlid", "toetser"))
    draft = begun(page, case)
    form = page.get(url("decision_edit", case, draft.pk)).context["form"]
    assert [user.username for user in form.fields["reviewer"].queryset] == [toetser.username, "tweede"]


def test_the_writer_cannot_send_in_his_own_name_as_toetser(client, team):
    both = make.make_staff("allebei", team, roles=("wijkteamlid", "toetser"))
    client.force_login(both)
    case = asked(make.make_case(make.actor_of(both)).case, both)
    draft = begun(client, case)
    response = client.post(url("decision_edit", case, draft.pk), written(draft, both))
    assert response.context["form"].errors == {"reviewer": ["Kies een van de antwoorden"]}


def test_unfinished_work_is_kept_and_what_is_missing_is_told(page, case):
    draft = begun(page, case)
    address = url("decision_edit", case, draft.pk)
    assert page.post(address, written(draft, make.make_toetser(case), motivation="", reviewer="")).url == address
    told = [text for text, _ in page.get(address).context["obstacles"]]
    assert told == ["Schrijf waarom u dit besluit (de motivering).", "Kies wie het besluit toetst."]
    response = page.post(url("decision_submit", case, draft.pk))
    assert said(response)[-2:] == told
    assert draft_of(case).status == "concept"


def test_two_people_who_write_one_decision_see_both_texts(page, case):
    toetser = make.make_toetser(case)
    draft = begun(page, case)
    address = url("decision_edit", case, draft.pk)
    page.post(address, written(draft, toetser, motivation="De eerste tekst"))
    response = page.post(address, written(draft, toetser, motivation="De tweede tekst"))
    assert response.status_code == 409
    assert ("Motivering", "De tweede tekst", "De eerste tekst") in response.context["fields"]
    assert draft_of(case).motivation == "De eerste tekst"


def test_the_same_draft_sent_twice_is_saved_once(page, case):
    draft = begun(page, case)
    given, address = written(draft, make.make_toetser(case)), url("decision_edit", case, draft.pk)
    assert [page.post(address, given).url for _ in range(2)] == [address, address]
    assert draft_of(case).version == draft.version + 1


def test_the_letter_is_shown_as_it_would_go_out_today(page, case):
    draft = begun(page, case)
    address = url("decision_edit", case, draft.pk)
    page.post(address, written(draft, make.make_toetser(case)))
    response = page.get(address)
    shown = response.content.decode()
    assert "Zo ziet de brief er vandaag uit" in shown
    line = MaatwerkLine.objects.get(case=case)
    assert f"Hoeveel: {line.amount_text}" in shown
    assert response.context["sheet"].reference == "volgt bij het versturen"
    assert not Letter.objects.filter(kind="beschikking").exists()


def test_the_letter_shows_no_shielded_address(page, case):
    person = case.person
    person.shielded = True
    person.save()
    draft = begun(page, case)
    shown = page.get(url("decision_edit", case, draft.pk)).content.decode()
    assert "Adres afgeschermd" in shown
    assert "Dorpsweg" not in shown


def test_a_toetser_gets_the_case_as_long_as_the_test_lasts(page, case):
    toetser = make.make_toetser(case)
    draft = begun(page, case)
    page.post(url("decision_edit", case, draft.pk), written(draft, toetser))
    response = page.post(url("decision_submit", case, draft.pk))
    assert said(response)[-1] == f"Het besluit ligt bij {toetser}."
    assert Case.objects.visible_to(make.actor_of(toetser)).filter(pk=case.pk).exists()
    again = page.post(url("decision_submit", case, draft.pk))
    assert said(again)[-1] == "Deze stap kan niet meer: de stand is nu ‘Ter toetsing’."
    assert Grant.objects.filter(case=case, user=toetser).count() == 1


def test_while_it_is_tested_the_decision_is_only_read(page, case):
    toetser = make.make_toetser(case)
    draft = begun(page, case)
    address = url("decision_edit", case, draft.pk)
    page.post(address, written(draft, toetser))
    page.post(url("decision_submit", case, draft.pk))
    assert "Naar de toetser" not in page.get(address).content.decode()
    draft.refresh_from_db()
    response = page.post(address, written(draft, toetser, motivation="Toch anders"))
    told = "Dit besluit kunt u niet meer wijzigen: het is ‘Ter toetsing’."
    assert response.context["form"].non_field_errors() == [told]


def test_the_remarks_of_the_toetser_stand_on_top(page, case):
    toetser = make.make_toetser(case)
    draft = begun(page, case)
    page.post(url("decision_edit", case, draft.pk), written(draft, toetser))
    page.post(url("decision_submit", case, draft.pk))
    make.age_grants(case)
    drafting.send_back(beschikking_id=draft.pk, remarks="Noem ook de buurvrouw", actor=make.actor_of(toetser))
    shown = page.get(url("decision_edit", case, draft.pk)).content.decode()
    assert "De toetser vraagt een aanpassing" in shown
    assert "Noem ook de buurvrouw" in shown


def test_sending_takes_one_number_however_often_the_button_is_pressed(page, case, worker):
    beschikking = approved(case, worker)
    first, second = (page.post(url("decision_issue", case, beschikking.pk)) for _ in range(2))
    number = f"B-{make.actor_of(None).today.year}-00001"
    assert said(first)[-1] == f"Besluit {number} wordt verzonden."
    assert said(second)[-1] == "Deze stap kan niet meer: de stand is nu ‘Wordt verzonden’."
    beschikking.refresh_from_db()
    assert (beschikking.number, beschikking.status) == (number, "in_verzending")
    assert Counter.objects.get(gemeente_id=case.gemeente_id, series="besluit").last == 1
    assert Letter.objects.filter(kind="beschikking").count() == 1
    assert f"Besluit {number} wordt verzonden." in page.get(url("case_decision", case)).content.decode()


def test_a_sent_decision_shows_its_day_the_last_day_of_bezwaar_and_the_letter(page, case, worker):
    beschikking = approved(case, worker)
    page.post(url("decision_issue", case, beschikking.pk))
    make.run_outbox()
    beschikking.refresh_from_db()
    today = make.actor_of(None).today
    assert (beschikking.status, beschikking.sent_on) == ("verzonden", today)
    shown = page.get(url("case_decision", case)).content.decode()
    sent = f"Besluit {beschikking.number} is verzonden op {long_date(today)}."
    assert f"{sent} Bezwaar kan tot en met {long_date(beschikking.bezwaar_until)}." in shown
    assert reverse("werkplek:letter_download", args=[beschikking.letter_id]) in shown


def test_on_paper_the_decision_waits_on_the_print_list(page, case, worker):
    person = case.person
    person.letter_channel = "papier"
    person.save()
    beschikking = approved(case, worker)
    page.post(url("decision_issue", case, beschikking.pk))
    make.run_outbox()
    shown = page.get(url("decision_edit", case, beschikking.pk)).content.decode()
    assert f"Besluit B-{make.actor_of(None).today.year}-00001 ligt klaar op de afdruklijst." in shown
    assert reverse("werkplek:print_list") in shown


def test_nothing_goes_to_an_inwoner_who_died_and_the_number_stays_free(page, case, worker):
    beschikking = approved(case, worker)
    person = case.person
    person.deceased = 20260101
    person.save()
    response = page.post(url("decision_issue", case, beschikking.pk))
    assert said(response)[-1] == "De inwoner is overleden: dit besluit kan niet meer weg."
    assert Beschikking.objects.get(pk=beschikking.pk).status == "vastgesteld"
    assert not Counter.objects.filter(series="besluit", last__gt=0).exists()


def test_an_unsent_decision_lapses_and_makes_room_for_another(page, case):
    draft = begun(page, case)
    assert said(page.post(url("decision_drop", case, draft.pk)))[-1] == "Het besluit is vervallen."
    assert Beschikking.objects.get(pk=draft.pk).status == "vervallen"
    again = page.post(url("decision_drop", case, draft.pk))
    assert said(again)[-1] == "Deze stap kan niet meer: de stand is nu ‘Vervallen’."
    assert begun(page, case).pk != draft.pk


def test_a_line_that_is_refused_after_the_draft_was_written_is_not_granted(page, case, worker):
    draft = begun(page, case)
    page.post(url("decision_edit", case, draft.pk), written(draft, make.make_toetser(case)))
    line = MaatwerkLine.objects.get(case=case)
    choose_provider(line_id=line.pk, choice="weigeren", provider=None, reason="Te licht", actor=make.actor_of(worker))
    response = page.post(url("decision_submit", case, draft.pk))
    assert said(response)[-2:] == ["Er staat geen hulp in dit besluit.", "Kies de grond voor wat u weigert."]
    assert draft_of(case).status == "concept"


def test_a_colleague_reads_the_decision_but_does_nothing(client, team, case, worker):
    draft = drafting.open_draft(hulpvraag_id=case.hulpvragen.get().pk, actor=make.actor_of(worker))
    client.force_login(make.make_staff("collega", team))
    shown = client.get(url("decision_edit", case, draft.pk)).content.decode()
    assert "Opslaan" not in shown
    assert "Naar de toetser" not in shown
    names = ["decision_edit", "decision_submit", "decision_issue", "decision_drop"]
    addresses = [url(name, case, draft.pk) for name in names]
    addresses.append(url("decision_open", case, case.hulpvragen.get().pk))
    given = written(draft, make.make_toetser(case))
    assert {client.post(address, given).status_code for address in addresses} == {403}
    assert draft_of(case).motivation == ""


def test_a_stranger_finds_no_decision(client, case, worker):
    draft = drafting.open_draft(hulpvraag_id=case.hulpvragen.get().pk, actor=make.actor_of(worker))
    client.force_login(make.make_staff("vreemd", make.make_team(make.make_gemeente("Elders"), "Team Elders")))
    addresses = [url("case_decision", case), url("decision_edit", case, draft.pk)]
    assert {client.get(address).status_code for address in addresses} == {404}
    assert client.post(url("decision_issue", case, draft.pk)).status_code == 404


def test_the_decision_of_another_case_is_not_found(page, case, worker):
    other = asked(make.make_case(make.actor_of(worker), given_names="Bram", born=19600101).case, worker)
    draft = drafting.open_draft(hulpvraag_id=other.hulpvragen.get().pk, actor=make.actor_of(worker))
    assert page.get(url("decision_edit", case, draft.pk)).status_code == 404
    assert page.post(url("decision_drop", case, draft.pk)).status_code == 404


def household(worker):
    """A mother with a Wmo question and her son with a Jeugd question, in one case that is only just begun."""
    son = make.person_facts(given_names="Emre", born=20150901)
    mine, his = Question("wmo", "Mijn huis"), Question("jeugd", "Hulp voor mijn zoon", person=son)
    actor = make.actor_of(worker)
    facts = MeldingFacts(make.person_facts(), actor.today - timedelta(days=10), "balie", "Samen", [mine, his])
    (gemeente_id,), (team_id,) = actor.gemeente_ids, actor.team_ids
    found = register_melding(actor=actor, gemeente_id=gemeente_id, team_id=team_id, facts=facts)
    make.age_grants(found.case)
    return found.case


def test_the_wmo_decision_goes_out_while_the_onderzoek_of_the_son_still_runs(page, worker):
    case = make.drive(household(worker), "vraaganalyse")
    wmo, jeugd = case.hulpvragen.get(law="wmo"), case.hulpvragen.get(law="jeugd")
    actor = make.actor_of(worker)
    draft = plan.open_plan(case_id=case.pk, actor=actor)
    goal = plan.add_goal(plan_id=draft.pk, version=draft.version, result="Een schoon huis", actor=actor)
    plan.add_action(
        plan_id=draft.pk, version=draft.version + 1, goal_id=goal.pk, by="inwoner", what="Zelf stoffen",
        by_when=None, actor=actor,
    )  # fmt: skip
    rungs = dict.fromkeys(("eigen_kracht", "gebruikelijk", "netwerk", "algemeen"), "Niet genoeg")
    plan.walk_ladder(plan_id=draft.pk, version=draft.version + 2, hulpvraag_id=wmo.pk, findings=rungs, actor=actor)
    plan.add_line(plan_id=draft.pk, version=draft.version + 3, facts=make.line_facts(wmo, goal.pk, actor), actor=actor)
    make.agree(draft, actor)
    page.post(url("choice_line", case, MaatwerkLine.objects.get(case=case).pk), {"choice": "wacht"})
    page.post(url("aanvraag", case, wmo.pk), {"received_on": "vandaag"})
    beschikking = approved(case, worker)
    page.post(url("decision_issue", case, beschikking.pk))
    make.run_outbox()
    beschikking.refresh_from_db()
    assert beschikking.status == "verzonden"
    assert (beschikking.letter.addressee, beschikking.hulpvraag_id) == (case.person, wmo.pk)
    assert Hulpvraag.objects.get(pk=wmo.pk).status == "loopt"
    assert Hulpvraag.objects.get(pk=jeugd.pk).status == "onderzoek"
    assert make.fresh(case).status == "vraaganalyse"
    shown = page.get(url("case_decision", case)).context["parts"]
    assert [(part.hulpvraag, len(part.sent), part.may_begin) for part in shown] == [
        (jeugd, 0, False),
        (wmo, 1, False),
    ]


def test_each_person_of_the_household_gets_the_own_decision(page, worker):
    case = asked(household(worker), worker)
    for law in ("wmo", "jeugd"):
        page.post(url("decision_issue", case, approved(case, worker, law).pk))
    make.run_outbox()
    found = Beschikking.objects.filter(case=case).order_by("number")
    year = make.actor_of(None).today.year
    assert [(b.number, b.status, b.letter.addressee.given_names) for b in found] == [
        (f"B-{year}-00001", "verzonden", "Fatima"),
        (f"B-{year}-00002", "verzonden", "Emre"),
    ]


def test_the_page_shows_no_more_queries_for_many_decisions(page, case, worker, django_assert_num_queries):
    page.get(url("case_decision", case))
    with django_assert_num_queries(QUERIES):
        page.get(url("case_decision", case))
    for day in range(1, 11):
        other = make.actor_of(worker).today - timedelta(days=10 + day)
        extra = make.make_case(make.actor_of(worker), on=other).case
        assert extra == case
    asked_for = case.hulpvragen.filter(aanvraag_on=None)
    for hulpvraag in asked_for:
        register_aanvraag_on(
            hulpvraag_id=hulpvraag.pk, received_on=make.actor_of(worker).today, actor=make.actor_of(worker)
        )
        drafting.open_draft(hulpvraag_id=hulpvraag.pk, actor=make.actor_of(worker))
    assert len(page.get(url("case_decision", case)).context["parts"]) == 11
    with django_assert_num_queries(QUERIES):
        page.get(url("case_decision", case))


def test_a_pgb_is_told_as_a_pgb(page, worker):
    case = asked(make.make_case(make.actor_of(worker)).case, worker, choice="pgb")
    draft = begun(page, case)
    page.post(url("decision_edit", case, draft.pk), written(draft, make.make_toetser(case)))
    shown = page.get(url("decision_edit", case, draft.pk)).content.decode()
    assert "een persoonsgebonden budget (pgb)" in shown
    assert "de hulpverlener die u zelf kiest" in shown


def test_a_missing_tariff_is_told_on_the_page_and_breaks_nothing(page, case):
    draft = begun(page, case)
    page.post(url("decision_edit", case, draft.pk), written(draft, make.make_toetser(case)))
    Contribution.objects.all().delete()
    shown = page.get(url("decision_edit", case, draft.pk))
    told = f"Geen bedrag voor de eigen bijdrage op {make.actor_of(None).today}"
    assert (shown.context["sheet"], shown.context["letter_problem"]) == (None, told)
    assert f"De brief kan nu niet gemaakt worden: {told}." in shown.content.decode()
