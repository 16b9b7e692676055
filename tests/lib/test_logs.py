"""What a log line looks like, and what never stands in one."""

from __future__ import annotations

import json
import logging
import sys

import pytest
from django.db import IntegrityError, OperationalError, transaction

from saksgang.lib.logs import JsonLine, TextLine
from saksgang.people.models import PersonAddress

TAKEN = "nora@sykehus.example"


def record(message: str, *arguments: object, error: BaseException | None = None) -> logging.LogRecord:
    caught = None
    if error is not None:
        try:
            raise error
        except BaseException:
            caught = sys.exc_info()
    return logging.LogRecord("saksgang.test", logging.WARNING, "here.py", 7, message, arguments, caught)


def told(*arguments, **facts) -> dict[str, str]:
    line = JsonLine().format(record(*arguments, **facts))
    assert "\n" not in line
    return json.loads(line)


def test_a_json_line():
    line = told("job %s took %s s", "clockwork", 3)
    assert line.pop("time").endswith("+00:00")
    assert line == {"level": "WARNING", "logger": "saksgang.test", "message": "job clockwork took 3 s"}


def test_a_text_line():
    assert TextLine().format(record("job %s", "clockwork")).endswith(" WARNING saksgang.test job clockwork")


@pytest.mark.parametrize(
    ("message", "shown"),
    [
        ("from nora@sykehus.example to ikt@sykehus.example", "from …@sykehus.example to …@sykehus.example"),
        ("<nora.sykepleier+x@ous.sykehus.example>:", "<…@ous.sykehus.example>:"),
        ("/tickets/nora@sykehus.example", "…@sykehus.example"),
        ("5 @ 3", "5 @ 3"),
        ("one\r\n2026-11-23 ERROR forged", "one  2026-11-23 ERROR forged"),
        ("half a character: \ud800", "half a character: ?"),
    ],
)
def test_s33_messages_without_addresses_and_on_one_line(message, shown):
    assert told(message)["message"] == shown


def test_s33_of_an_exception_the_kind_and_the_places_stay_and_its_words_go():
    try:
        try:
            raise ValueError(TAKEN)
        except ValueError as first:
            raise LookupError(TAKEN) from first
    except LookupError as error:
        line = record("failed", error=error)
    text, exception = TextLine().format(line), json.loads(JsonLine().format(line))["exception"]
    for words in (text, exception):
        assert words.index("ValueError") < words.index("LookupError")
        assert words.endswith("LookupError")
        assert "test_logs.py" in words
        assert TAKEN not in words


def test_s33_a_text_that_another_handler_made_is_not_used():
    line = record("failed", error=ValueError(TAKEN))
    logging.Formatter().format(line)
    assert TAKEN in line.exc_text
    assert TAKEN not in TextLine().format(line)


@pytest.mark.parametrize(
    ("error", "shown"),
    [
        (OSError(28, "No space left on device", "navn.pdf"), "OSError: No space left on device"),
        (OperationalError("connection refused\nDETAIL: x"), "OperationalError: connection refused"),
        (OperationalError('invalid input syntax: "Emne om Ola"'), "OperationalError: invalid input syntax: …"),
        (
            IntegrityError("duplicate key\nDETAIL:  Key (address)=(nora@sykehus.example)"),
            "IntegrityError: duplicate key",
        ),
        (UnicodeDecodeError("utf-8", b"Ola", 0, 1, "x"), "UnicodeDecodeError"),
    ],
)
def test_the_systems_own_words_stay(error, shown):
    assert told("failed", error=error)["exception"].endswith(shown)


def test_s33_what_the_database_refuses_is_not_quoted(cast):
    with pytest.raises(IntegrityError) as refused, transaction.atomic():
        PersonAddress.objects.create(person=cast.dag, address=TAKEN)
    words = told("failed", error=refused.value)["exception"]
    assert "IntegrityError" in words
    assert TAKEN not in words
