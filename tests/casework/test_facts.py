"""The file of each person: what one law sees of it, what another must not, and that no housemate sees any."""

from datetime import timedelta
from itertools import product

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from casework.enums import Law, SharingGround
from casework.models import Fact, FactUse, Leefgebied
from casework.selectors.facts import file_of, laws_of
from casework.services.facts import FactWords, UseFacts, add_fact, allow_use, correct_fact, end_use
from casework.services.intake import Question
from tests.factories import actor_of, make_case, make_gemeente, make_staff, make_team, person_facts
from tests.housemates import add_housemate
from toegang.core.lifecycle import Blocked
from toegang.core.models import LogRow
from toegang.core.records import Stale

pytestmark = pytest.mark.django_db
CANARY = "Kanariegeheim"


@pytest.fixture
def house():
    """Fatima with a question under the Wmo and one under the Jeugdwet, her son with one under the Jeugdwet."""
    team = make_team(make_gemeente())
    anna, bram = make_staff("anna", team), make_staff("bram", team)
    son = Question("jeugd", "x", person=person_facts(given_names="Sami", born=20140501))
    case = make_case(actor_of(anna), ("wmo", "jeugd"), others=(son,)).case
    return case, anna, bram, case.hulpvragen.exclude(person=case.person).get().person


def areas():
    return list(Leefgebied.objects.order_by("order")[:2])


def fact(case, user, person=None, law=Law.WMO, area=0):
    actor = actor_of(user)
    words = FactWords(areas()[area], CANARY, "zijzelf", actor.today)
    return add_fact(case_id=case.pk, person_id=(person or case.person).pk, law=law, words=words, actor=actor)


def allowed(case, user, person=None, law=Law.WMO, **other):
    actor = actor_of(user)
    day = timedelta(days=1)
    facts = {"from_law": Law.JEUGD, "leefgebied": None, "ground": SharingGround.TOESTEMMING, "giver": "zijzelf"}
    facts |= {"purpose": "Het plan", "evidence": "Gezegd", "since": actor.today - day, "until": actor.today + day}
    use = UseFacts(**facts | other)
    return allow_use(case_id=case.pk, person_id=(person or case.person).pk, law=law, use=use, actor=actor)


def seen(case, user, person=None, law=Law.WMO, later=0):
    """What one law sees of a file: the facts, and whether something is held back."""
    found = file_of(case, person or case.person, law, actor_of(user).today + timedelta(days=later))
    return found.facts, found.held_back


def test_a_law_sees_its_own_facts_and_only_that_there_is_more(house):
    case, anna, _, _ = house
    assert seen(case, anna) == ([], False)
    mine = fact(case, anna)
    assert seen(case, anna) == ([mine], False) and seen(case, anna, law=Law.JEUGD) == ([], True)
    theirs = fact(case, anna, law=Law.JEUGD)
    assert seen(case, anna) == ([mine], True) and seen(case, anna, law=Law.JEUGD) == ([theirs], True)


def test_consent_opens_what_it_names_as_long_as_it_holds(house):
    case, anna, _, _ = house
    first, second = (fact(case, anna, law=Law.JEUGD, area=number) for number in (0, 1))
    use = allowed(case, anna, leefgebied=areas()[0])
    assert seen(case, anna) == ([first], True)
    assert seen(case, anna, later=1) == ([first], True) and seen(case, anna, later=2) == ([], True)
    assert seen(case, anna, later=-2) == ([], True)
    whole = allowed(case, anna)
    assert allowed(case, anna) == whole
    assert seen(case, anna) == ([first, second], False)
    end_use(use_id=whole.pk, actor=actor_of(anna))
    assert seen(case, anna) == ([first], True)
    end_use(use_id=use.pk, actor=actor_of(anna))
    assert seen(case, anna) == ([], True)
    assert FactUse.objects.filter(ended_on=actor_of(anna).today).count() == 2


def test_a_use_holds_for_one_direction_and_one_person(house):
    case, anna, _, son = house
    fact(case, anna)
    fact(case, anna, law=Law.JEUGD)
    theirs = fact(case, anna, son, Law.JEUGD)
    allowed(case, anna)
    assert seen(case, anna)[1] is False and seen(case, anna, law=Law.JEUGD)[1] is True
    assert laws_of(case, son) == [Law.JEUGD]
    assert seen(case, anna, son, Law.JEUGD) == ([theirs], False)
    assert theirs not in seen(case, anna)[0]


