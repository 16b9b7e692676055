"""Many new rows at once. Django's bulk_create asks every field of every row how it is written; here each column is asked once.

For rows with plain values: no expressions, no defaults of the database. Constraints and triggers count as always.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import partial
from typing import Any, TypeVar

from django.db import DEFAULT_DB_ALIAS, connection, connections, models

# Written as they stand. The others, times and JSON, each database takes in its own way.
PLAIN = (models.CharField, models.TextField, models.IntegerField, models.BooleanField, models.ForeignKey)

Row = TypeVar("Row", bound=models.Model)


def insert(rows: Iterable[Row]) -> list[Row]:
    """Writes new rows of one model, and gives them their ids. Call inside a transaction."""
    made = list(rows)
    if not made:
        return made
    model = type(made[0])
    for row, pk in zip(made, _new_ids(model, len(made)), strict=True):
        row.pk = pk
        row._state.adding = False
    columns = []
    for field in model._meta.concrete_fields:
        values = [getattr(row, field.attname) for row in made]
        columns.append(values if isinstance(field, PLAIN) else _written(field, values))
    names = ", ".join(connection.ops.quote_name(str(field.column)) for field in model._meta.concrete_fields)
    _write(connection.ops.quote_name(model._meta.db_table), names, list(zip(*columns, strict=True)))
    return made


def _written(field: models.Field[Any, Any], values: list[Any]) -> list[Any]:
    # The connection itself: the name `connection` looks it up each time it is used.
    write = partial(field.get_db_prep_save, connection=connections[DEFAULT_DB_ALIAS])
    return [None if value is None else write(value) for value in values]


def _write(table: str, names: str, rows: Sequence[tuple[Any, ...]]) -> None:
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            # COPY passes Django's cursor by, which else makes Django's own of the driver's errors.
            with connection.wrap_database_errors, cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
        else:
            places = ", ".join(["%s"] * len(rows[0]))
            cursor.executemany(f"INSERT INTO {table} ({names}) VALUES ({places})", rows)  # noqa: S608 - names of our own models


def _new_ids(model: type[models.Model], number: int) -> list[int]:
    """Ids that nobody else gets. On SQLite the transaction keeps others from writing meanwhile."""
    table = model._meta.db_table
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)", [table, number]
            )
            return [pk for (pk,) in cursor.fetchall()]
        cursor.execute("SELECT COALESCE(MAX(seq), 0) FROM sqlite_sequence WHERE name = %s", [table])
        (last,) = cursor.fetchone()
        return list(range(last + 1, last + 1 + number))
