"""The table of the cache, in which sign-in counts its attempts; every web process looks in the same one."""

from django.db import migrations

TABLE = """
CREATE TABLE core_cache (cache_key varchar(255) PRIMARY KEY, value text NOT NULL, expires timestamptz NOT NULL);
CREATE INDEX core_cache_expires ON core_cache (expires);
"""


class Migration(migrations.Migration):
    dependencies = [("core", "0002_log_append_only")]
    operations = [migrations.RunSQL(TABLE, "DROP TABLE core_cache")]
