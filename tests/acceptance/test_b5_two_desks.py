"""Two whole desks on loopback that answer each other fall silent, also when a mail server between them takes every mark away."""

from __future__ import annotations

import json
import os
import shutil
import smtplib
import socket
import subprocess
import sys
import time
from contextlib import ExitStack, suppress
from email import message_from_bytes
from email.message import EmailMessage
from email.utils import make_msgid
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller

from tests.dovecot import free_port, free_ports
from tests.upkeep.places import migrated

pytestmark = pytest.mark.once

HERE = Path(__file__).parent
SAKSGANG = Path(sys.executable).parent / "saksgang"
# Whatever says that a machine wrote a mail, or which thread it is of.
MARKS = (
    "Auto-Submitted", "X-Auto-Response-Suppress", "X-Saksgang-Loop", "In-Reply-To", "References", "Message-ID", "Subject",
)  # fmt: skip


class Between:
    """A mail server that passes mails on, perhaps without their marks."""

    def __init__(self, to_port: int, *, strips: bool, sender: str) -> None:
        self.to_port, self.strips, self.sender = to_port, strips, sender

    async def handle_DATA(self, server, session, envelope):
        mail = message_from_bytes(envelope.original_content)
        sender = envelope.mail_from
        if self.strips:
            for name in MARKS:
                del mail[name]
            mail["Message-ID"], mail["Subject"] = make_msgid(domain="mellom.example"), "Vi har fått saken din"
            sender = self.sender
        with smtplib.SMTP("127.0.0.1", self.to_port, timeout=20) as connection:
            connection.sendmail(sender, envelope.rcpt_tos, mail.as_bytes())
        return "250 OK"


class Neighbour:
    """One desk: database, receiver and worker of its own."""

    def __init__(self, folder: Path, address: str, relay_port: int) -> None:
        self.address, self.port = address, free_port()
        shutil.copytree(
            migrated("").folder, folder, ignore=shutil.ignore_patterns("keys")
        )  # each makes keys of its own
        self.environment = os.environ | {
            "SAKSGANG_DATA_DIR": str(folder),
            "SAKSGANG_DATABASE_URL": "",
            "SAKSGANG_DEMO": "",
            "SAKSGANG_SMTP_IN_PORT": str(self.port),
            "SAKSGANG_SMTP_OUT_PORT": str(relay_port),
            "SAKSGANG_LOG_LEVEL": "CRITICAL",
            "DJANGO_SETTINGS_MODULE": "saksgang.config.settings",
            "PYTHONPATH": str(HERE.parent.parent),
        }
        self.ask("fill", address)
        self.process = subprocess.Popen([SAKSGANG, "work", "--listen"], env=self.environment)

    def ask(self, *arguments: str) -> dict:
        command = [sys.executable, HERE / "neighbour.py", *arguments]
        done = subprocess.run(command, env=self.environment, check=True, capture_output=True, text=True)
        return json.loads(done.stdout)

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(timeout=20)


def write(port: int, sender: str, recipient: str) -> None:
    """Somebody writes by hand from the other desk's own address."""
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = sender, recipient, "Hei, kan dere hjelpe oss?"
    mail["Date"], mail["Message-ID"] = "Mon, 23 Nov 2026 08:00:00 +0100", make_msgid(domain="nabo.example")
    mail.set_content("Vi får ikke tak i journalen.")
    with smtplib.SMTP("127.0.0.1", port, timeout=20) as connection:
        connection.send_message(mail)


def wait_until_it_listens(port: int) -> None:
    end = time.monotonic() + 60
    while time.monotonic() < end:
        with suppress(OSError):
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        time.sleep(0.1)
    raise AssertionError(f"nothing listens on {port}")


def at_rest(ours: Neighbour, theirs: Neighbour) -> tuple[dict, dict]:
    """How both are once nothing has happened for a while."""
    end, before = time.monotonic() + 60, None
    while time.monotonic() < end:
        now = (ours.ask("state"), theirs.ask("state"))
        if now == before and not now[0]["undone"] and not now[1]["undone"] and now[0]["mails"]:
            return now
        before = now
        time.sleep(1.5)
    raise AssertionError(f"they are still at it: {before}")


@pytest.fixture
def neighbours(tmp_path, request):
    strips = request.param
    with ExitStack() as stack:
        relays = free_ports(2)
        ours = Neighbour(tmp_path / "ours", "ikt@sykehus.example", relays[0])
        stack.callback(ours.stop)
        theirs = Neighbour(tmp_path / "theirs", "hjelp@nabo.example", relays[1])
        stack.callback(theirs.stop)
        for relay, to, sender in ((relays[0], theirs, ours.address), (relays[1], ours, theirs.address)):
            between = Controller(Between(to.port, strips=strips, sender=sender), hostname="127.0.0.1", port=relay)
            between.start()
            stack.callback(between.stop)
        for desk in (ours, theirs):
            wait_until_it_listens(desk.port)
        yield ours, theirs


@pytest.mark.parametrize("neighbours", [False], indirect=True)
def test_b5_two_desks_with_their_marks_exchange_one_receipt(neighbours):
    ours, theirs = neighbours
    write(ours.port, theirs.address, ours.address)
    here, there = at_rest(ours, theirs)
    assert (here["tickets"], here["receipts"]) == (1, 1)
    assert (there["tickets"], there["outcomes"], there["receipts"]) == (0, ["set_aside"], 0)


@pytest.mark.parametrize("neighbours", [True], indirect=True)
def test_b5_two_desks_without_any_mark_fall_silent_and_the_case_is_flagged(neighbours):
    ours, theirs = neighbours
    write(ours.port, theirs.address, ours.address)
    here, there = at_rest(ours, theirs)
    assert max(here["receipts"], there["receipts"]) == 5, "five receipts an hour to one address"
    assert here["tickets"] + there["tickets"] <= 12
    assert ["mail_storm", theirs.address] in here["alarms"] or ["mail_storm", ours.address] in there["alarms"]
    assert here["flagged"] or there["flagged"]
