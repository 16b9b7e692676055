"""Addresses in plain words: what can be pressed, and where it truly goes. Pure, linear in the length; nothing here raises."""

from __future__ import annotations

import re
from typing import NamedTuple
from urllib.parse import urlsplit

# Browsers read a backslash as a slash, so an address ends at one; it also ends at what stands around addresses in prose.
_ADDRESS = re.compile(
    r"""(?<![\w.+@/:-])(?:
        (?P<web>(?:https?://|www\.)[^\s<>"«»“”\\]{1,2000})
      | (?P<mail>(?:mailto:)?[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8})
      | (?P<phone>tel:\+?\d[\d-]{2,20})
    )""",
    re.VERBOSE | re.IGNORECASE,
)
# A place named by words: «nav.no», «https://nav.no/side», «kari@nav.no».
_PLACE = re.compile(r"(?:https?://)?(?:[^\s/@]{1,100}@)?((?:[\w-]{1,63}\.){1,8}[a-z]{2,24})(?![\w.-])", re.IGNORECASE)
_HOST = re.compile(r"[a-z0-9_-]+(?:\.[a-z0-9_-]+)*")
_ENDS_SENTENCE = ".,;:!?'…"
_LONGEST_WORD = 300
# Letters that browsers and Python put into a host's ASCII form in different ways.
_READ_DIFFERENTLY = re.compile("[ßς\u200c\u200d]")


class Piece(NamedTuple):
    words: str
    url: str  # "" for mere words
    host: str  # where it goes, when it looks like another place


def pieces(text: str) -> list[Piece]:
    """The text in pieces, not a letter lost."""
    lower = text.lower()
    if not any(sign in lower for sign in ("://", "@", "www.", "tel:")):
        return [Piece(text, "", "")]
    found: list[Piece] = []
    place = 0
    for match in _ADDRESS.finditer(text):
        words = _trimmed(match[0])
        link = _link(words, match.lastgroup or "")
        if link is None:
            continue
        between, (url, host, dressed_up) = text[place : match.start()], link
        claimed = _claimed(text, match.start())
        if claimed and host and not _same_place(claimed, host):
            dressed_up = True
            if between == " <" and found:  # what it was dressed up as is no link
                found[-1] = Piece(found[-1].words, "", "")
        found += [Piece(between, "", ""), Piece(words, url, host if dressed_up else "")]
        place = match.start() + len(words)
    found.append(Piece(text[place:], "", ""))
    return [one for one in found if one.words]


def _trimmed(words: str) -> str:
    """Without the full stop of the sentence, and without the end of a bracket that was opened before the address."""
    spare = {end: words.count(end) - words.count(start) for start, end in ("()", "[]", "{}")}
    at = len(words)
    while at and (words[at - 1] in _ENDS_SENTENCE or spare.get(words[at - 1], 0) > 0):
        at -= 1
        if words[at] in spare:
            spare[words[at]] -= 1
    return words[:at]


def _link(words: str, kind: str) -> tuple[str, str, bool] | None:
    """(the address, the host it goes to, whether it looks like another place), or None for what is no address after all."""
    if kind == "phone":
        return words, "", False
    if kind == "mail":
        address = words if words.lower().startswith("mailto:") else f"mailto:{words}"
        return address, words.rpartition("@")[2].lower(), False
    url = words if "://" in words[:8] else f"https://{words}"
    try:
        parsed = urlsplit(url)
        host = (parsed.hostname or "").rstrip(".")
        plain = host if host.isascii() else host.encode("idna").decode()
        _port = parsed.port  # one that is none raises
    except ValueError:  # UnicodeError is one
        return None
    if not _HOST.fullmatch(plain) or plain == "www" or _READ_DIFFERENTLY.search(host):
        return None
    return url, plain, "@" in parsed.netloc or plain != host


def _claimed(text: str, start: int) -> str:
    """The place that the words of a link name, where its address follows them as `lib.html.to_text` writes it: «words <address>»."""
    if text[max(start - 2, 0) : start] != " <":
        return ""
    word = text[max(start - 2 - _LONGEST_WORD, 0) : start - 2].split()[-1:]
    named = _PLACE.match(word[0].lstrip("([{«“\"'")) if word else None
    return named[1].lower() if named else ""


def _same_place(one: str, other: str) -> bool:
    one, other = one.removeprefix("www."), other.removeprefix("www.")
    return one == other or one.endswith(f".{other}") or other.endswith(f".{one}")
