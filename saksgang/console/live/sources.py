"""How a process hears that something in the database has changed (docs/decisions/0018-live.md).

SQLite counts the commits of others: asking for that number takes microseconds and reads nothing. PostgreSQL calls by itself
(NOTIFY), from triggers that stand in the migration: what is rolled back is never told, and nothing is told before it can be read.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass, field
from typing import Any, Protocol

from django.db import connection
from django.db.models import Max

from saksgang.events.models import Event

EVERY = 0.2  # seconds: how often SQLite is asked, and how long PostgreSQL's calls are gathered
CHANNEL = "saksgang_live"


@dataclass
class Call:
    """Something has changed: which events came, and what else may be worth a look."""

    events: list[tuple[int, int]] = field(default_factory=list)  # ranges of ids, ends included
    kinds: set[str] = field(default_factory=set)  # mails, presence, sessions


class Source(Protocol):
    def wait(self, seconds: float) -> Call | None:
        """What changed; None when nothing has within so many seconds."""

    def close(self) -> None: ...


def open_source() -> Source:
    return SqliteSource() if connection.vendor == "sqlite" else PostgresqlSource()


class SqliteSource:
    """Writers come one after the other here, so events become visible in the order of their ids."""

    def __init__(self) -> None:
        # A connection of its own, which writes nothing: the number counts what other connections have committed.
        self._asking = sqlite3.connect(connection.settings_dict["NAME"], timeout=1, isolation_level=None)
        self._seen = self._commits()
        self._newest = _newest_event()

    def _commits(self) -> int:
        with closing(self._asking.execute("PRAGMA data_version")) as cursor:
            return int(cursor.fetchone()[0])

    def wait(self, seconds: float) -> Call | None:
        until = time.monotonic() + seconds
        while (commits := self._commits()) == self._seen:
            if time.monotonic() >= until:
                return None
            time.sleep(EVERY)
        self._seen = commits
        before, self._newest = self._newest, _newest_event()
        events = [(before + 1, self._newest)] if self._newest > before else []
        return Call(events, {"mails", "presence", "sessions"})

    def close(self) -> None:
        self._asking.close()


class PostgresqlSource:
    """Ids become visible in any order here, so each call names the events that its own transaction wrote."""

    def __init__(self) -> None:
        import psycopg  # not where SQLite is enough

        wanted: dict[str, Any] = connection.get_connection_params()
        known = ("dbname", "user", "password", "host", "port", *connection.settings_dict["OPTIONS"])
        self._listening = psycopg.connect(**{name: wanted[name] for name in known if name in wanted}, autocommit=True)
        self._listening.execute(f"LISTEN {CHANNEL}")

    def wait(self, seconds: float) -> Call | None:
        said = [one.payload for one in self._listening.notifies(timeout=seconds, stop_after=1)]
        if not said:
            return None
        said += [one.payload for one in self._listening.notifies(timeout=EVERY)]
        return understood(said)

    def close(self) -> None:
        self._listening.close()


def understood(said: Iterable[str]) -> Call:
    """«events 12 14» names events; any other word is a kind of thing to look at."""
    call = Call()
    for words in said:
        kind, *ends = words.split()
        if ends:
            call.events.append((int(ends[0]), int(ends[1])))
        else:
            call.kinds.add(kind)
    return call


def _newest_event() -> int:
    return Event.objects.aggregate(newest=Max("pk"))["newest"] or 0
