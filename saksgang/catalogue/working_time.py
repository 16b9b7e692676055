"""Working time: pure functions over a week's opening hours, reckoned in local time so that clock changes take care of themselves."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from saksgang.lib.clock import OSLO

Span = tuple[int, int]  # opens and closes, in minutes after local midnight
Week = tuple[tuple[Span, ...], ...]  # seven days, Monday first

# Far beyond any target; a calendar that never opens ends here instead of running for ever.
HORIZON_DAYS = 400


class NeverOpen(ValueError):
    """The calendar has no open hour within a year."""


@dataclass(frozen=True)
class Hours:
    """When a team works. `round_the_clock` ignores the rest."""

    week: Week
    closed: Callable[[date], bool] = lambda day: False
    special: Callable[[date], tuple[Span, ...] | None] = lambda day: None
    round_the_clock: bool = False

    def spans(self, day: date) -> tuple[Span, ...]:
        """The open spans of one local day."""
        if self.round_the_clock:
            return ((0, 24 * 60),)
        special = self.special(day)
        if special is not None:
            return special
        return () if self.closed(day) else self.week[day.weekday()]


def _at(day: date, minutes: int) -> datetime:
    """The moment, in UTC, at which a local clock shows so many minutes after midnight."""
    moment = datetime.combine(day + timedelta(days=minutes // 1440), time(minutes % 1440 // 60, minutes % 60))
    return moment.replace(tzinfo=OSLO).astimezone(UTC)


def _open_spans(start: datetime, hours: Hours) -> Iterator[tuple[datetime, datetime]]:
    first = start.astimezone(OSLO).date()
    for offset in range(HORIZON_DAYS):
        day = first + timedelta(days=offset)
        for opens, closes in hours.spans(day):
            begin, end = max(_at(day, opens), start), _at(day, closes)
            if begin < end:
                yield begin, end
    raise NeverOpen


def add_minutes(start: datetime, minutes: float, hours: Hours) -> datetime:
    """The moment by which so many working minutes have passed since `start`, both in UTC."""
    left = timedelta(minutes=minutes)
    for begin, end in _open_spans(start.astimezone(UTC), hours):
        if left <= end - begin:
            return begin + left
        left -= end - begin
    raise NeverOpen


def minutes_between(start: datetime, end: datetime, hours: Hours) -> float:
    """Working minutes from `start` to `end`; 0 when the end comes first."""
    total = timedelta()
    if end <= start:
        return 0.0
    for begin, close in _open_spans(start.astimezone(UTC), hours):
        if begin >= end:
            break
        total += min(close, end) - begin
    return total.total_seconds() / 60


def add_days(start: datetime, days: int, hours: Hours) -> datetime:
    """The same local time so many working days later. From outside hours it counts from the next opening."""
    begin = add_minutes(start, 0, hours)
    local = begin.astimezone(OSLO)
    day, passed = local.date(), 0
    for _ in range(HORIZON_DAYS):
        if passed == days:
            break
        day += timedelta(days=1)
        passed += bool(hours.spans(day))
    else:
        raise NeverOpen
    minutes = local.hour * 60 + local.minute
    spans = hours.spans(day)
    closes = spans[-1][1] if spans else minutes
    return _at(day, min(max(minutes, spans[0][0] if spans else minutes), closes))
