"""The queue's order: total, visible and never learned. Priority, then received, then number (clause P2)."""

from __future__ import annotations

from datetime import datetime

from saksgang.tickets import states

NOT_ASSESSED = 15  # right after priority 1
UNCONFIRMED = NOT_ASSESSED  # a case that rests, and somebody must say whether its newest mail is what it says it is
RANKS = {1: 10, 2: 20, 3: 30, 4: 40}


def effective_priority(priority: int, solve_due_at: datetime | None, now: datetime) -> int:
    """One step higher once past the solving target, but never to 1."""
    late = solve_due_at is not None and solve_due_at < now
    return priority - 1 if late and priority > 2 else priority


def rank(state: str, priority: int | None, solve_due_at: datetime | None, now: datetime) -> int | None:
    """The queue_rank of a case; None when it waits, is planned or is done."""
    if state not in states.QUEUED:
        return None
    if priority is None:
        return NOT_ASSESSED
    return RANKS[effective_priority(priority, solve_due_at, now)]


def is_raised(rank: int | None, priority: int | None) -> bool:
    """Whether a case stands higher than its priority says, because its solving time is past."""
    return rank is not None and priority is not None and rank < RANKS[priority] and rank != UNCONFIRMED
