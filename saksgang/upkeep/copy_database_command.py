"""`saksgang copy-database`: an SQLite installation moves to PostgreSQL. Exit code 1 when it did not."""

from __future__ import annotations

import argparse
import sys
import time

from django.db import DatabaseError
from psycopg import ProgrammingError
from psycopg.conninfo import conninfo_to_dict

from saksgang.lib.readiness import refuse_unready
from saksgang.upkeep.copying import copy_database
from saksgang.upkeep.postgresql import Unfit
from saksgang.upkeep.progress import stoppable


@stoppable
def run(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(
        prog="saksgang copy-database", description="Copies all rows of this SQLite installation to an empty PostgreSQL."
    )
    parser.add_argument(
        "--to",
        required=True,
        metavar="URL",
        help="postgresql://user@host/name; the password from PGPASSWORD or ~/.pgpass",
    )
    options = parser.parse_args(arguments)
    if not options.to.startswith(("postgresql://", "postgres://")):
        parser.error("--to must begin with postgresql://")
    if refuse_unready():
        return 1
    begun = time.monotonic()
    try:
        if conninfo_to_dict(options.to).get("password"):
            _say(
                "! The password stands on the command line, where others on this machine can read it. Better: PGPASSWORD."
            )
        copied = copy_database(options.to)
    except (Unfit, DatabaseError, ProgrammingError) as error:
        _say(f"✗ Nothing was copied: {error}")
        return 1
    rows = sum(number for number, _ in copied.values())
    print(f"✓ {rows} rows in {len(copied)} tables, compared and equal, in {time.monotonic() - begun:.0f} s.")  # noqa: T201
    print("! Now set SAKSGANG_DATABASE_URL and start again. Files and keys stay; everybody signs in anew.")  # noqa: T201
    print("! The copy is held: it sends and reads nothing. When nothing runs on SQLite any more: saksgang release")  # noqa: T201
    return 0


def _say(sentence: str) -> None:
    print(sentence, file=sys.stderr)  # noqa: T201 - to the person at the command line
