"""`saksgang demo`: a made-up hospital on this machine, from one command. Sets the environment first; Django comes after."""

from __future__ import annotations

import argparse
import fcntl
import os
import shutil
import socket
import sys
from pathlib import Path
from typing import IO

HOST = "127.0.0.1"
FOLDER_MARK = "made-by-saksgang-demo"
REFUSED = 2


def run(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="saksgang demo", description="A made-up hospital on this machine.")
    parser.add_argument("--fresh", action="store_true", help="forget the last demo and start anew")
    parser.add_argument("--port", type=int, default=8000, help="of the web pages; the next free one if it is taken")
    parser.add_argument("--no-more", action="store_true", help="tell the first hundred cases only")
    options = parser.parse_args(arguments)
    folder = Path(os.environ.get("SAKSGANG_DEMO_DIR", "var/demo")).resolve()
    if refusal := _folder_refusal(folder, fresh=options.fresh):
        return _refuse(refusal)
    folder.mkdir(parents=True, exist_ok=True)
    lock = _locked(folder)
    if lock is None:
        return _refuse(f"Demoen kjører allerede i {folder}. Stopp den først med Ctrl-C.")
    if options.fresh:
        _empty(folder)
    (folder / FOLDER_MARK).touch()
    _set_environment(folder, web_port=options.port)
    with lock:
        return _start(more=not options.no_more)


def _folder_refusal(folder: Path, *, fresh: bool) -> str:
    """Why the folder cannot be used; empty when it can."""
    if folder.exists() and any(folder.iterdir()) and not (folder / FOLDER_MARK).exists():
        return f"{folder} er ikke laget av demoen, så den blir ikke rørt. Velg en annen mappe med SAKSGANG_DEMO_DIR."
    if fresh and os.environ.get("SAKSGANG_DATABASE_URL"):
        return "--fresh sletter bare demoens egen mappe. Tøm databasen i SAKSGANG_DATABASE_URL selv, og start på nytt."
    return ""


def _refuse(sentence: str) -> int:
    print(sentence, file=sys.stderr)
    return REFUSED


def _locked(folder: Path) -> IO[str] | None:
    """Holds the folder for this process; None when another one has it."""
    lock = (folder / "lock").open("w")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        lock.close()
        return None
    return lock


def _empty(folder: Path) -> None:
    """Deletes what the last demo left; the lock is held and stays."""
    for path in folder.iterdir():
        if path.is_dir():
            shutil.rmtree(path)
        elif path.name != "lock":
            path.unlink()


def _set_environment(folder: Path, *, web_port: int) -> None:
    taken: set[int] = set()
    ports = {}
    for name, wanted in (("web", web_port), ("in", 8025), ("out", 8026)):
        ports[name] = free_port(wanted, taken)
        taken.add(ports[name])
    os.environ.update(
        SAKSGANG_DEMO="1",
        SAKSGANG_DATA_DIR=str(folder),
        SAKSGANG_BASE_URL=f"http://localhost:{ports['web']}",
        SAKSGANG_SMTP_IN_HOST=HOST,
        SAKSGANG_SMTP_IN_PORT=str(ports["in"]),
        SAKSGANG_SMTP_OUT_HOST=HOST,
        SAKSGANG_SMTP_OUT_PORT=str(ports["out"]),
        SAKSGANG_SMTP_OUT_STARTTLS="",
        SAKSGANG_SMTP_OUT_USER="",
        DJANGO_SETTINGS_MODULE="saksgang.config.settings",
        # What goes on inside is of no interest to somebody who looks at the product.
        SAKSGANG_LOG_LEVEL=os.environ.get("SAKSGANG_LOG_LEVEL", "WARNING"),
    )


def free_port(wanted: int, taken: set[int]) -> int:
    """`wanted`, or the next one that nobody listens on."""
    for port in [*range(wanted, min(wanted + 50, 65_536)), 0]:
        if port in taken:
            continue
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((HOST, port))
            except OSError:
                continue
            return int(probe.getsockname()[1])
    raise RuntimeError("no free port")


def _start(*, more: bool) -> int:
    import django

    django.setup()
    from django.core.management import call_command

    from saksgang.demo import opening, running
    from saksgang.lib.readiness import unapplied_migrations

    if opening.is_somebody_elses():
        return _refuse("Databasen er ikke laget av demoen, så den blir ikke rørt. Ingenting er endret.")
    if unapplied_migrations():
        call_command("migrate", verbosity=0)
    opening.make_first(lambda words: print(words, flush=True))
    return running.run(more=more)
