"""The first look through the cases: how many, their highest number, and in which order the open ones come to be assessed.

Nobody can assess a thousand old cases at once. Each team's open cases are spread over ten working days in the queue's order, one a day at
the slowest. The place of each follows from the whole file, so an import that was stopped and run again goes on with the same plan.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from saksgang.catalogue.queries import hours_of
from saksgang.catalogue.working_time import Hours, add_days, add_minutes, minutes_between
from saksgang.lib import clock
from saksgang.tickets.rules.deadlines import FURTHEST_DAYS
from saksgang.upkeep.importing.lines import Wrong, lines, parse

LONGEST_NUMBER = 12  # digits; what is longer is no count of cases
DONE = {"closed", "resolved"}


class Plan(NamedTuple):
    """`places`: number in the old system → (which, of how many) among its team's open cases."""

    cases: int
    highest: int
    places: dict[str, tuple[int, int]]


def plan(path: Path) -> Plan:
    """Reads the file of cases once. What is wrong is left to the second reading to tell."""
    cases = highest = 0
    open_cases: dict[str, list[tuple[int, str, int, str]]] = defaultdict(list)
    for nth, line in lines(path):
        cases += 1
        try:
            row = parse(line)
        except Wrong:
            continue
        number = str(row.get("old_number") or row.get("no"))
        if number.isascii() and number.isdigit() and len(number) <= LONGEST_NUMBER:
            highest = max(highest, int(number))
        if str(row.get("state")).lower() not in DONE:
            priority = row.get("priority")
            rank = priority if isinstance(priority, int) else 1
            open_cases[str(row.get("team"))].append((rank, str(row.get("created")), nth, number))
    places = {
        number: (place, len(waiting))
        for waiting in open_cases.values()
        for place, (*_order, number) in enumerate(sorted(waiting), 1)
    }
    return Plan(cases, highest, places)


class Spread:
    """When each open case is to be assessed."""

    def __init__(self, places: dict[str, tuple[int, int]]) -> None:
        self.places = places
        self.now = clock.now()
        self._window = lru_cache(maxsize=None)(self._measure)

    def due_at(self, number: str, team_id: int | None) -> datetime:
        which, of = self.places.get(number, (1, 1))
        hours, minutes = self._window(team_id)
        return add_minutes(self.now, minutes * which / max(of, FURTHEST_DAYS), hours)

    def _measure(self, team_id: int | None) -> tuple[Hours, float]:
        hours = hours_of(team_id)
        return hours, minutes_between(self.now, add_days(self.now, FURTHEST_DAYS, hours), hours)
