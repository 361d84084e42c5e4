"""The walls around noodtoegang and the veiligheidsdossier; the latter is narrower than that of its case."""

from django.db import migrations

from toegang.core.wall import GRANTED, around

SAFETY = """
CREATE FUNCTION toegang_safety() RETURNS uuid[] LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT coalesce(array_agg(g.case_id), '{}')
    FROM casework_grant g JOIN accounts_user u ON u.id = g.user_id
    WHERE g.user_id = toegang_user() AND u.is_active AND g.kind IN ('contactpersoon', 'veiligheid')
      AND g.validity @> now()
$$;
REVOKE EXECUTE ON FUNCTION toegang_safety() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION toegang_safety() TO toegang_app;
"""
# Who took it, who judges it, and who holds a grant on the case, such as the inwoner.
EMERGENCY = f"""
user_id = toegang_user()
OR gemeente_id = ANY ((SELECT toegang_gemeenten('privacy'))::int[])
OR (team_id = ANY ((SELECT toegang_teams())::int[])
    AND gemeente_id = ANY ((SELECT toegang_gemeenten('teamleider'))::int[]))
OR case_id = ANY ({GRANTED})
"""
OPENS = "case_id = ANY ((SELECT toegang_safety())::uuid[])"
WALLS = [
    *(around(table, EMERGENCY) for table in ("casework_emergencyaccess", "casework_historicalemergencyaccess")),
    *(around(table, OPENS) for table in ("casework_safetyrecord", "casework_historicalsafetyrecord")),
]
KEPT = """
REVOKE DELETE, TRUNCATE ON casework_emergencyaccess, casework_historicalemergencyaccess,
    casework_safetyrecord, casework_historicalsafetyrecord FROM toegang_app, toegang_task;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("decisions", "0003_walls"),
        ("casework", "0007_emergency_and_safety"),
    ]
    operations = [
        migrations.RunSQL(SAFETY, "DROP FUNCTION toegang_safety()"),
        *(migrations.RunSQL(wall) for wall in WALLS),
        migrations.RunSQL(KEPT, migrations.RunSQL.noop),
    ]
