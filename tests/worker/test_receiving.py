"""What the listener and the pipe keep of a delivery: one row a mailbox, whoever wrote, and bounded memory in the process itself."""

from __future__ import annotations

import resource
import smtplib
import socket
import subprocess
import sys
import threading
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from saksgang.inbound.actions import decide_pending
from saksgang.inbound.models import InboundMail
from saksgang.tickets.mail_reference import message_id, return_address
from saksgang.tickets.models import Ticket
from saksgang.worker import mail_command
from saksgang.worker.receiving import listening, written
from tests.channels.test_smtp_in import Client
from tests.dovecot import free_port
from tests.kill.desk import SAKSGANG, listens, wait_for
from tests.upkeep import places

MEGABYTE = 1024 * 1024
MAIL = b"From: Nora <nora@sykehus.example>\r\nSubject: Hjelp\r\n\r\nSkriveren svarer ikke.\r\n"


@pytest.fixture
def port(live_cast, settings):
    settings.SMTP_IN_PORT = free_port()
    with listening():
        yield settings.SMTP_IN_PORT


def rows() -> list[InboundMail]:
    return list(InboundMail.objects.order_by("id"))


# Envelope senders as bytes on the wire → as they stand in the ledger.
SENDERS = {
    b"<caf\xe9@sykehus.example>": "café@sykehus.example",
    b"<\xd8yvind\x80@sykehus.example>": "Øyvind€@sykehus.example",
    b"<\x81\xff@sykehus.example>": "ÿ@sykehus.example",
    b"<\xed\xa0\x80x@sykehus.example>": None,
    b"<n\x00ora@sykehus.example>": "nora@sykehus.example",
    b"<\x00>": "",
    b"<\x1b[2Jnora\x7f@sykehus.example>": "[2Jnora@sykehus.example",
    b"<" + b"n" * 500 + b"@sykehus.example>": "n" * 253 + "…",
    "<kåre@håndverk.example> SMTPUTF8".encode(): "kåre@håndverk.example",
    b"<no at all>": "no at all",
    b"<>": "",
}


@pytest.mark.parametrize(("said", "kept"), SENDERS.items(), ids=[str(nth) for nth in range(len(SENDERS))])
def test_a_sender_that_no_database_takes_is_kept_as_well_as_it_can_be_written(port, said, kept):
    with Client(port) as client:
        client.envelope(said)
        client.say(MAIL + b".\r\n")
        assert client.hear().startswith(b"250")
    (row,) = rows()
    assert row.envelope_from == kept or kept is None
    decide_pending()
    assert Ticket.objects.count() == 1


@pytest.mark.parametrize(
    "to", [b"<ikt+\xe9@sykehus.example>", b"<ikt+\x00@sykehus.example>", b"<i\x00kt@sykehus.example>"]
)
def test_a_tag_that_no_database_takes_reaches_its_mailbox(port, to):
    with Client(port) as client:
        client.envelope(to=to)
        client.say(MAIL + b".\r\n")
        assert client.hear().startswith(b"250")
    assert len(rows()) == 1


@pytest.mark.parametrize(
    "to",
    [b"<\xe9@sykehus.example>", b"<\x00>", b"<>", b"<ikt@sykehus.example\xff>", b"<" + b"x" * 3000 + b"@sykehus.example>"],
)  # fmt: skip
def test_an_address_that_is_not_ours_is_refused_for_good(port, to):
    with Client(port) as client:
        client.say(b"EHLO klient\r\nMAIL FROM:<nora@sykehus.example>\r\n")
        client.hear(), client.hear(), client.hear()
        client.say(b"RCPT TO:" + to + b"\r\n")
        assert client.hear()[:1] == b"5"


def test_a_letter_that_stands_for_no_byte_is_left_out():
    assert written("a\ud800b@sykehus.example") == "ab@sykehus.example"


def test_one_delivery_is_one_mail_for_each_mailbox_however_many_of_its_addresses_it_names(port):
    addresses = [f"ikt+{nth}@sykehus.example" for nth in range(300)]
    with smtplib.SMTP("127.0.0.1", port, timeout=60) as client:
        assert client.sendmail("nora@sykehus.example", [*addresses, "e-helse+x@sykehus.example"], MAIL) == {}
    assert [row.envelope_to for row in rows()] == ["ikt+0@sykehus.example", "e-helse+x@sykehus.example"]


def test_the_address_that_is_kept_is_the_one_that_tells_most(port):
    tagged = return_address("ikt@sykehus.example", message_id(4711, 12, 0, "sykehus.example"))
    for addresses, kept in (
        (["ikt+a@sykehus.example", "ikt@sykehus.example", tagged, "ikt+b@sykehus.example"], tagged),
        (["ikt+a@sykehus.example", "IKT@sykehus.example"], "ikt@sykehus.example"),
    ):
        with smtplib.SMTP("127.0.0.1", port, timeout=60) as client:
            client.sendmail("", addresses, MAIL)
        assert rows()[-1].envelope_to == kept


def test_a_mailbox_that_was_closed_in_the_middle_keeps_the_mail_with_its_sender(port, live_cast):
    with Client(port) as client:
        client.envelope()
        live_cast.ikt.active = False
        live_cast.ikt.save()
        client.say(MAIL + b".\r\n")
        assert client.hear().startswith(b"451")
    assert rows() == []


# --- the pipe --------------------------------------------------------------------------------------------------------


