"""A long message stands with its first ten lines; not a word of it is lost between what stands and what is folded."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from saksgang.console.case.folding import FEWEST_HIDDEN, LINE, SHOWN, cut

pytestmark = pytest.mark.once


def lines(number):
    return "\n".join(f"Linje {nth}" for nth in range(1, number + 1))


@pytest.mark.parametrize("number", [1, SHOWN, SHOWN + FEWEST_HIDDEN - 1])
def test_what_is_a_little_longer_stands_whole(number):
    assert cut(lines(number)) == (lines(number), "", 0)


def test_ten_lines_stand_and_the_rest_is_counted():
    shown, rest, hidden = cut(lines(25))
    assert shown == lines(10)
    assert rest.split("\n")[0] == "Linje 11"
    assert hidden == 15


def test_long_lines_count_for_as_many_as_they_take():
    shown, _rest, hidden = cut("\n".join(["o" * LINE * 2] * 9))
    assert shown.count("\n") == 4
    assert hidden == 8


def test_it_is_parted_where_a_paragraph_ends_when_one_ends_near():
    shown, rest, _hidden = cut(lines(8) + "\n\n" + lines(20))
    assert (shown, rest) == (lines(8), lines(20))
    long = "o" * LINE * 2
    assert (
        cut(f"Hei\n\n{long}\n{long}\n{long}\n" + lines(20)).shown == f"Hei\n\n{long}\n{long}\n{long}\nLinje 1\nLinje 2"
    )


def test_one_endless_paragraph_is_parted_after_a_sentence_and_never_inside_a_word():
    sentence = "Skriveren på vaktrommet drar inn flere ark om gangen og stopper. "
    shown, rest, _hidden = cut(sentence * 40)
    assert shown.endswith("stopper.")
    assert rest.startswith("Skriveren")
    shown, rest, _hidden = cut("ord " * 500)
    assert shown.endswith("ord")
    assert rest.startswith("ord")


def test_one_endless_word_is_parted_all_the_same():
    shown, rest, _hidden = cut("A" * 5_000)
    assert len(shown) == LINE * SHOWN
    assert shown + rest == "A" * 5_000


def test_blank_lines_at_the_end_are_nothing_to_press_for():
    assert cut("Hei" + "\n" * 40).rest == ""


@given(st.text(alphabet="ab .\n", max_size=3_000) | st.text(max_size=2_000))
def test_no_word_is_lost(words):
    shown, rest, hidden = cut(words)
    assert "".join((shown + rest).split()) == "".join(words.split())
    assert bool(rest) == bool(hidden)
