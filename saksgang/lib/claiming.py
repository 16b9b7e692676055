"""Work that waits in a table, handed to one worker at a time.

A claim is a lease: the row names the moment until which it is held. A worker that dies holds nothing for longer than that.

Times are written by clocks, and a clock may have been hours ahead before somebody set it right. So no time that lies further
ahead than any wait of ours is believed, and what is asked first is told by the ids, which never run ahead.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import F, Min, Model, Q, QuerySet

from saksgang.lib import clock

LONGEST_BACK_OFF = timedelta(minutes=30)
# The clocks of several nodes never agree quite: what is so little ahead is no mistake.
CLOCKS_APART = timedelta(minutes=1)
# By id, and not by walking through the whole table in that order: what waits is few among all there ever was, and is found by
# its index. At 100,000 that wait the sorting costs 39 ms for 50 of them; the walk cost 60 ms however few there were.
OLDEST_FIRST = F("pk") + 0
EVERY_ONE = Q()


def lease() -> timedelta:
    """How long a claim holds. Far longer than any single try, so that two workers never do the same."""
    return timedelta(seconds=settings.LEASE_SECONDS)


def unclaimed(longest: timedelta | None = None) -> Q:
    """Rows that nobody holds, or that somebody held who is gone. `longest`: how long a claim of this kind holds."""
    return Q(claimed_until__isnull=True) | abandoned(longest)


def abandoned(longest: timedelta | None = None) -> Q:
    """Rows that somebody held who is gone, or whose clock was ahead when they were claimed."""
    now = clock.now()
    return Q(claimed_until__lt=now) | Q(claimed_until__gt=now + (longest or lease()) + CLOCKS_APART)


def due(column: str, *, first: timedelta = timedelta()) -> Q:
    """Rows whose time has come, and those whose time lies further ahead than they can have to wait: `first` before the first
    try, the longest back-off after it. They go by the columns `column` and `attempts`.
    """
    now = clock.now()
    return (
        Q(**{f"{column}__lte": now})
        | Q(**{f"{column}__gt": now + first + CLOCKS_APART, "attempts": 0})
        | Q(**{f"{column}__gt": now + LONGEST_BACK_OFF + CLOCKS_APART})
    )


def is_ahead(moment: datetime) -> bool:
    """Whether a moment that is over by its meaning lies ahead: the clock that wrote it was wrong."""
    return moment > clock.now() + CLOCKS_APART


def longer_ago(column: str, span: timedelta) -> Q:
    """Rows whose moment, over by its meaning, was longer ago than `span`, or may have been: it lies ahead."""
    now = clock.now()
    return Q(**{f"{column}__lt": now - span}) | Q(**{f"{column}__gt": now + CLOCKS_APART})


def waiting_since(rows: QuerySet[Any], column: str, *, alarming: timedelta) -> datetime | None:
    """When the first of these rows came, by the moment in `column`. None: there are none.

    Where the clock was ahead then, it came before all that came after it; and where nothing has, it counts as `alarming` old.
    """
    first = rows.aggregate(pk=Min("pk"), at=Min(column))
    if first["at"] and is_ahead(first["at"]):
        after = rows.model._default_manager.filter(pk__gte=first["pk"])
        first = after.aggregate(at=Min(column))
        if is_ahead(first["at"]):
            return clock.now() - alarming
    found: datetime | None = first["at"]
    return found


def claim(rows: QuerySet[Any], *, limit: int, **changes: Any) -> list[int]:
    """Takes up to `limit` of the rows, the oldest first unless they are in another order, and returns their ids.

    `changes` are written with the claim.
    """
    if not rows.exists():  # an idle worker takes no write lock
        return []
    model: type[Model] = rows.model
    if not rows.ordered:
        rows = rows.order_by(OLDEST_FIRST)
    with transaction.atomic():
        ids = list(rows.select_for_update(skip_locked=True, of=("self",)).values_list("pk", flat=True)[:limit])
        model._default_manager.filter(pk__in=ids).update(claimed_until=clock.now() + lease(), **changes)
    return ids


def back_off(attempts: int) -> timedelta:
    """Waits between tries of 10 s, 40 s, 90 s … up to 30 minutes."""
    return min(timedelta(seconds=10 * attempts * attempts), LONGEST_BACK_OFF)
