"""The cast is made by the product's own actions once a process and moment; every later test gets the same rows put back.

Making it takes some 150 queries, and nearly every test asks for it.
"""

from __future__ import annotations

import pickle
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import connection, transaction

from saksgang.events.models import Event
from saksgang.lib import clock
from tests.cast import Cast, make_cast


@dataclass(frozen=True)
class Kept:
    cast: bytes
    inserts: list[tuple[str, Any]]  # statement and values, one a table
    lift: (
        str  # on PostgreSQL: brings the tables' numbers past those that the rows bear, whatever a test has set them to
    )

    def put_back(self) -> Cast:
        with transaction.atomic(), connection.cursor() as cursor:
            for statement, values in self.inserts:
                cursor.execute(statement, values)
            if self.lift:
                cursor.execute(self.lift)
        return pickle.loads(self.cast)


_kept: dict[tuple[datetime | None, str], Kept] = {}


def the_cast() -> Cast:
    """As `make_cast()` makes it: anew where somebody did something before, whose rows may have the same ids."""
    if Event.objects.exists():
        return make_cast()
    # Rows bear the moment that the test's clock is held at, and events are owed to who follows them.
    key = (clock._moved.get(), repr(settings.FOLLOWERS))
    if key not in _kept:
        _kept[key] = _keep()
    return _kept[key].put_back()


def _keep() -> Kept:
    """What is written, written a second time to learn the statements, and all of it undone."""
    inserts: list[tuple[str, Any]] = []

    def noted(execute, statement, values, many, context):
        inserts.append((statement, values))
        return execute(statement, values, many, context)

    with transaction.atomic():
        undone = transaction.savepoint()
        cast = pickle.dumps(make_cast())
        written = [
            list(model._base_manager.all()) for model in apps.get_models() if model.__module__.startswith("saksgang.")
        ]
        transaction.savepoint_rollback(undone)
        lift = _lift([rows for rows in written if rows])
        for rows in filter(None, written):
            with connection.execute_wrapper(noted):
                type(rows[0])._base_manager.bulk_create(rows)
        transaction.set_rollback(True)
    return Kept(cast, [one for one in inserts if one[0].startswith("INSERT")], lift)


def _lift(written: list[list[Any]]) -> str:
    if connection.vendor != "postgresql":
        return ""
    lifts = []
    with connection.cursor() as cursor:
        for rows in written:
            cursor.execute("SELECT pg_get_serial_sequence(%s, 'id')", [rows[0]._meta.db_table])
            for (numbers,) in cursor.fetchall():
                highest = max(row.pk for row in rows)
                lifts.append(f"setval('{numbers}', GREATEST((SELECT last_value FROM {numbers}), {highest}))")
    return f"SELECT {', '.join(lifts)}"
