"""Generated cases: consistent by the rules of the house, gapless, the same for a seed, with all constraints on."""

import errno
import io
import os
import time
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.models import Q

from casework import rules
from casework.enums import CaseStatus, GrantKind, HulpvraagStatus
from casework.models import Case, Deadline, Grant, Hulpvraag, Letter, Person
from decisions import rules as decision_rules
from decisions.enums import BeschikkingStatus
from decisions.models import Beschikking
from plans import rules as plan_rules
from plans.enums import PlanStatus
from plans.models import Plan
from toegang.accounts.models import Gemeente, User
from toegang.core import documents
from toegang.core.access import actor_for
from toegang.core.models import Counter, StoredFile
from toegang.core.terms import due_on
from toegang.demo.generate import CASES_OF_A_WORKER, GenerateError, generate
from toegang.demo.ground import SampleLetter
from toegang.demo.kinds import KINDS, timeline
from toegang.demo.persons import in_test_range
from toegang.demo.rows import Rows

C = CaseStatus
SEED = 3

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def written():
    return generate(cases=300, seed=SEED)


def missing(rule, record):
    return [str(obstacle) for obstacle in rule(record)]


def test_every_row_arrives_in_every_state(written):
    assert written["casework_case"] == Case.objects.count() == 300
    assert written["casework_person"] == Person.objects.count() > 300
    assert written["casework_deadline"] == Deadline.objects.count()
    assert set(Case.objects.values_list("status", flat=True)) == set(CaseStatus.values)
    assert set(Hulpvraag.objects.values_list("status", flat=True)) == set(HulpvraagStatus.values) - {"besloten"}
    present = set(Beschikking.objects.values_list("status", flat=True))
    assert present == set(BeschikkingStatus.values) - {BeschikkingStatus.VERVALLEN}


def test_the_rules_of_the_step_that_led_to_each_state_hold(written):
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
    B = BeschikkingStatus
    asked = missing(decision_rules.ready_for_review, beschikking)
    if beschikking.status in {B.IN_VERZENDING, B.VERZONDEN}:
        asked += missing(decision_rules.ready_to_send, beschikking) + missing(decision_rules.stored, beschikking)
    return asked


def test_no_step_lies_in_the_future_or_before_the_one_before():
    import random

    today = actor_for(None, "test").today
    for kind in KINDS:
        for seed in range(50):
            days = timeline(kind, random.Random(seed), today)
            order = [*days.steps.values(), *(day for day in (days.evaluated, days.closed) if day)]
            assert order == sorted(order) and order[-1] < today and order[0] == days.melding


def test_terms_are_those_of_the_table(written):
    first = Case.objects.order_by("pk").values("pk")[:200]
    terms = list(Deadline.objects.filter(case__in=first))
    assert len(terms) > 400
    assert [t.due_on for t in terms] == [due_on(t.key, t.starts_on) for t in terms]
    for sent in Beschikking.objects.filter(status=BeschikkingStatus.VERZONDEN):
        assert sent.bezwaar_until == due_on("bezwaar_indienen", sent.sent_on)


def test_numbers_are_gapless_and_the_counters_know_the_last(written):
    given = [case.reference for case in Case.objects.all()]
    given += Beschikking.objects.exclude(number="").values_list("number", flat=True)
    prefix = {"zaak": "ZD", "besluit": "B"}
    expected = {
        f"{prefix[counter.series]}-{counter.year}-{number:05d}"
        for counter in Counter.objects.all()
        for number in range(1, counter.last + 1)
    }
    assert len(given) == len(set(given)) and set(given) == expected


def test_numbers_go_on_after_those_that_were_given(written):
    before = sum(Counter.objects.filter(series="zaak").values_list("last", flat=True))
    generate(cases=20, seed=SEED + 1)
    assert sum(Counter.objects.filter(series="zaak").values_list("last", flat=True)) == before + 20
    assert Case.objects.values("reference").distinct().count() == 320


def test_each_open_case_has_one_contactpersoon_with_at_most_sixty(written):
    opened = set(Case.objects.exclude(status=C.AFGESLOTEN).values_list("pk", flat=True))
    grants = list(Grant.objects.valid_now().filter(kind=GrantKind.CONTACTPERSOON))
    assert len(grants) == len(opened) and {grant.case_id for grant in grants} == opened
    per_worker = [sum(g.user_id == user for g in grants) for user in {g.user_id for g in grants}]
    assert sorted(per_worker)[1:] == [CASES_OF_A_WORKER] * (len(per_worker) - 1)


def test_a_generated_contactpersoon_sees_the_team_and_the_own_cases(written):
    user = User.objects.get(username=f"werker-{SEED}-1-1")
    actor = actor_for(user, "test")
    own = set(Grant.objects.valid_now().filter(user=user).values_list("case_id", flat=True))
    assert len(own) == CASES_OF_A_WORKER
    assert set(Case.objects.of_contactpersoon(actor).values_list("pk", flat=True)) == own
    team = Case.objects.filter(team_id__in=actor.team_ids)
    expected = set(team.filter(Q(shielded=False) | Q(pk__in=own)).values_list("pk", flat=True))
    assert set(Case.objects.visible_to(actor).values_list("pk", flat=True)) == expected
    assert len(expected) > len(own)


