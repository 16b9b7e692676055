"""Addresses in plain words become links that tell where they go; what is dressed up as another place says so."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from saksgang.lib.links import Piece, pieces

pytestmark = pytest.mark.once


def links(words):
    return [(one.words, one.url, one.host) for one in pieces(words) if one.url]


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("Se https://nav.no/side?a=1&b=2#c.", ("https://nav.no/side?a=1&b=2#c", "https://nav.no/side?a=1&b=2#c", "")),
        ("(http://intranett/hjelp)", ("http://intranett/hjelp", "http://intranett/hjelp", "")),
        ("Se https://no.wikipedia.org/wiki/Ø_(bokstav)!", ("https://no.wikipedia.org/wiki/Ø_(bokstav)",) * 2 + ("",)),
        ("«www.nav.no»", ("www.nav.no", "https://www.nav.no", "")),
        ("HTTPS://NAV.NO", ("HTTPS://NAV.NO", "HTTPS://NAV.NO", "")),
        (
            "Skriv til kari.n+ikt@sykehus.example.",
            ("kari.n+ikt@sykehus.example", "mailto:kari.n+ikt@sykehus.example", ""),
        ),
        ("mailto:kari@sykehus.example", ("mailto:kari@sykehus.example", "mailto:kari@sykehus.example", "")),
        ("tel:+4798765432", ("tel:+4798765432", "tel:+4798765432", "")),
        ("her <https://nav.no>", ("https://nav.no", "https://nav.no", "")),
        ("https://nav.no:8443/x", ("https://nav.no:8443/x", "https://nav.no:8443/x", "")),
    ],
)
def test_an_address_becomes_a_link(words, found):
    assert links(words) == [found]


@pytest.mark.parametrize(
    "words",
    [
        "javascript:alert(1)", "data:text/html,hei", "file:///etc/passwd", "ftp://nav.no", "vbscript:x", "https://",
        "http://[::1", "kari@", "@nav.no", "a@b", "https:// nav.no", "xhttps://nav.no", "tel:", "www.", "https://@", "https://..",
        "https://na\u200dv.no", "https://fa\u00df.no/", "\\\\server\\mappe", "https://nav.no:99999999",
    ],
)  # fmt: skip
def test_other_schemes_and_broken_addresses_stay_words(words):
    assert links(words) == []


@pytest.mark.parametrize(
    ("words", "host"),
    [
        ("https://www.nav.no@evil.example/inn", "evil.example"),
        ("https://www.nav.no:x@evil.example", "evil.example"),
        ("https://www.nav.no <https://evil.example/x>", "evil.example"),
        ("nav.no <https://evil.example/x>", "evil.example"),
        ("Kari@nav.no <https://evil.example/x>", "evil.example"),
        ("https://nav.no.evil.example <https://nav.no>", "nav.no"),
        ("https://nаv.no/", "xn--nv-7kc.no"),  # a Cyrillic а
        ("kari@nav.no <ola@evil.example>", "evil.example"),
    ],
)
def test_a_link_dressed_up_as_another_place_tells_where_it_goes(words, host):
    [(_words, _url, told)] = links(words)
    assert told == host


@pytest.mark.parametrize(
    "words",
    [
        "https://nav.no <https://www.nav.no/>", "nav.no <https://login.nav.no/inn>", "https://login.nav.no <https://nav.no/inn>",
        "Klikk her. <https://nav.no>", "se side 4.2 <https://nav.no>",
    ],
)  # fmt: skip
def test_the_same_place_in_other_words_is_nothing_to_tell(words):
    assert [host for _words, _url, host in links(words) if host] == []


def test_a_backslash_ends_an_address_as_browsers_take_it_for_another_sign():
    assert links("https://evil.example\\@nav.no") == [("https://evil.example", "https://evil.example", "")]


@given(st.text(alphabet="ab.@:/<> htpsw\\()\n", max_size=400) | st.text(max_size=300))
def test_no_letter_is_lost_and_only_four_kinds_of_address_are_made(words):
    found = pieces(words)
    assert "".join(one.words for one in found) == words
    assert all(one.url.lower().startswith(("http://", "https://", "mailto:", "tel:")) for one in found if one.url)


@pytest.mark.parametrize(
    "part", ["a", "a@", "https://", "www.", "<https://a.no>", "a.b <", "(", "x" * 60 + "@", "https://a.no)", "tel:1 "]
)
def test_a_megabyte_of_what_never_becomes_an_address_is_read_in_one_go(part):
    words = "@www.://" + part * (1_000_000 // len(part))
    assert "".join(one.words for one in pieces(words)) == words


def test_words_without_addresses_are_one_piece():
    assert pieces("Skriveren tømmer papir.") == [Piece("Skriveren tømmer papir.", "", "")]
