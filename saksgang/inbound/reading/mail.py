"""Raw bytes of a mail to `ReadMail`. The one door of the pure reader: never raises, changes nothing, asks nobody."""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from email.message import Message
from typing import TypeVar

from saksgang.inbound.reading import bodies, headers, mime, quotes, reports
from saksgang.inbound.reading.bodies import ReadAttachment
from saksgang.inbound.reading.charsets import cut, decode
from saksgang.inbound.reading.headers import Address
from saksgang.inbound.reading.quotes import Segment
from saksgang.inbound.reading.reports import Report
from saksgang.lib.text import strip_controls

_T = TypeVar("_T")

# The headers that later decisions ask about; the others are in the raw mail.
_KEPT_NAMES = (
    "auto-submitted precedence list-id list-unsubscribe list-post x-auto-response-suppress return-path x-loop"
    " x-saksgang-loop x-saksgang-heartbeat x-failed-recipients x-ms-exchange-message-is-ndr content-type authentication-results"
    " received received-spf x-autoreply"
    " x-autorespond x-autoresponder x-ms-exchange-inbox-rules-loop x-ms-exchange-generated-message-source"
    " x-mailer user-agent x-priority importance sensitivity delivered-to x-original-to envelope-to resent-from"
    " x-forwarded-for x-forwarded-to x-spam-flag x-ms-exchange-parent-message-id thread-index thread-topic"
    " disposition-notification-to from message-id"
)
_KEPT = frozenset(_KEPT_NAMES.split())
_MOST_OF_A_KIND = 50
_LONGEST_KEPT = 4_000
# More letters than anybody writes: such a text goes to the tray, and as a file on the case that a person makes of it.
LONGEST_TEXT = 1_000_000
_LONGEST_RAW_TEXT = 1_000_000
_IS_REPLY = re.compile(r"(?i)\s*(?:re|sv|svar|aw|antw)\s*(?:\[\d+\])?\s*:")


@dataclass(frozen=True)
class ReadMail:
    """A mail as read. Texts have line feeds only, no NUL and no controls; addresses are lower case.

    `segments` joined give `text` exactly. `unreadable` says that something of the mail is in none of the fields, so
    that it is to be set aside with its raw text; `errors` are sentences on what was guarded against. `undecoded` names what
    came in a form that nobody reads here (an encoding, encryption): words may be missing from `text`.
    """

    message_id: str = ""
    in_reply_to: tuple[str, ...] = ()
    references: tuple[str, ...] = ()
    from_name: str = ""
    from_address: str = ""
    sender: str = ""
    reply_to: tuple[Address, ...] = ()
    to: tuple[Address, ...] = ()
    cc: tuple[Address, ...] = ()
    date: datetime | None = None
    subject: str = ""
    text: str = ""
    segments: tuple[Segment, ...] = ()
    html: str = ""
    attachments: tuple[ReadAttachment, ...] = ()
    headers: dict[str, tuple[str, ...]] | None = None
    report: Report | None = None
    calendar_method: str = ""
    undecoded: tuple[str, ...] = ()
    errors: tuple[str, ...] = ()
    unreadable: bool = False

    @property
    def visible_text(self) -> str:
        """The words shown at once."""
        return "".join(segment.text for segment in self.segments if not segment.folded)

    @property
    def folded_text(self) -> str:
        """The words behind «show more»: quotes and signatures."""
        return "".join(segment.text for segment in self.segments if segment.folded)

    @property
    def is_too_long(self) -> bool:
        """Nobody could read it on a page, and the page could not be shown."""
        return len(self.text) > LONGEST_TEXT

    def header(self, name: str) -> str:
        """The first value of a kept header, "" when missing. The name is in lower case."""
        return next(iter((self.headers or {}).get(name, ())), "")

    def has_header(self, name: str) -> bool:
        """Whether a kept header is there, be it empty."""
        return name in (self.headers or {})


def read(raw: bytes) -> ReadMail:
    """Everything a mail says. What cannot be read comes back with `unreadable` and its raw words as the text."""
    try:
        tree = mime.parse(raw)
    except Exception as error:  # noqa: BLE001 whatever a stranger sends, the mail becomes visible
        return _unreadable(raw, f"the mail could not be taken apart ({type(error).__name__})")
    errors: list[str] = []
    mail = _guarded(lambda: _read_headers(tree.root.headers, errors), ReadMail(headers={}), "the headers", errors)
    try:
        return _with_bodies(mail, tree, errors, raw)
    except Exception as error:  # noqa: BLE001 the headers are kept, the rest is shown raw
        return _unreadable(raw, f"the body could not be read ({type(error).__name__})", mail)


