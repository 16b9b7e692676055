"""Folds quotes, signatures and banners of a mail's text. Nothing is cut: the segments joined are the text.

A quote shown by mistake is cheap, a reporter's word hidden is a defect: every sign must be sure, and where two readings
are possible the lines stay visible. Time is linear: each line is tried by patterns on its first few hundred characters,
and only the first 10,000 lines are tried.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import groupby
from typing import Literal, NamedTuple

from saksgang.inbound.reading import quote_signs as signs
from saksgang.inbound.reading import signatures

_MOST_LINES = 10_000
_HEADER_LINES = 9
_LONGEST_ANSWERED_QUOTE = 30
_SHOWN_OF_LONG_QUOTE = 10
_WORD = re.compile(r"[^\W_]")

# own words, marked quote, line that introduces one, signature or banner, unmarked history to the end
Kind = Literal["own", "quote", "intro", "aside", "history"]


class Segment(NamedTuple):
    """A run of text that is shown at once or folded."""

    folded: bool
    text: str


@dataclass
class _Mail:
    """The lines with their kinds. `evidence` says whether marked quotes may be trusted without an introduction."""

    lines: list[str]
    evidence: bool
    kinds: list[Kind] = field(default_factory=list)

    @property
    def end_of_own(self) -> int:
        return self.kinds.index("history") if "history" in self.kinds else len(self.lines)

    def own(self) -> str:
        return "".join(line for line, kind in zip(self.lines, self.kinds, strict=False) if kind == "own")


def split(text: str, *, subject: str | None = None, is_reply: bool | None = None) -> tuple[Segment, ...]:
    """The text in shown and folded runs. `subject` tells forwards; `is_reply` None means that it is not known.

    A text without any word left visible is visible as a whole; "" gives ().
    """
    if not text:
        return ()
    lines = text.split("\n", _MOST_LINES)
    whole = [line + "\n" for line in lines[:-1]] + lines[-1:]
    folded = _folded([line[: signs.LOOKED_AT].rstrip("\n") for line in whole], subject, is_reply)
    if not any(_WORD.search(line) for line, hidden in zip(whole, folded, strict=True) if not hidden):
        return (Segment(False, text),)
    runs = groupby(zip(whole, folded, strict=True), key=lambda pair: pair[1])
    segments = [Segment(hidden, "".join(line for line, _ in run)) for hidden, run in runs]
    return tuple(segment for segment in segments if segment.text)


def _folded(lines: list[str], subject: str | None, is_reply: bool | None) -> list[bool]:
    mail = _Mail(lines, evidence=is_reply is not False, kinds=["own"] * len(lines))
    _mark_banner(mail)
    forward = _mark_quotes(mail)
    _mark_asides(mail)
    if forward or _belongs_to_message(mail, subject, is_reply):
        return [kind == "aside" for kind in mail.kinds]
    hidden = [kind in ("aside", "history") for kind in mail.kinds]
    for start, end, answered in _quote_blocks(mail):
        first = _first_hidden_below(mail, start, end, answered)
        hidden[start:first] = [True] * (first - start)
    return _with_blank_lines(lines, hidden)


def _belongs_to_message(mail: _Mail, subject: str | None, is_reply: bool | None) -> bool:
    """Whether what stands below is part of what the sender says: a forward, a pasted mail, «se under»."""
    if "history" not in mail.kinds and "quote" not in mail.kinds:
        return False
    own = mail.own()
    if signs.POINTS_BELOW.search(own[:20_000]) or signs.ONLY_GREETS.fullmatch(own[:20_000].strip()):
        return True
    if subject is not None and signs.FORWARD_SUBJECT.match(subject[:200]):
        return True
    # What is no reply has no history: a pasted mail, or a form that looks like a mail's head.
    return is_reply is False and "history" in mail.kinds


def _mark_banner(mail: _Mail) -> None:
    """Warnings that a mail gateway put on top: only there, only in its words, only whole lines."""
    inside = False
    for place, line in enumerate(mail.lines[:12]):
        if not line.strip():
            inside = False
        elif _is_banner(line, mail.lines[place + 1 : place + 4]) or (inside and _continues_banner(line)):
            mail.kinds[place] = "aside"
            inside = True
        else:
            return


_BANNER_SIGNS = (signs.BANNER_OUTSIDE, signs.BANNER_WARNING, signs.BANNER_CARES)


def _is_banner(line: str, following: list[str]) -> bool:
    if signs.BANNER_ALONE.match(line):
        return True
    if not signs.BANNER_START.match(line) or len(line) >= signs.LOOKED_AT:
        return False
    paragraph = line
    for more in following:
        if not more.strip() or not _continues_banner(more):
            break
        paragraph += " " + more
    said = "?" not in paragraph and not signs.FIRST_PERSON.search(paragraph)
    return said and all(sign.search(paragraph) for sign in _BANNER_SIGNS)


def _continues_banner(line: str) -> bool:
    is_warning = signs.BANNER_WARNING.search(line) and signs.BANNER_CARES.search(line)
    return bool(is_warning) and "?" not in line and not signs.FIRST_PERSON.search(line)


def _mark_quotes(mail: _Mail) -> bool:
    """Marks marked quotes, their introductions and the history; True when a forwarded mail begins instead."""
    place, last = 0, min(len(mail.lines), _MOST_LINES)
    while place < last:
        line = mail.lines[place]
        if signs.QUOTED.match(line):
            mail.kinds[place] = "quote"
            place += 1
            continue
        if signs.FORWARDED.match(line):
            return True
        end = _introduction(mail.lines, place)
        if end == place:
            place += 1
        elif _next_is_quoted(mail.lines, end):
            mail.kinds[place:end] = ["intro"] * (end - place)
            place = end
        elif _may_stand_alone(mail.lines, place, end):
            start = _with_rule(mail.lines, place)
            mail.kinds[start:] = ["history"] * (len(mail.lines) - start)
            return False
        else:
            place = end
    return False


def _introduction(lines: list[str], place: int) -> int:
    """Where the lines that introduce a quote and begin at `place` end; `place` when they do not."""
    line = lines[place]
    if signs.ORIGINAL.match(line) or signs.ONE_LINE_HEADER.match(line):
        return place + 1
    if signs.FROM.match(line):
        return _end_of_header(lines, place)
    if signs.ATTRIBUTION_START.match(line):
        return _end_of_attribution(lines, place)
    if signs.NAMED_ATTRIBUTION.match(line) and _next_is_quoted(lines, place + 1):
        return place + 1
    return place


def _end_of_header(lines: list[str], place: int) -> int:
    """Fra, Sendt, and Til or Emne make a header; with Dato for Sendt it takes Emne and an address or a time of day."""
    near, end = lines[place : place + _HEADER_LINES], place + 1
    seen: set[str] = set()
    for offset, line in enumerate(near[1:], start=1):
        found = [name for name, sign in _HEADER_SIGNS if sign.match(line)]
        if found:
            seen.update(found)
            end = place + offset + 1
    has_address = any(signs.ADDRESS.search(line) for line in near)
    sure = "sent" in seen and ("to" in seen or "subject" in seen)
    has_time = any(signs.DATED.match(line) and signs.CLOCK.search(line) for line in near)
    likely = "dated" in seen and "subject" in seen and (has_address or ("to" in seen and has_time))
    return end if sure or likely else place


_HEADER_SIGNS = (
    ("sent", signs.SENT),
    ("dated", signs.DATED),
    ("to", signs.TO),
    ("subject", signs.SUBJECT),
    ("copy", signs.COPY),
)


def _end_of_attribution(lines: list[str], place: int) -> int:
    """An attribution may be wrapped over three lines."""
    joined = ""
    for offset, line in enumerate(lines[place : place + 3]):
        if not line.strip() or signs.QUOTED.match(line):
            return place
        joined = (joined + " " + line.strip()).strip()
        if joined.endswith(":") and signs.ATTRIBUTION_VERB.search(joined):
            is_one = signs.ATTRIBUTION.match(joined) and not signs.ATTRIBUTED_TO_WRITER.search(joined)
            return place + offset + 1 if is_one else place
    return place


def _may_stand_alone(lines: list[str], place: int, end: int) -> bool:
    """Whether what follows without quote marks is history. Of attributions only those with an address are sure."""
    line = lines[place]
    if signs.FROM.match(line) or signs.ORIGINAL.match(line):
        return True
    return any(signs.ADDRESS.search(one) for one in lines[place:end])


def _next_is_quoted(lines: list[str], place: int) -> bool:
    following = next((line for line in lines[place : place + 4] if line.strip()), "")
    return bool(signs.QUOTED.match(following))


def _with_rule(lines: list[str], place: int) -> int:
    """The place of a ruled line right above a header, or the place itself."""
    above = place - 1
    while above >= max(place - 3, 0) and not lines[above].strip():
        above -= 1
    return above if above >= 0 and signs.RULE.match(lines[above]) else place


def _mark_asides(mail: _Mail) -> None:
    """Marks telephone lines anywhere and a signature at the end of the sender's own words."""
    end = mail.end_of_own
    for place in range(min(end, _MOST_LINES)):
        if mail.kinds[place] == "own" and signs.PHONE_LINE.match(mail.lines[place]):
            mail.kinds[place] = "aside"
    for start, stop in _runs(mail.kinds, end):
        if "own" in mail.kinds[stop:end] and _has_own_words(mail, stop, end):
            continue
        first = signatures.start(mail.lines[start:stop])
        mail.kinds[start + first : stop] = ["aside"] * (stop - start - first)


