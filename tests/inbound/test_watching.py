"""Who reads a mailbox, how it is doing, and its books; and storing what lies on an IMAP server."""

from __future__ import annotations

from datetime import timedelta

import pytest

from saksgang.access.queries import NotAllowed
from saksgang.catalogue import actions as catalogue
from saksgang.events.alarms import open_alarms
from saksgang.events.models import Event
from saksgang.inbound import watching
from saksgang.inbound.actions import decide_pending
from saksgang.inbound.models import Door, InboundMail, MailboxWatch
from saksgang.inbound.storing import known_uids, store
from saksgang.lib import clock, files
from saksgang.people import actions as people
from tests.cast import SETUP

RAW = b"From: Nora <nora@sykehus.example>\r\nDate: Mon, 23 Nov 2026 08:00:00 +0100\r\nMessage-ID: <%d@sykehus.example>\r\n\r\nHei\r\n"


def kept(cast, nth: int, **facts) -> InboundMail:
    standard = {"mailbox": cast.ikt, "door": Door.IMAP, "uidvalidity": 7, "uid": nth}
    return store(RAW % nth, **(standard | facts))


def test_a_place_on_the_server_is_stored_once(cast):
    first = kept(cast, 1)
    assert kept(cast, 1) == first
    assert InboundMail.objects.count() == 1
    kept(cast, 1, uidvalidity=8)
    kept(cast, 1, mailbox=cast.ehelse)
    assert InboundMail.objects.count() == 3


def test_mails_without_a_place_are_stored_each_time(cast):
    for _ in range(2):
        kept(cast, 1, door=Door.SMTP, uidvalidity=None, uid=None)
    assert InboundMail.objects.count() == 2


def test_which_places_are_known(cast):
    kept(cast, 3)
    kept(cast, 5)
    kept(cast, 6, mailbox=cast.ehelse)
    assert known_uids(cast.ikt, 7, range(1, 2000)) == {3, 5}
    assert known_uids(cast.ikt, 8, [3, 5]) == set()
    assert known_uids(cast.ikt, 7, []) == set()


def test_one_worker_at_a_time_reads_a_mailbox(cast):
    assert watching.hold(cast.ikt, "one")
    assert not watching.hold(cast.ikt, "two")
    assert watching.hold(cast.ehelse, "two")
    assert watching.hold(cast.ikt, "one"), "renewed by its holder"
    watching.let_go(cast.ikt, "two")
    assert not watching.hold(cast.ikt, "two"), "nobody lets go of what another holds"
    watching.let_go(cast.ikt, "one")
    assert watching.hold(cast.ikt, "two")


def test_a_worker_that_died_holds_nothing_for_long(cast):
    now = clock.now()
    watching.hold(cast.ikt, "one")
    with clock.at(now + timedelta(seconds=85)):
        assert not watching.hold(cast.ikt, "two")
    with clock.at(now + timedelta(seconds=95)):
        assert watching.hold(cast.ikt, "two")
        assert not watching.hold(cast.ikt, "one"), "it comes back too late"


def test_failing_for_ten_minutes_is_an_alarm_until_it_works_again(cast):
    now = clock.now()
    for minutes, alarms in ((0, 0), (9, 0), (11, 1), (12, 1)):
        with clock.at(now + timedelta(minutes=minutes)):
            watching.note_trouble(cast.ikt, "the server does not let us in")
        assert open_alarms().filter(kind="mailbox_failing", key="ikt").count() == alarms
    watch = MailboxWatch.objects.get(mailbox=cast.ikt)
    assert (watch.failing_since, watch.seen_at) == (now, None)
    watching.note_success(cast.ikt)
    watch.refresh_from_db()
    assert (watch.failing_since, watch.last_error) == (None, "")
    assert watch.seen_at
    assert not open_alarms().exists()


def test_what_is_stored_and_not_moved_is_trouble_but_the_mailbox_was_seen(cast):
    watching.note_trouble(cast.ikt, "UID 1 was not moved", all_stored=True)
    watch = MailboxWatch.objects.get(mailbox=cast.ikt)
    assert watch.seen_at
    assert watch.failing_since


def test_from_trouble_to_no_contact_at_all(cast):
    now = clock.now()
    for minutes in (0, 5):
        with clock.at(now + timedelta(minutes=minutes)):
            watching.note_trouble(cast.ikt, "UID 1 was not moved", all_stored=True)
    for minutes in (9, 10):
        with clock.at(now + timedelta(minutes=minutes)):
            watching.note_trouble(cast.ikt, "ConnectionRefusedError")
    watch = MailboxWatch.objects.get(mailbox=cast.ikt)
    assert (watch.seen_at, watch.failing_since) == (now + timedelta(minutes=5), now + timedelta(minutes=9))


