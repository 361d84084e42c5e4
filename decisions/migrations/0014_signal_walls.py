"""The wall around signals: for the team that follows them; who sees the case that came of one, never its source."""

from django.db import migrations

from toegang.core.wall import GRANTED, TEAM, VISIBLE, around

SIGNAL = f"({TEAM} AND case_id IS NULL) OR case_id = ANY ({GRANTED}) OR case_id = ANY ({VISIBLE})"
FUNCTIONS = f"""
CREATE FUNCTION toegang_signals() RETURNS uuid[] LANGUAGE plpgsql STABLE PARALLEL SAFE AS
$$ BEGIN RETURN ARRAY(SELECT s.id FROM casework_signal s); END $$;

CREATE FUNCTION toegang_team_signals() RETURNS uuid[] LANGUAGE plpgsql STABLE PARALLEL SAFE AS
$$ BEGIN RETURN ARRAY(SELECT s.id FROM casework_signal s WHERE {TEAM}); END $$;
"""
OF_A_SIGNAL = "signal_id = ANY ((SELECT toegang_signals())::uuid[])"
SOURCE = "signal_id = ANY ((SELECT toegang_team_signals())::uuid[])"


class Migration(migrations.Migration):
    dependencies = [("decisions", "0013_feedback_wall"), ("casework", "0021_signals")]
    operations = [
        migrations.RunSQL(FUNCTIONS, "DROP FUNCTION toegang_signals(); DROP FUNCTION toegang_team_signals()"),
        migrations.RunSQL(around("casework_signal", SIGNAL)),
        migrations.RunSQL(around("casework_historicalsignal", "id = ANY ((SELECT toegang_signals())::uuid[])")),
        migrations.RunSQL(around("casework_signalattempt", OF_A_SIGNAL)),
        migrations.RunSQL(around("casework_signalsource", SOURCE)),
    ]
