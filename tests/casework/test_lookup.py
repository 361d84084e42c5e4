"""Looking people up: who is found, who is not told of, the log, the alert, the number an hour, and the index."""

import importlib
import json
import re
import threading
from datetime import timedelta

import pytest
from django.apps import apps
from django.core import mail
from django.core.exceptions import PermissionDenied
from django.db import connection, transaction
from django.db.models import F
from django.test.utils import CaptureQueriesContext

from casework.models import AccessRules, Case, Person
from casework.services import lookup
from casework.services.lookup import Wanted, look_up
from casework.services.people import join_household
from tests.casework.test_emergency import staff_with_mail
from tests.core.test_numbers import at_once
from tests.factories import actor_of, make_case, make_gemeente, make_staff, make_team, run_outbox
from tests.test_architecture import scanned_whole
from toegang.core.dates import PartialDate
from toegang.core.models import LogRow, OutboxRow
from toegang.core.wall import standing_as

BSN, OTHER = "999990019", "999990020"
YEAR = PartialDate(1978)


@pytest.fixture
def house():
    """Fatima Yıldız has a case with Els in the north; Bram works in the south of the same gemeente."""
    gemeente = make_gemeente()
    els = make_staff("els", make_team(gemeente))
    bram = make_staff("bram", make_team(gemeente, "Wijkteam Zuid"))
    return make_case(actor_of(els), bsn=BSN).case, els, bram


def ask(user, gemeente, **wanted):
    """The answer as a page gets it: behind the wall of who asks."""
    with transaction.atomic(), standing_as(actor_of(user)):
        return look_up(gemeente_id=gemeente.pk, wanted=Wanted(**wanted), actor=actor_of(user))


def names(user, gemeente, **wanted):
    return [known.name for known in ask(user, gemeente, **wanted).people]


def hide_case(case):
    Case.objects.filter(pk=case.pk).update(shielded=True)


def hide_person(case):
    Person.objects.filter(pk=case.person_id).update(shielded=True)


def die(case):
    Person.objects.filter(pk=case.person_id).update(deceased=20260101)


@pytest.mark.django_db
def test_name_birth_date_and_team_are_told_and_nothing_else(house):
    case, els, bram = house
    (known,) = ask(bram, case.gemeente, bsn=BSN).people
    assert vars(known) == {
        "name": "Fatima Yıldız",
        "birth": PartialDate(1978, 4, 12),
        "cases": [("Wijkteam Noord", None)],
    }
    (own,) = ask(els, case.gemeente, bsn=BSN).people
    assert own.cases == [("Wijkteam Noord", case.pk)]
    Case.objects.filter(pk=case.pk).update(status="afgesloten", closed_on="2026-01-05", close_reason="x")
    assert ask(bram, case.gemeente, bsn=BSN).people[0].cases == []


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["Yıldız", "yildiz", "YILDIZ", "van Yıldız"])
@pytest.mark.parametrize("born", [YEAR, PartialDate(1978, 4), PartialDate(1978, 4, 12)])
def test_a_name_is_found_however_it_is_written_with_a_date_as_far_as_it_is_known(house, name, born):
    case, _, bram = house
    assert names(bram, case.gemeente, family_name=name, born=born) == ["Fatima Yıldız"]


