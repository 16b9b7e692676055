"""`saksgang import DIR`: brings cases over from another system. Exit code 1 when a line could not be taken in."""

from __future__ import annotations

import argparse
from pathlib import Path

from saksgang.upkeep.importing.running import bring_over
from saksgang.upkeep.progress import stoppable


@stoppable
def run(arguments: list[str]) -> int:
    options = _options(arguments)
    if not (options.folder / "tickets.jsonl").is_file():
        print(f"✗ {options.folder} holds no tickets.jsonl. See docs/import-format.md.")  # noqa: T201 - the command's answer
        return 1
    report = bring_over(options.folder, system=options.system, dry_run=options.dry_run)
    for sentence in report.sentences(dry_run=options.dry_run):
        print(sentence)  # noqa: T201
    return 1 if report.wrong else 0


def _options(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="saksgang import",
        description="Brings teams, people and cases over from another system. Sends no mail. Can be stopped and run again.",
    )
    parser.add_argument("folder", metavar="DIR", type=Path, help="holds tickets.jsonl and the files beside it")
    parser.add_argument(
        "--system", default="import", help="what the old system is called; its numbers are kept under this name"
    )
    parser.add_argument("--dry-run", action="store_true", help="reads and counts; writes nothing")
    return parser.parse_args(arguments)
