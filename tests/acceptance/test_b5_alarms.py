"""Clause B5: silence is noticed. A mailbox without mail, a relay that is gone, a test mail that does not come back."""

from __future__ import annotations

import json
import threading
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from saksgang.catalogue.actions import change_mailbox
from saksgang.catalogue.models import Mailbox
from saksgang.events.alarms import open_alarms
from saksgang.events.models import Delivery
from saksgang.inbound import heartbeats as beats
from saksgang.inbound import silence
from saksgang.inbound.models import Door, MailboxWatch
from saksgang.inbound.storing import store
from saksgang.lib import clock
from saksgang.outbound import watching
from saksgang.outbound.models import OutboundMail
from saksgang.tickets.models import Ticket
from saksgang.worker import heartbeats
from tests.cast import SETUP
from tests.dovecot import free_port
from tests.tickets.steps import WEDNESDAY

pytestmark = pytest.mark.django_db(transaction=True)


def going_off() -> list[tuple[str, str]]:
    return list(open_alarms().values_list("kind", "key"))


def test_b5_a_mailbox_that_falls_silent_is_noticed_and_its_next_mail_ends_the_alarm(desk, caplog):
    change_mailbox(by=SETUP, mailbox=desk.cast.ehelse, silent_after_minutes=0)
    with clock.at(WEDNESDAY):
        store(b"From: nora@sykehus.example\n\nHei", mailbox=desk.cast.ikt, door=Door.PIPE)
        silence.watch()
        assert going_off() == []
    with clock.at(WEDNESDAY + timedelta(days=2)):  # 900 working minutes are two days of 7.5 hours
        silence.watch()
        assert ("silent_mailbox", "ikt") not in going_off()
    with clock.at(WEDNESDAY + timedelta(days=2, hours=1)):
        silence.watch()
        silence.watch()
        assert ("silent_mailbox", "ikt") in going_off()
        assert [record.message for record in caplog.records if "silent_mailbox" in record.message] != []
        store(b"From: nora@sykehus.example\n\nHei", mailbox=desk.cast.ikt, door=Door.PIPE)
        silence.watch()
    assert ("silent_mailbox", "ikt") not in going_off()


def test_b5_mails_that_nobody_decides_are_an_alarm(desk):
    with clock.at(clock.now() - timedelta(minutes=6)):
        store(b"From: nora@sykehus.example\n\nHei", mailbox=desk.cast.ikt, door=Door.PIPE)
    silence.watch()
    assert ("mail_undecided", "*") in going_off()
    desk.work()
    silence.watch()
    assert ("mail_undecided", "*") not in going_off()


def test_b5_the_test_mail_loops_through_the_mailbox_and_makes_no_case(desk):
    """It leaves by the real relay and comes back through the mailbox's own door, at its return address."""
    change_mailbox(by=SETUP, mailbox=desk.cast.ikt, heartbeat_minutes=5)
    assert heartbeats.send_due() == 1
    assert heartbeats.send_due() == 0, "not before its time"
    (mail,) = desk.inbox("ikt+heartbeat@sykehus.example")
    desk.send_raw(mail.as_bytes(), sender="ikt@sykehus.example", to="ikt+heartbeat@sykehus.example")
    desk.work()
    watch = MailboxWatch.objects.get(mailbox=desk.cast.ikt)
    assert watch.heartbeat_back_at is not None
    assert watch.heartbeat_out_since is None
    assert desk.ledger()[-1].outcome == "heartbeat"
    assert not Ticket.objects.exists()
    assert not OutboundMail.objects.exists()


def test_b5_a_lost_test_mail_is_an_alarm_until_one_comes_back(desk):
    change_mailbox(by=SETUP, mailbox=desk.cast.ikt, heartbeat_minutes=5)
    with clock.at(WEDNESDAY):
        heartbeats.send_due()
    with clock.at(WEDNESDAY + timedelta(minutes=10)):
        heartbeats.send_due()
        beats.watch()
        assert going_off() == []
    with clock.at(WEDNESDAY + timedelta(minutes=16)):
        beats.watch()
        assert going_off() == [("heartbeat_lost", "ikt")]
    desk.send_raw(desk.inboxes.mails[0][1].as_bytes(), sender="x@y.example", to="ikt@sykehus.example")
    desk.work()
    beats.watch()
    assert going_off() == []


