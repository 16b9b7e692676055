"""What a tree of parts says and carries: the text, the HTML and the attachments. Never raises."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from saksgang.inbound import headers, mime
from saksgang.inbound.charsets import decode
from saksgang.lib.html import to_text
from saksgang.lib.text import one_line, safe_file_name, strip_controls

_META_CHARSET = re.compile(rb"""(?i)<meta[^>]{0,200}?charset\s{0,5}=\s{0,5}["']?([\w.:-]{1,40})""")
_CONTENT_ID_USE = re.compile(r"""(?i)cid:([^\s"'<>)]{1,300})""")
_WORD = re.compile(r"[^\W_]+")
_ADDRESS = re.compile(r"(?:https?://|mailto:|cid:|www\.)\S{1,2000}|\[image:? ?[^\]\n]{0,200}\]", re.IGNORECASE)
_CALENDAR_FIELD = re.compile(r"(?m)^(METHOD|SUMMARY|DTSTART)[^:\n]{0,200}:([^\n]{1,500})")
_CALENDAR_TIME = re.compile(r"(\d{4})(\d\d)(\d\d)(?:T(\d\d)(\d\d))?")
_INNER_START = re.compile(
    rb"\x04(?:[\x00-\x7f]|\x81.|\x82..|\x83...|\x84....)(?=(?:Content-|content-|MIME-Version))", re.DOTALL
)

# Words are compared in at most this much of each alternative; beyond it the longer one is taken.
_MOST_COMPARED = 2_000_000
_WINMAIL_TYPES = ("application/ms-tnef", "application/vnd.ms-tnef")
_SIGNED_TYPES = ("application/pkcs7-mime", "application/x-pkcs7-mime")
_MAIL_TYPES = ("message/rfc822", "message/global", "message/news")
_ENDINGS = {
    "text/plain": ".txt", "text/html": ".html", "text/calendar": ".ics", "application/pdf": ".pdf",
    "image/png": ".png", "image/jpeg": ".jpg", "image/gif": ".gif", "message/delivery-status": ".txt",
    "message/disposition-notification": ".txt", "text/rfc822-headers": ".txt", "application/ms-tnef": ".dat",
    "application/pkcs7-mime": ".p7m", "application/x-pkcs7-mime": ".p7m",
}  # fmt: skip


@dataclass(frozen=True)
class ReadAttachment:
    """`type` is the declared one, not to be trusted. `inline` marks pictures that belong into the text."""

    name: str
    type: str
    content_id: str
    inline: bool
    content: bytes


@dataclass
class Bodies:
    """`text` is what the mail says; `spare` is a plain alternative with words of its own that was not chosen."""

    text: str = ""
    spare: str = ""
    html: str = ""
    attachments: list[ReadAttachment] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    calendar_method: str = ""
    left_out: bool = False
    _inline_candidates: list[bool] = field(default_factory=list)

    def note(self, sentence: str) -> None:
        if sentence and sentence not in self.errors:
            self.errors.append(sentence)


def gather(tree: mime.Tree) -> Bodies:
    """Everything the parts hold. A depth of at most `mime.DEEPEST` makes recursion safe here."""
    bodies = Bodies(errors=list(tree.errors), left_out=tree.left_out)
    bodies.text = _said(tree.root, bodies)
    _mark_inline(bodies)
    if "\0" in bodies.text:
        bodies.note("NUL characters were left out of the text")
    bodies.text, bodies.spare = _tidied(bodies.text), _tidied(bodies.spare)
    has_winmail = any(one.type in _WINMAIL_TYPES or one.name == "winmail.dat" for one in bodies.attachments)
    if has_winmail and not bodies.text.strip():
        bodies.note("the text is inside winmail.dat, which only Outlook reads")
    return bodies


def _tidied(text: str) -> str:
    return strip_controls(text.replace("\r\n", "\n").replace("\f", "\n"))


