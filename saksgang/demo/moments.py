"""Office time backwards and forwards from the moment that the stories are told from."""

from __future__ import annotations

from datetime import datetime, timedelta

from saksgang.catalogue.queries import ROUND_THE_CLOCK, hours_of
from saksgang.catalogue.working_time import Hours, add_days, add_minutes, minutes_between


def office() -> Hours:
    """The hours of every team in the demo."""
    return hours_of(None)


def hours(night: bool) -> Hours:
    return ROUND_THE_CLOCK if night else office()


def before(end: datetime, minutes: float, open_hours: Hours) -> datetime:
    """The moment so many working minutes before `end`."""
    days = 1
    while True:
        start = end - timedelta(days=days)
        total = minutes_between(start, end, open_hours)
        if total >= minutes:
            return add_minutes(start, total - minutes, open_hours)
        days *= 2


__all__ = ["add_days", "add_minutes", "before", "hours", "office"]
