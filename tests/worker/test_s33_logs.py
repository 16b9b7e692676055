"""S33: mails, failures and sign-ins go through the real parts, and no line of any level holds anything of anybody's."""

from __future__ import annotations

import logging
from io import StringIO

import pytest
from django.test import Client

from saksgang.inbound import actions as inbound
from saksgang.inbound.models import Door, InboundMail
from saksgang.inbound.storing import store
from saksgang.lib import files
from saksgang.lib.logs import JsonLine, TextLine
from saksgang.worker import loop
from tests.cast import PASSWORD
from tests.channels.test_relay import free_port

SECRETS = (
    "nora@",
    "nora.",
    "fremmed",
    "Pasient",
    "venter på svar",
    "Emnet",
    PASSWORD,
    "feil-passord",
    "hemmelig-relay",
)

QUOTED = "Emnet: Pasient nora@sykehus.example venter på svar"  # what a failing part may say of a mail


@pytest.fixture(params=[TextLine, JsonLine])
def log(request):
    """Everything that is logged meanwhile, at every level, as the product writes it."""
    written = StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(request.param())
    root = logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    logging.getLogger("django.db.backends").setLevel(logging.INFO)
    yield written
    root.removeHandler(handler)
    root.setLevel(level)


def mail(nth: int, sender: str = "Nora <nora@sykehus.example>") -> bytes:
    return (
        f"From: {sender}\r\nTo: ikt@sykehus.example\r\nSubject: Emnet {nth}: Pasient\r\n"
        f"Message-ID: <nora.{nth}@sykehus.example>\r\n\r\nPasient {nth} venter på svar.\r\n"
    ).encode()


def nothing_is_told(log: StringIO, *expected: str) -> None:
    lines = log.getvalue()
    assert [secret for secret in SECRETS if secret.casefold() in lines.casefold()] == []
    for words in expected:
        assert words in lines


def test_s33_mails_that_come_and_a_relay_that_refuses(cast, settings, log):
    settings.SMTP_OUT_PORT, settings.SMTP_OUT_PASSWORD = free_port(), "hemmelig-relay"
    for nth in range(3):
        store(mail(nth), mailbox=cast.ikt, door=Door.SMTP, envelope_from="nora@sykehus.example")
    for _ in range(3):
        loop.run_once()
    assert not InboundMail.objects.filter(pending=1).exists()
    nothing_is_told(log)


def test_s33_a_decision_that_fails(cast, monkeypatch, log):
    row = store(mail(1), mailbox=cast.ikt, door=Door.SMTP)
    files.path_of(row.raw_sha256).unlink()
    inbound.decide_pending()
    row = store(mail(2), mailbox=cast.ikt, door=Door.SMTP)

    def broken(*_arguments, **_facts):
        raise RuntimeError(mail(2).decode())

    monkeypatch.setattr(inbound, "read", broken, raising=False)
    loop.run_once()
    nothing_is_told(log)


def test_s33_a_follower_that_fails(cast, monkeypatch, log):
    def broken(_delivery):
        raise ValueError(QUOTED)

    monkeypatch.setitem(loop.FOLLOWERS, "outbound", broken)
    cast.case(acknowledge=True)
    loop.run_once()
    nothing_is_told(log, "follower outbound failed on event", "ValueError")


def test_s33_a_storm(cast, settings, log):
    settings.RECEIPTS_PER_ADDRESS = 2
    for nth in range(5):
        store(mail(nth, "fremmed@annet.example"), mailbox=cast.ikt, door=Door.SMTP)
    loop.run_once()
    nothing_is_told(log, "alarm: mail_storm annet.example")


def test_s33_sign_ins(cast, log):
    client = Client(REMOTE_ADDR="192.0.2.7")
    client.post("/sign-in", {"username": "kari", "password": PASSWORD})
    client.get("/persons?q=nora@sykehus.example")
    client.get("/nora@sykehus.example")
    for _ in range(7):
        Client(REMOTE_ADDR="192.0.2.7").post("/sign-in", {"username": PASSWORD, "password": "feil-passord"})
    Client(enforce_csrf_checks=True).post("/sign-in", {"username": "kari", "password": PASSWORD})
    nothing_is_told(log, "a sign-in from 192.0.2.7 failed", "too many tries to sign in; held back one from 192.0.2.7")


def test_s33_a_page_that_breaks(cast, monkeypatch, log):
    from saksgang.console.lists.views import search

    def broken(*_arguments, **_facts):
        raise ValueError(QUOTED)

    client = Client(raise_request_exception=False)
    client.force_login(cast.kari.account)
    monkeypatch.setattr(search, "find_persons", broken)
    assert client.get("/search?q=Pasient+nora@sykehus.example").status_code == 500
    nothing_is_told(log, "Internal Server Error: /search", "ValueError")
