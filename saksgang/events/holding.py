"""Whether this installation is held: nothing leaves the house, and no mailbox is read, until a person lets it go.

What a restore brings back may stand beside the installation that it was copied from: its answers have left there already, and its
mailboxes are being read. The hold is a table of its own in the database. No migration knows it, so it is there before the first
row of a backup of whichever version is, every node sees it, and it takes no effort of anybody's to keep it (docs/decisions/0010-upkeep.md).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.db import DEFAULT_DB_ALIAS, connections, transaction

from saksgang.events.actions import Robot
from saksgang.events.alarms import end_alarm, open_alarms, raise_alarm
from saksgang.lib import clock

TABLE = "saksgang_hold"
ALARM = "held"
KEY = "restore"
UPKEEP = Robot("upkeep")


def statements() -> Iterator[str]:
    """What holds an installation, in the words of both databases."""
    yield f"CREATE TABLE IF NOT EXISTS {TABLE} (since varchar(40) NOT NULL)"
    yield f"DELETE FROM {TABLE}"  # noqa: S608 - a constant
    yield f"INSERT INTO {TABLE} (since) VALUES ('{clock.now().isoformat()}')"  # noqa: S608


def hold(using: str = DEFAULT_DB_ALIAS) -> None:
    """Holds the installation in this database, which need not have any other table."""
    with transaction.atomic(using=using), connections[using].cursor() as cursor:
        for statement in statements():
            cursor.execute(statement)


def is_held() -> bool:
    """Asked before each round of what leaves the house: one look into the database's own catalogue."""
    connection = connections[DEFAULT_DB_ALIAS]
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name = %s", [TABLE])
        else:
            cursor.execute("SELECT count(to_regclass(%s))", [TABLE])
        return bool(cursor.fetchone()[0])


def held_since() -> datetime | None:
    """None: it is not held."""
    if not is_held():
        return None
    with connections[DEFAULT_DB_ALIAS].cursor() as cursor:
        cursor.execute(f"SELECT min(since) FROM {TABLE}")  # noqa: S608 - a constant
        since = cursor.fetchone()[0]
    return datetime.fromisoformat(since) if since else clock.now()


@transaction.atomic
def let_go() -> None:
    """From now on mails leave and mailboxes are read. The end of its alarm is the record of it."""
    watch()
    with connections[DEFAULT_DB_ALIAS].cursor() as cursor:
        cursor.execute(f"DROP TABLE IF EXISTS {TABLE}")
    watch()


def watch() -> None:
    """The alarm goes off for as long as the installation is held."""
    held, alarmed = is_held(), open_alarms().filter(kind=ALARM).exists()
    if held and not alarmed:
        raise_alarm(
            kind=ALARM, key=KEY, by=UPKEEP, details="Nothing leaves, and no mailbox is read. Run: saksgang release"
        )
    elif alarmed and not held:
        end_alarm(kind=ALARM, key=KEY, by=UPKEEP)
