"""Long messages: the first ten lines stand, the rest is one press away. Pure words; nothing is lost between the two."""

from __future__ import annotations

import re
from typing import NamedTuple

SHOWN = 10
# As many letters as a line of a message holds on a wide screen.
LINE = 80
# Fewer lines than this are not worth a press.
FEWEST_HIDDEN = 5
# The cut may come so many lines earlier, where a paragraph ends.
EARLIER = 3
_SENTENCE_END = re.compile(r"[.!?…:]\s+")
_BLANK = re.compile(r"\s+")


class Cut(NamedTuple):
    shown: str
    rest: str  # "" when nothing is hidden
    hidden: int  # how many lines


def cut(words: str) -> Cut:
    """The words in two: what stands, and what is folded."""
    if len(words) <= LINE * SHOWN and words.count("\n") < SHOWN + FEWEST_HIDDEN:
        return Cut(words, "", 0)
    lines = words.split("\n")
    heights = [_height(line) for line in lines]
    if sum(heights) < SHOWN + FEWEST_HIDDEN:
        return Cut(words, "", 0)
    standing = _standing(heights)
    if not standing:
        at = _inside(lines[0])
        return Cut(words[:at].rstrip(), words[at:].strip("\n"), sum(heights) - SHOWN)
    standing = _paragraph_end(lines, heights, standing)
    rest = "\n".join(lines[standing:]).strip("\n")
    if not rest:  # only blank lines
        return Cut(words, "", 0)
    return Cut("\n".join(lines[:standing]).rstrip("\n"), rest, sum(map(_height, rest.split("\n"))))


def _height(line: str) -> int:
    return max(-(-len(line) // LINE), 1)


def _standing(heights: list[int]) -> int:
    """How many of the lines fit."""
    total = 0
    for nth, height in enumerate(heights):
        total += height
        if total > SHOWN:
            return nth
    return len(heights)


def _paragraph_end(lines: list[str], heights: list[int], standing: int) -> int:
    """A blank line a little before the cut is a better place."""
    given_up = 0
    for nth in range(standing, 1, -1):
        given_up += heights[nth - 1]
        if given_up > EARLIER:
            break
        if not lines[nth - 1].strip():
            return nth
    return standing


def _inside(line: str) -> int:
    """Where to part one line that is longer than all that is shown: after a sentence, else between words."""
    most = LINE * SHOWN
    for pattern, least in ((_SENTENCE_END, most // 2), (_BLANK, most // 2)):
        ends = [match.end() for match in pattern.finditer(line, least, most)]
        if ends:
            return ends[-1]
    return most
