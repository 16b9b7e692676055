"""What the states of a case are called on pages, and the tone of each."""

from __future__ import annotations

from saksgang.catalogue import queries as catalogue
from saksgang.tickets.kinds import State
from saksgang.ui.words import once_a_language

TONES = {
    State.NEW: "new",
    State.IN_PROGRESS: "work",
    State.WAITING_REQUESTER: "wait",
    State.WAITING_THIRD_PARTY: "wait",
    State.PLANNED: "wait",
    State.RESOLVED: "done",
    State.CLOSED: "",
}


def state_labels() -> dict[str, str]:
    """State → its name, as the hospital calls it."""
    return _labels() | catalogue.state_labels()


@once_a_language
def _labels() -> dict[str, str]:
    return {state.value: str(state.label) for state in State}
