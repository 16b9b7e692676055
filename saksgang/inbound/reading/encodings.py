"""Transfer encodings of MIME parts, by what the header means and not only by what it says. Never raises; linear."""

import binascii
import re
from typing import NamedTuple

from saksgang.inbound.reading import uuencoding

_NO_SIGN = re.compile(r"[^a-z0-9]")
_NAMES = {
    "base64": "base64 b64 b base64encoded",
    "quoted-printable": "quotedprintable quoted qp q quotedprint printable quoteprintable",
    "": "7bit 8bit binary 7bits 8bits 16bit none identity ascii usascii utf8 plain text bit",
    "uuencode": "uuencode uue uu uuencoded",
    "yEnc": "yenc yencode yencoded",
    "BinHex": "binhex binhex40 macbinhex40 macbinhex",
}
_MEANS = {word: name for name, words in _NAMES.items() for word in words.split()} | {"": ""}

_BASE64_LINE = re.compile(rb"[A-Za-z0-9+/]*={0,2}[ \t]*")
_BASE64_LETTERS = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=")
_NOT_BASE64 = bytes(n for n in range(256) if n not in _BASE64_LETTERS)
_MOST_PADDINGS = 10_000
_SOFT_BREAK = re.compile(rb"=[ \t]+\n")
_ONLY_BASE64 = re.compile(rb"[A-Za-z0-9+/\r\n]+={0,2}")
_SHORTEST_GUESSED = 24
_QUOTED = re.compile(rb"=[0-9A-Fa-f]{2}")
_NOT_QUOTED = re.compile(rb"=(?![0-9A-Fa-f]{2}|[ \t]*\r?\n)")


class Content(NamedTuple):
    """The bytes, a sentence on what was wrong with their encoding or "", and the encoding's name when it is still on them."""

    data: bytes
    error: str = ""
    undecoded: str = ""


def decoded(body: bytes, declared: str, *, is_text: bool) -> Content:
    """`declared` is the first word of the header, in lower case."""
    name = _MEANS.get(_NO_SIGN.sub("", declared).removeprefix("x"))
    if name == "":
        return Content(body)
    if name is None:
        return _guessed(body, declared[:60], is_text=is_text)
    if name == "base64":
        return _from_base64(body, is_text=is_text)
    if name == "quoted-printable":
        return Content(_from_quoted(body))
    if name == "uuencode":
        return _from_uuencode(body, is_text=is_text)
    return Content(body, f"{name} is an encoding that is not read here: a part is kept as it came", name)


def _guessed(body: bytes, declared: str, *, is_text: bool) -> Content:
    """An encoding that nobody knows: what the bytes plainly are."""
    unknown = f"the transfer encoding «{declared}» is not known"
    if len(body) >= _SHORTEST_GUESSED and _ONLY_BASE64.fullmatch(body.strip()):
        return Content(_decoded(body), f"{unknown}: a part was read as base64")
    if not is_text:
        return Content(body, f"{unknown}: a part is kept as it came", declared)
    if _QUOTED.search(body) and not _NOT_QUOTED.search(body):
        return Content(_from_quoted(body), f"{unknown}: a text was read as quoted-printable")
    return Content(body, f"{unknown}: a text is shown as it came")


def _from_quoted(body: bytes) -> bytes:
    lines = body.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    return binascii.a2b_qp(_SOFT_BREAK.sub(b"=\n", lines))


def _from_uuencode(body: bytes, *, is_text: bool) -> Content:
    rest, file = uuencoding.of_part(body)
    if file is None:
        return Content(body, "a part that calls itself uuencoded is not", "" if is_text else "uuencode")
    return Content(rest * is_text + file.content, uuencoding.END_IS_MISSING * file.torn)


def _from_base64(body: bytes, *, is_text: bool) -> Content:
    if not is_text:
        return Content(_decoded(body))
    lines = body.splitlines(keepends=True)
    encoded = 0
    while encoded < len(lines) and _BASE64_LINE.fullmatch(lines[encoded].rstrip(b"\r\n")):
        encoded += 1
    rest = b"".join(lines[encoded:])
    if not rest.strip():
        return Content(_decoded(body))
    # Lists append their footer in plain text to encoded bodies, and some programs label plain text as base64.
    data = _decoded(b"".join(lines[:encoded])) + b"\n" * bool(encoded) + rest
    return Content(data, "not all of a base64 text was base64")


def _decoded(body: bytes) -> bytes:
    """Base64 read with all patience: foreign characters skipped, pieces after padding read too, a torn end dropped."""
    letters = body.translate(None, _NOT_BASE64)
    if letters.count(b"=") > _MOST_PADDINGS:
        letters = letters.replace(b"=", b"")
    pieces = []
    for piece in letters.split(b"="):
        whole = len(piece) // 4 * 4
        tail = piece[whole:]
        pieces.append(binascii.a2b_base64(piece[:whole] + (tail + b"=" * (4 - len(tail)) if len(tail) > 1 else b"")))
    return b"".join(pieces)
