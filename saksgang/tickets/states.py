"""The states of a case and the moves between them: one table, from which checks, buttons and the diagram are drawn."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from saksgang.tickets.kinds import State

OPEN = frozenset({State.NEW, State.IN_PROGRESS, State.WAITING_REQUESTER, State.WAITING_THIRD_PARTY, State.PLANNED})
# Somebody in the desk should act: only these stand in the queue.
QUEUED = frozenset({State.NEW, State.IN_PROGRESS})
PAUSED = frozenset({State.WAITING_REQUESTER, State.WAITING_THIRD_PARTY, State.PLANNED})
DONE = frozenset({State.RESOLVED, State.CLOSED})


@dataclass(frozen=True)
class StateMeta:
    state: State
    colour: str  # a colour name of the design system
    explanation: str | Promise


STATES = {
    meta.state: meta
    for meta in (
        StateMeta(State.NEW, "info", _("Has a team; nobody has taken it.")),
        StateMeta(State.IN_PROGRESS, "accent", _("Taken by an agent.")),
        StateMeta(State.WAITING_REQUESTER, "warning", _("A question was sent to the requester.")),
        StateMeta(
            State.WAITING_THIRD_PARTY, "warning", _("A supplier or another body has it; the requester was told.")
        ),
        StateMeta(State.PLANNED, "neutral", _("Will be done on a date; the requester was told.")),
        StateMeta(State.RESOLVED, "success", _("The solution is written, and nobody is owed an answer.")),
        StateMeta(State.CLOSED, "neutral", _("Finished.")),
    )
}


@dataclass(frozen=True)
class Move:
    name: str
    starts: frozenset[State]
    ends: State
    refusal: str | Promise  # what to say to somebody who tries it in another state


MOVES = {
    move.name: move
    for move in (
        Move("take", OPEN, State.IN_PROGRESS, _("The case is solved or closed. Reopen it first.")),
        Move("put_back", OPEN - {State.NEW}, State.NEW, _("Nobody has taken the case.")),
        Move("hand_over", OPEN, State.NEW, _("The case is solved or closed. Reopen it first.")),
        Move("wait_for_requester", OPEN, State.WAITING_REQUESTER, _("The case is solved or closed. Reopen it first.")),
        Move(
            "wait_for_third_party", OPEN, State.WAITING_THIRD_PARTY, _("The case is solved or closed. Reopen it first.")
        ),
        Move("plan", OPEN, State.PLANNED, _("The case is solved or closed. Reopen it first.")),
        Move("resume", PAUSED, State.IN_PROGRESS, _("The case is not waiting.")),
        Move("resolve", OPEN, State.RESOLVED, _("The case is already solved or closed.")),
        Move("close", OPEN, State.CLOSED, _("The case is already solved or closed.")),
        Move(
            "close_after_window", frozenset({State.RESOLVED}), State.CLOSED, _("Only a solved case closes by itself.")
        ),
        Move("reopen", DONE, State.IN_PROGRESS, _("The case is open.")),
    )
}


def diagram() -> str:
    """The flow of a case as a Mermaid state diagram, for the documentation."""
    lines = ["stateDiagram-v2"]
    for move in MOVES.values():
        lines += [f"    {start} --> {move.ends}: {move.name}" for start in State if start in move.starts]
    return "\n".join(lines) + "\n"
