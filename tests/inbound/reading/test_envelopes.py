"""S/MIME is known by what it is, whatever its part is called; what is encrypted is said to be; nothing crashes."""

import base64
import zlib
from datetime import UTC, datetime, timedelta
from functools import cache

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, pkcs7
from hypothesis import given, settings
from hypothesis import strategies as st

from saksgang.inbound.reading import envelopes
from saksgang.inbound.reading.mail import read

pytestmark = pytest.mark.once

INNER = "Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\nKortleseren på vakta er død.\r\n".encode()
WORDS = "Kortleseren på vakta er død."
HEAD = b"From: Ola Nordlie <ola@sykehus.example>\nMIME-Version: 1.0\n"


@cache
def key_and_certificate():
    key = rsa.generate_private_key(65537, 2048)
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "Ola Nordlie")])
    start = datetime(2026, 1, 1, tzinfo=UTC)
    building = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    building = building.serial_number(7).not_valid_before(start).not_valid_after(start + timedelta(days=9_999))
    return key, building.sign(key, hashes.SHA256())


@cache
def signed(inner: bytes = INNER, encoding: Encoding = Encoding.DER) -> bytes:
    key, certificate = key_and_certificate()
    builder = pkcs7.PKCS7SignatureBuilder().set_data(inner).add_signer(certificate, key, hashes.SHA256())
    return builder.sign(encoding, [pkcs7.PKCS7Options.Binary])


@cache
def encrypted() -> bytes:
    _key, certificate = key_and_certificate()
    builder = pkcs7.PKCS7EnvelopeBuilder().set_data(INNER).add_recipient(certificate)
    return builder.encrypt(Encoding.DER, [pkcs7.PKCS7Options.Binary])


def der(tag: int, *values: bytes) -> bytes:
    content = b"".join(values)
    size = len(content)
    length = bytes([size]) if size < 128 else bytes([0x84]) + size.to_bytes(4, "big")
    return bytes([tag]) + length + content


def ber(tag: int, *values: bytes) -> bytes:
    return bytes([tag, 0x80]) + b"".join(values) + b"\0\0"


def in_pieces(inner: bytes, most: int = 20) -> bytes:
    return b"".join(der(4, inner[place : place + most]) for place in range(0, len(inner), most))


def hand_made(content: bytes, kind: str = "2a864886f70d010702", wrap=ber) -> bytes:
    """A message of the standard's form, with a value in it that is as deep as one likes."""
    data, oid = der(6, bytes.fromhex("2a864886f70d010701")), der(6, bytes.fromhex(kind))
    inside = wrap(0x30, data, wrap(0xA0, content))
    return wrap(0x30, oid, wrap(0xA0, wrap(0x30, der(2, b"\1"), wrap(0x31, wrap(0x30, data)), inside)))


def part(data: bytes, kind: str, more: str = "", encoding: str = "base64") -> bytes:
    body = base64.encodebytes(data) if encoding == "base64" else data
    head = f"Content-Type: {kind}\n{more}" + (f"Content-Transfer-Encoding: {encoding}\n" if encoding else "")
    return head.encode() + b"\n" + body


DECLARED = [
    ("application/pkcs7-mime; smime-type=signed-data; name=smime.p7m", ""),
    ("application/pkcs7-mime; name=smime.p7m", ""),
    ("application/x-pkcs7-mime", ""),
    ("application/octet-stream; name=smime.p7m", ""),
    ("application/octet-stream", 'Content-Disposition: attachment; filename="SMIME.P7M"\n'),
    ("application/octet-stream; name=melding.bin", ""),
    ("application/pkcs7-signature; name=smime.p7s", ""),
    ("application/pkcs7-mime; smime-type=enveloped-data; name=smime.p7m", ""),
    ("application/cms", ""),
    ("application/pkcs7-mime smime-type=signed-data", ""),
]


@pytest.mark.parametrize(("kind", "more"), DECLARED)
def test_whatever_its_part_is_called(kind, more):
    mail = read(HEAD + part(signed(), kind, more))
    assert mail.visible_text.strip() == WORDS
    assert [one.content for one in mail.attachments] == [signed()]
    assert "a signed envelope was opened; its signature was not checked" in mail.errors
    assert mail.undecoded == ()


@pytest.mark.parametrize(
    "inner",
    [
        b"MIME-Version: 1.0\r\n" + INNER,
        b"X-Mailer: Outlook\r\n" + INNER,
        b"Subject: Kort\r\nFrom: ola@sykehus.example\r\n" + INNER,
        b"content-language: nb\r\n" + INNER.replace(b"\r\n", b"\n"),
        WORDS.encode(),
        b"\r\n" + WORDS.encode("cp1252"),
        b"Content-Type: multipart/mixed; boundary=i\r\n\r\n--i\r\n" + INNER + b"\r\n--i--\r\n",
        part(signed(), "application/octet-stream"),
    ],
)
def test_whatever_the_mail_inside_begins_with(inner):
    assert read(HEAD + part(signed(inner), "application/pkcs7-mime")).visible_text.strip() == WORDS


