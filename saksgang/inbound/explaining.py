"""What a desk without any case would make of a mail, in plain values: no database, no settings, no keys. Never raises.

The decisions proper ask the database. Here stands only what they come to when it is empty; a test holds the two together.
"""

from __future__ import annotations

import hashlib
import re
from typing import Any, NamedTuple

from saksgang.inbound.reading.mail import ReadMail, read
from saksgang.inbound.senders.classes import Verdict, classify, is_own
from saksgang.inbound.senders.forwards import inner_sender
from saksgang.people.rules import is_address

# Without our keys no signature can be checked: here the form of our marks is believed, where the desk asks for more.
_OWN_MARK = re.compile(r"(?ai)\s*\d{1,15}-[a-z2-7]{16}\s*")
_OWN_ID = re.compile(r"(?ai)sak-\d{1,15}-\d{1,18}-\d{1,4}-[a-z2-7]{16}@")
_WAKES_NOBODY = ("absence", "receipt", "calendar")


class Fate(NamedTuple):
    """`outcome` as in the ledger; `set_aside` says why a person must look, "" where nobody must."""

    outcome: str
    set_aside: str = ""


def explain(raw: bytes, *, own_addresses: frozenset[str] = frozenset()) -> dict[str, Any]:
    """Everything that is said of one mail, ready for JSON. `own_addresses` are those of the desk, in lower case."""
    try:
        mail = read(raw)
        verdict = classify(
            mail,
            own_addresses=own_addresses,
            own_message_ids=lambda one: _OWN_ID.match(one) is not None,
            is_own_mark=lambda value: _OWN_MARK.fullmatch(value) is not None,
        )
        return _told(mail, verdict, on_empty_desk(mail, verdict, own_addresses))
    except Exception as error:  # noqa: BLE001 whatever a stranger sends, every mail gets its line
        return unexplained(f"the mail could not be explained ({type(error).__name__})")


def on_empty_desk(mail: ReadMail, verdict: Verdict, own_addresses: frozenset[str] = frozenset()) -> Fate:
    """What `saksgang.inbound.decisions` come to when there is no case that the mail could join."""
    if mail.is_too_long:
        return Fate("set_aside", "too_long")
    if mail.unreadable:
        return Fate("set_aside", "unreadable")
    if verdict.kind == "loop":
        return Fate("set_aside", "loop")
    if verdict.kind == "automatic" and verdict.sub in _WAKES_NOBODY:
        return Fate("set_aside", "automatic_without_case")
    if verdict.kind == "bounce":
        return Fate("set_aside", "bounce_without_case")
    address = mail.from_address
    if verdict.reason == "sender_rewritten":
        return Fate("new_ticket")
    if is_own(address, own_addresses):
        address = (inner_sender(mail) or ("", ""))[1]
    return Fate("new_ticket") if is_address(address) else Fate("set_aside", "no_sender")


def unexplained(sentence: str) -> dict[str, Any]:
    """The line of a file that could not be read at all. It is nobody's bounce and nobody's machine."""
    nothing = ReadMail(errors=(sentence,), unreadable=True)
    return _told(nothing, Verdict("human", "unreadable", False), Fate("set_aside", "unreadable"))


def _told(mail: ReadMail, verdict: Verdict, fate: Fate) -> dict[str, Any]:
    return {
        "class": verdict.kind,
        "outcome": fate.outcome,
        "reason": fate.set_aside if fate.set_aside in ("unreadable", "too_long", "no_sender") else verdict.reason,
        "from": mail.from_address,
        "from_name": mail.from_name,
        "reply_to": [address for _, address in mail.reply_to if address],
        "subject": mail.subject,
        "message_id": mail.message_id,
        "visible_text": mail.visible_text,
        "folded_text": mail.folded_text,
        "segments": [{"folded": segment.folded, "text": segment.text} for segment in mail.segments],
        "attachments": [
            {
                "name": one.name,
                "type": one.type,
                "size": len(one.content),
                "sha256": hashlib.sha256(one.content).hexdigest(),
            }
            for one in mail.attachments
        ],
        "errors": list(mail.errors),
    }
