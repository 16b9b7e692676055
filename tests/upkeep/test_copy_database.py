"""An SQLite installation moves to PostgreSQL: every row, the same ids, and the desk goes on there."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import replace

import pytest

from saksgang.upkeep.copying import _hash, _refused, _texts
from tests.upkeep.places import Place, any_postgresql, filled, place


@pytest.fixture(scope="module")
def server():
    with any_postgresql() as url:
        yield url


@pytest.fixture
def desk():
    with place("", like=filled("")) as made:
        yield made


@pytest.fixture
def target(server):
    with place(server) as made:
        yield made


def on_sqlite(desk: Place, statement: str, *values) -> None:
    with closing(sqlite3.connect(desk.folder / "saksgang.sqlite3")) as connection:
        connection.execute(statement, values)
        connection.commit()


def test_everything_moves_and_the_desk_goes_on_there(desk, target):
    on_sqlite(desk, "UPDATE sqlite_sequence SET seq = 4711 WHERE name = 'tickets_ticket'")
    said = desk.run("copy-database", "--to", target.database_url)
    assert "compared and equal" in said
    moved = replace(desk, database_url=target.database_url)
    assert moved.script("numbers") == desk.script("numbers")
    assert moved.script("unready") == {"migrations": [], "triggers": []}
    assert moved.script("open_pages") == {"statuses": [200, 200], "shown": True}
    assert moved.script("take_one") == {"ticket": 4712}, "no number is given twice"


def test_who_looks_at_a_case_does_not_move(desk, target):
    desk.script("look")
    desk.run("copy-database", "--to", target.database_url)
    assert desk.script("looking") == {"rows": 1}
    assert replace(desk, database_url=target.database_url).script("looking") == {"rows": 0}


def test_a_target_with_anything_in_it_is_refused(desk, target):
    target.run("migrate", "--verbosity", "0")
    assert "Copy into a new, empty database" in desk.run("copy-database", "--to", target.database_url, code=1)


def test_while_a_worker_works_nothing_is_copied(desk, target):
    on_sqlite(
        desk, "INSERT INTO worker_slot (job, starts_at) VALUES ('clockwork', strftime('%Y-%m-%d %H:%M:00', 'now'))"
    )
    said = desk.run("copy-database", "--to", target.database_url, code=1)
    assert "`saksgang work` was at work" in said


def test_what_postgresql_cannot_hold_is_named_by_table_and_id_and_nothing_is_copied(desk, target):
    on_sqlite(desk, "UPDATE tickets_ticket SET subject = 'Nul' || char(0) || 'l' WHERE id = 2")
    on_sqlite(desk, "UPDATE tickets_ticket SET priority_steps = ? WHERE id = 3", '[["\\u0000", 1]]')
    on_sqlite(desk, "UPDATE tickets_ticket SET place = ? WHERE id = 4", "å" * 101)
    said = desk.run("copy-database", "--to", target.database_url, code=1)
    assert "tickets_ticket 2: subject holds a letter that is none" in said
    assert "tickets_ticket 3: priority_steps holds a letter that is none" in said
    assert "tickets_ticket 4: place has 101 letters, and 100 fit" in said
    moved = replace(desk, database_url=target.database_url)
    assert moved.script("numbers") == {"mails": 0, "tickets": [], "attachments": 0}


def test_a_missing_server_is_said_in_words(desk):
    said = desk.run("copy-database", "--to", "postgresql://desk@127.0.0.1:1/none", code=1)
    assert "Nothing was copied" in said
    assert "Traceback" not in said


def test_a_password_on_the_command_line_is_warned_of(desk):
    said = desk.run("copy-database", "--to", "postgresql://desk:hemmelig@127.0.0.1:1/none", code=1)
    assert "The password stands on the command line" in said


def test_rows_are_alike_whatever_the_order_of_their_json():
    assert _hash((1, {"a": 1, "b": 2}), {1}) == _hash((1, {"b": 2, "a": 1}), {1})
    assert _hash((1, {"a": 1}), {1}) != _hash((1, {"a": 2}), {1})


def test_texts_are_found_at_any_depth():
    assert [*_texts({"a": ["b", {"c": "d"}], "e": 1})] == ["a", "e", "b", "c", "d"]
    assert [*_refused((None, 3), (None, None))] == []
