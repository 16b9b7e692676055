"""Transfer encodings and types of bodies, whatever they are called: what can be decoded is, and what cannot is said."""

import base64
import binascii
import quopri

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from saksgang.inbound.reading import enriched, uuencoding
from saksgang.inbound.reading.mail import read

pytestmark = pytest.mark.once

HEAD = b"From: Ola Nordlie <ola@sykehus.example>\nMIME-Version: 1.0\n"
WORDS = "Tastaturet på post 3 er dødt, æsj."
UTF_8 = 'Content-Type: text/plain; charset="utf-8"\n'
FILE = b"%PDF-1.4 rapport fra vakta\n" * 9


def mail_of(body: bytes, head: str = UTF_8):
    return read(HEAD + head.encode() + b"\n" + body)


def uuencoded(content: bytes, name: str = "rapport.pdf", *, backtick: bool = True) -> str:
    lines = [binascii.b2a_uu(content[n : n + 45], backtick=backtick).decode() for n in range(0, len(content), 45)]
    return f"begin 644 {name}\n" + "".join(lines) + ("`\n" if backtick else " \n") + "end\n"


def mixed(*parts: bytes) -> bytes:
    body = b"".join(b"--b\n" + part + b"\n" for part in parts)
    return HEAD + b"Content-Type: multipart/mixed; boundary=b\n\n" + body + b"--b--\n"


@pytest.mark.parametrize(
    "said",
    [
        "{};", "{} (kommentar)", "(kommentar) {}", '"{}"', "'{}'", "=?utf-8?q?{}?=", "  {}  ", "{};charset=utf-8", "{} charset=utf-8",
        "{},", "x-{}", "<{}>", "Content-Transfer-Encoding: {}", "\n {}", "{}\n ; x=y",
    ],
)  # fmt: skip
@pytest.mark.parametrize(
    "name", ["base64", "BASE64", "Base-64", "quoted-printable", "Quoted-Printable", "quoted_printable"]
)
def test_encodings_as_they_are_meant(name, said):
    body = base64.encodebytes(WORDS.encode()) if "64" in name else quopri.encodestring(WORDS.encode())
    mail = mail_of(body, f"{UTF_8}Content-Transfer-Encoding: {said.format(name)}\n")
    assert (mail.text.strip(), mail.errors, mail.undecoded) == (WORDS, (), ())


@pytest.mark.parametrize("name", ["7bit;", "8-bit", "BINARY (x)", '"8bit"', "none", ""])
def test_encodings_that_are_none(name):
    mail = mail_of(WORDS.encode(), f"{UTF_8}Content-Transfer-Encoding: {name}\n")
    assert (mail.text, mail.errors) == (WORDS, ())


def test_encodings_that_nobody_knows():
    unknown = "Content-Transfer-Encoding: x-merkelig\n"
    for body in (base64.encodebytes(WORDS.encode()), quopri.encodestring(WORDS.encode()), WORDS.encode()):
        mail = mail_of(body, UTF_8 + unknown)
        assert mail.text.strip() == WORDS
        assert "«x-merkelig» is not known" in mail.errors[0]
        assert mail.undecoded == ()
    file = mail_of(b"\x89PNG\x00\x01", "Content-Type: image/png; name=a.png\n" + unknown)
    assert file.undecoded == ("x-merkelig",)


@pytest.mark.parametrize("name", ["x-uuencode", "uuencode", "x-uue", "UUE;", "x-uu", '"x-uuencode"'])
@pytest.mark.parametrize("backtick", [True, False])
def test_uuencoded_parts(name, backtick):
    head = f'Content-Type: application/pdf; name="rapport.pdf"\nContent-Transfer-Encoding: {name}\n\n'
    raw = mixed(b"\nSe filen", head.encode() + uuencoded(FILE, backtick=backtick).encode())
    for line_end in (b"\n", b"\r\n", b"\r"):
        mail = read(raw.replace(b"\n", line_end))
        assert [(one.name, one.content) for one in mail.attachments] == [("rapport.pdf", FILE)]
        assert (mail.text.strip(), mail.errors) == ("Se filen", ())


def test_a_uuencoded_part_names_itself_and_a_text_may_be_one():
    head = b"Content-Type: application/octet-stream\nContent-Transfer-Encoding: x-uuencode\n\n"
    named = read(mixed(b"\nSe", head + uuencoded(FILE, "målt på.pdf").encode()))
    assert [one.name for one in named.attachments] == ["målt på.pdf"]
    said = mail_of(uuencoded(WORDS.encode(), "x").encode(), UTF_8 + "Content-Transfer-Encoding: uuencode\n")
    assert (said.text, [one.content for one in said.attachments]) == (WORDS, [WORDS.encode()])
    none = read(mixed(b"\nSe", head + b"ikke noe slikt"))
    assert (none.undecoded, none.attachments[0].content) == (("uuencode",), b"ikke noe slikt")


