"""The wall around the log: the own acts, the log of visible cases, and of the gemeenten of a privacy officer."""

from django.db import migrations

from toegang.core.wall import APP, GRANTED, TASK, VISIBLE

# Last: who judges a noodtoegang counts what was opened then, also in a shielded case that only its log may tell of.
# What was done in a veiligheidsdossier is told to who opens it, who did it, and the privacy officer.
READ = f"""
user_id = toegang_user()
OR gemeente_id = ANY ((SELECT toegang_gemeenten('privacy'))::int[])
OR ((case_id = ANY ({GRANTED}) OR case_id = ANY ({VISIBLE}))
    AND (object_type <> 'safetyrecord' OR case_id = ANY ((SELECT toegang_safety())::uuid[])))
OR (case_id = ANY (ARRAY(SELECT e.case_id FROM casework_emergencyaccess e))
    AND user_id = ANY (ARRAY(SELECT e.user_id FROM casework_emergencyaccess e))
    AND object_type <> 'safetyrecord')
"""
WALL = f"""
ALTER TABLE core_logrow ENABLE ROW LEVEL SECURITY;
ALTER TABLE core_logrow FORCE ROW LEVEL SECURITY;
CREATE POLICY scope ON core_logrow FOR SELECT TO {APP} USING ({READ});
CREATE POLICY written ON core_logrow FOR INSERT TO {APP} WITH CHECK (true);
CREATE POLICY task ON core_logrow TO {TASK} USING (true);
"""
NO_WALL = """
DROP POLICY scope ON core_logrow; DROP POLICY written ON core_logrow; DROP POLICY task ON core_logrow;
ALTER TABLE core_logrow NO FORCE ROW LEVEL SECURITY;
ALTER TABLE core_logrow DISABLE ROW LEVEL SECURITY;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("decisions", "0006_privacy_walls"),
        ("core", "0004_log_in_partitions"),
    ]
    operations = [migrations.RunSQL(WALL, NO_WALL)]
