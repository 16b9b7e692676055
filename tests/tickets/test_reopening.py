from __future__ import annotations

from datetime import date, timedelta

import pytest

from saksgang.access.queries import NotAllowed
from saksgang.lib import clock
from saksgang.people.actions import note_absence
from saksgang.tickets.actions import reopening
from saksgang.tickets.kinds import NextStep, State
from saksgang.tickets.policies import Refused
from saksgang.tickets.states import DONE, OPEN
from tests.cast import SETUP
from tests.tickets.steps import SOLUTION, fresh, in_state, nothing_happens, one_event


@pytest.mark.parametrize("state", sorted(DONE))
def test_reopening_gives_the_case_back_to_its_owner(cast, state):
    ticket = in_state(cast, state)
    with one_event(ticket, "ticket_reopened", cast.knut) as found:
        reopening.reopen(ticket=ticket, by=cast.knut, reason=" Det virket ikke ")
    after = fresh(ticket)
    assert (after.state, after.assignee, after.open) == (State.IN_PROGRESS, cast.kari, 1)
    assert (after.next_step, after.next_step_due_at) == (NextStep.FOLLOW_UP, clock.now() + timedelta(hours=2))
    assert (after.resolved_at, after.resolved_by, after.closed_at, after.close_after) == (None, None, None, None)
    assert (after.reopened_count, after.resolution, after.received_at) == (1, SOLUTION, ticket.received_at)
    assert found["event"].reason == "Det virket ikke"


@pytest.mark.parametrize(
    ("first", "last", "state"),
    [
        (date(2026, 3, 9), date(2026, 3, 13), State.NEW),  # away today and tomorrow
        (date(2026, 3, 11), date(2026, 3, 11), State.IN_PROGRESS),  # back tomorrow
        (date(2026, 3, 12), date(2026, 3, 12), State.IN_PROGRESS),  # here today
        (date(2026, 3, 1), date(2026, 3, 10), State.IN_PROGRESS),  # back already
    ],
)
def test_who_is_away_beyond_the_next_working_day_does_not_get_the_case(cast, first, last, state):
    ticket = in_state(cast, State.RESOLVED)
    note_absence(by=SETUP, person=cast.kari, first_day=first, last_day=last)
    after = reopening.reopen(ticket=ticket, by=cast.knut, reason="Virker ikke")
    assert after.state == state
    assert after.assignee == (cast.kari if state == State.IN_PROGRESS else None)


def test_who_has_left_does_not_get_the_case(cast):
    ticket = in_state(cast, State.RESOLVED)
    type(cast.kari).objects.filter(pk=cast.kari.pk).update(active=False)
    after = reopening.reopen(ticket=ticket, by=cast.knut, reason="Virker ikke")
    assert (after.state, after.assignee) == (State.NEW, None)


@pytest.mark.parametrize("state", sorted(OPEN))
def test_what_is_open_is_not_reopened(cast, state):
    ticket = in_state(cast, state)
    with nothing_happens(ticket), pytest.raises(Refused):
        reopening.reopen(ticket=ticket, by=cast.kari, reason="Virker ikke")


@pytest.mark.parametrize("reason", ["", "  "])
def test_reopening_says_why(cast, reason):
    ticket = in_state(cast, State.RESOLVED)
    with nothing_happens(ticket), pytest.raises(Refused):
        reopening.reopen(ticket=ticket, by=cast.kari, reason=reason)


def test_another_teams_agent_may_not_reopen(cast):
    ticket = in_state(cast, State.RESOLVED)
    with nothing_happens(ticket), pytest.raises(NotAllowed):
        reopening.reopen(ticket=ticket, by=cast.nils, reason="Virker ikke")


def test_a_closed_case_reopens_for_30_days(cast):
    ticket = in_state(cast, State.CLOSED)
    with clock.at(ticket.closed_at + timedelta(days=30, seconds=1)):
        assert not reopening.within_window(ticket)
        with nothing_happens(ticket), pytest.raises(Refused):
            reopening.reopen(ticket=ticket, by=cast.kari, reason="Virker ikke")
    with clock.at(ticket.closed_at + timedelta(days=30)):
        assert reopening.within_window(ticket)
        reopening.reopen(ticket=ticket, by=cast.kari, reason="Virker ikke")


def test_a_solved_case_reopens_however_long_ago_it_was_solved(cast):
    ticket = in_state(cast, State.RESOLVED)
    with clock.at(clock.now() + timedelta(days=90)):
        assert reopening.within_window(ticket)
