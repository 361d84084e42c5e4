"""The wall around what a melder or verwijzer was told."""

from django.db import migrations

from toegang.core.wall import around_case


class Migration(migrations.Migration):
    dependencies = [("decisions", "0012_merge_wall"), ("casework", "0020_feedback")]
    operations = [migrations.RunSQL(around_case("casework_feedback"))]
