"""What generated cases are worth: the rules, terms, numbers and scopes of the house hold for them."""

from dataclasses import dataclass
from pathlib import Path

import pytest
from django.db.models import Q
from django.test import override_settings

from casework import rules
from casework.enums import CaseStatus, GrantKind, HulpvraagStatus
from casework.models import Case, Deadline, Grant, Hulpvraag, Letter, Person
from decisions import rules as decision_rules
from decisions.enums import BeschikkingStatus
from decisions.models import Beschikking
from plans import rules as plan_rules
from plans.enums import PlanStatus
from tests.demo.test_generate import empty
from toegang.accounts.models import User
from toegang.core import documents
from toegang.core.access import actor_for
from toegang.core.models import Counter, StoredFile
from toegang.core.terms import due_on
from toegang.demo.generate import CASES_OF_A_WORKER, generate
from toegang.demo.persons import in_test_range

C = CaseStatus
SEED = 3

pytestmark = pytest.mark.django_db


@dataclass(frozen=True)
class Generated:
    rows: dict[str, int]
    folder: Path


@pytest.fixture(scope="module")
def generated(django_db_setup, django_db_blocker, tmp_path_factory):
    """Three hundred cases, made once for tests that only read them."""
    folder = tmp_path_factory.mktemp("files")
    with django_db_blocker.unblock(), override_settings(FILES_FOLDER=str(folder)):
        rows = generate(cases=300, seed=SEED)
    yield Generated(rows, folder)
    with django_db_blocker.unblock():
        empty()


def missing(rule, record):
    return [str(obstacle) for obstacle in rule(record)]


def test_every_row_arrives_in_every_state(generated):
    assert generated.rows["casework_case"] == Case.objects.count() == 300
    assert generated.rows["casework_person"] == Person.objects.count() > 300
    assert generated.rows["casework_deadline"] == Deadline.objects.count()
    assert set(Case.objects.values_list("status", flat=True)) == set(CaseStatus.values)
    assert set(Hulpvraag.objects.values_list("status", flat=True)) == set(HulpvraagStatus.values) - {"besloten"}
    present = set(Beschikking.objects.values_list("status", flat=True))
    assert present == set(BeschikkingStatus.values) - {BeschikkingStatus.VERVALLEN}


def test_the_rules_of_the_step_that_led_to_each_state_hold(generated):
    for case in Case.objects.order_by("pk")[:200]:
        assert obstacles_of_case(case) == [], case.status
        for hulpvraag in case.hulpvragen.exclude(verslag_sent_on=None):
            assert missing(rules.ready_for_verslag, hulpvraag) == []
        for plan in case.plans.exclude(status=PlanStatus.CONCEPT):
            assert missing(plan_rules.ready_to_share, plan) == []
        for plan in case.plans.filter(status=PlanStatus.AKKOORD):
            assert missing(plan_rules.answered, plan) == []
        for beschikking in case.beschikkingen.all():
            assert obstacles_of_decision(beschikking) == []


def obstacles_of_case(case):
    """What the guards on the way to the present state would still ask."""
    light = case.status in {C.UITVOERING, C.EVALUATIE} and not case.plan_has_maatwerk
    if case.status == C.AFGESLOTEN:
        return missing(rules.everything_ended, case)
    if case.hulpvragen.exclude(referrer="").exists():
        return missing(rules.only_referrals_run, case) if case.status == C.UITVOERING else []
    order = list(CaseStatus.values)
    at = order.index(case.status)
    asked = [
        (C.GESPREK, rules.has_contactpersoon),
        (C.VRAAGANALYSE, rules.ready_for_analysis),
        (C.PLAN, rules.ready_for_plan),
        (C.UITVOERING if light else C.AANBIEDER, rules.plan_without_maatwerk if light else rules.plan_needs_maatwerk),
        *([] if light else [(C.BESLUIT, rules.choices_made), (C.UITVOERING, rules.first_help_decided)]),
    ]
    return [text for state, rule in asked if at >= order.index(state) for text in missing(rule, case)]


