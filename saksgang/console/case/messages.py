"""What was said on a case, as plain rows for the template: every word prepared, nothing asked of the database."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from saksgang.console.case import deliveries
from saksgang.console.case.copies import Copied, copied_on
from saksgang.console.case.deliveries import Reach
from saksgang.console.case.folding import cut
from saksgang.console.downloads import MOST_SHOWN_BYTES
from saksgang.console.mail.words import reason_words
from saksgang.inbound.decisions.sender import REPLY_TO
from saksgang.tickets.kinds import Channel, MessageKind, SenderRole, Visibility
from saksgang.tickets.models import Call, Message
from saksgang.tickets.queries import File, Recipient
from saksgang.ui.dates import full_when, short_when

DRAWN_AS = {
    MessageKind.INCOMING: "incoming",
    MessageKind.AUTOMATIC: "incoming",
    MessageKind.ANSWER: "answer",
    MessageKind.SOLUTION: "answer",
    MessageKind.CLOSING: "answer",
    MessageKind.REMINDER: "answer",
    MessageKind.STATUS: "answer",
    MessageKind.NOTE: "note",
    MessageKind.CONVERSATION: "call",
    MessageKind.THANKS: "incoming",
    MessageKind.OUTWARD: "outward",
    MessageKind.DIRECT: "direct",
}
# What people wrote to us, or past us.
CAME = (MessageKind.INCOMING, MessageKind.THANKS, MessageKind.DIRECT)
SHOWN_NAMES = 8
PICTURES = {"image/png", "image/jpeg", "image/gif", "image/webp"}


@dataclass(frozen=True, kw_only=True)
class About:
    """What the messages of a case are drawn with: read once, for all of them."""

    files: dict[int, list[File]]
    recipients: dict[int, list[Recipient]]
    viewer_id: int
    deliveries: dict[int | None, list[dict[str, Any]]]
    mails: dict[int, dict[str, Any]]  # the ledger's rows, by id; none for those who may not read mail
    sees_mail: bool
    unread_since: datetime | None
    fresh: set[int]  # what came while a form was written is marked as new, whoever wrote it
    reach: Reach
    now: datetime
    calls: dict[int, list[Call]]  # message → those who are told it by phone
    came_with: dict[int, int]  # message → the merged case that it came with


# What is marked afterwards (reading.py, parts.py). A name that is not there costs a template ten times one that is empty.
UNMARKED: dict[str, Any] = {
    "fold": None, "fold_ends": False, "day": None, "begins": False, "settle": "", "withdrawal": False, "detachment": None,
}  # fmt: skip


def rows(messages: list[Message], about: About) -> list[dict[str, Any]]:
    kinds = _kind_words()
    return [
        {
            **UNMARKED,
            "id": message.pk,
            "at": message.at,
            **_head(message, kinds, about),
            **_body(message, about),
            **_reached(message, about),
            **_origin(message, about),
        }
        for message in messages
    ]


def _head(message: Message, kinds: dict[str, str], about: About) -> dict[str, Any]:
    """Who wrote it, and what kind of message it is."""
    came = message.kind in CAME
    supplier = came and (message.sender_role == SenderRole.SUPPLIER or message.visibility == Visibility.OUTWARD)
    since = about.unread_since
    return {
        "drawn": "supplier" if supplier else DRAWN_AS[MessageKind(message.kind)],
        # Nobody proves who sent a mail: only what was written here is said to be one's own.
        "who": _("You") if message.author_id == about.viewer_id and not came else message.author_name,
        "writer": message.author_name,
        "address": message.author_address,
        "words": _what(message, kinds),
        "other_sender": came and message.kind != MessageKind.DIRECT and message.sender_role == SenderRole.OTHER,
        "unverified": message.unverified,
        "repeated": _repeated(about.mails.get(message.inbound_id or 0), about.now),
        "unread": message.pk in about.fresh or (came and since is not None and message.at >= since),
    }


def _body(message: Message, about: About) -> dict[str, Any]:
    """What was said, and the files with it."""
    removed = message.redacted_at
    return {
        "removed": removed,
        "undecoded": message.undecoded,
        "parts": [] if removed else [_part(folded, words) for folded, words in _parts(message)],
        "attachments": [_attachment(file) for file in about.files.get(message.pk, [])],
    }


def _reached(message: Message, about: About) -> dict[str, Any]:
    """Whom it went to, how it fared, and whom an answer to it reaches."""
    taken_back, sent = message.taken_back_at, about.deliveries.get(message.pk, [])
    told = [] if taken_back else about.recipients.get(message.pk, [])
    return {
        "reply_to": _reply_to(message),
        "also": _also(message),
        "taken_back": taken_back,
        "counted": message.settled_at if message.kind == MessageKind.DIRECT else None,
        "recipients": [
            *deliveries.marks(told, sent, about.reach, about.now),
            *deliveries.calls(about.calls.get(message.pk, []), about.now),
        ],
    }


def _origin(message: Message, about: About) -> dict[str, Any]:
    """The mail behind it, and why it is here."""
    mail = about.mails.get(message.inbound_id or 0)
    return {
        "raw": reverse("console:message_raw", args=[message.pk]) if about.sees_mail and message.inbound_id else "",
        "why": [reason_words(reason) for reason in mail["reasons"]] if mail else [],
        "detached_from": message.detached_from_id,
        "came_with": about.came_with.get(message.pk),
    }


def _kind_words() -> dict[str, str]:
    return {
        "incoming": "",
        "answer": _("answer"),
        "solution": _("solution"),
        "closing": _("message on closing"),
        "reminder": _("reminder"),
        "status": pgettext("message kind", "told how far it has come"),
        "note": _("Internal note"),
        "automatic": _("automatic message"),
        "thanks": pgettext("message kind", "thanks"),
        "outward": _("To others"),
        "direct": _("E-mail past the case"),
        "reached": _("talked with the requester"),
        "not_reached": _("called, no answer"),
    } | {channel.value: str(channel.label).lower() for channel in Channel}


def _what(message: Message, words: dict[str, str]) -> str:
    """What kind of message it is, in a word or two: «svar», «e-post», «snakket med innmelder»."""
    if message.kind == MessageKind.CONVERSATION:
        return words["not_reached" if message.outcome == "not_reached" else "reached"]
    if message.kind == MessageKind.INCOMING or (message.kind == MessageKind.THANKS and message.settled_at):
        return words[message.channel]
    return words[message.kind.lower()]


def _reply_to(message: Message) -> str:
    """Where the mail wanted its replies, when that was not where it came from."""
    return Copied(message.inner_name, message.inner_address).shown if message.inner_source == REPLY_TO else ""


def _repeated(mail: dict[str, Any] | None, now: datetime) -> dict[str, str]:
    """«skrev det samme 3 ganger, sist kl. 10.15» of a sender whose later mails said nothing new."""
    if mail is None or not mail["repeats"]:
        return {}
    said, times, at = _("wrote the same %(times)s times, last %(when)s"), mail["repeats"] + 1, mail["repeated_at"]
    return {
        "words": said % {"times": times, "when": short_when(at, now)},
        "paper": said % {"times": times, "when": full_when(at)},
    }


def _also(message: Message) -> str:
    """Who else a mail went to, as its headers say; «og 4 til» when they are many."""
    shown = [one.shown for one in copied_on(message)]
    if len(shown) <= SHOWN_NAMES:
        return ", ".join(shown)
    more = len(shown) - SHOWN_NAMES + 1
    return _("%(names)s and %(number)s more") % {"names": ", ".join(shown[: SHOWN_NAMES - 1]), "number": more}


def plain_words(message: Message) -> str:
    """What somebody wrote, without what they quoted."""
    return "\n\n".join(words for folded, words in _parts(message) if not folded)


def _parts(message: Message) -> list[tuple[bool, str]]:
    """(folded, words) in the order they were written; blank parts are left out."""
    parts = message.segments or [[False, message.text]]
    return [(folded, words.strip("\n")) for folded, words in parts if words.strip()]


def _part(folded: bool, words: str) -> dict[str, Any]:
    """What somebody quoted is folded whole, what they wrote after its first lines."""
    if folded:
        return {"folded": True, "words": words}
    shown, rest, hidden = cut(words)
    return {"folded": False, "words": shown, "rest": rest, "hidden": hidden}


def _attachment(file: File) -> dict[str, Any]:
    """`picture`: where a page fetches it to show it small. What it truly is, its bytes say when they are asked for."""
    there = not file.redacted_at
    shown = there and file.content_type in PICTURES and file.size <= MOST_SHOWN_BYTES
    return {
        "name": file.name,
        "size": filesizeformat(file.size),
        "url": reverse("console:attachment", args=[file.id]) if there else "",
        "picture": reverse("console:picture", args=[file.id]) if shown else "",
    }
