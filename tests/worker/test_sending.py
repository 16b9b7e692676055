"""A relay that is slow, over real SMTP: it costs the mails that it is slow with, and nothing else."""

from __future__ import annotations

import asyncio
import time

import pytest
from aiosmtpd.controller import Controller

from saksgang.events.models import Delivery
from saksgang.inbound.models import Door, InboundMail
from saksgang.inbound.storing import store
from saksgang.outbound.actions import ANSWER, BULK, RECEIPT, URGENT, claim_due
from saksgang.outbound.models import DeliveryState, OutboundAttempt, OutboundMail
from saksgang.people.actions import add_person
from saksgang.tickets.actions import answering
from saksgang.tickets.actions.major.incident import start, update
from saksgang.tickets.actions.major.membership import join
from saksgang.tickets.models import Ticket
from saksgang.worker import sending
from tests.cast import SETUP
from tests.channels.test_relay import free_port
from tests.kill.desk import wait_for
from tests.outbound.test_follower import promised
from tests.tickets.steps import assess
from tests.worker.test_loop import working

pytestmark = pytest.mark.django_db(transaction=True)


class SlowRelay:
    """Takes every mail; those to slow-…@ only when it is told to."""

    def __init__(self) -> None:
        self.loop_event: asyncio.Event | None = None
        self.asked: list[str] = []
        self.taken: list[str] = []
        self.at_once = 0  # conversations that hang now

    async def handle_RCPT(self, server, session, envelope, address, options):
        self.asked.append(address)
        if address.startswith("slow-"):
            self.at_once += 1
            await self.loop_event.wait()
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        self.taken += envelope.rcpt_tos
        return "250 OK"


@pytest.fixture
def relay(settings):
    settings.SMTP_OUT_PORT = free_port()
    handler = SlowRelay()
    controller = Controller(handler, hostname="127.0.0.1", port=settings.SMTP_OUT_PORT)
    controller.start()
    handler.loop_event = asyncio.Event()
    handler.go_on = lambda: controller.loop.call_soon_threadsafe(handler.loop_event.set)
    yield handler
    handler.go_on()
    controller.stop()


def arrives(cast, sender: str, subject: str = "Hjelp") -> None:
    words = f"From: {sender}\r\nSubject: {subject}\r\nMessage-ID: <{subject}-{sender}>\r\n\r\nHei fra {sender}\r\n"
    store(words.encode(), mailbox=cast.ikt, door=Door.SMTP, envelope_from=sender)


def all_decided() -> bool:
    return not InboundMail.objects.filter(pending=1).exists()


def test_an_urgent_mail_is_decided_and_answered_while_eight_receipts_hang(live_cast, relay):
    cast = live_cast
    urgent = assess(cast, cast.case())
    Ticket.objects.filter(pk=urgent.pk).update(priority=1)
    with working():
        for nth in range(8):
            arrives(cast, f"slow-{nth}@sykehus.example")
        wait_for(lambda: relay.at_once >= 5, "the receipts do not leave", seconds=30)
        arrives(cast, "nora@sykehus.example", "Alt står")
        wait_for(all_decided, "deciding waits for the relay", seconds=20)
        answering.answer(ticket=urgent, by=cast.kari, words="Vi er på saken.")
        wait_for(lambda: "nora@sykehus.example" in relay.taken, "the urgent answer waits for the relay", seconds=20)
        assert not any(address.startswith("slow-") for address in relay.taken)
        relay.go_on()
        wait_for(lambda: len(relay.taken) == 10, "not all receipts leave in the end", seconds=30)
    assert not OutboundMail.objects.exclude(state=DeliveryState.SENT).exists()
    assert OutboundAttempt.objects.count() == 10, "each was tried once"


def test_one_slow_recipient_holds_up_nobody_else(live_cast, relay):
    """Many mails to one address whose server is slow take one lane, in their order."""
    with working():
        for nth in range(6):
            arrives(live_cast, "slow-0@sykehus.example", f"Sak {nth}")
        wait_for(lambda: relay.at_once == 1, "nothing leaves", seconds=20)
        for nth in range(10):
            arrives(live_cast, f"ansatt{nth}@sykehus.example")
        wait_for(lambda: len(relay.taken) == 10, "the others wait", seconds=20)
        assert relay.at_once == 1
        relay.go_on()
        wait_for(lambda: not OutboundMail.objects.filter(pending=1).exists(), "some are left", seconds=20)


def test_a_worker_that_is_told_to_stop_does_so_while_the_relay_hangs_and_keeps_no_claim(live_cast, relay):
    with working():
        for nth in range(8):
            arrives(live_cast, f"slow-{nth}@sykehus.example")
        wait_for(lambda: relay.at_once >= 2, "nothing leaves", seconds=20)
        begun = time.monotonic()
    assert time.monotonic() - begun < 20
    wait_for(
        lambda: not OutboundMail.objects.filter(claimed_until__isnull=False).exists(), "claims are kept", seconds=10
    )
    assert OutboundMail.objects.filter(pending=1).count() == 8, "none is lost"


