"""Numbers that strangers write: in an address, a form, a cookie. One place reads them, so that none is larger than a column."""

from __future__ import annotations

import re

LARGEST = 2**63 - 1  # what a bigint holds, on both databases
_DIGITS = re.compile(r"[0-9]{1,19}")


def whole_number(written: str) -> int | None:
    """The number that ASCII digits alone spell, at most `LARGEST`; None for everything else, however long. Never raises."""
    if not _DIGITS.fullmatch(written):
        return None
    number = int(written)
    return number if number <= LARGEST else None


class NumberConverter:
    """`<number:…>` in an address: a number that some row may have. Any other is no address of ours (404)."""

    regex = "[0-9]{1,19}"

    def to_python(self, value: str) -> int:
        number = whole_number(value)
        if number is None:
            raise ValueError("larger than any number of ours")
        return number

    def to_url(self, value: int) -> str:
        return str(value)
