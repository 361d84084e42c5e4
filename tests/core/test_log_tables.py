"""The tables of the log: partitions, rights and triggers, as the catalogue of the database tells them."""

import pytest
from django.db import DatabaseError, connection, transaction

from tests.factories import actor_of, run_outbox
from toegang.clock.tasks import tick
from toegang.core import audit
from toegang.core.audit import Look
from toegang.core.logbook.rows import make_months
from toegang.core.models import LogRow, OutboxRow

pytestmark = pytest.mark.django_db
PARTS = "SELECT inhrelid::regclass::text FROM pg_inherits WHERE inhparent = 'core_logrow'::regclass ORDER BY 1"
MONTHS = """
SELECT to_char(date_trunc('month', now() AT TIME ZONE 'UTC') + n * interval '1 month', '"core_logrow_"YYYY_MM')
FROM generate_series(0, 3) n
"""
STOPS = """
SELECT count(*) FILTER (WHERE tgtype & 8 > 0 AND tgtype & 16 > 0 AND tgtype & 1 > 0),
    count(*) FILTER (WHERE tgtype & 32 > 0)
FROM pg_trigger WHERE tgrelid = %s::regclass AND tgenabled = 'O' AND tgtype & 2 > 0
    AND tgfoid = 'core_log_is_append_only'::regproc
"""
ROLES = ("toegang_app", "toegang_task", "toegang_report")
RIGHTS = """
SELECT array_agg(r ORDER BY r) FROM unnest('{SELECT,INSERT,UPDATE,DELETE,TRUNCATE,REFERENCES,TRIGGER}'::text[]) r
WHERE has_table_privilege(%s, %s, r)
"""


def ask(query, *values):
    with connection.cursor() as cursor:
        cursor.execute(query, values)
        return cursor.fetchall()


def parts():
    return [name for (name,) in ask(PARTS)]


def months():
    return [name for (name,) in ask(MONTHS)]


def test_the_log_has_a_partition_for_each_month_ahead_and_one_for_the_rest():
    assert ask("SELECT relkind FROM pg_class WHERE oid = 'core_logrow'::regclass") == [("p",)]
    assert set(parts()) == {*months(), "core_logrow_default"}


def test_after_a_normal_day_nothing_lies_in_the_default():
    audit.write(actor_of(None), [Look("look", "Iets")])
    tick()
    run_outbox()
    audit.write(actor_of(None), [Look("look", "Iets")])
    assert ask("SELECT count(*) FROM core_logrow") == [(LogRow.objects.count(),)]
    assert ask("SELECT DISTINCT tableoid::regclass::text FROM core_logrow") == [(months()[0],)]


def test_the_clock_has_the_months_made_once_a_day():
    drop(months()[-1])
    tick()
    tick()
    assert OutboxRow.objects.filter(kind="make_log_months").count() == 1
    assert months()[-1] not in parts()
    run_outbox()
    assert months()[-1] in parts()
    assert make_months() == 0


def drop(part):
    """A month that was not made yet."""
    with connection.cursor() as cursor:
        cursor.execute("RESET ROLE")
        cursor.execute(f"DROP TABLE {part}")
        cursor.execute("SET ROLE toegang_task")


def test_without_a_partition_a_row_is_not_refused_and_stays_where_it_is():
    """The default takes it; the month is then not made, for its rows would have to move."""
    drop(months()[0])
    audit.write(actor_of(None), [Look("look", "Iets")])
    assert ask("SELECT tableoid::regclass::text FROM core_logrow") == [("core_logrow_default",)]
    assert make_months() == 0
    assert LogRow.objects.get().what == "Iets"


@pytest.mark.parametrize("table", ["core_logrow", "core_logseal"])
def test_the_application_may_read_and_add_only(table):
    assert ask(RIGHTS, "toegang_report", table) == [(None,)]
    for role in ROLES[:2]:
        assert ask(RIGHTS, role, table) == [(["INSERT", "SELECT"],)]
    assert ask(STOPS, table) == [(1, 1)]


def test_each_partition_is_closed_to_the_application_and_refuses_change_to_everybody():
    """Also one that the clock made: rows come and are read by way of the whole."""
    drop(months()[-1])
    make_months()
    assert {part: ([ask(RIGHTS, role, part) for role in ROLES], ask(STOPS, part)) for part in parts()} == {
        part: ([[(None,)]] * 3, [(1, 1)]) for part in [*months(), "core_logrow_default"]
    }


@pytest.mark.parametrize("change", ["UPDATE {} SET what = 'x'", "DELETE FROM {}", "TRUNCATE {}"])
@pytest.mark.parametrize("table", ["core_logrow", "the month", "core_logseal"])
def test_not_even_the_superuser_changes_it_in_passing(table, change):
    audit.write(actor_of(None), [Look("look", "Iets")])
    name = months()[0] if table == "the month" else table
    statement = change.format(name).replace("what =", "root =" if name == "core_logseal" else "what =")
    with connection.cursor() as cursor:
        cursor.execute("RESET ROLE")
        cursor.execute(SEAL)
    with pytest.raises(DatabaseError, match="append only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    with connection.cursor() as cursor:
        cursor.execute("SET ROLE toegang_task")


SEAL = """
INSERT INTO core_logseal VALUES (1, now(), 1, 1, 1, 1, 1, now(), now(), '{id}', 1, '{1}', '', 'x', 'x')
"""


def test_only_the_worker_has_months_made_and_it_makes_no_table_itself():
    function = "SELECT prosecdef, proowner::regrole::text, proconfig FROM pg_proc WHERE proname = 'core_log_months'"
    ((as_owner, owner, settings),) = ask(function)
    assert (as_owner, owner) == (True, "toegang_owner")
    assert "search_path=pg_catalog, pg_temp" in settings
    assert ask("SELECT grantee FROM information_schema.routine_privileges WHERE routine_name = 'core_log_months'"
               " AND grantee <> 'toegang_owner'") == [("toegang_task",)]  # fmt: skip
    with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
        ask("CREATE TABLE core_logrow_2000_01 (id int)")


@pytest.mark.parametrize(
    ("rows", "index"),
    [
        (LogRow.objects.filter(gemeente_id=1).order_by("-at"), "gemeente_id_at_idx"),
        (LogRow.objects.filter(user_id=1).order_by("-at"), "user_id_at_idx"),
        (LogRow.objects.filter(case_id="00000000-0000-0000-0000-000000000001").order_by("-at"), "case_id_at_idx"),
        (LogRow.objects.filter(cluster=1, tx__gt=5).order_by("tx", "id"), "cluster_tx_id_idx"),
    ],
)
def test_what_is_searched_for_has_an_index_on_every_partition(rows, index):
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("SET LOCAL enable_bitmapscan = off")
    plan = rows.explain()
    assert [part for part in parts() if f"{part}_{index}" not in plan] == []
