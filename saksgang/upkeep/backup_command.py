"""`saksgang backup`: a whole copy while everything runs. Exit code 1 when there is none, or when something in it is not whole."""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

from django.conf import settings

from saksgang.upkeep import keys
from saksgang.upkeep.backing_up import back_up
from saksgang.upkeep.backup_folder import Manifest
from saksgang.upkeep.postgresql import Unfit
from saksgang.upkeep.progress import stoppable


@stoppable
def run(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(
        prog="saksgang backup", description="Copies database, files and keys while all runs."
    )
    usual = settings.BACKUP_DIR or None
    parser.add_argument(
        "--to", required=not usual, default=usual, type=Path, metavar="DIR", help="the backup is made in DIR/<time>"
    )
    parser.add_argument("--without-keys", action="store_true", help="leave DATA_DIR/keys out; keep them elsewhere")
    parser.add_argument(
        "--previous",
        type=Path,
        metavar="DIR",
        help="an earlier backup on the same disk: what it has is linked, not copied",
    )
    options = parser.parse_args(arguments)
    begun = time.monotonic()
    try:
        folder, manifest = back_up(
            into=options.to.resolve(), with_keys=not options.without_keys, previous=options.previous
        )
    except (Unfit, OSError) as error:
        print(f"✗ No backup was made: {error}", file=sys.stderr)  # noqa: T201 - the command's answer
        return 1
    for sentence in told(folder, manifest, time.monotonic() - begun):
        print(sentence)  # noqa: T201
    for leftover in options.to.glob(".unfinished-*"):
        print(f"! {leftover} was left by a backup that broke off, unless one is running. It can be deleted.")  # noqa: T201
    return 1 if manifest.complaints else 0


def told(folder: Path, manifest: Manifest, seconds: float) -> list[str]:
    megabytes = manifest.file_bytes / 1024 / 1024
    lines = [f"✗ {sentence}" for sentence in manifest.complaints.values()]
    lines.append(
        f"{'✗' if lines else '✓'} {folder}: {sum(manifest.rows.values())} rows in {len(manifest.rows)} tables, "
        f"{manifest.file_count} files ({megabytes:.0f} MB), in {seconds:.1f} s"
    )
    if manifest.keys:
        lines.append(
            f"! The keys ({', '.join(manifest.keys)}) are in it: whoever reads the backup can read the mailbox passwords and "
            "forge marks in mails. Keep it as closed as the server; --without-keys leaves them out."
        )
    else:
        lines.append(
            "! The keys are not in it. Keep DATA_DIR/keys elsewhere: without them no mailbox password can be read."
        )
    if outside := keys.outside():
        lines.append(f"! These keys come from the environment and are in no backup: {', '.join(outside)}")
    return lines