def _said(part: mime.Part, bodies: Bodies) -> str:
    if not part.is_multipart:
        return _leaf(part, bodies, has_text=False)
    if part.type == "multipart/alternative":
        return _chosen(part, bodies)
    return _one_after_another(part, bodies)


def _one_after_another(part: mime.Part, bodies: Bodies) -> str:
    texts: list[str] = []
    for child in part.children:
        if child.is_multipart:
            said = _said(child, bodies)
        else:
            said = _leaf(child, bodies, has_text=any(texts))
            if child.type == "text/html" and texts and not _lacking(said, "\n".join(texts)):
                continue
        if said.strip():
            texts.append(said)
    return "\n".join(text.rstrip("\n") + "\n" for text in texts) if len(texts) > 1 else "".join(texts)


def _chosen(part: mime.Part, bodies: Bodies) -> str:
    """The plain alternative, or the HTML one when the plain is missing or lacks words of it."""
    plain: list[str] = []
    rich: list[str] = []
    for child in part.children:
        said = _said(child, bodies)
        if said.strip():
            (plain if child.type == "text/plain" else rich).append(said)
    spoken = "\n".join(plain)
    if not rich:
        return spoken
    calendar_lines = [one for one in rich if one.startswith(_CALENDAR_LINE)]
    richest = max((one for one in rich if one not in calendar_lines), key=len, default="")
    extra = "".join("\n" + line for line in calendar_lines)
    if not richest or (spoken and not _lacking(richest, spoken)):
        return spoken + extra
    if spoken and _lacking(spoken, richest):
        bodies.spare += spoken
    return richest + extra


def _lacking(text: str, other: str) -> bool:
    """Whether `other` lacks a word of `text`; addresses do not count as words."""
    if max(len(text), len(other)) > _MOST_COMPARED:
        return len(text) > len(other)
    return not _words(text) <= _words(other)


def _words(text: str) -> set[str]:
    return set(_WORD.findall(_ADDRESS.sub(" ", text).casefold()))


def _leaf(part: mime.Part, bodies: Bodies, *, has_text: bool) -> str:
    """The text of a leaf, "" for one that only is carried; attachments are put aside on the way."""
    kind = part.type
    if kind in _SIGNED_TYPES:
        inner = _inside_signature(part)
        if inner is not None:
            bodies.note("a signed envelope was opened; its signature was not checked")
            _carry(bodies, part, mime.content(part)[0], _name(part))
            return _said(inner.root, bodies)
    content, error = mime.content(part)
    bodies.note(error)
    disposition = _disposition(part)
    name = _name(part)
    # A multipart without its boundary is one text; one left whole because there are too many parts stays a file.
    is_torn = kind.startswith("multipart/") and not bodies.left_out
    if (kind in ("text/plain", "text/html") or is_torn) and disposition != "attachment":
        # A named text that opens the mail is its body with some programs and a log file with others: it is both.
        if name:
            _carry(bodies, part, content, name)
        is_carried_only = bool(name) and (kind == "text/html" or has_text)
        return "" if is_carried_only else _body(part, bodies, content)
    _carry(bodies, part, content, name)
    return _calendar(part, bodies, content) if kind == "text/calendar" else ""


def _body(part: mime.Part, bodies: Bodies, content: bytes) -> str:
    charset = headers.parameter(part.headers, "charset")
    if part.type != "text/html":
        return decode(content, charset).replace("\r\n", "\n").replace("\r", "\n")
    if not charset and (match := _META_CHARSET.search(content[:2_000])):
        charset = match[1].decode("ascii", "ignore")
    source = decode(content, charset)
    bodies.html += ("\n" if bodies.html else "") + source
    return to_text(source)


def _disposition(part: mime.Part) -> str:
    return str(part.headers.get("content-disposition", "")).partition(";")[0].strip().lower()


def _name(part: mime.Part) -> str:
    found = headers.parameter(part.headers, "filename", "content-disposition")
    return found or headers.parameter(part.headers, "name")


