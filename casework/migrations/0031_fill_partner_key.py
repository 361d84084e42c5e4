"""Fills the keys by which people are found by the name of their partner; broken off, it goes on."""

import importlib

from django.db import migrations

from toegang.core.names import family_key, sound_key

EIGEN = "E"
walls = importlib.import_module("casework.migrations.0012_key_names")


def _borne(person):
    return "" if person.name_use == EIGEN else person.partner_family_name


def fill(apps, schema_editor):
    walls.fill_keys(
        apps,
        schema_editor,
        empty={"partner_key": "", "partner_family_name__gt": ""},
        keys={
            "partner_key": lambda person: family_key(_borne(person)),
            "partner_sound": lambda person: sound_key(_borne(person)),
        },
    )


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("casework", "0030_partner_key")]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
