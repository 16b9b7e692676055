"""`saksgang check`: whether this installation is whole, in words. Exit code 1 when something must be mended."""

from __future__ import annotations

import argparse
import os
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import DatabaseError

from saksgang.catalogue.models import Mailbox
from saksgang.events.models import Delivery
from saksgang.inbound.queries import overdue
from saksgang.lib import append_only
from saksgang.lib.readiness import unapplied_migrations


def run(arguments: list[str]) -> int:
    argparse.ArgumentParser(prog="saksgang check", description="Says what is wrong with this installation.").parse_args(
        arguments
    )
    complaints = list(found())
    for complaint in complaints:
        print(f"✗ {complaint}")  # noqa: T201 - the command's answer
    if not complaints:
        print("✓ All is well.")  # noqa: T201
    return 1 if complaints else 0


def found() -> Iterator[str]:
    """Sentences about what is wrong, the gravest first."""
    try:
        call_command("check", fail_level="ERROR", verbosity=0)
    except CommandError as error:
        yield f"Settings: {error}"
    folder = Path(settings.DATA_DIR)
    if not os.access(folder, os.W_OK):
        yield f"{folder} cannot be written to."
    try:
        if missing := unapplied_migrations():
            yield f"{len(missing)} migrations are missing. Run: saksgang migrate"
            return
        yield from _in_the_database()
    except DatabaseError as error:
        yield f"The database does not answer: {error}"


def _in_the_database() -> Iterator[str]:
    if missing := append_only.missing():
        yield f"History is not protected: triggers are missing ({', '.join(missing)}). Run: saksgang migrate"
    if not Mailbox.objects.filter(active=True).exists():
        yield "There is no active mailbox: no mail can come in or go out."
    if waiting := overdue().count():
        yield f"{waiting} mails have waited for more than five minutes. Does `saksgang work` run?"
    if dead := Delivery.objects.filter(dead=True).count():
        yield f"{dead} promises could not be kept. See the front page."