class Input:
    """Standard input with these bytes."""

    def __init__(self, content: bytes) -> None:
        import io

        self.buffer = io.BytesIO(content)


@pytest.mark.parametrize(
    ("sender", "kept"),
    [(None, None), ("", ""), ("<>", ""), ("caf\udce9@sykehus.example", "café@sykehus.example"),
     ("n\x00ora@sykehus.example", "nora@sykehus.example"), ("n" * 500, "n" * 253 + "…"), ("a\ud800b", "ab")],
)  # fmt: skip
def test_the_pipe_keeps_every_sender_too(cast, monkeypatch, sender, kept):
    monkeypatch.setattr(sys, "stdin", Input(MAIL))
    assert mail_command.receive("ikt+\udce9@sykehus.example", sender) == 0
    (row,) = rows()
    assert (row.envelope_from, row.envelope_to) == (kept, "ikt+é@sykehus.example")


def test_the_pipe_sends_back_a_mail_that_is_larger_than_we_ever_take(cast, monkeypatch, settings, capsys):
    settings.MAIL_MAX_BYTES = MEGABYTE
    for size, code in ((MEGABYTE, 0), (MEGABYTE + 1, 65), (3 * MEGABYTE, 65)):
        monkeypatch.setattr(sys, "stdin", Input(b"x" * size))
        assert mail_command.receive("ikt", None) == code
        assert sys.stdin.buffer.read() == b"", "a mail server whose pipe breaks does not ask why"
    assert "larger than 1 MB" in capsys.readouterr().err
    assert len(rows()) == 1


# --- the process -----------------------------------------------------------------------------------------------------


@contextmanager
def listener(place: places.Place, *, files: int = 0):
    """`saksgang mail listen`; at most so many open files when `files`. Yields its port, its process and its log."""
    port, log = free_port(), place.folder / "listener.log"
    limit = (lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (files, files))) if files else None
    with log.open("wb") as written_to:
        process = subprocess.Popen(
            [SAKSGANG, "mail", "listen"],
            env=place.environment | {"SAKSGANG_SMTP_IN_PORT": str(port)},
            stderr=written_to,
            preexec_fn=limit,
        )
    try:
        wait_for(lambda: listens(port), "nothing listens", seconds=30)
        yield port, process, log
    finally:
        process.kill()
        process.wait()


@pytest.fixture(scope="module")
def place():
    server = places.server_of_this_run()
    with places.place(server, like=places.migrated(server)) as made:
        books = Path(__file__).parents[1] / "kill" / "books.py"
        subprocess.run([sys.executable, books, "fill", "1"], env=made.environment, check=True)
        yield made


def highest_mib(pid: int) -> float:
    status = Path(f"/proc/{pid}/status").read_text()
    return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM")) / 1024


def test_mails_of_30_mb_of_every_kind_at_once_stay_within_300_mib(place):
    """Blank lines took aiosmtpd's own way 1.8 GB for 20 MB; connections that never end a line 50 MB each."""
    size = 30 * MEGABYTE
    contents = [line * (size // len(line)) for line in (b"\r\n", b"\n", b"\r", b"x", b"..\r\n", b"y" * 76 + b"\r\n")]
    said: list[bytes] = []

    def send(content: bytes) -> None:
        with Client(port) as client:
            client.socket.settimeout(120)
            client.envelope()
            client.say(b"Subject: Stor\r\n\r\n", content, b"\r\n.\r\n")
            said.append(client.hear()[:3])

    with listener(place) as (port, process, _log), ExitStack() as idle:
        for _ in range(20):
            client = idle.enter_context(Client(port))
            client.socket.settimeout(1)
            client.say(b"x" * 100_000)  # and never a line end
        senders = [threading.Thread(target=send, args=(content,)) for content in contents]
        for sender in senders:
            sender.start()
        for sender in senders:
            sender.join()
        assert said == [b"250"] * len(contents)
        assert highest_mib(process.pid) < 300
    assert not list((place.folder / "files").rglob(".new-*"))


def test_a_crowd_that_takes_every_file_makes_no_noise_and_mails_come_in_when_it_is_gone(place):
    with listener(place, files=64) as (port, _process, log):
        crowd = [socket.create_connection(("127.0.0.1", port), timeout=20) for _ in range(150)]
        with Client(port) as client:
            assert client.hear()[:3] in (b"421", b"")
        for one in crowd:
            one.close()

        def takes() -> bool:
            with Client(port) as client:
                if not client.hear().startswith(b"220"):
                    return False
                client.envelope()
                client.say(MAIL + b".\r\n")
                return client.hear().startswith(b"250")

        wait_for(takes, "the crowd is gone and nobody is let in", seconds=30)
        assert log.stat().st_size < 20_000


def test_the_pipe_in_a_process_of_its_own(place):
    command = [SAKSGANG, "mail", "receive", "--mailbox", "ikt"]

    def receive(*options: bytes, content: bytes = MAIL, memory: int = 0) -> int:
        def limit() -> None:
            resource.setrlimit(resource.RLIMIT_DATA, (memory, memory))

        return subprocess.run(
            [*command, *options],
            env=place.environment,
            input=content,
            check=False,
            capture_output=True,
            preexec_fn=limit if memory else None,
        ).returncode

    assert receive(b"--sender", b"caf\xe9@sykehus.example") == 0
    assert receive(content=b"\n" * (51 * MEGABYTE)) == 65
    assert receive(content=b"\n" * (40 * MEGABYTE), memory=60 * MEGABYTE) == 75, "out of memory: it can pass"