@pytest.mark.django_db
@pytest.mark.parametrize(
    "wanted",
    [
        {"family_name": "Yi", "born": YEAR},
        {"family_name": "%ld%", "born": YEAR},
        {"family_name": "Jansen", "born": YEAR},
        {"phone": "0687654321"},
        {"phone": "12"},
        {"reference": "ZD-2026-99999"},
        {"reference": "%"},
        {"postcode": "1234 AB", "house_number": "1"},
        {"postcode": "1234 AB", "house_number": ".*"},
        {"postcode": "1234 AB", "house_number": "12", "given_name": "Piet"},
        {"phone": "0612345678", "family_name": "Jansen", "born": YEAR},
        {"family_name": "Yıldız", "born": PartialDate(1979)},
        {"family_name": "Yıldız", "born": PartialDate(1978, 5)},
        {"family_name": "Yıldız", "born": PartialDate(1978, 4, 13)},
        {"family_name": "Yıldız", "born": YEAR, "given_name": "Piet"},
        {"family_name": "Yıldız", "born": YEAR, "given_name": "%tima"},
        {"family_name": "Yıldız", "born": YEAR, "postcode": "4321 BA"},
        {"family_name": "' OR 1=1 --", "born": YEAR},
        {"bsn": OTHER},
    ],
)
def test_what_does_not_fit_is_a_miss(house, wanted):
    case, _, bram = house
    assert names(bram, case.gemeente, **wanted) == []


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("written", "typed"),
    [
        ("Meijer", "Meyer"),
        ("Claassen", "Klasen"),
        ("Kuijpers", "Cuypers"),
        ("Thijssen", "Tijsen"),
        ("Brandt", "Brand"),
        ("Hendriks", "Hendrix"),
        ("van der Heijden", "Heiden"),
        ("Öztürk", "Ozturk"),
        ("Jansen", "Janssens"),  # sounds otherwise, and is written nearly so
        ("Bouazzati", "Bouazati"),
        ("O'Brien-de Vries", "obrien de vries"),
        ("محمد", "محمد"),
    ],
)
def test_a_name_is_found_as_it_was_heard(house, written, typed):
    case, els, bram = house
    make_case(actor_of(els), given_names="Toos", family_name=written)
    found = names(bram, case.gemeente, family_name=typed, born=YEAR)
    assert found == [f"Toos {written}"]


def marry(case, *, use="V", prefix="de", family_name="Vries"):
    """Give the person of a case the name of a partner, and a naamgebruik."""
    person = Person.objects.get(pk=case.person_id)
    person.name_use, person.partner_prefix, person.partner_family_name = use, prefix, family_name
    person.save()


@pytest.mark.django_db
@pytest.mark.parametrize("use", ["P", "V", "N"])
@pytest.mark.parametrize(
    "typed", ["de Vries", "Fries", "Vriess", "Yıldız", "de Vries-Yıldız", "Yildis-De Vries", "Yıldız \u2013 de Fries"]
)
def test_who_bears_the_name_of_the_partner_is_found_by_it(house, use, typed):
    case, _, bram = house
    marry(case, use=use)
    found = names(bram, case.gemeente, family_name=typed, born=YEAR)
    written = {"P": "F. de Vries", "V": "F. de Vries-Yıldız", "N": "F. Yıldız-de Vries"}[use]
    assert found == [f"Fatima Yıldız ({written})"]


@pytest.mark.django_db
@pytest.mark.parametrize("typed", ["de Vries", "Jansen-de Vries", "-", "?"])
def test_who_does_not_bear_it_is_not_found_by_it(house, typed):
    case, _, bram = house
    marry(case, use="E")
    assert names(bram, case.gemeente, family_name=typed, born=YEAR) == []
    marry(case)
    assert names(bram, case.gemeente, family_name="Jansen-Bakker", born=YEAR) == []


@pytest.mark.django_db
def test_of_a_double_name_one_half_fits_only_with_a_whole_birth_date(house):
    case, els, bram = house
    double = make_case(actor_of(els), given_names="Toos", family_name="Yıldız-Jansen").case.person
    wanted = {"family_name": "Yıldız-Jansen", "born": YEAR}
    assert names(bram, case.gemeente, **wanted) == ["Toos Yıldız-Jansen"]  # and nobody who is only Yıldız
    wanted["born"] = double.birth
    assert names(bram, case.gemeente, **wanted) == ["Toos Yıldız-Jansen", "Fatima Yıldız"]  # the whole name first


@pytest.mark.django_db
def test_the_migration_finds_who_bore_the_name_already(house):
    case, _, bram = house
    marry(case)
    Person.objects.update(partner_key="", partner_sound="")
    assert names(bram, case.gemeente, family_name="de Vries", born=YEAR) == []
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # else rows of this transaction keep the table as it is
        cursor.execute("RESET ROLE")
        importlib.import_module("casework.migrations.0031_fill_partner_key").fill(apps, connection.schema_editor())
        cursor.execute("SET LOCAL row_security = on; SET ROLE toegang_task")
    assert len(names(bram, case.gemeente, family_name="de Vries", born=YEAR)) == 1


@pytest.mark.django_db
def test_who_is_written_most_alike_comes_first(house):
    case, els, bram = house
    for family in ("Jansens", "Janssen", "Jansen"):
        make_case(actor_of(els), given_names="Toos", family_name=family)
    found = names(bram, case.gemeente, family_name="Janssen", born=YEAR)
    assert found[0] == "Toos Janssen" and len(found) == 3


