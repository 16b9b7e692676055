"""Raw bytes to a tree of MIME parts. Never raises; bounded in depth, number of parts and bytes looked at.

Headers are held in the standard library's `Message`, whose `compat32` read all of 894 real mails, with their values
undecoded (see `headers`). The tree is split here and not by its parser, for four reasons that were measured or seen:
that one takes time with depth times lines, fails at depth 1,200, holds eight times the mail's size, and writes attached
mails out with changed headers.
"""

import re
from dataclasses import dataclass, field
from email.message import Message
from email.policy import Compat32
from functools import cached_property

from saksgang.inbound.reading import headers
from saksgang.inbound.reading.charsets import cut
from saksgang.inbound.reading.encodings import Content, decoded

DEEPEST = 30
MOST_PARTS = 1_000
# Each level of multiparts looks at its bytes once more; 400 MB take about half a second.
MOST_BYTES_SOUGHT = 400_000_000
_LONGEST_HEADERS = 500_000
_LONGEST_FIELD = 50_000
# Parameters are taken apart by the standard library in time with the square of their length.
_LONGEST_CONTENT_FIELD = 4_000
_MOST_FIELDS = 2_000

_EMPTY_LINE = re.compile(rb"(?:\r\n|\r(?!\n)|\n)(?:\r\n|\r(?!\n)|\n)")
_LINE_END = re.compile(rb"\r\n|\r|\n")
_FIELD = re.compile(rb"([!-9;-~]{1,200})[ \t]{0,20}:")
_KNOWN_FIELD = re.compile(
    rb"(?i)(?:from|to|cc|subject|date|message-id|mime-version|content-[a-z-]+|received|return-path|reply-to|references"
    rb"|in-reply-to|sender|x-[a-z0-9-]+)[ \t]*:"
)
_TYPE = re.compile(r"(?a)\s*([\w!#$&^.+-]+/[\w!#$&^.+-]+)\s*(?:;|\Z)")
_FIRST_PARAMETER = re.compile(r"(?a)\A(\s*[\w.+/-]+)[\s,:]+(?=[\w*-]+\s*=)")
# What strange programs call what they send.
_TYPES_MEANT = {
    "text/plain": "text text/ plain plain/text /plain text/plaintext text/txt txt text/text text/ascii text/* plain/plain"
    " application/text application/plain application/x-text text/unknown plain/ text/utf-8",
    "text/html": "html html/text text/htm htm text/xhtml application/html application/xhtml+xml text/x-html html/ /html",
    "text/enriched": "enriched text/x-enriched",
    "text/markdown": "markdown text/x-markdown text/x-web-markdown text/md",
    "multipart/mixed": "multipart multipart/ mixed",
    "multipart/alternative": "alternative",
}
_MEANT = {word: name for name, words in _TYPES_MEANT.items() for word in words.split()}


class _Undecoded(Compat32):
    """Gives values back as they were set. `Compat32` makes U+FFFD of every byte that is not ASCII."""

    def header_fetch_parse(self, name: str, value: str) -> str:
        return value


_UNDECODED = _Undecoded()


@dataclass(eq=False)
class Part:
    """One node. A leaf has no children and its still encoded `body`; a multipart has children and no body."""

    headers: Message
    body: bytes = b""
    children: list["Part"] = field(default_factory=list)

    @cached_property
    def type(self) -> str:
        """The type as it was meant: a word too few, too many or in the wrong place is no reason to hide what was said."""
        value = self.headers.get("content-type")
        if value is None:
            return self.headers.get_default_type()
        match = _TYPE.match(value)
        told = match[1].lower() if match else headers.token(value)
        if told.count("/") != 1 and told not in _MEANT:
            return "multipart/mixed" if _boundary(self.headers) else "text/plain"
        return _MEANT.get(told, told)

    @property
    def is_text(self) -> bool:
        return self.type.startswith("text/")

    @property
    def is_multipart(self) -> bool:
        return bool(self.children)


@dataclass(eq=False)
class Tree:
    """A mail's parts. `left_out` says that bytes of the mail are in no part, so that it must be shown raw."""

    root: Part
    errors: list[str] = field(default_factory=list)
    left_out: bool = False


def parse(raw: bytes, *, depth: int = 0) -> Tree:
    """The tree of a whole mail."""
    start = len(raw) - len(raw.lstrip(b"\r\n")) if raw[:1] in b"\r\n" else 0
    root = _part(raw, start, len(raw), "text/plain")
    tree = Tree(root)
    _split_all(tree, depth)
    return tree


def _split_all(tree: Tree, depth: int) -> None:
    waiting = [(tree.root, depth)]
    parts, sought = 1, 0
    while waiting:
        part, level = waiting.pop()
        if not part.type.startswith("multipart/"):
            continue
        boundary = _boundary(part.headers)
        sought += len(part.body)
        if level >= DEEPEST or parts >= MOST_PARTS or sought > MOST_BYTES_SOUGHT:
            _note(tree, "too many parts inside each other: some were left as they came", left_out=True)
            continue
        places, more, after = _places_in(part, boundary, MOST_PARTS - parts)
        if not places:
            _note(tree, "a multipart without its boundary was read as one text")
            continue
        if more:
            _note(tree, "too many parts: the last ones were left out", left_out=True)
        usual = "message/rfc822" if part.type == "multipart/digest" else "text/plain"
        part.children = [_part(part.body, start, end, usual) for start, end in places]
        if part.body[after:].strip():
            # Lists and virus scanners add their lines below the closing boundary; some senders close too early.
            part.children.append(Part(Message(policy=_UNDECODED), part.body[after:]))
        part.body = b""
        parts += len(places)
        waiting.extend((child, level + 1) for child in part.children)


