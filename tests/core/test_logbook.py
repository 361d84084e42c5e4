"""The sealed log: what a seal covers, that every tampering is found by name, and that nothing is sealed twice."""

import json
import random
import threading
import time
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from tests.factories import actor_of, run_outbox
from toegang.clock.tasks import seal_log
from toegang.core import audit
from toegang.core.audit import Look
from toegang.core.logbook.check import Check
from toegang.core.logbook.roots import read_roots
from toegang.core.logbook.rows import SEALER_LOCK
from toegang.core.logbook.sealer import seal
from toegang.core.models import LogRow, LogSeal, OutboxRow

pytestmark = pytest.mark.django_db(transaction=True)


def carry(*statements, superuser=True):
    """Run SQL, by default as the superuser past every trigger."""
    with transaction.atomic(), connection.cursor() as cursor:
        if superuser:
            cursor.execute("RESET ROLE")
            cursor.execute("SET LOCAL session_replication_role = replica")
        for statement in statements:
            cursor.execute(statement)
        cursor.execute("SET ROLE toegang_task")


def write(count, what="Zaak bekeken"):
    """So many rows, each in a transaction of its own, as requests do."""
    actor = actor_of(None)
    for number in range(count):
        audit.write(actor, [Look("look", f"{what} {number}")])


ELSEWHERE = """
SELECT count(*) FROM pg_stat_activity
WHERE datname <> current_database() AND backend_xid::text::bigint < %s
"""


def wait_for_others():
    """Wait for older transactions of other databases in this cluster, such as another run of the tests."""
    with connection.cursor() as cursor:
        cursor.execute("RESET ROLE")
        cursor.execute("SELECT pg_current_xact_id()::text::bigint %% (2::bigint ^ 32)::bigint", [])
        (newest,) = cursor.fetchone()
        for _ in range(600):
            cursor.execute(ELSEWHERE, [newest])
            if cursor.fetchone() == (0,):
                break
            time.sleep(0.1)
        cursor.execute("SET ROLE toegang_task")


def seal_now(batch=5_000):
    wait_for_others()
    with transaction.atomic():
        return seal(actor_of(None).now, batch=batch)


def faults(**facts):
    """Every fault as (kind, row or seal), and the counts."""
    with transaction.atomic():
        check = Check(actor_of(None).now, **facts)
        return [(f.kind, f.row_id or f.seal) for f in check.faults()]


@pytest.fixture
def log():
    """Thirty rows in five seals: seven in each, two in the last."""
    write(30)
    assert [made.rows for made in seal_now(batch=7)] == [7, 7, 7, 7, 2]
    return list(LogRow.objects.order_by("id").values_list("id", flat=True))


COPY = """INSERT INTO core_logrow (id, at, action, result, user_name, actor_kind, roles, basis, fields, case_ids,
    object_type, object_id, what, detail, purpose, origin, request_id, tx, cluster)
    SELECT {id}, {at}, action, result, user_name, actor_kind, roles, basis, fields, case_ids, object_type,
    object_id, what, detail, purpose, origin, gen_random_uuid(), {tx}, cluster FROM core_logrow WHERE id = {row}"""


def change(row, **_):
    return [f"UPDATE core_logrow SET what = 'Iets anders' WHERE id = {row}"], [("changed", row)]


def change_who(row, **_):
    return [f"UPDATE core_logrow SET user_id = 12, user_name = 'Een ander' WHERE id = {row}"], [("changed", row)]


def change_moment(row, **_):
    return [f"UPDATE core_logrow SET at = at - interval '1 second' WHERE id = {row}"], [("changed", row)]


def to_another_month(row, **_):
    return [f"UPDATE core_logrow SET at = at - interval '2 years' WHERE id = {row}"], [("changed", row)]


def delete(row, **_):
    return [f"DELETE FROM core_logrow WHERE id = {row}"], [("missing", row)]


def insert(row, new, **_):
    """A row with the transaction of one that was sealed; it stands in the batch of that one."""
    return [COPY.format(id=new, at="at", tx="tx", row=row)], [("added", new)]


def insert_before_all(row, new, **_):
    """A row before the first: no batch begins there but the first."""
    return [COPY.format(id=-new, at="at", tx=-5, row=row)], [("added", -new)]


def backdate(row, new, **_):
    """A row of now that says that it is of long ago."""
    return [COPY.format(id=new, at="at - interval '3 hours'", tx="tx + 1000000", row=row)], [("added", new)]


def swap_contents(row, other, **_):
    both = f"(SELECT id, what FROM core_logrow WHERE id IN ({row}, {other}))"
    swapped = f"UPDATE core_logrow r SET what = o.what FROM {both} o WHERE r.id IN ({row}, {other}) AND o.id <> r.id"
    return [swapped], [("changed", row), ("changed", other)]


