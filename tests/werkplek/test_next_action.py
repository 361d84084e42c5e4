"""The one thing to do now, from every state of a case."""

from datetime import timedelta

import pytest
from django.urls import reverse

from casework.enums import CaseStatus
from casework.permissions import may_handle
from casework.selectors import due_views
from casework.services import analysis, intake
from casework.services.talks import record_no_show
from decisions.models import Beschikking
from decisions.services import drafting
from plans.services import agreement
from plans.services import plan as plan_service
from tests.factories import (
    actor_of,
    age_grants,
    drive,
    fresh,
    make_case,
    make_gemeente,
    make_staff,
    make_team,
    make_toetser,
    run_outbox,
    send_letters,
    write_analysis,
    write_plan,
)
from toegang.werkplek.next_action import next_action

pytestmark = pytest.mark.django_db
STEPS = ("case_contactpersoon", "case_step_back", "case_close", "case_reopen")
OF_HULPVRAAG = ("referral", "hand_over")


@pytest.fixture
def team():
    return make_team(make_gemeente())


@pytest.fixture
def worker(team, client):
    user = make_staff("sanne", team)
    client.force_login(user)
    return user


@pytest.fixture
def case(worker):
    return make_case(actor_of(worker)).case


@pytest.fixture
def colleague(team):
    return make_staff("karim", team)


def at(name, case, *more):
    return reverse(f"werkplek:{name}", args=[case.pk, *more])


def said(answer):
    return [str(message) for message in answer.context["messages"]]


def action(case, user):
    case, actor = fresh(case), actor_of(user)
    dues = due_views(case, actor.today)
    return next_action(case, actor, contact=case.contactpersoon(), handles=may_handle(case, actor), dues=dues)


def told(case, user):
    found = action(case, user)
    return found.title, found.url, [text for text, _ in found.obstacles]


def test_melding_without_contactpersoon_asks_for_one(worker):
    case = make_case(actor_of(worker), become_contactpersoon=False).case
    assert told(case, worker) == ("Kies een contactpersoon", at("case_contactpersoon", case), [])
    assert action(case, worker).secondary == ()


def test_melding_asks_for_a_conversation(case, worker):
    assert told(case, worker) == ("Bel en plan het gesprek", at("case_talk", case), [])
    others = ["Eerste telefoongesprek vastleggen", "Contactpersoon wijzigen", "Zaak afsluiten"]
    assert [name for name, _ in action(case, worker).secondary] == others


def test_gesprek_asks_to_hold_it_and_names_the_moment(case, worker):
    case = drive(case, "gesprek")
    assert told(case, worker) == ("Houd het gesprek", at("case_talk", case), [])
    assert f" {case.conversation_on.year} om " in action(case, worker).text


def test_after_a_no_show_a_new_conversation_is_asked(case, worker):
    case = drive(case, "gesprek")
    planned = actor_of(worker).now - timedelta(hours=1)
    case.talks.update(planned_at=planned)
    record_no_show(case_id=case.pk, note="Niet thuis", actor=actor_of(worker))
    assert told(case, worker) == ("Plan een nieuw gesprek", at("case_talk", case), [])


def test_vraaganalyse_lists_what_is_missing_and_shortens_a_long_list(case, worker):
    case = drive(case, "vraaganalyse")
    title, url, missing = told(case, worker)
    assert (title, url) == ("Maak de vraaganalyse af", at("case_analysis", case))
    assert missing[0].endswith("kies of dit meespeelt en schrijf waarom.")
    assert missing[-1] == "En nog 5 dingen"
    assert len(missing) == 6
    assert {address for _, address in action(case, worker).obstacles} == {at("case_analysis", case)}


def test_vraaganalyse_that_is_complete_asks_for_the_verslag(case, worker):
    case = drive(case, "vraaganalyse")
    write_analysis(case, actor_of(worker))
    title, url, missing = told(case, worker)
    assert (title, url) == ("Verstuur het verslag", at("case_analysis", case))
    assert missing == ["Verstuur eerst het verslag van het onderzoek."]


def test_after_the_verslag_the_reaction_and_then_the_plan_are_asked(case, worker):
    case = drive(case, "verslag")
    hulpvraag = case.hulpvragen.get()
    title, _, missing = told(case, worker)
    assert title == "Leg de reactie op het verslag vast"
    assert missing == [f"Leg de reactie op het verslag vast ({hulpvraag})."]
    actor = actor_of(worker)
    analysis.record_reaction(hulpvraag_id=hulpvraag.pk, reaction="klopt", text="", on=actor.today, actor=actor)
    assert told(case, worker) == ("Rond de vraaganalyse af en begin het plan", at("case_analysis", case), [])


def test_plan_is_begun_written_shared_and_answered(case, worker):
    case = drive(case, "plan")
    address = at("case_plan", case)
    actor = actor_of(worker)
    assert told(case, worker) == ("Begin het plan, samen met de inwoner", address, [])
    plan_service.open_plan(case_id=case.pk, actor=actor)
    empty = ["Schrijf ten minste één doel, in de woorden van de inwoner."]
    assert told(case, worker) == ("Maak het plan af", address, empty)
    plan = write_plan(case, actor)
    assert told(case, worker) == ("Deel het plan met de inwoner", address, [])
    agreement.share_plan(plan_id=plan.pk, actor=actor)
    assert told(case, worker) == ("Leg vast wat de inwoner van het plan vindt", address, [])
    agreement.remind_of_plan(plan_id=plan.pk, actor=actor)
    assert "een herinnering" in action(case, worker).text


def test_back_at_an_agreed_plan_a_new_version_is_asked(case, worker):
    case = drive(case, "aanbieder")
    analysis.step_back(case_id=case.pk, step="return_to_plan", reason="Anders", actor=actor_of(worker))
    assert told(case, worker) == ("Pas het plan aan", at("case_plan", case), [])


