"""From the first release to now, with cases in it: nothing is lost or changed, history is protected, and work goes on."""

from __future__ import annotations

import pytest

from tests.upkeep.places import Place, migrated, place, server_of_this_run

RELEASE = "first_release.py"


@pytest.fixture(scope="module")
def resting():
    with place(server_of_this_run()) as made:
        built = made.script("build", file=RELEASE)
        assert built["tables"] > 25
        assert built["rows"] > 25
        yield made


@pytest.fixture
def old(resting):
    with place(server_of_this_run(), like=resting) as made:
        yield made


def tables_of_a_new_one() -> dict:
    """Made by the one migration of each room, not by the steps."""
    with place(server_of_this_run(), like=migrated(server_of_this_run())) as new:
        return new.script("tables", file=RELEASE)


@pytest.mark.parametrize(
    "command", [["serve", "--port", "1"], ["work"], ["mail", "listen"]], ids=lambda words: words[0]
)
def test_nothing_starts_before_the_migrations_are_applied(old: Place, command):
    said = old.run(*command, code=1)
    assert "migrations" in said
    assert "Run: saksgang migrate" in said


def test_an_installation_of_the_first_release_comes_forward_whole(old: Place):
    old.run("migrate", "--verbosity", "0")
    assert old.script("compare", file=RELEASE) == {"changed": [], "missing_triggers": [], "lost_files": []}
    assert old.script("tables", file=RELEASE) == tables_of_a_new_one()
    assert old.script("work_on", file=RELEASE) == {
        "state": "RESOLVED",
        "reply": "reply",
        "history_refused": True,
        "mail_found": 2,
        "pages": [200],
        "shown": True,
    }


def test_a_backup_of_the_first_release_is_restored_and_then_brought_forward(old: Place, tmp_path):
    folder = old.back_up(tmp_path)
    with place(server_of_this_run()) as new:
        said = new.run("restore", "--verify", folder)
        assert "Restored and compared" in said
        assert "Now run: saksgang migrate" in said
        new.run("migrate", "--verbosity", "0")
        (new.folder / "as-it-was.json").write_bytes((old.folder / "as-it-was.json").read_bytes())
        assert new.script("compare", file=RELEASE) == {"changed": [], "missing_triggers": [], "lost_files": []}
