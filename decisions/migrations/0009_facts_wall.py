"""The wall around the file of each person, and around the use of its facts under another law."""

from django.db import migrations

from toegang.core.wall import around_case

OF_A_CASE = ("casework_fact", "casework_historicalfact", "casework_factuse", "casework_historicalfactuse")


class Migration(migrations.Migration):
    dependencies = [("decisions", "0008_look_review_wall"), ("casework", "0013_facts")]
    operations = [migrations.RunSQL(around_case(table)) for table in OF_A_CASE]
