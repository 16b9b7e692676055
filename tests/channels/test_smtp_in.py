"""The listener, spoken to by real sockets: the bytes it keeps, and the bounds of what it holds."""

from __future__ import annotations

import smtplib
import socket
import threading
from contextlib import contextmanager

import pytest

from saksgang.channels.smtp_in import server as bounds
from saksgang.channels.smtp_in.listener import Listener, Store
from saksgang.channels.smtp_in.spool import IN_MEMORY, LINE_END, Undotting
from tests.dovecot import free_port

pytestmark = pytest.mark.once

MEGABYTE = 1024 * 1024


class Kept:
    """Takes mails to ikt@, and does what it is told while it keeps one."""

    def __init__(self) -> None:
        self.mails: list[tuple[bytes, str, list[str]]] = []
        self.during = lambda: None

    def keep(self, raw: bytes, sender: str, addresses: list[str]) -> None:
        self.during()
        self.mails.append((raw, sender, addresses))

    def knows(self, address: str) -> bool:
        return address.startswith("ikt") and address.endswith("@sykehus.example")

    @property
    def raw(self) -> bytes:
        ((raw, _sender, _addresses),) = self.mails
        return raw


@contextmanager
def door(kept: Kept):
    listener = Listener(Store(knows=kept.knows, keep=kept.keep, close=lambda: None), "127.0.0.1", free_port())
    listener.start()
    try:
        yield listener.port
    finally:
        listener.stop()


@pytest.fixture
def kept():
    return Kept()


@pytest.fixture
def port(kept):
    with door(kept) as number:
        yield number


class Client:
    """Says exactly what it is told, byte for byte."""

    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=20)
        self.file = self.socket.makefile("rb")

    def __enter__(self):
        return self

    def __exit__(self, *_error) -> None:
        self.file.close()
        self.socket.close()

    def say(self, *pieces: bytes) -> None:
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for piece in pieces:
            self.socket.sendall(piece)

    def hear(self) -> bytes:
        """One answer, the last line of it; nothing when the server has hung up, also on words that it did not wait for."""
        try:
            while (line := self.file.readline())[3:4] == b"-":
                pass
        except ConnectionResetError:
            return b""
        return line.strip()

    def until(self, code: bytes) -> bytes:
        while not (answer := self.hear()).startswith(code):
            assert answer, f"hung up before {code!r}"
        return answer

    def envelope(self, sender: bytes = b"<nora@sykehus.example>", to: bytes = b"<ikt@sykehus.example>") -> None:
        self.say(b"EHLO klient\r\n", b"MAIL FROM:" + sender + b"\r\n", b"RCPT TO:" + to + b"\r\n", b"DATA\r\n")
        self.until(b"354")


def sent(port: int, data: bytes, *, each: int = 0) -> bytes:
    """What the listener says to a mail's bytes as they cross the network; `each` so many bytes at a time."""
    with Client(port) as client:
        client.envelope()
        client.say(*([data[at : at + each] for at in range(0, len(data), each)] if each else [data]))
        return client.hear()


# --- the bytes -------------------------------------------------------------------------------------------------------

# What crosses the network → what was meant (RFC 5321 4.5.2). Nothing but the dot that was put in is changed.
MAILS = {
    b".\r\n": b"",
    b"\r\n.\r\n": b"\r\n",
    b"a\r\n.\r\n": b"a\r\n",
    b"..\r\n.\r\n": b".\r\n",
    b"...\r\n..\r\n\r\n..b\r\n.\r\n": b"..\r\n.\r\n\r\n.b\r\n",
    b"\r\n\r\n\r\n..\r\n\r\n.\r\n": b"\r\n\r\n\r\n.\r\n\r\n",
    b".a\r\n.\r\n": b"a\r\n",
    b"a\n.\nb\r\n.\r\n": b"a\n.\nb\r\n",
    b"a\n.\r\nb\r\n.\r\n": b"a\n.\r\nb\r\n",
    b"a\r\n.\nb\r\n.\r\n": b"a\r\n\nb\r\n",
    b"a\r.\rb\r\n.\r\n": b"a\r.\rb\r\n",
    b"a\r\r\n.\r\n": b"a\r\r\n",
    b"a\r\n.\r\r\n.\r\n": b"a\r\n\r\r\n",
    b"\x00\xff\xc3\xa5\r\n.\r\n": b"\x00\xff\xc3\xa5\r\n",
}


