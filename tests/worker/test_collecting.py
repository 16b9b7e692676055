"""Mailboxes that become cases by IMAP: real threads, a real Dovecot, the tests' own database."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.db import connections

from saksgang.catalogue import actions as catalogue
from saksgang.channels.imap.stand_in import stand_in
from saksgang.events.alarms import open_alarms
from saksgang.inbound import watching
from saksgang.inbound.actions import decide_pending
from saksgang.inbound.models import InboundMail, MailboxWatch
from saksgang.lib import files
from saksgang.tickets.models import Ticket
from saksgang.worker import collecting
from saksgang.worker.collecting import Collector, Overseer
from tests.cast import SETUP
from tests.dovecot import PASSWORD, Dovecot, TokenServer

pytestmark = pytest.mark.django_db(transaction=True)
PATIENCE = 30


def mail(nth: int) -> bytes:
    return (
        f"From: Nora <nora@sykehus.example>\r\nTo: ikt@sykehus.example\r\nSubject: Sak {nth}\r\n"
        f"Date: Mon, 23 Nov 2026 08:00:00 +0100\r\nMessage-ID: <{nth}@sykehus.example>\r\n\r\nHei, nr. {nth}\r\n"
    ).encode()


def open_door(mailbox, server: Dovecot, **facts):
    standard = {"host": "127.0.0.1", "port": server.port, "security": "plain", "user": mailbox.slug, "secret": PASSWORD}
    return catalogue.set_imap_door(by=SETUP, mailbox=mailbox, **(standard | facts))


@contextmanager
def reading(*doors):
    """The doors' collectors at work, until the block ends."""
    collectors = [Collector(door) for door in doors]
    for collector in collectors:
        collector.start()
    try:
        yield collectors
    finally:
        for collector in collectors:
            collector.leave.set()
        for collector in collectors:
            collector.join(timeout=PATIENCE)
        assert not any(collector.is_alive() for collector in collectors)


def wait_for(condition, complaint: str = "it never came to pass"):
    end = time.monotonic() + PATIENCE
    while not (found := condition()):
        if time.monotonic() > end:
            raise AssertionError(f"{complaint}; {list(MailboxWatch.objects.values())}")
        time.sleep(0.05)
    return found


def stored() -> int:
    return InboundMail.objects.count()


def watch(mailbox) -> MailboxWatch | None:
    return MailboxWatch.objects.filter(mailbox=mailbox).first()


def test_a_mail_becomes_a_case_and_leaves_the_inbox(live_cast, imap_server):
    imap_server.deliver(mail(1))
    with reading(open_door(live_cast.ikt, imap_server)):
        wait_for(lambda: stored() == 1 and imap_server.kept())
        wait_for(lambda: watch(live_cast.ikt).seen_at)
    decide_pending()
    row = InboundMail.objects.get()
    assert (row.outcome, row.door, row.uid, row.mailbox) == ("new_ticket", "imap", 1, live_cast.ikt)
    assert (row.envelope_from, row.envelope_to) == (None, "ikt@sykehus.example")
    assert row.uidvalidity > 1
    assert watch(live_cast.ikt).holder == "", "let go at the end"


@pytest.mark.once
@pytest.mark.parametrize("facts", [{"idle": True, "poll_seconds": 600}, {"idle": False, "poll_seconds": 1}])
def test_a_mail_that_comes_while_we_wait(live_cast, imap_server, facts):
    with reading(open_door(live_cast.ikt, imap_server, **facts)):
        wait_for(lambda: (one := watch(live_cast.ikt)) and one.seen_at)
        imap_server.deliver(mail(1))
        wait_for(lambda: stored() == 1)


def test_r1_the_same_mail_to_two_mailboxes_is_one_case_that_names_both(live_cast, imap_server):
    for user in ("ikt", "e-helse"):
        imap_server.deliver(mail(1), user=user)
    with reading(*(open_door(one, imap_server) for one in (live_cast.ikt, live_cast.ehelse))):
        wait_for(lambda: stored() == 2 and imap_server.kept("ikt") and imap_server.kept("e-helse"))
    decide_pending()
    ticket = Ticket.objects.get()
    assert set(ticket.mailboxes.values_list("mailbox__slug", flat=True)) == {"ikt", "e-helse"}
    assert sorted(InboundMail.objects.values_list("outcome", flat=True)) == ["duplicate", "new_ticket"]