def swap_places(row, other, **_):
    """Two rows take each other's number."""
    spare = 10**12
    return [
        f"UPDATE core_logrow SET id = {spare} WHERE id = {row}",
        f"UPDATE core_logrow SET id = {row} WHERE id = {other}",
        f"UPDATE core_logrow SET id = {other} WHERE id = {spare}",
    ], None


def move_behind(row, **_):
    """A row goes to the end, as if it happened last."""
    return [f"UPDATE core_logrow SET tx = tx + 1000000 WHERE id = {row}"], [("moved", row)]


TAMPERINGS = (
    *(change, change_who, change_moment, to_another_month, delete, insert, insert_before_all, backdate),
    *(swap_contents, swap_places, move_behind),
)


def found_after(statements):
    """What is found when these statements are carried out; they are taken back after that."""
    with connection.cursor() as cursor:
        cursor.execute("BEGIN")
        cursor.execute("RESET ROLE")
        cursor.execute("SET LOCAL session_replication_role = replica")
        try:
            for statement in statements:
                cursor.execute(statement)
            check = Check(actor_of(None).now)
            return [(f.kind, f.row_id or f.seal) for f in check.faults()]
        finally:
            cursor.execute("ROLLBACK")
            cursor.execute("SET ROLE toegang_task")


@pytest.mark.parametrize("count", [12, pytest.param(100, marks=pytest.mark.long)])
def test_every_tampering_is_found_and_the_row_is_named(log, count):
    """Each tampering alone, on a row drawn at random; the same draw every time."""
    draw, found = random.Random(4), 0
    for turn in range(count):
        row, other = sorted(draw.sample(log[:28], 2))
        statements, expected = TAMPERINGS[turn % len(TAMPERINGS)](row=row, other=other, new=10**9 + turn)
        named = found_after(statements)
        if expected is None:
            assert {row, other} <= {touched for _, touched in named}, statements
            assert {kind for kind, _ in named} <= {"moved", "added"}
            assert named[0][1] in {row, other}
        else:
            assert [each for each in named if each[0] != "unsealed"] == expected, statements
        found += 1
    assert found == count
    assert faults() == []  # negative control: the log as it was sealed


def many_rows_or_seals(log):
    """What is done to many rows or to the seals, and what is then told; the first says it all."""
    seals = "UPDATE core_logseal SET {} WHERE number = 2"
    return [
        ("DELETE FROM core_logrow", [("missing", row) for row in log]),
        (f"DELETE FROM core_logrow WHERE id > {log[24]}", [("missing", row) for row in log[25:]]),
        (seals.format("rows = 6"), [("seal changed", 2)]),
        (seals.format("marks = '\\x00', columns = '{}'"), [("seal changed", 2)]),
        # Its own value is wrong, and the next one no longer follows from it.
        (seals.format("chain = repeat('0', 64)"), [("seal changed", 2), ("seal changed", 3)]),
        ("DELETE FROM core_logseal WHERE number = 2", [("seal missing", 2), ("seal changed", 3)]),
        ("DELETE FROM core_logseal WHERE number = 1", [("seal missing", 1), ("seal changed", 2)]),
    ]


def test_what_is_done_to_many_rows_or_to_the_seals_is_found(log):
    for statement, expected in many_rows_or_seals(log):
        assert found_after([statement]) == expected, statement
    assert faults() == []


def test_a_dropped_partition_is_found_and_since_passes_over_it(log):
    """Retention drops old months on purpose: then the check begins behind them, and the seals stay."""
    carry("UPDATE core_logrow SET at = '2020-01-15 12:00+00'", "DELETE FROM core_logseal")
    carry(
        "ALTER TABLE core_logrow DETACH PARTITION core_logrow_default",
        "CREATE TABLE old_month PARTITION OF core_logrow FOR VALUES FROM ('2020-01-01') TO ('2020-02-01')",
        "INSERT INTO core_logrow SELECT * FROM core_logrow_default",
        "TRUNCATE core_logrow_default",
        "ALTER TABLE core_logrow ATTACH PARTITION core_logrow_default DEFAULT",
    )
    seal_now()
    write(3)
    seal_now()
    assert faults() == []
    carry("DROP TABLE old_month")
    assert faults() == [("missing", row) for row in log]
    since = actor_of(None).now - timedelta(days=1)
    assert faults(since=since) == []
    assert LogSeal.objects.count() == 2
    (last,) = LogRow.objects.order_by("-id")[:1]
    carry(f"DELETE FROM core_logrow WHERE id = {last.pk}")
    assert faults(since=since) == [("missing", last.pk)]


