"""The second wall: what the database itself shows of cases, to whom, by which plan; and the traps around it."""

import re

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError, connection, transaction
from django.http import StreamingHttpResponse
from django.test import RequestFactory

from casework.enums import SAFETY, GrantKind
from casework.models import Case, Grant, Person
from casework.services.safety import add_safety_record
from tests.factories import actor_of, age_grants, drive, make_case, make_gemeente, make_resident, make_staff, make_team
from tests.test_architecture import DOMAIN, NO_GEMEENTE
from toegang.accounts.models import system_user
from toegang.core.access import acting_as, public
from toegang.core.audit import Look, write
from toegang.core.models import LogRow
from toegang.core.wall import APP, REPORT, beyond_scope, reading_figures, standing_as

# Tables of the domain apps without a wall, each with the reason.
OPEN = {
    **{table: why for table, why in NO_GEMEENTE.items() if table != "casework_case_permission"},
    "providers_provider": "what there is to choose from",
    "providers_contract": "what there is to choose from",
    "casework_accessrules": "rules of a gemeente",
    "casework_historicalaccessrules": "rules of a gemeente",
}
CORE = ("core_storedfile", "core_outboxrow", "core_logrow")
WALLED = """
SELECT c.relname, c.relrowsecurity, c.relforcerowsecurity,
       (SELECT coalesce(array_agg(p.polname::text ORDER BY p.polname), '{}') FROM pg_policy p WHERE p.polrelid = c.oid)
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p')
  AND (split_part(c.relname, '_', 1) = ANY(%s) OR c.relname = ANY(%s))
"""


PARTITION = re.compile(r"(?<=^core_logrow)_(default|[0-9_]+)$")


def ask(sql, *values):
    with connection.cursor() as cursor:
        cursor.execute(sql, values or None)
        return cursor.fetchall()


def walled():
    """{table: names of its policies} of each table with a wall."""
    rows = ask(WALLED, list(DOMAIN), list(CORE))
    return {table: policies for table, enabled, forced, policies in rows if enabled and forced}


def counts(tables):
    """How many rows of each table are to be seen now."""
    return {table: ask(f"SELECT count(*) FROM {table}")[0][0] for table in tables}


@pytest.mark.django_db
def test_every_table_about_a_case_has_a_forced_wall_or_a_reason():
    tables = {row[0] for row in ask(WALLED, list(DOMAIN), list(CORE))}
    assert tables - set(walled()) == set(OPEN)
    known = {"scope", "task", "figures", "own", "ordered", "written"}
    assert {name for policies in walled().values() for name in policies} == known
    assert {table for table, policies in walled().items() if "scope" not in policies} == {"core_outboxrow"}
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("RESET ROLE")
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE casework_talk NO FORCE ROW LEVEL SECURITY")
        assert "casework_talk" not in walled()  # so that the test can fail
        transaction.set_rollback(True)


@pytest.mark.django_db
def test_the_worker_may_do_with_a_table_what_the_application_may():
    rights = """
        SELECT c.relname, x.privilege_type FROM pg_class c, aclexplode(c.relacl) x
        WHERE x.grantee = %s::regrole AND c.relkind IN ('r', 'p', 'v') AND c.relnamespace = 'public'::regnamespace"""
    assert set(ask(rights, "toegang_task")) == set(ask(rights, "toegang_app"))
    assert len(ask(rights, "toegang_app")) > 100


@pytest.fixture
def house(db):
    """Two teams with a case each in which everything happened, and who works there."""
    gemeente = make_gemeente()
    anna, els = make_staff("anna", make_team(gemeente)), make_staff("els", make_team(gemeente, "Wijkteam Zuid"))
    bas = make_staff("bas", roles=("toetser",), gemeente=gemeente)
    cases = [drive(make_case(actor_of(user), given_names=name).case, "uitvoering") for user, name in
             ((anna, "Fatima"), (els, "Piet"))]  # fmt: skip
    return anna, els, bas, cases


@pytest.mark.django_db
def test_without_an_actor_there_are_no_rows_and_a_stranger_sees_none(house):
    anna, els, bas, _cases = house
    everything = counts(walled())
    filled = {table for table, count in everything.items() if count}
    assert len(filled) > 25
    for user in (None, bas):
        with transaction.atomic(), standing_as(actor_of(user)):
            assert ask("SELECT current_user")[0][0] == APP
            assert set(counts(filled).values()) == {0}
    with transaction.atomic(), standing_as(actor_of(anna)):
        mine = counts(filled - {"core_outboxrow"})
    with transaction.atomic(), standing_as(actor_of(els)):
        hers = counts(filled - {"core_outboxrow"})
    assert {table: mine[table] + hers[table] for table in mine} == {table: everything[table] for table in mine}
    assert min(mine.values()) > 0