def ids(*numbers: int) -> list[bytes]:
    return [b"Message-ID: <%d@sykehus.example>\r\n\r\n" % nth for nth in numbers]


def test_books_that_balance(cast):
    for nth in (1, 2):
        kept(cast, nth)
    decide_pending()
    kept(cast, 3)  # not decided yet
    assert watching.missing_from_ledger(cast.ikt, unknown=0, kept=ids(1, 2, 3)) == 0
    assert watching.missing_from_ledger(cast.ikt, unknown=0, kept=ids(1, 1)) == 0, "a copy, and somebody tidied"


def test_books_that_do_not_balance(cast):
    kept(cast, 1)
    kept(cast, 2, mailbox=cast.ehelse)
    assert watching.missing_from_ledger(cast.ikt, unknown=2, kept=ids(1, 2, 3)) == 4


def test_mails_without_an_id_are_compared_by_number(cast):
    store(b"From: a@b.example\r\n\r\nHei\r\n", mailbox=cast.ikt, door=Door.IMAP, uidvalidity=7, uid=1)
    decide_pending()
    assert watching.missing_from_ledger(cast.ikt, unknown=0, kept=[b"\r\n"]) == 0
    assert watching.missing_from_ledger(cast.ikt, unknown=0, kept=[b"\r\n", b"", b"Message-ID: \r\n\r\n"]) == 2


def test_what_is_missing_is_an_alarm_until_a_count_finds_it(cast):
    kept(cast, 1)
    kept(cast, 2, door=Door.SMTP, uidvalidity=None, uid=None)
    watching.note_count(cast.ikt, waiting=1, kept=4, missing=3)
    alarm = open_alarms().get(kind="mailbox_count", key="ikt")
    assert alarm.details.startswith("3 ")
    watch = MailboxWatch.objects.get(mailbox=cast.ikt)
    assert (watch.waiting, watch.kept, watch.in_ledger, watch.missing) == (1, 4, 1, 3)
    assert watch.counted_at
    watching.note_count(cast.ikt, waiting=0, kept=5, missing=0)
    assert not open_alarms().exists()


def test_asking_for_a_count(cast):
    watching.ask_for_count(mailbox=cast.ikt, by=cast.kari)
    assert watching.count_wanted(cast.ikt)
    assert not watching.count_wanted(cast.ehelse)
    assert Event.objects.filter(kind="mailbox_count_requested", subject_id=cast.ikt.pk).count() == 1
    watching.note_count(cast.ikt, waiting=0, kept=0, missing=0)
    assert not watching.count_wanted(cast.ikt)


def test_only_who_reads_mail_asks_for_a_count(cast):
    with pytest.raises(NotAllowed):
        watching.ask_for_count(mailbox=cast.ikt, by=people.add_person(by=SETUP, name="Uten Rolle"))
    assert not MailboxWatch.objects.exists()


def test_every_night_each_mailbox_that_is_read_is_counted(cast):
    catalogue.set_imap_door(by=SETUP, mailbox=cast.ikt, host="imap.sykehus.example", user="ikt", secret="x")
    watching.want_counts()
    assert watching.count_wanted(cast.ikt)
    assert not watching.count_wanted(cast.ehelse)


def test_a_door_that_is_closed_leaves_no_alarm_behind(cast):
    door = catalogue.set_imap_door(by=SETUP, mailbox=cast.ikt, host="imap.sykehus.example", user="ikt", secret="x")
    watching.note_count(cast.ikt, waiting=1, kept=4, missing=3)
    watching.forget_closed()
    assert open_alarms().exists()
    catalogue.set_imap_door(by=SETUP, mailbox=door.mailbox, active=False)
    watching.forget_closed()
    assert not open_alarms().exists()
    assert MailboxWatch.objects.get().missing == 0


def test_a_count_goes_on_where_the_bytes_of_a_mail_are_gone(cast):
    """It is no trouble of the mailbox, and no mail that the ledger does not know."""
    row = kept(cast, 1)
    files.path_of(row.raw_sha256).unlink()
    there = [b"Message-ID: <1@sykehus.example>\r\n\r\n"]
    assert watching.missing_from_ledger(cast.ikt, unknown=0, kept=there) == 0
    assert (
        watching.missing_from_ledger(cast.ikt, unknown=0, kept=[*there, b"Message-ID: <9@sykehus.example>\r\n\r\n"])
        == 1
    )
