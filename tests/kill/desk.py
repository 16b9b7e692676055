"""A whole desk in processes of its own, which the test kills and starts again."""

from __future__ import annotations

import contextlib
import hashlib
import imaplib
import json
import os
import re
import signal
import smtplib
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from collections import defaultdict
from email import message_from_bytes
from email.message import EmailMessage
from http.cookiejar import CookieJar
from pathlib import Path
from typing import Self

from aiosmtpd.controller import Controller
from imap_tools.errors import ImapToolsError

from tests.dovecot import Dovecot, free_port, free_ports

SAKSGANG = Path(sys.executable).parent / "saksgang"
HERE = Path(__file__).parent


class Catcher:
    """The employees' mail server: remembers what arrived, as (recipient, Message-ID) → hashes of the bytes."""

    def __init__(self) -> None:
        self.got: dict[tuple[str, str], list[str]] = defaultdict(list)
        self.mails: list[tuple[str, object]] = []
        self.port = free_port()
        self.controller = Controller(self, hostname="127.0.0.1", port=self.port)

    async def handle_DATA(self, server, session, envelope):
        mail = message_from_bytes(envelope.original_content)
        digest = hashlib.sha256(envelope.original_content).hexdigest()
        for recipient in envelope.rcpt_tos:
            self.got[recipient, mail["Message-ID"]].append(digest)
            self.mails.append((recipient, mail))
        return "250 OK"


class Desk:
    """Receiver, worker and web on loopback, over one database and one folder."""

    COMMANDS = {
        "receiver": ["mail", "listen"],
        "worker": ["work"],
        "web": ["serve", "--threads", "2"],
    }

    def __init__(self, database_url: str) -> None:
        self.folder = tempfile.TemporaryDirectory(prefix="saksgang-kill-")
        self.catcher = Catcher()
        self.imap = Dovecot()
        self.smtp_port, self.web_port = free_ports(2)
        self.environment = os.environ | {
            "SAKSGANG_DATA_DIR": self.folder.name,
            "SAKSGANG_DATABASE_URL": database_url,
            "SAKSGANG_DEMO": "",
            "SAKSGANG_SMTP_IN_PORT": str(self.smtp_port),
            "SAKSGANG_SMTP_OUT_PORT": str(self.catcher.port),
            "SAKSGANG_LEASE_SECONDS": "2",
            "SAKSGANG_UNDO_SECONDS": "0",
            "SAKSGANG_RECEIPTS_PER_HOUR": "1000000",  # every mail here gets its receipt
            "SAKSGANG_LOG_LEVEL": "ERROR",
            "DJANGO_SETTINGS_MODULE": "saksgang.config.settings",
            "PYTHONPATH": str(HERE.parent.parent),
        }
        self.processes: dict[str, subprocess.Popen] = {}

    def __enter__(self) -> Self:
        try:
            self.come_up()
        except BaseException as error:
            error.add_note(self.logs())
            self.__exit__()
            raise
        return self

    def come_up(self) -> None:
        self.catcher.controller.start()
        self.imap.start()
        subprocess.run([SAKSGANG, "migrate", "--verbosity", "0"], env=self.environment, check=True)
        self.script("fill", str(self.imap.port))
        for name in self.COMMANDS:
            self.start(name)
        for port in (self.smtp_port, self.web_port):
            wait_for(lambda port=port: listens(port), f"nothing listens on {port}", seconds=30)

    def __exit__(self, *_error) -> None:
        for name in list(self.processes):
            self.kill(name)
        self.catcher.controller.stop()
        self.imap.__exit__()
        self.folder.cleanup()

    def start(self, name: str) -> None:
        command = [SAKSGANG, *self.COMMANDS[name]]
        if name == "web":
            command += ["--port", str(self.web_port)]
        log = (Path(self.folder.name) / f"{name}.log").open("ab")
        # A session of its own: granian's workers go with their parent when the group is killed.
        self.processes[name] = subprocess.Popen(
            command, env=self.environment, start_new_session=True, stdout=log, stderr=log
        )
        log.close()

    def kill(self, name: str) -> None:
        process = self.processes.pop(name)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    def script(self, name: str, *arguments: str) -> dict:
        """Runs books.py over the desk's own database, in a process of its own."""
        done = subprocess.run(
            [sys.executable, HERE / "books.py", name, *arguments],
            env=self.environment,
            check=True,
            capture_output=True,
            text=True,
        )
        return json.loads(done.stdout or "{}")

    def logs(self) -> str:
        return "\n".join(path.read_text()[-3000:] for path in Path(self.folder.name).glob("*.log"))


def listens(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=0.5).close()
    except OSError:
        return False
    return True


def wait_for(condition, complaint: str, *, seconds: float) -> None:
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            raise AssertionError(complaint)
        time.sleep(0.1)


def by_imap(nth: int) -> bool:
    """Every other mail is put into a mailbox on the IMAP server; the rest come by SMTP."""
    return nth % 2 == 1


def send_mail(desk: Desk, nth: int, stop: threading.Event) -> bool:
    """Sends as a mail server does: again and again until somebody has taken it. False when told to stop first."""
    mail = EmailMessage()
    mail["From"] = f"Ansatt {nth} <ansatt{nth}@sykehus.example>"
    mail["To"] = "e-helse@sykehus.example" if by_imap(nth) else "ikt@sykehus.example"
    mail["Subject"] = f"Sak {nth}"
    mail["Date"] = "Mon, 23 Nov 2026 08:00:00 +0100"
    mail["Message-ID"] = f"<kill-{nth}@sykehus.example>"
    mail.set_content(f"Hei, dette er henvendelse {nth}.")
    while not stop.is_set():
        try:
            if by_imap(nth):
                desk.imap.deliver(mail.as_bytes(), user="e-helse")
            else:
                with smtplib.SMTP("127.0.0.1", desk.smtp_port, timeout=10) as connection:
                    connection.send_message(mail)
            return True
        except (OSError, smtplib.SMTPException, imaplib.IMAP4.error, ImapToolsError):
            time.sleep(0.05)
    return False


class Agent:
    """Somebody at a browser: signs in, and answers by the page's own forms."""

    def __init__(self, port: int) -> None:
        self.base = f"http://127.0.0.1:{port}"
        self.browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))

    def page(self, path: str, data: dict | None = None) -> str:
        body = urllib.parse.urlencode(data).encode() if data else None
        with self.browser.open(self.base + path, body, timeout=10) as answer:
            return answer.read().decode()

    def form(self, page_path: str, path: str, fields: dict) -> str:
        """Opens a page and posts a form with its token and hidden fields."""
        page = self.page(page_path)
        hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page))
        return self.page(path, hidden | fields)

    def sign_in(self) -> None:
        self.form("/sign-in", "/sign-in", {"username": "kari", "password": "hemmelig-i-testene"})

    def solve(self, number: int) -> None:
        """Answers and solves a case in one step, as the ticket page's own form does."""
        path = f"/tickets/{number}"
        self.form(
            path,
            f"{path}/resolution",
            {"words": f"Sak {number} er rettet.", "type": "SERVICE_REQUEST", "impact": "individuals"},
        )
