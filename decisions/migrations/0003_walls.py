"""Row-level security on every table about a case or a person, forced: no actor, no rows."""

from django.db import migrations

from toegang.core.wall import GRANTED, VISIBLE, around, around_case

# Who acts, and what memberships, roles and grants give that user now. The grants are read as the owner of the tables,
# who may see only those of the actor: a policy on cases that read the grants by itself would ask for cases again.
WHO = """
CREATE FUNCTION toegang_user() RETURNS bigint LANGUAGE sql STABLE PARALLEL SAFE AS
$$ SELECT nullif(current_setting('toegang.user_id', true), '')::bigint $$;

CREATE FUNCTION toegang_today() RETURNS date LANGUAGE sql STABLE PARALLEL SAFE AS
$$ SELECT (now() AT TIME ZONE 'Europe/Amsterdam')::date $$;

CREATE FUNCTION toegang_teams() RETURNS int[] LANGUAGE plpgsql STABLE PARALLEL SAFE AS $$ BEGIN RETURN ARRAY(
    SELECT m.team_id
    FROM accounts_membership m JOIN accounts_user u ON u.id = m.user_id
    WHERE m.user_id = toegang_user() AND u.kind = 'medewerker' AND u.is_active AND u.ketenpartner_id IS NULL
      AND m.since <= toegang_today() AND (m.until IS NULL OR m.until >= toegang_today())
); END $$;

CREATE FUNCTION toegang_gemeenten(VARIADIC held text[]) RETURNS int[] LANGUAGE plpgsql STABLE PARALLEL SAFE AS $$
BEGIN RETURN ARRAY(
    SELECT r.gemeente_id
    FROM accounts_roleassignment r JOIN accounts_user u ON u.id = r.user_id
    WHERE r.user_id = toegang_user() AND u.kind = 'medewerker' AND u.is_active AND u.ketenpartner_id IS NULL
      AND r.role = ANY (held)
      AND r.since <= toegang_today() AND (r.until IS NULL OR r.until >= toegang_today())
); END $$;

CREATE FUNCTION toegang_granted() RETURNS uuid[] LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $$ BEGIN RETURN ARRAY(
    SELECT g.case_id
    FROM casework_grant g JOIN accounts_user u ON u.id = g.user_id
    WHERE g.user_id = toegang_user() AND u.is_active AND g.kind <> 'ketenpartner' AND g.validity @> now()
); END $$;
REVOKE EXECUTE ON FUNCTION toegang_granted() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION toegang_granted() TO toegang_app;

CREATE FUNCTION toegang_cases() RETURNS uuid[] LANGUAGE plpgsql STABLE PARALLEL SAFE AS
$$ BEGIN RETURN ARRAY(SELECT c.id FROM casework_case c); END $$;

CREATE FUNCTION toegang_households(cases uuid[]) RETURNS uuid[] LANGUAGE plpgsql STABLE PARALLEL SAFE AS
$$ BEGIN RETURN ARRAY(SELECT c.household_id FROM casework_case c WHERE cases IS NULL OR c.id = ANY (cases)); END $$;

CREATE FUNCTION toegang_people(households uuid[]) RETURNS uuid[] LANGUAGE plpgsql STABLE PARALLEL SAFE AS $$
BEGIN RETURN ARRAY(
    SELECT m.person_id FROM casework_householdmember m WHERE households IS NULL OR m.household_id = ANY (households)
); END $$;
"""
NO_WHO = "; ".join(
    f"DROP FUNCTION {name}"
    for name in (
        "toegang_people(uuid[])", "toegang_households(uuid[])", "toegang_cases()", "toegang_granted()",
        "toegang_gemeenten(text[])", "toegang_teams()", "toegang_today()", "toegang_user()",
    )
)  # fmt: skip

