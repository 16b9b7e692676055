"""What time alone brings about, each by the robot `clock`."""

from __future__ import annotations

from datetime import timedelta

import pytest

from saksgang.lib import clock
from saksgang.tickets.actions.unattended import clockwork
from saksgang.tickets.kinds import State
from saksgang.tickets.states import PAUSED
from tests.tickets.steps import CLOCK, assess, events_of, fresh, in_state, nothing_happens, one_event, soon


@pytest.mark.parametrize("state", sorted(PAUSED))
def test_a_wait_ends_at_its_time_and_no_sooner(cast, state):
    ticket = in_state(cast, state)
    with clock.at(soon(2) - timedelta(seconds=1)), nothing_happens(ticket):
        assert clockwork.run_minute() == 0
    with clock.at(soon(2)), one_event(ticket, "ticket_resumed", CLOCK):
        assert clockwork.run_minute() == 1
    assert fresh(ticket).state == State.IN_PROGRESS


def test_what_was_solved_closes_after_fourteen_days_and_no_sooner(cast):
    ticket = in_state(cast, State.RESOLVED)
    with clock.at(soon(14) - timedelta(seconds=1)), nothing_happens(ticket):
        clockwork.run_minute()
    with clock.at(soon(14)), one_event(ticket, "ticket_closed", CLOCK):
        clockwork.run_minute()
    assert fresh(ticket).state == State.CLOSED


@pytest.mark.parametrize(("answers", "before", "after"), [({}, 40, 30), ({"service": "telephony"}, 30, 20)])
def test_past_its_target_a_case_is_raised_one_step_once(cast, answers, before, after):
    service = cast.telephony if answers else cast.printing
    ticket = assess(cast, cast.case(), service=service)
    assert ticket.queue_rank == before
    with clock.at(ticket.solve_due_at), nothing_happens(ticket):
        clockwork.run_minute()
    with clock.at(ticket.solve_due_at + timedelta(minutes=1)):
        with one_event(ticket, "ticket_raised", CLOCK) as found:
            assert clockwork.run_minute() == 1
        assert fresh(ticket).queue_rank == after
        assert found["event"].after["queue_rank"] == after
    with clock.at(ticket.solve_due_at + timedelta(days=90)), nothing_happens(ticket):
        assert clockwork.run_minute() == 0


def test_priority_2_is_never_raised_to_1(cast):
    ticket = assess(cast, cast.case(), service=cast.dips)
    with clock.at(soon(90)), nothing_happens(ticket):
        assert clockwork.run_minute() == 0


def test_what_waits_is_not_raised(cast):
    ticket = in_state(cast, State.PLANNED)
    from saksgang.tickets.models import Ticket

    Ticket.objects.filter(pk=ticket.pk).update(solve_due_at=clock.now() - timedelta(days=1))
    assert clockwork.raise_late() == 0


def test_a_quiet_minute_does_nothing(cast):
    ticket = cast.case()
    assert clockwork.run_minute() == 0
    assert [event.kind for event in events_of(ticket)] == ["ticket_registered"]
