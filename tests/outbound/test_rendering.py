"""The bytes of our mails, read back by a parser that knows nothing of how they were made."""

from __future__ import annotations

import email
from datetime import datetime
from email.message import EmailMessage
from email.policy import default

import pytest

from saksgang.lib.clock import OSLO
from saksgang.outbound.rendering import File, Letter, as_html, fill, render
from saksgang.tickets.mail_reference import claims_in_subject, is_loop_mark

pytestmark = pytest.mark.once

AT = datetime(2026, 3, 11, 10, 0, tzinfo=OSLO)
OUTLOOK_ID = "DB9PR05MB1234567890ABCDEF12345678{:02}@DB9PR05MB1234.eurprd05.prod.outlook.com"


def letter(**changes) -> Letter:
    facts = {
        "number": 4711,
        "header_id": "sak-4711-1-0-abcdefghijklmnop@sykehus.example",
        "sender_name": "IKT",
        "sender_address": "ikt@sykehus.example",
        "recipient": "nora@sykehus.example",
        "to": [("Nora Sykepleier", "nora@sykehus.example")],
        "cc": [],
        "subject": "Får ikke logget på",
        "body": "Hei!\n\nVi ser på det.\nHilsen Kari",
        "at": AT,
    }
    return Letter(**(facts | changes))


def read(**changes) -> EmailMessage:
    return email.message_from_bytes(render(letter(**changes)), policy=default)


def raw_headers(**changes) -> list[bytes]:
    return render(letter(**changes)).split(b"\r\n\r\n")[0].split(b"\r\n")


def test_an_ordinary_answer():
    mail = read(cc=[("", "leder@sykehus.example")])
    assert mail["From"] == "IKT <ikt@sykehus.example>"
    assert mail["To"] == "Nora Sykepleier <nora@sykehus.example>"
    assert mail["Cc"] == "leder@sykehus.example"
    assert mail["Subject"].startswith("Får ikke logget på [SAK-4711-")
    assert mail["Message-ID"] == "<sak-4711-1-0-abcdefghijklmnop@sykehus.example>"
    assert mail["Date"].datetime == AT
    assert not mail.defects


def test_text_and_html_say_the_same():
    mail = read(body="Hei <b>du</b> & co\n\nSe https://x.example/?a=1&b=2 nå\nblåbær")
    assert mail.get_content_type() == "multipart/alternative"
    plain, html = (part.get_content().replace("\r\n", "\n") for part in mail.iter_parts())
    assert plain == "Hei <b>du</b> & co\n\nSe https://x.example/?a=1&b=2 nå\nblåbær\n"
    assert "<b>" not in html
    assert "Hei &lt;b&gt;du&lt;/b&gt; &amp; co" in html
    assert '<a href="https://x.example/?a=1&amp;b=2">' in html
    assert "nå<br>\nblåbær" in html


@pytest.mark.parametrize(
    "words", ['"><script>alert(1)</script>', "<img src=x onerror=alert(1)>", "javascript:alert(1)"]
)
def test_s01_words_never_become_markup(words):
    assert "<script" not in as_html(words)
    assert "<img" not in as_html(words)
    assert "href" not in as_html(words)


def test_every_line_ends_in_crlf_and_is_short_enough():
    raw = render(
        letter(body="x" * 5000 + "\nå" * 100, subject="æ" * 400, references=[OUTLOOK_ID.format(n) for n in range(10)])
    )
    assert b"\n" not in raw.replace(b"\r\n", b"")
    assert max(map(len, raw.split(b"\r\n"))) <= 998


INJECTIONS = [
    "Nora\r\nBcc: thief@x.example",
    "Nora\nBcc: thief@x.example",
    "Nora\r\n\r\n<html>",
    "Nora\x00\x0b\x85Bcc: a@x.example",
]


@pytest.mark.parametrize("words", INJECTIONS)
@pytest.mark.parametrize("place", ["subject", "sender_name", "to", "cc", "references", "file"])
def test_s19_nothing_that_people_write_makes_a_header(words, place):
    given = {
        "subject": {"subject": words},
        "sender_name": {"sender_name": words},
        "to": {"to": [(words, "nora@sykehus.example")]},
        "cc": {"cc": [(words, "nora@sykehus.example")]},
        "references": {"references": [words, "a@x.example"]},
        "file": {"files": [File(words, "text/plain", b"x")]},
    }[place]
    mail = read(**given)
    names = {name.lower() for name in mail}
    assert names <= {
        "from", "to", "cc", "subject", "date", "message-id", "in-reply-to", "references", "x-saksgang-loop", "mime-version",
        "content-type",
    }  # fmt: skip
    assert mail["Bcc"] is None
    assert mail["From"].addresses[0].addr_spec == "ikt@sykehus.example"
    assert mail["To"].addresses[0].addr_spec == "nora@sykehus.example"
    body = mail.get_body(("plain",)).get_content()
    assert body.startswith("Hei!")


