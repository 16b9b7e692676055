"""The database: whether it answers, holds what it should, and agrees with this machine about the time."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from django.db import DatabaseError, connection

from saksgang.events.models import Event
from saksgang.lib import append_only, clock
from saksgang.lib.readiness import unapplied_migrations

CLOCKS_APART = timedelta(seconds=60)


def check_reachable() -> Iterator[str]:
    """A complaint here means that nothing else can be asked of the database."""
    try:
        missing = unapplied_migrations()
    except DatabaseError as error:
        yield f"The database does not answer: {str(error).strip()} Start it, or mend SAKSGANG_DATABASE_URL."
        return
    if missing:
        yield f"{len(missing)} migrations are missing. Run: saksgang migrate"


def check_triggers() -> Iterator[str]:
    if missing := append_only.missing():
        yield f"History is not protected: triggers are missing ({', '.join(missing)}). Run: saksgang migrate"


def check_clock() -> Iterator[str]:
    """Whether time goes right cannot be asked of anybody here; but it never goes back, and both machines agree on it."""
    now = clock.now()
    newest = Event.objects.order_by("-id").values_list("at", flat=True).first()
    if newest and newest > now + CLOCKS_APART:
        yield (
            f"This machine's clock shows {clock.local(now):%Y-%m-%d %H:%M}, and the last event is of "
            f"{clock.local(newest):%Y-%m-%d %H:%M}. Set the clock by NTP: timedatectl"
        )
    if connection.vendor != "postgresql":
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        apart = abs(cursor.fetchone()[0] - clock.now())
    if apart > CLOCKS_APART:
        yield (
            f"This machine's clock and the database's are {apart.total_seconds():.0f} seconds apart. "
            "Set both by NTP: timedatectl"
        )
