"""What was said on a case, as plain rows for the template: every word prepared, nothing asked of the database."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from saksgang.console.case import delivery_words
from saksgang.console.case.copies import Copied, copied_on
from saksgang.console.mail.words import reason_words
from saksgang.inbound.decisions.sender import REPLY_TO
from saksgang.outbound.models import Bounce, DeliveryState
from saksgang.tickets.kinds import Channel, MessageKind, SenderRole, Visibility
from saksgang.tickets.models import Message
from saksgang.tickets.queries import File, Recipient
from saksgang.ui.dates import full_when, short_when

DRAWN_AS = {
    MessageKind.INCOMING: "incoming",
    MessageKind.AUTOMATIC: "incoming",
    MessageKind.ANSWER: "answer",
    MessageKind.SOLUTION: "answer",
    MessageKind.CLOSING: "answer",
    MessageKind.REMINDER: "answer",
    MessageKind.NOTE: "note",
    MessageKind.CONVERSATION: "call",
    MessageKind.THANKS: "incoming",
    MessageKind.OUTWARD: "outward",
    MessageKind.DIRECT: "direct",
}
# What people wrote to us, or past us.
CAME = (MessageKind.INCOMING, MessageKind.THANKS, MessageKind.DIRECT)
SHOWN_NAMES = 8
LOST = (DeliveryState.FAILED, DeliveryState.BOUNCED)
# The worst news about an answer's mails is told first.
WORST_FIRST = (
    DeliveryState.FAILED,
    DeliveryState.BOUNCED,
    DeliveryState.DELAYED,
    DeliveryState.QUEUED,
    DeliveryState.SENT,
)


def rows(
    messages: list[Message],
    *,
    files: dict[int, list[File]],
    recipients: dict[int, list[Recipient]],
    viewer_id: int,
    deliveries: dict[int | None, list[dict[str, Any]]],
    mails: dict[int, dict[str, Any]],
    unread_since: datetime | None,
    fresh: set[int],
    sees_mail: bool,
    now: datetime,
) -> list[dict[str, Any]]:
    """`fresh`: the messages that came while a form was written; they are marked as new, whoever wrote them."""
    kinds = _kind_words()
    found = []
    for message in messages:
        came = message.kind in CAME
        supplier = came and (message.sender_role == SenderRole.SUPPLIER or message.visibility == Visibility.OUTWARD)
        mail = mails.get(message.inbound_id or 0) if sees_mail else None
        row = {
            "id": message.pk,
            "drawn": "supplier" if supplier else DRAWN_AS[MessageKind(message.kind)],
            # Nobody proves who sent a mail: only what was written here is said to be one's own.
            "who": _("You") if message.author_id == viewer_id and not came else message.author_name,
            "writer": message.author_name,
            "address": message.author_address,
            "words": _what(message, kinds),
            "other_sender": came and message.kind != MessageKind.DIRECT and message.sender_role == SenderRole.OTHER,
            "unverified": message.unverified,
            "reply_to": _reply_to(message),
            "undecoded": message.undecoded,
            "repeated": _repeated(mail, now),
            "unread": message.pk in fresh or (came and unread_since is not None and message.at >= unread_since),
            "at": message.at,
            "removed": message.redacted_at,
            "parts": [] if message.redacted_at else _parts(message),
            "attachments": [_attachment(file) for file in files.get(message.pk, [])],
            "also": _also(message),
            "taken_back": message.taken_back_at,
            "counted": message.settled_at if message.kind == MessageKind.DIRECT else None,
            "recipients": []
            if message.taken_back_at
            else _recipients(recipients.get(message.pk, []), deliveries.get(message.pk, []), now),
            "raw": reverse("console:message_raw", args=[message.pk]) if sees_mail and message.inbound_id else "",
            "why": [reason_words(reason) for reason in mail["reasons"]] if mail else [],
            "detached_from": message.detached_from_id,
        }
        found.append(row)
    return found


def _kind_words() -> dict[str, str]:
    return {
        "incoming": "",
        "answer": _("answer"),
        "solution": _("solution"),
        "closing": _("message on closing"),
        "reminder": _("reminder"),
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


def _attachment(file: File) -> dict[str, Any]:
    return {
        "name": file.name,
        "size": filesizeformat(file.size),
        "url": "" if file.redacted_at else reverse("console:attachment", args=[file.id]),
    }


def _recipients(recipients: list[Recipient], sent: list[dict[str, Any]], now: datetime) -> list[dict[str, Any]]:
    """Who an answer goes to, in groups that fared alike: {state, icon, words, to, …}. Each that is lost stands by itself."""
    states = {mail["recipient"]: mail for mail in sent}
    groups: dict[str, list[str]] = {}
    lost: list[dict[str, Any]] = []
    for recipient in recipients:
        name = recipient.name or recipient.address
        shown = _("%(name)s (copy)") % {"name": name} if recipient.copy else name
        fared = states.get(recipient.address)
        if fared and fared["state"] in LOST:
            lost.append({**_fared(fared["state"], [fared], now), "to": shown, "resend": fared["id"]})
        else:
            groups.setdefault(fared["state"] if fared else DeliveryState.QUEUED, []).append(shown)
    alike = [
        {**_fared(state, [mail for mail in sent if mail["state"] == state], now), "to": ", ".join(groups[state])}
        for state in WORST_FIRST
        if state in groups
    ]
    return lost + alike


def _fared(state: str, mails: list[dict[str, Any]], now: datetime) -> dict[str, str]:
    """`why` in plain words, and what the servers `said`."""
    newest: dict[str, Any] = mails[-1] if mails else {"sent_at": None, "last_error": ""}
    if state == DeliveryState.SENT and newest["sent_at"]:
        said, at = _("Delivered %(when)s"), newest["sent_at"]
        words, paper = said % {"when": short_when(at, now)}, said % {"when": full_when(at)}
        return {"state": "delivered", "icon": "check", "words": words, "paper": paper}
    said = newest["last_error"][:300]
    told = {"why": delivery_words.why(newest["last_error"]), "said": said}
    if state in LOST:
        return {"state": "failed", "icon": "error", "words": _not_delivered(newest.get("bounce", "")), **told}
    if state == DeliveryState.DELAYED:
        words = pgettext("delivery", "Delayed. It is tried again.")
        return {"state": "delayed", "icon": "hourglass", "words": words, **told}
    return {"state": "queued", "icon": "clock", "words": pgettext("delivery", "Waiting to be sent")}


def _not_delivered(bounce: str) -> str:
    if bounce == Bounce.SOFT:
        return pgettext("delivery", "Came back for now")
    if bounce == Bounce.HARD:
        return pgettext("delivery", "Came back")
    return pgettext("delivery", "Not delivered")


def receipts(sent: list[dict[str, Any]], now: datetime) -> list[dict[str, Any]]:
    """The receipts of a case, one small line each."""
    return [{"to": mail["recipient"], "at": mail["created_at"], **_fared(mail["state"], [mail], now)} for mail in sent]
