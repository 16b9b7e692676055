"""Header values as people meant them: words, addresses, message ids, dates. Never raises; linear in the value's length.

Values come undecoded, line ends of folding included: ASCII, and each other byte as a lone surrogate (PEP 383, see
`mime`). So no strip, split, lower or pattern can touch a letter that nobody has read yet, as they did when the bytes
were held as latin-1, where half of «Å» is a line end and half of «à» a blank. What is decoded may be tidied.
"""

import binascii
import re
import unicodedata
from collections.abc import Iterator
from datetime import UTC, datetime
from email.message import Message
from email.utils import parsedate_to_datetime

from saksgang.inbound.reading.charsets import decode, is_utf_8
from saksgang.lib.text import one_line, strip_controls

Address = tuple[str, str]

LONGEST_SUBJECT = 1_000
_LONGEST_NAME = 200
_LONGEST_ADDRESS = 254
_LONGEST_ID = 900
_MOST_ADDRESSES = 500
_MOST_IDS = 200

# Blanks and line ends may stand inside a word: some programs fold in the middle of one.
_ENCODED_WORD = re.compile(r"(?a)=\?([\w.:()+-]{1,40})(?:\*[\w-]{0,20})?\?([bBqQ])\?([^?]{0,4000})\?=")
_BETWEEN_WORDS = re.compile(r"[ \t\r\n]*")
_FOLDING = re.compile(r"[\r\n]+[ \t]*")
_FOLDED_IN_LETTER = re.compile("(?<=[\udc80-\udcff])[\r\n]+[ \t]*(?=[\udc80-\udcbf])")
_ID = re.compile(r"<\s{0,5}([^<>\s]{1,900})\s{0,5}>")
_PLAUSIBLE_ADDRESS = re.compile(r"[^\s<>@\",;:()\[\]]+@[^\s<>@\",;:()]+")
_COMMENT = re.compile(r"\([^()]{0,500}\)")
_SEPARATORS = re.compile(r'[",;:<>()\\]')


def words(value: str) -> str:
    """A header value decoded: encoded words wherever they stand, other bytes as UTF-8 or else cp1252, one line."""
    if "=?" not in value:
        return _plain(value)
    parts: list[str] = []
    waiting: list[tuple[str, bytes]] = []
    place = 0
    for match in _ENCODED_WORD.finditer(value):
        between = value[place : match.start()]
        if not waiting or not _BETWEEN_WORDS.fullmatch(between):
            parts += [_spelled(waiting), _decoded(between)]
            waiting = []
        waiting.append((match[1].lower(), _bytes_of_word(match[2], match[3])))
        place = match.end()
    parts += [_spelled(waiting), _decoded(value[place:])]
    return " ".join(strip_controls("".join(parts)).split())


def octets(value: str) -> bytes:
    """The bytes of an undecoded value. Escapes of RFC 2231 come from the standard library as latin-1, and mean bytes too."""
    return value.encode("latin-1", "surrogateescape")


def _plain(value: str) -> str:
    return " ".join(strip_controls(_decoded(value)).split())


def _decoded(value: str) -> str:
    text = _unfolded(value)
    return text if text.isascii() and "\x1b" not in text else decode(octets(text), "")


def _unfolded(value: str) -> str:
    """Still undecoded, on one line. Some programs count bytes and fold within a letter."""
    if not value.isascii() and _FOLDED_IN_LETTER.search(value):
        whole = _FOLDED_IN_LETTER.sub("", value)
        value = whole if is_utf_8(octets(whole)) else value
    return _FOLDING.sub(" ", value)


def _spelled(waiting: list[tuple[str, bytes]]) -> str:
    """Neighbouring words as text. Words of one charset are joined before decoding: a letter may be cut between them."""
    text: list[str] = []
    joined: list[tuple[str, list[bytes]]] = []
    for charset, data in waiting:
        if joined and joined[-1][0] == charset and not charset.startswith("iso-2022"):
            joined[-1][1].append(data)
        else:
            joined.append((charset, [data]))
    for charset, pieces in joined:
        text.append(decode(b"".join(pieces), charset))
    return "".join(text)


def _bytes_of_word(encoding: str, text: str) -> bytes:
    data = octets(_FOLDING.sub("", text))
    if encoding in "qQ":
        return binascii.a2b_qp(data.replace(b"_", b"=20"), header=True)
    letters = re.sub(rb"[^A-Za-z0-9+/]", b"", data)
    whole = letters[: len(letters) - 1] if len(letters) % 4 == 1 else letters
    return binascii.a2b_base64(whole + b"=" * (-len(whole) % 4))


def subject(value: str) -> str:
    """The subject on one line, at most 1,000 characters."""
    return one_line(words(value), LONGEST_SUBJECT)