@pytest.mark.django_db
@pytest.mark.parametrize(
    "wanted",
    [
        {"phone": "06-12345678"},
        {"phone": "+31 6 12 34 56 78"},
        {"phone": "0031612345678"},
        {"postcode": "1234 AB", "house_number": "12"},
        {"postcode": "1234 AB", "house_number": "12", "given_name": "fat"},
        {"phone": "0612345678", "family_name": "yildiz", "born": YEAR},
    ],
)
def test_telephone_and_address_find_who_is_there(house, wanted):
    case, _, bram = house
    Person.objects.filter(pk=case.person_id).update(phone="06 1234 5678", phone_key="612345678", house_number="12b")
    assert names(bram, case.gemeente, **wanted) == ["Fatima Yıldız"]


@pytest.mark.django_db
def test_a_case_number_finds_its_household_and_tells_no_more(house):
    case, els, bram = house
    other = make_case(actor_of(els), given_names="Piet", family_name="Jansen").case
    (known,) = ask(bram, case.gemeente, reference=f" {case.reference.lower()} ").people
    assert (known.name, known.cases) == ("Fatima Yıldız", [("Wijkteam Noord", None)])
    hide_case(other)
    assert names(bram, case.gemeente, reference=other.reference) == []
    run_outbox()
    assert LogRow.objects.filter(action="alert", object_id=str(other.person_id)).count() == 1
    row = LogRow.objects.filter(object_type="lookup").latest("id")
    assert row.detail == "Gezocht op zaaknummer. Niets getoond"


@pytest.mark.django_db
def test_a_secret_address_and_a_shielded_case_are_not_found_out_by_asking(house):
    """Not even by who sees another case of the same person."""
    case, els, bram = house
    Person.objects.filter(pk=case.person_id).update(shielded=True)
    assert names(els, case.gemeente, family_name="Yıldız", born=YEAR) == ["Fatima Yıldız"]
    for address in ({"postcode": "1234 AB", "house_number": "12"}, {"family_name": "Yıldız", "born": YEAR}):
        assert names(els, case.gemeente, **{"postcode": "1234 AB"} | address) == []
    other = make_case(actor_of(bram), given_names="Piet", family_name="Jansen").case
    child = Person.objects.create(gemeente=case.gemeente, given_names="Sami", family_name="Jansen", born=20140501)
    for each, user in ((case, els), (other, bram)):
        join_household(household=each.household, person=child, since=actor_of(user).today, by=actor_of(user))
    assert names(bram, case.gemeente, reference=other.reference) == ["Piet Jansen", "Sami Jansen"]
    hide_case(case)
    assert names(bram, case.gemeente, reference=case.reference) == []


@pytest.mark.django_db
def test_given_name_and_postcode_narrow_and_a_register_that_knows_less_fits(house):
    case, els, bram = house
    make_case(actor_of(els), given_names="Emre", postcode="4321 BA")
    wanted = {"family_name": "Yildiz", "born": PartialDate(1978, 4, 12)}
    assert names(bram, case.gemeente, **wanted) == ["Emre Yıldız", "Fatima Yıldız"]
    assert names(bram, case.gemeente, **wanted, given_name="fat") == ["Fatima Yıldız"]
    assert names(bram, case.gemeente, **wanted, postcode="4321 BA") == ["Emre Yıldız"]
    for born in (19780400, 19780000):
        Person.objects.filter(pk=case.person_id).update(born=born)
        assert names(bram, case.gemeente, **wanted, given_name="fat") == ["Fatima Yıldız"]


@pytest.mark.django_db
@pytest.mark.parametrize(
    "wanted",
    [
        {},
        {"family_name": "Yıldız"},
        {"born": YEAR},
        {"postcode": "1234 AB"},
        {"house_number": "1"},
        {"given_name": "F"},
    ],
)
def test_nobody_browses(house, wanted):
    with pytest.raises(ValueError, match="year of birth"):
        ask(house[2], house[0].gemeente, **wanted)


