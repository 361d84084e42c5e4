"""The hand-overs of a case stand behind the same wall as the case."""

from django.db import migrations

from toegang.core.wall import around_case


class Migration(migrations.Migration):
    dependencies = [
        ("decisions", "0004_gates"),
        ("casework", "0008_sharing"),
    ]
    operations = [migrations.RunSQL(around_case("casework_handover"), migrations.RunSQL.noop)]
