"""`saksgang check --send`: a test mail goes through relay, mail server, door and worker, and back."""

from __future__ import annotations

import threading

import pytest

from saksgang.catalogue.actions import change_mailbox
from saksgang.inbound import heartbeats
from saksgang.inbound.models import Door
from saksgang.inbound.storing import store
from saksgang.upkeep.checks import mail
from saksgang.worker.loop import run_once
from tests.cast import SETUP

pytestmark = pytest.mark.django_db(transaction=True)


class MailServer:
    """Takes what the desk sends, and hands over what it has a mailbox for."""

    def __init__(self, desk, *, plus: bool) -> None:
        self.desk, self.plus = desk, plus

    def run(self, stop: threading.Event) -> None:
        from django.db import connection

        handed = 0
        while not stop.wait(0.05):
            run_once()
            for recipient, message in self.desk.inboxes.mails[handed:]:
                handed += 1
                if self.plus or "+" not in recipient:
                    self.desk.send_raw(message.as_bytes(), sender="x@sykehus.example", to=recipient)
        connection.close()


@pytest.fixture
def mail_server(desk, monkeypatch):
    monkeypatch.setattr(mail, "TEST_MAIL_SECONDS", 6)
    monkeypatch.setattr("saksgang.worker.schedule.JOBS", ())
    stop, running = threading.Event(), []

    def start(*, plus: bool) -> None:
        running.append(threading.Thread(target=MailServer(desk, plus=plus).run, args=(stop,)))
        running[0].start()

    yield start
    stop.set()
    for thread in running:
        thread.join(timeout=20)


@pytest.fixture(autouse=True)
def only_ikt(desk):
    change_mailbox(by=SETUP, mailbox=desk.cast.ehelse, active=False)


def test_mail_that_comes_back_is_no_complaint(desk, mail_server, monkeypatch):
    monkeypatch.setattr("saksgang.worker.loop.run_due_jobs", send_wanted)
    mail_server(plus=True)
    assert list(mail.check_test_mails()) == []


def test_a_mail_server_without_plus_addresses_is_told_of_with_the_cure(desk, mail_server, monkeypatch):
    monkeypatch.setattr("saksgang.worker.loop.run_due_jobs", send_wanted)
    mail_server(plus=False)
    (complaint,) = mail.check_test_mails()
    assert "ikt+…@sykehus.example" in complaint
    assert "tagged_returns = false" in complaint
    change_mailbox(by=SETUP, mailbox=desk.cast.ikt, tagged_returns=False)
    assert list(mail.check_test_mails()) == []


def test_without_a_worker_no_test_mail_leaves(desk, mail_server):
    (complaint,) = mail.check_test_mails()
    assert "«saksgang work» runs" in complaint


def test_an_old_test_mail_that_comes_late_does_not_count(desk):
    with_mail = heartbeats.ask(desk.cast.ikt)
    store(b"From: x@y.example\n\nhei", mailbox=desk.cast.ikt, door=Door.PIPE)
    assert not heartbeats.is_back(desk.cast.ikt, since=with_mail)


def send_wanted() -> None:
    from saksgang.worker.heartbeats import send_due

    send_due()
