"""Files written as letters by uuencode, as a part or in the middle of a text (POSIX, both its forms). Never raises.

A text that only speaks of `begin 644` is left alone: what is taken out must be lines of the encoding, which has no small
letters. What is taken out and what is left are together all that was sent.
"""

import binascii
import re
from collections.abc import Iterator
from typing import NamedTuple

from saksgang.inbound.reading.charsets import decode

_BEGIN = re.compile(r"(?m)^begin(-base64)?[ \t]+[0-7]{3,4}[ \t]+([^\n]{1,300})\n")
_LINE = re.compile(r"[ -`]{1,80}(?:\n|\Z)")
_BASE64_LINE = re.compile(r"[A-Za-z0-9+/]{1,200}={0,2}[ \t]{0,8}(?:\n|\Z)")
_END = re.compile(r"[ \t`]{0,8}\n?end[ \t]{0,8}(?:\n|\Z)")
_END_OF_BASE64 = re.compile(r"\n?====[ \t]{0,8}(?:\n|\Z)")
_FULL_LINE = 61
_MOST_FILES = 100
_MOST_TRIED = 1_000

END_IS_MISSING = "the end of a uuencoded file is missing"


class File(NamedTuple):
    """`torn`: its end is missing."""

    name: str
    content: bytes
    torn: bool


class _Block(NamedTuple):
    start: int
    end: int
    file: File


def taken_out(text: str) -> tuple[str, list[File]]:
    """The text without the files in it, and the files. Lines end in line feeds."""
    files: list[File] = []
    if not text.startswith("begin") and "\nbegin" not in text:
        return text, files
    rest: list[str] = []
    place = 0
    for block in _blocks(text):
        rest.append(text[place : block.start])
        files.append(block.file)
        place = block.end
    return "".join([*rest, text[place:]]), files


def of_part(body: bytes) -> tuple[bytes, File | None]:
    """What else there is, and the file of a part that is declared to be one, with or without its first line."""
    text = body.replace(b"\r\n", b"\n").replace(b"\r", b"\n").decode("latin-1")
    block = next(_blocks(text), None) or _read_lines(text, 0, "", 0)
    if block is None:
        return body, None
    name = decode(block.file.name.encode("latin-1"), "")
    return (text[: block.start] + text[block.end :]).encode("latin-1"), block.file._replace(name=name)


def _blocks(text: str) -> Iterator[_Block]:
    place = found = tried = 0
    while found < _MOST_FILES and tried < _MOST_TRIED and (match := _BEGIN.search(text, place)):
        tried += 1
        read = _read_base64 if match[1] else _read_lines
        block = read(text, match.end(), match[2].strip(), match.start())
        place = match.end()
        if block:
            found += 1
            place = block.end
            yield block


def _read_lines(text: str, place: int, name: str, start: int) -> _Block | None:
    """The lines from `place` on: each begins with the letter that tells how many bytes it holds."""
    pieces: list[bytes] = []
    full = False
    sure, sure_place = -1, place  # how many pieces came before the first line that is too short
    while match := _LINE.match(text, place):
        line = match[0].rstrip("\n")
        wanted = (((ord(line[0]) - 32) & 63) + 2) // 3 * 4
        # One letter more is a checksum; blanks at the end are lost on some ways.
        if len(line.rstrip()) > wanted + 2 or (wanted == 0 and pieces == [] and not line.strip("` ")):
            break
        if len(line) <= wanted and sure < 0:
            sure, sure_place = len(pieces), place
        full = full or len(line) >= _FULL_LINE
        try:
            pieces.append(binascii.a2b_uu(line[: wanted + 1]))
        except (binascii.Error, ValueError):
            break
        place = match.end()
        if wanted == 0:
            break
    closed = _after(_END, text, place)
    if not closed and sure >= 0:
        pieces, place = pieces[:sure], sure_place
    content = b"".join(pieces)
    if not content or not (closed or full):
        return None
    return _Block(start, closed or place, File(name, content, not closed))


def _read_base64(text: str, place: int, name: str, start: int) -> _Block | None:
    letters: list[str] = []
    while match := _BASE64_LINE.match(text, place):
        letters.append(match[0].strip())
        place = match.end()
    closed = _after(_END_OF_BASE64, text, place)
    joined = "".join(letters)
    if not joined or not (closed or len(joined) >= _FULL_LINE):
        return None
    try:
        content = binascii.a2b_base64(joined[: len(joined) // 4 * 4])
    except binascii.Error:
        return None
    return _Block(start, closed or place, File(name, content, not closed))


def _after(closing: re.Pattern[str], text: str, place: int) -> int:
    """Where the line after the closing one starts; 0 when it is missing. A blank line may stand before it."""
    match = closing.match(text, place)
    return match.end() if match else 0
