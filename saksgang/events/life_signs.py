"""Whether the worker works: each of its loops leaves a sign each half minute, and whoever shows a page or checks looks for them."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

from django.db.models import Min

from saksgang.events.models import LifeSign
from saksgang.lib import clock
from saksgang.lib.claiming import is_ahead

WORKER = "worker"
EVERY = timedelta(seconds=30)
# A loop may be at one round for a minute or two: fifty mails built to be slow, ten posts that nobody takes.
SILENT_AFTER = timedelta(minutes=5)


def begin(loops: Collection[str]) -> None:
    """A worker starts: these are the loops to look for from now on."""
    LifeSign.objects.exclude(name__in=loops).delete()
    for name in loops:
        leave(name)


def leave(name: str = WORKER) -> None:
    """Called by a loop of the worker; that of any of several workers will do."""
    LifeSign.objects.update_or_create(name=name, defaults={"seen_at": clock.now()})


def last_seen() -> datetime | None:
    """When that loop left its last sign that has been silent for longest. None: no worker has ever run here."""
    found: datetime | None = LifeSign.objects.aggregate(seen=Min("seen_at"))["seen"]
    return found


def silent_since() -> datetime | None:
    """When the worker, or one of its loops, was last seen, if that is too long ago. None: it works, or was never started."""
    return min(silent().values(), default=None)


def silent() -> dict[str, datetime]:
    """The loops that stand still, with when each was last seen."""
    late = clock.now() - SILENT_AFTER
    # One that lies ahead was written by a clock that was wrong: a loop that works would have left another since.
    signs = ((name, late if is_ahead(at) else at) for name, at in LifeSign.objects.values_list("name", "seen_at"))
    return {name: at for name, at in signs if at <= late}


def all_silent() -> bool:
    """Whether not one of the loops works."""
    return len(silent()) == LifeSign.objects.count()
