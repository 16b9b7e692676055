from __future__ import annotations

from datetime import timedelta

import pytest

from saksgang.lib import clock
from saksgang.tickets import queries, states
from saksgang.tickets.kinds import State
from saksgang.tickets.models import Ticket
from saksgang.tickets.rules.queue import NOT_ASSESSED, effective_priority, rank
from tests.tickets.steps import WEDNESDAY, assess

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


def test_a_case_that_nobody_assessed_stands_right_after_priority_1():
    ranks = [rank(State.NEW, priority, SOON, WEDNESDAY) for priority in (1, None, 2, 3, 4)]
    assert ranks == sorted(ranks) == [10, NOT_ASSESSED, 20, 30, 40]


def test_the_queue_goes_by_priority_then_by_when_it_was_received_then_by_number(cast):
    now = clock.now()

    def case(minutes_ago: int, **answers) -> int:
        ticket = cast.case(received_at=now - timedelta(minutes=minutes_ago))
        return assess(cast, ticket, **answers).pk if answers else ticket.pk

    four = case(50, impact="individuals")
    not_assessed_late = case(10)
    not_assessed_early = case(90)
    three_late = case(5, service=cast.telephony)
    three_early = case(80, service=cast.telephony)
    three_same = case(80, service=cast.telephony)
    one = case(1, danger=True, danger_note="Respiratoren får ikke strøm")
    wanted = [one, not_assessed_early, not_assessed_late, three_early, three_same, three_late, four]
    assert [row[0] for row in queries.queue(Ticket.objects.visible_to(cast.kari)).rows] == wanted