@pytest.mark.django_db
def test_what_is_written_stays_within_what_may_be_seen(house):
    anna, els, _, (case, other) = house
    facts = {"gemeente_id": case.gemeente_id, "user": anna, "user_kind": "medewerker", "kind": "tweede", "reason": "x"}
    with transaction.atomic(), standing_as(actor_of(els)):
        assert Case.objects.filter(pk=case.pk).update(reference="weg") == 0
        with pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
            case.talks.create(gemeente_id=case.gemeente_id, form="thuis")
        with pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
            other.talks.update(case=case)
        with pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
            Grant.objects.create(case=case, validity=("2024-01-01", None), **facts)
    assert Case.objects.get(pk=case.pk).reference == case.reference


@pytest.mark.django_db
def test_the_owner_of_the_tables_sees_nothing(house):
    tables = walled()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("RESET ROLE")
        cursor.execute("SET LOCAL ROLE toegang_owner")
        assert set(counts(tables).values()) == {0}
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE casework_case NO FORCE ROW LEVEL SECURITY")
        assert counts(["casework_case"]) == {"casework_case": 2}  # so that the test can fail
        transaction.set_rollback(True)


@pytest.mark.django_db
def test_every_view_reads_as_who_asks(house):
    anna, _, _, (case, _) = house
    plain = ask(
        "SELECT relname FROM pg_class WHERE relkind = 'v' AND relnamespace = 'public'::regnamespace"
        " AND NOT coalesce(reloptions @> '{security_invoker=true}', false)"
    )
    assert plain == []
    with transaction.atomic(), standing_as(actor_of(anna)):
        assert set(ask("SELECT content_object_id FROM casework_case_permission")) == {(case.pk,)}
    with transaction.atomic(), standing_as(actor_of(None)):
        assert ask("SELECT * FROM casework_case_permission") == []


@pytest.mark.django_db(transaction=True)
def test_a_connection_that_is_used_again_knows_nobody():
    anna = make_staff("anna", make_team(make_gemeente()))
    case = make_case(actor_of(anna)).case
    age_grants(case)
    with acting_as(anna, "test"):
        assert Case.objects.get() == case
    with connection.cursor() as cursor:
        cursor.execute("SET ROLE toegang_app")
        try:
            assert ask("SELECT current_setting('toegang.user_id', true)") == [("",)]
            assert not Case.objects.exists()
            cursor.execute("SELECT set_config('toegang.user_id', %s, false)", [str(anna.pk)])
            assert Case.objects.exists()  # so that the test can fail: for the session, not the transaction
        finally:
            cursor.execute("RESET toegang.user_id")
            cursor.execute("SET ROLE toegang_task")


@pytest.mark.django_db
def test_one_frame_inside_another_leaves_the_outer_one_as_it_was(house):
    anna, els, _, (case, other) = house
    with acting_as(anna, "buiten"):
        with acting_as(els, "binnen"):
            assert Case.objects.get() == other
        assert Case.objects.get() == case
        with beyond_scope():
            assert Case.objects.count() == 2
        assert Case.objects.get() == case
        with pytest.raises(ZeroDivisionError), beyond_scope():
            raise ZeroDivisionError
        assert ask("SELECT current_user, current_setting('toegang.purpose')") == [(APP, "buiten")]
        with acting_as(system_user(), "werk"):
            assert Case.objects.count() == 2
        assert Case.objects.get() == case


@pytest.mark.django_db
def test_a_page_that_would_be_sent_after_its_frame_is_refused():
    view = public(lambda request: StreamingHttpResponse(iter([b"later"])))
    request = RequestFactory().get("/")
    request.user, request.session = None, {}
    with pytest.raises(ImproperlyConfigured, match="after its transaction"):
        view(request)


