"""The relay, against real SMTP servers on loopback: every answer it can give, and every way it can fail."""

from __future__ import annotations

import socket
import ssl
import subprocess
import threading

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult

from saksgang.channels.smtp_out.relay import Relay

pytestmark = pytest.mark.once

RAW = b"Subject: Hei\r\n\r\nHei p\xc3\xa5 deg\r\n"


class Server:
    """An SMTP server that answers as it is told and keeps what it gets."""

    def __init__(self) -> None:
        self.answers = {"rcpt": "250 OK", "data": "250 OK"}
        self.got: list[tuple[str, list[str], bytes]] = []

    async def handle_RCPT(self, server, session, envelope, address, options):
        if self.answers["rcpt"].startswith("250"):
            envelope.rcpt_tos.append(address)
        return self.answers["rcpt"]

    async def handle_DATA(self, server, session, envelope):
        if self.answers["data"].startswith("250"):
            self.got.append((envelope.mail_from, envelope.rcpt_tos, envelope.original_content))
        return self.answers["data"]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture
def server():
    handler = Server()
    controller = Controller(handler, hostname="127.0.0.1", port=free_port())
    controller.start()
    handler.port = controller.port
    yield handler
    controller.stop()


def send(port: int, **facts):
    with Relay(host="127.0.0.1", port=port, timeout=5, **facts) as relay:
        return relay.send(envelope_from="ikt@sykehus.example", recipient="nora@sykehus.example", raw=RAW)


def test_a_mail_that_is_taken(server):
    assert send(server.port).accepted
    assert server.got == [("ikt@sykehus.example", ["nora@sykehus.example"], RAW)]


def test_one_connection_serves_many_mails_also_after_a_refusal(server):
    with Relay(host="127.0.0.1", port=server.port, timeout=5) as relay:
        server.answers["rcpt"] = "550 5.1.1 No such user"
        first = relay.send(envelope_from="a@b.example", recipient="c@d.example", raw=RAW)
        server.answers["rcpt"] = "250 OK"
        second = relay.send(envelope_from="a@b.example", recipient="e@f.example", raw=RAW)
    assert first.refused_for_good
    assert second.accepted
    assert len(server.got) == 1


@pytest.mark.parametrize("step", ["rcpt", "data"])
@pytest.mark.parametrize(
    ("said", "for_good"),
    [("451 4.3.0 Later", False), ("452 4.2.2 Full", False), ("550 5.1.1 No", True), ("554 5.7.1 No", True)],
)
def test_refusals_keep_their_code_and_words(server, step, said, for_good):
    server.answers[step] = said
    answer = send(server.port)
    assert not answer.accepted
    assert answer.refused_for_good is for_good
    assert answer.code == int(said[:3])
    assert said.split(" ", 2)[2] in answer.words
    assert server.got == []


def test_nobody_listens():
    answer = send(free_port())
    assert (answer.code, answer.accepted, answer.refused_for_good) == (None, False, False)
    assert "ConnectionRefusedError" in answer.words


@pytest.mark.parametrize(
    "lines", [[b""], [b"220 hei\r\n"], [b"220 hei\r\n", b"250 hei\r\n", b"250 OK\r\n", b"250 OK\r\n", b"354 ja\r\n"]]
)
def test_a_server_that_hangs_up_in_the_middle_is_no_delivery(lines):
    """At once, after the greeting, and in the middle of DATA."""
    listener = socket.create_server(("127.0.0.1", 0))

    def hang_up() -> None:
        connection, _ = listener.accept()
        with connection:
            for line in lines:
                connection.sendall(line)
                if line:
                    connection.recv(4096)

    thread = threading.Thread(target=hang_up)
    thread.start()
    answer = send(listener.getsockname()[1])
    thread.join(timeout=10)
    listener.close()
    assert (answer.code, answer.accepted) == (None, False)


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    """A certificate for 127.0.0.1 that is its own authority."""
    folder = tmp_path_factory.mktemp("tls")
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=127.0.0.1",
         "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", folder / "key.pem", "-out", folder / "cert.pem"],
        check=True, capture_output=True,
    )  # fmt: skip
    return folder


