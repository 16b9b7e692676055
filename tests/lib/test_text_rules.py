import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from saksgang.lib.text import fold, one_line, safe_file_name, sort_key, strip_controls

pytestmark = pytest.mark.once


def test_fold_keeps_norwegian_letters_apart():
    assert fold("ÅSE") == fold("åse") == fold("A\u030ase")
    assert fold("Åse") != fold("Ase")
    assert fold("  blå\n\tbær\u00a0 ") == "blå bær"


def test_norwegian_order():
    names = ["Åse", "Ærlig", "Ørn", "Zara", "Anne", "André", "andre2", "Østen"]
    assert sorted(names, key=sort_key) == ["André", "andre2", "Anne", "Zara", "Ærlig", "Ørn", "Østen", "Åse"]


def test_one_line():
    assert one_line("a\r\nBcc: b\x00", 100) == "a Bcc: b"
    assert one_line("abcdef", 4) == "abc…"
    assert one_line("abc", 0) == ""


@settings(deadline=None)
@given(st.text())
def test_strip_controls(text):
    clean = strip_controls(text)
    clean.encode("utf-8")
    assert not set(clean) & set("\0\r\x1b\x7f\x85\u202e\u2066")
    assert strip_controls(clean) == clean


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("rapport.pdf", "rapport.pdf"),
        ("C:\\temp\\nytt.txt", "nytt.txt"),
        ("../../etc/passwd", "passwd"),
        ("a\r\nSet-Cookie: b.txt", "a Set-Cookie_ b.txt"),
        ("faktura\u202efdp.exe", "fakturafdp.exe"),
        ('"blåbær".docx', "blåbær_.docx"),
        ("", "vedlegg"),
        ("..", "vedlegg"),
        ("/", "vedlegg"),
        ("con.txt", "_con.txt"),
        ("a\0.svg", "a.svg"),
    ],
)
def test_s08_file_names(name, expected):
    assert safe_file_name(name, "vedlegg") == expected


@settings(deadline=None)
@given(st.text())
def test_s08_file_names_are_always_safe(name):
    safe = safe_file_name(name, "vedlegg")
    assert safe
    assert len(safe) <= 120
    assert not set(safe) & set("/\\\"'\r\n\0<>:|*?`")
    assert not safe.startswith(".")


def test_s08_long_names_keep_their_ending():
    assert safe_file_name("å" * 5_000 + ".pdf", "x") == "å" * 116 + ".pdf"
