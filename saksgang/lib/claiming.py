"""Work that waits in a table, handed to one worker at a time.

A claim is a lease: the row names the moment until which it is held. A worker that dies holds nothing for longer than that.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Model, Q, QuerySet

from saksgang.lib import clock


def lease() -> timedelta:
    """How long a claim holds. Far longer than any single try, so that two workers never do the same."""
    return timedelta(seconds=settings.LEASE_SECONDS)


def unclaimed() -> Q:
    """Rows that nobody holds, or that somebody held who is gone."""
    return Q(claimed_until__isnull=True) | Q(claimed_until__lt=clock.now())


def claim(due: QuerySet[Any], *, limit: int, **changes: Any) -> list[int]:
    """Takes up to `limit` of the rows that are due and returns their ids. `changes` are written with the claim."""
    if not due.exists():  # an idle worker takes no write lock
        return []
    model: type[Model] = due.model
    with transaction.atomic():
        ids = list(due.select_for_update(skip_locked=True, of=("self",)).values_list("pk", flat=True)[:limit])
        model._default_manager.filter(pk__in=ids).update(claimed_until=clock.now() + lease(), **changes)
    return ids


def back_off(attempts: int) -> timedelta:
    """Waits between tries of 10 s, 40 s, 90 s … up to 30 minutes."""
    return timedelta(seconds=min(10 * attempts * attempts, 1800))
