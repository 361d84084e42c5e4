"""Load the dated reference data; rows that are there stay as they are (they may have been edited)."""

import tomllib
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import transaction


class Command(BaseCommand):
    """Idempotent: adds what is missing, by the key that each app names for its tables."""

    help = "Laadt termijnen, feestdagen, brieven en lijsten uit reference/."

    @transaction.atomic
    def handle(self, **_: Any) -> None:
        """Load every table that an app names in its `reference`."""
        for config in apps.get_app_configs():
            for file, table, model_name, key in getattr(config, "reference", ()):
                added = self._load(config.get_model(model_name), self._rows(file, table), key)
                self.stdout.write(f"{file} {table}: {added} nieuw")

    def _rows(self, file: str, table: str) -> list[dict[str, Any]]:
        with (settings.REFERENCE_FOLDER / file).open("rb") as source:
            return list(tomllib.load(source)[table])

    def _load(self, model: Any, rows: list[dict[str, Any]], key: tuple[str, ...]) -> int:
        names = {field.attname for field in model._meta.concrete_fields}
        present = set(model.objects.values_list(*key))
        fresh = [model(**{k: v for k, v in row.items() if k in names}) for row in rows]
        missing = [row for row in fresh if tuple(getattr(row, k) for k in key) not in present]
        model.objects.bulk_create(missing)
        return len(missing)
