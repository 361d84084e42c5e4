"""The wall around what a privacy officer said of striking looks: only privacy officers of the gemeente read it."""

from django.db import migrations

from toegang.core.wall import around

OFFICER = "gemeente_id = ANY ((SELECT toegang_gemeenten('privacy'))::int[])"
TABLES = ("casework_lookreview", "casework_historicallookreview")


class Migration(migrations.Migration):
    dependencies = [
        ("decisions", "0007_log_wall"),
        ("casework", "0010_look_review"),
    ]
    operations = [
        *(migrations.RunSQL(around(table, OFFICER)) for table in TABLES),
        migrations.RunSQL(
            f"REVOKE DELETE, TRUNCATE ON {', '.join(TABLES)} FROM toegang_app, toegang_task",
            migrations.RunSQL.noop,
        ),
    ]
