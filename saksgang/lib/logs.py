"""What a log line looks like, as text or as JSON, and what may never stand in one (S33).

Logs are read by more people than cases are, and kept elsewhere. So no line holds an address of a person, and nothing that
an exception quotes: its kind and the places in the source stay, its words only where they are the system's own.
"""

from __future__ import annotations

import json
import logging
import re
import traceback
from datetime import UTC, datetime

_ADDRESS = re.compile(r"[^\s<>\"'(),;:«»=\[\]]+@([\w.-]+)")
# PostgreSQL shows the value that it refused at the end of its first line, and whole rows on those below.
_QUOTED_END = re.compile(r': ".*$')
_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
LONGEST = 2000


def without_addresses(words: str) -> str:
    """`words` with the domain of each mail address only, so that one can still see where mails come from."""
    return _ADDRESS.sub(r"…@\1", words)


def message_of(record: logging.LogRecord) -> str:
    """The message on one line: what a stranger sends must not look like a line of our own."""
    words = _CONTROLS.sub(" ", record.getMessage())
    return without_addresses(words)[:LONGEST]


def exception_of(error: BaseException) -> str:
    """Where an exception came from and what kind it is, with those that led to it first."""
    told: list[str] = []
    one: BaseException | None = error
    while one is not None and len(told) < 10:
        name = f"{type(one).__module__}.{type(one).__qualname__}".removeprefix("builtins.")
        said = _said(one)
        told.append("".join(traceback.format_tb(one.__traceback__)) + (f"{name}: {said}" if said else name))
        one = one.__cause__ or (None if one.__suppress_context__ else one.__context__)
    return "\n\n".join(reversed(told))


def _said(error: BaseException) -> str:
    """The words of the operating system and of the database; any other exception may quote a mail or a secret."""
    from django.db import DatabaseError  # the web server's own process logs too, and needs no database

    if isinstance(error, DatabaseError):
        first_line = str(error).strip().partition("\n")[0]
        return without_addresses(_QUOTED_END.sub(": …", first_line))[:300]
    if isinstance(error, OSError) and error.errno:
        return error.strerror or ""
    return ""


def _error(record: logging.LogRecord) -> BaseException | None:
    """What failed of ours. A request that Django refuses as it reads it (too large, badly put together) is no fault of ours."""
    if record.name.startswith("django.security."):
        return None
    return record.exc_info[1] if record.exc_info else None


class TextLine(logging.Formatter):
    """One line for a person, with the places in the source below it when something failed."""

    def format(self, record: logging.LogRecord) -> str:
        line = f"{self.formatTime(record)} {record.levelname} {record.name} {message_of(record)}"
        error = _error(record)
        return f"{line}\n{exception_of(error)}" if error else line


class JsonLine(logging.Formatter):
    """One JSON object a line: time, level, logger, message, and exception when something failed."""

    def format(self, record: logging.LogRecord) -> str:
        told = {
            "time": datetime.fromtimestamp(record.created, tz=UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": message_of(record),
        }
        if error := _error(record):
            told["exception"] = exception_of(error)
        # Half a character, which UTF-8 cannot say, must not lose the line.
        return json.dumps(told, ensure_ascii=False).encode("utf-8", "replace").decode()
