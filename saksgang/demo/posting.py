"""Sends what is written on the demo's pages: by SMTP to the product's own door, as the hospital's mail server would."""

from __future__ import annotations

import hashlib
import secrets

from django.conf import settings

from saksgang.channels.smtp_out.relay import Answer, Relay
from saksgang.demo import letters
from saksgang.demo.hospital_data import DOMAIN
from saksgang.demo.models import ReceivedMail
from saksgang.inbound.reading.mail import read
from saksgang.lib import clock, files
from saksgang.people.models import PersonAddress
from saksgang.tickets.mail_reference import without_mark


def send(written: letters.Written, recipients: list[str]) -> tuple[str, Answer]:
    """Hands the mail to the door for each recipient. Returns the sha256 of its bytes, and the first answer that was no yes."""
    raw = letters.build(written)
    answer = Answer(None, "")
    with Relay(host=settings.SMTP_IN_HOST, port=settings.SMTP_IN_PORT, timeout=10) as relay:
        for recipient in recipients:
            answer = relay.send(envelope_from=written.sender_address, recipient=recipient, raw=raw)
            if not answer.accepted:
                break
    return hashlib.sha256(raw).hexdigest(), answer


def new_mail(*, sender: str, to: list[str], subject: str, words: str) -> letters.Written:
    name = _name_of(sender)
    return letters.Written(
        sender_name=name,
        sender_address=sender,
        to=", ".join(to),
        subject=_one_line(subject),
        words=f"{_with_line_feeds(words)}\n{name}",
        at=clock.now(),
        header_id=_header_id(),
    )


def reply_to(mail: ReceivedMail, words: str) -> letters.Written:
    """A reply as a mail program makes it: the reference in the header, the mail below."""
    text = read(files.read(mail.raw_sha256)).text
    sender = f"{mail.sender_name} <{mail.sender_address}>"
    name = _name_of(mail.recipient)
    return letters.Written(
        sender_name=name,
        sender_address=mail.recipient,
        to=mail.sender_address,
        subject=f"SV: {mail.subject}",
        words=f"{_with_line_feeds(words)}\n\nMvh\n{name}",
        at=clock.now(),
        header_id=_header_id(),
        answers=mail.header_id,
        quoted=letters.quote(sender, mail.at, name, without_mark(mail.subject), text),
    )


def _name_of(address: str) -> str:
    owner = PersonAddress.objects.filter(address=address).select_related("person").first()
    return owner.person.name if owner else address


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _with_line_feeds(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n").strip()


def _header_id() -> str:
    return f"{secrets.token_hex(12)}@post.{DOMAIN}"
