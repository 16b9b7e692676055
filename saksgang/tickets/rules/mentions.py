"""Who is called by name in a note: «@Jonas», «@Jonas Tveit». Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple

from saksgang.lib import text

# A sign that stands in an address or a word calls nobody. A name is letters, with a hyphen or an apostrophe in them.
_CALL = re.compile(r"(?<![\w@./])@(?=[^\W\d_])")
_NAME = re.compile(r"[^\W\d_]+(?:[-'’.][^\W\d_]+)*")
MOST = 20  # calls in one note; what comes after is words
LONGEST = 5  # words of a name


class Called(NamedTuple):
    """Whom a note calls, and what of it calls nobody or more than one."""

    names: dict[int, str]  # person → name
    unclear: dict[str, list[str]]  # as it was written → the names it may mean
    unknown: list[str]


def called(words: str, names: Mapping[int, str]) -> Called:
    """`names`: person → name, of those who can be called. The longest name that fits counts; a first name only where one has it."""
    found = Called({}, {}, [])
    for call in list(_CALL.finditer(words))[:MOST]:
        written = _words_after(words, call.end())
        persons, fitting = _meant(written, names)
        if len(persons) == 1:
            found.names[persons[0]] = names[persons[0]]
        elif persons:
            found.unclear[fitting] = [names[one] for one in persons]
        else:
            found.unknown.append(written[0])
    return found._replace(unknown=list(dict.fromkeys(found.unknown)))


def _words_after(words: str, at: int) -> list[str]:
    """The words that may be a name: up to the first that is none."""
    found: list[str] = []
    while len(found) < LONGEST and (word := _NAME.match(words, at)):
        found.append(word[0])
        at = word.end() + 1
        if words[word.end() : at] != " ":
            break
    return found


def _meant(written: list[str], names: Mapping[int, str]) -> tuple[list[int], str]:
    """The persons that the longest part of what was written fits, and that part."""
    for length in range(len(written), 0, -1):
        part = " ".join(written[:length])
        folded = text.fold(part)
        persons = [pk for pk, name in names.items() if text.fold(name) == folded]
        if not persons and length == 1:
            persons = [pk for pk, name in names.items() if text.fold(name).split(" ")[0] == folded]
        if persons:
            return persons, part
    return [], ""
