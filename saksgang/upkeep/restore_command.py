"""`saksgang restore`: from a backup into an empty place, and whether it all came. Exit code 1 when anything did not."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from saksgang.events import holding
from saksgang.upkeep import verifying
from saksgang.upkeep.postgresql import Unfit
from saksgang.upkeep.progress import stoppable
from saksgang.upkeep.restoring import restore


@stoppable
def run(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(
        prog="saksgang restore",
        description="Restores a backup to where SAKSGANG_DATA_DIR and SAKSGANG_DATABASE_URL say.",
    )
    parser.add_argument("backup", type=Path, help="the folder that `saksgang backup` made")
    how = parser.add_mutually_exclusive_group()
    how.add_argument("--verify", action="store_true", help="compare everything with the backup afterwards")
    how.add_argument("--verify-only", action="store_true", help="read the whole backup, and restore nothing")
    parser.add_argument(
        "--keys-are-lost", action="store_true", help="restore without the old keys; new ones are made at the next start"
    )
    options = parser.parse_args(arguments)
    folder = options.backup.resolve()
    try:
        if options.verify_only:
            return _answer(verifying.backup_complaints(folder), f"{folder} is whole.")
        return _restore(folder, verify=options.verify, keys_are_lost=options.keys_are_lost)
    except (Unfit, OSError) as error:
        print(f"✗ {error}", file=sys.stderr)  # noqa: T201 - the command's answer
        return 1


def _restore(folder: Path, *, verify: bool, keys_are_lost: bool) -> int:
    manifest, complaints = restore(folder, keys_are_lost=keys_are_lost)
    if verify:
        complaints += verifying.installation_complaints(manifest)
    else:
        complaints += verifying.known_complaints(manifest)
    compared = "compared with the backup" if verify else "not compared (--verify does)"
    rows = sum(manifest.rows.values())
    outcome = _answer(complaints, f"Restored and {compared}: {rows} rows, {manifest.file_count} files.")
    if verifying.older_version():
        print(f"! The backup is of Saksgang {manifest.saksgang} with fewer migrations. Now run: saksgang migrate")  # noqa: T201
    else:
        holding.watch()
    print("! It is held: nothing leaves and no mailbox is read until you have seen what would. Run: saksgang release")  # noqa: T201
    return outcome


def _answer(complaints: list[str], well: str) -> int:
    for sentence in complaints:
        print(f"✗ {sentence}")  # noqa: T201
    print(f"✗ {len(complaints)} things are not as they should be." if complaints else f"✓ {well}")  # noqa: T201
    return 1 if complaints else 0
