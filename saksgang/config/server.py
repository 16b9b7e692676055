"""`saksgang serve`: the pages, by granian."""

from __future__ import annotations

import argparse
import fcntl
import json
import os
import sys
from functools import partial
from pathlib import Path
from typing import NoReturn

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.db import connection

from saksgang.lib.readiness import refuse_unready


def run(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="saksgang serve", description="Serves the pages.")
    parser.add_argument("--host", default="127.0.0.1")
    for name, usual, most in (("--port", 8000, 65_535), ("--processes", 1, 64), ("--threads", 8, 256)):
        parser.add_argument(name, type=partial(_up_to, most), default=usual, metavar="N")
    options = parser.parse_args(arguments)
    if refuse_unready():
        return 1
    collect_static()
    return become_server(options)


def become_server(options: argparse.Namespace) -> NoReturn:
    """Goes on as the server, in the same process and with nothing of what was loaded for the checks."""
    connection.close()
    # The threads of a process share one heap: more hold 5 MB each, and of the threads one runs at a time in any case.
    os.environ.setdefault("MALLOC_ARENA_MAX", "1")
    told = [
        options.host,
        str(options.port),
        str(options.processes),
        str(options.threads),
        json.dumps(settings.LOG_LINE),
    ]
    os.execv(sys.executable, [sys.executable, "-P", "-m", "saksgang.config.serving", *told])  # noqa: S606 - our own program


def _up_to(most: int, written: str) -> int:
    if not (written.isascii() and written.isdigit() and 1 <= int(written[:9]) <= most):
        raise argparse.ArgumentTypeError(f"{written!r:.40} is no number from 1 to {most}")
    return int(written)


def collect_static() -> None:
    """Copies the static files under hashed names, unless the last copy is newer than every source.

    Nodes that share the folder may start at the same moment: one copies, and the others wait for it.
    """
    if _is_collected():
        return
    folder = Path(settings.STATIC_ROOT)
    folder.parent.mkdir(parents=True, exist_ok=True)
    with folder.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not _is_collected():
            call_command("collectstatic", interactive=False, verbosity=0)


def _is_collected() -> bool:
    """The manifest is written last, so a copy that was broken off does not count."""
    manifest = Path(settings.STATIC_ROOT) / "staticfiles.json"
    return manifest.exists() and _newest_source() < manifest.stat().st_mtime


def _newest_source() -> float:
    newest = 0.0
    for finder in get_finders():
        for path, storage in finder.list([]):
            newest = max(newest, Path(storage.path(path)).stat().st_mtime)
    return newest
