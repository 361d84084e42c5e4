"""The wall around simple questions: for the team; managers count them by gemeente, day and outcome."""

from django.db import migrations

from toegang.core.wall import REPORT, TEAM, around

FIGURES = f"""
GRANT SELECT (gemeente_id, "on", outcome) ON casework_shortquestion TO {REPORT};
CREATE POLICY figures ON casework_shortquestion FOR SELECT TO {REPORT}
    USING (gemeente_id = ANY ((SELECT toegang_gemeenten('manager', 'beheerder'))::int[]));
"""


class Migration(migrations.Migration):
    dependencies = [("decisions", "0017_takeover"), ("casework", "0025_short_questions")]
    operations = [
        migrations.RunSQL(around("casework_shortquestion", TEAM)),
        migrations.RunSQL(FIGURES, migrations.RunSQL.noop),
    ]
