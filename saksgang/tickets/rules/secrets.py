"""Whether words tell a secret: what nobody sends, since a mail is read by others than it is meant for."""

from __future__ import annotations

import re

# «Passordet ditt er Sommer26», «PIN 4711»: the word, what may stand between, and something that is no ordinary word.
_TOLD = re.compile(
    r"\b(?:passord(?:et)?|password|pin(?:-?kode(?:n)?)?|(?:engangs)?kode(?:n)?|(?:one-time )?code)\b"
    r"(?:\s+(?:ditt|din|your))?(?:\s*[:=]|\s+(?:er|is|blir|vert))*\s*(?P<told>[^\s,;]{4,})",
    re.IGNORECASE,
)


def tells_a_secret(words: str) -> bool:
    """Whether a password or a code seems to stand in full in the words."""
    return any(_is_no_word(found["told"]) for found in _TOLD.finditer(words))


def _is_no_word(told: str) -> bool:
    bare = told.strip(".!?:)(«»\"'")
    return len(bare) >= 4 and any(sign.isdigit() or sign in "!#$%&*@?" for sign in bare)
