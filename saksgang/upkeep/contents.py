"""What a database holds, told alike of an SQLite file, of a PostgreSQL server and of a dump: what backup, restore and copy compare."""

from __future__ import annotations

import sqlite3
import subprocess
from collections.abc import Callable, Iterable
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote

from django.apps import apps

from saksgang.events.holding import TABLE
from saksgang.lib import passing
from saksgang.upkeep.postgresql import program

Ask = Callable[[str], list[tuple]]
# The same text for the same row on every server, whatever its settings.
SAME_TEXT = "SET LOCAL TimeZone = 'UTC'; SET LOCAL DateStyle = 'ISO'; SET LOCAL bytea_output = 'hex'"


@dataclass
class Contents:
    rows: dict[str, int] = field(default_factory=dict)  # table → how many
    fingerprints: dict[str, str] = field(
        default_factory=dict
    )  # table → sum of its rows' hashes, where a server was asked
    migrations: list[str] = field(default_factory=list)  # "app.name"
    triggers: list[str] = field(default_factory=list)
    files: dict[str, str] = field(default_factory=dict)  # sha256 → a row that names it, as "table id"


@dataclass(frozen=True)
class Naming:
    """A column that names files by their sha256."""

    table: str
    column: str
    redactable: bool  # a redacted row's file is gone on purpose


def naming_columns() -> list[Naming]:
    """Every column called …sha256: whoever adds a table that names files need not think of the backup."""
    found = []
    for model in apps.get_models():
        columns = {str(one.column) for one in model._meta.concrete_fields}
        for name in sorted(columns):
            if name.endswith("sha256"):
                found.append(Naming(model._meta.db_table, name, "redacted_at" in columns))
    return found


def of_sqlite_file(path: Path) -> Contents:
    """The contents of a file that nobody writes to. Raises sqlite3.DatabaseError when it is damaged."""
    with closing(sqlite3.connect(f"file:{quote(str(path))}?mode=ro&immutable=1", uri=True)) as connection:

        def ask(query: str) -> list[tuple]:
            return connection.execute(query).fetchall()

        tables = _first(ask("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"))
        triggers = _first(ask("SELECT name FROM sqlite_master WHERE type = 'trigger'"))
        info = "SELECT name FROM pragma_table_info"
        return _asked(ask, tables, triggers, columns=lambda table: _first(ask(f"{info}('{table}')")))


def of_postgresql(cursor: Any) -> Contents:
    """The contents of a server's database, as the cursor's transaction sees it."""
    cursor.execute(SAME_TEXT)

    def ask(query: str) -> list[tuple]:
        cursor.execute(query)
        return cursor.fetchall()

    tables = _first(ask("SELECT tablename FROM pg_tables WHERE schemaname = current_schema()"))
    triggers = _first(ask("SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled <> 'D'"))
    catalogue = (
        "SELECT column_name FROM information_schema.columns WHERE table_schema = current_schema() AND table_name = "
    )
    contents = _asked(ask, tables, triggers, columns=lambda table: _first(ask(f"{catalogue}'{table}'")))
    for table in contents.rows:
        # A sum of hashes is the same in any order of the rows.
        row_hash = "('x' || substr(md5(t::text), 1, 15))::bit(60)::bigint"
        [(total,)] = ask(f'SELECT coalesce(sum({row_hash}), 0) FROM "{table}" t')  # noqa: S608 - the database's own names
        contents.fingerprints[table] = str(total)
    return contents


def _asked(ask: Ask, tables: list[str], triggers: list[str], *, columns: Callable[[str], list[str]]) -> Contents:
    contents = Contents(triggers=sorted(triggers))
    # Whether it is held is no part of what it holds, nor is what is true for a moment only.
    for table in sorted(set(tables) - {TABLE, *passing.tables()}):
        contents.rows[table] = ask(f'SELECT count(*) FROM "{table}"')[0][0]  # noqa: S608 - the database's own names
    if "django_migrations" in contents.rows:
        contents.migrations = sorted(f"{app}.{name}" for app, name in ask("SELECT app, name FROM django_migrations"))
    for naming in naming_columns():
        # A backup of an earlier version lacks what came later.
        if naming.table in contents.rows and naming.column in (present := columns(naming.table)):
            kept = " AND redacted_at IS NULL" if naming.redactable and "redacted_at" in present else ""
            query = f"""SELECT id, "{naming.column}" FROM "{naming.table}" WHERE "{naming.column}" <> ''{kept}"""  # noqa: S608
            contents.files |= {sha256: f"{naming.table} {pk}" for pk, sha256 in ask(query)}
    return contents


def of_dump(path: Path) -> Contents:
    """The contents of pg_dump's file, read from its first byte to its last, without any server. Raises OSError when it is damaged."""
    command = [program("pg_restore"), "--file=-", str(path)]
    contents = Contents()
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as reading:  # noqa: S603
        lines = iter(reading.stdout or ())
        for line in lines:
            if line.startswith(b"COPY "):
                _read_table(line.decode(), lines, contents)
            elif line.startswith(b"CREATE TRIGGER "):
                contents.triggers.append(line.split()[2].decode().strip('"'))
        complaint = reading.stderr.read().decode(errors="replace") if reading.stderr else ""
    if reading.returncode:
        raise OSError(complaint.strip().splitlines()[-1] if complaint.strip() else "pg_restore cannot read it")
    contents.triggers.sort()
    contents.migrations.sort()
    return contents


def _read_table(header: str, lines: Iterable[bytes], contents: Contents) -> None:
    """One line is one row: COPY writes a line break within a text as two letters."""
    table = header.split()[1].partition(".")[2].strip('"')
    columns = [name.strip(' "') for name in header[header.index("(") + 1 : header.rindex(")")].split(",")]
    wanted = [one for one in naming_columns() if one.table == table and one.column in columns]
    read_rows = bool(wanted) or table == "django_migrations"
    number = 0
    for line in lines:
        if line == b"\\.\n":
            break
        number += 1
        if read_rows:
            row = dict(zip(columns, line.rstrip(b"\n").decode().split("\t"), strict=True))
            _take_row(table, row, wanted, contents)
    contents.rows[table] = number


def _take_row(table: str, row: dict[str, str], wanted: list[Naming], contents: Contents) -> None:
    if table == "django_migrations":
        contents.migrations.append(f"{row['app']}.{row['name']}")
    for naming in wanted:
        if row[naming.column] and row.get("redacted_at", "\\N") == "\\N":
            contents.files[row[naming.column]] = f"{table} {row['id']}"


def _first(rows: list[tuple]) -> list[str]:
    return [row[0] for row in rows]
