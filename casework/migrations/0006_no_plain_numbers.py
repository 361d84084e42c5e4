"""Takes the plain burgerservicenummers away, unless one of them was not sealed."""

from django.db import migrations

NOTHING_LEFT = """
SET LOCAL row_security = off;
LOCK TABLE casework_person IN ACCESS EXCLUSIVE MODE;
DO $$
DECLARE
    forced boolean := (SELECT relforcerowsecurity FROM pg_class WHERE oid = 'casework_person'::regclass);
BEGIN
    ALTER TABLE casework_person NO FORCE ROW LEVEL SECURITY;
    IF EXISTS (SELECT FROM casework_person WHERE bsn IS NOT NULL AND bsn_sealed IS NULL) THEN
        RAISE EXCEPTION 'casework_person holds numbers that are not sealed: migrate casework to 0004, then again';
    END IF;
    IF forced THEN
        ALTER TABLE casework_person FORCE ROW LEVEL SECURITY;
    END IF;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("casework", "0005_seal_numbers")]
    operations = [
        migrations.RunSQL(NOTHING_LEFT, migrations.RunSQL.noop),
        migrations.RemoveConstraint("person", "one_person_per_bsn"),
        migrations.RemoveField("person", "bsn"),
    ]
