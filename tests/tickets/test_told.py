"""An end that waits for the phone: decided at once, there when those whom no mail reaches have been told (clause H2)."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from saksgang.access.actions import grant
from saksgang.access.roles import Role
from saksgang.people.models import Person
from saksgang.tickets.actions import answering, assignment, closure, waiting
from saksgang.tickets.actions.clarification import ask, decide
from saksgang.tickets.actions.telling.calling import TRIES
from saksgang.tickets.kinds import CloseReason, Decision, NextStep, State
from saksgang.tickets.models import Call, Ticket
from saksgang.tickets.policies import Refused
from tests.cast import SETUP, Cast
from tests.tickets.steps import events_of, fresh, nothing_happens, owed, reply, soon

pytestmark = pytest.mark.django_db
NO = "Vi kjøper ikke dette i år."


@pytest.fixture
def manager(cast: Cast) -> Person:
    grant(by=SETUP, person=cast.trine, role=Role.TRIAGE_MANAGER, team=cast.triage)
    return cast.trine


def declined(cast: Cast, manager: Person, *requesters: Person, decision: str = Decision.DECLINED) -> Ticket:
    ticket = cast.case(requesters=list(requesters) or [cast.phone_only])
    assignment.take(ticket=ticket, by=cast.kari)
    asked = ask(ticket=ticket, by=cast.kari, question="Skal vi kjøpe det?", words="Vi spør lederne.")
    decide(clarification=asked, by=manager, decision=decision, reason="Ikke budsjett", words=NO)
    return fresh(ticket)


def phoned(cast: Cast, ticket: Ticket, to: list[int] | None = None) -> Ticket:
    answering.log_conversation(ticket=ticket, by=cast.kari, words="Fortalt.", to=to, mailed=False)
    return fresh(ticket)


def given_up(cast: Cast, ticket: Ticket) -> Ticket:
    for _nth in range(TRIES):
        answering.log_no_answer(ticket=ticket, by=cast.kari)
    answering.give_up_calling(ticket=ticket, by=cast.kari, words="Ringte tre dager.", to=[cast.phone_only.pk])
    return fresh(ticket)


def test_declined_it_is_the_asking_teams_to_phone_and_nobody_counts_as_told(cast, manager):
    ticket = declined(cast, manager)
    assert (ticket.open, ticket.team, ticket.next_step, ticket.ends_as) == (
        1,
        cast.service_desk,
        NextStep.CALL,
        "DECLINED",
    )
    call = Call.objects.get(message__text=NO)
    assert (call.person, call.done_at, ticket.next_step_due_at) == (cast.phone_only, None, call.due_at)
    assert owed(ticket) == {cast.phone_only.name}
    assert [event.kind for event in events_of(ticket)][-2:] == ["clarification_decided", "ticket_ending_postponed"]


@pytest.mark.parametrize("decision", [Decision.DECLINED, Decision.PROJECT, Decision.REFERRED])
def test_it_ends_by_itself_when_the_call_is_logged(cast, manager, decision):
    ticket = phoned(cast, declined(cast, manager, decision=decision))
    reasons = {Decision.DECLINED: "DECLINED", Decision.PROJECT: "BECAME_PROJECT", Decision.REFERRED: "REFERRED"}
    assert (ticket.state, ticket.close_reason, ticket.close_note) == (State.CLOSED, reasons[decision], "Ikke budsjett")
    assert (owed(ticket), ticket.closed_by, ticket.ends_as) == (set(), cast.kari, None)
    assert [event.kind for event in events_of(ticket)][-2:] == ["conversation_logged", "ticket_closed"]
    with pytest.raises(Refused):
        closure.undo_closing(ticket=ticket, by=cast.kari)


def test_one_of_two_is_told_by_mail_and_the_case_waits_for_the_other(cast, manager):
    ticket = declined(cast, manager, cast.nora, cast.phone_only)
    assert (owed(ticket), ticket.open) == ({cast.phone_only.name}, 1)
    assert phoned(cast, ticket, [cast.phone_only.pk]).close_reason == CloseReason.DECLINED


def test_given_up_it_ends_as_unreachable_with_what_was_decided_and_tried(cast, manager):
    ticket = declined(cast, manager)
    answering.log_no_answer(ticket=ticket, by=cast.kari)
    assert fresh(ticket).ends_as == "DECLINED"
    ticket = given_up(cast, ticket)
    assert (ticket.close_reason, ticket.close_note) == (CloseReason.UNREACHABLE, "Ikke budsjett\nRingte tre dager.")
    assert owed(ticket) == {cast.phone_only.name}, "what is owed stays owed"


def test_what_comes_first_keeps_the_case_open(cast, manager):
    wrote = declined(cast, manager, cast.nora, cast.phone_only)
    reply(cast, wrote)
    waits = declined(cast, manager)
    waiting.wait_for_requester(ticket=waits, by=cast.kari, words="Hvilken?", until=soon())
    for ticket in (wrote, waits):
        assert (fresh(ticket).ends_as, fresh(ticket).close_note) == (None, "")
        assert phoned(cast, ticket).open


def test_whoever_has_the_phone_in_hand_rings_first(cast):
    ticket = cast.case(requesters=[cast.phone_only])
    assignment.take(ticket=ticket, by=cast.kari)
    with nothing_happens(ticket), pytest.raises(Refused):
        closure.close(ticket=ticket, by=cast.kari, reason=CloseReason.DECLINED, note="Nei", words=NO)


STEPS = ["phoned", "tried", "wrote", "waits", "handed", "answered", "given_up", "closed"]


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(st.sampled_from(STEPS), max_size=6), st.booleans())
def test_whatever_happens_it_is_told_before_it_ends_or_says_that_it_could_not_be(cast, manager, steps, both):
    ticket = declined(cast, manager, *([cast.nora] if both else []), cast.phone_only)
    for step in steps:
        try:
            _take(cast, ticket, step)
        except Refused:
            continue
    ticket = fresh(ticket)
    if ticket.open:
        assert ticket.team
        assert ticket.next_step
        assert ticket.next_step_due_at
        left = Call.objects.filter(message__ticket=ticket, done_at__isnull=True)
        assert ticket.ends_as is None or (ticket.next_step == NextStep.CALL and left.exists())
    else:
        assert ticket.close_reason in (CloseReason.UNREACHABLE, CloseReason.MISTAKE) or not owed(ticket)
        assert len([event for event in events_of(ticket) if event.kind == "ticket_closed"]) == 1


def _take(cast: Cast, ticket: Ticket, step: str) -> None:
    kari = cast.kari
    if step == "phoned":
        phoned(cast, ticket)
    elif step == "tried":
        answering.log_no_answer(ticket=ticket, by=kari)
    elif step == "wrote":
        reply(cast, ticket) if fresh(ticket).open else None
    elif step == "waits":
        waiting.wait_for_requester(ticket=ticket, by=kari, words="Hvilken?", until=soon())
    elif step == "handed":
        assignment.hand_over(ticket=ticket, by=kari, team=cast.service_desk, reason="Igjen")
    elif step == "answered":
        answering.answer(ticket=ticket, by=kari, words="Et svar til.")
    elif step == "given_up":
        given_up(cast, ticket)
    else:
        closure.close(ticket=ticket, by=kari, reason=CloseReason.MISTAKE)