@pytest.mark.django_db
def test_another_gemeente_is_not_looked_in_and_its_people_are_a_miss(house):
    case, _, bram = house
    elders = make_gemeente("Elders")
    mo = make_staff("mo", make_team(elders, "Elders"))
    assert names(mo, elders, bsn=BSN) == names(mo, elders, family_name="Yıldız", born=YEAR) == []
    with pytest.raises(PermissionDenied, match="geen meldingen aan"):
        ask(mo, case.gemeente, bsn=BSN)
    toetser = make_staff("tess", roles=("toetser", "beheerder", "privacy"), gemeente=case.gemeente)
    with pytest.raises(PermissionDenied):
        ask(toetser, case.gemeente, bsn=BSN)
    noor = make_staff("noor", roles=("klantcontact",), gemeente=case.gemeente)
    assert names(noor, case.gemeente, bsn=BSN) == names(bram, case.gemeente, bsn=BSN) == ["Fatima Yıldız"]


@pytest.mark.django_db
def test_each_of_a_household_is_found_with_its_case_once(house):
    case, els, bram = house
    actor = actor_of(els)
    son = Person.objects.create(gemeente=case.gemeente, given_names="Emre", family_name="Yıldız", born=20150302)
    join_household(household=case.household, person=son, since=actor.today, by=actor)
    (known,) = ask(bram, case.gemeente, family_name="Yildiz", born=PartialDate(2015)).people
    assert (known.name, known.cases) == ("Emre Yıldız", [("Wijkteam Noord", None)])


def told(user, gemeente, **wanted):
    """Answer, queries up to their values, and rows of the log, of one look-up."""
    before = LogRow.objects.order_by("id").last().pk
    with CaptureQueriesContext(connection) as queries:
        answer = ask(user, gemeente, **wanted)
    rows = LogRow.objects.filter(pk__gt=before).values("action", "what", "detail", "case_ids", "case_id", "fields")
    shapes = [re.sub(r"'[^']*'|\b\d+\b|_x\d+|s\d+", "?", query["sql"]) for query in queries]
    return answer, [re.sub(r"VALUES.*", "", sql) for sql in shapes], list(rows)


@pytest.mark.django_db
@pytest.mark.parametrize("hide", [hide_case, hide_person, die])
@pytest.mark.parametrize("wanted", [{"bsn": BSN}, {"family_name": "Yıldız", "born": YEAR}])
def test_somebody_of_whom_the_actor_may_not_know_is_a_miss(house, hide, wanted):
    case, els, bram = house
    right = told(bram, case.gemeente, **wanted)
    hide(case)
    nobody = {"bsn": OTHER} if "bsn" in wanted else {"family_name": "Nobody", "born": YEAR}
    hit, miss = told(bram, case.gemeente, **wanted), told(bram, case.gemeente, **nobody)
    assert hit == miss and hit[0].people == [] and len(hit[1]) > 8
    assert right != miss and len(right[0].people) == 1  # so that the test can fail
    own = names(els, case.gemeente, **wanted)
    assert own == ["Fatima Yıldız"]  # els holds a grant on the case


@pytest.mark.django_db
def test_who_has_a_visible_case_beside_a_shielded_one_is_told_with_that_one_alone(house):
    case, _, bram = house
    hide_case(case)
    actor = actor_of(bram)
    second = make_case(actor, given_names="Ander", family_name="Naam", born=19500101).case
    join_household(household=second.household, person=case.person, since=actor.today, by=actor)
    assert ask(bram, case.gemeente, bsn=BSN).people[0].cases == [("Wijkteam Zuid", second.pk)]


@pytest.mark.django_db
def test_each_look_up_is_one_row_in_the_log_without_what_was_typed(house):
    case, _, bram = house
    before = LogRow.objects.order_by("id").last().pk
    ask(bram, case.gemeente, bsn=BSN)
    ask(bram, case.gemeente, family_name="Zeldzaam", born=YEAR, given_name="Xaviera", postcode="9876 ZZ")
    rows = list(LogRow.objects.filter(pk__gt=before).order_by("id"))
    assert [(row.action, row.object_type, row.result, row.user_id, row.gemeente_id) for row in rows] == [
        ("search", "lookup", "ok", bram.pk, case.gemeente_id)
    ] * 2
    hit, miss = rows
    assert (hit.detail, hit.case_ids) == (f"Gezocht op burgerservicenummer. Getoond: {case.person_id}", [case.pk])
    assert (miss.detail, miss.case_ids, miss.fields) == (
        "Gezocht op achternaam, geboortedatum, voornaam, postcode. Niets getoond",
        [],
        [],
    )
    assert hit.fields == ["naam", "geboortedatum", "team"]
    everything = str([vars(row) for row in rows])
    assert [word for word in (BSN, "Zeldzaam", "Xaviera", "9876", "Fatima", "1978") if word in everything] == []


