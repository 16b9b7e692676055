"""A disk that is full or was taken away: the sender keeps the mail, `check` and `/health` say why, and nothing is lost.

Rights do not stop root, so the trouble is of a kind that stops everybody: a limit on the size of files stands for the full
disk, a file where the folder should be for a mount that went away.
"""

from __future__ import annotations

import json
import os
import resource
import smtplib
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.dovecot import free_port
from tests.kill.desk import SAKSGANG, listens, wait_for
from tests.upkeep import places
from tests.upkeep.places import Place

BOOKS = Path(__file__).parents[1] / "kill" / "books.py"
MEGABYTE = 1024 * 1024
LARGEST_FILE = 8 * MEGABYTE  # enough for the database, and too little for the large mail


@pytest.fixture(scope="module")
def filled():
    server = places.server_of_this_run()
    with places.place(server, like=places.migrated(server)) as made:
        subprocess.run([sys.executable, BOOKS, "fill", "1"], env=made.environment, check=True)
        yield made


@pytest.fixture
def place(filled):
    with places.place(places.server_of_this_run(), like=filled) as made:
        yield made


@contextmanager
def listener(place: Place, *, full: bool = False):
    """`saksgang mail listen`, on a disk that takes no large file when `full`. Yields its port."""
    port = free_port()

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (LARGEST_FILE, LARGEST_FILE))

    process = subprocess.Popen(
        [SAKSGANG, "mail", "listen"],
        env=place.environment | {"SAKSGANG_SMTP_IN_PORT": str(port), "SAKSGANG_LOG_LEVEL": "CRITICAL"},
        preexec_fn=limit if full else None,
    )
    try:
        wait_for(lambda: listens(port), "nothing listens", seconds=30)
        yield port
    finally:
        process.kill()
        process.wait()


def send(port: int, nth: int, size: int = 1000) -> int:
    """What the listener says to a whole mail."""
    mail = f"From: nora@sykehus.example\r\nSubject: Sak {nth}\r\nMessage-ID: <disk-{nth}@sykehus.example>\r\n\r\n"
    with smtplib.SMTP("127.0.0.1", port, timeout=60) as connection:
        connection.ehlo()
        connection.mail("nora@sykehus.example")
        assert connection.rcpt("ikt@sykehus.example")[0] == 250
        return connection.data(mail.encode() + b"x" * 70 + b"\r\n" * 2 + (b"y" * 998 + b"\r\n") * (size // 1000))[0]


def stored(place: Place) -> int:
    done = subprocess.run(
        [sys.executable, BOOKS, "pending"], env=place.environment, check=True, capture_output=True, text=True
    )
    return json.loads(done.stdout)["mails"]


def leftovers(place: Place) -> list[str]:
    return [path.name for path in (place.folder / "files").rglob(".new-*")]


def test_a_full_disk_leaves_the_mail_with_its_sender(place):
    with listener(place, full=True) as port:
        assert send(port, 1) == 250
        assert send(port, 2, size=10 * MEGABYTE) == 451
        assert send(port, 3) == 250, "what fits is still taken"
    assert stored(place) == 2
    assert leftovers(place) == []
    with listener(place) as port:  # somebody made room, and the sender's server comes again
        assert send(port, 2, size=10 * MEGABYTE) == 250
    assert stored(place) == 3


def test_a_folder_that_went_away_leaves_the_mail_with_its_sender_and_check_says_so(place):
    away = place.folder / "files-away"
    with listener(place) as port:
        assert send(port, 1) == 250
        os.rename(place.folder / "files", away)
        (place.folder / "files").write_text("")
        assert send(port, 2) == 451
        assert f"{place.folder} cannot be written to (Not a directory)" in place.run("check", code=1)
        (place.folder / "files").unlink()
        os.rename(away, place.folder / "files")
        assert send(port, 2) == 250
    assert stored(place) == 2
    assert "cannot be written to" not in place.run("check", code=1)


def test_the_pipe_says_try_again(place):
    (place.folder / "files").write_text("")
    raw = b"From: nora@sykehus.example\r\nSubject: Sak\r\n\r\nHei\r\n"
    done = subprocess.run(
        [SAKSGANG, "mail", "receive", "--mailbox", "ikt"], env=place.environment, input=raw, capture_output=True, check=False
    )  # fmt: skip
    assert done.returncode == 75
    assert stored(place) == 0