@pytest.mark.parametrize("each", [0, 1, 2, 3, 5])
def test_the_bytes_are_kept_as_they_were_meant_however_they_are_cut(kept, port, each):
    for wire, meant in MAILS.items():
        kept.mails.clear()
        assert sent(port, wire, each=each).startswith(b"250"), wire
        assert kept.raw == meant, wire


def test_dots_are_taken_away_wherever_a_piece_ends():
    wire = b"\r\n..a\r\n\r\n..\r\r\n.b\r\n\n..c\r\n..\r\n"
    meant = b".a\r\n\r\n.\r\r\nb\r\n\n..c\r\n.\r\n"
    for first in range(len(wire) + 1):
        for second in range(first, len(wire) + 1):
            undotting = Undotting()
            pieces = (wire[:first], wire[first:second], wire[second:])
            assert b"".join([*map(undotting.feed, pieces), undotting.end()]) == meant, (first, second)


@pytest.mark.parametrize("size", [IN_MEMORY - 1, IN_MEMORY + 1, 3 * MEGABYTE])
@pytest.mark.parametrize("line", [b"\r\n", b"..x\r\n", b"y" * 70 + b"\r\n", b"z", b"\n", b"\r"])
def test_large_mails_come_through_whatever_their_lines(kept, port, line, size):
    wire = line * (size // len(line)) + LINE_END
    assert sent(port, wire + b".\r\n").startswith(b"250")
    assert kept.raw == wire.replace(b"\r\n..", b"\r\n.").removeprefix(b".")


@pytest.mark.parametrize("end", [b"\n.\n", b"\n.\r\n", b"\r.\r", b"\r\n.\n", b"\r\n.\r", b"\r.\r\n", b"\r\n\x00.\r\n"])
def test_nothing_but_the_one_right_line_ends_a_mail(kept, port, end):
    """Somebody who may write one mail must not smuggle in a second with a sender of their choice."""
    smuggled = b"MAIL FROM:<sjefen@sykehus.example>\r\nRCPT TO:<ikt@sykehus.example>\r\nDATA\r\nBetal!"
    with Client(port) as client:
        client.envelope()
        client.say(b"Hei" + end + smuggled + b"\r\n.\r\nQUIT\r\n")
        assert [client.hear()[:3], client.hear()[:3]] == [b"250", b"221"]
    assert b"Betal!" in kept.raw


def test_commands_sent_ahead_are_answered_in_their_order(kept, port):
    with Client(port) as client:
        client.say(b"EHLO klient\r\n")
        client.until(b"250")  # the answer to EHLO: what comes before it is the greeting
        whole = b"MAIL FROM:<a@b.example>\r\nRCPT TO:<ikt@sykehus.example>\r\nRCPT TO:<x@y.example>\r\nDATA\r\n"
        client.say(whole + b"Hei\r\n.\r\nRSET\r\nNOOP\r\n" + whole + b"To\r\n.\r\nQUIT\r\n")
        codes = [client.hear()[:3] for _ in range(13)]
    one = [b"250", b"250", b"550", b"354", b"250"]
    assert codes == [*one, b"250", b"250", *one, b"221"]
    assert [raw for raw, _sender, _to in kept.mails] == [b"Hei\r\n", b"To\r\n"]


def test_what_is_offered(port):
    with smtplib.SMTP("127.0.0.1", port, timeout=20) as client:
        client.ehlo()
        assert {"8bitmime", "smtputf8", "pipelining", "size"} <= client.esmtp_features.keys()
        assert "chunking" not in client.esmtp_features
        assert client.docmd("BDAT 3")[0] == 500
        assert client.docmd("VRFY", "ikt")[0] == 252


def test_a_client_that_says_all_and_closes_its_half_is_answered(kept, port):
    with Client(port) as client:
        client.envelope()
        client.say(b"Hei\r\n.\r\n")
        client.socket.shutdown(socket.SHUT_WR)
        assert client.hear().startswith(b"250")
    assert kept.raw == b"Hei\r\n"


# --- the envelope ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "sender"),
    [
        (b"<>", ""),
        (b"< >", ""),
        (b"<nora>", "nora"),
        (b"nora@sykehus.example", "nora@sykehus.example"),
        (b"<@a.example,@b.example:nora@sykehus.example>", "nora@sykehus.example"),
        (b'<"nora >> x"@sykehus.example>', '"nora >> x"@sykehus.example'),
        (b'<o"nora@sykehus.example>', 'o"nora@sykehus.example'),
        (b"<nora..x.@sykehus.example>", "nora..x.@sykehus.example"),
        (b"<nora@[127.0.0.1]>", "nora@[127.0.0.1]"),
        (b"<nora@[IPv6:::1>", "nora@[IPv6:::1"),
        ("<kåre@håndverk.example> SMTPUTF8".encode(), "kåre@håndverk.example"),
        (b"<caf\xe9@sykehus.example>", "caf\udce9@sykehus.example"),
        (b"<n\x00o\x01ra@sykehus.example>", "n\x00o\x01ra@sykehus.example"),
        (b"<" + b"n" * 2000 + b"@sykehus.example>", "n" * 2000 + "@sykehus.example"),
        (b"<nora@sykehus.example> SIZE=1000 BODY=8BITMIME", "nora@sykehus.example"),
    ],
)
def test_senders_of_every_kind_are_heard(kept, port, said, sender):
    with Client(port) as client:
        client.envelope(said)
        client.say(b"Hei\r\n.\r\n")
        assert client.hear().startswith(b"250")
    ((_raw, heard, _to),) = kept.mails
    assert heard == sender