def _carry(bodies: Bodies, part: mime.Part, content: bytes, name: str) -> None:
    kind = one_line(part.type, 120)
    default = f"{kind.partition('/')[0]}-{len(bodies.attachments) + 1}{_ENDINGS.get(kind, '.bin')}"
    if kind in _MAIL_TYPES:
        inner = mime.parse(content[:100_000]).root.headers
        name = (name or headers.words(str(inner.get("subject", "")))[:80] or "e-post").removesuffix(".eml") + ".eml"
    content_id = one_line(headers.words(str(part.headers.get("content-id", ""))), 300).strip("<> ")
    attachment = ReadAttachment(safe_file_name(name, default), kind, content_id, False, content)
    bodies.attachments.append(attachment)
    bodies._inline_candidates.append(kind.startswith("image/") and _disposition(part) == "inline")


def _mark_inline(bodies: Bodies) -> None:
    """A picture is inline when it says so or when the HTML shows it, whatever it says."""
    used = {match[1].lower() for match in _CONTENT_ID_USE.finditer(bodies.html)} if bodies.attachments else set()
    for place, one in enumerate(bodies.attachments):
        shown = one.type.startswith("image/") and one.content_id.lower() in used
        if shown or bodies._inline_candidates[place]:
            bodies.attachments[place] = ReadAttachment(one.name, one.type, one.content_id, True, one.content)


_CALENDAR_LINE = "Kalender: "


def _calendar(part: mime.Part, bodies: Bodies, content: bytes) -> str:
    """One readable line of an invitation or an answer to one."""
    text = decode(content[:200_000], headers.parameter(part.headers, "charset") or "utf-8")
    text = re.sub(r"\r\n?", "\n", text).replace("\n ", "").replace("\n\t", "")
    fields: dict[str, str] = {}
    event = text.find("BEGIN:VEVENT")
    for name, value in _calendar_fields(text, event):
        fields.setdefault(name, value)
    method = headers.parameter(part.headers, "method") or fields.get("METHOD", "")
    bodies.calendar_method = bodies.calendar_method or one_line(method, 40).upper()
    start = _CALENDAR_TIME.search(fields.get("DTSTART", ""))
    shown = [fields.get("SUMMARY", "").replace("\\,", ",").replace("\\n", " "), _moment(start) if start else ""]
    return one_line(_CALENDAR_LINE + ", ".join(word for word in shown if word) or method, 300) + "\n"


def _calendar_fields(text: str, event: int) -> Iterator[tuple[str, str]]:
    """Fields of the calendar's head and of its first event; a time zone's own start is not the meeting's."""
    for match in _CALENDAR_FIELD.finditer(text):
        if match[1] == "METHOD" or match.start() > event >= 0:
            yield match[1], match[2]


def _moment(start: re.Match[str]) -> str:
    day = f"{start[1]}-{start[2]}-{start[3]}"
    return f"{day} {start[4]}:{start[5]}" if start[4] else day


def _inside_signature(part: mime.Part) -> mime.Tree | None:
    """The mail inside an opaque signature: the first octet string that opens with MIME headers.

    Long contents are cut into octet strings that follow each other. Anything else is left as an attachment.
    """
    if "signed" not in headers.parameter(part.headers, "smime-type").lower():
        return None
    data, _ = mime.content(part)
    match = _INNER_START.search(data)
    if not match:
        return None
    pieces: list[bytes] = []
    place = match.start()
    while len(pieces) < 100_000 and data[place : place + 1] == b"\x04":
        start, length = _length(data, place + 1)
        if start + length > len(data):
            return None
        pieces.append(data[start : start + length])
        place = start + length
    return mime.parse(b"".join(pieces), depth=mime.DEEPEST // 2)


def _length(data: bytes, place: int) -> tuple[int, int]:
    """Where the content of a DER value starts and how long it is, from its length bytes."""
    first = data[place] if place < len(data) else 0
    if first < 0x80:
        return place + 1, first
    count = first & 0x7F
    return place + 1 + count, int.from_bytes(data[place + 1 : place + 1 + count], "big")
