"""A requester who was asked is reminded after four and nine working days, and owed what they were owed all the same."""

from datetime import datetime

import pytest

from saksgang.lib import clock
from saksgang.lib.clock import OSLO
from saksgang.tickets.actions import answering, assignment, waiting
from saksgang.tickets.actions.core import CLOCK
from saksgang.tickets.actions.unattended import clockwork
from saksgang.tickets.kinds import MessageKind, State
from saksgang.tickets.models import Ticket
from saksgang.tickets.policies import Refused

MONDAY = datetime(2026, 3, 2, 9, tzinfo=OSLO)


def at(day: int, hour: int = 10):
    return clock.at(datetime(2026, 3, day, hour, tzinfo=OSLO))


@pytest.fixture
def asked(cast) -> Ticket:
    with clock.at(MONDAY):
        ticket = assignment.take(ticket=cast.case(), by=cast.kari)
        return waiting.wait_for_requester(
            ticket=ticket,
            by=cast.kari,
            words="Hvilket rom står den i?",
            until=datetime(2026, 3, 16, 8, 30, tzinfo=OSLO),
        )


def reminders(ticket: Ticket) -> int:
    return ticket.messages.filter(kind=MessageKind.REMINDER).count()


def test_after_four_working_days_and_after_nine(asked):
    for day, sent in ((5, 0), (6, 1), (9, 1), (13, 2), (15, 2)):
        with at(day):
            clockwork.run_minute()
        assert reminders(asked) == sent, day
    asked.refresh_from_db()
    assert (asked.state, asked.answers_owed) == (State.WAITING_REQUESTER, 0)


def test_it_asks_what_was_asked_and_goes_to_the_requester(asked, cast):
    with at(6):
        waiting.remind(ticket=asked, by=CLOCK)
    reminder = asked.messages.get(kind=MessageKind.REMINDER)
    assert reminder.text == "Hvilket rom står den i?"
    assert [one.person for one in reminder.recipients.all()] == [cast.nora]


def test_a_reminder_clears_nothing_that_is_owed(cast):
    with clock.at(MONDAY):
        ticket = cast.case(requesters=[cast.nora, cast.dag])
        answering.answer(ticket=ticket, by=cast.kari, words="Bare til Nora", to=[cast.nora.pk])
        Ticket.objects.filter(pk=ticket.pk).update(
            state=State.WAITING_REQUESTER, wait_until=MONDAY, queue_rank=None, next_step="FOLLOW_UP"
        )
        waiting.remind(ticket=ticket, by=CLOCK)
    ticket.refresh_from_db()
    assert ticket.answers_owed == 1


def test_nobody_is_reminded_once_they_have_answered(asked, cast):
    with at(5):
        waiting.resume(ticket=asked, by=cast.kari)
    with at(6), pytest.raises(Refused):
        waiting.remind(ticket=asked, by=CLOCK)


def test_a_new_question_starts_the_count_anew(asked, cast):
    with at(6):
        clockwork.run_minute()
        ticket = waiting.wait_for_requester(
            ticket=asked, by=cast.kari, words="Og hvilken modell?", until=datetime(2026, 3, 17, 9, tzinfo=OSLO)
        )
    assert ticket.reminders_sent == 0