def token(value: str) -> str:
    """The one word of a header such as Content-Transfer-Encoding, in lower case: no comment, quote, parameter or blank."""
    word = value.strip().lower()
    if word.isalnum():
        return word
    word = _COMMENT.sub(" ", words(value)).partition(";")[0].replace(" /", "/").replace("/ ", "/")
    return next(iter(word.rpartition(":")[2].replace('"', " ").replace("'", " ").split()), "").strip(",.<>").lower()


def addresses(values: list[str]) -> tuple[Address, ...]:
    """Name and lower-case address of each mailbox in the values of a header; groups give their members.

    An item without a usable address has "" for it; items without both are left out. Names are decoded after the
    addresses are found, so that no encoded name can pass for an address.
    """
    found: list[Address] = []
    for value in values:
        for item in _items(_unfolded(value)):
            address = _address(item)
            if address != ("", "") and len(found) < _MOST_ADDRESSES:
                found.append(address)
    return tuple(found)


def _items(value: str) -> Iterator[str]:
    """The raw items of an address list, split at commas and semicolons outside quotes, comments and angles."""
    start, before = 0, ""
    for place, mark in _marks(value):
        if mark == ":":
            # A group's name; in a route (<@a:b@c>) the colon is inside angles and never seen here.
            before, start = "", place + 1
            continue
        item = before + value[start:place]
        start = place + 1
        # «Nordmann, Ola <ola@...>» without quotes: what has no address belongs to what follows.
        before = item + mark if mark == "," and item.strip() and "@" not in item else ""
        if not before:
            yield item
    yield before + value[start:]


def _marks(value: str) -> Iterator[tuple[int, str]]:
    """Place and character of each comma, semicolon and colon that separates."""
    quoted, angled, comments, skip = False, False, 0, -1
    closing = value.rfind('"')
    for match in _SEPARATORS.finditer(value):
        mark, place = match[0], match.start()
        if mark == "\\" or place == skip:
            skip = place + 1 if place != skip else -1
        elif mark == '"' and not comments:
            quoted = not quoted and place < closing
        elif quoted:
            continue
        elif mark in "()":
            comments = max(comments + (1 if mark == "(" else -1), 0)
        elif mark in "<>":
            angled = mark == "<"
        elif not comments and (not angled or mark == ";"):
            yield place, mark


def _address(item: str) -> Address:
    name, angle, rest = item.rpartition("<")
    if angle:
        address = rest.partition(">")[0]
        address = address.rpartition(":")[2]
    else:
        bare = _COMMENT.sub("", item)
        comments = _COMMENT.findall(item)
        name, address = (comments[-1][1:-1] if comments else "", bare) if "@" in bare else (item, "")
    return one_line(_name(name), _LONGEST_NAME), _spelled_address(address)


def _spelled_address(raw: str) -> str:
    """Lower case, letters outside ASCII kept (RFC 6532) in the one form that they have in NFC; "" when it is none."""
    address = unicodedata.normalize("NFC", _plain(raw)).strip("\"' ").lower()
    usable = len(address) <= _LONGEST_ADDRESS and _PLAUSIBLE_ADDRESS.fullmatch(address)
    return address if usable else ""


def _name(raw: str) -> str:
    name = raw.strip()
    if name[:1] == '"':
        name = re.sub(r"\\(.)", r"\1", name.strip('"'))
    return words(name).strip(" \"'")


def message_id(value: str) -> str:
    """The id without <>, "" when there is none. An id without brackets, which is against the rules, is taken too."""
    match = _ID.search(value)
    return _plain(match[1]) if match else one_line(_plain(value), _LONGEST_ID).strip("<> ").partition(" ")[0]


def message_ids(values: list[str]) -> tuple[str, ...]:
    """The ids of References or In-Reply-To in order, each once; of very many the first one and the last ones."""
    found: dict[str, None] = {}
    for value in values:
        ids = _ID.findall(value) or [word for word in value.split() if "@" in word and len(word) <= _LONGEST_ID]
        found.update(dict.fromkeys(_plain(one) for one in ids))
    found.pop("", None)
    ids = list(found)
    return tuple(ids if len(ids) <= _MOST_IDS else ids[:1] + ids[1 - _MOST_IDS :])


def date(value: str) -> datetime | None:
    """The moment in UTC; None when the value tells none. A date without a zone is taken as UTC."""
    try:
        found = parsedate_to_datetime(one_line(words(value), 100))
        return (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, TypeError, IndexError, OverflowError, AttributeError):
        return None


def parameter(headers: Message, name: str, header: str = "content-type") -> str:
    """A parameter such as charset or filename, decoded; "" when missing or beyond reading."""
    try:
        found = headers.get_param(name, "", header)
    except (ValueError, TypeError, LookupError, AttributeError):
        return ""
    if isinstance(found, tuple):
        charset, _, text = found
        return " ".join(strip_controls(decode(octets(text), charset or "")).split())
    return words(found) if isinstance(found, str) else ""
