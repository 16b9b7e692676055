"""A picture is what its own bytes say, whatever its name or its sender says."""

from __future__ import annotations

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from saksgang.lib.pictures import Picture, read

pytestmark = pytest.mark.once

PNG = b"\x89PNG\r\n\x1a\n" + struct.pack(">I4sII", 13, b"IHDR", 640, 360)
GIF = b"GIF89a" + struct.pack("<HH", 20, 10)
CAMERA_NOTES = b"\xff\xe1" + struct.pack(">H", 4002) + b"\xff" * 4000
JPEG = b"\xff\xd8" + CAMERA_NOTES + b"\xff\xc2" + struct.pack(">HBHH", 17, 8, 480, 800)
WEBP = b"RIFF\0\0\0\0WEBP"
VP8X = WEBP + b"VP8X" + b"\0" * 8 + (799).to_bytes(3, "little") + (599).to_bytes(3, "little")
VP8L = WEBP + b"VP8L" + b"\0" * 5 + struct.pack("<I", 99 | 49 << 14)
VP8 = WEBP + b"VP8 " + b"\0" * 10 + struct.pack("<HH", 320, 200)


@pytest.mark.parametrize(
    ("head", "picture"),
    [
        (PNG, Picture("image/png", 640, 360)),
        (GIF, Picture("image/gif", 20, 10)),
        (GIF.replace(b"89a", b"87a"), Picture("image/gif", 20, 10)),
        (JPEG, Picture("image/jpeg", 800, 480)),
        (VP8X, Picture("image/webp", 800, 600)),
        (VP8L, Picture("image/webp", 100, 50)),
        (VP8, Picture("image/webp", 320, 200)),
    ],
)
def test_a_picture_tells_its_kind_and_its_size(head, picture):
    assert read(head) == picture
    assert read(head + b"\0" * 5000) == picture


@pytest.mark.parametrize(
    "head",
    [
        b"", b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"<html>", b"%PDF-1.7", b"\x89PNG\r\n\x1a\n", b"GIF89a", b"BM" + b"\0" * 60,
        b"\xff\xd8\xff\xe0", b"\xff\xd8\xff\xd9\0\0", b"RIFF\0\0\0\0WAVEfmt ", WEBP + b"ALPH" + b"\1" * 20, PNG.replace(b"IHDR", b"IDAT"),
        b" " + PNG, GIF[:6] + b"\0\0\0\0", b"\xff\xd8\xff\xe0\0\0" * 9,
    ],
)  # fmt: skip
def test_what_is_no_picture_of_dots_or_is_damaged_is_none(head):
    assert read(head) is None


@given(st.sampled_from([b"", PNG[:8], GIF[:6], b"\xff\xd8", WEBP]), st.binary(max_size=400))
def test_nothing_that_comes_makes_it_fail(start, rest):
    read(start + rest)
