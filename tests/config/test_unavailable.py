"""While the database is away or locked, pages say 503 and when to come again, and what was sent is on the page."""

from __future__ import annotations

import html
import re

import pytest
from django.db import DataError, InterfaceError, OperationalError, connection
from django.test import Client

from saksgang.console.views import session
from saksgang.tickets import seen, visibility
from saksgang.tickets.models import Message
from tests.upkeep.places import place, server_of_this_run

PAGE = "text/html,application/xhtml+xml"
WORDS = "Blåbær på rom 3.\n\n<b>Ring før kl. 12</b> & ta med nøkkel"


@pytest.fixture
def kari(cast) -> Client:
    client = Client(raise_request_exception=False, headers={"accept": PAGE})
    client.force_login(cast.kari.account)
    return client


@pytest.fixture
def broken(monkeypatch):
    """Every look at a case fails as it does while the database is away."""

    def fails(error: Exception) -> None:
        def query(*_arguments, **_facts):
            raise error

        monkeypatch.setattr(visibility.TicketQuerySet, "visible_to", query)
        # A read that was prepared for somebody before is not built from visible_to() again.
        monkeypatch.setattr(seen.SeenBy, "prepared", query)

    return fails


AWAY = [
    OperationalError("database is locked"),
    OperationalError("connection to server at 10.0.0.1 failed: Connection refused"),
    OperationalError("server closed the connection unexpectedly"),
    OperationalError("disk I/O error"),
    InterfaceError("connection already closed"),
]


@pytest.mark.parametrize("error", AWAY, ids=str)
def test_a_page_says_when_to_come_again_and_nothing_of_ours(kari, broken, error):
    broken(error)
    answer = kari.get("/tickets/1")
    assert (answer.status_code, answer["Retry-After"], answer["Cache-Control"]) == (503, "30", "no-store")
    page = answer.content.decode()
    assert "10.0.0.1" not in page
    assert str(error) not in page
    assert 'href="/tickets/1"' in page


def test_another_fault_is_500(kari, broken):
    for error in (DataError("no"), OperationalError("no such table: tickets_ticket"), ValueError("no")):
        broken(error)
        assert kari.get("/tickets/1").status_code == 500


def test_what_follows_from_the_lost_connection_is_503_too(kari, broken):
    error = AttributeError("'NoneType' object has no attribute 'cursor'")
    error.__context__ = OperationalError("terminating connection due to administrator command")
    broken(error)
    assert kari.get("/tickets/1").status_code == 503


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("nb", "Saksgang er ute av drift akkurat nå"),
        ("nn", "Saksgang er ute av drift akkurat no"),
        ("en", "out of order just now"),
    ],
)
def test_in_the_three_languages(kari, broken, language, words):
    broken(AWAY[0])
    kari.cookies["language"] = language
    page = kari.get("/tickets/1").content.decode()
    assert words in page
    assert f'lang="{language}"' in page


@pytest.mark.parametrize(
    "headers",
    [
        {"hx-request": "true", "accept": PAGE}, {"accept": "application/json"}, {"accept": "*/*"},
        {"sec-fetch-dest": "empty", "accept": PAGE},
    ],
    ids=["htmx", "JSON", "a program", "fetch"],
)  # fmt: skip
def test_scripts_and_programs_read_a_short_text(kari, broken, headers):
    broken(AWAY[0])
    answer = kari.get("/tickets/1", headers=headers)
    assert answer.status_code == 503
    assert answer["Content-Type"] == "text/plain; charset=utf-8"
    assert answer["Retry-After"]
    assert "<" not in answer.content.decode()


def sent_again(page: str) -> dict[str, str]:
    """The fields of the form on the page, as a browser would send them."""
    fields = re.findall(r'<textarea name="([^"]+)" hidden>\n(.*?)</textarea>', page, re.DOTALL)
    return {html.unescape(name): html.unescape(value) for name, value in fields}


def test_what_somebody_wrote_comes_back_and_is_sent_again_by_one_press(kari, broken, cast, monkeypatch):
    ticket = cast.case()
    with monkeypatch.context():
        broken(AWAY[0])
        answer = kari.post(f"/tickets/{ticket.pk}/note", {"words": WORDS, "kind": ["a"]})
        page = answer.content.decode()
        assert answer.status_code == 503
        assert f'action="/tickets/{ticket.pk}/note"' in page
        assert "<b>Ring" not in page
    assert sent_again(page) == {"words": WORDS, "kind": "a"}


def test_a_password_never_comes_back(kari, monkeypatch):
    def fails(*_arguments, **_facts):
        raise AWAY[0]

    kari.logout()
    monkeypatch.setattr(session.SignInForm, "is_valid", fails)
    page = kari.post("/sign-in", {"username": "kari", "password": "hemmelig-i-testene"}).content.decode()
    assert "hemmelig-i-testene" not in page
    assert sent_again(page) == {"username": "kari"}


@pytest.mark.django_db(transaction=True)
def test_a_database_that_is_really_locked_or_gone(live_cast):
    """SQLite's lock that somebody holds for longer than we wait; PostgreSQL's server that ends our connection."""
    ticket = live_cast.case()
    client = Client(raise_request_exception=False, headers={"accept": PAGE})
    client.force_login(live_cast.kari.account)
    written = Message.objects.count()
    if connection.vendor == "sqlite":
        import sqlite3

        with connection.cursor() as cursor:
            cursor.execute("PRAGMA busy_timeout = 50")
        other = sqlite3.connect(connection.settings_dict["NAME"], isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        answer = client.post(f"/tickets/{ticket.pk}/note", {"words": WORDS})
        other.execute("ROLLBACK")
        other.close()
    else:
        import psycopg

        ours = connection.connection.info.backend_pid
        facts = connection.get_connection_params()
        connect = {key: facts[key] for key in ("dbname", "user", "password", "host", "port") if facts.get(key)}
        with psycopg.connect(**connect, autocommit=True) as other:
            other.execute("SELECT pg_terminate_backend(%s, 5000)", [ours])
        connection.health_check_done = True  # as in the midst of a request
        answer = client.post(f"/tickets/{ticket.pk}/note", {"words": WORDS})
    connection.close()
    assert answer.status_code == 503
    assert sent_again(answer.content.decode())["words"] == WORDS
    assert Message.objects.count() == written
    assert client.post(f"/tickets/{ticket.pk}/note", sent_again(answer.content.decode())).status_code in (302, 303)
    assert Message.objects.count() == written + 1


def test_a_database_without_tables_is_told_of_with_the_cure(tmp_path):
    with place(server_of_this_run()) as empty:
        said = empty.run("export", tmp_path / "out", code=1)
    assert said == "The database has not got the tables of this version yet. Run: saksgang migrate\n"
