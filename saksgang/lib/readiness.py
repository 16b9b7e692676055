"""Whether this process may start: the database is there and knows every migration."""

from __future__ import annotations

import sys

from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor


def unapplied_migrations() -> list[str]:
    """Names of migrations that the database lacks."""
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [f"{migration.app_label}.{migration.name}" for migration, _backwards in plan]


def refuse_unready() -> bool:
    """Says in words what is missing. True when the process must not start."""
    try:
        missing = unapplied_migrations()
    except DatabaseError as error:
        _say(f"The database does not answer: {error}")
        return True
    if missing:
        _say(f"The database lacks {len(missing)} migrations ({', '.join(missing[:3])} …). Run: saksgang migrate")
    return bool(missing)


def _say(sentence: str) -> None:
    print(sentence, file=sys.stderr)  # noqa: T201 - to the person who started the process
