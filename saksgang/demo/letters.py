"""Builds the raw mails that employees and machines write: as bytes, the way they come through the door."""

from __future__ import annotations

import re
import struct
import zlib
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from html import escape

from saksgang.lib import clock, text

MONTHS = "januar februar mars april mai juni juli august september oktober november desember".split()  # noqa: SIM905
WEEKDAYS = "mandag tirsdag onsdag torsdag fredag lørdag søndag".split()  # noqa: SIM905


@dataclass(frozen=True)
class Written:
    """What somebody writes. `answers` is the Message-ID of the mail they reply to."""

    sender_name: str
    sender_address: str
    to: str
    subject: str
    words: str
    at: datetime
    header_id: str
    answers: str = ""
    quoted: str = ""
    html: bool = False
    file: str = ""
    headers: tuple[tuple[str, str], ...] = ()


def build(written: Written) -> bytes:
    """The mail's bytes, with CRLF line ends."""
    mail = EmailMessage(policy=SMTP)
    mail["From"] = f'"{written.sender_name}" <{written.sender_address}>'
    mail["To"] = written.to
    mail["Subject"] = written.subject
    mail["Date"] = format_datetime(clock.local(written.at))
    mail["Message-ID"] = f"<{written.header_id}>"
    if written.answers:
        mail["In-Reply-To"] = mail["References"] = f"<{written.answers}>"
    for name, value in written.headers:
        mail[name] = value
    mail.set_content(written.words + written.quoted)
    if written.html:
        mail.add_alternative(_html(written.words + written.quoted), subtype="html")
    if written.file:
        mail.add_attachment(picture(), maintype="image", subtype="png", filename=written.file)
    return mail.as_bytes()


def quote(sender: str, at: datetime, to: str, subject: str, words: str) -> str:
    """The mail one replies to, as Outlook puts it below the reply."""
    local = clock.local(at)
    sent = f"{WEEKDAYS[local.weekday()]} {local.day}. {MONTHS[local.month - 1]} {local.year} {local:%H:%M}"
    rule = "_" * 32
    return f"\n\n{rule}\nFra: {sender}\nSendt: {sent}\nTil: {to}\nEmne: {subject}\n\n{words}"


def written_date(day: datetime) -> str:
    """«3. mars», as one writes a date in a sentence."""
    local = clock.local(day)
    return f"{local.day}. {MONTHS[local.month - 1]}"


def address_of_firm(name: str) -> str:
    """Where a firm of the stories takes cases: «Leverandøren av Journal» → sak@leverandoren-av-journal.example."""
    plain = text.fold(name).translate(str.maketrans("æøå", "aoa"))
    return f"sak@{re.sub('[^a-z0-9]+', '-', plain).strip('-')}.example"


def _html(words: str) -> str:
    parts = "".join(f"<p>{escape(part).replace(chr(10), '<br>')}</p>" for part in words.split("\n\n"))
    return f'<html><head><meta charset="utf-8"></head><body style="font-family:Calibri">{parts}</body></html>'


def picture(width: int = 240, height: int = 120) -> bytes:
    """A small PNG that could be a screen with an error box on it."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        body = kind + content
        return struct.pack(">I", len(content)) + body + struct.pack(">I", zlib.crc32(body))

    rows = bytearray()
    for y in range(height):
        rows.append(0)
        for x in range(width):
            box = 50 <= x < 190 and 35 <= y < 85
            title = box and y < 47
            rows += b"\x1d\x4e\x89" if title else b"\xf4\xf4\xf4" if box else b"\x7a\xa2\xc4"
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    start = b"\x89PNG\r\n\x1a\n"
    return start + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(bytes(rows))) + chunk(b"IEND", b"")


def too_deep(written: Written, depth: int = 400) -> bytes:
    """A mail folded into itself so many times that nobody can read it whole."""
    raw = build(written)
    head, _, body = raw.partition(b"\r\n\r\n")
    lines = [line for line in head.split(b"\r\n") if not line.lower().startswith((b"content-", b"mime-", b" ", b"\t"))]
    start = b"\r\n".join([*lines, b"MIME-Version: 1.0"])
    for level in range(depth):
        start += b'\r\nContent-Type: multipart/mixed; boundary="b%d"\r\n\r\n--b%d' % (level, level)
    return start + b"\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n" + body
