"""Tags and text of any HTML, in time linear in its length; nothing here raises.

The standard library's `html.parser` is not used: on unclosed tags and comments it starts over at each `<` and takes time
with the square of the length (10 MB of `<` would stop a worker). The scanner below remembers what it has looked for in
vain.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

_DROPPED_WITH_CONTENT = {"script", "style", "head", "title", "template", "iframe", "svg", "math"}
_MOST_TAGS_READ = 100_000
_LONGEST_TAG_READ = 20_000
_TAG_START = re.compile(r"<(?=[A-Za-z/!?])")
_TAG_NAME = re.compile(r"/?\s*([A-Za-z][A-Za-z0-9:_-]{0,40})")
_QUOTE_OR_END = re.compile(r"""["'>]""")
_ANY_TAG = re.compile(r"<[^<>]*>")


class Token(NamedTuple):
    """`name` is "" for text; otherwise a lower-case tag name and `text` is what stands after it in the tag."""

    name: str
    is_end: bool
    text: str


def tokens(source: str) -> Iterator[Token]:
    """Text and tags in order. Each character is looked at a bounded number of times."""
    place, tags = 0, 0
    scanner = _Scanner(source)
    while match := _TAG_START.search(source, place):
        if match.start() > place:
            yield Token("", False, source[place : match.start()])
        tags += 1
        end = scanner.end_of_tag(match.end())
        if end < 0 or tags > _MOST_TAGS_READ:
            # No `>` to come, or more tags than any person writes: the rest is text, its whole tags taken out at once.
            yield Token("", False, _ANY_TAG.sub(" ", source[match.start() :]))
            return
        token = _tag(source[match.end() : end])
        place = end + 1
        if token.name in _DROPPED_WITH_CONTENT and not token.is_end and not token.text.rstrip().endswith("/"):
            place = scanner.after_content(token.name, place)
        elif token.name:
            yield token
    if place < len(source):
        yield Token("", False, source[place:])


def _tag(inner: str) -> Token:
    match = _TAG_NAME.match(inner)
    if not match:
        return Token("", False, "")
    return Token(match[1].lower(), inner.startswith("/"), inner[match.end() :][:_LONGEST_TAG_READ])


class _Scanner:
    """Finds where tags and dropped elements end; what was sought in vain once is not sought again."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.sought_in_vain: set[str] = set()

    def _find(self, what: str, place: int) -> int:
        if what in self.sought_in_vain:
            return -1
        found = self.source.find(what, place)
        if found < 0:
            self.sought_in_vain.add(what)
        return found

    def end_of_tag(self, place: int) -> int:
        """Index of the last character of the tag or comment whose inside starts at `place`; -1 when there is none."""
        if self.source.startswith("!--", place):
            found = self._find("-->", place + 1)
            if found >= 0:
                return found + 2
        if self.source[place] in "!?":
            return self._find(">", place)
        return self._end_outside_quotes(place)

    def _end_outside_quotes(self, start: int) -> int:
        place = start
        while "outside quotes" not in self.sought_in_vain:
            match = _QUOTE_OR_END.search(self.source, place)
            if not match:
                break
            if match[0] == ">":
                return match.start()
            # A quote character counts only as the start of a value: `<p title=5">` and `<p>«it's»` are common.
            closing = self._find(match[0], match.end()) if self._starts_value(match.start()) else match.start()
            if closing < 0:
                break
            place = closing + 1
        self.sought_in_vain.add("outside quotes")
        return self._find(">", start)

    def _starts_value(self, quote: int) -> bool:
        return self.source[max(quote - 20, 0) : quote].rstrip().endswith("=")

    def after_content(self, name: str, place: int) -> int:
        """Where reading goes on after an element whose content is no text: after its end tag.

        A head without an end tag ends at the body; other elements without one hide nothing.
        """
        for ending in (f"</{name}", f"</{name.upper()}", f"</{name.capitalize()}"):
            found = self._find(ending, place)
            if found >= 0:
                return self._after_end(found)
        found = self._find("<body", place) if name == "head" else -1
        return found if found >= 0 else place

    def _after_end(self, found: int) -> int:
        end = self._find(">", found)
        return end + 1 if end >= 0 else len(self.source)
