"""Every channel ends in a registered case with one number (clause B2)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from saksgang.access.queries import NotAllowed
from saksgang.lib import clock
from saksgang.tickets.actions import registration, restriction
from saksgang.tickets.actions.messages import Heard
from saksgang.tickets.kinds import Channel, LinkKind, MessageKind, NextStep, SenderRole, State
from saksgang.tickets.models import Message, TicketLink, TicketMailbox, TicketReader
from tests.tickets.steps import MAIL, events_of, fresh, nothing_happens, one_event, owed


@pytest.mark.parametrize("channel", list(Channel))
def test_every_channel_ends_in_a_case(cast, channel):
    ticket = fresh(cast.case(channel=channel))
    assert (ticket.channel, ticket.state, ticket.open, ticket.queue_rank) == (channel, State.NEW, 1, 15)
    assert (ticket.type, ticket.priority, ticket.impact, ticket.service) == (None, None, None, None)
    assert (ticket.next_step, ticket.next_step_due_at) == (NextStep.ASSESS, clock.now() + timedelta(minutes=30))
    assert (ticket.answers_owed, owed(ticket)) == (1, {"Nora Sykepleier"})


def test_one_event_tells_that_it_was_registered(cast):
    ticket = cast.case(acknowledge=True)
    (event,) = events_of(ticket)
    assert (event.kind, event.by_robot) == ("ticket_registered", "mail")
    message = Message.objects.get(ticket=ticket)
    assert event.after["message_id"] == message.pk
    assert event.after["requester_ids"] == [cast.nora.pk]
    assert event.after["acknowledge"] is True
    assert "logget" not in str(event.after)  # no words of the requester's in events


def test_a_case_is_received_when_the_person_wrote(cast):
    wrote = clock.now() - timedelta(hours=5)
    ticket = cast.case(received_at=wrote)
    assert (ticket.received_at, ticket.registered_at) == (wrote, clock.now())
    assert ticket.requesters.get().answer_owed_since == wrote


def test_two_requesters_are_both_owed_an_answer(cast):
    assert fresh(cast.case(requesters=[cast.nora, cast.phone_only])).answers_owed == 2


def test_a_machines_case_is_owed_nothing(cast):
    ticket = cast.case(requesters=[], automatic=True)
    message = Message.objects.get(ticket=ticket)
    assert (message.kind, message.sender_role) == (MessageKind.AUTOMATIC, SenderRole.MACHINE)
    assert fresh(ticket).answers_owed == 0


def test_the_requesters_ward_is_the_affected_one_unless_said_otherwise(cast):
    assert cast.case().affected_department == cast.ward
    assert cast.case(department=cast.clinic).affected_department == cast.clinic


@pytest.mark.parametrize("subject", ["", "   ", "\r\n", "x" * 5000, "a\r\nBcc: b@x.example"])
def test_a_subject_is_one_line_that_is_never_empty(cast, subject):
    stored = fresh(cast.case(subject=subject)).subject
    assert stored.strip()
    assert len(stored) <= 250
    assert "\n" not in stored


def test_a_mail_of_nothing_is_a_case_too(cast):
    assert fresh(cast.case(subject="", heard=Heard("", ""))).subject == "-"


def test_the_same_mail_to_two_mailboxes_is_one_case_that_names_both(cast):
    ticket = cast.case()
    with one_event(ticket, "ticket_mailbox_added", MAIL):
        registration.add_mailbox(ticket=ticket, mailbox=cast.ehelse, by=MAIL)
    with nothing_happens(ticket):
        registration.add_mailbox(ticket=ticket, mailbox=cast.ehelse, by=MAIL)
    assert TicketMailbox.objects.filter(ticket=ticket).count() == 2


def test_a_case_that_follows_another_is_linked_to_it(cast):
    old = cast.case()
    new = cast.case(follows=old)
    assert TicketLink.objects.get(ticket=new).kind == LinkKind.FOLLOWS


def test_restricting_names_its_readers(cast):
    ticket = cast.case()
    with one_event(ticket, "ticket_restricted", cast.kari):
        restriction.restrict(ticket=ticket, by=cast.kari, readers=[cast.nils], reason="Personalsak")
    assert fresh(ticket).restricted
    readers = TicketReader.objects.filter(ticket=ticket).values_list("person__name", flat=True)
    assert set(readers) == {"Kari Nordmann", "Nils Berg"}


@pytest.mark.parametrize("who", ["nils", "nora"])
def test_who_does_not_work_in_the_team_restricts_nothing(cast, who):
    ticket = cast.case()
    with nothing_happens(ticket), pytest.raises(NotAllowed):
        restriction.restrict(ticket=ticket, by=getattr(cast, who), readers=[], reason="Nysgjerrig")