@pytest.mark.parametrize(
    "said",
    [b"", b"<nora", b"<a> SIZE=" + b"9" * 3900, "<a> SIZE=²".encode(), b"<a> SIZE", b"<a> BODY=BINARY", b"<" + b"n" * 5000 + b">"],
)  # fmt: skip
def test_what_cannot_be_a_sender_is_refused_for_good(port, said):
    with Client(port) as client:
        client.say(b"EHLO klient\r\n")
        client.until(b"250")
        client.say(b"MAIL FROM:" + said + b"\r\n")
        assert client.hear()[:1] == b"5"
        client.say(b"NOOP\r\n")
        assert client.hear().startswith(b"250"), "and the connection lives"


def test_recipients_have_an_end(kept, port, monkeypatch):
    monkeypatch.setattr("saksgang.channels.smtp_in.listener.MOST_RECIPIENTS", 5)
    with smtplib.SMTP("127.0.0.1", port, timeout=20) as client:
        refused = client.sendmail("a@b.example", [f"ikt+{nth}@sykehus.example" for nth in range(7)], b"Hei\r\n")
    assert [code for code, _words in refused.values()] == [452, 452]
    assert len(kept.mails[0][2]) == 5


# --- the bounds ------------------------------------------------------------------------------------------------------


def test_a_mail_that_says_it_is_too_large_is_refused_before_it_is_sent(port, settings):
    with smtplib.SMTP("127.0.0.1", port, timeout=20) as client:
        client.ehlo()
        assert client.esmtp_features["size"] == str(settings.MAIL_MAX_BYTES)
        code, words = client.mail("a@b.example", [f"SIZE={settings.MAIL_MAX_BYTES + 1}"])
        assert (code, b"larger than 50 MB" in words) == (552, True)
        assert client.mail("a@b.example", [f"SIZE={settings.MAIL_MAX_BYTES}"])[0] == 250


@pytest.fixture
def narrow(kept, settings):
    """A door that takes mails of one megabyte."""
    settings.MAIL_MAX_BYTES = MEGABYTE
    with door(kept) as number:
        yield number


def test_a_mail_that_grows_too_large_is_refused_at_once_and_the_connection_serves_on(kept, narrow):
    with Client(narrow) as client:
        client.envelope()
        client.say(b"x" * (MEGABYTE + 200_000))
        assert client.hear().startswith(b"552 5.3.4 The mail is larger than 1 MB")
        client.say(b"\r\n" * MEGABYTE + b".\r\n")
        client.say(b"NOOP\r\n")
        assert client.hear().startswith(b"250")
        client.say(b"MAIL FROM:<a@b.example>\r\nRCPT TO:<ikt@sykehus.example>\r\nDATA\r\n")
        client.until(b"354")
        client.say(b"y" * (MEGABYTE - 2) + b"\r\n.\r\n")
        assert client.hear().startswith(b"250"), "a mail of just the bound is taken"
    assert len(kept.raw) == MEGABYTE


