"""The import from end to end. Can be stopped at any point and run again: what is here already is left as it is."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from django.db import DatabaseError

from saksgang.catalogue.queries import held
from saksgang.people.models import Person
from saksgang.tickets.actions.unattended.importing import (
    IMPORT,
    OldCase,
    here_already,
    import_cases,
    start_numbers_above,
)
from saksgang.tickets.kinds import State
from saksgang.upkeep.importing.cases import Reader
from saksgang.upkeep.importing.directory import Directory
from saksgang.upkeep.importing.files import Files
from saksgang.upkeep.importing.lines import Row, Wrong, key, lines, parse, words
from saksgang.upkeep.importing.report import Report
from saksgang.upkeep.importing.spreading import Spread, plan
from saksgang.upkeep.progress import Step, note, progress

CASES = "tickets.jsonl"
BATCH = 200  # cases in one transaction: well below a second, so that the desk can work meanwhile


Key = tuple[str, str]  # (old_system, old_number)
Numbered = tuple[int, OldCase]  # the line that the case stands on


def bring_over(folder: Path, *, system: str, dry_run: bool = False) -> Report:
    """Imports what lies in `folder`. A dry run reads and checks everything, and writes nothing."""
    report = Report()
    directory = Directory(folder, system, report, dry_run=dry_run)
    with progress("Teams and people", unit="lines") as step:
        directory.read(step)
    planned = plan(folder / CASES)
    reader = Reader(directory, Files(folder, dry_run=dry_run), Spread(planned.places), system)
    batches = Batches(folder / CASES, reader, report)
    with progress("Cases", total=planned.cases, unit="lines") as step:
        if dry_run:
            report.made["tickets"] = sum(len(batch) for batch in batches.read(step))
            return report
        note("What was imported stays. Run the same command again for the rest.")
        start_numbers_above(planned.highest)
        importer = directory.importer()
        with held():
            for batch in batches.read(step):
                report.made["tickets"] += _write(batch, importer, report)
    return report


class Batches:
    """The cases of the file that are not here yet, some hundred at a time."""

    def __init__(self, path: Path, reader: Reader, report: Report) -> None:
        self.path, self.reader, self.report = path, reader, report
        self.seen: set[Key] = set()

    def read(self, step: Step) -> Iterator[list[Numbered]]:
        rest = lines(self.path)
        while batch := list(islice(rest, BATCH)):
            self.report.in_files[CASES] += len(batch)
            named = [(nth, row_key, row) for nth, line in batch for row_key, row in self._named(nth, line)]
            here = here_already(number for _nth, (_system, number), _row in named)
            self.report.skipped += sum(row_key in here for _nth, row_key, _row in named)
            yield [found for nth, row_key, row in named if row_key not in here for found in self._case(nth, row)]
            step(len(batch))

    def _named(self, nth: int, line: bytes) -> Iterator[tuple[Key, Row]]:
        """The row with what it is known by; nothing where it is wrong."""
        try:
            row = parse(line)
            row_key = (words(row, "old_system", 40) or self.reader.system, words(row, "old_number", 40) or key(row))
            if row_key in self.seen:
                raise Wrong(f"the number {row_key[1]} stands twice in the file. Give each case a number of its own.")
        except Wrong as wrong:
            self.report.say_wrong(CASES, nth, str(wrong))
            return
        self.seen.add(row_key)
        yield row_key, row

    def _case(self, nth: int, row: Row) -> Iterator[Numbered]:
        try:
            case = self.reader.read(row)
        except Wrong as wrong:
            self.report.say_wrong(CASES, nth, str(wrong))
            return
        if case.state == State.NEW and row.get("agent") is not None:
            self.report.not_taken += 1
        yield nth, case


def _write(batch: list[Numbered], importer: Person, report: Report) -> int:
    """Makes the cases, and returns how many. If the database refuses one of them, the others are made without it."""
    try:
        return len(import_cases(by=IMPORT, cases=[case for _nth, case in batch], importer=importer))
    except DatabaseError as error:
        if len(batch) == 1:
            report.say_wrong(CASES, batch[0][0], f"the database refuses it ({error}). See docs/import-format.md.")
            return 0
        return sum(_write([one], importer, report) for one in batch)
