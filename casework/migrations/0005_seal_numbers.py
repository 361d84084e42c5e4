"""Seals the burgerservicenummers that are there, a thousand at a time; broken off, it goes on where it was."""

from django.db import migrations, transaction

from toegang.core import sealing

BATCH = 1000


def _is_forced(cursor):
    """Whether the second wall stands already; for the owner of the table it is taken down within a transaction."""
    cursor.execute("SELECT relforcerowsecurity FROM pg_class WHERE oid = 'casework_person'::regclass")
    return cursor.fetchone()[0]


def _walk(apps, schema_editor, rows, change, fields):
    """Change every row that is asked, in transactions of their own."""
    people = apps.get_model("casework", "Person").objects.using(schema_editor.connection.alias)
    last = None
    while True:
        with transaction.atomic(using=schema_editor.connection.alias):
            with schema_editor.connection.cursor() as cursor:
                forced = _is_forced(cursor)
                if forced:
                    cursor.execute("ALTER TABLE casework_person NO FORCE ROW LEVEL SECURITY")
                # A row that a policy hides would be lost in silence: PostgreSQL refuses the query instead.
                cursor.execute("SET LOCAL row_security = off")
            left = people.filter(**rows, **({"pk__gt": last} if last else {}))
            batch = list(left.select_for_update().order_by("pk")[:BATCH])
            for person in batch:
                change(person)
            people.bulk_update(batch, fields)
            if forced:
                schema_editor.connection.cursor().execute("ALTER TABLE casework_person FORCE ROW LEVEL SECURITY")
        if not batch:
            return
        last = batch[-1].pk


def seal(apps, schema_editor):
    def change(person):
        person.bsn_sealed, person.bsn_index = sealing.seal(person.bsn), sealing.index_of(person.bsn)

    _walk(apps, schema_editor, {"bsn__isnull": False, "bsn_sealed": None}, change, ["bsn_sealed", "bsn_index"])


def unseal(apps, schema_editor):
    """Back to plain numbers; one that is contested cannot stand beside the first and stays behind."""

    def change(person):
        person.bsn = sealing.unseal(person.bsn_sealed)

    _walk(apps, schema_editor, {"bsn_sealed__isnull": False, "bsn_contested": False, "bsn": None}, change, ["bsn"])


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("casework", "0004_sealed_number_columns")]
    operations = [migrations.RunPython(seal, unseal)]
