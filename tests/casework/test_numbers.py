"""Burgerservicenummers: stored sealed, found by index, contested without a word, renewed under new keys."""

import base64
import importlib
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction
from django.db.migrations.loader import MigrationLoader

from casework.models import Person
from casework.services import bsn
from casework.services.people import person_of_bsn
from tests.factories import actor_of, make_case, make_gemeente, make_staff, make_team
from toegang.core import sealing
from toegang.core.models import LogRow

NUMBER, OTHER = "999993653", "999990019"
OLD, NEW = (base64.urlsafe_b64encode(bytes([n]) * 32).decode() for n in (1, 2))
RESIDENT = {"given_names": "Fatima", "family_name": "Yıldız", "born": 19780412}

pytestmark = pytest.mark.django_db


@pytest.fixture
def gemeente():
    return make_gemeente()


@pytest.fixture
def anna(gemeente):
    return actor_of(make_staff("anna", make_team(gemeente)))


def add(gemeente, number, **facts):
    return Person.objects.create(gemeente=gemeente, bsn=number, **RESIDENT | facts)


def rotate():
    out = StringIO()
    call_command("rotate_bsn_keys", stdout=out)
    return out.getvalue().strip()


# -- Stored and found --------------------------------------------------------------------------------------------


def test_a_number_is_sealed_and_opens(gemeente):
    person = add(gemeente, "9999.93.653")
    stored = Person.objects.get()
    assert (stored.bsn, stored.masked_bsn, stored.bsn_index) == (NUMBER, "••••• 3653", sealing.index_of(NUMBER))
    person.bsn = None
    person.save()
    assert Person.objects.filter(bsn_sealed=None, bsn_index=None).get().masked_bsn == "onbekend"


def test_history_never_holds_a_number(gemeente):
    add(gemeente, NUMBER)
    names = {field.name for field in Person.history.model._meta.fields}
    assert not {name for name in names if "bsn" in name} and "family_name" in names


def test_the_look_up_finds_exactly_who_bears_the_number(gemeente):
    person, _ = add(gemeente, NUMBER), add(gemeente, OTHER)
    assert list(Person.objects.with_bsn("999 993 653")) == [person]
    assert Person.objects.with_bsn(NUMBER, OTHER).count() == 2
    assert not Person.objects.with_bsn("999900006").exists() and not Person.objects.with_bsn().exists()


def test_one_person_for_each_number_in_a_gemeente(gemeente):
    add(gemeente, NUMBER)
    with pytest.raises(IntegrityError, match="one_person_per_number"), transaction.atomic():
        add(gemeente, NUMBER)
    add(make_gemeente("Elders"), NUMBER)
    add(gemeente, NUMBER, bsn_contested=True)
    assert Person.objects.with_bsn(NUMBER).count() == 3


def test_a_seal_without_an_index_is_refused(gemeente):
    add(gemeente, NUMBER)
    with pytest.raises(IntegrityError, match="sealed_with_index"), transaction.atomic():
        Person.objects.update(bsn_index=None)


def test_a_lost_key_hides_the_number_and_nothing_else(gemeente, settings):
    add(gemeente, NUMBER)
    settings.BSN_KEYS = (NEW,)
    person = Person.objects.with_bsn(NUMBER).get()
    assert (person.masked_bsn, person.name) == ("niet te lezen", "Fatima Yıldız")
    with pytest.raises(sealing.Unreadable):
        _ = person.bsn


# -- Contested -------------------------------------------------------------------------------------------------


def test_a_number_of_somebody_else_is_contested_and_signs_nobody_in(anna):
    mother = make_case(anna, bsn=NUMBER).case.person
    son = make_case(anna, bsn=NUMBER, given_names="Sem", born=20150101).case.person
    assert (son.bsn, son.bsn_contested) == (NUMBER, True)
    assert person_of_bsn(NUMBER) == mother
    Person.objects.filter(pk=mother.pk).update(deceased=20260101)
    assert person_of_bsn(NUMBER) is None
    look = LogRow.objects.filter(action="search").latest("id")
    assert (look.object_id, look.detail, look.case_id) == (str(son.pk), f"Niet getoond: {mother.pk}", None)


