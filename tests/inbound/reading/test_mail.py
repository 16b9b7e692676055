import base64
import email
import email.policy
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from saksgang.inbound.reading import headers, mime
from saksgang.inbound.reading.charsets import decode
from saksgang.inbound.reading.mail import read
from saksgang.inbound.senders.classes import classify
from saksgang.inbound.senders.forwards import inner_sender

pytestmark = pytest.mark.once

CORPUS = [path.read_bytes() for path in sorted((Path(__file__).resolve().parents[2] / "mail").glob("*.eml"))]
FROM = b"From: Ola Nordlie <ola@sykehus.example>\nSubject: x\n"


def text_mail(body: bytes, kind: bytes = b"text/plain; charset=utf-8", more: bytes = b"") -> bytes:
    return FROM + more + b"Content-Type: " + kind + b"\n\n" + body


def mixed(*parts: bytes, kind: bytes = b"mixed") -> bytes:
    joined = b"".join(b"--B\n" + part + b"\n" for part in parts)
    return FROM + b"Content-Type: multipart/" + kind + b"; boundary=B\n\n" + joined + b"--B--\n"


def check_promises(raw: bytes) -> None:
    mail = read(raw)
    classify(mail)
    inner_sender(mail)
    assert "".join(segment.text for segment in mail.segments) == mail.text
    assert all(segment.text for segment in mail.segments)
    assert "\0" not in "".join((*mail.in_reply_to, *mail.references))
    assert "\0" not in mail.text + mail.subject + mail.html + mail.from_name + mail.message_id
    mail.text.encode("utf-8")
    if b"\xef\xbf\xbd" not in raw and not is_encoded(raw):
        assert "\ufffd" not in mail.text + mail.subject + mail.from_name


def is_encoded(raw: bytes) -> bool:
    """Whether U+FFFD of the source could be hidden by an encoding."""
    return any(word in raw.lower() for word in (b"base64", b"quoted", b"=?", b"utf-16", b"utf-32", b"gb", b"%", b"&#"))


@settings(deadline=None)
@given(st.binary(max_size=2_000))
def test_read_never_raises(raw):
    check_promises(raw)


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(CORPUS), st.data())
def test_read_survives_mutations(raw, data):
    for _ in range(data.draw(st.integers(1, 4))):
        start = data.draw(st.integers(0, len(raw)))
        end = data.draw(st.integers(start, min(len(raw), start + 60)))
        raw = raw[:start] + data.draw(st.binary(max_size=12)) + raw[end:]
    check_promises(raw)


@settings(max_examples=100, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            [
                b"--B\n",
                b"--B--\n",
                b"\n",
                b"Content-Type: multipart/mixed; boundary=B\n",
                b"hei\r\n",
                b"Content-Type: text/html\n",
                b"<blockquote>",
                b"Fra: Ola\n",
                b"Sendt: 3. mars 2025\n",
                b"Til: Kari\n",
                b"> x\n",
                b"-- \n",
                b"Mvh\n",
                b"\xe5\n",
                b"Content-Transfer-Encoding: base64\n",
                b"From: a@b.example\n",
                b"=?utf-8?q?=E5?=",
                b"\r",
            ]
        ),
        max_size=40,
    )
)
def test_read_survives_pieces(pieces):
    check_promises(b"".join(pieces))


@pytest.mark.parametrize("raw", CORPUS)
def test_parts_are_those_of_the_standard_parser(raw):
    ours, waiting = [], [mime.parse(raw).root]
    while waiting:
        part = waiting.pop(0)
        waiting = part.children + waiting
        if not part.is_multipart:
            ours.append((part.type, mime.content(part)[0]))
    theirs, waiting = [], [email.message_from_bytes(raw, policy=email.policy.compat32)]
    while waiting:
        part = waiting.pop(0)
        if part.get_content_maintype() == "multipart":
            waiting = part.get_payload() + waiting
        elif part.get_content_maintype() == "message":
            theirs.append((part.get_content_type(), None))
        else:
            theirs.append((part.get_content_type(), part.get_payload(decode=True)))
    assert [kind for kind, _ in ours] == [kind for kind, _ in theirs]
    for (_, mine), (_, standard) in zip(ours, theirs, strict=True):
        assert standard is None or mine == standard


