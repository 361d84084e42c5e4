"""The wall around first calls."""

from django.db import migrations

from toegang.core.wall import around_case


class Migration(migrations.Migration):
    dependencies = [("decisions", "0021_urgent_wall"), ("casework", "0028_first_call")]
    operations = [migrations.RunSQL(around_case("casework_firstcall"))]
