"""Signed, encrypted and compressed mails of S/MIME (CMS, RFC 5652): what lies inside, known by its content. Never raises.

Only as much of BER is read as leads to the content: lengths known or not, octet strings whole or in pieces. Signatures are
not checked, and nothing is decrypted.
"""

import binascii
import re
import zlib
from typing import Literal, NamedTuple

_PKCS7 = bytes.fromhex("2a864886f70d0107")
_SMIME = bytes.fromhex("2a864886f70d01091001")
_KINDS: dict[bytes, Literal["signed", "encrypted", "compressed"]] = {
    _PKCS7 + b"\x02": "signed",
    _PKCS7 + b"\x03": "encrypted",
    _PKCS7 + b"\x04": "encrypted",
    _PKCS7 + b"\x06": "encrypted",
    _SMIME + b"\x09": "compressed",
    _SMIME + b"\x17": "encrypted",
}
_ARMOUR = re.compile(rb"-----BEGIN (?:PKCS ?#?7|CMS)[^\r\n-]{0,40}-----([A-Za-z0-9+/=\s]+)")
_BASE64 = re.compile(rb"MI[A-Za-z0-9+/\r\n]+={0,2}")
_LOOKED_AT = 40
_DEEPEST = 50
_LARGEST_UNPACKED = 100_000_000
_SEQUENCE, _SET, _OID, _OCTETS, _OCTETS_IN_PIECES, _EXPLICIT = 0x30, 0x31, 0x06, 0x04, 0x24, 0xA0


class Envelope(NamedTuple):
    """`content` is None where there is none to be had: encrypted, torn, or a signature that lies apart from its words."""

    kind: Literal["signed", "encrypted", "compressed"]
    content: bytes | None = None


def opened(data: bytes) -> Envelope | None:
    """The envelope that the bytes are, also as PEM or as base64 that nobody declared; None when they are none."""
    data = _binary(data)
    if data[:1] != b"\x30" or not (_PKCS7 in data[:_LOOKED_AT] or _SMIME in data[:_LOOKED_AT]):
        return None
    reader = _Reader(data)
    kind = None
    try:
        reader.enter(_SEQUENCE)
        kind = _KINDS.get(reader.whole(_OID))
        if kind is None or kind == "encrypted":
            return Envelope(kind) if kind else None
        content = reader.encapsulated()
        return Envelope(kind, _unpacked(content) if kind == "compressed" else content)
    except (IndexError, ValueError, zlib.error):
        return Envelope(kind) if kind else None


def _binary(data: bytes) -> bytes:
    armoured = _ARMOUR.search(data[:200]) and _ARMOUR.search(data)
    letters = armoured[1] if armoured else b""
    if data.lstrip()[:2] == b"MI" and _BASE64.fullmatch(data.strip()):
        letters = data
    try:
        return binascii.a2b_base64(letters) if letters else data
    except binascii.Error:
        return data


def _unpacked(content: bytes | None) -> bytes | None:
    if content is None:
        return None
    unpacking = zlib.decompressobj()
    unpacked = unpacking.decompress(content, _LARGEST_UNPACKED)
    return None if unpacking.unconsumed_tail else unpacked


class _Reader:
    """A place in BER. Raises IndexError at the end of the bytes and ValueError at what is not expected there."""

    def __init__(self, data: bytes) -> None:
        self.data, self.place = data, 0

    def header(self) -> tuple[int, int | None]:
        """Tag and end of the value that starts here; no end when its length is not told. Afterwards the place is its content."""
        tag, first = self.data[self.place], self.data[self.place + 1]
        self.place += 2
        if first == 0x80:
            return tag, None
        if first > 0x80:
            count = first & 0x7F
            length = int.from_bytes(self.data[self.place : self.place + count], "big")
            self.place += count
        else:
            length = first
        return tag, self.place + length

    def enter(self, tag: int) -> None:
        if self.header()[0] != tag:
            raise ValueError(tag)

    def whole(self, tag: int) -> bytes:
        found, end = self.header()
        if found != tag or end is None:
            raise ValueError(tag)
        value, self.place = self.data[self.place : end], end
        return value

    def skip(self) -> None:
        """One value with all that is in it."""
        depth = 0
        while True:
            tag, end = self.header()
            if end is None:
                depth += 1
            elif tag == 0 and end == self.place:
                depth -= 1
            else:
                self.place = end
            if depth > _DEEPEST:
                raise ValueError(depth)
            if depth <= 0:
                return

    def encapsulated(self) -> bytes | None:
        """Into SignedData or CompressedData: version, algorithms, and then the content with its type before it."""
        self.enter(_EXPLICIT)
        self.enter(_SEQUENCE)
        self.skip()
        self.skip()
        self.enter(_SEQUENCE)
        self.whole(_OID)
        if self.data[self.place : self.place + 1] != bytes([_EXPLICIT]):
            return None
        self.enter(_EXPLICIT)
        return self.octets()

    def octets(self) -> bytes | None:
        """An octet string; of one that is torn as much as there is, None when that is nothing."""
        content = bytearray()
        ends: list[int | None] = []
        while True:
            tag, end = self.header()
            if tag == _OCTETS and end is not None:
                content += self.data[self.place : end]
                self.place = end
            elif tag == _OCTETS_IN_PIECES and len(ends) < _DEEPEST:
                ends.append(end)
            elif tag == 0 and ends:
                ends.pop()
            else:
                raise ValueError(tag)
            while ends and ends[-1] == self.place:
                ends.pop()
            if not ends or self.place >= len(self.data):
                return bytes(content) or None