@pytest.mark.django_db
def test_who_watches_over_a_hidden_person_is_told_without_names(house):
    case, _, bram = house
    hide_case(case)
    Person.objects.filter(pk=case.person_id).update(phone="06-CANARY", street="Geheimlaan")
    staff_with_mail("lies", case.team, roles=("teamleider",))
    staff_with_mail("andere-leider", bram.memberships.get().team, roles=("teamleider",))
    ask(bram, case.gemeente, bsn=OTHER)
    run_outbox()
    assert not LogRow.objects.filter(action="alert").exists() and not mail.outbox
    for _ in range(2):
        ask(bram, case.gemeente, bsn=BSN)
        run_outbox()
    rows = LogRow.objects.filter(action="alert")
    facts = {(row.case_id, row.gemeente_id, row.object_type, row.object_id, row.detail) for row in rows}
    who = f"Gezocht door Bram (gebruiker {bram.pk}). Niets getoond"
    assert (len(rows), facts) == (2, {(case.pk, case.gemeente_id, "person", str(case.person_id), who)})
    (letter,) = mail.outbox  # one a day
    assert (letter.to, letter.subject) == (["lies@voorbeeld.example"], "Afgeschermde persoon gezocht in Toegang")
    leaks = [
        letter.body,
        str(letter.extra_headers),
        *map(str, LogRow.objects.filter(action__in=["alert", "search"]).values()),
    ]
    leaks += [str(row) for row in OutboxRow.objects.filter(kind__in=["weigh_lookup", "tell_shielded"]).values()]
    for secret in ("Fatima", "Yıldız", "06-CANARY", "Geheimlaan", case.reference, BSN):
        assert [text for text in leaks if secret in text] == []
    assert "Bram" not in letter.body


@pytest.mark.django_db
def test_somebody_who_died_alerts_nobody_and_a_shielded_person_without_a_case_the_privacy_officer(house):
    case, _, bram = house
    fay = staff_with_mail("fay", roles=("privacy",), gemeente=case.gemeente)
    die(case)
    ask(bram, case.gemeente, bsn=BSN)
    Person.objects.create(gemeente=case.gemeente, given_names="Los", family_name="Alleen", born=19700101, shielded=True)
    assert names(bram, case.gemeente, family_name="Alleen", born=PartialDate(1970)) == []
    run_outbox()
    assert list(LogRow.objects.filter(action="alert").values_list("case_id", flat=True)) == [None]
    assert [letter.to for letter in mail.outbox] == [["fay@voorbeeld.example"]] and fay


@pytest.mark.django_db
def test_above_the_number_it_is_refused_logged_and_told_once(house):
    case, _, bram = house
    staff_with_mail("zoe", bram.memberships.get().team, roles=("teamleider",))
    AccessRules.objects.update(lookups_an_hour=2)
    assert [ask(bram, case.gemeente, bsn=BSN).refused for _ in range(4)] == [0, 0, 2, 2]
    assert ask(bram, case.gemeente, bsn=BSN).people == ()
    run_outbox()
    rows = LogRow.objects.filter(object_type="lookup", result="refused").values_list("what", flat=True)
    assert list(rows) == ["Zoeken geweigerd: meer dan 2 keer in een uur"] * 3
    assert [letter.to for letter in mail.outbox] == [["zoe@voorbeeld.example"]]
    els = house[1]
    assert ask(els, case.gemeente, bsn=BSN).refused == 0  # each counts for oneself


@pytest.mark.django_db
def test_after_an_hour_there_is_room_again(house):
    case, _, bram = house
    AccessRules.objects.update(lookups_an_hour=1)
    facts = {
        "action": "search",
        "object_type": "lookup",
        "user_id": bram.pk,
        "actor_kind": "medewerker",
        "purpose": "x",
    }
    moment = LogRow.objects.create(**facts).at
    assert ask(bram, case.gemeente, bsn=BSN).refused == 1
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("RESET ROLE")
        cursor.execute("SET session_replication_role = replica")
        LogRow.objects.filter(user_id=bram.pk).update(at=moment - timedelta(hours=1))
        cursor.execute("SET session_replication_role = origin")
        cursor.execute("SET ROLE toegang_task")
    assert ask(bram, case.gemeente, bsn=BSN).refused == 0


