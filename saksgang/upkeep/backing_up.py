"""A whole copy of the installation while it runs: the database first, then the files that it names, then the keys.

A file is stored before the row that names it is committed, so files copied after the database are never too few. The backup is
written under a name that begins with a point and gets its own name last: half a backup is never taken for a whole one.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from functools import partial
from pathlib import Path

from django.conf import settings
from django.db import connection, transaction

from saksgang import __version__
from saksgang.events import holding
from saksgang.lib import clock, passing
from saksgang.upkeep import contents, postgresql
from saksgang.upkeep.backup_folder import Manifest, finish, flush_folder, hash_of, kept_files, place_of
from saksgang.upkeep.contents import Contents
from saksgang.upkeep.keys import marks
from saksgang.upkeep.postgresql import Unfit
from saksgang.upkeep.progress import note, progress

COPIERS = 8  # small files wait for the disk more than for the processor


def back_up(*, into: Path, with_keys: bool = True, previous: Path | None = None) -> tuple[Path, Manifest]:
    """Makes `into`/<time> and returns it with its manifest. Raises Unfit, and leaves nothing, when it cannot be made.

    What is wrong with single files stands in the manifest's complaints: the rest is worth keeping all the same.
    """
    started_at = clock.now()
    name = started_at.strftime("%Y-%m-%dT%H%M%SZ")
    unfinished, finished = into / f".unfinished-{name}", into / name
    if finished.exists():
        raise Unfit(f"{finished} exists already. Try again in a second.")
    into.mkdir(parents=True, exist_ok=True, mode=0o700)
    unfinished.mkdir(mode=0o700)
    try:
        manifest = Manifest(__version__, connection.vendor, started_at.isoformat())
        _fill(unfinished, manifest, with_keys=with_keys, previous=previous)
        unfinished.rename(finished)
    except BaseException:
        shutil.rmtree(unfinished, ignore_errors=True)
        note("No backup was made, and nothing of it was left.")
        raise
    flush_folder(into)
    return finished, manifest


def _fill(folder: Path, manifest: Manifest, *, with_keys: bool, previous: Path | None) -> None:
    target = folder / manifest.database_name
    with progress("The database"):
        found = _copy_sqlite(target) if manifest.database == "sqlite" else _dump_postgresql(target)
    if not found.migrations:
        raise Unfit("There is no Saksgang in the database yet. Run: saksgang migrate")
    target.chmod(0o600)
    manifest.tell(found)
    manifest.database_sha256 = hash_of(target)
    sums = {target.name: manifest.database_sha256}
    sums |= _copy_files(folder, manifest, previous)
    _look_for_missing(found, sums, manifest)
    manifest.key_marks = marks()
    if with_keys:
        keys = _copy_keys(folder)
        manifest.keys = sorted(keys)
        sums |= keys
    manifest.finished_at = clock.now().isoformat()
    finish(folder, manifest, sums)


def _copy_sqlite(target: Path) -> Contents:
    """A copy by SQLite's backup interface, in one step.

    One step reads one snapshot beside the write-ahead log and keeps nobody from writing. Many small steps begin anew whenever
    somebody writes in between, on a busy desk for ever; VACUUM INTO also reads one snapshot, but builds every index again.
    """
    source = Path(connection.settings_dict["NAME"])
    if not source.exists():
        raise Unfit(f"There is no database at {source}.")
    try:
        with closing(sqlite3.connect(source, timeout=60)) as live, closing(sqlite3.connect(target)) as copy:
            live.backup(copy, pages=-1)
            _forget_passing(copy)
            # Out of the write-ahead mode: the copy is one file, and reading it makes no others beside it.
            copy.execute("PRAGMA journal_mode=DELETE")
            wrong = [row[0] for row in copy.execute("PRAGMA quick_check(5)") if row[0] != "ok"]
        if wrong:
            raise Unfit(f"{source} is damaged, and a copy of it would be too: {'; '.join(wrong)}")
        return contents.of_sqlite_file(target)
    except sqlite3.DatabaseError as error:
        raise Unfit(f"{source} cannot be copied: {error}") from error


def _forget_passing(copy: sqlite3.Connection) -> None:
    """Who looked at what in this moment is no part of a backup, not even in pages that the file no longer uses."""
    copy.execute("PRAGMA secure_delete=ON")
    there = {row[0] for row in copy.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    for table in passing.tables() & there:
        copy.execute(f'DELETE FROM "{table}"')  # noqa: S608 - the models' own names
    copy.commit()


def _dump_postgresql(target: Path) -> Contents:
    """A dump by pg_dump, and the counts from the very snapshot that it reads."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        cursor.execute("SET LOCAL idle_in_transaction_session_timeout = 0")
        cursor.execute("SELECT pg_export_snapshot(), current_setting('server_version_num')::int")
        snapshot, version = cursor.fetchone()
        program = postgresql.program_for("pg_dump", version)
        words, environment = postgresql.place(connection.settings_dict)
        # The lightest compression: a third of the time of the usual one, for a tenth more bytes.
        options = ["--format=custom", "--compress=1", "--no-owner", "--no-privileges", f"--snapshot={snapshot}"]
        options.append(f"--exclude-table={holding.TABLE}")  # a restore makes its own
        options += [f"--exclude-table-data={table}" for table in passing.tables()]
        postgresql.run([program, *options, f"--file={target}", f"--dbname={words}"], environment)
        return contents.of_postgresql(cursor)


