"""How a case is marked on a list, to do something to several at once: by its number and what is seen of it just then."""

from __future__ import annotations

from collections.abc import Iterable

from saksgang.lib.numbers import whole_number
from saksgang.tickets import queries

MOST = 500


def marks(numbers: Iterable[int]) -> dict[int, str]:
    """Number of a case → its mark, which carries the newest event of its history."""
    chosen = list(numbers)
    newest = queries.newest_events(chosen)
    return {number: f"{number}.{newest.get(number, 0)}" for number in chosen}


def read(written: Iterable[str]) -> dict[int, int]:
    """Number of a case → the newest event that was seen of it. What is no mark is left out."""
    found: dict[int, int] = {}
    for one in written:
        number, _dot, event = one.partition(".")
        known, seen = whole_number(number), whole_number(event)
        if known and seen is not None and len(found) < MOST:
            found[known] = seen
    return found
