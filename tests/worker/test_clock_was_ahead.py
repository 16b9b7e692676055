"""A clock that was three hours ahead and then was set right: nothing waits for those hours, and no alarm is held back.

Every queue, lease and slot is here; a table with such a column that is not fails the first test.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.apps import apps

from saksgang.events import actions as events
from saksgang.events import life_signs
from saksgang.events.alarms import open_alarms
from saksgang.inbound import heartbeats, silence, watching
from saksgang.inbound.actions import decide, decide_pending
from saksgang.inbound.models import Door, InboundMail, MailboxWatch
from saksgang.inbound.queries import overdue
from saksgang.inbound.queries import waiting_since as undecided_since
from saksgang.inbound.storing import store
from saksgang.lib import clock
from saksgang.lib.claiming import LONGEST_BACK_OFF, lease
from saksgang.outbound import watching as relay_watch
from saksgang.outbound.actions import send_due
from saksgang.outbound.models import OutboundMail
from saksgang.outbound.queries import waiting_since as unsent_since
from saksgang.tickets.actions import answering
from saksgang.upkeep.checks import mail as checks
from saksgang.worker import loop
from saksgang.worker.models import Slot
from saksgang.worker.schedule import JOBS, RELAY_JOBS
from tests.outbound.test_follower import promised
from tests.outbound.test_sending import BUSY, TAKEN, Relay
from tests.tickets.steps import assess

RIGHT = datetime(2026, 3, 11, 9, 0, tzinfo=UTC)
AHEAD = RIGHT + timedelta(hours=3)
MAIL = b"From: Nora <nora@sykehus.example>\r\nMessage-ID: <%d@sykehus.example>\r\nSubject: Sak %d\r\n\r\nHei\r\n"
QUEUES = {
    "events.Delivery": {"due_at", "claimed_until"},
    "inbound.InboundMail": {"try_at", "claimed_until"},
    "inbound.MailboxWatch": {"claimed_until"},
    "outbound.OutboundMail": {"try_at", "claimed_until"},
    "worker.Slot": {"starts_at"},
}
NO_QUEUE = {
    ("catalogue.Announcement", "starts_at"),  # as a person wrote it
    ("catalogue.Meeting", "starts_at"),
    ("catalogue.OnCallDay", "starts_at"),
    ("improvements.Improvement", "due_at"),  # until when somebody should have decided
    ("inbound.InboundMail", "due_at"),  # until when somebody should have looked
}


def test_every_queue_is_here():
    waits = {"due_at", "try_at", "claimed_until", "starts_at", "retry_at", "run_at"}
    found = {
        model._meta.label: {field.name for field in model._meta.concrete_fields} & waits
        for model in apps.get_models()
        if model.__module__.startswith("saksgang.")
        and not model.__module__.startswith(("saksgang.demo", "saksgang.tickets"))
    }
    found = {label: {name for name in names if (label, name) not in NO_QUEUE} for label, names in found.items()}
    assert {label: names for label, names in found.items() if names} == QUEUES


def stored(cast, nth: int) -> InboundMail:
    return store(MAIL % (nth, nth), mailbox=cast.ikt, door=Door.SMTP)


def refuse(monkeypatch) -> None:
    def broken(_row) -> None:
        raise RuntimeError("broken")

    monkeypatch.setattr("saksgang.inbound.actions.decide", broken)


def test_a_mail_that_came_meanwhile_is_decided_at_once(cast):
    with clock.at(AHEAD):
        stored(cast, 1)
    with clock.at(RIGHT):
        assert decide_pending() == 1


def test_mails_are_decided_in_the_order_in_which_they_came(cast, monkeypatch):
    decided = []
    monkeypatch.setattr("saksgang.inbound.actions.decide", lambda row: (decided.append(row.pk), decide(row)))
    rows = []
    for moment in (RIGHT, AHEAD, RIGHT + timedelta(minutes=1)):
        with clock.at(moment):
            rows.append(stored(cast, len(rows)).pk)
    with clock.at(RIGHT + timedelta(minutes=2)):
        while decide_pending(limit=1):
            pass
    assert decided == rows


@pytest.mark.parametrize("little", [timedelta(minutes=5), timedelta(minutes=29)])
def test_a_clock_that_was_only_minutes_ahead_holds_up_nothing_that_was_never_tried(cast, little):
    with clock.at(RIGHT + little):
        stored(cast, 1)
    with clock.at(RIGHT):
        assert decide_pending() == 1


def test_a_mail_whose_decision_failed_meanwhile_is_tried_at_once(cast, monkeypatch):
    with clock.at(AHEAD), monkeypatch.context() as broken:
        stored(cast, 1)
        refuse(broken)
        assert decide_pending() == 1
    with clock.at(RIGHT):
        assert decide_pending() == 1
    assert not InboundMail.objects.filter(pending=1).exists()


def test_a_mail_that_waits_for_its_next_try_still_waits(cast, monkeypatch):
    with clock.at(RIGHT), monkeypatch.context() as broken:
        stored(cast, 1)
        refuse(broken)
        assert decide_pending() == 1
        assert decide_pending() == 0


def test_a_mail_in_the_hands_of_a_worker_that_died_meanwhile_is_taken_up(cast):
    stored(cast, 1)
    with clock.at(AHEAD):
        InboundMail.objects.update(claimed_until=clock.now() + lease(), try_at=clock.now())
    with clock.at(RIGHT):
        assert decide_pending() == 1


def test_what_another_holds_is_not_taken_though_its_clock_goes_a_little_before_ours(cast):
    with clock.at(RIGHT):
        stored(cast, 1)
        InboundMail.objects.update(claimed_until=clock.now() + lease() + timedelta(seconds=30))
        assert decide_pending() == 0


def test_an_event_is_told_on_at_once(cast):
    with clock.at(AHEAD):
        cast.case()
        claimed = events.claim("outbound", limit=1)
        events.postpone(claimed[0], "broken")
        cast.case()
        events.claim("outbound", limit=1)  # and the worker died
    with clock.at(RIGHT):
        assert len(events.claim("outbound")) == 2
        assert events.claim("outbound") == []


@pytest.fixture
def answered(cast, settings) -> OutboundMail:
    settings.UNDO_SECONDS = 10
    with clock.at(AHEAD):
        ticket = assess(cast, cast.case())
        answering.answer(ticket=ticket, by=cast.kari, words="Hei")
        (mail,) = promised()
        return mail


def test_an_answer_leaves_at_once(answered):
    with clock.at(RIGHT):
        assert send_due(Relay(TAKEN)) == 1


def test_an_answer_that_was_refused_meanwhile_is_tried_at_once(answered):
    with clock.at(AHEAD + timedelta(seconds=15)):
        assert send_due(Relay(BUSY)) == 1
    with clock.at(RIGHT):
        assert send_due(Relay(TAKEN)) == 1


def test_an_answer_that_was_claimed_meanwhile_leaves(answered):
    with clock.at(AHEAD):
        OutboundMail.objects.update(claimed_until=clock.now() + lease())
    with clock.at(RIGHT):
        assert send_due(Relay(TAKEN)) == 1


def test_the_seconds_in_which_an_answer_can_be_taken_back_are_kept(cast, settings):
    settings.UNDO_SECONDS = 600
    with clock.at(RIGHT):
        ticket = assess(cast, cast.case())
        answering.answer(ticket=ticket, by=cast.kari, words="Hei")
        promised()
        assert send_due(Relay(TAKEN)) == 0


def test_a_refused_mail_waits_for_the_longest_back_off_and_no_longer(answered):
    OutboundMail.objects.update(attempts=90, try_at=RIGHT + LONGEST_BACK_OFF)
    with clock.at(RIGHT):
        assert send_due(Relay(TAKEN)) == 0
    OutboundMail.objects.update(try_at=RIGHT + LONGEST_BACK_OFF + timedelta(minutes=2))
    with clock.at(RIGHT):
        assert send_due(Relay(TAKEN)) == 1


def test_a_mailbox_is_read_again_by_another_worker(cast):
    with clock.at(AHEAD):
        assert watching.hold(cast.ikt, "one")
    with clock.at(RIGHT):
        assert watching.hold(cast.ikt, "two")
        assert not watching.hold(cast.ikt, "three")


@pytest.mark.parametrize("name", [job.name for job in (*JOBS, *RELAY_JOBS)])
def test_every_job_runs_at_its_times(transactional_db, monkeypatch, name):
    ran = []
    (job,) = [one for one in (*JOBS, *RELAY_JOBS) if one.name == name]
    monkeypatch.setattr(loop, "JOBS", [type(job)(name, job.every, lambda: ran.append(clock.now()))])
    for moment in (AHEAD, RIGHT - job.every, RIGHT, RIGHT, AHEAD + 2 * job.every):
        with clock.at(moment):
            loop.run_due_jobs()
    assert ran == [AHEAD, RIGHT - job.every, RIGHT, AHEAD + 2 * job.every]


def test_a_slot_that_a_node_a_little_before_us_took_is_not_taken_again(transactional_db, monkeypatch):
    ran = []
    monkeypatch.setattr(loop, "JOBS", [type(JOBS[0])("job", timedelta(seconds=30), lambda: ran.append(1))])
    for moment in (RIGHT + timedelta(seconds=30), RIGHT + timedelta(seconds=29)):
        with clock.at(moment):
            loop.run_due_jobs()
    assert (len(ran), Slot.objects.filter(job="job").count()) == (1, 1)


def test_a_mail_that_nobody_decides_is_an_alarm_and_has_an_age(cast):
    with clock.at(AHEAD):
        stored(cast, 1)
    with clock.at(RIGHT):
        assert overdue().count() == 1
        silence.watch()
        assert undecided_since() <= RIGHT - timedelta(minutes=5), "nothing tells how old it is"
        stored(cast, 2)
    with clock.at(RIGHT + timedelta(hours=1)):
        assert undecided_since() == RIGHT, "it is as old at least as what came after it"
    assert open_alarms().filter(kind="mail_undecided").exists()


def test_mails_that_do_not_leave_are_an_alarm_though_one_left_meanwhile(answered, cast):
    with clock.at(AHEAD):
        answering.answer(ticket=cast.case(), by=cast.kari, words="Hei")
        promised()
        other = OutboundMail.objects.exclude(pk=answered.pk).order_by("-pk").first()
        OutboundMail.objects.filter(pk=other.pk).update(pending=0, state="sent", sent_at=clock.now())
    with clock.at(RIGHT):
        OutboundMail.objects.filter(pk=answered.pk).update(attempts=2, state="delayed")
        relay_watch.watch()
        assert unsent_since() <= RIGHT - timedelta(minutes=15)
        assert [sentence for sentence in checks.check_worker() if "waited undecided" in sentence] == []
    assert open_alarms().filter(kind="relay_failing").exists()


def test_a_worker_that_left_its_last_sign_meanwhile_counts_as_silent(db):
    with clock.at(AHEAD):
        life_signs.leave()
    with clock.at(RIGHT):
        assert life_signs.silent_since() == RIGHT - life_signs.SILENT_AFTER
        life_signs.leave()
        assert life_signs.silent_since() is None


def test_a_mailbox_that_fails_is_an_alarm_after_ten_minutes(cast):
    with clock.at(AHEAD):
        watching.note_success(cast.ikt)
        watching.note_trouble(cast.ikt, "gone")
    for minutes in (0, 11):
        with clock.at(RIGHT + timedelta(minutes=minutes)):
            watching.note_trouble(cast.ikt, "gone")
    assert open_alarms().filter(kind="mailbox_failing").exists()


def test_test_mails_go_on_and_their_loss_is_noticed(cast):
    cast.ikt.heartbeat_minutes = 15
    cast.ikt.save()
    with clock.at(AHEAD):
        heartbeats.left(cast.ikt)
    with clock.at(RIGHT):
        assert heartbeats.due() == [cast.ikt]
        heartbeats.left(cast.ikt)
        assert MailboxWatch.objects.get(mailbox=cast.ikt).heartbeat_out_since == RIGHT
    with clock.at(RIGHT + timedelta(minutes=16)):
        assert [watch.mailbox for watch in heartbeats.lost()] == [cast.ikt]


def test_a_mailbox_that_is_silent_is_an_alarm(cast):
    with clock.at(RIGHT - timedelta(days=3)):
        stored(cast, 1)
    with clock.at(AHEAD):
        stored(cast, 2)
    with clock.at(RIGHT):
        assert silence.last_mail_at(cast.ikt) == RIGHT - timedelta(days=3)
