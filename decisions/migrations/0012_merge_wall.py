"""The wall around two records of one person that became one."""

from django.db import migrations

from toegang.core.wall import around

PERSON = """
kept_id = ANY ((SELECT toegang_people(toegang_households(toegang_granted())))::uuid[])
OR kept_id = ANY ((SELECT toegang_people(NULL))::uuid[])
"""


class Migration(migrations.Migration):
    dependencies = [("decisions", "0011_people_walls"), ("casework", "0018_merge")]
    operations = [migrations.RunSQL(around("casework_personmerge", PERSON))]
