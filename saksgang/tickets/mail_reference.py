"""How a mail proves which case it belongs to: a signed mark in the subject, and signed Message-IDs of our own.

The keys are MAIL_TOKEN_KEYS, newest first. A number without its signature is only a hint. Marks are ASCII: Python's
patterns take «ſ» for s, the Kelvin sign for k and other scripts' digits for digits, its comparison of signatures raises
at all of them, and `int` at «²». What a stranger writes so is no mark. No number here is larger than a database holds.
"""

from __future__ import annotations

import base64
import hmac
import re
from typing import NamedTuple

from django.conf import settings

_SUBJECT = re.compile(r"(?ai)\[\s*SAK-(\d{1,15})(?:-([a-z2-7]{8}))?\s*\]")
_OLD_MARK = re.compile(r"(?ai)\[\s*Sak\s*ID\s*#?\s*(\w{1,40})\s*\]")
_HASH = re.compile(r"(?<!\w)#([0-9]{1,15})\b")
_MESSAGE_ID = re.compile(r"(?ai)sak-(\d{1,15})-(\d{1,18}-\d{1,4})-([a-z2-7]{16})@")
_ID_IN_TEXT = re.compile(r"(?ai)sak-\d{1,15}-\d{1,18}-\d{1,4}-[a-z2-7]{16}@[a-z0-9.-]{1,200}")
_LOOP_MARK = re.compile(r"(?ai)(\d{1,15})-([a-z2-7]{16})")
_HEARTBEAT_MARK = re.compile(r"(?ai)((\d{1,15})-\d{1,15})-([a-z2-7]{16})")
_HEARTBEAT_IN_WORDS = re.compile(r"(?a)\bheartbeat (\d{1,15}-\d{1,15}-[a-z2-7]{16})\b")
LONGEST_LOCAL_PART = 64  # RFC 5321


class Claim(NamedTuple):
    number: int
    proven: bool


def _sign(words: str, key: str, length: int) -> str:
    digest = hmac.digest(key.encode(), words.encode(), "sha256")
    return base64.b32encode(digest).decode().lower()[:length]


def _is_signed(words: str, signature: str) -> bool:
    keys = settings.MAIL_TOKEN_KEYS
    return any(hmac.compare_digest(_sign(words, key, len(signature)), signature.lower()) for key in keys)


def subject_mark(number: int) -> str:
    """`[SAK-4711-7kq2mx9b]`, for the subject of every mail about the case."""
    return f"[SAK-{number}-{_sign(f'subject {number}', settings.MAIL_TOKEN_KEYS[0], 8)}]"


def claims_in_subject(subject: str) -> list[Claim]:
    """Every case that the subject names, proven or not, in order."""
    return [
        Claim(int(number), bool(signature) and _is_signed(f"subject {int(number)}", signature))
        for number, signature in _SUBJECT.findall(subject)
    ]


def old_numbers_in(words: str) -> list[str]:
    """Numbers of the previous system, as its subjects carry them: `[Sak ID# 12345]`. They prove nothing."""
    return _OLD_MARK.findall(words)


def with_plain_numbers(words: str) -> str:
    """Words as people paste them into a search, with `[Sak ID# 12345]`, `[SAK-4711-…]` and `#4711` as bare numbers."""
    return _HASH.sub(r" \1 ", _SUBJECT.sub(r" \1 ", _OLD_MARK.sub(r" \1 ", words)))


def without_mark(subject: str) -> str:
    """The subject without our marks."""
    return " ".join(_SUBJECT.sub(" ", subject).split())


def message_id(number: int, event_id: int, nth: int, domain: str) -> str:
    """A Message-ID, without angle brackets, that proves its case when it comes back in References."""
    part = f"{event_id}-{nth}"
    return f"sak-{number}-{part}-{_sign(f'id {number} {part}', settings.MAIL_TOKEN_KEYS[0], 16)}@{domain}"


class Sent(NamedTuple):
    """One of our mails: its case, the event that promised it, and which of that event's readers it went to."""

    number: int
    event_id: int
    nth: int


def sent_mail(header_id: str) -> Sent | None:
    """Which mail of ours has this Message-ID; None when we did not make it."""
    number = number_in_message_id(header_id)
    match = _MESSAGE_ID.match(header_id)
    if number is None or match is None:
        return None
    event_id, _, nth = match[2].partition("-")
    return Sent(number, int(event_id), int(nth))


def return_address(mailbox_address: str, header_id: str) -> str:
    """Where a mail of ours comes back to: `ikt+sak-4711-…@…` names the very mail, whatever the report leaves out."""
    local, _, domain = mailbox_address.rpartition("@")
    tagged = f"{local}+{header_id.partition('@')[0]}"
    return f"{tagged}@{domain}" if len(tagged) <= LONGEST_LOCAL_PART else mailbox_address


def id_in_return_address(address: str) -> str:
    """The Message-ID that a return address names, "" when it is not one of ours."""
    local, _, domain = address.strip("<> ").rpartition("@")
    header_id = f"{local.partition('+')[2]}@{domain}"
    return header_id if number_in_message_id(header_id) is not None else ""


def ids_in_text(text: str) -> list[str]:
    """Every Message-ID of ours that stands in a text, as some mail systems quote the mail that they return."""
    found = (match[0].lower() for match in _ID_IN_TEXT.finditer(text))
    return [one for one in dict.fromkeys(found) if number_in_message_id(one) is not None]


def number_in_message_id(header_id: str) -> int | None:
    """The case whose mail this Message-ID is, if we made it; None otherwise."""
    match = _MESSAGE_ID.match(header_id)
    if match and _is_signed(f"id {int(match[1])} {match[2]}", match[3]):
        return int(match[1])
    return None


def loop_mark(number: int) -> str:
    """What our own mails carry in a header of their own, so that one that comes back is known."""
    return f"{number}-{_sign(f'loop {number}', settings.MAIL_TOKEN_KEYS[0], 16)}"


def heartbeat_mark(mailbox_id: int, seconds: int) -> str:
    """What a test mail carries on its round through a mailbox; `seconds` is when it left, so that no two are alike."""
    words = f"{mailbox_id}-{seconds}"
    return f"{words}-{_sign(f'heartbeat {words}', settings.MAIL_TOKEN_KEYS[0], 16)}"


def is_heartbeat_mark(value: str, mailbox_id: int) -> bool:
    """Whether we made this mark, for this mailbox."""
    match = _HEARTBEAT_MARK.fullmatch(value.strip())
    return match is not None and match[2] == str(mailbox_id) and _is_signed(f"heartbeat {match[1]}", match[3])


def heartbeat_marks_in_text(text: str) -> list[str]:
    """What looks like the mark of a test mail in its words, where a forwarder took its headers away."""
    return _HEARTBEAT_IN_WORDS.findall(text)


def is_loop_mark(value: str) -> bool:
    """Whether we made this mark; a stranger's invented one does not count (S16)."""
    match = _LOOP_MARK.fullmatch(value.strip())
    return match is not None and _is_signed(f"loop {int(match[1])}", match[2])