def test_no_file_holds_a_fact_of_somebody_else(house):
    """Each person × law × consent: never a fact of another person, whatever was allowed."""
    case, anna, _, son = house
    partner = add_housemate(case, "Karim", actor_of(anna), account=False)
    people = (case.person, son, partner)
    for person in people:
        for law in laws_of(case, person):
            fact(case, anna, person, law)
            other = Law.WMO if law == Law.JEUGD else Law.JEUGD
            allowed(case, anna, person, law, from_law=other)
    assert laws_of(case, partner) == [Law.WMO, Law.JEUGD]  # of the case: he asked for nothing himself
    for person, law in product(people, Law):
        assert {found.person_id for found in seen(case, anna, person, law)[0]} <= {person.pk}
    assert len(seen(case, anna, partner)[0]) == 2
    assert Fact.objects.exclude(person=case.person).count() == 3  # so that there is something to leak


def test_only_who_handles_writes(house):
    case, anna, bram, _ = house
    record, use = fact(case, anna), allowed(case, anna)
    actor = actor_of(bram)
    words = FactWords(areas()[0], "x", "x", actor.today)
    for act in (
        lambda: fact(case, bram),
        lambda: allowed(case, bram),
        lambda: correct_fact(fact_id=record.pk, version=1, words=words, actor=actor),
        lambda: end_use(use_id=use.pk, actor=actor),
    ):
        with pytest.raises(PermissionDenied), transaction.atomic():
            act()
    assert (Fact.objects.get().text, FactUse.objects.get().ended_on) == (CANARY, None)


def test_what_is_wrong_changes_nothing(house):
    case, anna, _, son = house
    stranger = make_case(actor_of(make_staff("els", make_team(make_gemeente("Elders"))))).case.person
    today, day = actor_of(anna).today, timedelta(days=1)
    words = FactWords(areas()[0], "x", "x", today + day)
    where = {"case_id": case.pk, "person_id": case.person_id, "law": Law.WMO}
    for sentence, act in {
        "Kies iemand": lambda: fact(case, anna, stranger),
        "geen vraag onder deze wet": lambda: fact(case, anna, son, Law.WMO),
        "toekomst": lambda: add_fact(**where, words=words, actor=actor_of(anna)),
        "andere wet": lambda: allowed(case, anna, from_law=Law.WMO),
        "wie de toestemming gaf": lambda: allowed(case, anna, giver=""),
        "eerste dag": lambda: allowed(case, anna, since=today + day, until=today + 2 * day),
        "laatste dag": lambda: allowed(case, anna, until=today - day, since=today - day),
    }.items():
        with pytest.raises(Blocked, match=sentence), transaction.atomic():
            act()
    assert not Fact.objects.exists() and not FactUse.objects.exists()
    use = allowed(case, anna)
    for wrong in ({"to_law": Law.JEUGD}, {"giver": ""}, {"until": today - 9 * day}, {"ground": "zomaar"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            FactUse.objects.filter(pk=use.pk).update(**wrong)


def test_a_correction_keeps_the_former_words_and_never_overwrites(house):
    case, anna, _, _ = house
    record = fact(case, anna)
    words = FactWords(areas()[1], "Beter", "haar zus", actor_of(anna).today)
    done = correct_fact(fact_id=record.pk, version=1, words=words, actor=actor_of(anna))
    assert (done.text, done.version, [row.text for row in done.history.order_by("history_id")]) == (
        "Beter", 2, [CANARY, "Beter"],
    )  # fmt: skip
    with pytest.raises(Stale):
        correct_fact(fact_id=record.pk, version=1, words=words, actor=actor_of(anna))


def test_the_log_tells_that_it_was_written_and_not_what(house):
    case, anna, _, _ = house
    fact(case, anna)
    allowed(case, anna, purpose=CANARY, evidence=CANARY, giver=CANARY)
    rows = LogRow.objects.filter(case_id=case.pk, object_type__in=["fact", "factuse"])
    assert {row.what for row in rows} == {"Dossier aangevuld", "Gebruik onder een andere wet toegestaan"}
    assert CANARY not in str(list(LogRow.objects.values()))


def test_a_long_file_takes_as_many_queries_as_a_short_one(house):
    case, anna, _, _ = house
    counts, today = [], actor_of(anna).today
    for _ in range(2):
        fact(case, anna)
        fact(case, anna, law=Law.JEUGD)
        with CaptureQueriesContext(connection) as queries:
            found = file_of(case, case.person, Law.WMO, today)
            assert [(str(row.leefgebied), row.written_by.name) for row in found.facts] and found.held_back
        counts.append(len(queries))
    assert counts == [2, 2]
