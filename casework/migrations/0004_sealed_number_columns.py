"""Room for a sealed burgerservicenummer and its index, beside the plain column that 0006 takes away."""

from django.db import migrations, models
from django.db.models import F, Q


class Migration(migrations.Migration):
    dependencies = [("casework", "0003_grant_kinds")]
    operations = [
        migrations.AddField("person", "bsn_sealed", models.TextField(editable=False, null=True)),
        migrations.AddField("person", "bsn_index", models.CharField(editable=False, max_length=64, null=True)),
        migrations.AddField("person", "bsn_contested", models.BooleanField(default=False, db_default=False, editable=False)),
        migrations.AddIndex(
            "person",
            models.Index(fields=["bsn_index"], name="person_by_number", condition=Q(bsn_index__isnull=False)),
        ),
        migrations.AddConstraint(
            "person",
            models.UniqueConstraint(
                F("gemeente"),
                F("bsn_index"),
                name="one_person_per_number",
                condition=Q(bsn_index__isnull=False, bsn_contested=False),
            ),
        ),
        migrations.AddConstraint(
            "person",
            models.CheckConstraint(
                name="sealed_with_index",
                condition=Q(bsn_sealed__isnull=True, bsn_index__isnull=True)
                | Q(bsn_sealed__isnull=False, bsn_index__isnull=False),
            ),
        ),
    ]
