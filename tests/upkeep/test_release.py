"""What a restore brings back is held: nothing leaves the house and no mailbox is read, until `saksgang release` has told what would."""

from __future__ import annotations

import os
import pty
import shutil
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.kill.desk import Catcher
from tests.upkeep.places import SAKSGANG, Place, any_postgresql, filled, place, server_of_this_run

OWN_KEYS = ("secret_key", "mail_token_key", "mailbox_key")


@pytest.fixture(scope="module")
def relay():
    """The employees' mail server."""
    catcher = Catcher()
    catcher.controller.start()
    yield catcher
    catcher.controller.stop()


@pytest.fixture(scope="module")
def desk():
    """An installation with an answer to Ansatt 0 that waits to leave, and a mailbox that is read by IMAP."""
    with place(server_of_this_run(), like=filled(server_of_this_run())) as made:
        made.script("queue_an_answer")
        yield made


@pytest.fixture(scope="module")
def backup(desk, tmp_path_factory) -> Path:
    return desk.back_up(tmp_path_factory.mktemp("backups"))


@pytest.fixture
def new(backup) -> Iterator[Place]:
    with place(server_of_this_run()) as made:
        made.run("restore", "--verify", backup)
        yield made


@contextmanager
def working(where: Place, relay: Catcher) -> Iterator[subprocess.Popen]:
    environment = where.environment | {"SAKSGANG_SMTP_OUT_PORT": str(relay.port), "SAKSGANG_UNDO_SECONDS": "0"}
    worker = subprocess.Popen([SAKSGANG, "work"], env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        yield worker
    finally:
        worker.send_signal(signal.SIGTERM)
        assert worker.wait(timeout=20) == 0


def answers(relay: Catcher) -> list[str]:
    return [to for to, mail in relay.mails if to == "ansatt0@sykehus.example" and "Svaret er 42" in str(mail)]


def test_the_documented_drill_sends_no_answer_a_second_time(desk, backup, relay):
    """Queue an answer, back up, send it at the original, restore elsewhere, run the worker."""
    with working(desk, relay):
        assert desk.script("wait_until_sent") == {"sent": True}
    assert len(answers(relay)) == 1
    with place(server_of_this_run()) as new:
        said = new.run("restore", "--verify", backup)
        assert "saksgang release" in said
        sent = len(relay.mails)
        with working(new, relay):
            assert new.script("wait_for_rounds") == {"rounds": True, "read": False, "pending": True}
        assert len(relay.mails) == sent, "neither answers, receipts, reminders nor test mails"
        told = new.run("release", code=1)
        assert "ansatt0@sykehus.example: answer on case 1, since " in told
        assert "The mailbox ikt (ikt@sykehus.example) would be read: ikt at 127.0.0.1:1" in told
        assert "It is still held" in new.run("release", code=1)
        assert "✓ Let go" in new.run("release", "--yes")
        assert "Nothing is held." in new.run("release")
        with working(new, relay):
            new.script("wait_until_sent")
        assert len(answers(relay)) == 2, "now it was said"


def test_while_it_is_held_everybody_is_told(new):
    assert "is held" in new.run("check", code=1)
    assert "saksgang release" in new.run("check", code=1)
    told = new.script("held_to_be_seen")
    assert told == {"front": True, "metric": 1.0, "alarm": 1.0}
    new.run("release", "--yes")
    assert "is held" not in new.run("check", code=1)
    assert new.script("held_to_be_seen") == {"front": False, "metric": 0.0, "alarm": None}


@pytest.mark.parametrize(("typed", "held"), [("", True), ("yes", False)])
def test_it_asks_and_takes_no_for_no(new, typed, held):
    master, terminal = pty.openpty()
    asking = subprocess.Popen([SAKSGANG, "release"], env=new.environment, stdin=terminal, stdout=subprocess.PIPE)
    os.write(master, f"{typed}\n".encode())
    said, _ = asking.communicate(timeout=60)
    os.close(master)
    os.close(terminal)
    assert asking.returncode == int(held)
    assert ("still held" in said.decode()) is held
    assert ("is held" in new.run("check", code=1)) is held


def test_a_backup_of_a_held_place_is_restored_held(new, tmp_path):
    again = new.back_up(tmp_path)
    with place(server_of_this_run()) as third:
        third.run("restore", "--verify", again)
        assert "is held" in third.run("check", code=1)
    new.run("release", "--yes")


def test_without_one_of_its_keys_it_refuses_and_makes_none(desk, tmp_path):
    name = "mail_token_key"
    folder = desk.back_up(tmp_path, "--without-keys")
    with place(server_of_this_run()) as new:
        keys = new.folder / "keys"
        keys.mkdir()
        for other in set(OWN_KEYS) - {name}:
            shutil.copy(desk.folder / "keys" / other, keys / other)
        said = new.run("restore", folder, code=1)
        assert f"keys/{name}" in said
        assert said.count("A key is missing") == 1
        assert "no new keys were made" in said
        assert sorted(path.name for path in keys.iterdir()) == sorted(set(OWN_KEYS) - {name})
        assert not (new.folder / "files").exists()
        shutil.copy(desk.folder / "keys" / name, keys / name)
        new.run("restore", "--verify", folder)


def test_all_missing_keys_are_named_at_once_and_no_folder_is_made_for_them(desk, tmp_path):
    folder = desk.back_up(tmp_path, "--without-keys")
    with place(server_of_this_run()) as new:
        said = new.run("restore", folder, code=1)
        assert [name for name in OWN_KEYS if f"keys/{name}" in said] == list(OWN_KEYS)
        assert not (new.folder / "keys").exists()


def test_another_key_is_no_key(desk, tmp_path):
    """One that an earlier command made for the empty place, and one of the environment."""
    folder = desk.back_up(tmp_path, "--without-keys")
    with place(server_of_this_run()) as new:
        (new.folder / "keys").mkdir()
        for name in OWN_KEYS:
            (new.folder / "keys" / name).write_text("made-by-a-command-that-found-nothing-here")
        said = new.run("restore", folder, code=1)
        assert said.count("A key is another than that of the backup") == 3
        shutil.rmtree(new.folder / "keys")
        shutil.copytree(desk.folder / "keys", new.folder / "keys")
        said = new.run("restore", folder, code=1, SAKSGANG_MAIL_TOKEN_KEYS="another-key-of-more-than-32-letters-1")
        assert said.count("A key is another than that of the backup") == 1
        right = (desk.folder / "keys" / "mail_token_key").read_text()
        new.run("restore", folder, SAKSGANG_MAIL_TOKEN_KEYS=f"newer-key-of-more-than-thirty-two-letters,{right}")


def test_a_key_that_is_damaged_in_the_backup_is_missing(desk, tmp_path):
    folder = desk.back_up(tmp_path)
    (folder / "keys" / "mailbox_key").write_text("another")
    with place(server_of_this_run()) as new:
        assert "keys/mailbox_key in the backup is damaged" in new.run("restore", folder, code=1)
        assert not (new.folder / "keys").exists()


def test_keys_that_are_lost_for_good_stop_nobody_for_ever(desk, tmp_path):
    folder = desk.back_up(tmp_path, "--without-keys")
    with place(server_of_this_run()) as new:
        new.run("restore", "--keys-are-lost", folder)
        assert "is held" in new.run("check", code=1)


@pytest.mark.skipif(bool(server_of_this_run()), reason="moves from SQLite")
def test_a_copy_in_another_database_is_held_and_the_original_is_not(desk):
    with any_postgresql() as server, place("", like=desk) as source, place(server) as target:
        source.script("forget_slots")
        source.run("copy-database", "--to", target.database_url)
        moved = Place(source.folder, target.database_url)
        assert "is held" in moved.run("check", code=1)
        assert "is held" not in source.run("check", code=1)
