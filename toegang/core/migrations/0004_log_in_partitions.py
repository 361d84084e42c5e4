"""The log in partitions of a month, with what NEN 7513 asks beside BIO2, and the seals on it.

Not reversible: the new columns would be lost.
"""

import django.contrib.postgres.fields
from django.db import migrations, models

import toegang.core.models.log

# No new row may come between the copy and the drop.
PARTITION = """
LOCK TABLE core_logrow IN ACCESS EXCLUSIVE MODE;
CREATE FUNCTION core_log_cluster() RETURNS bigint LANGUAGE sql IMMUTABLE SET search_path = pg_catalog AS
$$ SELECT system_identifier FROM pg_control_system() $$;
COMMENT ON FUNCTION core_log_cluster() IS 'Immutable for as long as a cluster runs: asked once per statement.';

ALTER TABLE core_logrow RENAME TO core_logrow_old;
CREATE TABLE core_logrow (LIKE core_logrow_old INCLUDING DEFAULTS) PARTITION BY RANGE (at);
CREATE SEQUENCE core_logrow_number AS bigint;
ALTER TABLE core_logrow
    ADD COLUMN roles varchar(40)[] NOT NULL,
    ADD COLUMN basis varchar(20) NOT NULL,
    ADD COLUMN grant_id bigint,
    ADD COLUMN fields varchar(40)[] NOT NULL,
    ADD COLUMN tx bigint NOT NULL DEFAULT (pg_current_xact_id()::text::bigint),
    ADD COLUMN cluster bigint NOT NULL DEFAULT core_log_cluster(),
    ALTER COLUMN id SET DEFAULT nextval('core_logrow_number');
CREATE TABLE core_logrow_default PARTITION OF core_logrow DEFAULT;
REVOKE ALL ON core_logrow_default FROM toegang_app, toegang_task;
REVOKE ALL ON core_logrow FROM toegang_app, toegang_task;
GRANT SELECT, INSERT ON core_logrow TO toegang_app, toegang_task;
GRANT USAGE, SELECT ON SEQUENCE core_logrow_number TO toegang_app, toegang_task;
"""

# As its owner: the worker may have partitions made, and may make no table itself.
MONTHS = """
CREATE FUNCTION core_log_months() RETURNS integer LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET "TimeZone" = 'UTC' SET lock_timeout = '2s' AS
$$
DECLARE
    month timestamptz := date_trunc('month', now());
    after timestamptz;
    part text;
    made integer := 0;
BEGIN
    FOR ahead IN 0..3 LOOP
        after := month + interval '1 month';
        part := to_char(month, '"core_logrow_"YYYY_MM');
        -- Rows that the default took already stay there: moving them would be touching them.
        IF to_regclass('public.' || part) IS NULL
            AND NOT EXISTS (SELECT FROM public.core_logrow_default WHERE at >= month AND at < after)
        THEN
            EXECUTE format('CREATE TABLE public.%I PARTITION OF public.core_logrow FOR VALUES FROM (%L) TO (%L)',
                part, month, after);
            EXECUTE format('REVOKE ALL ON public.%I FROM toegang_app, toegang_task', part);
            EXECUTE format('CREATE TRIGGER log_stays BEFORE TRUNCATE ON public.%I'
                ' EXECUTE FUNCTION public.core_log_is_append_only()', part);
            made := made + 1;
        END IF;
        month := after;
    END LOOP;
    RETURN made;
END
$$;
REVOKE ALL ON FUNCTION core_log_months() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION core_log_months() TO toegang_task;
SELECT core_log_months();
"""

COLUMNS = """id, at, action, result, user_id, user_name, actor_kind, on_behalf_of, gemeente_id, case_id, case_ids,
    object_type, object_id, what, detail, purpose, origin, request_id"""