CASE = """
{column} = ANY ({granted})
OR (team_id = ANY ((SELECT toegang_teams())::int[]) AND NOT shielded
    AND gemeente_id = ANY ((SELECT toegang_gemeenten('wijkteamlid', 'teamleider'))::int[]))
"""
OF_GRANTED = "(SELECT toegang_households(toegang_granted()))::uuid[]"
OF_VISIBLE = "(SELECT toegang_households(NULL))::uuid[]"
PERSON = """
{column} = ANY ((SELECT toegang_people(toegang_households(toegang_granted())))::uuid[])
OR user_id = toegang_user()
OR {column} = ANY ((SELECT toegang_people(NULL))::uuid[])
"""
OF_A_CASE = (
    "casework_deadline", "casework_historicaldeadline", "casework_historicalhulpvraag", "casework_hulpvraag",
    "casework_historicalleefgebiednote", "casework_leefgebiednote", "casework_letter", "casework_melding",
    "casework_historicalonderzoekanswer", "casework_onderzoekanswer", "casework_historicaltalk", "casework_talk",
    "plans_action", "plans_historicalaction", "plans_evaluatie", "plans_historicalevaluatie", "plans_goal",
    "plans_historicalgoal", "plans_historicalladderrung", "plans_ladderrung", "plans_historicalmaatwerkline",
    "plans_maatwerkline", "plans_historicalpgb", "plans_pgb", "plans_historicalplan", "plans_plan",
    "decisions_beschikking", "decisions_historicalbeschikking", "decisions_beschikkingline", "core_storedfile",
)  # fmt: skip
WALLS = [
    around("casework_case", CASE.format(column="id", granted=GRANTED)),
    around("casework_historicalcase", CASE.format(column="id", granted=GRANTED)),
    around("casework_household", f"id = ANY ({OF_GRANTED}) OR id = ANY ({OF_VISIBLE})"),
    around("casework_householdmember", f"household_id = ANY ({OF_GRANTED}) OR household_id = ANY ({OF_VISIBLE})"),
    around("casework_person", PERSON.format(column="id")),
    around("casework_historicalperson", PERSON.format(column="id")),
    around(
        "casework_grant",
        f"user_id = toegang_user() OR case_id = ANY ({GRANTED}) OR case_id = ANY ({VISIBLE})",
    ),
    "CREATE POLICY own ON casework_grant FOR SELECT TO toegang_owner USING (user_id = toegang_user());",
    *(around_case(table) for table in OF_A_CASE),
    # What must happen after commit is written by everybody and read by the worker.
    """
    ALTER TABLE core_outboxrow ENABLE ROW LEVEL SECURITY;
    ALTER TABLE core_outboxrow FORCE ROW LEVEL SECURITY;
    CREATE POLICY ordered ON core_outboxrow FOR INSERT TO toegang_app WITH CHECK (true);
    CREATE POLICY task ON core_outboxrow TO toegang_task USING (true);
    """,
]
INDEXES = """
CREATE INDEX member_of_household ON casework_householdmember (household_id) INCLUDE (person_id);
CREATE INDEX case_of_household ON casework_case (household_id) INCLUDE (id);
CREATE INDEX file_of_case ON core_storedfile (case_id) WHERE case_id IS NOT NULL;
"""

# The worker may do with a table what the application may, no more.
SAME_RIGHTS = """
DO $$ DECLARE r record; BEGIN
    FOR r IN SELECT table_name, privilege_type FROM information_schema.role_table_grants
             WHERE grantee = 'toegang_app' AND table_schema = 'public'
    LOOP EXECUTE format('GRANT %s ON public.%I TO toegang_task', r.privilege_type, r.table_name); END LOOP;
    FOR r IN SELECT c.relname AS table_name, x.privilege_type
             FROM pg_class c, aclexplode(c.relacl) x
             WHERE x.grantee = 'toegang_task'::regrole AND c.relnamespace = 'public'::regnamespace
               AND c.relkind IN ('r', 'p', 'v')
               AND NOT has_table_privilege('toegang_app', c.oid, x.privilege_type)
    LOOP EXECUTE format('REVOKE %s ON public.%I FROM toegang_task', r.privilege_type, r.table_name); END LOOP;
    GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO toegang_task;
END $$;
"""

# Figures: which columns, and of which gemeenten. A beheerder counts what a leaver leaves behind.
FIGURES = {
    "casework_case": "id, gemeente_id, team_id, reference, status, closed_on",
    "casework_melding": "gemeente_id, received_on, linked_to_id",
    "casework_deadline": "gemeente_id, key, due_on, met_on",
    "casework_grant": "gemeente_id, case_id, user_id, kind, validity",
}
OTHERS = ("accounts_membership", "accounts_roleassignment", "accounts_team", "accounts_gemeente")
REPORT = [
    *(
        f"""
        GRANT SELECT ({columns}) ON {table} TO toegang_report;
        CREATE POLICY figures ON {table} FOR SELECT TO toegang_report
            USING (gemeente_id = ANY ((SELECT toegang_gemeenten('manager', 'beheerder'))::int[]));
        """
        for table, columns in FIGURES.items()
    ),
    f"GRANT SELECT ON {', '.join(OTHERS)} TO toegang_report;",
    "GRANT SELECT (id, kind, is_active, ketenpartner_id) ON accounts_user TO toegang_report;",
]


class Migration(migrations.Migration):
    dependencies = [
        ("decisions", "0002_initial"),
        ("plans", "0002_pgb"),
        ("casework", "0003_grant_kinds"),
        ("core", "0003_cache"),
        ("accounts", "0003_people_of_an_organisation"),
    ]
    operations = [
        migrations.RunSQL(WHO, NO_WHO),
        *(migrations.RunSQL(wall) for wall in WALLS),
        migrations.RunSQL(INDEXES, "DROP INDEX member_of_household, case_of_household, file_of_case"),
        migrations.RunSQL(SAME_RIGHTS, migrations.RunSQL.noop),
        *(migrations.RunSQL(part) for part in REPORT),
    ]
