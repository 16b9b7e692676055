"""Whether the worker works: it leaves a sign each half minute, and whoever shows a page or checks looks for it."""

from __future__ import annotations

from datetime import datetime, timedelta

from saksgang.events.models import LifeSign
from saksgang.lib import clock
from saksgang.lib.claiming import is_ahead

WORKER = "worker"
# A relay that does not answer holds a round up for a minute.
SILENT_AFTER = timedelta(minutes=5)


def leave() -> None:
    """Called by the worker; any of several will do."""
    LifeSign.objects.update_or_create(name=WORKER, defaults={"seen_at": clock.now()})


def last_seen() -> datetime | None:
    """When a worker last left a sign. None: none has ever run here."""
    return LifeSign.objects.filter(name=WORKER).values_list("seen_at", flat=True).first()


def silent_since() -> datetime | None:
    """When the worker was last seen, if that is too long ago. None: it works, or has never been started."""
    seen, silent = last_seen(), clock.now() - SILENT_AFTER
    if seen and is_ahead(seen):  # a worker that works would have left a sign since the clock was set right
        return silent
    return seen if seen and seen < silent else None
