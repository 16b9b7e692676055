"""How a mail proves which case it belongs to: a signed mark in the subject, and signed Message-IDs of our own.

The keys are MAIL_TOKEN_KEYS, newest first. A number without its signature is only a hint.
"""

from __future__ import annotations

import base64
import hmac
import re
from typing import NamedTuple

from django.conf import settings

_SUBJECT = re.compile(r"\[\s*SAK-(\d{1,15})(?:-([a-z2-7]{8}))?\s*\]", re.IGNORECASE)
_MESSAGE_ID = re.compile(r"^sak-(\d{1,15})-(\d{1,18}-\d{1,4})-([a-z2-7]{16})@", re.IGNORECASE)


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


def without_mark(subject: str) -> str:
    """The subject without our marks."""
    return " ".join(_SUBJECT.sub(" ", subject).split())


def message_id(number: int, event_id: int, nth: int, domain: str) -> str:
    """A Message-ID, without angle brackets, that proves its case when it comes back in References."""
    part = f"{event_id}-{nth}"
    return f"sak-{number}-{part}-{_sign(f'id {number} {part}', settings.MAIL_TOKEN_KEYS[0], 16)}@{domain}"


def number_in_message_id(header_id: str) -> int | None:
    """The case whose mail this Message-ID is, if we made it; None otherwise."""
    match = _MESSAGE_ID.match(header_id)
    if match and _is_signed(f"id {int(match[1])} {match[2]}", match[3]):
        return int(match[1])
    return None


def loop_mark(number: int) -> str:
    """What our own mails carry in a header of their own, so that one that comes back is known."""
    return f"{number}-{_sign(f'loop {number}', settings.MAIL_TOKEN_KEYS[0], 16)}"


def is_loop_mark(value: str) -> bool:
    """Whether we made this mark; a stranger's invented one does not count (S16)."""
    number, _, signature = value.strip().partition("-")
    return number.isdigit() and len(signature) == 16 and _is_signed(f"loop {int(number)}", signature)
