"""Addresses in what was said can be pressed; the other side is told nothing, and no foreign picture is ever fetched."""

from __future__ import annotations

import pytest
from django.utils.html import escape

from saksgang.tickets.actions import answering
from saksgang.ui.tags import linked
from tests.console.case.help import browser, page
from tests.console.case.test_ticket import reply

pytestmark = pytest.mark.once


def test_an_address_in_a_message_and_in_what_it_quotes_is_a_link_of_which_the_other_side_hears_nothing(cast):
    ticket = cast.case()
    own, quoted = "Se https://nav.no/a?b=1&c=2.\n", "> Eller www.nav.no"
    reply(cast, ticket, own + quoted, segments=((False, own), (True, quoted)))
    html = page(browser(cast.kari), ticket)
    assert (
        'href="https://nav.no/a?b=1&amp;c=2" title="https://nav.no/a?b=1&amp;c=2" rel="noopener noreferrer nofollow"'
        in html
    )
    assert 'referrerpolicy="no-referrer" target="_blank">https://nav.no/a?b=1&amp;c=2</a>.' in html
    assert 'href="https://www.nav.no"' in html


def test_a_link_dressed_up_as_another_place_says_where_it_goes(cast):
    ticket = cast.case()
    answering.note(ticket=ticket, by=cast.knut, words="Se https://www.nav.no@evil.example/inn")
    assert '<span class="goes-to">(goes to evil.example)</span>' in page(browser(cast.kari), ticket)


@pytest.mark.parametrize(
    "words",
    [
        "<script>alert(1)</script>",
        '<a href="https://evil.example">nav.no</a>',
        '<img src="https://evil.example/x.png">',
        "javascript:alert(1)",
    ],
)
def test_what_was_written_as_code_is_shown_as_it_was_written(words):
    html = linked(words)
    assert "<script" not in html
    assert "<img" not in html
    assert escape(words.split("https")[0]) in html


def test_a_quote_in_an_address_closes_no_attribute():
    html = linked("https://nav.no/'onmouseover='alert(1)")
    assert 'href="https://nav.no/&#x27;onmouseover=&#x27;alert(1)"' in html