def test_aanbieder_lists_the_choice_and_the_aanvraag(case, worker):
    case = drive(case, "aanbieder")
    missing = ["Leg voor elke regel vast wie de hulp geeft.", "Leg de aanvraag vast."]
    assert told(case, worker) == ("Leg de keuze en de aanvraag vast", at("case_choice", case), missing)


def test_besluit_follows_the_beschikking(case, worker):
    case = drive(case, "besluit")
    hulpvraag, address, actor = case.hulpvragen.get(), at("case_decision", case), actor_of(worker)
    assert told(case, worker) == (f"Stel het besluit op ({hulpvraag})", address, [])
    draft = drafting.open_draft(hulpvraag_id=hulpvraag.pk, actor=actor)
    title, url, missing = told(case, worker)
    assert (title, url) == (f"Maak het besluit af ({hulpvraag})", address)
    assert "Kies wie het besluit toetst." in missing
    toetser = make_toetser(case)
    facts = drafting.DraftFacts("toekenning", "Dit is nodig.", "", toetser)
    drafting.write_draft(beschikking_id=draft.pk, version=draft.version, facts=facts, actor=actor)
    assert told(case, worker) == (f"Laat het besluit toetsen ({hulpvraag})", address, [])
    drafting.submit_for_review(beschikking_id=draft.pk, actor=actor)
    assert told(case, worker) == (f"Wacht op de toetser ({hulpvraag})", address, [])
    age_grants(case)
    drafting.send_back(beschikking_id=draft.pk, remarks="Noem de uren.", actor=actor_of(toetser))
    assert action(case, worker).text == "De toetser schreef: Noem de uren."


def test_an_approved_besluit_is_sent_and_on_paper_also_posted(worker):
    case = drive(make_case(actor_of(worker), letter_channel="papier").case, "vastgesteld")
    hulpvraag, actor = case.hulpvragen.get(), actor_of(worker)
    assert told(case, worker) == (f"Verstuur het besluit ({hulpvraag})", at("case_decision", case), [])
    drafting.issue_beschikking(beschikking_id=Beschikking.objects.get().pk, actor=actor)
    assert told(case, worker) == (f"Het besluit wordt verzonden ({hulpvraag})", at("case_decision", case), [])
    run_outbox()
    title = f"Post de brief met het besluit ({hulpvraag})"
    assert told(case, worker) == (title, reverse("werkplek:print_list"), [])
    send_letters(case, actor)
    assert told(case, worker) == ("Houd de evaluatie", at("case_evaluation", case), [])


def test_uitvoering_asks_for_the_evaluation_on_its_day(case, worker):
    case = drive(case, "uitvoering")
    assert told(case, worker) == ("Houd de evaluatie", at("case_evaluation", case), [])
    assert action(case, worker).due.on == case.evaluation_on
    assert [name for name, _ in action(case, worker).secondary] == [
        "Stap terug", "Contactpersoon wijzigen", "Zaak afsluiten",
    ]  # fmt: skip


def test_a_second_decision_comes_before_the_evaluation(worker):
    case = drive(make_case(actor_of(worker), ("wmo", "jeugd")).case, "besluit")
    wmo, jeugd = case.hulpvragen.get(law="wmo"), case.hulpvragen.get(law="jeugd")
    case = drive(case, "vastgesteld")
    first = Beschikking.objects.get(hulpvraag=wmo)
    second = Beschikking.objects.get(hulpvraag=jeugd)
    drafting.issue_beschikking(beschikking_id=first.pk, actor=actor_of(worker))
    assert action(case, worker).title == f"Verstuur het besluit ({jeugd})"
    send_letters(case, actor_of(worker))
    assert fresh(case).status == CaseStatus.UITVOERING
    assert action(case, worker).title == f"Verstuur het besluit ({second.hulpvraag})"


def test_evaluatie_asks_what_follows(case, worker):
    case = drive(case, "evaluatie")
    assert told(case, worker) == ("Kies hoe de hulp verder gaat", at("case_evaluation", case), [])


def test_a_closed_case_asks_nothing_and_can_be_opened_again(case, worker):
    case = drive(case, "afgesloten")
    found = action(case, worker)
    assert (found.title, found.url, found.due) == ("Geen: deze zaak is afgesloten", "", None)
    assert found.secondary == (("Zaak heropenen", at("case_reopen", case)),)


def test_a_referral_asks_no_conversation(worker):
    case = make_case(actor_of(worker), ("jeugd",), referrer="huisarts").case
    hulpvraag = case.hulpvragen.get()
    assert told(case, worker) == ("Bevestig de verwijzing", at("referral", case, hulpvraag.pk), [])


def test_when_every_question_went_elsewhere_the_case_can_end(worker):
    case = make_case(actor_of(worker), ("pw",)).case
    intake.hand_over(hulpvraag_id=case.hulpvragen.get().pk, to="Werk en inkomen", actor=actor_of(worker))
    assert told(case, worker) == ("Sluit de zaak af", at("case_close", case), [])


def test_the_date_of_the_inwoner_is_never_our_due(worker):
    today = actor_of(worker).today
    case = make_case(actor_of(worker), on=today).case
    assert action(case, worker).due.on == case.deadlines.get(key="wmo_onderzoek").due_on


@pytest.mark.parametrize(("state", "shown"), [("aanbieder", False), ("besluit", False), ("uitvoering", True)])
def test_the_day_of_the_evaluation_is_the_term_once_the_help_runs(worker, case, state, shown):
    case = drive(case, state)
    case.hulpvragen.get().deadlines.update(met_on=actor_of(worker).today)
    due = action(case, worker).due
    assert (due is not None and due.on == case.evaluation_on) is shown
