"""The log: append only for everybody, one row for each thing, what a row says and what it never says."""

import uuid
from contextlib import nullcontext
from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from tests.factories import actor_of, drive, make_case, make_gemeente, make_staff, make_team
from toegang.core import audit
from toegang.core.audit import Look
from toegang.core.models import LogRow

CHANGES = ["UPDATE core_logrow SET what = 'x'", "DELETE FROM core_logrow", "TRUNCATE core_logrow"]


def carry(*statements):
    """Run SQL as it is."""
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


@pytest.mark.django_db
@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize(
    ("role", "answer"), [("toegang_app", "permission denied"), ("toegang_owner", "append only"), ("", "append only")]
)
def test_nobody_changes_the_log(change, role, answer):
    """The application has no right to; the triggers stop the owner and even the superuser."""
    audit.write(actor_of(None), [Look("look", "Iets")])
    carry("RESET ROLE", *([f"SET ROLE {role}"] if role else []))
    hidden = role == "toegang_owner" and not change.startswith("TRUNCATE")  # the wall shows the owner no row at all
    with nullcontext() if hidden else pytest.raises(DatabaseError, match=answer), transaction.atomic():
        carry(change)
    carry("SET ROLE toegang_task")
    assert LogRow.objects.get().what == "Iets"


@pytest.mark.django_db
def test_a_row_says_what_was_handed_over():
    gemeente = make_gemeente()
    anna = make_staff("anna", make_team(gemeente))
    actor, case_id, others = actor_of(anna, "werkplek"), uuid.uuid4(), [uuid.uuid4(), uuid.uuid4()]
    audit.write(
        actor,
        [
            Look("list", "Werklijst", case_ids=others, gemeente_id=gemeente.pk),
            Look("step", "Gesprek gepland", case_id, object_type="case.plan", object_id="1", detail="Op verzoek"),
        ],
    )
    shown, step = LogRow.objects.order_by("id")
    assert (shown.case_ids, shown.case_id, shown.gemeente_id) == (others, None, gemeente.pk)
    assert (step.case_id, step.object_type, step.object_id, step.detail) == (case_id, "case.plan", "1", "Op verzoek")
    assert {(row.user_id, row.user_name, row.purpose, row.result) for row in (shown, step)} == {
        (anna.pk, "Anna", "werkplek", "ok")
    }
    assert shown.request_id == step.request_id == actor.request_id


@pytest.mark.django_db
def test_the_moment_of_a_row_is_the_clock_of_the_database_in_utc():
    """Whatever the clock of a web process or a worker says, and in whichever zone it stands."""
    audit.write(actor_of(None), [Look("look", "Iets")])
    with connection.cursor() as cursor:
        cursor.execute("SELECT transaction_timestamp(), pg_typeof(at)::text FROM core_logrow")
        now, kind = cursor.fetchone()
    row = LogRow.objects.get()
    assert (row.at, row.at.utcoffset(), kind) == (now, timedelta(0), "timestamp with time zone")


@pytest.mark.django_db
def test_two_frames_have_two_request_ids():
    audit.write(actor_of(None), [Look("look", "Eerst")])
    audit.write(actor_of(None), [Look("look", "Daarna")])
    first, second = LogRow.objects.order_by("id")
    assert first.request_id != second.request_id
    assert (first.user_id, first.user_name, first.actor_kind) == (None, "Niet ingelogd", "anonymous")


@pytest.mark.django_db
@pytest.mark.parametrize("text", ["regel\nnog een regel", "a\tb; DROP TABLE", "x" * 500])
def test_a_text_cannot_forge_a_row(text):
    """Rows are columns, not lines: what somebody typed stays inside its field."""
    audit.write(actor_of(None), [Look("refused", text)])
    assert LogRow.objects.get().what == text[:200]


@pytest.mark.django_db
def test_no_bsn_in_the_log_and_in_the_outbox():
    actor = actor_of(make_staff("anna", make_team(make_gemeente())))
    drive(make_case(actor, bsn="999990019").case, "vraaganalyse")
    assert LogRow.objects.count() > 10
    for table in ("core_logrow", "core_outboxrow", "core_storedfile"):
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT count(*) FROM {table} t WHERE t::text LIKE '%%999990019%%'")
            assert cursor.fetchone() == (0,), table
