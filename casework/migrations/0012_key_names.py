"""Fills the keys of the names that are there, a thousand at a time; broken off, it goes on where it was."""

from django.db import migrations, transaction

from toegang.core.names import family_key, name_key

BATCH = 1000


def _is_forced(cursor):
    """Whether the second wall stands already; for the owner of the table it is taken down within a transaction."""
    cursor.execute("SELECT relforcerowsecurity FROM pg_class WHERE oid = 'casework_person'::regclass")
    return cursor.fetchone()[0]


def fill(apps, schema_editor):
    keys = {
        "family_key": lambda person: family_key(person.family_name),
        "given_key": lambda person: name_key(person.given_names),
    }
    fill_keys(apps, schema_editor, empty={"family_key": ""}, keys=keys)


def fill_keys(apps, schema_editor, *, empty, keys):
    """Fill what is empty, by the functions that make each key of a person."""
    people = apps.get_model("casework", "Person").objects.using(schema_editor.connection.alias)
    last = None
    while True:
        with transaction.atomic(using=schema_editor.connection.alias), schema_editor.connection.cursor() as cursor:
            forced = _is_forced(cursor)
            if forced:
                cursor.execute("ALTER TABLE casework_person NO FORCE ROW LEVEL SECURITY")
            # A row that a policy hides would be lost in silence: PostgreSQL refuses the query instead.
            cursor.execute("SET LOCAL row_security = off")
            left = people.filter(**empty, **({"pk__gt": last} if last else {}))
            batch = list(left.select_for_update().order_by("pk")[:BATCH])
            for person in batch:
                for name, make in keys.items():
                    setattr(person, name, make(person))
            people.bulk_update(batch, list(keys))
            if forced:
                cursor.execute("ALTER TABLE casework_person FORCE ROW LEVEL SECURITY")
        if not batch:
            return
        last = batch[-1].pk


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("casework", "0011_look_up_people")]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
