"""`saksgang serve` as a process of its own on the database of the tests, and ears that listen to its stream."""

from __future__ import annotations

import os
import queue
import signal
import socket
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from time import monotonic

from django.conf import settings
from django.db import connection, transaction
from django.test import Client

from saksgang.events.actions import record
from saksgang.people.models import Person, Team
from tests.cast import SETUP
from tests.dovecot import free_port
from tests.kill.desk import SAKSGANG, listens, wait_for

ROOT = Path(__file__).resolve().parents[3]
SOON = 10  # seconds at most, on a machine that does other things too


def database_url() -> str:
    name = connection.settings_dict["NAME"]
    if connection.vendor == "sqlite":
        return f"sqlite:///{name}"
    return f"{os.environ['SAKSGANG_DATABASE_URL'].rpartition('/')[0]}/{name}"


@contextmanager
def serving(**variables: str) -> Iterator[tuple[int, subprocess.Popen]]:
    """(port, process) of a server that sees what the tests commit."""
    port = free_port()
    environment = os.environ | {
        "SAKSGANG_DATA_DIR": str(settings.DATA_DIR),
        "SAKSGANG_DATABASE_URL": database_url(),
        "SAKSGANG_DEMO": "",
        "SAKSGANG_LOG_LEVEL": "ERROR",
        "DJANGO_SETTINGS_MODULE": "saksgang.config.settings",
        "PYTHONPATH": str(ROOT),
        **variables,
    }
    process = subprocess.Popen([SAKSGANG, "serve", "--port", str(port)], env=environment, start_new_session=True)
    try:
        wait_for(lambda: listens(port) or process.poll() is not None, "nothing listens", seconds=60)
        yield port, process
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def session_of(person: Person) -> str:
    client = Client()
    client.force_login(person.account)
    return client.cookies["sessionid"].value


class Ear:
    """One open stream. What is told comes as sets of words."""

    def __init__(
        self, port: int, session: str = "", *, path: str = "/live/", method: str = "GET", **headers: str
    ) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=SOON)
        said = {"Host": "127.0.0.1", "Accept": "text/event-stream", "Cookie": f"sessionid={session}"} | headers
        lines = [f"{method} {path} HTTP/1.1", *(f"{name.replace('_', '-')}: {value}" for name, value in said.items())]
        self.socket.sendall("\r\n".join([*lines, "", ""]).encode())
        self.file = self.socket.makefile("rb")
        self.status = int(self.file.readline().split()[1])
        self.headers = dict(line.decode().strip().split(": ", 1) for line in iter(self.file.readline, b"\r\n"))
        self.text = ""
        self.told: queue.Queue[set[str] | None] = queue.Queue()
        self.thread: threading.Thread | None = None
        if self.status == 200:
            self.socket.settimeout(None)
            self.thread = threading.Thread(target=self._listen, daemon=True)
            self.thread.start()

    def _listen(self) -> None:
        kind = ""
        with suppress(OSError, ValueError):
            for line in self.file:
                words = line.decode().strip()
                if words == "0":  # the end, as HTTP/1.1 tells it
                    break
                self.text += f"{words}\n"
                if words.startswith("event: "):
                    kind = words.removeprefix("event: ")
                if words.startswith("data:") and kind == "told":
                    self.told.put(set(words.removeprefix("data:").split()))
        self.told.put(None)

    def hears(self, word: str, *, within: float = SOON) -> set[str]:
        """All that is told of cases until the word is; fails when it is not told soon."""
        heard: set[str] = set()
        until = monotonic() + within
        while word not in heard:
            words = self.told.get(timeout=max(0.01, until - monotonic()))
            assert words is not None, f"the stream ended, and {word} was not told"
            heard |= words
        return heard - {"*", "lists"}

    def ends(self) -> bool:
        with suppress(queue.Empty):
            while self.told.get(timeout=SOON) is not None:
                pass
            return True
        return False

    def close(self) -> None:
        with suppress(OSError):
            self.socket.shutdown(socket.SHUT_RDWR)
        if self.thread:
            self.thread.join(timeout=SOON)
        self.file.close()
        self.socket.close()


def knock() -> None:
    """Something happens that is no case."""
    with transaction.atomic():
        record("team_changed", by=SETUP, subject=Team.objects.get(kind="triage"))


def listens_by_now(ear: Ear) -> None:
    """The server hears the database; what happened before is told as «everything»."""
    for _attempt in range(SOON):
        knock()
        with suppress(queue.Empty):
            ear.hears("lists", within=1)
            return
    raise AssertionError("nothing is told")