def test_the_same_melding_again_is_of_the_same_contested_person(anna):
    make_case(anna, bsn=NUMBER)
    facts = {"bsn": NUMBER, "given_names": "Sem", "born": 20150101}
    assert make_case(anna, **facts).case.person == make_case(anna, **facts).case.person
    assert Person.objects.count() == 2


# -- New keys --------------------------------------------------------------------------------------------------


def test_both_keys_rotate_and_people_are_found_all_the_time(gemeente, settings, monkeypatch):
    settings.BSN_KEYS, settings.BSN_INDEX_KEYS = (OLD,), ("oud",)
    numbers = [str(n) for n in range(999900006, 999900300) if sealing.bsn.is_valid(str(n))]
    people = {number: add(gemeente, number) for number in numbers}
    settings.BSN_KEYS, settings.BSN_INDEX_KEYS = (NEW, OLD), ("nieuw", "oud")
    monkeypatch.setattr(bsn, "BATCH", 10)

    def all_are_found():
        return {number: Person.objects.with_bsn(number).get() for number in numbers} == people

    first = bsn.renew_numbers(after=None, by=actor_of(None))  # and then it was killed
    assert (first.changed, all_are_found()) == (10, True)
    assert rotate() == f"{len(numbers) - 10} nummers opnieuw verzegeld."
    settings.BSN_KEYS, settings.BSN_INDEX_KEYS = (NEW,), ("nieuw",)
    assert all_are_found() and [Person.objects.with_bsn(n).get().bsn for n in numbers] == numbers
    assert rotate() == "0 nummers opnieuw verzegeld."
    written = LogRow.objects.filter(what="Nummers opnieuw verzegeld")
    assert written.count() == 1 + -(-(len(numbers) - 10) // 10)


@pytest.mark.parametrize(("keys", "indexes"), [((NEW, OLD), ("oud",)), ((OLD,), ("nieuw", "oud"))])
def test_one_of_the_two_keys_rotates_alone(gemeente, settings, keys, indexes):
    settings.BSN_KEYS, settings.BSN_INDEX_KEYS = (OLD,), ("oud",)
    add(gemeente, NUMBER)
    settings.BSN_KEYS, settings.BSN_INDEX_KEYS = keys, indexes
    assert rotate() == "1 nummers opnieuw verzegeld."
    settings.BSN_KEYS, settings.BSN_INDEX_KEYS = keys[:1], indexes[:1]
    assert Person.objects.with_bsn(NUMBER).get().bsn == NUMBER


def test_what_no_key_opens_stays_and_is_counted(gemeente, settings):
    settings.BSN_KEYS = (OLD,)
    lost = add(gemeente, NUMBER)
    settings.BSN_KEYS = (NEW,)
    add(gemeente, OTHER)
    with pytest.raises(CommandError, match="1 nummers gaan met geen van de sleutels"):
        rotate()
    assert Person.objects.get(pk=lost.pk).bsn_sealed == lost.bsn_sealed


# -- The rows that were there ------------------------------------------------------------------------------------


def test_plain_numbers_are_carried_over_and_back(gemeente, monkeypatch):
    """The migration on the table as it was, by the owner of the table, in more than one batch."""
    sealed = importlib.import_module("casework.migrations.0005_seal_numbers")
    monkeypatch.setattr(sealed, "BATCH", 2)
    numbers = {add(gemeente, None).pk: number for number in (NUMBER, OTHER, "999900006", None)}
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # else rows of this transaction keep the table as it is
        cursor.execute("RESET ROLE")
        cursor.execute("ALTER TABLE casework_person ADD bsn varchar(9)")
        for pk, number in numbers.items():
            cursor.execute("UPDATE casework_person SET bsn = %s WHERE id = %s", [number, pk])
        state = _as_it_was()
        sealed.seal(state, connection.schema_editor())
        assert {person.pk: person.bsn for person in Person.objects.all()} == numbers
        cursor.execute("UPDATE casework_person SET bsn = NULL")
        sealed.unseal(state, connection.schema_editor())
        cursor.execute("SELECT id, bsn FROM casework_person")
        assert dict(cursor.fetchall()) == numbers
        cursor.execute("SET ROLE toegang_task")


def _as_it_was():
    loader = MigrationLoader(connection)
    return loader.project_state(("casework", "0004_sealed_number_columns")).apps
