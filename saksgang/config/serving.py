"""The web server itself: the process that `saksgang serve` becomes once all is well.

It loads nothing of the product. Each process that answers is its child, and would otherwise begin with everything that the checks
before the start have loaded, which is as much again as it needs (docs/measurements.md).
"""

from __future__ import annotations

import json
import os
import sys

from granian.constants import Interfaces
from granian.server import Server


def main(host: str, port: str, processes: str, threads: str, log_line: str) -> None:
    os.environ["SAKSGANG_SERVE_THREADS"] = threads  # for config/asgi.py, in each of the processes
    # The server's own lines look like all others.
    formatters = {"generic": json.loads(log_line), "access": json.loads(log_line)}
    Server(
        "saksgang.config.asgi:application",
        address=host,
        port=int(port),
        interface=Interfaces.ASGINL,
        workers=int(processes),
        # Open streams count too, and nobody shall wait for a page because of them.
        backpressure=4096,
        # A stream never ends by itself: it would hold up whoever stops the server.
        workers_kill_timeout=3,
        log_access=False,
        log_dictconfig={"formatters": formatters},
    ).serve()


if __name__ == "__main__":
    main(*sys.argv[1:])
