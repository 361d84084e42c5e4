"""From draft to sent: four eyes, one gapless number, the letter on its day, and the help that starts."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from casework.models import Case, Grant, Hulpvraag, Letter
from casework.services.analysis import close_case, step_back
from casework.services.intake import register_aanvraag_on
from casework.services.letters import post_letter, remake_letter
from decisions.letters import bezwaar_until
from decisions.models import Beschikking
from decisions.services import drafting
from plans.models import MaatwerkLine
from plans.services.choice import choose_provider
from plans.services.plan import open_plan
from tests import factories as make
from toegang.core.lifecycle import Blocked
from toegang.core.models import Counter

pytestmark = pytest.mark.django_db


@pytest.fixture
def team():
    return make.make_team(make.make_gemeente())


@pytest.fixture
def worker(team):
    return make.make_staff("sanne", team)


@pytest.fixture
def actor(worker):
    return make.actor_of(worker)


@pytest.fixture
def case(actor):
    return asked(make.make_case(actor).case, actor)


def asked(case, actor, choice="wacht"):
    """Agree a plan with maatwerk, choose, and register the aanvraag of today."""
    make.agree(make.write_plan(case, actor), actor)
    for line in MaatwerkLine.objects.filter(case=case):
        choose_provider(line_id=line.pk, choice=choice, provider=None, reason="Zo is het", actor=actor)
    for hulpvraag in case.hulpvragen.all():
        register_aanvraag_on(hulpvraag_id=hulpvraag.pk, received_on=actor.today, actor=actor)
    return make.fresh(case)


def on_paper(case):
    case.person.letter_channel = "papier"
    case.person.save()


def told(excinfo):
    return [obstacle.text for obstacle in excinfo.value.obstacles]


def draft(case, actor, reviewer, outcome="toekenning", ground=""):
    found = drafting.open_draft(hulpvraag_id=case.hulpvragen.get().pk, actor=actor)
    facts = drafting.DraftFacts(outcome, "Dit is nodig.", ground, reviewer)
    return drafting.write_draft(beschikking_id=found.pk, version=found.version, facts=facts, actor=actor)


def approved(case, actor):
    return make.approved_beschikking(case.hulpvragen.get(), actor)


def issued(case, actor):
    return drafting.issue_beschikking(beschikking_id=approved(case, actor).pk, actor=actor)


def test_the_drafter_cannot_be_the_toetser(case, actor, worker):
    found = draft(case, actor, worker)
    with pytest.raises(Blocked) as excinfo:
        drafting.submit_for_review(beschikking_id=found.pk, actor=actor)
    assert told(excinfo) == ["Een ander dan de opsteller toetst het besluit. Kies een toetser."]
    assert Beschikking.objects.get(pk=found.pk).status == "concept"
    assert not Grant.objects.filter(kind="toetsing").exists()


def test_the_database_refuses_an_approval_by_the_drafter(case, actor, worker):
    found = draft(case, actor, make.make_toetser(case))
    with pytest.raises(IntegrityError, match="four_eyes"), transaction.atomic():
        Beschikking.objects.filter(pk=found.pk).update(approved_by=worker)


def test_who_wrote_last_is_the_drafter_and_cannot_approve(case, actor, team):
    second = make.make_staff("tweede", team, roles=("wijkteamlid", "toetser"))
    Grant.objects.create(
        gemeente=case.gemeente, case=case, user=second, user_kind="medewerker", kind="tweede", reason="Samen",
        validity=Grant.objects.get(case=case, kind="contactpersoon").validity,
    )  # fmt: skip
    found = draft(case, actor, second)
    second_actor = make.actor_of(second)
    facts = drafting.DraftFacts("toekenning", "Mijn eigen woorden", "", second)
    drafting.write_draft(beschikking_id=found.pk, version=found.version, facts=facts, actor=second_actor)
    with pytest.raises(Blocked):
        drafting.submit_for_review(beschikking_id=found.pk, actor=second_actor)
    assert Beschikking.objects.get(pk=found.pk).drafted_by == second


def test_only_the_toetser_who_was_asked_approves(case, actor, team):
    toetser = make.make_toetser(case)
    other = make.make_staff("andere", team, roles=("wijkteamlid", "toetser"))
    found = draft(case, actor, toetser)
    drafting.submit_for_review(beschikking_id=found.pk, actor=actor)
    for wrong in (actor, make.actor_of(other)):
        with pytest.raises(PermissionDenied):
            drafting.approve(beschikking_id=found.pk, actor=wrong)
    make.age_grants(case)
    assert drafting.approve(beschikking_id=found.pk, actor=make.actor_of(toetser)).approved_by == toetser


def test_numbers_have_no_gap_when_a_letter_cannot_be_ordered(case, actor):
    other = asked(make.make_case(actor, given_names="Bram", born=19600101).case, actor)
    third = asked(make.make_case(actor, given_names="Ineke", born=19610101).case, actor)
    first = issued(case, actor)
    stopped = approved(other, actor)
    other.person.deceased = 20260101
    other.person.save()
    with pytest.raises(Blocked) as excinfo:
        drafting.issue_beschikking(beschikking_id=stopped.pk, actor=actor)
    assert told(excinfo) == ["De inwoner is overleden: dit besluit kan niet meer weg."]
    last = issued(third, actor)
    assert [first.number, last.number] == [f"B-{actor.today.year}-{n:05d}" for n in (1, 2)]
    assert Counter.objects.get(gemeente_id=case.gemeente_id, series="besluit").last == 2


def test_a_rollback_gives_the_number_back(case, actor):
    found = approved(case, actor)
    with transaction.atomic():
        drafting.issue_beschikking(beschikking_id=found.pk, actor=actor)
        transaction.set_rollback(True)
    assert (Beschikking.objects.get(pk=found.pk).number, Letter.objects.filter(kind="beschikking").count()) == ("", 0)
    again = drafting.issue_beschikking(beschikking_id=found.pk, actor=actor)
    assert again.number == f"B-{actor.today.year}-00001"


def test_issuing_twice_gives_one_number_and_one_letter(case, actor):
    found = issued(case, actor)
    with pytest.raises(Blocked) as excinfo:
        drafting.issue_beschikking(beschikking_id=found.pk, actor=actor)
    assert told(excinfo) == ["Deze stap kan niet meer: de stand is nu ‘Wordt verzonden’."]
    assert Counter.objects.get(gemeente_id=case.gemeente_id, series="besluit").last == 1
    assert Letter.objects.filter(kind="beschikking").count() == 1


def test_without_a_planned_evaluation_nothing_is_granted(case, actor):
    found = approved(case, actor)
    Case.objects.filter(pk=case.pk).update(evaluation_on=None)
    with pytest.raises(Blocked) as excinfo:
        drafting.issue_beschikking(beschikking_id=found.pk, actor=actor)
    assert told(excinfo) == ["Plan een datum voor de evaluatie."]


def test_a_grant_that_is_sent_starts_its_terms_and_the_help(case, actor):
    found = issued(case, actor)
    make.run_outbox()
    found = Beschikking.objects.get(pk=found.pk)
    hulpvraag = Hulpvraag.objects.get(pk=found.hulpvraag_id)
    assert (found.status, found.sent_on, found.bezwaar_until) == (
        "verzonden",
        actor.today,
        bezwaar_until(actor.today),
    )
    assert (hulpvraag.status, hulpvraag.besluit_sent_on, hulpvraag.help_started_on) == (
        "loopt",
        actor.today,
        actor.today,
    )
    assert hulpvraag.deadlines.get(key="wmo_besluit").met_on == actor.today


def test_a_refusal_that_is_sent_starts_no_help(case, actor):
    toetser = make.make_toetser(case)
    found = draft(case, actor, toetser, outcome="weigering", ground="u kunt dit zelf regelen")
    drafting.submit_for_review(beschikking_id=found.pk, actor=actor)
    make.age_grants(case)
    drafting.approve(beschikking_id=found.pk, actor=make.actor_of(toetser))
    drafting.issue_beschikking(beschikking_id=found.pk, actor=actor)
    make.run_outbox()
    assert Beschikking.objects.get(pk=found.pk).status == "verzonden"
    assert case.hulpvragen.get().status == "besloten"


def test_a_refusal_moves_a_case_on_in_which_other_help_runs(actor):
    case = asked(make.make_case(actor, ("wmo", "jeugd")).case, actor)
    wmo, jeugd = case.hulpvragen.get(law="wmo"), case.hulpvragen.get(law="jeugd")
    drafting.issue_beschikking(beschikking_id=make.approved_beschikking(wmo, actor).pk, actor=actor)
    make.run_outbox()
    Case.objects.filter(pk=case.pk).update(status="besluit")
    found = drafting.open_draft(hulpvraag_id=jeugd.pk, actor=actor)
    toetser = make.make_toetser(case)
    facts = drafting.DraftFacts("weigering", "Dit hoort bij een andere wet.", "een andere wet", toetser)
    drafting.write_draft(beschikking_id=found.pk, version=found.version, facts=facts, actor=actor)
    drafting.submit_for_review(beschikking_id=found.pk, actor=actor)
    make.age_grants(case)
    drafting.approve(beschikking_id=found.pk, actor=make.actor_of(toetser))
    drafting.issue_beschikking(beschikking_id=found.pk, actor=actor)
    make.run_outbox()
    assert make.fresh(case).status == "uitvoering"


def test_a_letter_under_way_is_still_sent_when_the_case_closes(case, actor):
    found = issued(case, actor)
    with pytest.raises(Blocked, match="Op een aanvraag volgt een besluit"):
        close_case(case_id=case.pk, reason="verhuisd", actor=actor)
    close_case(case_id=case.pk, reason="ingetrokken", actor=actor)
    make.run_outbox()
    assert Beschikking.objects.get(pk=found.pk).status == "verzonden"
    assert case.hulpvragen.get().status == "beeindigd"


def test_a_decision_on_a_plan_that_was_replaced_goes_nowhere(case, actor):
    found = approved(case, actor)
    Case.objects.filter(pk=case.pk).update(status="besluit")
    step_back(case_id=case.pk, step="return_to_plan", reason="Het moet anders", actor=actor)
    open_plan(case_id=case.pk, actor=actor)
    with pytest.raises(Blocked) as excinfo:
        drafting.issue_beschikking(beschikking_id=found.pk, actor=actor)
    assert told(excinfo) == ["Het plan is intussen vervangen. Laat dit besluit vervallen en begin opnieuw."]


def test_a_paper_letter_is_posted_on_the_day_that_stands_on_it_or_made_again(case, actor):
    on_paper(case)
    found = issued(case, actor)
    make.run_outbox()
    letter = Letter.objects.get(beschikking=found)
    yesterday = actor.today - timedelta(days=1)
    Letter.objects.filter(pk=letter.pk).update(dated=yesterday)
    with pytest.raises(Blocked) as excinfo:
        post_letter(letter_id=letter.pk, posted_on=actor.today, by=actor)
    advice = "Die dag moet de dag van posten zijn. Maak de brief opnieuw en post de nieuwe brief."
    assert told(excinfo) == [f"Op de brief staat {yesterday:%d-%m-%Y}. {advice}"]
    assert Beschikking.objects.get(pk=found.pk).status == "in_verzending"
    former = letter.document_id
    remake_letter(letter_id=letter.pk, by=actor)
    make.run_outbox()
    letter = Letter.objects.get(pk=letter.pk)
    assert (letter.dated, letter.document_id != former) == (actor.today, True)
    post_letter(letter_id=letter.pk, posted_on=actor.today, by=actor)
    found = Beschikking.objects.get(pk=found.pk)
    assert (found.status, found.sent_on, found.number) == (
        "verzonden",
        actor.today,
        f"B-{actor.today.year}-00001",
    )


def test_a_sent_decision_cannot_lose_its_number(case, actor):
    found = issued(case, actor)
    make.run_outbox()
    with pytest.raises(IntegrityError, match="sent_has_number_letter_and_day"), transaction.atomic():
        Beschikking.objects.filter(pk=found.pk).update(number="")
