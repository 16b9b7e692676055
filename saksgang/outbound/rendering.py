"""An event and a recipient made into the bytes of a mail. Pure but for the rows it is given."""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from email.errors import MessageError
from email.headerregistry import Address, Group, HeaderRegistry
from email.message import EmailMessage
from email.policy import SMTP, EmailPolicy
from email.utils import format_datetime
from typing import Any

from saksgang.lib import text
from saksgang.people.rules import travelling_address
from saksgang.tickets import mail_reference

LOOP_HEADER = "X-Saksgang-Loop"
HEARTBEAT_HEADER = "X-Saksgang-Heartbeat"
MOST_REFERENCES = 10
_MEDIA_TYPE = re.compile(r"[a-z0-9.+_-]+/[a-z0-9.+_-]+")


class MessageIds(str):
    """Message-IDs, one on each line. Python's own folding encodes those that are longer than a line, as Outlook's are,
    and no reader threads by an encoded one.
    """

    max_count = 1
    name: str

    @classmethod
    def parse(cls, value: str, kwds: dict[str, Any]) -> None:
        kwds["parse_tree"], kwds["decoded"] = None, value

    def fold(self, *, policy: EmailPolicy) -> str:
        return f"{self.name}: " + f"{policy.linesep} ".join(self.split()) + policy.linesep


def _policy() -> EmailPolicy[EmailMessage]:
    registry = HeaderRegistry()
    for header in ("message-id", "in-reply-to", "references"):
        registry.map_to_type(header, MessageIds)  # type: ignore[arg-type]  # the standard library's own way, untyped
    return SMTP.clone(header_factory=registry)


POLICY = _policy()
# Heads in UTF-8, for a recipient whose address cannot be written otherwise (RFC 6532). The relay must offer SMTPUTF8.
INTERNATIONAL = POLICY.clone(utf8=True)


@dataclass(frozen=True)
class File:
    name: str
    content_type: str
    content: bytes


@dataclass(frozen=True)
class Letter:
    """Everything a mail is made of. Addresses are bare; names are as people write them."""

    number: int
    header_id: str
    sender_name: str
    sender_address: str
    recipient: str  # the one of the readers whose mail this is
    to: Sequence[tuple[str, str]]
    cc: Sequence[tuple[str, str]]
    subject: str
    body: str
    at: datetime
    references: Sequence[str] = ()
    automatic: str = ""  # the value of Auto-Submitted, where no person wrote it
    files: Sequence[File] = field(default_factory=tuple)


def render(letter: Letter) -> bytes:
    """The mail's bytes, CRLF line ends, text and HTML."""
    needs_utf8 = not (_local(letter.recipient).isascii() and _local(letter.sender_address).isascii())
    mail = EmailMessage(policy=INTERNATIONAL if needs_utf8 else POLICY)
    mail["From"] = _address(letter.sender_name, letter.sender_address)
    mail["To"] = [_named(*one, in_utf8=needs_utf8) for one in letter.to]
    if letter.cc:
        mail["Cc"] = [_named(*one, in_utf8=needs_utf8) for one in letter.cc]
    mail["Subject"] = text.one_line(f"{letter.subject} {mail_reference.subject_mark(letter.number)}", 300)
    mail["Date"] = format_datetime(letter.at)
    mail["Message-ID"] = f"<{letter.header_id}>"
    known = [one for one in letter.references if one.isascii() and one.isprintable() and " " not in one]
    if known:
        mail["In-Reply-To"] = f"<{known[-1]}>"
        mail["References"] = " ".join(f"<{one}>" for one in known[-MOST_REFERENCES:])
    mail[LOOP_HEADER] = mail_reference.loop_mark(letter.number)
    if letter.automatic:
        mail["Auto-Submitted"] = letter.automatic
        mail["X-Auto-Response-Suppress"] = "All"
    mail.set_content(letter.body, cte="quoted-printable")
    mail.add_alternative(as_html(letter.body), subtype="html", cte="quoted-printable")
    for file in letter.files:
        kind, _, subtype = _media_type(file.content_type).partition("/")
        mail.add_attachment(file.content, maintype=kind, subtype=subtype, filename=text.one_line(file.name, 250))
    return mail.as_bytes()


def heartbeat(*, mailbox_id: int, sender: str, recipient: str, at: datetime) -> bytes:
    """The signed test mail that loops through a mailbox."""
    mark = mail_reference.heartbeat_mark(mailbox_id, int(at.timestamp()))
    sender, recipient = travelling_address(sender), travelling_address(recipient)
    mail = EmailMessage(policy=POLICY)
    mail["From"] = sender
    mail["To"] = recipient
    mail["Subject"] = "Saksgang: test"
    mail["Date"] = format_datetime(at)
    mail["Message-ID"] = f"<heartbeat-{mark}@{sender.rpartition('@')[2]}>"
    mail["Auto-Submitted"] = "auto-generated"
    mail["X-Auto-Response-Suppress"] = "All"
    mail[HEARTBEAT_HEADER] = mark
    # In the words too: a forwarder that makes a mail of its own keeps no headers.
    mail.set_content(
        f"Saksgang tests that mail to this mailbox arrives. Nobody needs to do anything.\n\nheartbeat {mark}\n"
    )
    return mail.as_bytes()


def _media_type(written: str) -> str:
    """What the file is sent as. Mails within mails and odd words go as plain bytes: they must not stop the answer."""
    kind = written.partition(";")[0].strip().lower()
    fits = _MEDIA_TYPE.fullmatch(kind) and not kind.startswith(("message/", "multipart/"))
    return kind if fits else "application/octet-stream"


def _named(name: str, address: str, *, in_utf8: bool) -> Address | Group:
    """Somebody in To or Cc. One whose address only UTF-8 can hold stands in others' mails as a group of nobody (RFC 6857)."""
    if in_utf8 or _local(address).isascii():
        return _address(name, address)
    return Group(display_name=text.one_line(f"{name} {address}", 150))


def _local(address: str) -> str:
    return address.rpartition("@")[0]


def _address(name: str, address: str) -> Address:
    local, _, domain = travelling_address(address).rpartition("@")
    try:
        return Address(display_name=text.one_line(name, 100), username=local, domain=domain)
    except (ValueError, IndexError, AttributeError, MessageError):
        # A name that the header cannot hold must not keep the answer from its reader.
        return Address(username=local, domain=domain)


def fill(template: str, words: dict[str, str]) -> str:
    """Puts words in place of `{name}`. What was put in is never looked at again, and unknown names stay as they are.

    A sentence that ends in words which end as a sentence («… i dag.») gets no second full stop.
    """

    def put(match: re.Match[str]) -> str:
        known = words.get(match[1])
        if known is None:
            return match[0]
        return known if match[2] and known.endswith((".", "!", "?", "…")) else known + match[2]

    return re.sub(r"\{(\w+)\}(\.?)", put, template)


def as_html(body: str) -> str:
    """The same words as simple HTML: paragraphs, line breaks and links, everything else escaped."""
    paragraphs = re.split(r"\n\s*\n", body.strip())
    inner = "\n".join(f"<p>{_linked(part)}</p>" for part in paragraphs)
    return f'<!doctype html><html><head><meta charset="utf-8"></head><body>\n{inner}\n</body></html>\n'


def _linked(part: str) -> str:
    pieces = re.split(r"(https?://[^\s<>\"']+)", part)
    drawn = [
        f'<a href="{html.escape(piece)}">{html.escape(piece)}</a>' if index % 2 else html.escape(piece)
        for index, piece in enumerate(pieces)
    ]
    return "".join(drawn).replace("\n", "<br>\n")
