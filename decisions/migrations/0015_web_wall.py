"""The wall around meldingen by the website: for the team that takes them."""

from django.db import migrations

from toegang.core.wall import TEAM, around



class Migration(migrations.Migration):
    dependencies = [("decisions", "0014_signal_walls"), ("casework", "0022_web_melding")]
    operations = [migrations.RunSQL(around("casework_webmelding", TEAM))]
