"""The wall around spoedbesluiten."""

from django.db import migrations

from toegang.core.wall import around_case


class Migration(migrations.Migration):
    dependencies = [("decisions", "0020_urgent_decision")]
    operations = [
        migrations.RunSQL(around_case(table))
        for table in ("decisions_urgentdecision", "decisions_historicalurgentdecision")
    ]
