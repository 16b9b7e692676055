"""Whether a backup, or what was restored from it, is what its manifest says. Every answer is a list of sentences; none means well."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from urllib.parse import quote

from django.apps import apps
from django.conf import settings
from django.db import connection, transaction

from saksgang.lib import append_only
from saksgang.lib.readiness import unapplied_migrations
from saksgang.upkeep import contents
from saksgang.upkeep.backup_folder import Manifest, hash_of, kept_files, open_backup, place_of
from saksgang.upkeep.contents import Contents
from saksgang.upkeep.postgresql import Unfit
from saksgang.upkeep.progress import progress


def backup_complaints(folder: Path) -> list[str]:
    """Reads a backup from the first byte to the last. Restores nothing and asks no server."""
    manifest, sums = open_backup(folder)
    complaints = [*newer_version(manifest), *known_complaints(manifest), *_differing(folder, sums)]
    database = folder / manifest.database_name
    if any(database.name in sentence for sentence in complaints):
        return complaints  # what a damaged database says is worth nothing
    present = {Path(name).name for name in sums if name.startswith("files/")}
    return complaints + _database_complaints(database, present, manifest)


def _differing(folder: Path, sums: dict[str, str]) -> Iterator[str]:
    with progress("Reading the backup", total=len(sums), unit="files") as step:
        for name, sha256 in sums.items():
            if not (folder / name).is_file():
                yield f"Missing in the backup: {name}"
            elif hash_of(folder / name) != sha256:
                yield f"Damaged in the backup: {name}"
            step(1)


def _database_complaints(database: Path, present: set[str], manifest: Manifest) -> list[str]:
    try:
        if manifest.database == "sqlite":
            damage, found = _sqlite_damage(database), contents.of_sqlite_file(database)
        else:
            damage, found = [], contents.of_dump(database)
    except (sqlite3.DatabaseError, OSError) as error:
        return [f"Damaged in the backup: {database.name} cannot be read: {error}"]
    return [*damage, *differences(found, manifest), *without_file(found, present, manifest)]


def _sqlite_damage(database: Path) -> list[str]:
    with closing(sqlite3.connect(f"file:{quote(str(database))}?mode=ro&immutable=1", uri=True)) as copy:
        damage = [row[0] for row in copy.execute("PRAGMA integrity_check(5)") if row[0] != "ok"]
        loose = copy.execute("PRAGMA foreign_key_check").fetchall()
    return [f"{database.name}: {sentence}" for sentence in damage] + [
        f"{database.name}: {table} {row} points to a row of {parent} that is not there"
        for table, row, parent, _ in loose
    ]


def installation_complaints(manifest: Manifest) -> list[str]:
    """Whether this installation holds what the manifest says: rows, files, history's protection."""
    with progress("Comparing the database"):
        found = _contents_here()
    complaints = differences(found, manifest)
    present = set()
    with progress("Comparing the files", total=manifest.file_count, unit="files") as step:
        for path in kept_files(Path(settings.DATA_DIR) / "files"):
            present.add(path.name)
            if hash_of(path) != path.name and path.name not in manifest.complaints:
                complaints.append(f"Damaged: {path} is not what its name says")
            step(1)
    complaints += [*known_complaints(manifest), *without_file(found, present, manifest)]
    if not older_version() and (missing := append_only.missing()):
        complaints.append(f"History is not protected: triggers are missing ({', '.join(missing)})")
    return complaints


def _contents_here() -> Contents:
    if connection.vendor == "sqlite":
        return contents.of_sqlite_file(Path(connection.settings_dict["NAME"]))
    with transaction.atomic(), connection.cursor() as cursor:
        return contents.of_postgresql(cursor)


def differences(found: Contents, manifest: Manifest) -> list[str]:
    """Where the rows, migrations and triggers are not those of the manifest."""
    complaints = [
        f"{table}: {manifest.rows.get(table, 'no')} rows were backed up, and {found.rows.get(table, 'none')} are here"
        for table in sorted(manifest.rows.keys() | found.rows.keys())
        if manifest.rows.get(table) != found.rows.get(table)
    ]
    complaints += [
        f"{table}: the rows are not those that were backed up"
        for table, fingerprint in found.fingerprints.items()
        if manifest.fingerprints.get(table, fingerprint) != fingerprint and table in manifest.rows
    ]
    if found.migrations != manifest.migrations:
        complaints.append("The migrations applied are not those of the manifest.")
    if gone := set(manifest.triggers) - set(found.triggers):
        complaints.append(f"History is not protected: triggers are missing ({', '.join(sorted(gone))})")
    return complaints


def without_file(found: Contents, present: set[str], manifest: Manifest) -> list[str]:
    """Rows whose file is not there, apart from those that the manifest accounts for."""
    accounted = present | manifest.complaints.keys() | set(manifest.removed_meanwhile)
    return [
        f"Missing: {place_of(sha256)}, which {row} names"
        for sha256, row in found.files.items()
        if sha256 not in accounted
    ]


def known_complaints(manifest: Manifest) -> Iterator[str]:
    """What was wrong when the backup was made: restoring it brings nothing back that was lost before."""
    for sentence in manifest.complaints.values():
        yield f"Already so when the backup was made: {sentence}"


def newer_version(manifest: Manifest) -> list[str]:
    """A sentence when the backup knows migrations that this version does not."""
    from django.db.migrations.loader import MigrationLoader

    known = {f"{app}.{name}" for app, name in MigrationLoader(None).disk_migrations or {}}
    rooms = {config.label for config in apps.get_app_configs()}
    unknown = [name for name in manifest.migrations if name not in known and name.partition(".")[0] in rooms]
    if not unknown:
        return []
    return [
        f"The backup was made by a newer Saksgang ({manifest.saksgang}, with {unknown[-1]}). Install that one first."
    ]


def older_version() -> bool:
    """Whether the restored database is of an earlier version: `saksgang migrate` brings it forward."""
    return bool(unapplied_migrations())


def check_fits(manifest: Manifest) -> None:
    """Raises Unfit when this installation cannot take the backup at all."""
    if manifest.database != connection.vendor:
        raise Unfit(
            f"The backup is of {manifest.database}, and SAKSGANG_DATABASE_URL names {connection.vendor}. "
            "Restore it to its own kind; `saksgang copy-database` moves it afterwards."
        )
    if sentences := newer_version(manifest):
        raise Unfit(sentences[0])
