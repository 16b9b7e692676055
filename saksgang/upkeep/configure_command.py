"""`saksgang configure FILE.toml`: the desk as the file says. Run it as often as you like; what is right already stays untouched."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from saksgang.lib.readiness import refuse_unmigrated
from saksgang.upkeep.configuring.carrying_out import configure


def run(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="saksgang configure", description="Sets the desk up as a file says.")
    parser.add_argument("file", metavar="FILE.toml", type=Path)
    parser.add_argument("--dry-run", action="store_true", help="tell what would change, and change nothing")
    options = parser.parse_args(arguments)
    if refuse_unmigrated():
        return 1
    told, complaints = configure(options.file, dry_run=options.dry_run)
    for complaint in complaints:
        print(complaint, file=sys.stderr)  # noqa: T201 - to the person who wrote the file
    if complaints:
        print("Nothing was changed.", file=sys.stderr)  # noqa: T201
        return 1
    print("\n".join([*told, _sum(len(told), dry_run=options.dry_run)]))  # noqa: T201 - the command's answer
    return 0


def _sum(number: int, *, dry_run: bool) -> str:
    if not number:
        return "Everything is so already. Nothing was changed."
    lines = f"{number} line{'' if number == 1 else 's'}"
    return f"{lines} would change. Nothing was changed." if dry_run else f"{lines} changed."
