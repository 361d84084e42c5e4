"""The functions of the wall read by index what they are asked for: one plan for some cases, another for all."""

from django.db import migrations

FASTER = """
CREATE OR REPLACE FUNCTION toegang_granted() RETURNS uuid[] LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $$ BEGIN
    IF NOT EXISTS (SELECT FROM accounts_user u WHERE u.id = toegang_user() AND u.is_active) THEN
        RETURN ARRAY[]::uuid[];
    END IF;
    RETURN ARRAY(
        SELECT g.case_id FROM casework_grant g
        WHERE g.user_id = toegang_user() AND g.kind <> 'ketenpartner' AND g.validity @> now()
    );
END $$;

CREATE OR REPLACE FUNCTION toegang_households(cases uuid[]) RETURNS uuid[] LANGUAGE plpgsql STABLE PARALLEL SAFE AS
$$ BEGIN
    IF cases IS NULL THEN
        RETURN ARRAY(SELECT c.household_id FROM casework_case c);
    END IF;
    RETURN ARRAY(SELECT c.household_id FROM casework_case c WHERE c.id = ANY (cases));
END $$;

CREATE OR REPLACE FUNCTION toegang_people(households uuid[]) RETURNS uuid[] LANGUAGE plpgsql STABLE PARALLEL SAFE AS
$$ BEGIN
    IF households IS NULL THEN
        RETURN ARRAY(SELECT m.person_id FROM casework_householdmember m);
    END IF;
    RETURN ARRAY(SELECT m.person_id FROM casework_householdmember m WHERE m.household_id = ANY (households));
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("decisions", "0009_facts_wall")]
    operations = [migrations.RunSQL(FASTER, migrations.RunSQL.noop)]
