"""Clause H2: somebody whose address is not ASCII gets their answer, or the agent hears at once that they cannot."""

from __future__ import annotations

import smtplib
from email import message_from_bytes, policy

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP

from saksgang.outbound.models import OutboundMail
from saksgang.people.models import Person, PersonAddress
from saksgang.tickets.actions import answering
from saksgang.tickets.models import TicketRequester
from tests.dovecot import free_port

pytestmark = pytest.mark.django_db(transaction=True)


class Relay:
    """A relay that notes what it was handed; with SMTPUTF8 or without."""

    def __init__(self) -> None:
        self.mails: list[tuple[str, str, bytes, list[str]]] = []

    async def handle_MAIL(self, server, session, envelope, address, options):
        envelope.mail_from, envelope.mail_options = address, options
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        self.mails.append((envelope.mail_from, envelope.rcpt_tos[0], envelope.original_content, envelope.mail_options))
        return "250 OK"


@pytest.fixture
def relay(desk, settings):
    """Replaces the desk's relay; `relay(True)` starts one that takes addresses with letters."""
    running = []

    def start(takes_letters: bool) -> Relay:
        settings.SMTP_OUT_PORT = free_port()
        handler = Relay()
        controller = Controller(handler, hostname="127.0.0.1", port=settings.SMTP_OUT_PORT)
        controller.factory = lambda: SMTP(handler, enable_SMTPUTF8=takes_letters, decode_data=False)
        controller.start()
        running.append(controller)
        return handler

    yield start
    for controller in running:
        controller.stop()


def arrive(desk, sender: str, *, nth: int = 0) -> None:
    raw = f"From: Kåre Fjær <{sender}>\r\nTo: ikt@sykehus.example\r\nSubject: Skriver {nth}\r\nMessage-ID: <{nth}@x.example>\r\n"
    raw += f"Date: Fri, 20 Nov 2026 09:15:0{nth} +0100\r\n\r\nSkriver {nth} svarer ikke.\r\n"
    with smtplib.SMTP("127.0.0.1", desk.smtp_port, timeout=20) as connection:
        connection.sendmail("noen@x.example", ["ikt@sykehus.example"], raw.encode())
    desk.work()


def test_h2_a_domain_with_letters_travels_as_ascii_through_any_relay(desk, relay):
    taken = relay(False)
    arrive(desk, "kare@Håndverk.example")
    assert PersonAddress.objects.get(person__name="Kåre Fjær").address == "kare@håndverk.example"
    _sender, recipient, raw, _options = taken.mails[0]
    assert recipient == "kare@xn--hndverk-exa.example"
    mail = message_from_bytes(raw, policy=policy.default)
    assert mail["To"].addresses[0].addr_spec == "kare@xn--hndverk-exa.example"
    assert mail["To"].addresses[0].display_name == "Kåre Fjær"
    assert raw.isascii()


def test_h2_letters_and_punycode_are_one_person(desk, relay):
    relay(False)
    for nth, sender in enumerate(["kare@håndverk.example", "Kare@xn--hndverk-exa.example", "kare@HÅNDVERK.example"]):
        arrive(desk, sender, nth=nth)
    assert Person.objects.filter(name="Kåre Fjær").count() == 1
    assert TicketRequester.objects.filter(person__name="Kåre Fjær").count() == 3


def test_h2_a_local_part_with_letters_goes_where_the_relay_can(desk, relay):
    taken = relay(True)
    arrive(desk, "Kåre@håndverk.example")
    _sender, recipient, raw, options = taken.mails[0]
    assert recipient == "kåre@xn--hndverk-exa.example"
    assert "SMTPUTF8" in options
    assert "kåre@xn--hndverk-exa.example".encode() in raw


def test_h2_where_it_cannot_the_answer_fails_at_once_and_says_so(desk, relay):
    taken = relay(False)
    arrive(desk, "kåre@håndverk.example")
    ticket = desk.only_ticket()
    answering.answer(ticket=ticket, by=desk.cast.kari, words="Vi ser på det.")
    desk.work()
    assert taken.mails == []
    answer = OutboundMail.objects.get(kind="answer")
    assert (answer.state, answer.attempts) == ("failed", 1)
    assert "SMTPUTF8" in answer.last_error
    assert desk.only_ticket().answers_owed == 1


def test_h2_one_such_reader_keeps_the_answer_from_nobody_else(desk, relay):
    taken = relay(False)
    arrive(desk, "kåre@håndverk.example")
    ticket = desk.only_ticket()
    answering.answer(ticket=ticket, by=desk.cast.kari, words="Vi ser på det.", cc=["dag@sykehus.example"])
    desk.work()
    (_sender, recipient, raw, _options) = taken.mails[-1]
    assert recipient == "dag@sykehus.example"
    mail = message_from_bytes(raw, policy=policy.default)
    assert "kåre@håndverk.example" in mail["To"].groups[0].display_name
    assert mail["To"].addresses == ()


@pytest.mark.parametrize("sender", ["kåre@i❤.example", "kåre@-å-.example", "noen@ſykehus.example"])
def test_h2_what_no_mail_can_reach_is_seen_by_a_person(desk, relay, sender):
    relay(True)
    arrive(desk, sender)
    assert [(row.outcome, row.set_aside_reason) for row in desk.ledger()] == [("set_aside", "no_sender")]
