from __future__ import annotations

from datetime import timedelta

import pytest

from saksgang.access.queries import NotAllowed
from saksgang.lib import clock
from saksgang.tickets.actions import resolution
from saksgang.tickets.kinds import MessageKind, State
from saksgang.tickets.models import Message
from saksgang.tickets.policies import Refused
from saksgang.tickets.states import DONE, OPEN
from tests.tickets.steps import MAIL, SOLUTION, assess, fresh, in_state, nothing_happens, one_event, owed, reply


def solve(cast, ticket, **how):
    return resolution.resolve(**({"ticket": ticket, "by": cast.kari, "words": SOLUTION} | how))


def test_the_solution_is_the_answer(cast):
    ticket = assess(cast, cast.case())
    with one_event(ticket, "ticket_resolved", cast.kari) as found:
        solve(cast, ticket, technical="Låst i AD")
    after = fresh(ticket)
    assert (after.state, after.open, after.queue_rank, after.next_step) == (State.RESOLVED, 0, None, None)
    assert (after.resolution, after.technical_resolution) == (SOLUTION, "Låst i AD")
    assert (after.resolved_at, after.resolved_by, after.assignee) == (clock.now(), cast.kari, cast.kari)
    assert after.close_after == clock.now() + timedelta(days=14)
    message = Message.objects.get(ticket=ticket, kind=MessageKind.SOLUTION)
    assert (message.text, found["event"].after["message_id"]) == (SOLUTION, message.pk)
    assert message.recipients.get().cleared_answer
    assert owed(ticket) == set()
    assert not Message.objects.filter(ticket=ticket, text__contains="Låst i AD").exists()


def test_solving_an_answered_case_still_tells_the_outcome(cast):
    ticket = in_state(cast, State.WAITING_REQUESTER)
    assert owed(ticket) == set()
    solve(cast, ticket)
    message = Message.objects.get(ticket=ticket, kind=MessageKind.SOLUTION)
    assert message.recipients.get().cleared_answer  # if it does not arrive, the answer is owed again


@pytest.mark.parametrize("state", sorted(OPEN))
def test_every_open_case_can_be_solved(cast, state):
    after = fresh(solve(cast, in_state(cast, state)))
    assert (after.state, after.wait_until, after.set_step, after.assignee) == (State.RESOLVED, None, None, cast.kari)


@pytest.mark.parametrize("state", sorted(DONE))
def test_what_is_done_is_not_solved_again(cast, state):
    ticket = in_state(cast, state)
    with nothing_happens(ticket), pytest.raises(Refused):
        solve(cast, ticket)


@pytest.mark.parametrize("words", ["", "løst", "ok!", "  Fikset. "])
def test_words_that_say_nothing_solve_nothing(cast, words):
    ticket = assess(cast, cast.case())
    with nothing_happens(ticket), pytest.raises(Refused):
        solve(cast, ticket, words=words)


@pytest.mark.parametrize(
    "answers", [{"service": None}, {"impact": "unknown"}, {"consequence": "unknown"}, {"consequence": None}]
)
def test_an_incident_is_solved_only_when_service_impact_and_consequence_are_known(cast, answers):
    ticket = assess(cast, cast.case(), **answers)
    with nothing_happens(ticket), pytest.raises(Refused):
        solve(cast, ticket)
    assert len(resolution.missing_facts(fresh(ticket))) == 1


@pytest.mark.parametrize("type", ["SERVICE_REQUEST", "ORDER"])
def test_a_request_and_an_order_need_their_type_only(cast, type):
    ticket = assess(cast, cast.case(), type=type, service=None, impact="unknown", consequence=None)
    assert solve(cast, ticket).state == State.RESOLVED


def test_what_nobody_assessed_is_not_solved(cast):
    ticket = cast.case()
    with nothing_happens(ticket), pytest.raises(Refused):
        solve(cast, ticket)


def test_another_teams_agent_may_not_solve(cast):
    ticket = in_state(cast, State.IN_PROGRESS)
    with nothing_happens(ticket), pytest.raises(NotAllowed):
        solve(cast, ticket, by=cast.nils)


def test_a_colleague_who_solves_leaves_the_case_with_its_owner(cast):
    after = fresh(solve(cast, in_state(cast, State.IN_PROGRESS), by=cast.knut))
    assert (after.assignee, after.resolved_by) == (cast.kari, cast.knut)


def test_a_machines_case_is_solved_without_telling_anybody(cast):
    ticket = assess(cast, cast.case(requesters=[], automatic=True))
    with one_event(ticket, "ticket_resolved") as found:
        solve(cast, ticket)
    assert "message_id" not in found["event"].after


def test_the_days_until_closing_count_from_delivery(cast):
    ticket = in_state(cast, State.RESOLVED)
    with clock.at(clock.now() + timedelta(days=1)), one_event(ticket, "solution_delivered", MAIL):
        resolution.count_from_delivery(ticket=ticket, by=MAIL)
    assert fresh(ticket).close_after == clock.now() + timedelta(days=15)


def test_a_solution_that_arrives_after_the_case_was_reopened_changes_nothing(cast):
    ticket = in_state(cast, State.RESOLVED)
    reply(cast, ticket)
    with nothing_happens(ticket):
        resolution.count_from_delivery(ticket=ticket, by=MAIL)
