"""Who wrote the mail inside a forwarded mail: the inner «Fra:», or the sender of an attached mail. Never raises."""

import re
from itertools import takewhile

from saksgang.inbound.reading import headers, mime
from saksgang.inbound.reading.headers import Address
from saksgang.inbound.reading.mail import ReadMail

_MOST_LINES = 5_000
_LOOKED_AT = 400
_MARK = re.compile(r"^(?:\s{0,3}[>|]){0,5}\s{0,8}")
_FROM = re.compile(r"(?i)[*_]{0,2}(?:fra|frå|from|von|från)[*_]{0,2}\s{0,3}:[*_]{0,2}\s{0,8}(\S[^\n]{0,300})")
_OTHER = re.compile(
    r"(?i)[*_]{0,2}(?:sendt|sent|send|dato|date|datum|til|to|emne|subject|an|till|kopi|cc)[*_]{0,2}\s{0,3}:"
)
_ADDRESS = re.compile(r"[^\s<>@\[\](),;:\"*]{1,64}@[^\s<>@\[\](),;:\"*]{1,190}")
_MAILTO = re.compile(r"(?i)\[?mailto:")


def inner_sender(mail: ReadMail) -> Address | None:
    """Name and lower-case address of the first inner sender; the address is "" when only a name is told."""
    lines = mail.text.split("\n", _MOST_LINES)[:_MOST_LINES]
    for place, line in enumerate(lines):
        match = _FROM.match(_MARK.sub("", line[:_LOOKED_AT], count=1))
        if match:
            # Some programs put the sender below the subject and the date.
            above = _fields_above(lines[max(place - 3, 0) : place])
            below = [_MARK.sub("", one[:_LOOKED_AT], count=1) for one in lines[place + 1 : place + 7]]
            if sum(1 for one in above + below if _OTHER.match(one)) >= 2 or _OTHER.search(match[1]):
                return _sender(match[1], below[0] if below else "")
    return _attached_sender(mail)


def _fields_above(lines: list[str]) -> list[str]:
    bare = [_MARK.sub("", one[:_LOOKED_AT], count=1) for one in lines]
    return list(takewhile(_OTHER.match, reversed(bare)))


def _sender(value: str, next_line: str) -> Address:
    """A name and an address out of «Ola Nordmann <ola@...>», «[mailto:ola@...]», «(ola@...)», also wrapped."""
    other = _OTHER.search(value)
    value = value[: other.start()] if other else value
    found = _ADDRESS.search(_MAILTO.sub(" ", value))
    if found is None and not _OTHER.match(next_line):
        found = _ADDRESS.search(_MAILTO.sub(" ", next_line))
    name = re.split(r"[<\[]|\(\S{1,60}@", _MAILTO.sub(" [", value), maxsplit=1)[0].strip(" *_\"'")
    if "@" in name:
        name = ""
    return " ".join(name.split())[:200], found[0].lower().rstrip(".") if found else ""


def _attached_sender(mail: ReadMail) -> Address | None:
    for one in mail.attachments:
        if one.type in ("message/rfc822", "message/global"):
            found = mime.parse(one.content[:500_000]).root.headers
            senders = headers.addresses([str(value) for value in found.get_all("from", [])])
            if senders:
                return senders[0]
    return None
