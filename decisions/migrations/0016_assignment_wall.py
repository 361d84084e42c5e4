"""The wall around cases that were given to a colleague."""

from django.db import migrations

from toegang.core.wall import around_case


class Migration(migrations.Migration):
    dependencies = [("decisions", "0015_web_wall"), ("casework", "0023_distribution")]
    operations = [migrations.RunSQL(around_case("casework_assignment"))]