@pytest.mark.django_db
def test_figures_read_no_column_that_tells_of_a_person(house):
    anna, *_ = house
    boss = make_staff("boss", roles=("manager",), gemeente=house[3][0].gemeente)
    elsewhere = make_staff("daan", roles=("manager",), gemeente=make_gemeente("Elders"))
    for user, found in ((boss, 2), (elsewhere, 0), (anna, 0)):
        with transaction.atomic(), standing_as(actor_of(user)), reading_figures():
            assert ask("SELECT current_user") == [(REPORT,)]
            assert Case.objects.count() == found
            for secret in (Person.objects.all(), Case.objects.values("person_id"), Case.objects.values("household")):
                with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
                    list(secret)


def plan_of(sql):
    """The tables that a plan reads from beginning to end."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")  # a small table would be read whole for its size alone
        cursor.execute(f"EXPLAIN (FORMAT json) {sql}")
        (answer,) = cursor.fetchone()[0]
        cursor.execute("SET LOCAL enable_seqscan = on")
    return set(_scanned(answer["Plan"]))


def _scanned(plan):
    inner = [table for part in plan.get("Plans", ()) for table in _scanned(part)]
    # A partition is named as its table: the planner reads those of the log one by one.
    return [*([PARTITION.sub("", plan["Relation Name"])] if plan["Node Type"] == "Seq Scan" else []), *inner]


@pytest.mark.django_db
def test_each_policy_is_an_index_condition(house):
    """For a person's arms an index finds the rows of every table; no policy looks at each row."""
    tables = [table for table in walled() if table != "core_outboxrow"]
    with transaction.atomic(), standing_as(actor_of(house[0])):
        read_whole = {table: plan_of(f"SELECT * FROM {table}") & set(tables) for table in tables}
    assert {table: found for table, found in read_whole.items() if found} == {}
    assert len(tables) > 35
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("RESET ROLE")
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(
            "CREATE POLICY slow ON casework_talk TO toegang_app USING"
            " (EXISTS (SELECT 1 FROM casework_case c WHERE c.id = case_id) OR held_on IS NULL)"
        )
        with standing_as(actor_of(house[0])):
            assert plan_of("SELECT * FROM casework_talk") >= {"casework_talk"}  # so that the test can fail
        transaction.set_rollback(True)


@pytest.mark.django_db
def test_an_inwoner_sees_the_own_case_and_its_household(house):
    anna, _, _, (case, other) = house
    fatima = make_resident(case, actor_of(anna))
    Grant.objects.filter(user=fatima).update(kind=GrantKind.INWONER)
    with transaction.atomic(), standing_as(actor_of(fatima)):
        assert Case.objects.get() == case
        assert set(Person.objects.values_list("given_names", flat=True)) == {"Fatima"}
    assert other.person.given_names == "Piet"


def log_seen_by(user):
    """(action, object type, case) of the log rows that somebody reads."""
    with transaction.atomic(), standing_as(actor_of(user)):
        return set(LogRow.objects.values_list("action", "object_type", "case_id"))


@pytest.mark.django_db
def test_the_log_tells_of_the_own_acts_and_of_cases_that_may_be_seen(house):
    """A toetser of the gemeente reads nothing, a colleague not what was done in the veiligheidsdossier."""
    anna, els, bas, (case, other) = house
    person = {"person_id": case.person_id, "law": "wmo", "text": "Dreiging", "source": ""}
    add_safety_record(case_id=case.pk, **person, actor=actor_of(anna))
    colleague = make_staff("cas", case.team)
    officer = make_staff("fg", roles=("privacy",), gemeente=case.gemeente)
    elsewhere = make_staff("fg2", roles=("privacy",), gemeente=make_gemeente("Elders"))
    everything = set(LogRow.objects.exclude(gemeente_id=None).values_list("action", "object_type", "case_id"))
    of_case = {row for row in everything if row[2] == case.pk}
    assert {row for row in log_seen_by(colleague) if row[2] == case.pk} == of_case - {("write", SAFETY, case.pk)}
    assert {row for row in log_seen_by(anna) if row[2]} == of_case >= {("write", SAFETY, case.pk)}
    assert {row for row in log_seen_by(els) if row[2]} == {row for row in everything if row[2] == other.pk}
    assert log_seen_by(bas) == log_seen_by(elsewhere) == log_seen_by(None) == set()
    assert log_seen_by(officer) == everything
    with transaction.atomic(), standing_as(actor_of(bas)):
        write(actor_of(bas), [Look("look", "Proef", case_id=case.pk)])
        assert LogRow.objects.values_list("what", flat=True).get() == "Proef"