def test_a_folder_made_anew_brings_duplicates_and_no_new_cases(live_cast, imap_server):
    door = open_door(live_cast.ikt, imap_server, folder="Inn")
    for nth in (1, 2):
        with imap_server.mailbox() as box:
            box.folder.create("Inn")
        imap_server.deliver(mail(1), mail(2), folder="Inn")
        with reading(door):
            wait_for(lambda nth=nth: stored() == 2 * nth and not imap_server.uids(folder="Inn"))
        decide_pending()
        with imap_server.mailbox() as box:
            box.folder.delete("Inn")
        imap_server.next_second()
    assert Ticket.objects.count() == 2
    assert sorted(InboundMail.objects.values_list("outcome", flat=True)) == ["duplicate"] * 2 + ["new_ticket"] * 2


@pytest.mark.once
def test_a_restarted_server_is_read_again(live_cast, imap_server):
    with reading(open_door(live_cast.ikt, imap_server)):
        wait_for(lambda: (one := watch(live_cast.ikt)) and one.seen_at)
        imap_server.stop()
        wait_for(lambda: watch(live_cast.ikt).failing_since)
        imap_server.start()
        imap_server.deliver(mail(1))
        wait_for(lambda: stored() == 1)
        wait_for(lambda: watch(live_cast.ikt).failing_since is None)


@pytest.mark.once
def test_a_wrong_password_is_noted_without_it(live_cast, imap_server):
    door = open_door(live_cast.ikt, imap_server, secret="feil-passord")
    with reading(door):
        wait_for(lambda: (one := watch(live_cast.ikt)) and one.failing_since)
    last_error = watch(live_cast.ikt).last_error
    assert "AUTHENTICATIONFAILED" in last_error
    assert "feil-passord" not in last_error


@pytest.mark.once
def test_a_secret_that_no_key_opens_is_noted(live_cast, imap_server, settings):
    door = open_door(live_cast.ikt, imap_server)
    settings.MAILBOX_KEYS = ["another key"]
    with reading(door):
        wait_for(lambda: (one := watch(live_cast.ikt)) and "MAILBOX_KEYS" in one.last_error)


@pytest.mark.once
def test_sign_in_with_tokens(live_cast, dovecot_needed):
    with TokenServer() as tokens, Dovecot(token_port=tokens.port) as server:
        server.deliver(mail(1))
        door = open_door(
            live_cast.ikt, server, sign_in="xoauth2", secret=tokens.SECRET, token_url=tokens.url, client_id="saksgang",
            scope="imap/.default",
        )  # fmt: skip
        with reading(door):
            wait_for(lambda: stored() == 1)
            tokens.expire()
            server.stop()
            wait_for(lambda: watch(live_cast.ikt).failing_since)
            server.start()
            server.deliver(mail(2))
            wait_for(lambda: stored() == 2)
    assert len(tokens.given) == 2


def test_two_workers_and_one_reads(live_cast, imap_server):
    door = open_door(live_cast.ikt, imap_server)
    with reading(door, door) as both:
        holder = wait_for(lambda: (one := watch(live_cast.ikt)) and one.seen_at and one.holder)
        imap_server.deliver(*(mail(nth) for nth in range(5)))
        wait_for(lambda: stored() == 5)
        assert watch(live_cast.ikt).holder == holder
        next(one for one in both if one.holder == holder).leave.set()
        wait_for(lambda: watch(live_cast.ikt).holder not in ("", holder), "the other takes over")
        imap_server.deliver(mail(9))
        wait_for(lambda: stored() == 6)


def counted(mailbox) -> MailboxWatch:
    watching.ask_for_count(mailbox=mailbox, by=SETUP_READER[0])
    wait_for(lambda: not watching.count_wanted(mailbox))
    return watch(mailbox)


