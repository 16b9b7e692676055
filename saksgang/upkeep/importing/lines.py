"""Reading JSON lines of strangers: one object a line, each field asked for by name and kind. What is wrong raises `Wrong`."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

from saksgang.lib import text

Row = dict[str, Any]
T = TypeVar("T")
YEARS = range(1970, 2101)


class Wrong(ValueError):
    """A line that cannot be taken in: the sentence says why, and what to do about it."""


def lines(path: Path) -> Iterator[tuple[int, bytes]]:
    """(number, line) of each line that holds something; nothing when there is no such file."""
    if not path.exists():
        return
    with path.open("rb") as file:
        for number, line in enumerate(file, 1):
            if number == 1:
                line = line.removeprefix(b"\xef\xbb\xbf")  # noqa: PLW2901 - some editors put this mark first
            if line.strip():
                yield number, line


def parse(line: bytes) -> Row:
    try:
        row = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise Wrong(f"this is not JSON in UTF-8 ({error}). Write one object a line.") from error
    if not isinstance(row, dict):
        raise Wrong("this is not an object. Write one object in braces a line.")
    return row


def words(row: Row, name: str, limit: int, *, needed: bool = False) -> str:
    """One line of text; empty where none is given."""
    value = _whole(row, name)
    line = text.one_line(value, limit)
    if needed and not line:
        raise Wrong(f"«{name}» is missing. Give it some text.")
    return line


def long_text(row: Row, name: str) -> str:
    return text.strip_controls(_whole(row, name))


def _whole(row: Row, name: str) -> str:
    value = row.get(name)
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)
    raise Wrong(f"«{name}» is not text. Write it in quotation marks.")


def key(row: Row, name: str = "no") -> str:
    """What a row is called by the other files: a number, or a text."""
    return words(row, name, 40, needed=True)


def moment(row: Row, name: str, *, needed: bool = False) -> datetime | None:
    """A time in UTC; one that says no zone is in UTC already."""
    value = row.get(name)
    if value in (None, "") and not needed:
        return None
    try:
        found = datetime.fromisoformat(value)  # type: ignore[arg-type]  # what is no text is told below
        found = found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
    except (TypeError, ValueError, OverflowError) as error:
        raise Wrong(f"«{name}» is not a time. Write it as 2026-11-23T08:15:00+01:00.") from error
    if found.year not in YEARS:  # no calendar reckons with those
        raise Wrong(f"«{name}» lies in the year {found.year}. Mend it.")
    return found


def needed_moment(row: Row, name: str) -> datetime:
    found = moment(row, name, needed=True)
    if found is None:  # never: an empty one was refused
        raise Wrong(f"«{name}» is missing.")
    return found


def chosen(row: Row, name: str, values: Mapping[str, T], default: T) -> T:
    """One of fixed values, told without regard to capital letters."""
    value = row.get(name)
    if value in (None, ""):
        return default
    found = values.get(value.lower()) if isinstance(value, str) else None
    if found is None:
        raise Wrong(f"«{name}» is {value!r:.40}. Use one of: {', '.join(values)}.")
    return found


def yes(row: Row, name: str, *, default: bool = False) -> bool:
    value = row.get(name)
    if value is None:
        return default
    if not isinstance(value, bool):
        raise Wrong(f"«{name}» is neither true nor false.")
    return value


def listed(row: Row, name: str, kind: type[T]) -> list[T]:
    """A list of values of one kind; empty where none is given."""
    value = row.get(name)
    if value is None:
        return []
    if not isinstance(value, list) or not all(isinstance(one, kind) for one in value):
        raise Wrong(f"«{name}» is not a list of what it should hold. See docs/import-format.md.")
    return value