def test_toetser_sees_what_waits_for_the_test(written):
    toetser = actor_for(User.objects.get(username=f"toetser-{SEED}-1"), "test")
    waiting = Beschikking.objects.filter(status=BeschikkingStatus.TER_TOETSING)
    assert set(Case.objects.visible_to(toetser)) == {beschikking.case for beschikking in waiting}


def test_letters_of_decisions_can_be_read(written, settings):
    files = list(StoredFile.objects.all())
    assert len(files) == Letter.objects.count() > 50
    assert all(documents.read(file).startswith(b"%PDF") for file in files)
    folder = Path(settings.FILES_FOLDER)
    assert len({path.stat().st_ino for path in folder.glob("??/*")}) == 1
    assert [path.name for path in folder.iterdir() if path.is_file()] == []


def test_bsns_are_for_tests_and_never_given_twice(written):
    numbers = list(Person.objects.exclude(bsn=None).values_list("bsn", flat=True))
    assert len(numbers) == len(set(numbers)) == Person.objects.count()
    assert all(in_test_range(number) for number in numbers)


def test_two_gemeenten_have_their_own_numbers_people_and_staff():
    generate(cases=41, seed=SEED, gemeenten=2)
    first, second = Gemeente.objects.order_by("code")
    assert [Case.objects.filter(gemeente=g).count() for g in (first, second)] == [21, 20]
    for gemeente in (first, second):
        assert Case.objects.filter(gemeente=gemeente, reference__endswith="-00001").exists()
        worker = actor_for(User.objects.filter(role_assignments__gemeente=gemeente).first(), "test")
        assert worker.gemeente_ids == {gemeente.pk}


def test_the_same_seed_gives_the_same_cases():
    columns = ("id", "reference", "status", "opened_on", "household_id", "person__family_name", "person__bsn")
    generate(cases=60, seed=SEED)
    first = list(Case.objects.order_by("id").values_list(*columns))
    with connection.cursor() as cursor:
        cursor.execute("RESET ROLE")
        cursor.execute("TRUNCATE casework_household, core_counter, core_storedfile, accounts_user CASCADE")
        cursor.execute("SET ROLE toegang_app")
    generate(cases=60, seed=SEED)
    assert list(Case.objects.order_by("id").values_list(*columns)) == first


def test_a_seed_is_used_once(written):
    with pytest.raises(GenerateError, match=f"--seed {SEED} zijn er al"):
        generate(cases=1, seed=SEED)
    assert Case.objects.count() == 300


def test_workers_sign_in_with_the_password_or_not_at_all():
    generate(cases=5, seed=1, password="een-wachtwoord-voor-de-demo")
    generate(cases=5, seed=2)
    assert User.objects.get(username="werker-1-1-1").check_password("een-wachtwoord-voor-de-demo")
    assert not User.objects.get(username="werker-2-1-1").has_usable_password()


def test_command_tells_what_it_made(monkeypatch):
    monkeypatch.delenv("DEMO_PASSWORD", raising=False)
    out = io.StringIO()
    call_command("generate", cases=5, seed=1, stdout=out)
    assert "casework_case: 5\n" in out.getvalue() and "5 zaken in" in out.getvalue()
    with pytest.raises(CommandError, match="Kies een ander getal"):
        call_command("generate", cases=5, seed=1, stdout=out)
    with pytest.raises(CommandError, match="Kies 1 tot en met"):
        call_command("generate", cases=5, seed=2, gemeenten=0, stdout=out)


def test_letter_is_copied_where_the_disk_gives_no_more_links(monkeypatch, settings):
    def no_more_links(*paths):
        raise OSError(errno.EMLINK, "Too many links")

    monkeypatch.setattr(os, "link", no_more_links)
    letter = SampleLetter("voorbeeld.pdf")
    letter.link("ab" * 16)
    letter.remove()
    assert (Path(settings.FILES_FOLDER) / "ab" / ("ab" * 16)).read_bytes() == letter.content


def test_a_column_that_does_not_exist_is_refused():
    with pytest.raises(KeyError, match="colour"):
        Rows().add(Case, colour="blauw")


@pytest.mark.long
def test_a_hundred_thousand_cases():
    begun = time.monotonic()
    written = generate(cases=100_000, seed=SEED)
    print(f"100.000 zaken in {time.monotonic() - begun:.0f} seconden: {sum(written.values())} rijen")
    assert written["casework_case"] == Case.objects.count() == 100_000
    assert written["decisions_beschikking"] == Beschikking.objects.count() > 30_000
    assert Person.objects.exclude(bsn=None).count() == 9091
    assert Plan.objects.count() == written["plans_plan"]