@pytest.mark.parametrize("encoding", ["base64", "binary", "BASE64;", ""])
@pytest.mark.parametrize("wrap", [der, ber])
@pytest.mark.parametrize(
    "content",
    [
        der(4, INNER),
        der(0x24, in_pieces(INNER)),
        ber(0x24, in_pieces(INNER)),
        ber(0x24, ber(0x24, in_pieces(INNER, 7))),
    ],
)
def test_lengths_known_or_not_and_words_in_pieces(content, wrap, encoding):
    data = hand_made(content, wrap=wrap)
    sent = base64.encodebytes(data) if encoding == "BASE64;" else data
    assert read(HEAD + part(sent, "application/pkcs7-mime", "", encoding)).visible_text.strip() == WORDS


def test_armour_and_base64_that_nobody_declared():
    for data in (signed(encoding=Encoding.PEM), base64.encodebytes(signed())):
        for kind in ("application/pkcs7-mime; name=smime.p7m", "application/octet-stream; name=smime.p7m"):
            assert read(HEAD + part(data, kind, encoding="7bit")).visible_text.strip() == WORDS


def test_beside_a_text_of_the_gateway():
    raw = b"Content-Type: multipart/mixed; boundary=b\n\n--b\n\nEKSTERN\n--b\n" + part(
        signed(), "application/octet-stream"
    )
    assert read(HEAD + raw + b"\n--b--\n").text.split("\n") == ["EKSTERN", "", WORDS, ""]


def test_compressed_mail():
    data = hand_made(der(4, zlib.compress(INNER)), "2a864886f70d0109100109", der).replace(b"\x31", b"\x30", 1)
    assert read(HEAD + part(data, "application/pkcs7-mime; smime-type=compressed-data")).visible_text.strip() == WORDS
    bomb = hand_made(der(4, zlib.compress(bytes(200_000_000))), "2a864886f70d0109100109", der)
    assert read(HEAD + part(bomb, "application/pkcs7-mime")).undecoded == ("S/MIME",)


@pytest.mark.parametrize("kind", [kind for kind, _more in DECLARED])
def test_encrypted_mail_is_said_to_be(kind):
    mail = read(HEAD + part(encrypted(), kind))
    assert "the mail is encrypted (S/MIME): only who has the key can read it" in mail.errors
    assert mail.undecoded == ("S/MIME",)
    assert [one.content for one in mail.attachments] == [encrypted()]


def test_a_signature_beside_its_words_is_none_of_this():
    signature = part(signed(), "application/pkcs7-signature; name=smime.p7s")
    raw = b"Content-Type: multipart/signed; boundary=b\n\n--b\n" + INNER + b"\n--b\n" + signature + b"\n--b--\n"
    mail = read(HEAD + raw)
    assert (mail.text.strip(), mail.errors, mail.undecoded) == (WORDS, (), ())
    assert [one.name for one in mail.attachments] == ["smime.p7s"]


@pytest.mark.parametrize("data", [b"", b"0", b"0\x80", b"ikke noe", signed()[:40], hand_made(b"\x24\x80")])
def test_what_cannot_be_opened_is_said(data):
    mail = read(HEAD + part(data, "application/pkcs7-mime; name=smime.p7m"))
    assert "an envelope of S/MIME could not be opened" in mail.errors
    assert len(mail.attachments) == 1


def test_of_a_torn_one_what_is_there_is_shown():
    torn = signed()[: signed().index(b"er d")]
    assert read(HEAD + part(torn, "application/pkcs7-mime; name=smime.p7m")).text == "Kortleseren på vakta "


@settings(deadline=None)
@given(st.sampled_from([signed(), encrypted(), hand_made(ber(0x24, in_pieces(INNER)))]), st.data())
def test_damaged_ones_never_raise(whole, data):
    place = data.draw(st.integers(0, min(len(whole), 300)))
    envelopes.opened(whole[:place] + data.draw(st.binary(max_size=6)) + whole[place + data.draw(st.integers(0, 9)) :])


def test_s06_depth_is_bounded():
    deep = ber(0x24, b"\x24\x80" * 2_000_000)
    assert envelopes.opened(hand_made(deep)).content is None
    chain = INNER
    for _level in range(8):
        chain = b"Content-Type: application/pkcs7-mime\r\nContent-Transfer-Encoding: binary\r\n\r\n" + hand_made(
            der(4, chain)
        )
    assert len(read(HEAD + chain).attachments) == 6
