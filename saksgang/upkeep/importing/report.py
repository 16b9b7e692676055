"""What an import found, made and could not take in."""

from __future__ import annotations

import sys
from collections import Counter

from saksgang.people.models import Department, Person, Team
from saksgang.tickets.models import Attachment, Message, Ticket

SHOWN = 200  # wrong lines told one by one; the rest are counted


class Report:
    """Counts, and the wrong lines as they come."""

    def __init__(self) -> None:
        self.in_files: Counter[str] = Counter()  # lines of each file that hold something
        self.wrong: Counter[str] = Counter()
        self.made: Counter[str] = Counter()
        self.skipped = 0  # cases that were here already
        self.not_taken = 0  # open cases whose agent nobody knows
        self.before = in_database()

    def say_wrong(self, file: str, number: int, sentence: str) -> None:
        self.wrong[file] += 1
        if sum(self.wrong.values()) <= SHOWN:
            print(f"✗ {file}, line {number}: {sentence}", file=sys.stderr)  # noqa: T201 - the command's answer

    def sentences(self, *, dry_run: bool) -> list[str]:
        files = ", ".join(f"{count} lines in {name}" for name, count in self.in_files.items())
        told = [f"In the files: {files}."]
        if not dry_run:
            after = in_database()
            told += [f"{name}: {count} before, {after[name]} after." for name, count in self.before.items()]
        would = "would be imported" if dry_run else "imported"
        told.append(f"{self.made['tickets']} cases {would}, {self.skipped} were here already.")
        if self.not_taken:
            told.append(
                f"{self.not_taken} open cases have no agent that agents.jsonl names: they are new, nobody has taken them."
            )
        if wrong := sum(self.wrong.values()):
            told.append(f"{wrong} lines are wrong and were left out. Mend them and run the same command again.")
        return told


def in_database() -> dict[str, int]:
    models = {
        "Teams": Team, "Departments": Department, "Persons": Person, "Cases": Ticket, "Messages": Message, "Attachments": Attachment,
    }  # fmt: skip
    return {name: model._default_manager.count() for name, model in models.items()}
