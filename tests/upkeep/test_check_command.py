import pytest

from saksgang.lib import append_only
from saksgang.upkeep import check_command


def test_a_whole_installation_has_nothing_to_mend(cast, capsys):
    assert check_command.run([]) == 0
    assert "All is well" in capsys.readouterr().out


def test_it_names_what_is_missing(db, capsys):
    append_only.remove()
    try:
        assert check_command.run([]) == 1
    finally:
        append_only.install()
    said = capsys.readouterr().out
    assert "no active mailbox" in said
    assert "events_event_no_update" in said


@pytest.mark.django_db
def test_it_names_missing_migrations(monkeypatch, capsys):
    monkeypatch.setattr(check_command, "unapplied_migrations", lambda: ["tickets.0009_something"])
    assert check_command.run([]) == 1
    assert "saksgang migrate" in capsys.readouterr().out