def test_a_mail_that_takes_longer_than_its_claim_is_given_up_and_not_sent_beside_us(live_cast, relay, settings):
    settings.LEASE_SECONDS = 5
    with working():
        arrives(live_cast, "slow-0@sykehus.example")
        wait_for(lambda: OutboundAttempt.objects.exists(), "it hangs for ever", seconds=30)
        assert relay.at_once == 1
    assert OutboundAttempt.objects.get().code is None


def queued(cast, *, priority: int | None, answer: bool) -> None:
    ticket = assess(cast, cast.case(acknowledge=not answer))
    Ticket.objects.filter(pk=ticket.pk).update(priority=priority)
    if answer:
        answering.answer(ticket=ticket, by=cast.kari, words="Hei")
    promised()


@pytest.fixture
def mixed(live_cast):
    """Receipt, answer, urgent receipt and urgent answer, the least urgent first."""
    for priority, answer in ((3, False), (3, True), (1, False), (1, True)):
        queued(live_cast, priority=priority, answer=answer)


def test_priority_1_leaves_first_and_answers_before_receipts(mixed):
    claimed = claim_due(limit=50)
    assert [mail.urgency for mail in claimed] == [URGENT, URGENT, ANSWER, RECEIPT]


@pytest.mark.parametrize(("urgency", "number"), [(URGENT, 2), (ANSWER, 3), (RECEIPT, 4)])
def test_what_is_not_urgent_can_be_left_for_others(mixed, urgency, number):
    assert len(claim_due(limit=50, urgency=urgency)) == number
    assert len(claim_due(limit=50)) == 4 - number


def test_urgent_mails_are_taken_up_though_the_hands_are_full_of_receipts(live_cast, monkeypatch):
    monkeypatch.setattr(sending, "IN_HAND", 2)
    monkeypatch.setattr(sending.Sending, "_open_lane", lambda self: None)
    for _ in range(3):
        queued(live_cast, priority=3, answer=False)
    hands = sending.Sending()
    hands.round()
    queued(live_cast, priority=1, answer=True)
    hands.round()
    assert [mail.urgency for mail in hands._waiting] == [URGENT, RECEIPT, RECEIPT]
    hands.stop()
    assert not OutboundMail.objects.filter(claimed_until__isnull=False).exists()


def told_to_all(cast, number: int) -> None:
    """An update of a major incident to so many cases of priority 1; the servers of those who asked are slow."""
    facts = {"title": "Ingen får logget på", "service": cast.dips, "impact": "organisation", "consequence": "stops"}
    major = start(by=cast.kari, **facts)
    for nth in range(number):
        asks = add_person(by=SETUP, name=f"Ansatt {nth}", addresses=(f"slow-{nth}@sykehus.example",))
        join(ticket=cast.case(requesters=[asks]), by=cast.kari, major=major)
    Delivery.objects.all().delete()
    update(major=major, by=cast.kari, words="Vi har funnet feilen.")
    assert set(Ticket.objects.values_list("priority", flat=True)) == {1}


def test_what_goes_to_many_leaves_after_all_else_however_urgent_their_cases_are(live_cast):
    told_to_all(live_cast, 4)
    promised()
    queued(live_cast, priority=3, answer=False)
    queued(live_cast, priority=1, answer=True)
    assert [mail.urgency for mail in claim_due(limit=50)] == [URGENT, RECEIPT, BULK, BULK, BULK, BULK]


def test_an_urgent_answer_is_taken_up_though_the_hands_are_full_of_what_goes_to_many(live_cast, monkeypatch):
    monkeypatch.setattr(sending, "IN_HAND", 2)
    monkeypatch.setattr(sending.Sending, "_open_lane", lambda self: None)
    told_to_all(live_cast, 4)
    promised()
    hands = sending.Sending()
    hands.round()
    queued(live_cast, priority=1, answer=True)
    hands.round()
    assert [mail.urgency for mail in hands._waiting] == [URGENT, BULK, BULK]
    hands.stop()


def test_an_urgent_answer_leaves_while_the_relay_hangs_on_what_goes_to_many(live_cast, relay):
    cast = live_cast
    urgent = assess(cast, cast.case())
    Ticket.objects.filter(pk=urgent.pk).update(priority=1)
    Delivery.objects.all().delete()
    told_to_all(cast, 12)
    with working():
        wait_for(lambda: relay.at_once >= 4, "what goes to many does not leave", seconds=30)
        answering.answer(ticket=urgent, by=cast.kari, words="Vi er på saken.")
        wait_for(lambda: "nora@sykehus.example" in relay.taken, "the urgent answer waits for the relay", seconds=20)
        assert relay.taken == ["nora@sykehus.example"]
        relay.go_on()
        wait_for(lambda: len(relay.taken) == 13, "not all leave in the end", seconds=30)


def test_one_mail_that_cannot_be_sent_at_all_holds_up_no_other(live_cast, relay, monkeypatch):
    usual = sending.send

    def fails_for_one(mail, transport):
        if mail.recipient == "ansatt0@sykehus.example":
            raise FileNotFoundError("its bytes are gone")
        return usual(mail, transport)

    monkeypatch.setattr(sending, "send", fails_for_one)
    with working():
        for nth in range(4):
            arrives(live_cast, f"ansatt{nth}@sykehus.example")
        wait_for(lambda: len(relay.taken) == 3, "the others wait", seconds=20)
