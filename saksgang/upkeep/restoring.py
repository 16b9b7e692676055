"""From a backup to an installation, into an empty place only: what stands somewhere is never written over."""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from django.conf import settings
from django.db import connection

from saksgang.events import holding
from saksgang.upkeep import keys, postgresql
from saksgang.upkeep.backing_up import copy
from saksgang.upkeep.backup_folder import Manifest, flush_folder, hash_of, open_backup
from saksgang.upkeep.postgresql import Unfit
from saksgang.upkeep.progress import note, progress
from saksgang.upkeep.verifying import check_fits


def restore(folder: Path, *, keys_are_lost: bool = False) -> tuple[Manifest, list[str]]:
    """Puts keys, files and, last, the database where the settings say. Returns the manifest, and sentences on what is not whole.

    The database is held from the first moment that it is there: nothing leaves, and no mailbox is read.
    Raises Unfit before it writes anything when the place is not empty, a key is missing or the database in the backup is
    damaged. A single damaged or missing file stops nothing: whoever restores needs the rest today.
    """
    manifest, sums = open_backup(folder)
    check_fits(manifest)
    _check_empty()
    if not keys_are_lost and (sentences := keys.missing(folder, manifest, sums)):
        raise Unfit("\n".join(keys.told_missing(sentences)))
    database = folder / manifest.database_name
    if not database.is_file():
        raise Unfit(f"Missing in the backup: {database.name}. Nothing was restored.")
    if hash_of(database) != manifest.database_sha256:
        raise Unfit(f"Damaged in the backup: {database.name}. Nothing was restored.")
    try:
        complaints = list(_put_files(folder, manifest, sums))
        with progress("The database"):
            if manifest.database == "sqlite":
                _put_sqlite(database, manifest)
            else:
                _put_postgresql(database)
    except KeyboardInterrupt:
        _empty_again(sums)
        raise
    os.sync()  # one flush for everything
    note("It is restored, and held.")
    return manifest, complaints


def _put_files(folder: Path, manifest: Manifest, sums: dict[str, str]) -> Iterator[str]:
    with progress("Files", total=len(sums), unit="files") as step:
        for name, sha256 in sums.items():
            if name != manifest.database_name and (sentence := _put(folder, name, sha256)):
                yield sentence
            step(1)


def _empty_again(sums: dict[str, str]) -> None:
    """Whoever stops a restore can begin it again at once: what it had put here goes, and so does the hold of an empty database."""
    shutil.rmtree(Path(settings.DATA_DIR) / "files", ignore_errors=True)
    for name in sums:
        if name.startswith("keys/"):
            (Path(settings.DATA_DIR) / name).unlink(missing_ok=True)
    if connection.vendor == "sqlite":
        target = Path(connection.settings_dict["NAME"])
        for path in (target, target.with_name(f".{target.name}.unfinished")):
            path.unlink(missing_ok=True)
    elif not set(connection.introspection.table_names()) - {holding.TABLE}:
        with connection.cursor() as cursor:
            cursor.execute(f"DROP TABLE IF EXISTS {holding.TABLE}")
    note("Nothing was restored: the place is empty again.")


def _check_empty() -> None:
    files = Path(settings.DATA_DIR) / "files"
    if files.exists() and any(files.iterdir()):
        raise Unfit(f"{files} is not empty. Restore into an empty place: another SAKSGANG_DATA_DIR, or move this away.")
    if connection.vendor == "sqlite":
        path = Path(connection.settings_dict["NAME"])
        if path.exists():
            raise Unfit(
                f"There is a database at {path}. Restore into an empty place: another SAKSGANG_DATA_DIR, or move it away."
            )
    elif tables := set(connection.introspection.table_names()) - {holding.TABLE}:
        raise Unfit(
            f"The database {connection.settings_dict['NAME']} has {len(tables)} tables. Restore into a new, empty one."
        )


def _put(folder: Path, name: str, sha256: str) -> str:
    """Copies one file or key. Returns a sentence when it is not what it should be; a damaged file is not put in place."""
    target = Path(settings.DATA_DIR) / name
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    if name.startswith("keys/"):
        # Keys that another command made for this empty place guard nothing yet.
        target.unlink(missing_ok=True)
    try:
        read, _size = copy(folder / name, target)
    except FileNotFoundError:
        target.unlink(missing_ok=True)
        return f"Missing in the backup: {name}"
    if read != sha256:
        target.unlink()
        return f"Damaged in the backup: {name}"
    return ""


def _put_sqlite(copied: Path, manifest: Manifest) -> None:
    target = Path(connection.settings_dict["NAME"])
    unfinished = target.with_name(f".{target.name}.unfinished")
    unfinished.unlink(missing_ok=True)
    _copy_large(copied, unfinished)
    if hash_of(unfinished) != manifest.database_sha256:
        raise Unfit(f"{unfinished} is not what was written. Is the disk well?")
    with closing(sqlite3.connect(unfinished)) as database:
        for statement in holding.statements():
            database.execute(statement)
        database.commit()
    unfinished.rename(target)
    flush_folder(target.parent)


def _copy_large(source: Path, target: Path) -> None:
    handle = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with source.open("rb") as reading, os.fdopen(handle, "wb") as writing:
        while piece := reading.read(1024 * 1024):
            writing.write(piece)
        writing.flush()
        os.fsync(writing.fileno())


def _put_postgresql(dump: Path) -> None:
    """All of it in one transaction: a restore that breaks off leaves a database with nothing but the hold."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('server_version_num')::int")
        program = postgresql.program_for("pg_restore", cursor.fetchone()[0])
    holding.hold()  # before there is anything to hold
    words, environment = postgresql.place(connection.settings_dict)
    connection.close()
    options = ["--single-transaction", "--exit-on-error", "--no-owner", "--no-privileges"]
    postgresql.run([program, *options, f"--dbname={words}", str(dump)], environment)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
