"""Keeping what people change: history, version, log row; a stale save never overwrites."""

import pytest
from django.db import IntegrityError, transaction

from casework.models import Person
from tests.factories import actor_of, fresh, make_case, make_gemeente, make_staff, make_team
from toegang.core.models import LogRow
from toegang.core.records import Stale, keep, take_version


@pytest.fixture
def house():
    """A case, its contactpersoon and a colleague."""
    team = make_team(make_gemeente())
    anna, bram = make_staff("anna", team), make_staff("bram", team)
    return make_case(actor_of(anna)).case, actor_of(anna), actor_of(bram)


@pytest.mark.django_db
def test_a_change_is_kept_with_history_and_log(house):
    case, anna, _ = house
    person = case.person
    person.phone = "06 12345678"
    keep(person, by=anna, what="Telefoon gewijzigd")
    row = person.history.latest()
    assert (row.phone, row.history_user, row.history_change_reason) == ("06 12345678", anna.user, "Telefoon gewijzigd")
    log = LogRow.objects.latest("id")
    assert (log.action, log.what, log.object_type, log.object_id) == (
        "write",
        "Telefoon gewijzigd",
        "person",
        str(person.pk),
    )
    assert (log.case_id, log.gemeente_id, log.user_id) == (None, person.gemeente_id, anna.user.pk)


@pytest.mark.django_db
def test_a_change_about_a_case_is_logged_on_the_case(house):
    case, anna, _ = house
    before = LogRow.objects.filter(case_id=case.pk).count()
    keep(case, by=anna, what="Zaak gewijzigd")
    keep(case.meldingen.get(), by=anna, what="Melding gewijzigd")
    assert LogRow.objects.filter(case_id=case.pk).count() == before + 2


@pytest.mark.django_db
def test_what_cannot_be_stored_is_not_logged(house):
    case, anna, _ = house
    before = LogRow.objects.count()
    person = Person(gemeente_id=case.gemeente_id, given_names="X", family_name="Y", letter_channel="postduif")
    with pytest.raises(IntegrityError), transaction.atomic():
        keep(person, by=anna, what="Persoon toegevoegd")
    assert LogRow.objects.count() == before


@pytest.mark.django_db
def test_the_second_of_two_forms_is_refused_with_who_was_first(house):
    case, _, bram = house
    first, second = fresh(case), fresh(case)
    version = case.version
    take_version(first, version)
    first.wijk = None
    keep(first, by=bram, what="Wijk gewijzigd")
    assert fresh(case).version == version + 1
    second.refresh_from_db()
    with pytest.raises(Stale) as stale:
        take_version(second, version)
    assert (stale.value.record, stale.value.who) == (second, "Bram")
    assert stale.value.when == case.history.latest().history_date
    assert fresh(case).version == version + 1


@pytest.mark.django_db
def test_without_history_a_colleague_was_first(house):
    case, _, _ = house
    case.history.all().delete()
    with pytest.raises(Stale) as stale:
        take_version(case, case.version - 1)
    assert (stale.value.who, stale.value.when) == ("Een collega", None)
