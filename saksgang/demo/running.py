"""Keeps the demo's processes together: web, worker and the one that tells the rest; the mail catcher is a thread here."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from pathlib import Path
from types import FrameType

from django.conf import settings
from django.db import connections

from saksgang.demo.hospital_data import PASSWORD, SIGN_INS
from saksgang.demo.received import catcher

TELLER = "resten av sakene"
STOP_SECONDS = 5
READY_SECONDS = 60


def run(*, more: bool) -> int:
    """Runs until somebody stops it (0), or one of its processes ends by itself (1)."""
    stop = threading.Event()

    def asked(_number: int, _frame: FrameType | None) -> None:
        stop.set()

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, asked)
    listener = catcher(settings.SMTP_OUT_HOST, settings.SMTP_OUT_PORT)
    listener.start()
    children = _children(more=more)
    try:
        if _wait_for_pages(children, stop):
            _welcome()
        return _watch(children, stop)
    finally:
        _end(children)
        listener.stop()
        connections.close_all()


def _children(*, more: bool) -> dict[str, subprocess.Popen[bytes]]:
    """All in this process's own group, so that Ctrl-C in a terminal reaches each of them."""
    port = settings.BASE_URL.rpartition(":")[2]
    commands = {
        "nettsidene": ["serve", "--port", port],
        "arbeideren": ["work", "--listen"],
    }
    begin = "from saksgang.cli import main; main()"
    children = {name: _child("-c", begin, *words) for name, words in commands.items()}
    if more:
        children[TELLER] = _child("-m", "saksgang.demo.teller")
    return children


def _child(*arguments: str) -> subprocess.Popen[bytes]:
    """What a process says goes to a file: the terminal keeps the lines that one needs."""
    with log_file().open("ab") as log:
        return subprocess.Popen([sys.executable, *arguments], stdout=log, stderr=log)  # noqa: S603


def log_file() -> Path:
    return Path(settings.DATA_DIR) / "log.txt"


def _wait_for_pages(children: dict[str, subprocess.Popen[bytes]], stop: threading.Event) -> bool:
    """True when the first page answers."""
    until = time.monotonic() + READY_SECONDS
    while time.monotonic() < until and not stop.is_set() and not _ended(children):
        try:
            with urllib.request.urlopen(f"{settings.BASE_URL}/demo/", timeout=5):  # noqa: S310 - our own address
                return True
        except urllib.error.HTTPError:
            return True
        except OSError:
            stop.wait(0.1)
    return False


def _ended(children: dict[str, subprocess.Popen[bytes]]) -> str:
    """The name of a process that ended though it should not; empty when all is well."""
    for name, child in children.items():
        code = child.poll()
        if code is not None and not (name == TELLER and code == 0):
            return name
    return ""


def _watch(children: dict[str, subprocess.Popen[bytes]], stop: threading.Event) -> int:
    told = False
    while not stop.wait(0.3):
        if name := _ended(children):
            # Ctrl-C reaches the children first; then this is no trouble.
            if stop.wait(0.5):
                break
            code = children[name].returncode
            print(f"Demoen stopper: {name} sluttet å kjøre (kode {code}). Se {log_file()}.", file=sys.stderr)
            return 1
        if TELLER in children and not told and children[TELLER].poll() == 0:
            told = True
            print("Alle sakene fra de siste nitti dagene er på plass.", flush=True)
    print("\nDemoen er stoppet. «make demo» fortsetter der du slapp.", flush=True)
    return 0


def _end(children: dict[str, subprocess.Popen[bytes]]) -> None:
    """Asks each to end, and ends those that have not after five seconds."""
    for child in children.values():
        if child.poll() is None:
            child.terminate()
    until = time.monotonic() + STOP_SECONDS
    for child in children.values():
        try:
            child.wait(timeout=max(0.1, until - time.monotonic()))
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()


def _welcome() -> None:
    base = settings.BASE_URL
    people = "\n".join(f"    {login:<9} {name}, {title}{_of(team)}" for name, login, team, _role, title in SIGN_INS)
    print(
        f"""
  Saksgang kjører med et oppdiktet sykehus.

  Start her:       {base}/demo/         (send en e-post som en ansatt, og følg den)
  Saksbehandling:  {base}/
  Ansattes post:   {base}/demo/inbox/

  Logg inn som en av disse. Passordet er «{PASSWORD}» for alle:
{people}

  E-post inn tas imot på {settings.SMTP_IN_HOST}:{settings.SMTP_IN_PORT}. Ingenting sendes ut av maskinen.
  Stopp med Ctrl-C. Begynn på nytt med: make demo ARGS=--fresh
""",
        flush=True,
    )


def _of(team: str) -> str:
    return f" i {team}" if team else ""
