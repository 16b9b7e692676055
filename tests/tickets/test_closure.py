"""H2: no way of closing a case leaves somebody unanswered."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from saksgang.access.queries import NotAllowed
from saksgang.lib import clock
from saksgang.tickets.actions import answering, closure, facts, resolution
from saksgang.tickets.actions.closure import NEEDS_NOTE
from saksgang.tickets.actions.ties import merging
from saksgang.tickets.kinds import NOBODY_IS_OWED, REQUESTER_IS_TOLD, CloseReason, MessageKind, State
from saksgang.tickets.models import Message, Ticket
from saksgang.tickets.policies import Refused
from saksgang.tickets.rules.deadlines import REMINDER_DAYS
from saksgang.tickets.states import DONE, OPEN
from tests.tickets.steps import (
    CLOCK,
    SOLUTION,
    assess,
    fresh,
    in_state,
    nothing_happens,
    one_event,
    owed,
    reply,
)

OWN_ACTION = {CloseReason.DUPLICATE, CloseReason.MERGED, CloseReason.IMPORTED}
BY_HAND = sorted(set(CloseReason) - OWN_ACTION)
WORDS = "Saken er lukket, som avtalt."


@pytest.fixture(autouse=True)
def _reminded_enough(monkeypatch):
    """The cases here have just come in; that NO_REPLY takes two reminders has a test of its own."""
    monkeypatch.setattr(closure, "REMINDER_DAYS", ())


def close(cast, ticket, reason, **how):
    facts = {"note": "Til HR, sagt av Liv", "words": WORDS}
    if reason == CloseReason.BECAME_IMPROVEMENT:  # by the room that keeps the lists
        return closure.close_as_improvement(ticket=ticket, by=cast.kari, improvement_id=7, **(facts | how))
    return closure.close(ticket=ticket, by=cast.kari, reason=reason, **(facts | how))


def test_every_reason_either_tells_the_requester_or_says_why_nobody_is_owed():
    assert set(NOBODY_IS_OWED) | set(REQUESTER_IS_TOLD) == set(CloseReason)
    assert not set(NOBODY_IS_OWED) & set(REQUESTER_IS_TOLD)


@pytest.mark.parametrize("reason", BY_HAND)
def test_closing_with_a_reason(cast, reason):
    ticket = cast.case()
    with one_event(ticket, "ticket_closed", cast.kari) as found:
        close(cast, ticket, reason)
    after = fresh(ticket)
    assert (after.state, after.open, after.queue_rank, after.next_step) == (State.CLOSED, 0, None, None)
    assert (after.close_reason, after.closed_at, after.closed_by) == (reason, clock.now(), cast.kari)
    assert (found["event"].before["state"], found["event"].after["state"]) == ("NEW", "CLOSED")
    assert found["event"].after["close_reason"] == reason


@pytest.mark.parametrize("reason", BY_HAND)
def test_whoever_is_closed_upon_was_told_or_the_reason_says_why_not(cast, reason):
    ticket = cast.case()
    close(cast, ticket, reason)
    told = Message.objects.filter(ticket=ticket, kind=MessageKind.CLOSING, recipients__person=cast.nora)
    if reason in REQUESTER_IS_TOLD:
        assert owed(ticket) == set()
        assert told.get().recipients.get().cleared_answer
    else:
        assert reason in NOBODY_IS_OWED
        assert not told.exists()


@pytest.mark.parametrize("reason", sorted(REQUESTER_IS_TOLD))
@pytest.mark.parametrize("words", ["", "  "])
def test_these_reasons_are_refused_without_a_word_to_the_requester(cast, reason, words):
    ticket = cast.case()
    with nothing_happens(ticket), pytest.raises(Refused):
        close(cast, ticket, reason, words=words)


@pytest.mark.parametrize("reason", sorted(REQUESTER_IS_TOLD))
@pytest.mark.parametrize("who", ["phone only", "both"])
def test_where_a_requester_has_no_address_these_reasons_are_refused(cast, reason, who):
    people = [cast.phone_only] if who == "phone only" else [cast.nora, cast.phone_only]
    ticket = cast.case(requesters=people)
    with nothing_happens(ticket), pytest.raises(Refused):
        close(cast, ticket, reason)
    answering.log_conversation(ticket=ticket, by=cast.kari, words="Sagt på telefon", to=[cast.phone_only.pk])
    if who == "both":
        close(cast, ticket, reason)
        assert owed(ticket) == set()


def test_no_reply_takes_two_reminders(cast, monkeypatch):
    monkeypatch.setattr(closure, "REMINDER_DAYS", REMINDER_DAYS)
    ticket = cast.case()
    with nothing_happens(ticket), pytest.raises(Refused):
        closure.close(ticket=ticket, by=cast.kari, reason=CloseReason.NO_REPLY, words=WORDS)


@pytest.mark.parametrize("reason", sorted(NEEDS_NOTE))
@pytest.mark.parametrize("note", ["", "  "])
def test_these_reasons_say_more(cast, reason, note):
    ticket = cast.case()
    with nothing_happens(ticket), pytest.raises(Refused):
        close(cast, ticket, reason, note=note)


@pytest.mark.parametrize("reason", sorted(OWN_ACTION))
def test_these_reasons_have_their_own_action(cast, reason):
    ticket = cast.case()
    with nothing_happens(ticket), pytest.raises(Refused):
        close(cast, ticket, reason)


@pytest.mark.parametrize("reason", ["", "NONSENSE", None])
def test_a_reason_that_does_not_exist_closes_nothing(cast, reason):
    ticket = cast.case()
    with nothing_happens(ticket), pytest.raises((Refused, IntegrityError)), transaction.atomic():
        close(cast, ticket, reason)


@pytest.mark.parametrize("state", sorted(OPEN))
def test_every_open_case_can_be_closed_and_no_other(cast, state):
    assert close(cast, in_state(cast, state), "WITHDRAWN").state == State.CLOSED


@pytest.mark.parametrize("state", sorted(DONE))
def test_what_is_done_is_not_closed_again(cast, state):
    ticket = in_state(cast, state)
    with nothing_happens(ticket), pytest.raises(Refused):
        close(cast, ticket, "WITHDRAWN")


def test_another_teams_agent_closes_nothing(cast):
    ticket, other = cast.case(), cast.case()
    with nothing_happens(ticket), pytest.raises(NotAllowed):
        closure.close(ticket=ticket, by=cast.nils, reason="SPAM")
    with nothing_happens(ticket), pytest.raises(NotAllowed):
        merging.merge(ticket=ticket, by=cast.nils, into=other)


# Every way of closing there is. Each is tried on a case where Ragnhild, who has no e-mail address, is owed an answer.


def solve(cast, ticket):
    resolution.resolve(ticket=ticket, by=cast.kari, words=SOLUTION)


def solve_without_mail(cast, ticket):
    resolution.resolve(ticket=ticket, by=cast.kari, words=SOLUTION, mailed=False)


def close_by_the_clock(cast, ticket):
    closure.close_after_window(ticket=ticket, by=CLOCK)


def update_past_the_actions(state):
    def update(cast, ticket):
        end = {"state": state, "open": 0, "queue_rank": None, "next_step": None, "next_step_due_at": None}
        who = {"resolved_at": clock.now(), "resolved_by": cast.kari, "resolution": "x"}
        closing = {"closed_at": clock.now(), "closed_by": cast.kari} if state == State.CLOSED else {}
        with transaction.atomic():
            Ticket.objects.filter(pk=ticket.pk).update(**end, **who, **closing)

    return update


WAYS = {
    "solve": solve,
    "solve without a mail": solve_without_mail,
    "the clock": close_by_the_clock,
    "past the actions, solved": update_past_the_actions(State.RESOLVED),
    "past the actions, closed": update_past_the_actions(State.CLOSED),
    **{
        f"close, {reason}": lambda cast, ticket, reason=reason: close(cast, ticket, reason)
        for reason in REQUESTER_IS_TOLD
    },
}


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("others", [0, 1], ids=["alone", "beside Nora"])
def test_no_way_of_closing_leaves_somebody_unanswered(cast, way, others):
    ticket = assess(cast, cast.case(requesters=[cast.phone_only, cast.nora][: 1 + others]))
    # The actions refuse in words; only what goes past them is left to the database.
    refusal = IntegrityError if way.startswith("past the actions") else Refused
    with nothing_happens(ticket), pytest.raises(refusal):
        WAYS[way](cast, ticket)
    assert fresh(ticket).open == 1
    assert "Ragnhild Renhold" in owed(ticket)


def test_said_to_their_face_is_an_answer(cast):
    ticket = assess(cast, cast.case(requesters=[cast.phone_only]))
    resolution.resolve(ticket=ticket, by=cast.kari, words=SOLUTION, orally=True)
    assert (fresh(ticket).state, owed(ticket)) == (State.RESOLVED, set())


# The clock.


def test_a_solved_case_closes_by_itself_with_the_robots_name(cast):
    ticket = in_state(cast, State.RESOLVED)
    with clock.at(clock.now() + timedelta(days=14)), one_event(ticket, "ticket_closed", CLOCK):
        closure.close_after_window(ticket=ticket, by=CLOCK)
    after = fresh(ticket)
    assert (after.state, after.closed_by, after.closed_by_robot, after.close_reason) == (
        State.CLOSED,
        None,
        "clock",
        None,
    )
    assert after.resolution == SOLUTION


@pytest.mark.parametrize("state", sorted(set(State) - {State.RESOLVED}))
def test_only_a_solved_case_closes_by_itself(cast, state):
    ticket = in_state(cast, state)
    with nothing_happens(ticket), pytest.raises(Refused):
        closure.close_after_window(ticket=ticket, by=CLOCK)


def test_a_requester_who_writes_after_the_solution_keeps_the_case_open(cast):
    ticket = in_state(cast, State.RESOLVED)
    reply(cast, ticket)
    with clock.at(clock.now() + timedelta(days=20)), pytest.raises(Refused):
        closure.close_after_window(ticket=ticket, by=CLOCK)
    assert owed(ticket) == {"Nora Sykepleier"}


def test_a_new_requester_on_a_done_case_is_not_forgotten(cast):
    """An answer owed on a case that is done is refused by the database: whoever adds them opens the case first."""
    ticket = in_state(cast, State.RESOLVED)
    with nothing_happens(ticket), pytest.raises((IntegrityError, Refused)), transaction.atomic():
        facts.include_requester(ticket=ticket, person=cast.dag, by=cast.kari)
