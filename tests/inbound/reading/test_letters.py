"""Letters of every language come whole out of headers, however they are sent: nothing is done to words before they are decoded."""

import base64
import unicodedata
from urllib.parse import quote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from saksgang.inbound.reading import headers, mime
from saksgang.inbound.reading.charsets import is_utf_8
from saksgang.inbound.reading.mail import read

pytestmark = pytest.mark.once

# All letters, and pictures beyond the first 65,536: each byte from 0x80 on ends one of them, blanks and line ends of latin-1 too.
LETTERS = st.text(
    st.one_of(
        st.sampled_from("ÅåÀàÆæØøРрĠŠščŋŧđžѐ"),
        st.characters(categories=["Lu", "Ll", "Lo"]),
        st.characters(min_codepoint=0x1F300, max_codepoint=0x1F64F),
    ),
    min_size=1,
    max_size=12,
)
WORDS = st.lists(LETTERS, min_size=1, max_size=3).map(" ".join)
WESTERN = st.text("ÅåÀàÆæØøÉéÖöÜüÐðÞþŠšŽž…«»", min_size=1, max_size=12).filter(
    lambda text: not is_utf_8(text.encode("cp1252"))
)


def mail_of(words: bytes, address: bytes = b"ola@x.example", disposition: bytes = b"") -> bytes:
    named = b"To: " + words + b" <" + address + b">\nCc: " + address + b" (" + words + b")\n"
    quoted = b'Reply-To: "' + words + b'" <' + address + b">\n"
    ids = b"Message-ID: <" + address + b">\nReferences: <a@x>\n <" + address + b">\nX-Mailer: " + words + b"\n"
    return (
        b"From: " + words + b" <" + address + b">\n" + named + quoted + ids + b"Subject: " + words + b"\n"
        b"Content-Type: application/pdf\nContent-Disposition: attachment; " + disposition + b"\n\nx"
    )  # fmt: skip


def check(raw: bytes, words: str, address: str = "ola@x.example") -> None:
    mail = read(raw)
    assert (mail.from_name, mail.from_address) == (words, address)
    assert mail.to == mail.cc == mail.reply_to == ((words, address),)
    assert (mail.subject, mail.header("x-mailer")) == (words, words)
    assert [one.name for one in mail.attachments] == [f"{words}.pdf"]
    assert mail.text == ""


def as_kept(address: str) -> str:
    return unicodedata.normalize("NFC", address).lower()


@settings(deadline=None)
@given(WORDS, LETTERS, LETTERS)
def test_raw_utf_8(words, local, domain):
    address = f"{local}@{domain}.example"
    check(mail_of(words.encode(), address.encode(), b'filename="' + words.encode() + b'.pdf"'), words, as_kept(address))
    mail = read(mail_of(words.encode(), address.encode()))
    assert mail.message_id == mail.references[1] == address


@settings(deadline=None)
@given(WESTERN)
def test_western_bytes(words):
    raw = words.encode("cp1252")
    check(mail_of(raw, disposition=b"filename=" + raw + b".pdf"), words)


@settings(deadline=None)
@given(WORDS, st.sampled_from(["utf-8", "UTF-16", "gb18030"]))
def test_encoded_words(words, charset):
    data = words.encode(charset)
    quoted = "".join(f"={byte:02X}" for byte in data)
    for word in (f"=?{charset}?B?{base64.b64encode(data).decode()}?=", f"=?{charset}?q?{quoted}?="):
        check(mail_of(word.encode(), disposition=f'filename="{word}.pdf"'.encode()), words)


@settings(deadline=None)
@given(WORDS)
def test_file_names_of_rfc_2231(words):
    escaped = quote(f"{words}.pdf", safe="")
    whole = f"filename*=utf-8''{escaped}"
    check(mail_of(words.encode(), disposition=whole.encode()), words)
    cut = len(escaped) // 6 * 3
    pieces = f"filename*0*=utf-8''{escaped[:cut]};\n filename*1*={escaped[cut:]}"
    if "%" not in escaped[cut - 2 : cut]:  # an escape is never cut, a letter may be
        check(mail_of(words.encode(), disposition=pieces.encode()), words)
    bare = f"filename*=utf-8''{words}.pdf"
    check(mail_of(words.encode(), disposition=bare.encode()), words)


@settings(deadline=None)
@given(LETTERS, LETTERS, st.data())
def test_folded_within_a_letter(before, after, data):
    words = f"{before} {after}".encode()
    place = data.draw(st.sampled_from([n for n in range(1, len(words)) if words[n] & 0xC0 == 0x80] or [len(words)]))
    mail = read(b"Subject: " + words[:place] + b"\r\n " * (place < len(words)) + words[place:] + b"\n\nx")
    assert mail.subject.encode() == words


@settings(deadline=None)
@given(LETTERS)
def test_boundaries(letters):
    boundary = f"--{letters}".encode()
    raw = (
        b'Content-Type: multipart/mixed; boundary="'
        + boundary
        + b'"\n\n--'
        + boundary
        + b"\n\nHei\n--"
        + boundary
        + b"--\n"
    )
    assert (read(raw).text, read(raw).errors) == ("Hei", ("there is no sender address",))


@settings(deadline=None)
@given(st.binary(max_size=300))
def test_undecoded_values_hold_nothing_but_ascii_and_bytes(raw):
    """What makes the rest true: nothing that words are tidied with knows a lone surrogate."""
    for _name, value in mime.parse(b"Subject: " + raw).root.headers.items():
        assert all(letter < "\x80" or "\udc80" <= letter <= "\udcff" for letter in value)
        assert headers.octets(value) in b"Subject: " + raw


@pytest.mark.parametrize("most", range(1, 14))
def test_a_letter_is_never_cut_in_two(most):
    data = "Åå😀æ".encode()
    assert mime.cut(data, most).decode() == data[:most].decode("utf-8", "ignore")
    assert most - 4 <= len(mime.cut(b"\xa0" * 20, most)) <= most


def test_a_long_header_does_not_lose_its_letters():
    long = b"X-Mailer: " + "Å".encode() * 40_000 + b"\nFrom: a@b.example\n\nx"
    assert set(read(long).header("x-mailer")) == {"Å"}
    body = b"Content-Type: multipart/mixed; boundary=x\n\n" + b"--x\n\n" * 2_000 + "Å".encode() * 600_000
    assert "Ã" not in read(b"x" + body).text