@pytest.mark.parametrize("trouble", [MemoryError, OSError, RuntimeError, UnicodeError, RecursionError, KeyError])
def test_whatever_goes_wrong_while_storing_can_pass(kept, port, trouble):
    def fail() -> None:
        raise trouble

    kept.during = fail
    assert sent(port, b"Hei\r\n.\r\n").startswith(b"451")
    kept.during = lambda: None
    assert sent(port, b"Hei\r\n.\r\n").startswith(b"250")


def test_whatever_goes_wrong_while_a_mail_comes_in_can_pass(kept, port, monkeypatch):
    """What follows a mail that was lost track of is never taken for commands."""

    def fail(self, piece):
        raise MemoryError

    monkeypatch.setattr(Undotting, "feed", fail)
    with Client(port) as client:
        client.envelope()
        client.say(b"NOOP\r\nHei\r\n.\r\n")
        assert client.hear().startswith(b"451")
        assert client.hear() == b""
    monkeypatch.undo()
    assert sent(port, b"Hei\r\n.\r\n").startswith(b"250")


def test_whatever_goes_wrong_with_a_command_can_pass(kept, port, monkeypatch):
    with Client(port) as client:
        client.say(b"EHLO klient\r\n")
        client.until(b"250")
        monkeypatch.setattr(bounds.Server, "_getaddr", lambda self, arg: 1 / 0)
        client.say(b"MAIL FROM:<a@b.example>\r\n")
        assert client.hear().startswith(b"451")


def test_a_line_without_end_holds_little_and_ends_in_a_refusal(kept, port):
    with Client(port) as client:
        client.hear()
        client.say(b"x" * (3 * MEGABYTE))
        client.say(b"\r\nNOOP\r\n")
        assert client.hear() == b"500 Command line too long"
        assert client.hear().startswith(b"250")


def test_more_connections_than_there_is_room_for_are_sent_away_kindly(kept, monkeypatch):
    monkeypatch.setattr(bounds, "MOST_CONNECTIONS", 4)
    with door(kept) as port:
        inside = [Client(port) for _ in range(4)]
        assert [client.hear()[:3] for client in inside] == [b"220"] * 4
        for _ in range(20):
            with Client(port) as outside:
                assert outside.hear().startswith(b"421 4.3.2")
                assert outside.hear() == b""
        inside[0].say(b"QUIT\r\n")
        inside[0].until(b"221")
        assert inside[0].hear() == b""
        assert sent(port, b"Hei\r\n.\r\n").startswith(b"250"), "who leaves makes room"
        for client in inside:
            client.__exit__()


@pytest.mark.parametrize("said", [b"", b"EHLO", b"EHLO klient\r\nMAIL FROM:<a@b.example>\r\n", b"\r\n\r\n"])
def test_a_connection_that_falls_silent_is_ended(kept, monkeypatch, said):
    monkeypatch.setattr(bounds, "PATIENCE", 0.3)
    with door(kept) as port, Client(port) as client:
        client.say(said)
        assert client.until(b"421")
        assert client.hear() == b""


def test_a_connection_that_talks_and_delivers_nothing_is_ended(kept, monkeypatch):
    monkeypatch.setattr(bounds, "LONGEST_WITHOUT_MAIL", 0.5)
    with door(kept) as port, Client(port) as client:
        while True:
            try:
                client.say(b"NOOP\r\n")
            except OSError:
                break
            if not (answer := client.hear()):
                break
            assert answer[:3] in (b"220", b"250", b"421")


def test_a_mail_that_trickles_in_is_given_up(kept, monkeypatch):
    monkeypatch.setattr(bounds, "LONGEST_WITHOUT_MAIL", 0.5)
    with door(kept) as port, Client(port) as client:
        client.envelope()
        stop = threading.Event()

        def trickle() -> None:
            while not stop.wait(0.01):
                try:
                    client.say(b"x")
                except OSError:
                    return

        thread = threading.Thread(target=trickle)
        thread.start()
        assert client.hear()[:3] in (b"421", b"")
        stop.set()
        thread.join()
    assert kept.mails == []


def test_a_client_that_reads_nothing_is_ended(kept, monkeypatch):
    monkeypatch.setattr(bounds, "PATIENCE", 0.3)
    with door(kept) as port:
        with Client(port) as client:
            client.socket.settimeout(0.2)
            try:
                while True:
                    client.socket.sendall(b"HELP\r\n" * 10_000)
            except OSError:
                pass  # the listener reads no more, because nobody takes its answers
        assert sent(port, b"Hei\r\n.\r\n").startswith(b"250")