def test_headers_of_a_plain_mail():
    mail = read(
        b"Return-Path: <ola@sykehus.example>\r\nMessage-ID: <a1@x.example>\r\nIn-Reply-To: <b1@x.example>\r\n"
        b"References: <c1@x.example>\r\n <b1@x.example>\r\nDate: Mon, 3 Mar 2025 09:12:00 +0100\r\n"
        b'From: "Nordlie, Ola" <OLA@Sykehus.example>\r\nSender: sekr@sykehus.example\r\n'
        b"To: Gruppe: a@x.example, B <b@x.example>;\r\nCc: c@x.example (Cecilie)\r\nReply-To: <d@x.example>\r\n"
        b"Subject: =?iso-8859-1?Q?R=F8d?= skjerm\r\n\r\nHei\r\n"
    )
    assert (mail.message_id, mail.in_reply_to) == ("a1@x.example", ("b1@x.example",))
    assert mail.references == ("c1@x.example", "b1@x.example")
    assert (mail.from_name, mail.from_address, mail.sender) == (
        "Nordlie, Ola",
        "ola@sykehus.example",
        "sekr@sykehus.example",
    )
    assert mail.to == (("", "a@x.example"), ("B", "b@x.example"))
    assert mail.cc == (("Cecilie", "c@x.example"),)
    assert mail.reply_to == (("", "d@x.example"),)
    assert mail.date == datetime(2025, 3, 3, 8, 12, tzinfo=UTC)
    assert (mail.subject, mail.text, mail.errors) == ("Rød skjerm", "Hei\n", ())
    assert mail.headers["return-path"] == ("<ola@sykehus.example>",)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("=?utf-8?Q?bl=C3=A5?= =?utf-8?Q?b=C3?=\r\n =?utf-8?Q?=A6r?=", "blåbær"),
        ("=?utf-8?B?YmzDpWLDpnI=?=", "blåbær"),
        ("=?utf-8?B?YmzDpWL\r\n DpnI=?=", "blåbær"),
        ("SV:=?iso-8859-1?Q?_R=F8d?=lys", "SV: Rødlys"),
        ("=?gb2312?B?xOO6ww==?=", "你好"),
        ("=?iso-2022-jp?B?GyRCJDMkcxsoQg==?=", "こん"),
        ("=?utf-7?Q?+AOU-?=", "+AOU-"),
        ("=?finnes-ikke?Q?=E5?=", "å"),
        ("bl\xe5b\xe6r", "blåbær"),
        ("bl\xc3\xa5", "blå"),
        ("=?utf-8?Q?x", "=?utf-8?Q?x"),
        ("a\x00b\r\n c", "ab c"),
    ],
)
def test_words(value, expected):
    assert headers.words(value) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("", ()),
        ("<>", ()),
        ("Nordlie, Ola <ola@x.example>", (("Nordlie, Ola", "ola@x.example"),)),
        ("=?utf-8?Q?Ola_=3Csjef=40x=2Eexample=3E?= <ola@y.example>", (("Ola <sjef@x.example>", "ola@y.example"),)),
        ("undisclosed-recipients:;", ()),
        ("Mailer-Daemon", (("Mailer-Daemon", ""),)),
        ('"sjef@x.example" <ola@y.example>', (("sjef@x.example", "ola@y.example"),)),
        ("alice@x.example)bob@y.example", (("alice@x.example)bob@y.example", ""),)),
    ],
)
def test_addresses(value, expected):
    found = headers.addresses([value])
    assert found == expected or (expected and not expected[0][1] and not any(address for _, address in found))


def test_two_senders_and_none():
    assert read(b"From: a@x.example\nFrom: b@x.example\n\nhei").from_address == "a@x.example"
    assert read(b"From: a@x.example, b@x.example\n\nhei").errors
    assert read(b"From: \n\nhei").from_address == ""
    assert read(b"Message-ID: <>\n\nhei").message_id == ""
    assert read(b"").text == ""


@pytest.mark.parametrize(
    ("data", "label", "expected"),
    [
        ("blåbær".encode("cp1252"), "us-ascii", "blåbær"),
        ("blåbær".encode(), "us-ascii", "blåbær"),
        ("– «å»".encode("cp1252"), "iso-8859-1", "– «å»"),
        ("blåbær".encode("cp1252"), "utf-8", "blåbær"),
        ("ÅÆ".encode() + b"\xe5", "utf-8", "ÅÆå"),
        (b"\x81\xe5", "", "\x81å"),
        (b"+AOU-", "utf-7", "+AOU-"),
        ("你好".encode("gb18030"), "gb2312", "你好"),
        ("こん".encode("iso2022_jp"), "", "こん"),
        (b"hei", "utf-16", "hei"),
        ("hå".encode("utf-16"), "utf-16", "hå"),
        (b"hei", "zlib", "hei"),
        (b"hei", "x" * 5_000, "hei"),
        (b"\xef\xbb\xbfhei", "utf-8", "hei"),
    ],
)
def test_charsets(data, label, expected):
    assert decode(data, label) == expected


