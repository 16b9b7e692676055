"""An SQLite installation's rows moved to PostgreSQL, all in one transaction, and proved to be the same afterwards.

The ids stay. The source's write lock is held all the while: a mail that comes meanwhile waits or is refused with "try again".
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from django.apps import apps
from django.db import connection, connections, models, transaction
from django.db.utils import DatabaseError
from psycopg.conninfo import conninfo_to_dict
from psycopg.types.json import Jsonb

from saksgang.events import holding
from saksgang.lib import clock, passing
from saksgang.upkeep.postgresql import Unfit
from saksgang.upkeep.progress import Step, note, progress

TARGET = "target"
BATCH = 2000
SKIPPED = {"django_session"}  # everybody signs in again
# What SQLite takes and PostgreSQL refuses in a text.
REFUSED_LETTERS = re.compile("[\x00\ud800-\udfff]")
AT_WORK = timedelta(minutes=2)  # the worker writes its first slot of every minute
LARGEST_SUM = 2**128

Fingerprint = tuple[int, str]  # rows, and the sum of their hashes


def copy_database(url: str) -> dict[str, Fingerprint]:
    """Moves everything to the empty database at `url`, a postgresql:// address. Returns each table's rows and fingerprint.

    Raises Unfit before anything is written when it cannot be done, and leaves the target's tables empty when it breaks off.
    """
    _check_source()
    _connect(url)
    if tables := connections[TARGET].introspection.table_names():
        raise Unfit(f"The target has {len(tables)} tables. Copy into a new, empty database.")
    _migrate(url)
    total = sum(model._base_manager.count() for model in _models())
    note("Nothing was copied. The target has empty tables now: drop the database and make it anew before the next try.")
    with transaction.atomic(), transaction.atomic(using=TARGET):
        with progress("Copying", total=total) as step:
            copied = _copy_everything(step)
        with progress("Comparing", total=total) as step:
            _check_same(copied, step)
        holding.hold(using=TARGET)
    with connections[TARGET].cursor() as cursor:
        cursor.execute("ANALYZE")
    return copied


def _check_source() -> None:
    if connection.vendor != "sqlite":
        raise Unfit("This installation is not on SQLite: there is nothing to move.")
    with connection.cursor() as cursor:
        cursor.execute("SELECT max(starts_at) FROM worker_slot")
        last = cursor.fetchone()[0]
    if last and datetime.fromisoformat(f"{last}+00:00") > clock.now() - AT_WORK:
        raise Unfit(
            "`saksgang work` was at work less than two minutes ago. Stop it, and `serve` too, and wait two minutes."
        )


def _connect(url: str) -> None:
    told: dict[str, Any] = dict(conninfo_to_dict(url))
    entry = {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": told.pop("dbname", ""),
        "USER": told.pop("user", ""),
        "PASSWORD": told.pop("password", ""),
        "HOST": told.pop("host", ""),
        "PORT": told.pop("port", ""),
        "OPTIONS": told,
    }
    whole = connections.configure_settings({"default": dict(connection.settings_dict), TARGET: entry})
    connections.databases[TARGET] = whole[TARGET]


def _migrate(url: str) -> None:
    """Makes the tables, in a process of its own that knows this database only: address and password go by the environment."""
    environment = os.environ | {"SAKSGANG_DATABASE_URL": url}
    command = [sys.executable, "-m", "django", "migrate", "--verbosity", "0"]
    done = subprocess.run(command, env=environment, check=False, capture_output=True, text=True)  # noqa: S603
    if done.returncode:
        raise Unfit(f"The target's tables could not be made: {done.stderr.strip()[-1000:]}")


def _models() -> list[type[models.Model]]:
    return [
        model
        for model in apps.get_models(include_auto_created=True)
        if model._meta.managed and not model._meta.proxy and model._meta.db_table not in SKIPPED | passing.tables()
    ]


def _copy_everything(step: Step) -> dict[str, Fingerprint]:
    refused: list[str] = []
    copied = {}
    with connections[TARGET].cursor() as cursor:
        # Rows that migrating made, such as Django's content types: the source has its own, with its own ids. Keys between
        # tables are looked at when the transaction ends, so the order of the tables does not matter.
        for model in _models():
            cursor.execute(f'DELETE FROM "{model._meta.db_table}"')  # noqa: S608 - the models' own names
        for model in _models():
            copied[model._meta.db_table] = _copy_table(model, cursor, refused, step)
        if refused:
            raise Unfit("PostgreSQL cannot hold these; mend them first:\n" + "\n".join(refused))
        _count_on(cursor)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    return copied


def _copy_table(model: type[models.Model], cursor: Any, refused: list[str], step: Step) -> Fingerprint:
    table, fields = model._meta.db_table, model._meta.concrete_fields
    columns = ", ".join(f'"{field.column}"' for field in fields)
    json_places = {nth for nth, field in enumerate(fields) if isinstance(field, models.JSONField)}
    number, total = 0, 0
    try:
        with cursor.copy(f'COPY "{table}" ({columns}) FROM STDIN') as copy:
            for row in _rows(model, "default"):
                number, total = number + 1, (total + _hash(row, json_places)) % LARGEST_SUM
                step(1)
                wrong = list(_refused(row, fields))
                refused += [f"{table} {row[0]}: {sentence}" for sentence in wrong]
                if not wrong:
                    copy.write_row([Jsonb(value) if nth in json_places else value for nth, value in enumerate(row)])
    except DatabaseError as error:
        raise Unfit(f"{table} could not be copied: {error}") from error
    return number, f"{total:032x}"


def _rows(model: type[models.Model], using: str) -> Iterator[tuple]:
    names = [field.attname for field in model._meta.concrete_fields]
    return model._base_manager.using(using).order_by("pk").values_list(*names).iterator(chunk_size=BATCH)


def _hash(row: tuple, json_places: set[int]) -> int:
    """The same on both databases: PostgreSQL keeps the keys of JSON in an order of its own."""
    alike = [json.dumps(value, sort_keys=True) if nth in json_places else value for nth, value in enumerate(row)]
    return int.from_bytes(hashlib.sha256(repr(alike).encode("utf-8", "surrogatepass")).digest()[:16])


def _refused(row: tuple, fields: tuple) -> Iterator[str]:
    for value, field in zip(row, fields, strict=True):
        if isinstance(value, str):
            if REFUSED_LETTERS.search(value):
                yield f"{field.column} holds a letter that is none (NUL or half a pair)"
            elif field.max_length and len(value) > field.max_length:
                yield f"{field.column} has {len(value)} letters, and {field.max_length} fit"
        elif isinstance(value, (list, dict)) and any(REFUSED_LETTERS.search(text) for text in _texts(value)):
            yield f"{field.column} holds a letter that is none (NUL or half a pair)"


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        yield from value
        for one in value.values():
            yield from _texts(one)
    elif isinstance(value, list):
        for one in value:
            yield from _texts(one)


def _count_on(cursor: Any) -> None:
    """The next ids follow those that SQLite has given, also where the last rows are gone again."""
    with connection.cursor() as source:
        source.execute("SELECT name, seq FROM sqlite_sequence")
        given = dict(source.fetchall())
    for model in _models():
        if last := given.get(model._meta.db_table):
            cursor.execute(
                "SELECT setval(pg_get_serial_sequence(%s, %s), %s)",
                [f'"{model._meta.db_table}"', model._meta.pk.column, last],
            )


def _check_same(copied: dict[str, Fingerprint], step: Step) -> None:
    """Reads the target back and compares. Raises Unfit, and with it takes everything back, at the first difference."""
    for model in _models():
        table = model._meta.db_table
        places = {nth for nth, field in enumerate(model._meta.concrete_fields) if isinstance(field, models.JSONField)}
        number, total = 0, 0
        for row in _rows(model, TARGET):
            step(1)
            number, total = number + 1, (total + _hash(row, places)) % LARGEST_SUM
        if (number, f"{total:032x}") != copied[table]:
            raise Unfit(
                f"{table}: {copied[table][0]} rows were copied, and the {number} in the target are not the same."
            )
    with connections[TARGET].cursor() as cursor:
        cursor.execute("SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled <> 'D'")
        standing = {row[0] for row in cursor.fetchall()}
    if gone := set(_source_triggers()) - standing:
        raise Unfit(f"History would not be protected in the target: triggers are missing ({', '.join(sorted(gone))}).")


def _source_triggers() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
        return [row[0] for row in cursor.fetchall()]