@settings(deadline=None)
@given(st.lists(st.binary(min_size=1, max_size=200), min_size=1, max_size=4), st.booleans())
def test_files_in_the_text_are_taken_out_of_it(files, backtick):
    pieces = [f"Nummer {n}:\n" + uuencoded(file, f"{n} å.bin", backtick=backtick) for n, file in enumerate(files)]
    mail = mail_of(("Hei\n" + "".join(pieces) + "Slutt\n").encode())
    assert [(one.name, one.content) for one in mail.attachments] == [(f"{n} å.bin", f) for n, f in enumerate(files)]
    assert mail.text == "Hei\n" + "".join(f"Nummer {n}:\n" for n in range(len(files))) + "Slutt\n"
    assert mail.errors == ()


def test_both_forms_and_lost_blanks():
    letters = base64.encodebytes(FILE).decode()
    assert uuencoding.taken_out(f"a\nbegin-base64 644 x.pdf\n{letters}====\nb\n") == (
        "a\nb\n",
        [uuencoding.File("x.pdf", FILE, False)],
    )
    lost = "\n".join(line.rstrip() for line in uuencoded(bytes(100) + b"x", backtick=False).split("\n"))
    assert uuencoding.taken_out(lost) == ("", [uuencoding.File("rapport.pdf", bytes(100) + b"x", False)])


def test_of_a_torn_file_what_is_there_comes_and_the_rest_is_said():
    whole = uuencoded(FILE)
    for torn in (whole[: whole.rindex("`")], whole[: len(whole) // 2], whole.replace("`\nend\n", "…\nMvh Ola\n")):
        mail = mail_of(("Hei\n" + torn).encode())
        assert FILE.startswith(mail.attachments[0].content)
        assert "the end of a uuencoded file is missing" in mail.errors
        assert mail.text.startswith("Hei\n")
        assert ("Mvh Ola" in torn) == ("Mvh Ola" in mail.text)


@pytest.mark.parametrize(
    "text",
    [
        "Filen begynner med\nbegin 644 rapport.pdf\nog slutter med\nend\n",
        "begin 644 er det eneste som står der\n",
        "begin 644 a\nend\n",
        "begin 644 a\nHEI DER\nIKT\n",
        "begin 644 a\n\n\nMAGNUS RINGER KLOKKA TO OM DET BLIR STILLE PAA VAKTA I KVELD NEI\n",
        "> begin 644 a\n> #86)C\n> `\n> end\n",
        "begin 644 " + "x" * 400 + "\n#86)C\n`\nend\n",
        "function x()\nbegin\nend\n",
    ],
)
def test_a_text_that_only_speaks_of_it_is_left_alone(text):
    mail = mail_of(text.encode())
    assert (mail.text, mail.attachments, mail.errors) == (text, (), ())


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Hei\n=ybegin line=128 size=9 name=a.bin\nxx\n=yend size=9\n", "yEnc"),
        ("Hei\n(This file must be converted with BinHex 4.0)\n\n:abc:\n", "BinHex"),
        ("Hei\n-----BEGIN PGP MESSAGE-----\n\nabc\n-----END PGP MESSAGE-----\n", "PGP"),
    ],
)
def test_what_is_not_read_here_is_said_and_left(text, name):
    mail = mail_of(text.encode())
    assert (mail.text, mail.undecoded) == (text, (name,))
    assert name in mail.errors[0]


@pytest.mark.parametrize("name", ["x-yenc", "binhex", "mac-binhex40"])
def test_encodings_that_are_not_read_here(name):
    mail = mail_of(b"abc", f"Content-Type: application/x-y; name=a\nContent-Transfer-Encoding: {name}\n")
    assert len(mail.undecoded) == len(mail.errors) == 1
    assert mail.attachments[0].content == b"abc"


@pytest.mark.parametrize(
    "kind",
    [
        "text", "text/", "TEXT/PLAIN charset=utf-8", "plain/text; charset=utf-8", "plain", "text/plain, charset=utf-8", '"text/plain"',
        "text/plain (ord); charset=utf-8", "text / plain; charset=utf-8", "text/x-anything", "text/markdown; charset=utf-8", "x", "/",
        "text/richtext", "text/enriched; charset=utf-8", "=?utf-8?q?text/plain?=", "application/text", "unknown/unknown", "charset=utf-8",
        "text/plain charset=iso-8859-1", "application/octet-stream", "; charset=utf-8", "text/x-web-markdown; name=a.md", "foo/bar/baz",
        "text/plain; charset=utf-8; name=melding.txt", "text/*", "text/plain; name=melding.txt\nContent-Disposition: attachment",
    ],
)  # fmt: skip
def test_types_of_words(kind):
    body = WORDS.encode("latin-1" if "8859" in kind else "utf-8")
    mail = mail_of(body, f"Content-Type: {kind}\n")
    assert mail.visible_text == WORDS
    assert not mail.unreadable
    assert [one.content for one in mail.attachments] == [body] * ("name=" in kind)