def _runs(kinds: list[Kind], end: int) -> Iterator[tuple[int, int]]:
    """The runs between quotes, last one first, so that a signature below a quote is known before the quote is judged."""
    runs, place = [], 0
    for is_own, run in groupby(kinds[:end], key=lambda kind: kind in ("own", "aside")):
        length = sum(1 for _ in run)
        if is_own:
            runs.append((place, place + length))
        place += length
    return reversed(runs)


def _has_own_words(mail: _Mail, start: int, end: int) -> bool:
    return any(mail.kinds[place] == "own" and _WORD.search(mail.lines[place]) for place in range(start, end))


def _quote_blocks(mail: _Mail) -> Iterator[tuple[int, int, bool]]:
    """Start and end of each marked quote with its introduction, and whether own words come after it."""
    end = mail.end_of_own
    last_own = max((n for n in range(end) if mail.kinds[n] == "own" and _WORD.search(mail.lines[n])), default=-1)
    place = 0
    while place < end:
        if mail.kinds[place] not in ("quote", "intro"):
            place += 1
            continue
        start = place
        while place < end and (mail.kinds[place] in ("quote", "intro") or not mail.lines[place].strip()):
            place += 1
        while not mail.lines[place - 1].strip():
            place -= 1
        yield start, place, last_own >= place
        place = max(place, start + 1)


def _first_hidden_below(mail: _Mail, start: int, end: int, answered: bool) -> int:
    """The line up to which the block is folded: all of it, none of it, or the far part of a long answered quote."""
    introduced = mail.kinds[start] == "intro"
    if not introduced and (not mail.evidence or _announced(mail.lines, start)):
        return start
    if not answered:
        return end
    return start if end - start <= _LONGEST_ANSWERED_QUOTE else end - _SHOWN_OF_LONG_QUOTE


def _announced(lines: list[str], start: int) -> bool:
    """«Nå får jeg denne:» right above marked lines: the sender shows something of their own."""
    above = next((line for line in reversed(lines[max(start - 3, 0) : start]) if line.strip()), "")
    return above.rstrip().endswith(":")


def _with_blank_lines(lines: list[str], hidden: list[bool]) -> list[bool]:
    """Blank lines between folded lines fold with them, so that one fold does not become many."""
    result = list(hidden)
    place = 0
    for is_blank, run in groupby(range(len(lines)), key=lambda n: not lines[n].strip()):
        length = len(list(run))
        after = place + length
        if is_blank and place and result[place - 1] and (after >= len(lines) or hidden[after]):
            result[place:after] = [True] * length
        place = after
    return result
