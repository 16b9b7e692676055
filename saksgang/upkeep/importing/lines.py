"""Reading JSON lines of strangers: one object a line, each field asked for by name and kind. What is wrong raises `Wrong`."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

from saksgang.lib import clock, text
from saksgang.lib.claiming import CLOCKS_APART
from saksgang.people.rules import folded_address, is_address

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


def past(row: Row, name: str) -> datetime | None:
    """A time that is over: one ahead was written in local time without its zone, or is no time of anything that has happened."""
    found = moment(row, name)
    if found and found > clock.now() + CLOCKS_APART:
        raise Wrong(
            f"«{name}» lies ahead ({found:%Y-%m-%d %H:%M} UTC). Mend it; local time needs its zone, as 2026-11-23T08:15:00+01:00."
        )
    return found


def needed_past(row: Row, name: str) -> datetime:
    needed_moment(row, name)
    return past(row, name) or clock.now()  # never: it is there


def in_order(
    first: str, at: datetime | None, second: str, then: datetime | None, *, slack: timedelta = timedelta()
) -> None:
    """Raises Wrong where `second` comes before `first`."""
    if at and then and then < at - slack:
        raise Wrong(
            f"«{second}» ({then:%Y-%m-%d %H:%M} UTC) lies before «{first}» ({at:%Y-%m-%d %H:%M} UTC). Mend one of them."
        )


def several(written: str, *, also: str = "") -> list[str]:
    """What stands in one field with a comma, a semicolon or a line break between, each once. `also`: other marks that part."""
    parts = re.split(rf"[;,\n{re.escape(also)}]", written) if also else re.split(r"[;,\n]", written)
    return list(dict.fromkeys(part.strip() for part in parts if part.strip()))


def addresses(written: Iterable[str]) -> tuple[str, ...]:
    """Every address in fields that may hold several, with names before them or not. Raises Wrong at what is none."""
    found: list[str] = []
    for field in written:
        for part in several(field) or [field]:
            # «a@x b@x», but «Kari Nordmann <a@x>» is one.
            for one in part.split() if part.count("@") > 1 and "<" not in part else [part]:
                address = folded_address(one)
                if not is_address(address):
                    raise Wrong(f"«{one:.80}» is no e-mail address. Mend it, or leave it out.")
                found.append(address)
    return tuple(dict.fromkeys(found))


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
