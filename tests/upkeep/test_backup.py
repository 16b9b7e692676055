"""Backups made while the desk works, what stands in them, and what is said when something is wrong."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest

from saksgang.inbound.models import InboundMail
from saksgang.upkeep import backing_up, postgresql
from saksgang.upkeep.backup_folder import Manifest, open_backup, place_of
from saksgang.upkeep.contents import Contents, naming_columns
from tests.upkeep.places import HERE, SAKSGANG, Place, filled, place, server_of_this_run


@pytest.fixture
def desk():
    with place(server_of_this_run(), like=filled(server_of_this_run())) as made:
        yield made


@pytest.fixture
def empty():
    with place(server_of_this_run()) as made:
        yield made


class Writer:
    """A process that takes mails in all the time, until the block ends."""

    def __init__(self, desk: Place) -> None:
        self.process = desk.start(sys.executable, HERE / "desk_script.py", "write")
        self.written = 0

    def __enter__(self) -> Writer:
        self.wait_for(10)
        return self

    def wait_for(self, more: int) -> int:
        """Reads on until so many more are written than this process knew of."""
        for _ in range(more):
            line = self.process.stdout.readline()
            assert line, self.process.stderr.read().decode()
            self.written = int(line)
        return self.written

    def __exit__(self, *_error) -> None:
        self.process.kill()
        self.process.communicate()


def test_backups_under_load_are_whole_and_what_is_restored_from_one_opens(desk, empty, tmp_path):
    made = []
    with Writer(desk) as writer:
        for _ in range(3):
            before = writer.written
            made.append((before, desk.back_up(tmp_path)))
            assert writer.wait_for(10) > before, "the desk went on"
            time.sleep(max(0, 1.05 - time.time() % 1))  # the next backup needs a second of its own for its name
    for before, folder in made:
        manifest, sums = open_backup(folder)
        assert manifest.rows["inbound_inboundmail"] >= before
        assert manifest.file_count == len([name for name in sums if name.startswith("files/")]) >= 2 * before
        assert "is whole" in desk.run("restore", "--verify-only", folder)
    counted = [open_backup(folder)[0].rows["inbound_inboundmail"] for _, folder in made]
    assert counted == sorted(set(counted)), "each was taken while mails came in"

    assert "Restored and compared" in empty.run("restore", "--verify", made[-1][1])
    assert empty.script("numbers")["mails"] == counted[-1]
    assert empty.script("open_pages") == {"statuses": [200, 200], "shown": True}
    assert empty.script("unready") == {"migrations": [], "triggers": []}


def test_a_backup_that_is_killed_is_never_taken_for_a_whole_one(desk, tmp_path):
    for nth in range(6):
        process = desk.start(SAKSGANG, "backup", "--to", tmp_path)
        time.sleep(0.35 + nth * 0.07)
        process.kill()
        process.communicate()
        time.sleep(0.5)
    for folder in tmp_path.glob("2*"):
        desk.run("restore", "--verify-only", folder)
    assert "was left by a backup that broke off" in desk.run("backup", "--to", tmp_path) or not [
        *tmp_path.glob(".unfinished-*")
    ]


def test_the_keys_are_in_it_said_clearly_and_can_be_left_out(desk, empty, tmp_path):
    said = desk.run("backup", "--to", tmp_path / "with")
    assert "The keys (keys/mail_token_key, keys/mailbox_key, keys/secret_key) are in it" in said
    [folder] = (tmp_path / "with").glob("2*")
    assert oct(folder.stat().st_mode & 0o777) == "0o700"
    assert {oct(path.stat().st_mode & 0o777) for path in (folder / "keys").iterdir()} == {"0o600"}

    said = desk.run("backup", "--to", tmp_path / "without", "--without-keys", SAKSGANG_SECRET_KEY="given" * 10)
    assert "The keys are not in it" in said
    assert "in no backup: SAKSGANG_SECRET_KEY" in said
    [folder] = (tmp_path / "without").glob("2*")
    assert not (folder / "keys").exists()
    assert "no new keys were made" in empty.run("restore", folder, code=1)


def test_anybody_can_check_it_with_sha256sum(desk, tmp_path):
    folder = desk.back_up(tmp_path)
    subprocess.run(["sha256sum", "--check", "--quiet", "SHA256SUMS"], cwd=folder, check=True)
    manifest = json.loads((folder / "manifest.json").read_text())
    assert manifest["rows"]["tickets_ticket"] == 5
    assert "tickets.0001_first" in manifest["migrations"]
    assert "events_event_no_update" in manifest["triggers"]


def test_what_an_earlier_backup_has_is_linked_unless_it_has_rotted(desk, tmp_path):
    first = desk.back_up(tmp_path / "first")
    manifest, sums = open_backup(first)
    rotten, *sound = [name for name in sums if name.startswith("files/")]
    (first / rotten).write_bytes(b"Noe annet")
    second = desk.back_up(tmp_path / "second", "--previous", first)
    assert all((first / name).samefile(second / name) for name in sound)
    assert not (first / rotten).samefile(second / rotten)
    assert "is whole" in desk.run("restore", "--verify-only", second)


def test_a_file_that_is_lost_is_named_and_the_rest_is_kept(desk, empty, tmp_path):
    lost = desk.script("lose_a_file")
    said = desk.run("backup", "--to", tmp_path, code=1)
    assert f"the file {lost['sha256']}, which inbound_inboundmail {lost['id']} names, is missing" in said
    [folder] = tmp_path.glob("2*")
    said = empty.run("restore", "--verify", folder, code=1)
    assert f"Already so when the backup was made: the file {lost['sha256']}" in said
    assert "1 things" in said
    assert empty.script("numbers")["mails"] == 5


def test_an_installation_without_a_database_says_so(empty, tmp_path):
    said = empty.run("backup", "--to", tmp_path, code=1)
    assert "No backup was made" in said
    assert [*tmp_path.iterdir()] == []


def test_every_table_that_names_files_is_known():
    named = {(one.table, one.column, one.redactable) for one in naming_columns()}
    assert named >= {
        ("inbound_inboundmail", "raw_sha256", True),
        ("outbound_outboundmail", "raw_sha256", False),
        ("tickets_attachment", "sha256", True),
    }


def test_what_is_redacted_between_database_and_files_is_not_missed(cast):
    gone, lost = "a" * 64, "b" * 64
    now = cast.case().received_at
    InboundMail.objects.create(
        mailbox=cast.ikt, door="smtp", raw_sha256=lost, size=1, received_at=now, try_at=now, purge_after=now
    )
    manifest = Manifest("0", "sqlite", "")
    found = Contents(
        files={gone: "tickets_attachment 1", lost: "inbound_inboundmail 1", "c" * 64: "tickets_attachment 2"}
    )
    backing_up._look_for_missing(found, {place_of("c" * 64): "c" * 64}, manifest)
    assert manifest.removed_meanwhile == [gone]
    assert list(manifest.complaints) == [lost]


def test_a_damaged_database_gives_no_backup(tmp_path, settings, monkeypatch):
    source = tmp_path / "saksgang.sqlite3"
    with sqlite3.connect(source) as damaged:
        damaged.execute("CREATE TABLE one (words TEXT)")
        damaged.executemany("INSERT INTO one VALUES (?)", [("ord " * 200,)] * 200)
    damaged.close()
    content = bytearray(source.read_bytes())
    content[4096 * 5 : 4096 * 6] = bytes(range(256)) * 16
    source.write_bytes(content)

    class Damaged:
        vendor = "sqlite"
        settings_dict = {"NAME": str(source)}

    monkeypatch.setattr(backing_up, "connection", Damaged)
    settings.DATA_DIR = tmp_path
    with pytest.raises(postgresql.Unfit, match="is damaged|cannot be copied"):
        backing_up.back_up(into=tmp_path / "backups")
    assert [*(tmp_path / "backups").iterdir()] == []


def test_the_password_is_never_on_a_command_line():
    entry = {
        "NAME": "saksgang", "USER": "desk", "PASSWORD": "hemmelig", "HOST": "db.sykehus.example", "PORT": "5433",
        "OPTIONS": {"sslmode": "require", "isolation_level": 2},
    }  # fmt: skip
    words, environment = postgresql.place(entry)
    assert words == "dbname=saksgang user=desk host=db.sykehus.example port=5433 sslmode=require"
    assert environment["PGPASSWORD"] == "hemmelig"


def test_programs_that_are_missing_or_too_old_are_named(tmp_path, monkeypatch):
    monkeypatch.setattr(postgresql, "DEBIANS_FOLDER", tmp_path)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(postgresql.Unfit, match="pg_dump is missing on this machine"):
        postgresql.program("pg_dump")
    old = Path(tmp_path / "pg_dump")
    old.write_text("#!/bin/sh\necho 'pg_dump (PostgreSQL) 13.4'\n")
    old.chmod(0o755)
    assert postgresql.program_for("pg_dump", 130004) == str(old)
    with pytest.raises(postgresql.Unfit, match="older than the server.*postgresql-client-15"):
        postgresql.program_for("pg_dump", 150003)


def test_who_looks_at_a_case_stands_in_no_backup(desk, empty, tmp_path):
    desk.script("look")
    assert desk.script("looking") == {"rows": 1}
    folder = desk.back_up(tmp_path)
    manifest, _sums = open_backup(folder)
    assert "console_presence" not in manifest.rows
    copy = folder / manifest.database_name
    if desk.database_url:
        read = [postgresql.program("pg_restore"), "--file=-", copy]
        said = subprocess.run(read, check=True, capture_output=True).stdout
    else:
        said = copy.read_bytes()
    assert b"console_presence" in said
    assert b"tab-that-is-in-no-backup" not in said
    assert "Restored and compared" in empty.run("restore", "--verify", folder)
    assert empty.script("looking") == {"rows": 0}