SETUP_READER: list = []


@pytest.fixture
def counting(live_cast, imap_server, settings):
    """A mailbox with two mails read and kept, whose collector looks often whether a count is wanted."""
    settings.LEASE_SECONDS = 6
    SETUP_READER[:] = [live_cast.kari]
    imap_server.deliver(mail(1), mail(2))
    with reading(open_door(live_cast.ikt, imap_server, poll_seconds=600)):
        wait_for(lambda: stored() == 2 and len(imap_server.kept()) == 2)
        yield imap_server


def test_counting_mailbox_and_ledger(live_cast, counting):
    watch = counted(live_cast.ikt)
    assert (watch.waiting, watch.kept, watch.in_ledger, watch.missing) == (0, 2, 2, 0)
    decide_pending()
    counting.deliver(mail(3), folder="Saksgang/Lagret")
    watch = counted(live_cast.ikt)
    assert (watch.kept, watch.in_ledger, watch.missing) == (3, 2, 1)
    assert open_alarms().get().kind == "mailbox_count"
    with counting.mailbox(folder="Saksgang/Lagret") as box:
        box.move(box.uids()[-1:], "INBOX")
    wait_for(lambda: stored() == 3)
    assert counted(live_cast.ikt).missing == 0
    assert not open_alarms().exists()


@pytest.mark.once
def test_after_a_count_new_mail_is_heard_of_as_before(live_cast, counting):
    counted(live_cast.ikt)
    counting.deliver(mail(3))
    wait_for(lambda: stored() == 3)


@pytest.mark.once
def test_tidying_in_the_kept_folder_is_no_alarm(live_cast, counting):
    with counting.mailbox(folder="Saksgang/Lagret") as box:
        box.delete(box.uids()[:1])
    watch = counted(live_cast.ikt)
    assert (watch.kept, watch.in_ledger, watch.missing) == (1, 2, 0)
    assert not open_alarms().exists()


# --- the overseer ----------------------------------------------------------------------------------------------------


@pytest.fixture
def overseer(monkeypatch):
    monkeypatch.setattr(collecting, "LOOK_SECONDS", 0.1)
    with collecting.collecting() as one:
        yield one
    assert not one.is_alive()
    assert not any(collector.is_alive() for collector in one.collectors.values())


@pytest.mark.once
def test_doors_are_opened_changed_and_closed_while_the_worker_runs(live_cast, imap_server, overseer: Overseer):
    imap_server.deliver(mail(1))
    door = open_door(live_cast.ikt, imap_server, host="127.0.0.2", port=1)
    wait_for(lambda: (one := watch(live_cast.ikt)) and one.failing_since)
    first = overseer.collectors[door.pk]
    open_door(live_cast.ikt, imap_server)
    wait_for(lambda: stored() == 1)
    assert not first.is_alive()
    second = overseer.collectors[door.pk]
    open_door(live_cast.ikt, imap_server, active=False)
    wait_for(lambda: not second.is_alive() and not overseer.collectors)
    imap_server.deliver(mail(2))
    assert imap_server.uids() == [2]


@pytest.mark.once
def test_no_trouble_ends_the_thread(live_cast, imap_server, monkeypatch):
    """Also not one that strikes while another is being noted."""
    calls = []

    def fail(*_arguments, **_facts):
        calls.append(1)
        raise RuntimeError("database is gone")

    with monkeypatch.context() as broken:
        broken.setattr(watching, "hold", fail)
        broken.setattr(watching, "note_trouble", fail)
        with reading(open_door(live_cast.ikt, imap_server)) as (collector,):
            wait_for(lambda: len(calls) >= 4)
            assert collector.is_alive()
            broken.undo()
            imap_server.deliver(mail(1))
            wait_for(lambda: stored() == 1)