def test_a_row_of_now_with_an_old_moment_is_found_also_when_it_was_sealed(log):
    carry(COPY.format(id=10**9, at="at - interval '3 hours'", tx="pg_current_xact_id()::text::bigint", row=log[3]))
    assert faults() == [("added", 10**9)]
    assert [made.rows for made in seal_now()] == [1]
    assert faults() == [("backdated", 10**9)]


def test_rows_that_nobody_seals_are_told():
    """When the sealer stands still, or its last seals were taken away, rows wait too long."""
    write(2)
    assert faults() == []
    carry("UPDATE core_logrow SET at = at - interval '2 hours'")
    assert [kind for kind, _ in faults()] == ["unsealed", "unsealed"]


def test_a_seal_says_what_it_covers(log):
    first, second, *_, last = LogSeal.objects.all()
    assert (first.number, first.ids, first.rows) == (1, log[:7], 7)
    assert (second.after_id, second.upto_id, last.ids) == (log[6], log[13], log[28:])
    assert (len(first.marks), len(first.root), len(first.chain)) == (7 * 8, 64, 64)
    assert LogRow.objects.get(pk=log[0]).at == first.first_at <= first.last_at <= first.sealed_at
    assert seal_now() == []  # nothing is sealed twice


def test_a_column_that_comes_later_leaves_old_seals_whole(log):
    assert LogSeal.objects.first().columns[:3] == ["id", "at", "action"]
    carry("ALTER TABLE core_logrow ADD COLUMN extra text DEFAULT 'nieuw'")
    try:
        assert faults() == []
    finally:
        carry("ALTER TABLE core_logrow DROP COLUMN extra")


def test_a_row_of_an_open_transaction_is_sealed_when_it_is_over():
    """Nothing behind an open transaction is sealed: it could still add a row before it."""
    wrote, go_on = threading.Event(), threading.Event()

    def slow():
        with transaction.atomic():
            write(1, "Langzaam")
            wrote.set()
            go_on.wait(10)
        connection.close()

    write(1, "Eerst")
    thread = threading.Thread(target=slow)
    thread.start()
    assert wrote.wait(10)
    write(1, "Snel")
    assert [made.rows for made in seal_now()] == [1]
    assert faults() == []
    go_on.set()
    thread.join()
    (rest,) = seal_now()
    order = LogRow.objects.in_bulk(rest.ids)
    assert [order[pk].what for pk in rest.ids] == ["Langzaam 0", "Snel 0"]
    assert faults() == []


def test_two_sealers_make_no_double_seal():
    """Eight at once: each row is in exactly one seal."""
    write(40)
    barrier, made = threading.Barrier(8), []

    def work():
        barrier.wait()
        made.extend(seal_now(batch=3))
        connection.close()

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    seal_now(batch=3)
    sealed = [row for ids in LogSeal.objects.values_list("ids", flat=True) for row in ids]
    assert sorted(sealed) == sorted(set(sealed)) == list(LogRow.objects.order_by("id").values_list("id", flat=True))
    assert faults() == []


def test_a_sealer_lets_another_finish():
    write(1)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [SEALER_LOCK])
    answers = []

    def other():
        answers.append(seal_now())
        connection.close()

    thread = threading.Thread(target=other)
    thread.start()
    thread.join()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_unlock(%s)", [SEALER_LOCK])
    assert answers == [[]]
    assert len(seal_now()) == 1


def test_after_a_restore_into_a_new_cluster_the_log_goes_on():
    """Transactions are counted anew there: old rows that were not sealed yet come first, then the new ones."""
    write(4, "Vroeger")
    old = "UPDATE core_logrow SET cluster = 7, tx = tx + 1000000000000 WHERE what LIKE '{}%'"
    carry(old.format("Vroeger"))
    seal_now(batch=3)
    assert [made.cluster for made in LogSeal.objects.all()] == [7, 7]
    write(2, "Rest")
    carry(old.format("Rest"))
    write(2, "Nieuw")
    rest, new = seal_now()
    assert (rest.cluster, rest.rows, new.rows) == (7, 2, 2)
    assert new.upto_tx < rest.after_tx  # so that the order of transactions alone would not do
    assert seal_now() == faults() == []
    write(1)
    assert [made.cluster for made in seal_now()] == [new.cluster]
    carry("UPDATE core_logrow SET what = 'x' WHERE what LIKE 'Rest%'")
    assert faults() == [("changed", row) for row in rest.ids]


def run_verify(*arguments):
    out = StringIO()
    call_command("verify_log", *arguments, stdout=out)
    return out.getvalue()


