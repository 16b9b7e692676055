"""A request for another host than ours: a plain 400 and one line, whatever the name."""

from __future__ import annotations

import logging

import pytest
from django.core import mail
from django.test import Client

from saksgang.lib.logs import TextLine

pytestmark = pytest.mark.once

WRONG = [
    "evil.example",
    "evil.example:99999",
    "a b",
    "'\"><script>",
    "",
    "[::1",
    "..",
    "x" * 3000,
    "å.example",
    "localhost@evil",
]


@pytest.mark.parametrize("host", WRONG)
@pytest.mark.parametrize("path", ["/", "/health", "/static/ui/mark.svg"])
def test_a_wrong_host_is_answered_plainly_and_told_in_one_line(host, path, caplog, db):
    with caplog.at_level(logging.INFO):
        answer = Client(raise_request_exception=False).get(path, HTTP_HOST=host)
    assert answer.status_code == 400
    assert answer["Content-Type"] == "text/plain; charset=utf-8"
    assert b"Traceback" not in answer.content
    assert len(answer.content) < 100
    assert len(caplog.records) == 1
    line = TextLine().format(caplog.records[0])
    assert "\n" not in line
    assert len(line) < 400
    assert caplog.records[0].levelname == "WARNING"
    assert mail.outbox == []


def test_our_own_host_is_let_through(db):
    assert Client().get("/sign-in", HTTP_HOST="localhost:8000").status_code == 200


def test_a_form_with_too_many_fields_is_one_line_without_traceback(caplog, db, settings):
    settings.DATA_UPLOAD_MAX_NUMBER_FIELDS = 3
    answer = Client(raise_request_exception=False).post("/sign-in", {f"x{n}": "1" for n in range(9)})
    assert answer.status_code == 400
    assert all("\n" not in TextLine().format(record) for record in caplog.records)