def _unreadable(raw: bytes, sentence: str, mail: ReadMail | None = None) -> ReadMail:
    text = _raw_text(raw)
    segments = (Segment(False, text),) if text else ()
    found = mail or ReadMail(headers={})
    return replace(found, text=text, segments=segments, errors=(*found.errors, sentence), unreadable=True)


def _raw_text(raw: bytes) -> str:
    return strip_controls(decode(cut(raw, _LONGEST_RAW_TEXT), ""))


def _guarded(ask: Callable[[], _T], otherwise: _T, what: str, errors: list[str]) -> _T:
    """The answer, or `otherwise` with a sentence: no single header or part sinks the mail."""
    try:
        return ask()
    except Exception as error:  # noqa: BLE001 guards each header and each part
        errors.append(f"{what} could not be read ({type(error).__name__})")
        return otherwise


def _values(found: Message, name: str) -> list[str]:
    return [str(value) for value in found.get_all(name, [])][:_MOST_OF_A_KIND]


def _read_headers(found: Message, errors: list[str]) -> ReadMail:
    def first(name: str) -> str:
        return next(iter(_values(found, name)), "")

    def people(name: str) -> tuple[Address, ...]:
        return _guarded(lambda: headers.addresses(_values(found, name)), (), name, errors)

    def ids(name: str) -> tuple[str, ...]:
        return _guarded(lambda: headers.message_ids(_values(found, name)), (), name, errors)

    no_headers: dict[str, tuple[str, ...]] = {}
    senders = people("from")
    from_name, from_address = next((one for one in senders if one[1]), next(iter(senders), ("", "")))
    _note_senders(found, senders, errors)
    return ReadMail(
        message_id=_guarded(lambda: headers.message_id(first("message-id")), "", "Message-ID", errors),
        in_reply_to=ids("in-reply-to"),
        references=ids("references"),
        from_name=from_name,
        from_address=from_address,
        sender=next((address for _, address in people("sender") if address), ""),
        reply_to=people("reply-to"),
        to=people("to"),
        cc=people("cc"),
        date=headers.date(first("date")),
        subject=_guarded(lambda: headers.subject(first("subject")), "", "the subject", errors),
        headers=_guarded(lambda: _kept(found), no_headers, "headers", errors),
    )


def _note_senders(found: Message, senders: tuple[Address, ...], errors: list[str]) -> None:
    if len(_values(found, "from")) > 1:
        errors.append("there are several From headers; the first sender was taken")
    elif len(senders) > 1:
        errors.append("there are several senders; the first was taken")
    if not any(address for _, address in senders):
        errors.append("there is no sender address")


def _kept(found: Message) -> dict[str, tuple[str, ...]]:
    kept: dict[str, list[str]] = {}
    for name, value in found.items():
        values = kept.setdefault(name.lower(), []) if name.lower() in _KEPT else None
        if values is not None and len(values) < _MOST_OF_A_KIND:
            values.append(headers.words(str(value))[:_LONGEST_KEPT])
    return {name: tuple(values) for name, values in kept.items()}


def _with_bodies(mail: ReadMail, tree: mime.Tree, errors: list[str], raw: bytes) -> ReadMail:
    found = bodies.gather(tree)
    if found.left_out and not found.text.strip():
        found.text = _raw_text(raw)
    is_reply = bool(mail.in_reply_to or mail.references or _IS_REPLY.match(mail.subject))
    # A text that no page shows is not folded: each copy of its letters takes up to four bytes for each.
    segments: tuple[Segment, ...] = (Segment(False, found.text),) if found.text else ()
    if 0 < len(found.text) <= LONGEST_TEXT:
        segments = quotes.split(found.text, subject=mail.subject, is_reply=is_reply)
    if found.spare.strip():
        # The plain alternative says something that the HTML does not: kept, but behind «show more».
        gap = "" if not found.text or found.text.endswith("\n") else "\n"
        segments = (*segments, Segment(bool(found.text.strip()), gap + found.spare))
    return replace(
        mail,
        text="".join(segment.text for segment in segments),
        segments=segments,
        html=strip_controls(found.html),
        attachments=tuple(found.attachments),
        report=_guarded(lambda: reports.read(tree), None, "the report", errors),
        calendar_method=found.calendar_method,
        undecoded=tuple(found.undecoded),
        errors=(*errors, *found.errors),
        unreadable=found.left_out,
    )