def test_the_command_counts_or_names_the_first_touched_row(log):
    write(2)
    assert run_verify() == "In orde: 30 regels in 5 zegels, 2 nog niet verzegeld.\n"
    assert "0 regels in 5 zegels" in run_verify("--since", "2099-01-01")
    at = LogRow.objects.get(pk=log[8]).at.isoformat(timespec="seconds")
    carry(f"UPDATE core_logrow SET what = 'x' WHERE id IN ({log[8]}, {log[20]})")
    with pytest.raises(CommandError, match="is gewijzigd") as error:
        run_verify()
    said = f"Regel {log[8]} van {at} (zegel 2) is gewijzigd. Aangeraakt: 2. Gelezen: 30 regels."
    assert (str(error.value), error.value.returncode) == (said, 1)
    carry("DELETE FROM core_logseal WHERE number = 1")
    with pytest.raises(CommandError, match=r"^Zegel 1 ontbreekt\."):
        run_verify()


@pytest.mark.parametrize("arguments", [("--since", "gisteren"), ("--since", "2026-02-30"), ("--roots", "/er/niet")])
def test_the_command_tells_what_it_cannot_use(arguments):
    with pytest.raises(CommandError, match=r"is geen datum|is er niet"):
        run_verify(*arguments)


@pytest.fixture
def outside(tmp_path, settings):
    """A folder outside, to which the clock and the worker send."""
    folder = tmp_path / "zegels"
    folder.mkdir()
    settings.LOG_ROOTS_FOLDER = str(folder)
    return folder


def seal_and_send(count):
    write(count)
    wait_for_others()
    seal_log()
    run_outbox()


def test_roots_are_sent_outside_and_compared(outside):
    seal_and_send(3)
    seal_and_send(2)
    first, second = LogSeal.objects.all()
    files = sorted(outside.iterdir())
    assert [file.name for file in files] == [f"00000000{s.number}-{s.chain[:16]}.json" for s in (first, second)]
    assert json.loads(files[0].read_text()) == {
        "seal": 1,
        "at": first.sealed_at.isoformat(),
        "rows": 3,
        "root": first.root,
        "chain": first.chain,
    }
    assert "In orde: 5 regels in 2 zegels" in run_verify("--roots", str(outside))


def test_without_a_place_to_send_to_nothing_is_sent():
    write(1)
    wait_for_others()
    seal_log()
    assert (LogSeal.objects.count(), OutboxRow.objects.filter(kind="send_log_root").count()) == (1, 0)


def test_roots_outside_tell_what_the_database_alone_cannot(outside):
    """A superuser who drops the last rows with their seal, or makes all seals anew, fools the database only."""
    seal_and_send(3)
    seal_and_send(2)
    roots, gone = read_roots(outside), LogSeal.objects.last().ids
    carry("DELETE FROM core_logseal WHERE number = 2", f"DELETE FROM core_logrow WHERE id >= {gone[0]}")
    assert faults() == []
    assert faults(roots=roots) == [("seal missing", 2)]
    carry("UPDATE core_logrow SET what = 'x'", "DELETE FROM core_logseal")
    seal_now()
    assert faults() == []
    assert faults(roots=roots) == [("seal changed", 1), ("seal missing", 2)]


def test_a_root_that_was_sent_is_never_written_over(outside):
    """After a restore of an older backup the same number seals other rows: both files stay, and it is told."""
    seal_and_send(3)
    (before,) = outside.iterdir()
    content = before.read_bytes()
    carry("DELETE FROM core_logseal", "DELETE FROM core_outboxrow")
    seal_and_send(1)
    assert (before.read_bytes(), len(list(outside.iterdir()))) == (content, 2)
    with pytest.raises(CommandError, match="Zegel 1 is gewijzigd"):
        run_verify("--roots", str(outside))


def test_a_root_that_cannot_be_read_is_told(outside):
    seal_and_send(1)
    (file,) = outside.iterdir()
    file.write_text("{")
    with pytest.raises(CommandError, match="Zegel 1 is gewijzigd"):
        run_verify("--roots", str(outside))


def test_a_folder_that_is_away_is_tried_again(outside):
    outside.rmdir()
    write(1)
    wait_for_others()
    seal_log()
    with pytest.raises(AssertionError, match="FileNotFoundError"):
        run_outbox()
    outside.mkdir()
    carry("UPDATE core_outboxrow SET next_try = now()", superuser=False)
    OutboxRow.objects.filter(kind="send_log_root").update(last_error="")
    run_outbox()
    assert [json.loads(file.read_text())["seal"] for file in outside.iterdir()] == [1]
