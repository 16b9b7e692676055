"""What counts as a solution's words (clause L1)."""

from __future__ import annotations

import re

# Said alone, these tell the requester nothing.
EMPTY_WORDS = {
    "løst", "løyst", "ok", "fikset", "fiksa", "ordnet", "ordna", "ferdig", "done", "fixed", "solved", "utført", "lukket", "lukka",
}  # fmt: skip


def says_nothing(text: str) -> bool:
    """Whether a resolution is empty, or only «løst», «ok» or «fikset»."""
    words = re.findall(r"\w+", text.casefold())
    return not words or all(word in EMPTY_WORDS for word in words)
