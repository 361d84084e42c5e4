"""Rows on their way to the database by COPY: many at once, with every constraint on."""

from __future__ import annotations

from collections import Counter, defaultdict
from functools import cache
from typing import Any

from django.db import connection, models
from django.db.models.fields import NOT_PROVIDED

Row = tuple[Any, ...]


@cache
def _fields(model: type[models.Model]) -> list[models.Field[Any, Any]]:
    """Each field that must be written; the rest the database fills in itself."""
    fields = [f for f in model._meta.concrete_fields if f.db_default is NOT_PROVIDED]
    return [field for field in fields if not isinstance(field, models.AutoField)]


@cache
def _defaults(model: type[models.Model]) -> dict[str, Any]:
    return {field.attname: field.get_default() for field in _fields(model)}


class Rows:
    """Rows of several tables that are written together."""

    def __init__(self) -> None:
        self._rows: dict[type[models.Model], list[Row]] = defaultdict(list)

    def add(self, model: type[models.Model], **facts: Any) -> None:
        """Keep one row; ids are given by the caller, except where the database counts. KeyError for another column."""
        defaults = _defaults(model)
        row = defaults | facts
        if len(row) > len(defaults):
            raise KeyError(f"{model.__name__}: {facts.keys() - defaults.keys()}")
        self._rows[model].append(tuple(row.values()))

    def write(self) -> Counter[str]:
        """Write everything in this transaction; gives the number of rows per table.

        By way of a table of the transaction's own: COPY does not write to a table with row-level security. The names
        are those of our own models.
        """
        for model, rows in self._rows.items():
            table, names = model._meta.db_table, ", ".join(f'"{field.column}"' for field in _fields(model))
            with connection.cursor() as cursor:
                cursor.execute(f"CREATE TEMP TABLE rows_in AS SELECT {names} FROM {table} LIMIT 0")  # noqa: S608
                with cursor.copy(f"COPY rows_in ({names}) FROM STDIN") as copy:
                    for row in rows:
                        copy.write_row(row)
                cursor.execute(f"INSERT INTO {table} ({names}) SELECT {names} FROM rows_in")  # noqa: S608
                cursor.execute("DROP TABLE rows_in")
        return Counter({model._meta.db_table: len(rows) for model, rows in self._rows.items()})
