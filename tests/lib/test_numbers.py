"""Numbers that strangers write: read in one place, never larger than a column."""

from __future__ import annotations

import pytest
from django.urls import get_resolver

from saksgang.lib.numbers import LARGEST, NumberConverter, whole_number

pytestmark = pytest.mark.once

NONE = [
    "",
    "0" * 5000,
    "9" * 4301,
    str(2**63),
    "-1",
    "+1",
    " 1",
    "1 ",
    "1\n",
    "²",
    "１２",
    "1_0",
    "1.0",
    "0x1",
    "1\x00",
    "\ud800",
    "x",
]  # noqa: RUF001


@pytest.mark.parametrize("written", NONE)
def test_what_is_no_number_of_ours_is_none(written):
    assert whole_number(written) is None


@pytest.mark.parametrize(("written", "number"), [("0", 0), ("007", 7), ("4711", 4711), (str(LARGEST), LARGEST)])
def test_digits_are_a_number(written, number):
    assert whole_number(written) == number


def test_a_number_in_an_address_fits_a_column():
    assert NumberConverter().to_python("4711") == 4711
    with pytest.raises(ValueError, match="larger"):
        NumberConverter().to_python(str(LARGEST + 1))


def test_no_address_reads_numbers_in_another_way():
    def converters(patterns):
        for one in patterns:
            yield from one.pattern.converters.values()
            yield from converters(getattr(one, "url_patterns", ()))

    used = {type(one).__name__ for one in converters(get_resolver().url_patterns)}
    assert used == {"NumberConverter", "SlugConverter"}
