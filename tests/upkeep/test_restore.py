"""Restoring goes into an empty place only, and every kind of damage is named."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from saksgang.upkeep.backup_folder import hash_of
from tests.upkeep.places import filled, place, server_of_this_run


@pytest.fixture(scope="module")
def desk():
    with place(server_of_this_run(), like=filled(server_of_this_run())) as made:
        yield made


@pytest.fixture(scope="module")
def whole(desk, tmp_path_factory) -> Path:
    return desk.back_up(tmp_path_factory.mktemp("backups"))


@pytest.fixture
def backup(whole, tmp_path) -> Path:
    """A copy to damage."""
    return Path(shutil.copytree(whole, tmp_path / "backup"))


@pytest.fixture
def empty():
    with place(server_of_this_run()) as made:
        yield made


def a_file(backup: Path) -> Path:
    return min(path for path in (backup / "files").rglob("*") if path.is_file())


def database(backup: Path) -> Path:
    [found] = backup.glob("database.*")
    return found


def flip_a_byte(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


def change_manifest(backup: Path, **changes) -> None:
    manifest = json.loads((backup / "manifest.json").read_text())
    (backup / "manifest.json").write_text(json.dumps(manifest | changes))


def test_everything_comes_back_as_it_was(desk, whole, empty):
    said = empty.run("restore", "--verify", whole)
    assert "Restored and compared with the backup" in said
    assert empty.script("numbers") == desk.script("numbers")
    for name in ("files", "keys"):
        assert contents(empty.folder / name) == contents(desk.folder / name)
    assert empty.script("open_pages") == {"statuses": [200, 200], "shown": True}


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_the_place_must_be_empty(desk, whole):
    before = desk.script("numbers")
    assert "not empty" in desk.run("restore", whole, code=1)
    shutil.move(desk.folder / "files", desk.folder / "away")
    said = desk.run("restore", whole, code=1)
    assert ("has" in said and "tables" in said) if server_of_this_run() else "There is a database" in said
    shutil.move(desk.folder / "away", desk.folder / "files")
    assert desk.script("numbers") == before


def test_a_flipped_byte_in_a_file_is_named_and_the_rest_is_restored(backup, empty):
    flip_a_byte(a_file(backup))
    name = a_file(backup).relative_to(backup).as_posix()
    assert f"Damaged in the backup: {name}" in empty.run("restore", "--verify-only", backup, code=1)
    said = empty.run("restore", "--verify", backup, code=1)
    assert f"Damaged in the backup: {name}" in said
    assert f"Missing: {name}, which " in said
    assert empty.script("numbers")["mails"] == 5


def test_a_missing_file_is_named(backup, empty):
    name = a_file(backup).relative_to(backup).as_posix()
    a_file(backup).unlink()
    assert f"Missing in the backup: {name}" in empty.run("restore", "--verify-only", backup, code=1)
    assert f"Missing in the backup: {name}" in empty.run("restore", backup, code=1)


@pytest.mark.parametrize("damage", ["flipped", "truncated", "gone"])
def test_with_a_damaged_database_nothing_is_restored(backup, empty, damage):
    path = database(backup)
    if damage == "flipped":
        flip_a_byte(path)
    elif damage == "truncated":
        path.write_bytes(path.read_bytes()[:-5000])
    else:
        path.unlink()
    assert f"in the backup: {path.name}" in empty.run("restore", "--verify-only", backup, code=1)
    said = empty.run("restore", backup, code=1)
    assert f"in the backup: {path.name}. Nothing was restored." in said
    assert not (empty.folder / "files").exists()
    assert "No backup was made" in empty.run("backup", "--to", empty.folder / "none", code=1), (
        "the place is still empty"
    )


def test_a_dump_cut_off_before_it_was_hashed_is_found_by_reading_it(backup, empty):
    path = database(backup)
    path.write_bytes(path.read_bytes()[: -len(path.read_bytes()) // 3])
    sums = (backup / "SHA256SUMS").read_text().splitlines(keepends=True)
    sums[0] = f"{hash_of(path)}  {path.name}\n"
    (backup / "SHA256SUMS").write_text("".join(sums))
    change_manifest(backup, database_sha256=hash_of(path), sums_sha256=hash_of(backup / "SHA256SUMS"))
    said = empty.run("restore", "--verify-only", backup, code=1)
    assert "cannot be read" in said or "malformed" in said or "rows were backed up" in said


def test_rows_that_are_not_those_of_the_manifest_are_named_by_table(backup, empty):
    rows = json.loads((backup / "manifest.json").read_text())["rows"]
    change_manifest(backup, rows=rows | {"tickets_ticket": rows["tickets_ticket"] + 1})
    sentence = "tickets_ticket: 6 rows were backed up, and 5 are here"
    assert sentence in empty.run("restore", "--verify-only", backup, code=1)
    assert sentence in empty.run("restore", "--verify", backup, code=1)


def test_a_list_or_manifest_that_is_damaged_is_no_backup(backup, empty):
    flip_a_byte(backup / "SHA256SUMS")
    assert "SHA256SUMS is missing or damaged" in empty.run("restore", backup, code=1)
    (backup / "manifest.json").write_text("{")
    assert "manifest.json is damaged" in empty.run("restore", backup, code=1)
    (backup / "manifest.json").unlink()
    assert "is no backup" in empty.run("restore", backup, code=1)


def test_the_folder_of_the_backups_is_taken_for_none_and_the_newest_is_named(whole, empty):
    assert f"The newest backup in it is {whole}" in empty.run("restore", whole.parent, code=1)


def test_a_backup_of_a_newer_saksgang_is_refused(backup, empty):
    migrations = json.loads((backup / "manifest.json").read_text())["migrations"]
    change_manifest(backup, migrations=[*migrations, "tickets.9999_later"])
    assert "made by a newer Saksgang" in empty.run("restore", backup, code=1)


def test_a_backup_of_the_other_database_is_refused(backup, empty):
    other = "sqlite" if server_of_this_run() else "postgresql"
    change_manifest(backup, database=other)
    assert "Restore it to its own kind" in empty.run("restore", backup, code=1)
