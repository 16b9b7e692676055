"""A sentence put together of words that others wrote ends in one full stop."""

from __future__ import annotations

import pytest

from saksgang.lib.text import with_full_stop
from saksgang.outbound.rendering import fill
from saksgang.tickets.rules.priority import sentence

pytestmark = pytest.mark.once

ENDS = [
    ("i dag", "i dag."),
    ("i dag.", "i dag."),
    ("nå!", "nå!"),
    ("hvorfor?", "hvorfor?"),
    ("«i dag.»", "«i dag.»"),
    ("", ""),
    ("  ", ""),
]


@pytest.mark.parametrize(("words", "told"), ENDS)
def test_one_full_stop(words, told):
    assert with_full_stop(words) == told


@pytest.mark.parametrize("reason", ["Trengs i dag.", "Trengs i dag"])
def test_why_a_priority_was_set_by_hand(reason):
    told = sentence([["override", 2]], impact="", service="", criticality="", consequence="", override_reason=reason)
    assert told.endswith("i dag.")
    assert not told.endswith("..")


def test_words_in_a_mail_text():
    assert fill("Det gjelder {what}.", {"what": "Nede i dag."}) == "Det gjelder Nede i dag."
    assert fill("Ring {phone}. {x}.", {"phone": "12345"}) == "Ring 12345. {x}."
