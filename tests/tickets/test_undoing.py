"""A move is undone by whoever made it: the wait, the step and the reply that it ended are there again, until anything has happened."""

from __future__ import annotations

from datetime import timedelta

import pytest

from saksgang.access.queries import NotAllowed
from saksgang.lib import clock
from saksgang.tickets.actions import answering, assignment, closure
from saksgang.tickets.actions.ties import merging
from saksgang.tickets.kinds import CloseReason, State
from saksgang.tickets.models import Ticket
from saksgang.tickets.policies import Refused
from saksgang.tickets.states import OPEN, PAUSED
from tests.tickets.steps import fresh, in_state, nothing_happens, one_event, reply

# What an undoing leaves as it was. The clock of the wait has run meanwhile, and the owner has it from now on.
SAME = (
    "state", "state_since", "team_id", "assignee_id", "wait_until", "waiting_for", "waiting_reference", "next_step",
    "next_step_due_at", "set_step", "set_step_due_at", "postponed_to", "new_message_at", "answers_owed", "queue_rank",
    "pause_count", "reopened_count", "close_reason", "close_note", "closed_at", "closed_by", "open",
)  # fmt: skip


def picture(ticket) -> dict:
    return Ticket.objects.filter(pk=ticket.pk).values(*SAME).get()


def close(cast, ticket, **how):
    said = {"reason": CloseReason.ANSWERED_ORALLY, "note": "Nora, på telefon"} | how
    return closure.close(ticket=ticket, by=cast.kari, **said)


@pytest.mark.parametrize("state", sorted(OPEN))
def test_closing_without_a_mail_is_undone(cast, state):
    ticket = in_state(cast, state)
    before = picture(ticket)
    close(cast, ticket)
    with clock.at(clock.now() + timedelta(seconds=5)), one_event(ticket, "closing_reverted", cast.kari):
        closure.undo_closing(ticket=ticket, by=cast.kari)
    assert picture(ticket) == before


def test_a_reply_that_was_new_is_new_again(cast):
    ticket = in_state(cast, State.IN_PROGRESS)
    reply(cast, ticket)
    before = picture(ticket)
    assert before["new_message_at"]
    close(cast, ticket)
    closure.undo_closing(ticket=ticket, by=cast.kari)
    assert picture(ticket) == before


def test_what_others_were_told_of_is_not_undone(cast):
    told, twice, original = cast.case(), cast.case(), cast.case()
    close(cast, told, reason=CloseReason.WITHDRAWN, words="Da lukker vi den.")
    merging.merge(ticket=twice, by=cast.kari, into=original)
    for ticket in (told, twice):
        with nothing_happens(ticket), pytest.raises(Refused):
            closure.undo_closing(ticket=ticket, by=cast.kari)


def test_closing_is_undone_by_its_own_and_as_the_newest_thing_only(cast):
    ticket = close(cast, cast.case())
    with nothing_happens(ticket), pytest.raises(Refused):
        closure.undo_closing(ticket=ticket, by=cast.knut)
    with nothing_happens(ticket), pytest.raises(NotAllowed):
        closure.undo_closing(ticket=ticket, by=cast.nils)
    answering.note(ticket=ticket, by=cast.knut, words="Hvorfor?")
    with nothing_happens(ticket), pytest.raises(Refused):
        closure.undo_closing(ticket=ticket, by=cast.kari)


MOVES = {
    "take over": (
        lambda cast, ticket: assignment.take(ticket=ticket, by=cast.knut, take_over=True),
        assignment.give_back,
    ),
    "put back": (lambda cast, ticket: assignment.put_back(ticket=ticket, by=cast.knut), assignment.give_back),
    "hand over": (
        lambda cast, ticket: assignment.hand_over(ticket=ticket, by=cast.knut, team=cast.network, reason="Nettet"),
        assignment.hand_back,
    ),
}


@pytest.mark.parametrize("state", sorted(PAUSED))
@pytest.mark.parametrize("name", MOVES)
def test_a_wait_that_a_move_ended_goes_on(cast, name, state):
    do, undo = MOVES[name]
    ticket = in_state(cast, state)
    before = picture(ticket)
    do(cast, ticket)
    assert fresh(ticket).state != state
    with clock.at(clock.now() + timedelta(minutes=1)):
        undo(ticket=ticket, by=cast.knut)
    assert picture(ticket) == before
    assert bool(fresh(ticket).paused_since) == (state == State.WAITING_REQUESTER)


@pytest.mark.parametrize("name", MOVES)
def test_a_case_that_somebody_works_on_is_theirs_again(cast, name):
    do, undo = MOVES[name]
    ticket = in_state(cast, State.IN_PROGRESS)
    before = picture(ticket)
    do(cast, ticket)
    undo(ticket=ticket, by=cast.knut)
    assert picture(ticket) == before


def test_a_wait_of_somebody_who_has_left_is_not_begun_again(cast):
    ticket = in_state(cast, State.PLANNED)
    assignment.hand_over(ticket=ticket, by=cast.knut, team=cast.network, reason="Nettet")
    cast.kari.active = False
    cast.kari.save()
    assignment.hand_back(ticket=ticket, by=cast.knut)
    assert (fresh(ticket).team, fresh(ticket).state, fresh(ticket).assignee) == (cast.service_desk, State.NEW, None)