def obstacles_of_decision(beschikking):
    asked = missing(decision_rules.ready_for_review, beschikking)
    if beschikking.status in {BeschikkingStatus.IN_VERZENDING, BeschikkingStatus.VERZONDEN}:
        asked += missing(decision_rules.ready_to_send, beschikking) + missing(decision_rules.stored, beschikking)
    return asked


def test_terms_are_those_of_the_table(generated):
    first = Case.objects.order_by("pk").values("pk")[:200]
    terms = list(Deadline.objects.filter(case__in=first))
    assert len(terms) > 400
    assert [t.due_on for t in terms] == [due_on(t.key, t.starts_on) for t in terms]
    for sent in Beschikking.objects.filter(status=BeschikkingStatus.VERZONDEN):
        assert sent.bezwaar_until == due_on("bezwaar_indienen", sent.sent_on)


def test_numbers_are_gapless_and_the_counters_know_the_last(generated):
    given = [case.reference for case in Case.objects.all()]
    given += Beschikking.objects.exclude(number="").values_list("number", flat=True)
    prefix = {"zaak": "ZD", "besluit": "B"}
    expected = {
        f"{prefix[counter.series]}-{counter.year}-{number:05d}"
        for counter in Counter.objects.all()
        for number in range(1, counter.last + 1)
    }
    assert len(given) == len(set(given)) and set(given) == expected


def test_each_open_case_has_one_contactpersoon_with_at_most_sixty(generated):
    opened = set(Case.objects.exclude(status=C.AFGESLOTEN).values_list("pk", flat=True))
    grants = list(Grant.objects.valid_now().filter(kind=GrantKind.CONTACTPERSOON))
    assert len(grants) == len(opened) and {grant.case_id for grant in grants} == opened
    per_worker = [sum(g.user_id == user for g in grants) for user in {g.user_id for g in grants}]
    assert sorted(per_worker)[1:] == [CASES_OF_A_WORKER] * (len(per_worker) - 1)


def test_a_generated_contactpersoon_sees_the_team_and_the_own_cases(generated):
    user = User.objects.get(username=f"werker-{SEED}-1-1")
    actor = actor_for(user, "test")
    own = set(Grant.objects.valid_now().filter(user=user).values_list("case_id", flat=True))
    assert len(own) == CASES_OF_A_WORKER
    assert set(Case.objects.in_hand_of(actor).values_list("pk", flat=True)) == own
    team = Case.objects.filter(team_id__in=actor.team_ids)
    expected = set(team.filter(Q(shielded=False) | Q(pk__in=own)).values_list("pk", flat=True))
    assert set(Case.objects.visible_to(actor).values_list("pk", flat=True)) == expected
    assert len(expected) > len(own)


def test_toetser_sees_what_waits_for_the_test(generated):
    toetser = actor_for(User.objects.get(username=f"toetser-{SEED}-1"), "test")
    waiting = Beschikking.objects.filter(status=BeschikkingStatus.TER_TOETSING)
    assert set(Case.objects.visible_to(toetser)) == {beschikking.case for beschikking in waiting}


def test_letters_of_decisions_can_be_read(generated, settings):
    settings.FILES_FOLDER = str(generated.folder)
    files = list(StoredFile.objects.all())
    assert len(files) == Letter.objects.count() > 50
    assert all(documents.read(file).startswith(b"%PDF") for file in files)
    folder = generated.folder
    assert len({path.stat().st_ino for path in folder.glob("??/*")}) == 1
    assert [path.name for path in folder.iterdir() if path.is_file()] == []


def test_bsns_are_for_tests_and_never_given_twice(generated):
    numbers = [person.bsn for person in Person.objects.exclude(bsn_sealed=None)]
    assert len(numbers) == len(set(numbers)) == Person.objects.count()
    assert all(in_test_range(number) for number in numbers)