@pytest.mark.parametrize(
    "name",
    [
        '"',
        "Berg, Nils",
        "Nora <thief@x.example>",
        "Åse Øyen",
        "🙂",
        "x" * 500,
        "",
        "=?utf-8?q?a?=",
        "a@b.example",
        "\\",
    ],
)
def test_a_name_of_any_kind_leaves_the_address_alone(name):
    mail = read(to=[(name, "nora@sykehus.example")])
    assert [one.addr_spec for one in mail["To"].addresses] == ["nora@sykehus.example"]


@pytest.mark.parametrize(
    "address", ["x@y@z.example", "a b@c.example", '"odd"@c.example', "nothing", ".a@c.example", "a..b@c.example"]
)
def test_an_odd_address_never_keeps_the_mail_from_being_made(address):
    assert render(letter(to=[("N", address)]))


def test_threading_headers_name_what_came_before_the_last_one_to_reply_to():
    mail = read(references=["a@x.example", "b@x.example"])
    assert mail["In-Reply-To"] == "<b@x.example>"
    assert mail["References"] == "<a@x.example> <b@x.example>"


def test_a_mail_that_starts_a_thread_refers_to_nothing():
    mail = read()
    assert (mail["In-Reply-To"], mail["References"]) == (None, None)


def test_references_are_ten_at_most_and_the_newest():
    ids = [f"{n}@x.example" for n in range(30)]
    assert read(references=ids)["References"].split() == [f"<{one}>" for one in ids[-10:]]


def test_ids_longer_than_a_line_are_written_as_they_are():
    """Python's own folding writes them as =?utf-8?q?…?=, and no mail reader threads by that."""
    ids = [OUTLOOK_ID.format(n) for n in range(10)] + ["x" * 400 + "@x.example"]
    raw = render(letter(references=ids, header_id="sak-4711-1-0-abcdefghijklmnop@" + "lang" * 20 + ".sykehus.example"))
    headers = raw.split(b"\r\n\r\n")[0].replace(b"\r\n ", b" ").split(b"\r\n")
    found = dict(line.split(b": ", 1) for line in headers)
    assert found[b"References"].decode().split() == [f"<{one}>" for one in ids[-10:]]
    assert found[b"In-Reply-To"].decode() == f"<{ids[-1]}>"
    assert found[b"Message-ID"].startswith(b"<sak-4711-1-0-abcdefghijklmnop@lang")


def test_only_a_receipt_says_that_a_machine_sent_it():
    assert read()["Auto-Submitted"] is None
    receipt = read(automatic="auto-replied")
    assert (receipt["Auto-Submitted"], receipt["X-Auto-Response-Suppress"]) == ("auto-replied", "All")


def test_every_mail_proves_its_case_and_is_known_when_it_comes_back():
    mail = read()
    assert [(claim.number, claim.proven) for claim in claims_in_subject(mail["Subject"])] == [(4711, True)]
    assert is_loop_mark(mail["X-Saksgang-Loop"])


@pytest.mark.parametrize(
    "name", ["Åse «æøå».pdf", 'a"b.txt', "a;b=c.txt", "x" * 200 + ".pdf", "faktura 🙂.docx", "a%20b.txt"]
)
def test_attachments_keep_their_names_and_bytes(name):
    content = bytes(range(256)) * 10 + b"\r\n.\r\n"
    (part,) = read(files=[File(name, "application/pdf", content)]).iter_attachments()
    assert (part.get_filename(), part.get_content(), part.get_content_disposition()) == (name, content, "attachment")


@pytest.mark.parametrize(
    ("written", "sent"),
    [
        ("image/png", "image/png"),
        ("Image/PNG; name=x", "image/png"),
        ("message/delivery-status", "application/octet-stream"),
        ("message/rfc822", "application/octet-stream"),
        ("multipart/mixed", "application/octet-stream"),
        ("/", "application/octet-stream"),
        ("", "application/octet-stream"),
        ("a/b/c", "application/octet-stream"),
        ("text/plain\r\nBcc: a@x.example", "application/octet-stream"),
    ],
)
def test_a_file_of_any_kind_goes_with_the_answer(written, sent):
    (part,) = read(files=[File("a.bin", written, b"\x00\xff\r\n")]).iter_attachments()
    assert (part.get_content_type(), part.get_payload(decode=True)) == (sent, b"\x00\xff\r\n")


def test_what_was_filled_in_is_never_filled_again():
    words = {"answer": "{name} {number} {answer} {{subject}}", "name": "Kari", "subject": "{answer}", "number": "7"}
    assert fill("{answer}|{subject}|{name}", words) == "{name} {number} {answer} {{subject}}|{answer}|Kari"


def test_names_that_nobody_knows_stay_as_they_are():
    assert (
        fill("{unknown} {0} {} {name!r} {name.x} 100 %", {"name": "Kari"}) == "{unknown} {0} {} {name!r} {name.x} 100 %"
    )
