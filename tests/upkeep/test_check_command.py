"""`saksgang check`: nothing to say about a whole installation, and one sentence with its cure for each thing that is wrong."""

from __future__ import annotations

import ipaddress
import json
import shutil
from collections import namedtuple
from dataclasses import asdict
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import OperationalError, connection

from saksgang.catalogue.actions import change_mailbox, set_imap_door
from saksgang.catalogue.models import Mailbox
from saksgang.events import alarms, life_signs
from saksgang.events.actions import claim
from saksgang.events.models import Delivery, LifeSign, Listening
from saksgang.inbound.models import Door, MailboxWatch
from saksgang.inbound.storing import store
from saksgang.lib import append_only, clock, files
from saksgang.outbound import follower
from saksgang.outbound.models import OutboundMail
from saksgang.tickets.actions import waiting
from saksgang.tickets.actions.answering import answer
from saksgang.tickets.models import Ticket
from saksgang.upkeep import check_command
from saksgang.upkeep.backup_folder import MANIFEST, Manifest
from saksgang.upkeep.checks import database
from tests.cast import SETUP
from tests.channels.test_relay import Server, free_port, server  # noqa: F401 - a real relay

Usage = namedtuple("Usage", "total used free")
GIGABYTE = 1024**3


def back_up(folder: Path, finished_at: str) -> None:
    (folder / "20261123-0300").mkdir(parents=True, exist_ok=True)
    manifest = Manifest("0.1", "sqlite", "2026-11-23T03:00:00+00:00", finished_at=finished_at)
    (folder / "20261123-0300" / MANIFEST).write_text(json.dumps(asdict(manifest)))


@pytest.fixture
def whole(cast, settings, server: Server, tmp_path, monkeypatch):  # noqa: F811
    """An installation with nothing to mend."""
    settings.MAIL_TOKEN_KEYS = ["Zk3-" * 5 + "qw9-hemmelig-nok-her"]
    settings.SMTP_OUT_HOST, settings.SMTP_OUT_PORT = "127.0.0.1", server.port
    settings.DEMO = False
    settings.DATA_DIR = tmp_path / "data"
    settings.DATA_DIR.mkdir(mode=0o700)
    settings.BACKUP_DIR = str(tmp_path / "backups")
    back_up(tmp_path / "backups", clock.now().isoformat())
    life_signs.leave()
    monkeypatch.setattr(shutil, "disk_usage", lambda _folder: Usage(100 * GIGABYTE, 50 * GIGABYTE, 50 * GIGABYTE))
    return cast


@pytest.fixture
def said(capsys):
    """What the command complains of."""

    def run() -> str:
        code = check_command.run([])
        words = capsys.readouterr().out
        assert code == (0 if "All is well" in words else 1)
        return words

    return run


def test_a_whole_installation_has_nothing_to_mend(whole, said):
    assert said() == "✓ All is well.\n"


class TestSurroundings:
    def test_insecure_settings(self, whole, said, settings):
        settings.ALLOWED_HOSTS = ["*"]
        assert "Write the names that people use" in said()

    def test_the_address_is_not_one_that_the_pages_answer_to(self, whole, said, settings):
        settings.BASE_URL = "https://desk.sykehus.example"
        words = said()
        assert "SAKSGANG_ALLOWED_HOSTS: localhost 127.0.0.1 [::1]" in words
        assert "desk.sykehus.example" in words
        assert "SAKSGANG_TRUSTED_ORIGINS=https://desk.sykehus.example" in words
        settings.ALLOWED_HOSTS = [".sykehus.example"]
        settings.CSRF_TRUSTED_ORIGINS = ["https://desk.sykehus.example"]
        assert "Set SAKSGANG_TRUSTED_PROXIES" in said()
        settings.TRUSTED_PROXIES = [ipaddress.ip_network("127.0.0.1")]
        assert "All is well" in said()

    @pytest.mark.parametrize(("total", "free"), [(10, 1.9), (1000, 40)])
    def test_a_disk_that_is_nearly_full(self, whole, said, monkeypatch, total, free):
        monkeypatch.setattr(shutil, "disk_usage", lambda _folder: Usage(total * GIGABYTE, 0, free * GIGABYTE))
        assert f"Only {free:.1f} GB of {total} GB are free" in said()

    def test_keys_that_others_can_read(self, whole, said, settings):
        (settings.DATA_DIR / "keys").mkdir()
        key = settings.DATA_DIR / "keys" / "secret_key"
        key.write_text("x")
        key.chmod(0o640)
        assert f"Run: chmod 600 {key}" in said()
        key.chmod(0o600)
        assert "All is well" in said()

    def test_a_folder_that_others_can_read(self, whole, said, settings):
        settings.DATA_DIR.chmod(0o755)
        assert f"Run: chmod o= {settings.DATA_DIR}" in said()

    def test_backups(self, whole, said, settings):
        back_up(Path(settings.BACKUP_DIR), (clock.now() - timedelta(hours=27)).isoformat())
        assert f"The newest backup in {settings.BACKUP_DIR} is of" in said()
        back_up(Path(settings.BACKUP_DIR), "")
        assert "There is no finished backup" in said()
        settings.BACKUP_DIR = ""
        assert "Set SAKSGANG_BACKUP_DIR" in said()


