"""Columns by which people are found by name, and how often somebody may look people up."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("casework", "0010_look_review")]
    operations = [
        *(
            migrations.AddField(
                "person", name, models.CharField(default="", editable=False, max_length=200)
            )
            for name in ("family_key", "given_key")
        ),
        *(
            migrations.AddField(
                name,
                "lookups_an_hour",
                models.PositiveSmallIntegerField("keer zoeken per uur", default=30),
                preserve_default=False,
            )
            for name in ("accessrules", "historicalaccessrules")
        ),
        migrations.AddConstraint(
            "accessrules",
            models.CheckConstraint(condition=models.Q(("lookups_an_hour__gt", 0)), name="lookups_are_possible"),
        ),
        migrations.AddIndex(
            "person", models.Index(fields=["gemeente", "family_key", "born"], name="person_by_key")
        ),
    ]
