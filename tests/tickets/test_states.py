"""The one table of moves: the diagram is drawn from it, and every action keeps to it."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from saksgang.tickets import policies, states
from saksgang.tickets.kinds import State
from saksgang.tickets.models import Ticket
from saksgang.tickets.states import DONE, MOVES, OPEN, PAUSED, QUEUED, STATES

ROOT = Path(__file__).parents[2]
ACTIONS = ROOT / "saksgang" / "tickets" / "actions"


def test_the_documented_diagram_is_the_one_drawn_from_the_table():
    page = (ROOT / "docs" / "states.md").read_text(encoding="utf-8")
    drawn = re.search(r"```mermaid\n(.*?)```", page, re.DOTALL)
    assert drawn, "docs/states.md has no diagram"
    assert drawn[1] == states.diagram()


def asked_moves() -> set[str]:
    """Every move that an action asks about by name, directly or through `_wait`."""
    found = set()
    for path in ACTIONS.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call):
                continue
            name = getattr(node.func, "attr", getattr(node.func, "id", ""))
            if name in {"check_can", "_wait"}:
                found |= {one.value for one in node.args if isinstance(one, ast.Constant)}
    return found


def test_every_move_has_its_action_and_every_action_its_move():
    # A message that comes in resumes and reopens; these two are asked by `resume` and `reopen`.
    assert asked_moves() == set(MOVES)


def test_every_state_is_explained_and_belongs_to_one_side():
    assert set(STATES) == set(State) == OPEN | DONE
    assert not OPEN & DONE
    assert OPEN == QUEUED | PAUSED
    assert not QUEUED & PAUSED
    assert all(str(meta.explanation) and meta.colour for meta in STATES.values())


def test_every_state_can_be_left_and_reached():
    for state in State:
        assert any(state in move.starts and (move.ends != state or len(move.starts) > 1) for move in MOVES.values())
        assert any(move.ends == state for move in MOVES.values())


@pytest.mark.parametrize("name", sorted(MOVES))
def test_a_move_is_refused_with_a_sentence_where_the_state_forbids_it(name):
    for state in State:
        ticket = Ticket(state=state)
        assert policies.can(name, ticket) == (state in MOVES[name].starts)
        if state in MOVES[name].starts:
            policies.check_can(name, ticket)
        else:
            with pytest.raises(policies.Refused, match=r"\w{3}"):
                policies.check_can(name, ticket)


@pytest.mark.parametrize(
    "name", ["take", "hand_over", "wait_for_requester", "wait_for_third_party", "plan", "resolve", "close"]
)
def test_from_every_open_state_one_can(name):
    assert MOVES[name].starts == OPEN