def test_transfer_encodings():
    base64_header = b"Content-Transfer-Encoding: base64\n"
    assert read(text_mail(base64.b64encode("blåbær\r\nhei".encode()), more=base64_header)).text == "blåbær\nhei"
    footer = base64.encodebytes(b"Hei\n") + b"_____\nEn liste, liksom\n"
    assert read(text_mail(footer, more=base64_header)).text == "Hei\n\n_____\nEn liste, liksom\n"
    assert read(text_mail(b"Ikke kodet, nei.", more=base64_header)).text == "Ikke kodet, nei."
    quoted = b"Content-Transfer-Encoding: quoted-printable\n"
    assert read(text_mail(b"bl=C3=A5=  \nb=ZZ C:\\temp=\n\\nytt", more=quoted)).text == "blåb=ZZ C:\\temp\\nytt"


def test_alternatives():
    plain, rich = b"\n\nHei, det brenner", b"Content-Type: text/html\n\n<p>Hei, det <b>brenner</b></p>"
    assert read(mixed(plain, rich, kind=b"alternative")).text.strip() == "Hei, det brenner"
    assert "ute" in read(mixed(plain, rich + b"<p>ute</p>", kind=b"alternative")).visible_text
    assert read(mixed(b"\nen", b"\nto")).text == "en\n\nto\n"


def test_attachments_are_exact():
    inner = b"Subject: =?utf-8?Q?Sp=C3=B8rsm=C3=A5l?=\nX-Very-Long: " + b"x " * 200 + b"\n\nhei\n"
    mail = read(mixed(b"\nse vedlegg", b"Content-Type: message/rfc822\n\n" + inner))
    assert mail.attachments[0].name == "Spørsmål.eml"
    assert mail.attachments[0].content == inner
    picture = b"Content-Type: image/png; name=a.png\nContent-ID: <b1>\n\nPNG"
    mail = read(mixed(b"Content-Type: text/html\n\n<img src='cid:b1'>hei", picture, kind=b"related"))
    assert mail.attachments[0].inline
    assert mail.attachments[0].content_id == "b1"


def test_s06_parts_and_depth_are_bounded():
    many = read(mixed(*[b"\nx"] * 3_000))
    assert many.unreadable
    assert many.text.count("x") <= mime.MOST_PARTS
    levels = [b"Content-Type: multipart/mixed; boundary=B%d\n\n--B%d\n" % (n, n) for n in range(500)]
    deep = read(FROM + b"".join(levels) + b"\nhei\n")
    assert deep.unreadable
    assert "hei" in deep.text
    assert deep.errors


@pytest.mark.parametrize(
    "body",
    [
        b"<" * 300_000,
        b">" * 300_000,
        b"> x\n" * 50_000,
        b"\n" * 200_000,
        b"Fra: x\n" * 50_000,
        b"Den skrev\n" * 50_000,
        b"Mvh\n" * 50_000,
    ],
)
@pytest.mark.parametrize("kind", [b"text/plain", b"text/html"])
def test_s06_long_texts_are_kept(body, kind):
    mail = read(text_mail(body, kind))
    if kind == b"text/plain":
        assert mail.text == body.decode()


def test_s19_line_breaks_in_headers_stay_out():
    mail = read(b"From: =?utf-8?Q?Ola=0D=0ABcc:_x?= <ola@x.example>\nSubject: =?utf-8?Q?a=0D=0ATo:_b?=\n\nhei")
    assert "\n" not in mail.from_name + mail.subject
    assert "\r" not in mail.from_name + mail.subject


def test_header_value_broken_without_a_blank_goes_on():
    mail = read(b"Subject: en lang\nemnelinje\nFrom: ola@x.example\n\nhei")
    assert (mail.subject, mail.from_address, mail.text) == ("en lang emnelinje", "ola@x.example", "hei")


def test_mail_without_headers_is_all_text():
    assert read("Hei, jeg er bare tekst\nmed blåbær\n".encode()).text == "Hei, jeg er bare tekst\nmed blåbær\n"


def test_text_below_the_last_boundary_is_read():
    raw = mixed(b"\nHei") + b"Bunntekst fra listen\n"
    assert read(raw).text == "Hei\n\nBunntekst fra listen\n"


def test_controls_stay_out_of_ids():
    mail = read(b"Message-ID: <a\x00b@x.example>\nReferences: <c\x00d@x.example> <\x00>\n\nhei")
    assert (mail.message_id, mail.references) == ("ab@x.example", ("cd@x.example",))


def test_a_text_that_no_page_shows_is_kept_in_one_piece():
    """Folding would copy it, at up to four bytes a letter: 30 MB with one emoji took 394 MiB, and 286 as it is."""
    words = "Hei på deg\n> sitat\n" * 60_000 + "😀"
    mail = read(f"From: a@b.example\nContent-Type: text/plain; charset=utf-8\n\n{words}".encode())
    assert mail.is_too_long
    assert mail.segments == ((False, words),)
