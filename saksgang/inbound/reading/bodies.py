"""What a tree of parts says and carries: the text, the HTML and the attachments. Never raises."""

import mimetypes
import re
from dataclasses import dataclass, field

from saksgang.inbound.reading import enriched, envelopes, headers, invitations, mime, uuencoding
from saksgang.inbound.reading.charsets import decode
from saksgang.lib.html import to_text
from saksgang.lib.text import one_line, safe_file_name, strip_controls

_META_CHARSET = re.compile(rb"""(?i)<meta[^>]{0,200}?charset\s{0,5}=\s{0,5}["']?([\w.:-]{1,40})""")
_CONTENT_ID_USE = re.compile(r"""(?i)cid:([^\s"'<>)]{1,300})""")
_WORD = re.compile(r"[^\W_]+")
_ADDRESS = re.compile(r"(?:https?://|mailto:|cid:|www\.)\S{1,2000}|\[image:? ?[^\]\n]{0,200}\]", re.IGNORECASE)

# Words are compared in at most this much of each alternative; beyond it the longer one is taken.
_MOST_COMPARED = 2_000_000
_WINMAIL_TYPES = ("application/ms-tnef", "application/vnd.ms-tnef")
_WORDS_TYPES = ("text/plain", "text/html", "text/enriched", "text/richtext", "text/markdown")
_CALENDAR_TYPES = ("text/calendar", "application/ics", "text/x-vcalendar")
_NO_WORDS_TYPES = (*_CALENDAR_TYPES, "text/rfc822-headers", "text/x-amp-html")
_ENVELOPE_TYPES = ("pkcs7-mime", "x-pkcs7-mime", "pkcs7-signature", "x-pkcs7-signature", "cms")
_ENVELOPE_NAME = re.compile(r"(?i).*\.p7[mscz]|smime.*")
_MOST_ENVELOPES = 5
# A file is not also shown as words when it is larger than a long letter.
_MOST_BYTES_OF_WORDS = 200_000
_NEVER_WORDS = ("image/", "audio/", "video/", "font/", "message/", "multipart/") + tuple(
    f"application/{kind}" for kind in ("pdf", "pgp", "pkcs", "postscript")
)
_LETTERS = bytes(sorted({*range(32, 256), *b"\t\n\f\r\x1b"} - {127}))
_KNOWN_ENDINGS = mimetypes.MimeTypes()
_UNREAD_IN_TEXT = (
    ("=ybegin line=", "yEnc"),
    ("(This file must be converted with BinHex", "BinHex"),
    ("-----BEGIN PGP MESSAGE-----", "PGP"),
)
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
    undecoded: list[str] = field(default_factory=list)
    calendar_method: str = ""
    left_out: bool = False
    _leaves: int = 0
    # Parts that were only carried, and the place of each in `attachments`.
    _carried: list[tuple[mime.Part, bytes, int]] = field(default_factory=list)
    _envelopes: int = 0
    _calendar_lines: list[str] = field(default_factory=list)
    _calendar_words: list[str] = field(default_factory=list)
    _inline_candidates: list[bool] = field(default_factory=list)

    def note(self, sentence: str, undecoded: str = "") -> None:
        """`undecoded` names what nobody can read here."""
        if sentence and sentence not in self.errors:
            self.errors.append(sentence)
        if undecoded and undecoded not in self.undecoded:
            self.undecoded.append(undecoded)


def gather(tree: mime.Tree) -> Bodies:
    """Everything the parts hold. A depth of at most `mime.DEEPEST` makes recursion safe here."""
    bodies = Bodies(errors=list(tree.errors), left_out=tree.left_out)
    bodies.text = _said(tree.root, bodies)
    bodies.text = _with_only_words(bodies)
    _mark_inline(bodies)
    if "\0" in bodies.text:
        bodies.note("NUL characters were left out of the text")
    bodies.text, bodies.spare = _tidied(bodies.text), _tidied(bodies.spare)
    has_winmail = any(one.type in _WINMAIL_TYPES or one.name == "winmail.dat" for one in bodies.attachments)
    if has_winmail and not bodies.text.strip():
        bodies.note("the text is inside winmail.dat, which only Outlook reads", "winmail.dat")
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
    calendar_lines = [one for one in rich if one.startswith(invitations.LABEL)]
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
    found = mime.content(part)
    bodies.note(found.error, found.undecoded)
    name = _name(part)
    inside = _inside(part, bodies, found.data, name, has_text=has_text)
    if inside is not None:
        return inside
    bodies._leaves += 1
    # A multipart without its boundary is one text; one left whole because there are too many parts stays a file.
    is_torn = part.type.startswith("multipart/") and not bodies.left_out
    if (part.type in _WORDS_TYPES or is_torn) and _disposition(part) != "attachment":
        # A named text that opens the mail is its body with some programs and a log file with others: it is both.
        if name:
            _carry(bodies, part, found.data, name)
        if not name or not (part.type == "text/html" or has_text):
            return _body(part, bodies, found.data)
    else:
        _carry(bodies, part, found.data, name)
    bodies._carried.append((part, found.data, len(bodies.attachments) - 1))
    if part.type == "application/pgp-encrypted":
        bodies.note("the mail is encrypted (PGP): only who has the key can read it", "PGP")
    is_calendar = part.type in _CALENDAR_TYPES or found.data[:15].upper() == b"BEGIN:VCALENDAR"
    return _calendar(part, bodies, found.data) if is_calendar else ""


