"""The wall around requests about the own data, the statements and the uses of restricted cases."""

from django.db import migrations

from toegang.core.wall import around_case

OF_A_CASE = (
    "casework_privacyrequest", "casework_historicalprivacyrequest", "casework_statement", "casework_restricteduse",
)  # fmt: skip


class Migration(migrations.Migration):
    dependencies = [("decisions", "0005_handover_wall"), ("casework", "0009_privacy")]
    operations = [migrations.RunSQL(around_case(table)) for table in OF_A_CASE]
