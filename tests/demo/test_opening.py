"""The demo's database: never somebody else's, and told at whatever hour it is started."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.core.management import call_command

from saksgang.demo import command, opening, plan
from saksgang.events.models import Event
from saksgang.tickets.models import Ticket

pytestmark = pytest.mark.once


@pytest.mark.parametrize(
    "moment",
    [datetime(2026, 3, 1, 2, 0, tzinfo=UTC), datetime(2026, 3, 30, 6, 1, tzinfo=UTC)],
    ids=["a Sunday night", "the first minute of a week"],
)
def test_it_can_be_told_at_any_hour(db, moment):
    plan._matrices.clear()
    opening.make_first(now=moment)
    assert Ticket.objects.filter(open=1, next_step_due_at__lt=moment).count() <= 12
    assert not Event.objects.filter(at__gt=moment).exists()


def test_a_database_with_people_is_refused(cast):
    assert opening.is_somebody_elses()


def test_an_empty_one_is_not(db):
    assert not opening.is_somebody_elses()


def test_a_folder_that_it_did_not_make_is_refused(tmp_path, monkeypatch, capsys):
    (tmp_path / "saksgang.sqlite3").write_bytes(b"somebody's")
    monkeypatch.setenv("SAKSGANG_DEMO_DIR", str(tmp_path))
    assert command.run(["--fresh"]) == command.REFUSED
    assert "ikke laget av demoen" in capsys.readouterr().err
    assert (tmp_path / "saksgang.sqlite3").read_bytes() == b"somebody's"


def test_a_running_demo_keeps_its_folder(tmp_path, monkeypatch, capsys):
    (tmp_path / command.FOLDER_MARK).touch()
    monkeypatch.setenv("SAKSGANG_DEMO_DIR", str(tmp_path))
    with command._locked(tmp_path):
        assert command.run([]) == command.REFUSED
    assert "kjører allerede" in capsys.readouterr().err


def test_fresh_never_empties_a_database_server(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("SAKSGANG_DEMO_DIR", str(tmp_path))
    monkeypatch.setenv("SAKSGANG_DATABASE_URL", "postgresql://example/x")
    assert command.run(["--fresh"]) == command.REFUSED
    assert "selv" in capsys.readouterr().err


def test_a_taken_port_is_passed_over():
    with command.socket.socket() as taken:
        taken.bind((command.HOST, 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert command.free_port(port, set()) != port


def test_no_migration_is_missing(db):
    call_command("makemigrations", "demo", check=True, dry_run=True, verbosity=0)
