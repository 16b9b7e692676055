from __future__ import annotations

from datetime import timedelta

import pytest

from saksgang.events.models import Event
from saksgang.lib import clock
from saksgang.outbound.actions import send_due
from saksgang.outbound.models import DeliveryState, OutboundMail
from saksgang.tickets.actions import answering, arrivals, outward, resolution, taking_back, waiting
from saksgang.tickets.actions.core import MAIL
from saksgang.tickets.actions.messages import Heard
from saksgang.tickets.kinds import State
from saksgang.tickets.models import Message, Ticket, TicketRequester
from saksgang.tickets.policies import Refused
from saksgang.worker.loop import follow
from tests.cast import Cast
from tests.tickets.steps import WEDNESDAY, in_state, soon

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def ten_seconds(settings):
    settings.UNDO_SECONDS = 10


class Relay:
    def __init__(self) -> None:
        self.handed: list[str] = []

    def send(self, *, envelope_from, recipient, raw):
        self.handed.append(recipient)
        return type("Taken", (), {"code": 250, "words": "ok", "accepted": True, "refused_for_good": False})()


def facts(ticket: Ticket) -> tuple:
    ticket = Ticket.objects.get(pk=ticket.pk)
    owed = TicketRequester.objects.get(ticket=ticket).answer_owed_since
    return ticket.state, ticket.assignee_id, ticket.answers_owed, owed, ticket.first_answered_at, ticket.wait_until


def newest(ticket: Ticket) -> Message:
    return Message.objects.filter(ticket=ticket).order_by("-id").first()


@pytest.mark.parametrize("state", [State.NEW, State.IN_PROGRESS])
def test_an_answer_taken_back_was_never_given(cast: Cast, state):
    with clock.at(WEDNESDAY):
        ticket = in_state(cast, state)
        before = facts(ticket)
        message = answering.answer(ticket=ticket, by=cast.kari, words="Feil svar")
        assert facts(ticket) != before
        taking_back.take_back(message=message, by=cast.kari)
    assert facts(ticket) == before
    message.refresh_from_db()
    assert message.taken_back_at == WEDNESDAY
    assert message.text == "Feil svar", "what was written stays in the history"


def test_a_solution_taken_back_leaves_the_case_unsolved(cast: Cast):
    with clock.at(WEDNESDAY):
        ticket = in_state(cast, State.IN_PROGRESS)
        before = facts(ticket)
        resolution.resolve(ticket=ticket, by=cast.kari, words="Skriveren er startet på nytt.")
        taking_back.take_back(message=newest(ticket), by=cast.kari)
    ticket.refresh_from_db()
    assert facts(ticket) == before
    assert (ticket.resolution, ticket.resolved_at, ticket.close_after) == ("", None, None)


def test_out_of_a_wait_the_agent_goes_on(cast: Cast):
    with clock.at(WEDNESDAY):
        ticket = in_state(cast, State.WAITING_REQUESTER)
        resolution.resolve(ticket=ticket, by=cast.kari, words="Skriveren er startet på nytt.")
        taking_back.take_back(message=newest(ticket), by=cast.kari)
    ticket.refresh_from_db()
    assert (ticket.state, ticket.assignee_id, ticket.next_step) == (State.IN_PROGRESS, cast.kari.pk, "FOLLOW_UP")


def test_it_leaves_only_when_nobody_can_take_it_back(cast: Cast):
    relay = Relay()
    with clock.at(WEDNESDAY):
        ticket = cast.case()
        answering.answer(ticket=ticket, by=cast.kari, words="Vi ser på det")
        follow("outbound")
        assert send_due(relay) == 0
    with clock.at(WEDNESDAY + timedelta(seconds=11)):
        assert send_due(relay) == 0
        with pytest.raises(Refused):
            taking_back.take_back(message=newest(ticket), by=cast.kari)
    with clock.at(WEDNESDAY + timedelta(seconds=13)):
        assert send_due(relay) == 1
    assert relay.handed == ["nora@sykehus.example"]


@pytest.mark.parametrize("rendered", [True, False])
def test_what_is_taken_back_never_leaves(cast: Cast, rendered):
    relay = Relay()
    with clock.at(WEDNESDAY):
        ticket = cast.case()
        message = answering.answer(ticket=ticket, by=cast.kari, words="Feil svar")
        if rendered:
            follow("outbound")
        taking_back.take_back(message=message, by=cast.kari)
    with clock.at(WEDNESDAY + timedelta(minutes=5)):
        assert send_due(relay) == 0, "also when the follower has not heard of it yet"
        follow("outbound")
        assert send_due(relay) == 0
    assert set(OutboundMail.objects.values_list("state", flat=True)) == (
        {DeliveryState.WITHDRAWN} if rendered else set()
    )


def test_a_message_to_a_supplier_can_be_taken_back_too(cast: Cast):
    with clock.at(WEDNESDAY):
        ticket = cast.case()
        message = outward.write(ticket=ticket, by=cast.kari, words="Kan dere se på den?", to=["hjelp@firma.example"])
        taking_back.take_back(message=message, by=cast.kari)
    assert Event.objects.filter(kind="message_withdrawn", ticket_id=ticket.pk).count() == 1


def test_only_its_writer_takes_it_back_and_only_once(cast: Cast):
    with clock.at(WEDNESDAY):
        message = answering.answer(ticket=cast.case(), by=cast.kari, words="Hei")
        with pytest.raises(Refused):
            taking_back.take_back(message=message, by=cast.knut)
        taking_back.take_back(message=message, by=cast.kari)
        with pytest.raises(Refused):
            taking_back.take_back(message=message, by=cast.kari)


def test_when_the_requester_has_written_meanwhile_it_is_sent(cast: Cast):
    with clock.at(WEDNESDAY):
        ticket = cast.case()
        message = answering.answer(ticket=ticket, by=cast.kari, words="Hei")
        heard = Heard("Det haster!", "Nora", "nora@sykehus.example")
        arrivals.receive(ticket=ticket, by=MAIL, heard=heard, person=cast.nora, received_at=clock.now())
        with pytest.raises(Refused):
            taking_back.take_back(message=message, by=cast.kari)


def test_a_supplier_who_was_not_asked_after_all_is_followed_up_when_they_were(cast: Cast):
    ticket = in_state(cast, State.WAITING_THIRD_PARTY)
    outward.write(ticket=ticket, by=cast.kari, words="Hei", to=["support@leverandor.example"])
    with clock.at(clock.now() + timedelta(days=1)):
        message = outward.chase(ticket=ticket, by=cast.kari)
        assert Ticket.objects.get(pk=ticket.pk).wait_until != ticket.wait_until
        taking_back.take_back(message=message, by=cast.kari)
    after = Ticket.objects.get(pk=ticket.pk)
    assert (after.wait_until, after.next_step_due_at) == (ticket.wait_until, ticket.wait_until)


def test_a_date_that_was_not_told_is_not_promised(cast: Cast):
    ticket = in_state(cast, State.IN_PROGRESS)
    waiting.promise(ticket=ticket, by=cast.kari, promised_by=soon(3), words="Fredag")
    promised = Ticket.objects.get(pk=ticket.pk).promised_by
    waiting.promise(ticket=ticket, by=cast.kari, promised_by=soon(5), words="Nei, tirsdag")
    taking_back.take_back(message=newest(ticket), by=cast.kari)
    assert Ticket.objects.get(pk=ticket.pk).promised_by == promised
