"""The veiligheidsdossier: only its own grants open it, and nothing else tells what is in it."""

from datetime import timedelta

import pytest
from django.apps import apps
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext

from casework.enums import GrantKind
from casework.models import Case, Grant, SafetyRecord
from casework.selectors import people_of_case, safety_colleagues, safety_records, timeline_of
from casework.services.grants import begin_grant
from casework.services.handover import hand_over_case
from casework.services.safety import add_safety_record, correct_safety_record, share_safety, stop_sharing_safety
from tests.factories import actor_of, age_grants, fresh, make_case, make_gemeente, make_resident, make_staff, make_team
from toegang.accounts.models import User
from toegang.core.lifecycle import Blocked
from toegang.core.models import LogRow
from toegang.core.records import Stale
from toegang.core.wall import standing_as

pytestmark = pytest.mark.django_db
TEXT, SOURCE, WHY = "Kanariegeheim: dreiging thuis", "Kanariebron: de buurvrouw", "Kanariereden: nu ook school"
CANARY = "Kanarie"


@pytest.fixture
def house():
    """A case with its contactpersoon Anna and her colleague Bram."""
    team = make_team(make_gemeente())
    anna, bram = make_staff("anna", team), make_staff("bram", team)
    return make_case(actor_of(anna)).case, anna, bram


def add(case, user, **other):
    facts = {"person_id": case.person_id, "law": "wmo", "text": TEXT, "source": SOURCE}
    return add_safety_record(case_id=case.pk, actor=actor_of(user), **facts | other)


def seen(case, user):
    return list(safety_records(case, actor_of(User.objects.get(pk=user.pk))))


def give(case, user, kind, by, **until):
    begin_grant(case=case, user=user, kind=kind, reason="Test", by=actor_of(by), **until)


def test_the_contactpersoon_writes_and_reads(house):
    case, anna, _ = house
    assert seen(case, anna) == [] and not case.has_safety
    record = add(case, anna)
    assert (record.person, record.written_by, record.source) == (case.person, anna, SOURCE)
    assert seen(case, anna) == [record] and fresh(case).has_safety


@pytest.mark.parametrize("kind", sorted({*GrantKind} - {"contactpersoon", "veiligheid", "inwoner", "vertegenwoordiger",
                                                        "meelezer", "ketenpartner", "noodtoegang"}))  # fmt: skip
def test_no_other_grant_opens_it_and_nothing_is_asked_of_it(house, kind):
    case, anna, bram = house
    add(case, anna)
    give(case, bram, GrantKind(kind), anna)
    actor = actor_of(User.objects.get(pk=bram.pk))
    with CaptureQueriesContext(connection) as queries:
        assert list(safety_records(case, actor)) == []
    assert [query["sql"] for query in queries if "safetyrecord" in query["sql"]] == []
    with pytest.raises(PermissionDenied):
        add(case, bram)
    with pytest.raises(PermissionDenied):
        share_safety(case_id=case.pk, user=bram, reason="Test", last_day=None, actor=actor)


def test_emergency_leaders_residents_and_strangers_get_nothing(house):
    case, anna, bram = house
    add(case, anna)
    give(case, bram, GrantKind.NOODTOEGANG, anna, until=actor_of(anna).now + timedelta(hours=1))
    lies = make_staff("lies", case.team, roles=("teamleider",))
    fay = make_staff("fay", roles=("privacy",), gemeente=case.gemeente)
    aline = make_staff("aline", roles=("aandacht",), gemeente=case.gemeente)
    resident = make_resident(case, actor_of(anna))
    assert [seen(case, user) for user in (bram, lies, fay, aline, resident)] == [[]] * 5


def test_the_database_itself_shows_it_to_nobody_else(house):
    case, anna, bram = house
    record = add(case, anna)
    lies = make_staff("lies", case.team, roles=("teamleider",))
    aline = make_staff("aline", roles=("aandacht",), gemeente=case.gemeente)
    give(case, bram, GrantKind.TWEEDE, anna)
    give(case, aline, GrantKind.VEILIGHEID, anna)
    shown = {}
    for user in (anna, bram, lies, aline, make_resident(case, actor_of(anna)), None):
        with transaction.atomic(), standing_as(actor_of(user)):
            shown[user] = (Case.objects.count(), SafetyRecord.objects.count(), record.history.model.objects.count())
    assert list(shown.values()) == [(1, 1, 1), (1, 0, 0), (1, 0, 0), (1, 1, 1), (1, 0, 0), (0, 0, 0)]


def test_a_correction_keeps_what_was_written_and_why(house):
    case, anna, _ = house
    record = add(case, anna)
    facts = {"record_id": record.pk, "source": SOURCE, "actor": actor_of(anna)}
    correct_safety_record(version=1, text="Kanarietekst 2", reason=WHY, **facts)
    with pytest.raises(Stale):
        correct_safety_record(version=1, text="Kanarietekst 3", reason=WHY, **facts)
    record.refresh_from_db()
    rows = [(row.text, row.history_change_reason, row.history_user) for row in record.history.all()]
    assert rows == [("Kanarietekst 2", WHY, anna), (TEXT, "Veiligheidsdossier aangevuld", anna)]
    with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
        SafetyRecord.objects.all().delete()
    with pytest.raises(PermissionDenied):
        correct_safety_record(version=2, text="x", reason="x", **facts | {"actor": actor_of(house[2])})


