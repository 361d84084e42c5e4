"""The wall around questions that are at another desk."""

from django.db import migrations

from toegang.core.wall import around_case


class Migration(migrations.Migration):
    dependencies = [("decisions", "0018_short_question_wall"), ("casework", "0026_forwarding")]
    operations = [migrations.RunSQL(around_case("casework_forwarding"))]