def _places_in(part: Part, boundary: bytes, most: int) -> tuple[list[tuple[int, int]], bool, int]:
    """As `_places`. A multipart that was encoded as a whole, against the rules, is decoded where that makes parts of it."""
    found = _places(part.body, boundary, most)
    if not found[0] and "content-transfer-encoding" in part.headers:
        plain = content(part).data
        found = _places(plain, boundary, most)
        part.body = plain if found[0] else part.body
    return found


def _note(tree: Tree, sentence: str, *, left_out: bool = False) -> None:
    if sentence not in tree.errors:
        tree.errors.append(sentence)
    tree.left_out = tree.left_out or left_out


def _boundary(message: Message) -> bytes:
    try:
        found = message.get_param("boundary", "")
    except (ValueError, TypeError, LookupError, AttributeError):
        return b""
    return (found[2] if isinstance(found, tuple) else str(found)).encode("latin-1", "surrogateescape").rstrip()


def _places(body: bytes, boundary: bytes, most: int) -> tuple[list[tuple[int, int]], bool, int]:
    """Start and end of each part between delimiter lines, whether there were more than `most`, and where what stands
    below the closing one starts.
    """
    places: list[tuple[int, int]] = []
    delimiter = b"--" + boundary
    start, place = -1, 0
    while boundary and (found := body.find(delimiter, place)) >= 0:
        place = found + len(delimiter)
        end = _delimiter_end(body, found, place)
        if end is None:
            continue
        if start >= 0:
            places.append((start, _before_line_end(body, start, found)))
        place = start = end[0]
        if end[1]:
            return places, False, start
        if len(places) >= most:
            return places, True, len(body)
    if start >= 0:
        places.append((start, len(body)))
    return places, False, len(body)


def _delimiter_end(body: bytes, found: int, place: int) -> tuple[int, bool] | None:
    """Where the line after a delimiter starts and whether it was the closing one; None when it is no delimiter."""
    if found and body[found - 1 : found] not in (b"\n", b"\r"):
        return None
    closing = body.startswith(b"--", place)
    place += 2 if closing else 0
    while body[place : place + 1] in (b" ", b"\t"):
        place += 1
    if place >= len(body):
        return len(body), closing
    match = _LINE_END.match(body, place)
    return (match.end(), closing) if match else None


def _before_line_end(body: bytes, start: int, end: int) -> int:
    """The line end before a delimiter belongs to the delimiter."""
    if body[end - 2 : end] == b"\r\n" and end - 2 >= start:
        return end - 2
    return end - 1 if end > start else end


def _part(raw: bytes, start: int, end: int, usual_type: str) -> Part:
    first_end = _LINE_END.match(raw, start, end)
    if first_end:
        fields: list[tuple[str, str]] = []
        body = first_end.end()
    else:
        gap = _EMPTY_LINE.search(raw, start, min(end, start + _LONGEST_HEADERS))
        stop = gap.start() if gap else min(end, start + _LONGEST_HEADERS)
        fields, body_of_block = _fields(raw[start:stop])
        body = start + body_of_block if body_of_block is not None else (gap.end() if gap else stop)
    message = Message(policy=_UNDECODED)
    message.set_default_type(usual_type)
    for name, value in fields:
        is_about_content = name[:8].lower() == "content-"
        message[name] = _FIRST_PARAMETER.sub(r"\1; ", value) if is_about_content else value
    return Part(message, raw[body:end])


def _fields(block: bytes) -> tuple[list[tuple[str, str]], int | None]:
    """Name and undecoded value of each header, and where a body starts when it does so without an empty line before it."""
    fields: list[tuple[str, list[bytes]]] = []
    place = 0
    for line in block.splitlines(keepends=True):
        match = _FIELD.match(line)
        if match and len(fields) < _MOST_FIELDS:
            fields.append((match[1].decode("ascii"), [line[match.end() :]]))
        elif fields and (line[:1] in b" \t" or _goes_on(block, place)):
            # Folded, or a long value broken without the blank that should mark it.
            fields[-1][1].append(line)
        elif not line.startswith((b"From ", b">From ")) or fields:
            return _joined(fields), place
        place += len(line)
    return _joined(fields), None


def _goes_on(block: bytes, place: int) -> bool:
    """Whether a known header starts a line after this one, near enough to be sure at small cost."""
    return any(_KNOWN_FIELD.match(line) for line in block[place : place + 500].splitlines()[1:6])


def _joined(fields: list[tuple[str, list[bytes]]]) -> list[tuple[str, str]]:
    joined = []
    for name, lines in fields:
        most = _LONGEST_CONTENT_FIELD if name.lower().startswith("content-") else _LONGEST_FIELD
        joined.append((name, cut(b"".join(lines), most).strip().decode("ascii", "surrogateescape")))
    return joined


def content(part: Part) -> Content:
    """The decoded bytes of a leaf."""
    return decoded(part.body, headers.token(part.headers.get("content-transfer-encoding", "")), is_text=part.is_text)