def test_only_somebody_of_the_case_is_written_about(house):
    case, anna, _ = house
    stranger = make_case(actor_of(anna), given_names="Piet").case.person
    with pytest.raises(Blocked, match="Kies iemand die bij deze zaak hoort"):
        add(case, anna, person_id=stranger.pk)
    assert list(people_of_case(case)) == [case.person] and not fresh(case).has_safety


def test_nothing_outside_the_compartment_holds_its_contents(house):
    """Each text and JSON column of every other table is searched for what was written."""
    case, anna, _bram = house
    aline = make_staff("aline", roles=("aandacht",), gemeente=case.gemeente)
    record = add(case, anna)
    facts = {"record_id": record.pk, "version": 1, "text": TEXT, "source": SOURCE, "reason": WHY}
    correct_safety_record(actor=actor_of(anna), **facts)
    share_safety(case_id=case.pk, user=aline, reason=WHY, last_day=None, actor=actor_of(anna))
    stop = {"case_id": case.pk, "user": aline, "reason": WHY, "actor": actor_of(anna)}
    age_grants(case)
    stop_sharing_safety(**stop)
    tables = {model._meta.db_table for model in apps.get_models() if model._meta.managed}
    found = set()
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f'SELECT count(*) FROM "{table}" t WHERE t::text LIKE %s', [f"%{CANARY}%"])
            found |= {table} if cursor.fetchone()[0] else set()
    inside = {"casework_safetyrecord", "casework_historicalsafetyrecord"}
    assert found == {*inside, "casework_grant"}  # the reason of a grant stays with the grant
    rows = LogRow.objects.filter(object_type="safetyrecord", case_id=case.pk).order_by("id")
    assert [(row.action, row.what, row.detail) for row in rows] == [
        ("write", "Veiligheidsdossier aangevuld", ""),
        ("write", "Veiligheidsdossier verbeterd", ""),
        ("grant", "Toegang gegeven: Aline, veiligheid", ""),
        ("grant", "Toegang beëindigd: Aline, veiligheid", ""),
    ]
    told = [f"{entry.title} {entry.detail}" for entry in timeline_of(case)]
    assert told and [line for line in told if "eiligheid" in line or "Aline" in line] == []


def test_the_contactpersoon_shares_it_with_who_may_have_it(house):
    case, anna, bram = house
    record = add(case, anna)
    aline = make_staff("aline", roles=("aandacht",), gemeente=case.gemeente)
    lies = make_staff("lies", case.team, roles=("teamleider",))
    elsewhere = make_gemeente("Elders")
    stranger = make_staff("verweg", roles=("aandacht",), gemeente=elsewhere)
    toetser = make_staff("toetser", roles=("toetser",), gemeente=case.gemeente)
    fay = make_staff("fay", case.team, roles=("privacy",))
    assert set(safety_colleagues(case, actor_of(anna).today)) == {aline, bram, lies}
    facts = {"case_id": case.pk, "reason": "Ik wil overleggen", "last_day": None, "actor": actor_of(anna)}
    for user in (stranger, toetser, fay, anna):
        with pytest.raises(Blocked, match="kan geen toegang krijgen"):
            share_safety(user=user, **facts)
    share_safety(user=aline, **facts)
    with pytest.raises(Blocked, match="Aline heeft al toegang"):
        share_safety(user=aline, **facts)
    assert seen(case, aline) == [record] and seen(case, bram) == []
    assert Case.objects.visible_to(actor_of(aline)).get() == case
    with pytest.raises(PermissionDenied, match="Alleen de contactpersoon bepaalt"):
        share_safety(user=bram, **facts | {"actor": actor_of(User.objects.get(pk=aline.pk))})
    age_grants(case)
    stop_sharing_safety(case_id=case.pk, user=aline, reason="Klaar", actor=actor_of(anna))
    assert seen(case, aline) == [] and not Case.objects.visible_to(actor_of(aline)).exists()


def test_the_last_day_counts_whole(house):
    case, anna, bram = house
    today = actor_of(anna).today
    facts = {"case_id": case.pk, "user": bram, "reason": "Overleg", "actor": actor_of(anna)}
    with pytest.raises(Blocked, match="De laatste dag is al voorbij"):
        share_safety(last_day=today - timedelta(days=1), **facts)
    share_safety(last_day=today + timedelta(days=2), **facts)
    until = Grant.objects.get(kind=GrantKind.VEILIGHEID).validity.upper.astimezone(actor_of(anna).now.tzinfo)
    assert (until.date(), until.hour, until.minute) == (today + timedelta(days=3), 0, 0)


def test_with_the_hand_over_the_new_contactpersoon_gets_it_and_the_old_one_loses_it(house):
    case, anna, bram = house
    record = add(case, anna)
    hand_over_case(case_id=case.pk, user=bram, seen=anna.pk, reason="Anna gaat weg", actor=actor_of(anna))
    assert seen(case, bram) == [record] and seen(case, anna) == []
