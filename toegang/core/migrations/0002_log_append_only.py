"""The log is append only: the application inserts and reads, triggers refuse the rest to everybody."""

from django.db import migrations

PROTECT = """
REVOKE UPDATE, DELETE, TRUNCATE ON core_logrow FROM toegang_app;
CREATE FUNCTION core_log_is_append_only() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'the log is append only'; END $$;
CREATE TRIGGER log_row_stays BEFORE UPDATE OR DELETE ON core_logrow
    FOR EACH ROW EXECUTE FUNCTION core_log_is_append_only();
CREATE TRIGGER log_stays BEFORE TRUNCATE ON core_logrow
    FOR EACH STATEMENT EXECUTE FUNCTION core_log_is_append_only();
"""


class Migration(migrations.Migration):
    dependencies = [("core", "0001_initial")]
    operations = [migrations.RunSQL(PROTECT, "DROP FUNCTION core_log_is_append_only() CASCADE")]
