"""Bringing back what a move ended, for whoever undoes it: the wait that went on, the step that was first, the reply that was new."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from saksgang.events.models import Event
from saksgang.tickets.actions.core import plain
from saksgang.tickets.kinds import State
from saksgang.tickets.models import Ticket

# Beside what every event tells of a case.
ENDED = ("state_since", "set_step", "set_step_due_at", "postponed_to", "new_message_at", "thanked_at")
MOMENTS = ("set_step_due_at", "postponed_to", "new_message_at", "thanked_at", "wait_until")


def ends(ticket: Ticket) -> dict[str, Any]:
    """What a move that may end these tells of them, taken before it changes anything."""
    return {name: plain(value) for name in ENDED if (value := getattr(ticket, name)) is not None}


def put_where_it_was(ticket: Ticket, moved: Event) -> datetime | None:
    """The case as it was before the move, its team and owner apart. The caller stores it, with what comes back: since when."""
    before = moved.before
    if before.get("state") == State.WAITING_REQUESTER != ticket.state:
        ticket.pause_count -= 1  # the same pause goes on
    ticket.paused_minutes = before.get("paused_minutes", ticket.paused_minutes)
    ticket.state = before.get("state", ticket.state)
    ticket.next_step = before.get("next_step", ticket.next_step)  # a postponement belongs to the step it was given for
    ticket.set_step = before.get("set_step")
    for name in MOMENTS:
        if name in before or name == "set_step_due_at":
            setattr(ticket, name, _moment(before.get(name)))
    return _moment(before.get("state_since"))


def _moment(written: str | None) -> datetime | None:
    return datetime.fromisoformat(written) if written else None
