"""`saksgang work`: the worker as a process, until it is told to stop."""

from __future__ import annotations

import argparse
import signal
import threading
from contextlib import ExitStack

from saksgang.lib.readiness import refuse_unready
from saksgang.worker import loop


def run(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(
        prog="saksgang work", description="Reads mailboxes, decides mails, sends mails, keeps time."
    )
    parser.add_argument("--listen", action="store_true", help="also receive mail by SMTP in this process")
    options = parser.parse_args(arguments)
    if refuse_unready():
        return 1
    stop = threading.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: stop.set())
    from saksgang.worker.collecting import collecting
    from saksgang.worker.receiving import listening

    with ExitStack() as doors:
        if options.listen:
            doors.enter_context(listening())
        doors.enter_context(collecting())
        loop.run(stop)
    return 0
