"""`saksgang check`: whether this installation is whole, in words. Exit code 1 when something must be mended."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator

from saksgang.upkeep.checks import database, files, mail, surroundings
from saksgang.upkeep.progress import progress, stoppable

Check = Callable[[], Iterator[str]]

# The gravest first. Those of the first row need no database, those of the second a whole one.
WITHOUT_DATABASE: tuple[Check, ...] = (
    surroundings.check_settings,
    surroundings.check_folder,
    surroundings.check_keys,
    mail.check_relay,
    surroundings.check_backups,
)
IN_DATABASE: tuple[Check, ...] = (
    database.check_triggers,
    database.check_clock,
    mail.check_hold,
    files.check_files,
    mail.check_mailboxes,
    mail.check_imap_doors,
    mail.check_worker,
    mail.check_files,
    mail.check_alarms,
    mail.check_calls,
    surroundings.check_streams,
)


@stoppable
def run(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="saksgang check", description="Says what is wrong with this installation.")
    parser.add_argument(
        "--send", action="store_true", help="also send a test mail through every mailbox, and wait for it"
    )
    options = parser.parse_args(arguments)
    complaints = list(found(send=options.send))
    for complaint in complaints:
        print(f"✗ {complaint}")  # noqa: T201 - the command's answer
    if not complaints:
        print("✓ All is well.")  # noqa: T201
    return 1 if complaints else 0


def found(*, send: bool = False) -> Iterator[str]:
    """Sentences about what is wrong, each with what to do. `send`: test mails too, which takes up to two minutes."""
    unusable = list(database.check_reachable())
    yield from unusable
    checks = WITHOUT_DATABASE if unusable else (*WITHOUT_DATABASE, *IN_DATABASE)
    if send and not unusable:
        checks = (*checks, mail.check_test_mails)
    with progress("Checking", total=len(checks), unit="checks") as step:
        for check in checks:
            yield from check()
            step(1)