@pytest.fixture
def strict_server(certificate):
    """A server that takes mail only over TLS and from somebody who has signed in."""
    handler = Server()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate / "cert.pem", certificate / "key.pem")

    def authenticate(server, session, envelope, mechanism, login):
        return AuthResult(success=login.password == b"hemmelig")

    class Strict(Controller):
        def factory(self) -> SMTP:
            return SMTP(
                self.handler, tls_context=context, require_starttls=True, auth_required=True, authenticator=authenticate,
                hostname="127.0.0.1",
            )  # fmt: skip

    controller = Strict(handler, hostname="127.0.0.1", port=free_port())
    controller.start()
    handler.port = controller.port
    yield handler
    controller.stop()


def test_starttls_and_login(strict_server, certificate, monkeypatch):
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate / "cert.pem"))
    assert send(strict_server.port, starttls=True, user="saksgang", password="hemmelig").accepted


def test_a_wrong_password_is_our_fault_and_is_tried_again(strict_server, certificate, monkeypatch):
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate / "cert.pem"))
    answer = send(strict_server.port, starttls=True, user="saksgang", password="feil")
    assert (answer.accepted, answer.refused_for_good) == (False, False)
    assert answer.words
    assert strict_server.got == []


def test_a_certificate_that_nobody_vouches_for_gets_no_password(strict_server):
    answer = send(strict_server.port, starttls=True, user="saksgang", password="hemmelig")
    assert (answer.accepted, answer.refused_for_good) == (False, False)
    assert "CERTIFICATE_VERIFY_FAILED" in answer.words


def test_a_relay_that_says_nothing_is_asked_once_for_all_mails_of_a_round(monkeypatch):
    """A firewall that swallows everything: each try lasts as long as we are patient, so there is only one."""
    monkeypatch.setattr("saksgang.channels.smtp_out.relay.CONNECT_SECONDS", 0.3)
    with socket.create_server(("127.0.0.1", 0)) as silent:  # connects, and never greets
        with Relay(host="127.0.0.1", port=silent.getsockname()[1], timeout=30) as relay:
            facts = {"envelope_from": "ikt@sykehus.example", "recipient": "nora@sykehus.example", "raw": RAW}
            answers = [relay.send(**facts) for _ in range(5)]
        silent.settimeout(0.1)
        silent.accept()[0].close()
        with pytest.raises(TimeoutError):
            silent.accept()
    assert {answer.code for answer in answers} == {None}
    assert not any(answer.accepted or answer.refused_for_good for answer in answers)


def test_a_relay_that_falls_silent_in_the_middle_is_not_asked_again_in_the_round():
    listener = socket.create_server(("127.0.0.1", 0))
    stop = threading.Event()

    def greet_and_fall_silent() -> None:
        connection, _ = listener.accept()
        with connection:
            connection.sendall(b"220 hei\r\n")
            connection.recv(4096)
            connection.sendall(b"250 hei\r\n")
            stop.wait(10)

    thread = threading.Thread(target=greet_and_fall_silent)
    thread.start()
    with Relay(host="127.0.0.1", port=listener.getsockname()[1], timeout=1) as relay:
        facts = {"envelope_from": "ikt@sykehus.example", "recipient": "nora@sykehus.example", "raw": RAW}
        answers = [relay.send(**facts) for _ in range(3)]
    stop.set()
    thread.join(timeout=10)
    listener.settimeout(0.1)
    with pytest.raises(TimeoutError):
        listener.accept()
    listener.close()
    assert {answer.code for answer in answers} == {None}


def test_a_probe_hands_nothing_over(server):
    with Relay(host="127.0.0.1", port=server.port, timeout=5) as relay:
        assert relay.probe().accepted
    assert server.got == []


def test_a_probe_signs_in_as_a_mail_would(strict_server, certificate, monkeypatch):
    facts = {"host": "127.0.0.1", "port": strict_server.port, "timeout": 5, "starttls": True, "user": "saksgang"}
    assert "CERTIFICATE_VERIFY_FAILED" in Relay(**facts, password="hemmelig").probe().words
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate / "cert.pem"))
    assert Relay(**facts, password="hemmelig").probe().accepted
    refusal = Relay(**facts, password="feil").probe()
    assert not refusal.accepted
    assert refusal.words


def test_a_probe_where_nobody_listens():
    answer = Relay(host="127.0.0.1", port=free_port(), timeout=5).probe()
    assert (answer.code, answer.accepted) == (None, False)