def test_b5_a_test_mail_that_a_forwarder_wrapped_in_its_own_is_known_too(desk):
    change_mailbox(
        by=SETUP, mailbox=desk.cast.ikt, heartbeat_minutes=5, forwarding="forward", forwarder="ikt@gammelt.example"
    )
    heartbeats.send_due()
    words = desk.inboxes.mails[0][1].get_payload(decode=True).decode()
    desk.send(
        "ikt@gammelt.example",
        f"Fra: ikt@sykehus.example\nSendt: i dag\nEmne: Saksgang: test\n\n{words}",
        subject="VS: Saksgang: test",
    )
    desk.work()
    assert desk.ledger()[-1].outcome == "heartbeat"


def test_s16_a_strangers_test_mail_is_no_heartbeat(desk):
    desk.send("fremmed@annet.example", "Hei", x_saksgang_heartbeat=f"{desk.cast.ikt.pk}-1-aaaaaaaaaaaaaaaa")
    desk.work()
    assert desk.ledger()[-1].outcome == "new_ticket"
    assert not MailboxWatch.objects.exists()


def test_b5_a_relay_that_is_gone_is_an_alarm_and_its_return_ends_it(desk, settings):
    port, settings.SMTP_OUT_PORT = settings.SMTP_OUT_PORT, free_port()
    desk.send(desk.cast.nora, "Hei")
    desk.work()
    OutboundMail.objects.update(try_at=clock.now())
    desk.work()
    OutboundMail.objects.update(created_at=clock.now() - timedelta(minutes=11))
    watching.watch()
    assert going_off() == [("relay_failing", "relay")]
    settings.SMTP_OUT_PORT = port
    OutboundMail.objects.update(try_at=clock.now())
    desk.work()
    watching.watch()
    assert going_off() == []
    assert len(desk.inbox(desk.cast.nora)) == 1


class Monitoring(BaseHTTPRequestHandler):
    """The hospital's own monitoring."""

    def do_POST(self):
        self.server.told.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
        self.send_response(self.server.answers)
        if self.server.answers == 302:
            self.send_header("Location", f"http://127.0.0.1:{self.server.server_port}/elsewhere")
        self.end_headers()

    def log_message(self, *_words):
        pass


@pytest.fixture
def monitoring(settings):
    server = HTTPServer(("127.0.0.1", 0), Monitoring)
    server.told, server.answers = [], 200
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    settings.ALARM_WEBHOOK_URL = f"http://127.0.0.1:{server.server_port}/alarms"
    settings.FOLLOWERS = settings.FOLLOWERS | {"webhook": {"alarm_raised", "alarm_ended"}}
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def test_b5_alarms_are_told_by_webhook_once_each_way(desk, monitoring):
    Mailbox.objects.update(added_at=clock.now() - timedelta(days=30))
    silence.watch()
    silence.watch()
    desk.work()
    desk.send(desk.cast.nora, "Hei")
    desk.send(desk.cast.nora, "Hei igjen", to="e-helse@sykehus.example")
    silence.watch()
    desk.work()
    assert sorted((one["alarm"], one["about"], one["state"]) for one in monitoring.told) == [
        ("silent_mailbox", "e-helse", "ended"),
        ("silent_mailbox", "e-helse", "raised"),
        ("silent_mailbox", "ikt", "ended"),
        ("silent_mailbox", "ikt", "raised"),
    ]


@pytest.mark.parametrize("answer", [500, 302])
def test_s31_a_webhook_that_fails_or_points_elsewhere_is_tried_again(desk, monitoring, answer):
    monitoring.answers = answer
    change_mailbox(by=SETUP, mailbox=desk.cast.ehelse, silent_after_minutes=0)
    Mailbox.objects.update(added_at=clock.now() - timedelta(days=30))
    silence.watch()
    desk.work()
    assert len(monitoring.told) == 1, "no redirect is followed"
    delivery = Delivery.objects.get(follower="webhook")
    assert (delivery.attempts, delivery.dead) == (1, False)
