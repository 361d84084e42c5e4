"""The wall around the addresses of a person, and around the people who stand around a person in a case."""

from django.db import migrations

from toegang.core.wall import around, around_case

OF_A_PERSON = ("casework_address", "casework_historicaladdress")
OF_A_CASE = (
    *("casework_relation", "casework_historicalrelation"),
    *("casework_representation", "casework_historicalrepresentation"),
    *("casework_networkmember", "casework_historicalnetworkmember"),
)
PERSON = """
person_id = ANY ((SELECT toegang_people(toegang_households(toegang_granted())))::uuid[])
OR person_id = ANY ((SELECT toegang_people(NULL))::uuid[])
"""


class Migration(migrations.Migration):
    dependencies = [("decisions", "0010_faster_wall"), ("casework", "0015_people")]
    operations = [
        *(migrations.RunSQL(around(table, PERSON)) for table in OF_A_PERSON),
        *(migrations.RunSQL(around_case(table)) for table in OF_A_CASE),
    ]
