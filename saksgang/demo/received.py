"""What the employees have got: every mail that leaves the desk ends here, told or sent for real."""

from __future__ import annotations

from django.db import close_old_connections, connection

from saksgang.channels.smtp_in.listener import Listener, Store
from saksgang.channels.smtp_out.relay import Answer
from saksgang.demo.hospital_data import LEFT_ADDRESS
from saksgang.demo.models import ReceivedMail
from saksgang.inbound.reading.mail import read
from saksgang.lib import clock, files, text
from saksgang.people.rules import folded_address

REFUSAL = "5.1.1 No such user here"


def keep(raw: bytes, recipient: str) -> ReceivedMail:
    mail = read(raw)
    return ReceivedMail.objects.create(
        recipient=folded_address(recipient),
        sender_name=text.one_line(mail.from_name, 200),
        sender_address=mail.from_address[:254],
        subject=text.one_line(mail.subject, 300),
        header_id=mail.message_id[:500],
        raw_sha256=files.keep(raw),
        at=clock.now(),
    )


def knows(address: str) -> bool:
    """Everybody has a mailbox, save the one who has left."""
    return folded_address(address) != LEFT_ADDRESS


class Post:
    """The post office of the told stories: hands mails straight to their readers, without a network."""

    def send(self, *, envelope_from: str, recipient: str, raw: bytes) -> Answer:
        if not knows(recipient):
            return Answer(550, REFUSAL)
        keep(raw, recipient)
        return Answer(250, "2.0.0 Delivered")


def catcher(host: str, port: int) -> Listener:
    """The mail server of the made-up hospital: takes what the product sends."""

    def store(raw: bytes, _envelope_from: str, addresses: list[str]) -> None:
        close_old_connections()
        for address in addresses:
            keep(raw, address)

    def let_go() -> None:
        connection.close()  # asked for by the thread that used it

    return Listener(Store(knows=knows, keep=store, close=let_go), host, port)
