"""The application's role owns nothing and cannot write around the truth."""

import pytest
from django.db import DatabaseError, connection, transaction

REFUSED = "permission denied|(insert into|delete from) view"
FORBIDDEN = [
    "UPDATE core_logrow SET action = 'x'",
    "DELETE FROM core_logrow",
    "TRUNCATE core_logrow",
    "DELETE FROM casework_grant",
    "INSERT INTO casework_case_permission (id, user_id) VALUES (1, 1)",
    "DELETE FROM casework_case_permission",
    "INSERT INTO guardian_userobjectpermission (object_pk) VALUES ('1')",
    "INSERT INTO guardian_groupobjectpermission (object_pk) VALUES ('1')",
    "CREATE TABLE evil (id int)",
]


def ask(sql):
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchone()[0]


@pytest.mark.django_db
def test_tests_run_as_the_worker_and_own_nothing():
    assert ask("SELECT current_user") == "toegang_task"
    flags = "SELECT bool_or(rolsuper OR rolbypassrls OR rolcreatedb) FROM pg_roles WHERE rolname ~ '^toegang_'"
    assert ask(flags.replace("^toegang_", "^toegang_(app|task|report)$")) is False
    assert ask("SELECT pg_has_role('toegang_app', 'toegang_task', 'MEMBER')") is True
    assert ask("SELECT pg_has_role('toegang_app', 'toegang_task', 'USAGE')") is False  # only by standing as it
    assert ask("SELECT count(*) FROM pg_tables WHERE schemaname='public' AND tableowner <> 'toegang_owner'") == 0
    assert ask("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'") > 40


@pytest.mark.django_db
@pytest.mark.parametrize("role", ["toegang_app", "toegang_task", "toegang_report"])
@pytest.mark.parametrize("sql", FORBIDDEN)
def test_what_the_application_may_not_do(sql, role):
    with pytest.raises(DatabaseError, match=REFUSED), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"SET ROLE {role}; {sql}")
