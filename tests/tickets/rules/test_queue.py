from __future__ import annotations

from datetime import timedelta

import pytest

from saksgang.tickets import states
from saksgang.tickets.kinds import State
from saksgang.tickets.rules.queue import NOT_ASSESSED, effective_priority, rank
from tests.tickets.steps import WEDNESDAY

pytestmark = pytest.mark.once

SOON, LATE = WEDNESDAY + timedelta(hours=1), WEDNESDAY - timedelta(hours=1)


@pytest.mark.parametrize(
    ("priority", "in_time", "late"),
    [(1, 1, 1), (2, 2, 2), (3, 3, 2), (4, 4, 3)],
)
def test_past_its_target_a_case_stands_one_step_higher_but_never_as_1(priority, in_time, late):
    assert effective_priority(priority, SOON, WEDNESDAY) == in_time
    assert effective_priority(priority, None, WEDNESDAY) == in_time
    assert effective_priority(priority, WEDNESDAY, WEDNESDAY) == in_time
    assert effective_priority(priority, LATE, WEDNESDAY) == late


@pytest.mark.parametrize("state", list(State))
def test_only_new_cases_and_those_in_progress_stand_in_the_queue(state):
    for priority in (None, 1, 2, 3, 4):
        assert (rank(state, priority, SOON, WEDNESDAY) is not None) == (state in {State.NEW, State.IN_PROGRESS})
    assert {State.NEW, State.IN_PROGRESS} == states.QUEUED


@pytest.mark.parametrize(("priority", "stands_as"), [(1, 1), (2, 2), (3, 2), (4, 3)])
def test_a_late_case_stands_among_those_of_the_priority_above(priority, stands_as):
    late = rank(State.IN_PROGRESS, priority, LATE, WEDNESDAY)
    assert late == rank(State.IN_PROGRESS, stands_as, SOON, WEDNESDAY)


def test_a_case_that_nobody_assessed_stands_right_after_priority_1():
    ranks = [rank(State.NEW, priority, SOON, WEDNESDAY) for priority in (1, None, 2, 3, 4)]
    assert ranks == sorted(ranks) == [10, NOT_ASSESSED, 20, 30, 40]
