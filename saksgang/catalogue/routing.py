"""Which rule a new case falls under (clause T1). Pure: the rules come in, in their order, and the first that holds decides.

A rule names a team and perhaps a kind to propose; to the triage team of the managers it sends a case with a question. It never sets a
priority, closes or answers: it has no such field.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property, lru_cache

from saksgang.lib.text import fold

LONGEST_READ = 20_000  # letters of a text in which words are sought
BEGINS = "*"

_WORD = re.compile(r"\w+")


@dataclass(frozen=True)
class Rule:
    """Conditions that are empty hold for every case. `words`: what a person wrote, folded, one of which must be there."""

    pk: int
    team_id: int
    mailbox_id: int | None = None
    channel: str = ""
    sender: str = ""  # a folded address, or a folded domain, which holds for those below it too
    department_id: int | None = None
    service_id: int | None = None
    category_id: int | None = None
    words: tuple[str, ...] = ()
    proposes_id: int | None = None
    question: str = ""  # to the triage team, which `team_id` then is

    @cached_property
    def _whole(self) -> frozenset[str]:
        """The words of one part that stand as they are: all are looked for at once."""
        return frozenset(parts[0] for parts, begins in map(sought, self.words) if len(parts) == 1 and not begins)

    @cached_property
    def _starts(self) -> tuple[str, ...]:
        return tuple(parts[0] for parts, begins in map(sought, self.words) if len(parts) == 1 and begins)

    @cached_property
    def _phrases(self) -> tuple[tuple[tuple[str, ...], bool], ...]:
        return tuple((parts, begins) for parts, begins in map(sought, self.words) if len(parts) > 1)

    def is_said_in(self, arrival: Arrival) -> bool:
        """Whether one of its words is there."""
        if not self._whole.isdisjoint(arrival.known) or arrival.begins_one(self._starts):
            return True
        return any(arrival.says(parts, begins) for parts, begins in self._phrases)


@dataclass(frozen=True)
class Arrival:
    """What is known of a case as it comes. `text`: its subject and its first message, as they were written."""

    text: str = ""
    channel: str = ""
    mailbox_id: int | None = None
    address: str = ""  # folded; empty where nobody vouches for it
    department_id: int | None = None
    service_id: int | None = None
    category_id: int | None = None

    @cached_property
    def _parts(self) -> list[str]:
        return parts_of(self.text[:LONGEST_READ])

    @cached_property
    def _sorted(self) -> list[str]:
        return sorted(set(self._parts))

    @cached_property
    def known(self) -> frozenset[str]:
        return frozenset(self._sorted)

    @cached_property
    def _joined(self) -> str:
        return f" {' '.join(self._parts)} "

    def begins_one(self, starts: tuple[str, ...]) -> bool:
        """Whether a word begins with one of these: the first that could is looked at."""
        words = self._sorted
        for start in starts:
            at = bisect_left(words, start)
            if at < len(words) and words[at].startswith(start):
                return True
        return False

    def says(self, parts: tuple[str, ...], begins: bool) -> bool:
        """Whether the words stand there one after the other; with `begins`, whatever the last of them goes on with."""
        # Most texts lack the first word, and are then not read through.
        return parts[0] in self.known and f" {' '.join(parts)}{'' if begins else ' '}" in self._joined


def text_of(subject: str, text: str, segments: Iterable[Iterable[object]]) -> str:
    """What is sought through: the subject and the words as they stand unfolded. `segments`: pairs of (folded, text).

    Quotes and signatures are left out: «Laboratoriet» below a name does not make it the laboratory's matter.
    """
    said = "\n".join(str(part) for folded, part in segments if not folded)
    return f"{subject}\n{said if said.strip() else text}"


def parts_of(text: str) -> list[str]:
    """The folded words of a text, without the marks between them."""
    return _WORD.findall(fold(text))


@lru_cache(maxsize=4096)
def sought(word: str) -> tuple[tuple[str, ...], bool]:
    """What a rule's word means: its parts, and whether it ends in «*»."""
    return tuple(parts_of(word)), word.rstrip().endswith(BEGINS)


def in_words(written: str) -> list[str]:
    """The words of a rule as they are kept, from a line with commas between them: folded, each once, without those that say nothing."""
    kept: dict[str, None] = {}
    for one in re.split(r"[,;\n]", written):
        parts, begins = sought(one)
        if parts:
            kept[" ".join(parts) + (BEGINS if begins else "")] = None
    return list(kept)


def first_hit(rules: Iterable[Rule], arrival: Arrival) -> Rule | None:
    """The first rule whose conditions all hold. None: the case goes where it would go without rules."""
    return next((rule for rule in rules if holds(rule, arrival)), None)


def holds(rule: Rule, arrival: Arrival) -> bool:
    """Whether every condition that the rule gives is met."""
    return (
        rule.mailbox_id in (None, arrival.mailbox_id)
        and rule.channel in ("", arrival.channel)
        and rule.department_id in (None, arrival.department_id)
        and rule.service_id in (None, arrival.service_id)
        and rule.category_id in (None, arrival.category_id)
        and (not rule.sender or is_from(rule.sender, arrival.address))
        and (not rule.words or rule.is_said_in(arrival))
    )


def is_from(sender: str, address: str) -> bool:
    """Whether an address is `sender`, or lies in the domain that it is, or in one below."""
    if "@" in sender:
        return address == sender
    domain = address.rpartition("@")[2]
    return domain == sender or domain.endswith(f".{sender}")