COPY = f"""
INSERT INTO core_logrow ({COLUMNS}, roles, basis, fields) SELECT {COLUMNS}, '{{}}', '', '{{}}'
    FROM core_logrow_old ORDER BY id;
SELECT setval('core_logrow_number', max(id)) FROM core_logrow_old HAVING max(id) IS NOT NULL;
DROP TABLE core_logrow_old;
ALTER SEQUENCE core_logrow_number RENAME TO core_logrow_id_seq;
ALTER SEQUENCE core_logrow_id_seq OWNED BY core_logrow.id;
ALTER TABLE core_logrow ADD CONSTRAINT core_logrow_pkey PRIMARY KEY (id, at);
CREATE INDEX log_of_case ON core_logrow (case_id, at DESC) WHERE case_id IS NOT NULL;
CREATE INDEX log_of_user ON core_logrow (user_id, at DESC);
CREATE INDEX log_of_gemeente ON core_logrow (gemeente_id, at DESC);
CREATE INDEX log_in_order ON core_logrow (cluster, tx, id);
CREATE TRIGGER log_row_stays BEFORE UPDATE OR DELETE ON core_logrow
    FOR EACH ROW EXECUTE FUNCTION core_log_is_append_only();
CREATE TRIGGER log_stays BEFORE TRUNCATE ON core_logrow EXECUTE FUNCTION core_log_is_append_only();
CREATE TRIGGER log_stays BEFORE TRUNCATE ON core_logrow_default EXECUTE FUNCTION core_log_is_append_only();
"""

PROTECT_SEALS = """
REVOKE ALL ON core_logseal FROM toegang_app, toegang_task;
GRANT SELECT, INSERT ON core_logseal TO toegang_app, toegang_task;
CREATE TRIGGER log_row_stays BEFORE UPDATE OR DELETE ON core_logseal
    FOR EACH ROW EXECUTE FUNCTION core_log_is_append_only();
CREATE TRIGGER log_stays BEFORE TRUNCATE ON core_logseal EXECUTE FUNCTION core_log_is_append_only();
"""

texts = django.contrib.postgres.fields.ArrayField(
    base_field=models.CharField(max_length=40), default=list, size=None
)


class Migration(migrations.Migration):
    dependencies = [("core", "0003_cache")]
    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunSQL(PARTITION), migrations.RunSQL(MONTHS), migrations.RunSQL(COPY)],
            state_operations=[
                migrations.AddField("logrow", "roles", texts),
                migrations.AddField("logrow", "basis", models.CharField(blank=True, max_length=20)),
                migrations.AddField("logrow", "grant_id", models.BigIntegerField(null=True)),
                migrations.AddField("logrow", "fields", texts),
                migrations.AddField(
                    "logrow", "tx", models.BigIntegerField(db_default=toegang.core.models.log.TransactionNumber())
                ),
                migrations.AddField(
                    "logrow", "cluster", models.BigIntegerField(db_default=toegang.core.models.log.ClusterNumber())
                ),
                migrations.AddIndex(
                    "logrow",
                    models.Index(
                        models.F("gemeente_id"), models.OrderBy(models.F("at"), descending=True), name="log_of_gemeente"
                    ),
                ),
                migrations.AddIndex("logrow", models.Index(fields=["cluster", "tx", "id"], name="log_in_order")),
            ],
        ),
        migrations.CreateModel(
            name="LogSeal",
            fields=[
                ("number", models.BigIntegerField(primary_key=True, serialize=False)),
                ("sealed_at", models.DateTimeField()),
                ("cluster", models.BigIntegerField()),
                ("after_tx", models.BigIntegerField()),
                ("after_id", models.BigIntegerField()),
                ("upto_tx", models.BigIntegerField()),
                ("upto_id", models.BigIntegerField()),
                ("first_at", models.DateTimeField()),
                ("last_at", models.DateTimeField()),
                (
                    "columns",
                    django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=63), size=None),
                ),
                ("rows", models.PositiveIntegerField()),
                (
                    "ids",
                    django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), size=None),
                ),
                ("marks", models.BinaryField()),
                ("root", models.CharField(max_length=64)),
                ("chain", models.CharField(max_length=64)),
            ],
            options={"ordering": ["number"]},
        ),
        migrations.RunSQL(PROTECT_SEALS),
    ]
