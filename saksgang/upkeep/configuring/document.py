"""The file as it is written: its sections with their lines, and what is wrong with them."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from saksgang.upkeep.configuring import lines

_LINE_OF_ERROR = re.compile(r"at line (\d+)")


class Wrong(Exception):
    """What is wrong, and what to do about it: two sentences for the person who wrote the file."""


@dataclass
class Complaints:
    """Everything that is wrong with a file, gathered so that it can be told at once."""

    file: str
    _found: set[tuple[int, str]] = field(default_factory=set)

    def add(self, line: int, words: str) -> None:
        self._found.add((line, words))

    def __bool__(self) -> bool:
        return bool(self._found)

    def told(self) -> list[str]:
        return [f"{self.file}:{line}: {words}" for line, words in sorted(self._found)]


@dataclass(frozen=True)
class Entry:
    """One section of the file, `[[team]]`, or a table within one."""

    section: str
    line: int
    facts: Mapping[str, Any]
    lines: Mapping[str, int]

    def line_of(self, key: str) -> int:
        """Where the key stands; the section itself for one that does not, or that is written in a way of its own."""
        return self.lines.get(key, self.line)

    def having(self, facts: Mapping[str, Any]) -> Entry:
        return Entry(self.section, self.line, facts, self.lines)


def read(path: Path, complaints: Complaints) -> list[Entry]:
    """The file's sections in their order; tables within them stay among their facts as entries."""
    try:
        toml = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        complaints.add(1, f"The file cannot be read: {error.strerror}. Name a file that is there and may be read.")
        return []
    except UnicodeError:
        complaints.add(1, "The file is not UTF-8. Save it as UTF-8.")
        return []
    try:
        written = tomllib.loads(toml)
    except tomllib.TOMLDecodeError as error:
        at = _LINE_OF_ERROR.search(str(error))
        complaints.add(int(at[1]) if at else toml.count("\n") + 1, f"This is not TOML: {error}. Mend the line.")
        return []
    return [entry for name, value in written.items() for entry in _entries(name, value, lines.places(toml), complaints)]


def _entries(name: str, value: Any, places: lines.Places, complaints: Complaints) -> list[Entry]:
    if isinstance(value, list) and all(isinstance(one, dict) for one in value):
        return [_entry(name, nth, one, places) for nth, one in enumerate(value)]
    headers = [at[""] for (section, _nth), at in places.items() if section.partition(".")[0] == name and "" in at]
    line = min(headers, default=places["", 0].get(name, 1))
    cure = f"Write [[{name}]] with two brackets, once for each, and its keys on the lines below."
    complaints.add(line, f"«{name}» is not written as a section. {cure}")
    return []


def _entry(name: str, nth: int, facts: dict[str, Any], places: lines.Places, fallback: int = 1) -> Entry:
    at = places.get((name, nth), {})
    line = at.get("", fallback)
    inner = {
        key: _entry(f"{name}.{key}", nth, value, places, at.get(key, line)) if isinstance(value, dict) else value
        for key, value in facts.items()
    }
    return Entry(name, line, inner, at)