class TestWorker:
    def test_that_stands_still(self, whole, said):
        LifeSign.objects.update(seen_at=clock.now() - timedelta(minutes=6))
        assert "no sign of life since" in said()
        life_signs.leave()
        assert "All is well" in said()

    def test_that_never_ran(self, whole, said):
        LifeSign.objects.all().delete()
        assert "No worker has ever run here" in said()


class TestDatabase:
    def test_triggers(self, whole, said):
        append_only.remove()
        try:
            words = said()
        finally:
            append_only.install()
        assert "events_event_no_update" in words
        assert "saksgang migrate" in words

    def test_missing_migrations_keep_the_rest_of_the_database_unasked(self, whole, said, monkeypatch):
        monkeypatch.setattr(database, "unapplied_migrations", lambda: ["tickets.0009_something"])
        Mailbox.objects.update(active=False)
        words = said()
        assert "1 migrations are missing. Run: saksgang migrate" in words
        assert "no active mailbox" not in words

    def test_a_database_that_is_away(self, whole, said, monkeypatch, settings):
        def away() -> list[str]:
            raise OperationalError("connection refused")

        monkeypatch.setattr(database, "unapplied_migrations", away)
        settings.BACKUP_DIR = ""
        words = said()
        assert "The database does not answer: connection refused" in words
        assert "SAKSGANG_BACKUP_DIR" in words, "the rest is looked at all the same"

    def test_a_clock_that_went_back(self, whole, said):
        with clock.at(clock.now() - timedelta(hours=2)):
            words = said()
        assert "Set the clock by NTP" in words
        if connection.vendor == "postgresql":
            assert "the database's are 7200 seconds apart" in words


class TestMail:
    def test_a_relay_that_nobody_is(self, whole, said, settings):
        settings.SMTP_OUT_PORT = free_port()
        assert f"The relay 127.0.0.1:{settings.SMTP_OUT_PORT} does not take mail: ConnectionRefusedError" in said()

    def test_no_mailbox(self, whole, said):
        for mailbox in Mailbox.objects.all():
            change_mailbox(by=SETUP, mailbox=mailbox, active=False)
        assert "There is no active mailbox" in said()

    def test_a_mailbox_that_never_had_a_mail(self, whole, said):
        Mailbox.objects.update(added_at=clock.now() - timedelta(days=2))
        store(b"Subject: Hei\r\n\r\nHei", mailbox=whole.ehelse, door=Door.PIPE, envelope_from="", envelope_to="")
        words = said()
        assert "The mailbox ikt (ikt@sykehus.example) has never had a mail" in words
        assert "e-helse" not in words

    def test_mailboxes_that_are_not_read(self, whole, said, settings):
        set_imap_door(by=SETUP, mailbox=whole.ikt, host="mail.example", user="ikt", secret="hemmelig")
        assert "The mailbox ikt has never been read at mail.example:993" in said()
        watch = MailboxWatch.objects.create(
            mailbox=whole.ikt, failing_since=clock.now(), last_error="LOGIN failed", missing=3
        )
        words = said()
        assert ": LOGIN failed" in words
        assert "holds 3 mails that the ledger does not know" in words
        MailboxWatch.objects.filter(pk=watch.pk).update(
            failing_since=None, missing=0, seen_at=clock.now() - timedelta(minutes=30)
        )
        assert "The mailbox ikt was last read" in said()
        MailboxWatch.objects.filter(pk=watch.pk).update(seen_at=clock.now())
        assert "All is well" in said()
        settings.MAILBOX_KEYS = ["another-key-than-the-one-that-sealed-it"]
        words = said()
        assert "The password of the mailbox ikt cannot be opened" in words
        assert "hemmelig" not in words

    def test_a_mailbox_without_a_password(self, whole, said):
        set_imap_door(by=SETUP, mailbox=whole.ikt, host="mail.example", user="ikt")
        assert "The mailbox ikt has no password" in said()


