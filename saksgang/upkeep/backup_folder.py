"""A backup as it lies on disk: `manifest.json`, `SHA256SUMS`, the database, `files/` and `keys/`.

`SHA256SUMS` is the form that the program sha256sum reads, so that a backup can be checked on a machine without Saksgang.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path

from saksgang.upkeep.contents import Contents
from saksgang.upkeep.postgresql import Unfit

FORMAT = 1
MANIFEST, SUMS = "manifest.json", "SHA256SUMS"
DATABASE = {"sqlite": "database.sqlite3", "postgresql": "database.dump"}
PIECE = 1024 * 1024


@dataclass
class Manifest:
    saksgang: str  # the version that made it
    database: str  # "sqlite" or "postgresql"
    started_at: str
    finished_at: str = ""
    database_sha256: str = ""
    sums_sha256: str = ""
    file_count: int = 0
    file_bytes: int = 0
    keys: list[str] = field(default_factory=list)
    rows: dict[str, int] = field(default_factory=dict)
    fingerprints: dict[str, str] = field(default_factory=dict)
    migrations: list[str] = field(default_factory=list)
    triggers: list[str] = field(default_factory=list)
    complaints: dict[str, str] = field(default_factory=dict)  # sha256 → what was wrong when the backup was made
    key_marks: dict[str, list[str]] = field(default_factory=dict)  # setting → what each key is known by again
    removed_meanwhile: list[str] = field(default_factory=list)  # files redacted between database and files
    format: int = FORMAT

    def tell(self, contents: Contents) -> None:
        self.rows, self.fingerprints = contents.rows, contents.fingerprints
        self.migrations, self.triggers = contents.migrations, contents.triggers

    @property
    def database_name(self) -> str:
        return DATABASE[self.database]


def place_of(sha256: str) -> str:
    """Where a kept file lies in the backup, and below DATA_DIR alike."""
    return f"files/{sha256[:2]}/{sha256[2:4]}/{sha256}"


def hash_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def kept_files(folder: Path) -> Iterator[Path]:
    """Every kept file below a folder, whose name is the hash; what is just being written apart."""
    for top, folders, names in os.walk(folder):
        folders.sort()
        for name in sorted(names):
            if not name.startswith(".new-"):
                yield Path(top) / name


def write_durably(path: Path, words: str) -> None:
    with path.open("w", encoding="utf-8") as file:
        file.write(words)
        file.flush()
        os.fsync(file.fileno())


def flush_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def finish(folder: Path, manifest: Manifest, sums: dict[str, str]) -> None:
    """Writes the list of hashes and the manifest, last of all."""
    write_durably(folder / SUMS, "".join(f"{sha256}  {name}\n" for name, sha256 in sums.items()))
    manifest.sums_sha256 = hash_of(folder / SUMS)
    write_durably(folder / MANIFEST, json.dumps(asdict(manifest), indent=1) + "\n")
    # One flush for everything: a flush for each of 300,000 files would take longer than copying them.
    os.sync()


def open_backup(folder: Path) -> tuple[Manifest, dict[str, str]]:
    """The manifest and the hashes by name. Raises Unfit when the folder is no whole backup."""
    if not (folder / MANIFEST).is_file():
        raise Unfit(f"{folder} is no backup: it has no {MANIFEST}.{_newest_below(folder)}")
    try:
        manifest = Manifest(**json.loads((folder / MANIFEST).read_text(encoding="utf-8")))
    except (ValueError, TypeError) as error:
        raise Unfit(f"{folder / MANIFEST} is damaged, or of a newer version: {error}") from error
    if manifest.format != FORMAT or manifest.database not in DATABASE:
        raise Unfit(f"{folder / MANIFEST} has a form that this version does not know.")
    sums = folder / SUMS
    if not sums.is_file() or hash_of(sums) != manifest.sums_sha256:
        raise Unfit(f"{sums} is missing or damaged: what the backup should hold cannot be told.")
    lines = sums.read_text(encoding="utf-8").splitlines()
    return manifest, {name: sha256 for sha256, _, name in (line.partition("  ") for line in lines)}


def _newest_below(folder: Path) -> str:
    whole = sorted(path.parent for path in folder.glob(f"[0-9]*/{MANIFEST}"))
    return f" The newest backup in it is {whole[-1]}." if whole else ""
