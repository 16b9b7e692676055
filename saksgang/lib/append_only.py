"""Rows that nobody may change or delete, kept so by the database itself.

A room names its tables here when it starts. `install` writes the triggers after every migration, because SQLite drops them
whenever a table is rebuilt. The one update let through sets `redacted_at`: it turns a row into a tombstone.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.db import connection


@dataclass(frozen=True)
class Protected:
    table: str
    columns: tuple[str, ...]  # the columns that never change


_protected: dict[str, Protected] = {}


def protect(table: str, columns: tuple[str, ...]) -> None:
    """Names a table whose rows are never deleted and whose `columns` never change, but for redaction."""
    _protected[table] = Protected(table, columns)


def protected_tables() -> tuple[str, ...]:
    return tuple(sorted(_protected))


def install() -> None:
    """Writes the triggers of every protected table that exists. Safe to repeat."""
    present = set(connection.introspection.table_names())
    with connection.cursor() as cursor:
        for rule in _protected.values():
            if rule.table in present:
                for statement in _statements(rule):
                    cursor.execute(statement)


def remove() -> None:
    """Takes the triggers away. Only the tests' own emptying of the database does this."""
    present = set(connection.introspection.table_names())
    with connection.cursor() as cursor:
        for rule in _protected.values():
            if rule.table in present:
                for statement in _removals(rule.table):
                    cursor.execute(statement)


def missing() -> list[str]:
    """Names of triggers that should stand in the database and do not."""
    wanted = {name for rule in _protected.values() for name in _names(rule.table)}
    if connection.vendor == "sqlite":
        query = "SELECT name FROM sqlite_master WHERE type = 'trigger'"
    else:
        query = "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled <> 'D'"
    with connection.cursor() as cursor:
        cursor.execute(query)
        return sorted(wanted - {row[0] for row in cursor.fetchall()})


def _names(table: str) -> tuple[str, str]:
    return f"{table}_no_update", f"{table}_no_delete"


def _removals(table: str) -> list[str]:
    place = "" if connection.vendor == "sqlite" else f' ON "{table}"'
    names = [*_names(table)]
    if connection.vendor == "postgresql":
        names.append(f"{table}_no_truncate")
    return [f'DROP TRIGGER IF EXISTS "{name}"{place}' for name in names]


def _statements(rule: Protected) -> list[str]:
    update, delete = _names(rule.table)
    # A tombstone stays one: without its own column here, redaction could be undone and the words then changed.
    columns = ", ".join(f'"{column}"' for column in (*rule.columns, "redacted_at"))
    unless_redaction = "(NOT (OLD.redacted_at IS NULL AND NEW.redacted_at IS NOT NULL))"
    sentence = f"{rule.table} is append-only"
    if connection.vendor == "sqlite":
        stop = f"BEGIN SELECT RAISE(ABORT, '{sentence}'); END"
        return [
            *_removals(rule.table),
            f'CREATE TRIGGER "{update}" BEFORE UPDATE OF {columns} ON "{rule.table}" WHEN {unless_redaction} {stop}',
            f'CREATE TRIGGER "{delete}" BEFORE DELETE ON "{rule.table}" {stop}',
        ]
    stop = "EXECUTE FUNCTION saksgang_append_only()"
    return [
        "CREATE OR REPLACE FUNCTION saksgang_append_only() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation'; END $$",
        *_removals(rule.table),
        f'CREATE TRIGGER "{update}" BEFORE UPDATE OF {columns} ON "{rule.table}" FOR EACH ROW '
        f"WHEN {unless_redaction} {stop}",
        f'CREATE TRIGGER "{delete}" BEFORE DELETE ON "{rule.table}" FOR EACH ROW {stop}',
        f'CREATE TRIGGER "{rule.table}_no_truncate" BEFORE TRUNCATE ON "{rule.table}" FOR EACH STATEMENT {stop}',
    ]