class TestWork:
    def test_mails_that_nobody_decides_and_events_that_nobody_hears(self, whole, said):
        with clock.at(clock.now() - timedelta(minutes=10)):
            store(b"Subject: Hei\r\n\r\nHei", mailbox=whole.ikt, door=Door.PIPE, envelope_from="", envelope_to="")
            whole.case()
        words = said()
        assert "1 mails have waited undecided for more than five minutes" in words
        assert "events have waited for more than five minutes to be told on" in words
        assert "See that «saksgang work» runs" in words

    def test_mails_that_do_not_leave(self, whole, said):
        with clock.at(clock.now() - timedelta(minutes=10)):
            whole.case(acknowledge=True)
            for delivery in Delivery.objects.select_related("event"):
                follower.handle(delivery)
        assert "1 mails have waited for more than five minutes to leave" in said()

    def test_waits_that_nobody_ends(self, whole, said):
        with clock.at(clock.now() - timedelta(days=1)):
            case = whole.case()
            Delivery.objects.all().delete()
        Ticket.objects.filter(pk=case.pk).update(
            state=waiting.State.PLANNED, wait_until=clock.now() - timedelta(minutes=6), queue_rank=None
        )
        assert "1 cases wait although their time is up" in said()

    def test_dead_promises_and_alarms(self, whole, said):
        whole.case()
        Delivery.objects.update(dead=True)
        alarms.raise_alarm(kind="silent_mailbox", key="ikt", by=SETUP, details="No mail for 900 minutes.")
        words = said()
        assert "promises could not be kept after every try" in words
        assert "silent_mailbox ikt. No mail for 900 minutes." in words


def test_pages_that_hear_of_changes_late(whole, said):
    for process, age, lag in (("fine", 5, 900), ("gone", 300, 60_000), ("late", 5, 42_000)):
        seen = clock.now() - timedelta(seconds=age)
        Listening.objects.create(process=process, seen_at=seen, streams=3, lag_ms=lag)
    assert "Open pages hear of changes late: 42 seconds the last time, in a process with 3 of them open." in said()
    Listening.objects.filter(process="late").update(lag_ms=900)
    assert "Open pages" not in said()


@pytest.mark.parametrize("state", ["undecided", "set aside", "to be sent"])
def test_a_raw_file_that_is_gone_is_named_with_the_backup_as_its_cure(whole, said, state):
    """Neither the worker nor a mailbox's settings can mend that, so nothing is said of them."""
    if state == "to be sent":
        answer(ticket=whole.case(), by=whole.kari, words="Hei")
        for delivery in claim("outbound"):
            follower.handle(delivery)
        mail = OutboundMail.objects.get()
    else:
        with clock.at(clock.now() - timedelta(minutes=10)):
            mail = store(b"From: x@y.example\n\nhei", mailbox=whole.ikt, door=Door.SMTP)
    path = files.path_of(mail.raw_sha256)
    path.unlink()
    if state == "set aside":
        type(mail).objects.update(
            pending=0, outcome="set_aside", set_aside_reason="failed", decided_at=clock.now(), due_at=clock.now()
        )
    words = said()
    assert f"The file {path} of mail {mail.pk}" in words
    assert f"Put it back from a backup, where it lies under files/{mail.raw_sha256[:2]}/" in words
    assert "saksgang work" not in words