def _copy_files(folder: Path, manifest: Manifest, previous: Path | None) -> dict[str, str]:
    """Copies every kept file and looks whether it still is what its name says. Returns the hashes by place in the backup."""
    (folder / "files").mkdir(mode=0o700)
    parts = sorted((Path(settings.DATA_DIR) / "files").glob("*"))
    sums = {}
    with progress("Files", total=len(parts), unit="folders") as step, ThreadPoolExecutor(COPIERS) as pool:
        for part in pool.map(partial(_copy_part, folder, previous), parts):
            for path, sha256, size in part:
                sums[place_of(path.name)] = sha256
                manifest.file_bytes += size
                if sha256 != path.name:
                    manifest.complaints[path.name] = f"{path} is damaged: its content is not what its name says"
            step(1)
    manifest.file_count = len(sums)
    return sums


def _copy_part(folder: Path, previous: Path | None, part: Path) -> list[tuple[Path, str, int]]:
    """The files below one of the folders named by the first two letters: each one's path, the sha256 of what was read, its size."""
    copied = []
    made: set[Path] = set()
    for path in kept_files(part):
        name = place_of(path.name)
        target = folder / name
        if target.parent not in made:
            target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            made.add(target.parent)
        if previous and _link_earlier(previous / name, target):
            copied.append((path, path.name, target.stat().st_size))
            continue
        # Redacted at this moment: it is gone. Whether somebody misses it is asked when all are copied.
        with suppress(FileNotFoundError):
            copied.append((path, *copy(path, target)))
    return copied


def _link_earlier(earlier: Path, target: Path) -> bool:
    """The same file of an earlier backup, without a second copy. Read first: what has rotted there is copied afresh."""
    try:
        if hash_of(earlier) != earlier.name:
            return False
        os.link(earlier, target)
    except OSError:  # not there, or on another disk
        return False
    return True


def copy(source: Path, target: Path) -> tuple[str, int]:
    """Copies a file for its owner's eyes only, and returns the sha256 of what was read, and its size."""
    content = source.read_bytes()
    handle = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb", buffering=0) as file:
        file.write(content)
    return hashlib.sha256(content).hexdigest(), len(content)


def _look_for_missing(found: Contents, sums: dict[str, str], manifest: Manifest) -> None:
    """Files that a row names and the folder lacks: redacted since the database was copied, or lost."""
    absent = [sha256 for sha256 in found.files if place_of(sha256) not in sums]
    if not absent:
        return
    still_named = _named_now()
    for sha256 in absent:
        if sha256 in still_named:
            manifest.complaints[sha256] = (
                f"the file {sha256}, which {found.files[sha256]} names, is missing. Put it back from an earlier backup: {place_of(sha256)}"
            )
        else:
            manifest.removed_meanwhile.append(sha256)


def _named_now() -> set[str]:
    named: set[str] = set()
    with connection.cursor() as cursor:
        for one in contents.naming_columns():
            kept = " WHERE redacted_at IS NULL" if one.redactable else ""
            cursor.execute(f'SELECT "{one.column}" FROM "{one.table}"{kept}')  # noqa: S608 - the models' own names
            named.update(row[0] for row in cursor.fetchall())
    return named


def _copy_keys(folder: Path) -> dict[str, str]:
    source = Path(settings.DATA_DIR) / "keys"
    (folder / "keys").mkdir(mode=0o700)
    return {
        f"keys/{path.name}": copy(path, folder / "keys" / path.name)[0]
        for path in sorted(source.glob("*"))
        if path.is_file()
    }