@pytest.mark.django_db(transaction=True)
def test_of_twenty_at_once_no_more_pass_than_may(house):
    case, _, bram = house
    AccessRules.objects.update(lookups_an_hour=5)
    answers = []
    at_once(20, lambda _: answers.append(ask(bram, case.gemeente, bsn=BSN).refused))
    assert sorted(answers) == [0] * 5 + [5] * 15


@pytest.mark.django_db(transaction=True)
def test_counting_without_the_lock_lets_too_many_pass(house):
    """Negative control: two count before either is logged, which nothing but the lock prevents."""
    case, _, bram = house
    both_counted = threading.Barrier(2)

    def count_first(_):
        with transaction.atomic():
            assert LogRow.objects.filter(object_type="lookup", result="ok").count() < 1
            both_counted.wait()
            lookup._log(case.gemeente_id, Wanted(bsn=BSN), [], [], actor_of(bram))

    at_once(2, count_first)
    assert LogRow.objects.filter(object_type="lookup", result="ok").count() == 2


@pytest.mark.django_db
@pytest.mark.parametrize("count", [1, 10, 12])
def test_one_and_many_people_take_the_same_queries_and_ten_are_the_most(house, django_assert_num_queries, count):
    case, els, bram = house
    for n in range(1, count):
        make_case(actor_of(els), given_names=f"N{n}")
    ask(bram, case.gemeente, bsn=OTHER)
    with django_assert_num_queries(26):
        answer = ask(bram, case.gemeente, family_name="Yildiz", born=YEAR)
    assert (len(answer.people), answer.more) == (min(count, 10), count > 10)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "wanted",
    [
        {"bsn": BSN},
        {"family_name": "Yıldız", "born": YEAR, "given_name": "Fa"},
        {"phone": "0612345678"},
        {"postcode": "1234 AB", "house_number": "12"},
        {"reference": "ZD-2026-00001"},
    ],
)
def test_an_index_finds_them(house, wanted):
    gemeente = house[0].gemeente
    people = Wanted(**wanted).people(gemeente.pk)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        assert scanned_whole(_plan(people)) == []
        assert scanned_whole(_plan(Person.objects.filter(gender="V"))) == ["casework_person"]  # so that it can fail
        cursor.execute("SET LOCAL enable_seqscan = on")


def _plan(queryset):
    (answer,) = json.loads(queryset.explain(format="json"))
    return answer["Plan"]


@pytest.mark.django_db
def test_the_migration_keys_who_is_there_in_batches(house, monkeypatch):
    migration = importlib.import_module("casework.migrations.0012_key_names")
    sounds = importlib.import_module("casework.migrations.0017_fill_search")
    monkeypatch.setattr(migration, "BATCH", 2)
    monkeypatch.setattr(sounds.walls, "BATCH", 2)
    gemeente = house[0].gemeente
    names = [("Jan", "van den Berg"), ("Ömer", "O'Brien-de Vries"), ("A", "?"), ("B", "محمد")]
    Person.objects.bulk_create(Person(gemeente=gemeente, given_names=g, family_name=f) for g, f in names)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # else rows of this transaction keep the table as it is
        cursor.execute("RESET ROLE")
        migration.fill(apps, connection.schema_editor())
        sounds.fill(apps, connection.schema_editor())
        cursor.execute("SELECT relforcerowsecurity FROM pg_class WHERE oid = 'casework_person'::regclass")
        assert cursor.fetchone() == (True,)
        keys = dict(Person.objects.values_list("family_name", F("family_key")))
        given = set(Person.objects.values_list("given_key", flat=True))
        heard = dict(Person.objects.values_list("family_name", "sound_key"))
        cursor.execute("SET ROLE toegang_task")
    known = {"van den Berg": "berg", "O'Brien-de Vries": "obriendevries", "Yıldız": "yildiz"}
    assert heard == {
        "van den Berg": "berg",
        "O'Brien-de Vries": "obrindefris",
        "Yıldız": "yildis",
        "?": "",
        "محمد": "محمد",
    }
    assert (keys, given) == ({**known, "?": "", "محمد": "محمد"}, {"jan", "omer", "a", "b", "fatima"})
