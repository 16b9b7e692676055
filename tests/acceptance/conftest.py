"""A whole desk for the acceptance tests: real SMTP in and out, the worker's own rounds, pages for a real browser."""

from __future__ import annotations

import re
import smtplib
from contextlib import ExitStack
from email import message_from_bytes
from email.header import decode_header, make_header
from email.message import EmailMessage, Message
from email.utils import make_msgid

import pytest
from aiosmtpd.controller import Controller
from django.conf import settings as configured
from django.test import Client

from saksgang.inbound.models import InboundMail
from saksgang.people.models import Person
from saksgang.tickets.models import Ticket
from saksgang.worker import loop
from saksgang.worker.receiving import listening
from tests.cast import PASSWORD, Cast
from tests.dovecot import free_ports


class Inboxes:
    """The employees' mail server."""

    def __init__(self) -> None:
        self.mails: list[tuple[str, Message]] = []
        self.refuse: dict[str, str] = {}  # recipient → the answer it gets instead of 250

    async def handle_RCPT(self, server, session, envelope, address, options):
        if address in self.refuse:
            return self.refuse[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        for recipient in envelope.rcpt_tos:
            self.mails.append((recipient, message_from_bytes(envelope.original_content)))
        return "250 OK"


class Desk:
    """What a test does with the desk, in the words of the procedure."""

    def __init__(self, cast: Cast, smtp_port: int, inboxes: Inboxes, url: str) -> None:
        self.cast, self.smtp_port, self.inboxes, self.url = cast, smtp_port, inboxes, url

    def send(self, sender: Person | str, words: str, *, to: str = "ikt@sykehus.example", **headers: str) -> str:
        """Somebody writes a mail; returns its Message-ID. Keyword arguments are headers, `in_reply_to=` for In-Reply-To."""
        mail = EmailMessage()
        address = sender if isinstance(sender, str) else sender.addresses.get().address
        mail["From"] = address if isinstance(sender, str) else f"{sender.name} <{address}>"
        mail["To"] = to
        for name, value in ({"subject": "Hjelp", "date": "Mon, 23 Nov 2026 08:00:00 +0100"} | headers).items():
            mail[name.replace("_", "-")] = value
        if "Message-ID" not in mail:
            mail["Message-ID"] = make_msgid(domain="sykehus.example")
        mail.set_content(words)
        self.send_raw(mail.as_bytes(), sender=address, to=to)
        return mail["Message-ID"]

    def send_raw(self, raw: bytes, *, sender: str, to: str) -> None:
        with smtplib.SMTP("127.0.0.1", self.smtp_port, timeout=20) as connection:
            connection.sendmail(sender, [one.strip() for one in to.split(",")], raw)

    def reply(self, mail: Message, words: str, sender: Person | str) -> str:
        """Somebody answers one of our mails, as mail programs do."""
        return self.send(
            sender,
            words,
            subject="SV: " + subject_of(mail),
            in_reply_to=mail["Message-ID"],
            references=f"{mail['References'] or ''} {mail['Message-ID']}".strip(),
            date="Mon, 23 Nov 2026 09:30:00 +0100",
        )

    def work(self) -> None:
        """Lets the worker do all there is to do."""
        for _ in range(20):
            if not loop.run_once():
                return

    def inbox(self, person: Person | str) -> list[Message]:
        address = person if isinstance(person, str) else person.addresses.get().address
        return [mail for recipient, mail in self.inboxes.mails if recipient == address]

    def client(self, person: Person) -> Client:
        client = Client()
        client.force_login(person.account)
        return client

    def only_ticket(self) -> Ticket:
        return Ticket.objects.get()

    def ledger(self) -> list[InboundMail]:
        return list(InboundMail.objects.order_by("id"))


def subject_of(mail: Message) -> str:
    return str(make_header(decode_header(mail["Subject"])))


def text_of(mail: Message) -> str:
    """The plain text of one of our mails."""
    part = next(part for part in mail.walk() if part.get_content_type() == "text/plain")
    return part.get_payload(decode=True).decode()


@pytest.fixture
def desk(live_cast, live_server, settings):
    inboxes = Inboxes()
    with ExitStack() as stack:
        settings.SMTP_IN_PORT, settings.SMTP_OUT_PORT = free_ports(2)
        catcher = Controller(inboxes, hostname="127.0.0.1", port=settings.SMTP_OUT_PORT)
        catcher.start()
        stack.callback(catcher.stop)
        stack.enter_context(listening())
        yield Desk(live_cast, configured.SMTP_IN_PORT, inboxes, live_server.url)


@pytest.fixture
def lively_desk(desk, settings):
    """The desk with a case that has everything on it, and something on every list."""
    from tests.acceptance.lively import enliven  # it names Desk, which stands above

    enliven(desk, settings)
    return desk


def let_in(context, desk: Desk, person: Person, **cookies: str) -> None:
    """A browser that is signed in already. Its console is not watched: axe itself sets styles that our policy refuses."""
    session = desk.client(person).cookies["sessionid"].value
    kept = {"sessionid": session, **cookies}
    context.add_cookies([{"name": name, "value": value, "url": desk.url} for name, value in kept.items()])


def is_complaint(message) -> bool:
    """A refused form answers 409 or 422, and the browser notes that; it is no fault of the page."""
    refusal = "status of 409" in message.text or "status of 422" in message.text
    return message.type in ("error", "warning") and not refusal


@pytest.fixture(scope="module")
def came_in() -> list[Person]:
    """Who came in by the page of signing in, in this file: that is seen once, and the others find the door open."""
    return []


@pytest.fixture
def sign_in(page, desk, came_in):
    """Signs somebody in, and returns the page. Watches the browser's console all the while."""
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if is_complaint(message) else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))

    def as_person(person: Person):
        if came_in:
            let_in(page.context, desk, person)
            page.goto(desk.url)
            return page
        came_in.append(person)
        page.goto(desk.url + "/sign-in")
        page.fill("input[name=username]", person.account.username)
        page.fill("input[name=password]", PASSWORD)
        page.click("main form button[type=submit]")
        page.wait_for_url(re.compile(r"/(queue.*)?$"))
        return page

    yield as_person
    assert not complaints, "the browser's console should be silent"