def test_the_worker_stops_at_once_also_while_it_listens(live_cast, imap_server, settings):
    """`saksgang work` in a process of its own, over the tests' database."""
    open_door(live_cast.ikt, imap_server, poll_seconds=600)
    database = connections["default"].settings_dict
    url = f"sqlite:///{database['NAME']}"
    if "postgresql" in database["ENGINE"]:
        url = f"{os.environ['SAKSGANG_DATABASE_URL'].rpartition('/')[0]}/{database['NAME']}"
    process = subprocess.Popen(
        [Path(sys.executable).parent / "saksgang", "work"],
        env=os.environ
        | {
            "SAKSGANG_DATABASE_URL": url,
            "SAKSGANG_DEMO": "",
            "SAKSGANG_MAILBOX_KEYS": " ".join(settings.MAILBOX_KEYS),
            "DJANGO_SETTINGS_MODULE": "saksgang.config.settings",
        },
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    said = b""
    try:
        wait_for(lambda: process.poll() is not None or ((one := watch(live_cast.ikt)) and one.seen_at))
        process.send_signal(signal.SIGTERM)
        said, _errors = process.communicate(timeout=PATIENCE)
    finally:
        process.kill()
        process.wait()
    assert process.returncode == 0, said.decode()
    assert watch(live_cast.ikt).holder == "", said.decode()


@pytest.mark.once
def test_a_mail_that_is_larger_than_we_take_becomes_a_case_that_says_where_it_lies(live_cast, imap_server, settings):
    """It is fetched once and never again, under its own sender, subject and Message-ID; the whole of it stays in the mailbox."""
    settings.MAIL_MAX_BYTES = 1024 * 1024
    head = (
        b"From: Nora <nora@sykehus.example>\r\nSubject: =?utf-8?q?Bildene_fra_r=C3=B8ntgen?=\r\nMessage-ID: <stor@sykehus.example>\r\n"
        b"MIME-Version: 1.0\r\nContent-Type: multipart/mixed;\r\n\tboundary=skille\r\nX-Note: ja\r\n\r\n"
    )
    whole = head + b"--skille\r\n\r\n" + b"x" * 70 + (b"y" * 998 + b"\r\n") * 3000 + b"--skille--\r\n"
    imap_server.deliver(whole)
    imap_server.deliver(mail(1))
    with reading(open_door(live_cast.ikt, imap_server)):
        wait_for(lambda: stored() == 2 and not imap_server.uids())
    decide_pending()
    row = InboundMail.objects.get(message_id="stor@sykehus.example")
    assert (row.outcome, row.from_address, row.subject) == ("new_ticket", "nora@sykehus.example", "Bildene fra røntgen")
    assert row.size < 2000
    text = row.ticket.messages.get().text
    assert "er på 3 MB, og er ikke hentet" in text
    assert "«Saksgang/Lagret»" in text
    assert len(imap_server.kept()) == 2


@pytest.mark.once
def test_a_head_without_end_gives_only_its_whole_lines():
    raw = stand_in(b"From: a@b.example\r\nContent-Type: x;\r\n y\r\nTo: i", size=10**8, most=10**7, folder="F")
    fields = raw.partition(b"\r\n\r\n")[0].splitlines()
    assert fields[0] == b"From: a@b.example"
    assert not any(line.startswith((b"To", b" y")) for line in fields)
    assert fields[2] == b"Content-Type: text/plain; charset=utf-8"


def test_a_damaged_mail_is_fetched_again_from_where_it_still_lies(live_cast, imap_server):
    for nth in (1, 2):
        imap_server.deliver(mail(nth))
    door = open_door(live_cast.ikt, imap_server)
    with reading(door):
        wait_for(lambda: stored() == 2 and len(imap_server.kept()) == 2)
    row = InboundMail.objects.order_by("id").first()
    place = files.path_of(row.raw_sha256)
    place.chmod(0o600)
    place.write_bytes(b"From: nobody\r\n")
    decide_pending()
    row.refresh_from_db()
    assert row.set_aside_reason == "raw_damaged"
    with reading(door):
        wait_for(lambda: files.is_whole(row.raw_sha256), "the server still has it")
        wait_for(lambda: InboundMail.objects.filter(pk=row.pk, pending=1).exists())
    decide_pending()
    assert Ticket.objects.count() == 2
