"""What a picture's own first bytes say that it is. Only pictures made of dots: an SVG is a page, and may hold anything."""

from __future__ import annotations

import struct
from typing import NamedTuple

# As much of a file as is looked at: cameras put their notes, up to 64 KiB each, before a JPEG's size.
HEAD = 256 * 1024


class Picture(NamedTuple):
    content_type: str
    width: int
    height: int


def read(head: bytes) -> Picture | None:
    """`head`: the first bytes of a file, `HEAD` at most. None for what is no picture, or is damaged. Never raises."""
    try:
        for content_type, signature, size in _KINDS:
            if head.startswith(signature):
                width, height = size(head)
                return Picture(content_type, width, height) if width and height else None
    except (struct.error, IndexError, ValueError):
        return None
    return None


def _png(head: bytes) -> tuple[int, int]:
    return struct.unpack(">II", head[16:24]) if head[12:16] == b"IHDR" else (0, 0)


def _gif(head: bytes) -> tuple[int, int]:
    return struct.unpack("<HH", head[6:10])


def _webp(head: bytes) -> tuple[int, int]:
    if head[8:12] != b"WEBP":
        return 0, 0
    kind = head[12:16]
    if kind == b"VP8X":
        return 1 + int.from_bytes(head[24:27], "little"), 1 + int.from_bytes(head[27:30], "little")
    if kind == b"VP8L":
        bits = struct.unpack("<I", head[21:25])[0]
        return 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)
    width, height = struct.unpack("<HH", head[26:30])
    return (width & 0x3FFF, height & 0x3FFF) if kind == b"VP8 " else (0, 0)


def _jpeg(head: bytes) -> tuple[int, int]:
    """From segment to segment until the one that tells the size (SOF0 to SOF15, save DHT, JPG and DAC)."""
    at = 2
    while head[at] == 0xFF:
        marker = head[at + 1]
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            height, width = struct.unpack(">HH", head[at + 5 : at + 9])
            return width, height
        at += 2 + struct.unpack(">H", head[at + 2 : at + 4])[0]
    return 0, 0


_KINDS = (
    ("image/png", b"\x89PNG\r\n\x1a\n", _png),
    ("image/jpeg", b"\xff\xd8\xff", _jpeg),
    ("image/gif", b"GIF87a", _gif),
    ("image/gif", b"GIF89a", _gif),
    ("image/webp", b"RIFF", _webp),
)
