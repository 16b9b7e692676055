"""`saksgang demo`, as a newcomer starts it: its own folder, SQLite, its own ports; everything ends with Ctrl-C."""

from __future__ import annotations

import os
import re
import signal
import smtplib
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from email.message import EmailMessage
from http.cookiejar import CookieJar
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest

pytestmark = pytest.mark.once

START_SECONDS = 150  # on a slow machine with other tests beside
MAIL_SECONDS = 60


def wait_for(ask: Callable[[], Any], seconds: float, what: str) -> Any:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        try:
            if found := ask():
                return found
        except OSError:
            pass
        time.sleep(0.2)
    raise AssertionError(f"waited {seconds} s for {what}")


class Browser:
    """Cookies and forms, nothing more."""

    def __init__(self, base: str) -> None:
        self.base = base
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))

    def get(self, path: str) -> str:
        with self.opener.open(self.base + path, timeout=20) as answer:
            return answer.read().decode()

    def post(self, path: str, facts: dict[str, str]) -> str:
        token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', self.get(path))
        assert token
        data = urlencode(facts | {"csrfmiddlewaretoken": token[1]}).encode()
        with self.opener.open(self.base + path, data=data, timeout=20) as answer:
            return answer.read().decode()


@pytest.fixture
def port() -> int:
    """One that nobody uses just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def processes_of_group(group: int) -> list[int]:
    """Those that live, without those that only wait to be collected."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[2]) == group and fields[0] != "Z":
            found.append(int(stat.parent.name))
    return found


@pytest.fixture
def demo(tmp_path: Path, port: int) -> Iterator[tuple[subprocess.Popen[str], str]]:
    outside = ("SAKSGANG_", "DJANGO_")
    environment = {name: value for name, value in os.environ.items() if not name.startswith(outside)}
    environment["SAKSGANG_DEMO_DIR"] = str(tmp_path / "demo")
    command = [
        sys.executable,
        "-u",
        "-c",
        "from saksgang.cli import main; main()",
        "demo",
        "--no-more",
        "--port",
        str(port),
    ]
    with (tmp_path / "said.txt").open("w") as said:
        process = subprocess.Popen(
            command, env=environment, stdout=said, stderr=said, text=True, start_new_session=True
        )
        try:
            yield process, str(tmp_path / "said.txt")
        finally:
            if processes_of_group(process.pid):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait(timeout=10)


def test_the_whole_way_in_one_command(demo):
    process, said = demo

    def welcome() -> re.Match[str] | None:
        assert process.poll() is None, Path(said).read_text()
        words = Path(said).read_text()
        return re.search(r"Start her:\s+http://localhost:(\d+)/demo/(?s:.*)tas imot på 127\.0\.0\.1:(\d+)", words)

    where = wait_for(welcome, START_SECONDS, "the welcome")
    browser = Browser(f"http://127.0.0.1:{where[1]}")
    assert "ingrid" in browser.get("/demo/")

    mail = EmailMessage()
    mail["From"], mail["To"] = "Nora Prøve <nora.prove@sykehuset.example>", "ikt@sykehuset.example"
    mail["Subject"], mail["Message-ID"] = "Skjermen er svart", "<first@post.sykehuset.example>"
    mail["Date"] = "Tue, 03 Mar 2026 10:00:00 +0100"
    mail.set_content("Hei, skjermen min er svart.")
    with smtplib.SMTP("127.0.0.1", int(where[2]), timeout=20) as door:
        door.send_message(mail)

    browser.post("/sign-in", {"username": "ingrid", "password": "demo"})
    wait_for(lambda: "Skjermen er svart" in browser.get("/search?q=skjermen+svart"), MAIL_SECONDS, "the case")
    inbox = "/demo/inbox/?recipient=nora.prove@sykehuset.example"
    wait_for(lambda: "/demo/inbox/" in browser.get(inbox).partition("<tbody>")[2], MAIL_SECONDS, "the receipt")

    process.send_signal(signal.SIGINT)
    assert process.wait(timeout=10) == 0
    wait_for(lambda: not processes_of_group(process.pid), 5, "the children's end")