def _inside(part: mime.Part, bodies: Bodies, data: bytes, name: str, *, has_text: bool) -> str | None:
    """What a signed or compressed mail inside the part says; None when the part is none that can be opened."""
    told = part.type.partition("/")[2] in _ENVELOPE_TYPES or bool(_ENVELOPE_NAME.fullmatch(name))
    if not (told or (data[:1] == b"0" and not part.is_text)) or bodies._envelopes >= _MOST_ENVELOPES:
        return None
    if has_text and part.type.endswith("pkcs7-signature"):
        return None  # it signs the words that we have
    envelope = envelopes.opened(data)
    if envelope is not None and envelope.content is not None:
        bodies.note("a signed envelope was opened; its signature was not checked")
        _carry(bodies, part, data, name)
        bodies._envelopes += 1
        inner = mime.parse(envelope.content, depth=mime.DEEPEST // 2)
        bodies.errors += [one for one in inner.errors if one not in bodies.errors]
        bodies.left_out = bodies.left_out or inner.left_out
        return _said(inner.root, bodies)
    if envelope is not None and envelope.kind == "encrypted":
        bodies.note("the mail is encrypted (S/MIME): only who has the key can read it", "S/MIME")
    elif told and not part.type.endswith("pkcs7-signature") and not name.lower().endswith((".p7s", ".p7c")):
        bodies.note("an envelope of S/MIME could not be opened", "S/MIME")
    return None


def _with_only_words(bodies: Bodies) -> str:
    """The text, with the words of a file or of an invitation where it has none of its own."""
    said = bodies.text
    for lines in bodies._calendar_lines:
        said = said.replace(lines, "")
    more = "" if said.strip() else _only_words(bodies) or "\n\n".join(filter(None, bodies._calendar_words))
    if not more:
        return bodies.text
    return f"{bodies.text.strip()}\n\n{more}" if bodies.text.strip() else more


def _only_words(bodies: Bodies) -> str:
    """Nothing was said: then what was taken for a file is what the sender says, and stays a file too when it has a name."""
    for part, content, place in bodies._carried:
        said = _body(part, bodies, content) if _may_be_words(part, content, alone=bodies._leaves == 1) else ""
        if said.strip():
            if not _name(part):
                del bodies.attachments[place], bodies._inline_candidates[place]
            return said
    return ""


def _may_be_words(part: mime.Part, content: bytes, *, alone: bool) -> bool:
    if part.type in _NO_WORDS_TYPES or part.type.startswith(_NEVER_WORDS) or len(content) > _MOST_BYTES_OF_WORDS:
        return False
    if _disposition(part) == "attachment" and not (alone and part.type in _WORDS_TYPES):
        return False
    if part.is_text:
        return part.type == "text/html" or b"\0" not in content
    # A type that says nothing, on bytes that are letters and no file that calls itself one.
    return not _name(part) and content[:1] != b"%" and not content[:2_000].translate(None, _LETTERS)


def _body(part: mime.Part, bodies: Bodies, content: bytes) -> str:
    charset = headers.parameter(part.headers, "charset")
    if part.type == "text/html":
        if not charset and (match := _META_CHARSET.search(content[:2_000])):
            charset = match[1].decode("ascii", "ignore")
        source = decode(content, charset)
        bodies.html += ("\n" if bodies.html else "") + source
        return to_text(source)
    text = decode(content, charset).replace("\r\n", "\n").replace("\r", "\n")
    if part.type in ("text/enriched", "text/richtext"):
        return enriched.to_text(text, is_richtext=part.type == "text/richtext")
    return _without_files(text, bodies)


def _without_files(text: str, bodies: Bodies) -> str:
    """Files that some programs write into the text are taken out of it; what nobody reads here is told and left there."""
    for sign, name in _UNREAD_IN_TEXT:
        if sign in text:
            bodies.note(f"the text holds something in {name}, which is not read here", name)
    text, files = uuencoding.taken_out(text)
    for file in files:
        bodies.note(uuencoding.END_IS_MISSING * file.torn)
        kind = _KNOWN_ENDINGS.guess_type(file.name)[0] or "application/octet-stream"
        name = safe_file_name(file.name, f"vedlegg-{len(bodies.attachments) + 1}.bin")
        bodies.attachments.append(ReadAttachment(name, kind, "", False, file.content))
        bodies._inline_candidates.append(False)
    return text


def _disposition(part: mime.Part) -> str:
    return headers.token(part.headers.get("content-disposition", ""))


def _name(part: mime.Part) -> str:
    found = headers.parameter(part.headers, "filename", "content-disposition")
    found = found or headers.parameter(part.headers, "name")
    if (
        not found
        and b"begin" in part.body[:1_000]
        and "uu" in part.headers.get("content-transfer-encoding", "").lower()
    ):
        file = uuencoding.of_part(part.body)[1]
        found = file.name if file else ""
    return found


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


def _calendar(part: mime.Part, bodies: Bodies, content: bytes) -> str:
    """Readable lines of an invitation or an answer to one, once: some programs send it twice, as words and as a file."""
    charset, method = headers.parameter(part.headers, "charset"), headers.parameter(part.headers, "method")
    invitation = invitations.read(content, charset, method)
    if part.type == "text/calendar":  # what is only attached is no answer
        bodies.calendar_method = bodies.calendar_method or invitation.method
    if invitation.lines in bodies._calendar_lines:
        return ""
    bodies._calendar_lines.append(invitation.lines)
    bodies._calendar_words.append(invitation.words)
    return invitation.lines
