from __future__ import annotations

import pytest
from django.db import OperationalError
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client


def asked(address: str = "127.0.0.1", **headers) -> tuple[int, str]:
    answer = Client().get("/health", REMOTE_ADDR=address, headers=headers)
    return answer.status_code, answer.content.decode()


def test_all_is_well_with_one_query(db, django_assert_num_queries):
    asked()
    with django_assert_num_queries(1):
        assert asked("192.0.2.9") == (200, "OK\n")


def broken(*_arguments):
    raise OperationalError("connection to db.sykehus.example failed")


@pytest.fixture
def without_database(monkeypatch):
    monkeypatch.setattr(MigrationRecorder, "migration_qs", property(broken))


def test_strangers_are_told_that_it_is_out_of_order_and_no_more(db, without_database):
    assert asked("192.0.2.9") == (503, "Out of order\n")
    assert asked("127.0.0.1", **{"x-forwarded-for": "192.0.2.9"}) == (503, "Out of order\n")
    assert asked() == (503, "The database does not answer\n")


def test_the_token_tells_more(db, without_database, settings):
    settings.METRICS_TOKEN = "hemmelig-nok"
    assert asked("192.0.2.9", authorization="Bearer hemmelig-nok")[1] == "The database does not answer\n"
    assert asked("192.0.2.9", authorization="Bearer hemmelig-no")[1] == "Out of order\n"
    settings.METRICS_TOKEN = ""
    assert asked("192.0.2.9", authorization="Bearer ")[1] == "Out of order\n"


def test_a_missing_migration(db):
    MigrationRecorder.Migration.objects.get(app="people", name="0002_sign_in_failures").delete()
    assert asked() == (503, "1 migrations are missing\n")


@pytest.mark.parametrize("place", ["", "files"])
def test_a_folder_that_cannot_be_written_to(db, settings, tmp_path, place):
    """A file lies where the folder should be, as when a mount went away: no rights of root's help there."""
    settings.DATA_DIR = tmp_path / "data"
    if place:
        settings.DATA_DIR.mkdir()
    (settings.DATA_DIR / place).write_text("")
    assert asked() == (503, "The data folder cannot be written to: Not a directory\n")


def test_forms_are_not_taken(db):
    assert Client().post("/health").status_code == 405