@pytest.mark.parametrize(
    "kind",
    [
        "html", "text/htm", "html/text; charset=utf-8", "TEXT/HTML charset=utf-8", "text/html; charset=utf-8; name=a.html",
        "text/html; name=a.html\nContent-Disposition: inline; filename=a.html", "application/xhtml+xml", '"text/html"; charset=utf-8',
        "text/html; name=a.html\nContent-Disposition: attachment; filename=a.html",
    ],
)  # fmt: skip
def test_types_of_html(kind):
    body = f"<p>{WORDS}</p>".encode()
    for raw in (mail_of(body, f"Content-Type: {kind}\n"), read(mixed(f"Content-Type: {kind}\n\n".encode() + body))):
        assert raw.visible_text.strip() == WORDS
        assert raw.html.strip() == body.decode()
        assert [one.name for one in raw.attachments] == ["a.html"] * ("a.html" in kind)


def test_files_beside_words_stay_files():
    csv = b"Content-Type: text/csv; name=a.csv\nContent-Disposition: inline\n\na;b\n1;2"
    log = b"Content-Type: text/plain; name=logg.txt\nContent-Disposition: attachment\n\nlinje 1"
    assert read(mixed(b"\nSe vedlegg", csv, log)).text.strip() == "Se vedlegg"
    assert read(mixed(b"\n\n", csv)).text.strip() == "a;b\n1;2"
    assert read(mixed(b"\n\n", log)).text.strip() == ""
    large = b"Content-Type: text/csv; name=a.csv\n\n" + b"1;2\n" * 100_000
    assert read(mixed(b"\n\n", large)).text.strip() == ""
    picture = mail_of(b"\x89PNG\r\n\x1a\n\0\0", "Content-Type: application/octet-stream\n")
    assert (picture.text, len(picture.attachments)) == ("", 1)


def test_a_mail_encrypted_with_pgp_is_said_to_be():
    inner = b"Content-Type: application/octet-stream; name=encrypted.asc\n\n-----BEGIN PGP MESSAGE-----\n\nabc"
    raw = mixed(b"Content-Type: application/pgp-encrypted\n\nVersion: 1", inner).replace(
        b"multipart/mixed", b"multipart/encrypted"
    )
    assert (read(raw).text, read(raw).undecoded) == ("", ("PGP",))


def test_a_multipart_with_a_transfer_encoding_or_half_a_type():
    inner = b"--b\n\n" + WORDS.encode() + b"\n--b--\n"
    head = "Content-Type: multipart/mixed; boundary=b\nContent-Transfer-Encoding: base64\n"
    whole = mail_of(base64.encodebytes(inner), head)
    assert (whole.text.strip(), whole.errors) == (WORDS, ())
    for kind in (
        "multipart; boundary=b",
        "multipart/mixed boundary=b",
        "multipart/; boundary=b",
        "MULTIPART/ALTERNATIVE;boundary=b",
    ):
        assert mail_of(inner, f"Content-Type: {kind}\n").text.strip() == WORDS


@pytest.mark.parametrize(
    ("source", "is_richtext", "words"),
    [
        ("<bold>Tastaturet</bold> virker ikke.", False, "Tastaturet virker ikke."),
        ("<fontfamily><param>Arial</param>Hei</fontfamily> 3 << 4", False, "Hei 3 < 4"),
        ("Hei,\n\nden er\nd\u00f8d.\n", False, "Hei,\nden er d\u00f8d. "),
        ("linje 1\nlinje 2\n", False, "linje 1\nlinje 2\n"),
        ("<bold>Hei</bold><nl>a <lt> b<comment>skjult</comment>", True, "Hei\na < b"),
        ("a <b c> 2 < 3", False, "a <b c> 2 < 3"),
    ],
)
def test_enriched_text(source, is_richtext, words):
    assert enriched.to_text(source, is_richtext=is_richtext) == words


@pytest.mark.parametrize(
    "body",
    [
        "begin 644 a\n" * 100_000, "begin 644 a\nM\n" * 100_000, "M" * 2_000_000, ("begin 644 a\n" + "M" + "!" * 60 + "\n") * 30_000,
        "<" * 2_000_000, "<param>" * 200_000, "\n" * 2_000_000 + "!", "MI" + "\n" * 2_000_000 + "!", "begin-base64 644 a\n" * 90_000,
    ],
)  # fmt: skip
@pytest.mark.parametrize("kind", ["text/plain", "text/enriched", "text/richtext", "application/pkcs7-mime", "x"])
def test_s06_long_ones_are_read(body, kind):
    read(HEAD + f"Content-Type: {kind}\nContent-Transfer-Encoding: x-merkelig\n\n{body}".encode())
