from __future__ import annotations

import pytest

from saksgang.access.queries import NotAllowed
from saksgang.lib import clock
from saksgang.tickets.actions import answering
from saksgang.tickets.actions.ties import detachment
from saksgang.tickets.kinds import LinkKind, NextStep, State
from saksgang.tickets.mail_reference import subject_mark
from saksgang.tickets.models import Message, Ticket, TicketLink
from saksgang.tickets.policies import Refused
from tests.tickets.steps import events_of, fresh, in_state, nothing_happens, one_event, owed, reply, soon


def test_a_message_that_joined_by_mistake_becomes_a_case_of_its_own(cast):
    ticket = in_state(cast, State.IN_PROGRESS)
    with clock.at(soon(1)):
        message = reply(cast, ticket, person=cast.dag, words="Skjermen er svart")
    count = Message.objects.count()
    with one_event(ticket, "message_detached", cast.kari) as found, clock.at(soon(2)):
        new = detachment.detach(message=message, by=cast.kari, subject="Svart skjerm", reason="Annen sak")
    message.refresh_from_db()
    assert (message.ticket, message.detached_from, message.text) == (new, ticket, "Skjermen er svart")
    assert Message.objects.count() == count
    new = fresh(new)
    assert (new.subject, new.state, new.team, new.next_step) == (
        "Svart skjerm",
        State.NEW,
        cast.service_desk,
        NextStep.ASSESS,
    )
    assert (new.received_at, owed(new)) == (soon(1), {"Dag Lege"})
    assert [event.kind for event in events_of(new)] == ["ticket_registered"]
    assert events_of(new)[0].after["acknowledge"] is False
    assert found["event"].after["new_ticket_id"] == new.pk
    assert TicketLink.objects.get(ticket=new, other=ticket).kind == LinkKind.DETACHED


def test_an_absence_reply_that_is_detached_is_owed_nothing(cast):
    ticket = cast.case()
    message = reply(cast, ticket, words="Jeg har ferie", automatic=True)
    assert owed(detachment.detach(message=message, by=cast.kari, subject="")) == set()


def test_the_first_message_stays(cast):
    ticket = cast.case()
    with nothing_happens(ticket), pytest.raises(Refused):
        detachment.detach(message=Message.objects.get(ticket=ticket), by=cast.kari, subject="")


@pytest.mark.parametrize("kind", ["answer", "note", "log_conversation"])
def test_only_what_came_in_is_detached(cast, kind):
    ticket = cast.case()
    message = getattr(answering, kind)(ticket=ticket, by=cast.kari, words="Hei")
    with nothing_happens(ticket), pytest.raises(Refused):
        detachment.detach(message=message, by=cast.kari, subject="")


def test_who_may_not_sort_mail_detaches_nothing(cast):
    ticket = cast.case()
    message = reply(cast, ticket)
    with nothing_happens(ticket), pytest.raises(NotAllowed):
        detachment.detach(message=message, by=cast.nora, subject="")
    assert Ticket.objects.count() == 1


def test_what_was_owed_because_of_the_message_is_owed_on_its_new_case_only(cast):
    ticket = cast.case()
    answering.answer(ticket=ticket, by=cast.kari, words="Hei")
    with clock.at(soon(1)):
        message = reply(cast, ticket)
    assert owed(ticket) == {"Nora Sykepleier"}
    new = detachment.detach(message=message, by=cast.kari, subject="Annen sak")
    assert (owed(ticket), owed(new)) == (set(), {"Nora Sykepleier"})
    assert fresh(ticket).answers_owed == 0


def test_what_was_owed_before_the_message_stays_owed(cast):
    ticket = cast.case()
    with clock.at(soon(1)):
        message = reply(cast, ticket)
    detachment.detach(message=message, by=cast.kari, subject="Annen sak")
    assert owed(ticket) == {"Nora Sykepleier"}


def test_the_new_case_has_its_senders_department_and_no_mark_of_the_old_one(cast):
    ticket = cast.case()
    message = reply(cast, ticket, person=cast.dag)
    marked = f"Re: {subject_mark(ticket.pk)} Får ikke logget på"
    new = detachment.detach(message=message, by=cast.kari, subject=marked)
    assert new.affected_department == cast.clinic
    assert new.subject == "Re: Får ikke logget på"
    assert "SAK-" not in new.search_folded.upper()


def test_a_subject_that_is_only_a_mark_is_told_by_its_words(cast):
    ticket = cast.case()
    message = reply(cast, ticket, person=cast.dag)
    new = detachment.detach(message=message, by=cast.kari, subject=subject_mark(ticket.pk))
    assert new.subject == message.text


def test_a_new_case_that_follows_an_old_one_keeps_no_mark_either(cast):
    old = cast.case()
    assert cast.case(subject=f"SV: {subject_mark(old.pk)} Skriver", follows=old).subject == "SV: Skriver"
