"""What somebody else did since a page was made stops whoever acts by it, once. What stops and what does not is a closed list."""

from __future__ import annotations

import pytest
from django.db import transaction

from saksgang.console.case.history import WHAT
from saksgang.events.actions import record
from saksgang.tickets import queries
from saksgang.tickets.actions import answering, assignment, freshness, restriction
from saksgang.tickets.actions.freshness import QUIET
from saksgang.tickets.policies import Stale
from tests.structure.test_events import recorded
from tests.tickets.steps import CLOCK, assess, reply

OTHERS_DO = {
    "a message from outside": lambda cast, ticket: reply(cast, ticket),
    "an answer": lambda cast, ticket: answering.answer(ticket=ticket, by=cast.knut, words="Prøv nå."),
    "a note": lambda cast, ticket: answering.note(ticket=ticket, by=cast.nils, words="Sjekk kabelen."),
    "a logged call": lambda cast, ticket: answering.log_no_answer(ticket=ticket, by=cast.knut),
    "an owner": lambda cast, ticket: assignment.take(ticket=ticket, by=cast.knut),
    "a team": lambda cast, ticket: assignment.hand_over(ticket=ticket, by=cast.knut, team=cast.network, reason="Nett"),
    "an assessment": lambda cast, ticket: assess(cast, ticket, by=cast.knut),
    "readers": lambda cast, ticket: restriction.restrict(ticket=ticket, by=cast.knut, readers=[cast.kari], reason="x"),
    "a robot's news": lambda cast, ticket: answering.answer_failed(
        ticket=ticket, by=CLOCK, person=cast.nora, owed_again=True
    ),
}


def held(ticket, by, seen) -> bool:
    """Whether somebody who saw the case at `seen` may go on."""
    try:
        with transaction.atomic():
            freshness.hold(ticket=ticket, by=by, seen=seen)
    except Stale:
        return False
    return True


@pytest.mark.parametrize("what", OTHERS_DO)
def test_what_others_do_stops_once(cast, what):
    ticket = cast.case()
    seen = queries.newest_event(ticket.pk)
    assert held(ticket, cast.kari, seen)
    OTHERS_DO[what](cast, ticket)
    assert not held(ticket, cast.kari, seen)
    assert held(ticket, cast.kari, queries.newest_event(ticket.pk))


def test_ones_own_doing_never_stops(cast):
    ticket = cast.case()
    seen = queries.newest_event(ticket.pk)
    answering.answer(ticket=ticket, by=cast.kari, words="Prøv nå.")
    answering.note(ticket=ticket, by=cast.kari, words="Byttet kabel.")
    assert held(ticket, cast.kari, seen)
    answering.note(ticket=ticket, by=cast.knut, words="Fint.")
    assert not held(ticket, cast.kari, seen)


def test_what_does_not_come_from_a_page_is_never_stopped(cast):
    assert held(cast.case(), cast.kari, None)


def test_another_case_stops_nothing(cast):
    ticket, other = cast.case(), cast.case()
    seen = queries.newest_event(ticket.pk)
    reply(cast, other)
    assert held(ticket, cast.kari, seen)


@pytest.mark.parametrize("kind", QUIET)
def test_bookkeeping_stops_nothing(cast, kind):
    ticket = cast.case()
    seen = queries.newest_event(ticket.pk)
    with transaction.atomic():
        record(kind, by=CLOCK, subject=ticket, ticket_id=ticket.pk)
    assert held(ticket, cast.kari, seen)


def test_nothing_else_is_quiet_and_all_of_it_has_words():
    assert set(QUIET) == {
        "mail_decided",
        "solution_delivered",
        "ticket_raised",
        "late_receipt_sent",
        "receipt_joined",
        "mention_closed",
    }
    assert set(QUIET) <= set(recorded())
    assert set(QUIET) <= set(WHAT)
