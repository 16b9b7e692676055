"""Giving a case to a colleague: they have it, and are told so until they do something on it."""

from __future__ import annotations

import pytest

from saksgang.access.queries import NotAllowed
from saksgang.tickets import queries
from saksgang.tickets.actions import answering, assignment
from saksgang.tickets.kinds import State
from saksgang.tickets.policies import Refused
from saksgang.tickets.states import DONE, OPEN
from tests.tickets.steps import fresh, in_state, nothing_happens, one_event


def give(ticket, cast, **changes):
    return assignment.give(
        **({"ticket": ticket, "by": cast.kari, "to": cast.knut, "reason": " Du kan skrivere "} | changes)
    )


@pytest.mark.parametrize("state", sorted(OPEN))
def test_the_colleague_has_it_and_a_wait_goes_on(cast, state):
    ticket = in_state(cast, state)
    with one_event(ticket, "ticket_given", cast.kari) as found:
        give(ticket, cast)
    after = fresh(ticket)
    assert (after.assignee, after.given_by) == (cast.knut, cast.kari)
    assert after.state == (State.IN_PROGRESS if state == State.NEW else state)
    assert found["event"].reason == "Du kan skrivere"
    assert list(queries.given_to(cast.knut)) == [ticket]
    assert not queries.given_to(cast.kari)


@pytest.mark.parametrize("state", sorted(DONE))
def test_a_case_that_is_done_is_reopened_first(cast, state):
    ticket = in_state(cast, state)
    with nothing_happens(ticket), pytest.raises(Refused):
        give(ticket, cast)


def test_only_to_who_works_in_its_team_and_only_by_them(cast):
    ticket = cast.case()
    with nothing_happens(ticket), pytest.raises(Refused, match="Nils"):
        give(ticket, cast, to=cast.nils)
    with nothing_happens(ticket), pytest.raises(NotAllowed):
        give(ticket, cast, by=cast.nils)
    give(ticket, cast)
    with nothing_happens(ticket), pytest.raises(Refused, match="Knut"):
        give(ticket, cast)


@pytest.mark.parametrize(
    "do",
    [
        lambda ticket, cast: answering.note(ticket=ticket, by=cast.knut, words="Ser på den."),
        lambda ticket, cast: answering.answer(ticket=ticket, by=cast.knut, words="Vi ser på den."),
        lambda ticket, cast: assignment.take(ticket=ticket, by=cast.knut),
        lambda ticket, cast: assignment.put_back(ticket=ticket, by=cast.kari),
        lambda ticket, cast: assignment.take(ticket=ticket, by=cast.kari, take_over=True),
        lambda ticket, cast: assignment.hand_over(ticket=ticket, by=cast.kari, team=cast.network, reason="Nett"),
    ],
)
def test_it_is_told_until_they_do_something_or_it_is_somebody_elses(cast, do):
    ticket = give(cast.case(), cast)
    do(ticket, cast)
    assert (fresh(ticket).given_at, fresh(ticket).given_by) == (None, None)


def test_what_others_do_leaves_it_told(cast):
    ticket = give(cast.case(), cast)
    answering.note(ticket=ticket, by=cast.kari, words="Jeg ringte henne.")
    assert list(queries.given_to(cast.knut)) == [ticket]


@pytest.mark.parametrize("state", [State.NEW, State.IN_PROGRESS])
def test_a_gift_is_undone_as_long_as_nothing_else_has_happened(cast, state):
    ticket = in_state(cast, state)
    before = (ticket.assignee_id, ticket.state)
    give(ticket, cast)
    assignment.give_back(ticket=ticket, by=cast.kari)
    after = fresh(ticket)
    assert (after.assignee_id, after.state, after.given_at) == (*before, None)
    give(ticket, cast)
    answering.note(ticket=ticket, by=cast.knut, words="Ser på den.")
    with nothing_happens(ticket), pytest.raises(Refused):
        assignment.give_back(ticket=ticket, by=cast.kari)
