"""Fills the keys by which people are found by sound and telephone, a thousand at a time; broken off, it goes on."""

import importlib

from django.db import migrations

from toegang.core.names import phone_key, sound_key

walls = importlib.import_module("casework.migrations.0012_key_names")


def fill(apps, schema_editor):
    walls.fill_keys(
        apps,
        schema_editor,
        empty={"sound_key": ""},
        keys={"sound_key": lambda person: sound_key(person.family_name), "phone_key": lambda person: phone_key(person.phone)},
    )


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("casework", "0016_search")]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
