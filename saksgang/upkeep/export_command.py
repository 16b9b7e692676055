"""`saksgang export DIR`: gives all cases back as JSON lines, in the format that `saksgang import` reads."""

from __future__ import annotations

import argparse
from pathlib import Path

from saksgang.upkeep.backup_folder import place_of
from saksgang.upkeep.exporting import give_back
from saksgang.upkeep.progress import stoppable


@stoppable
def run(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(
        prog="saksgang export",
        description="Writes teams, people and cases with everything said and attached, restricted cases too. Keep the folder closed.",
    )
    parser.add_argument("folder", metavar="DIR", type=Path, help="a new or empty folder")
    folder = parser.parse_args(arguments).folder
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        print(f"✗ {folder} is not empty. Choose a new folder.")  # noqa: T201 - the command's answer
        return 1
    given = give_back(folder)
    print(", ".join(f"{count} lines in {name}" for name, count in given.lines.items()) + ".")  # noqa: T201
    print(f"{given.files} attachments in files.")  # noqa: T201
    for sha256 in given.missing:
        print(f"✗ The file {sha256} is missing or damaged. Put it back from a backup: {place_of(sha256)}")  # noqa: T201
    return 1 if given.missing else 0
