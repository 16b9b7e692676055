"""B5: «Sikre at saker ikke glipper», as far as the main way goes: team, next step, due time, and the ledger."""

from datetime import timedelta

import pytest

from saksgang.inbound import actions
from saksgang.inbound.models import InboundMail, Outcome
from saksgang.inbound.storing import store
from saksgang.lib import clock
from saksgang.tickets.actions import assignment, waiting
from saksgang.tickets.models import Ticket

pytestmark = pytest.mark.django_db(transaction=True)


def test_b5_a_new_case_has_a_team_and_a_next_step_with_a_time_from_its_first_moment(desk):
    desk.send(desk.cast.nora, "Hei")
    desk.work()
    ticket = desk.only_ticket()
    assert ticket.team
    assert ticket.next_step == "ASSESS"
    assert ticket.next_step_due_at > ticket.received_at


def waits_in_the_tray(desk, reason: str) -> None:
    (row,) = desk.ledger()
    assert (row.outcome, row.set_aside_reason) == (Outcome.SET_ASIDE, reason)
    assert row.due_at is not None
    assert desk.inboxes.mails == [], "nobody is answered"


def test_b5_an_absence_reply_without_a_case_waits_in_the_tray_with_a_due_time(desk):
    desk.send(desk.cast.nora, "Jeg er på ferie.", subject="Automatisk svar: Ferie", auto_submitted="auto-replied")
    desk.work()
    waits_in_the_tray(desk, "automatic_without_case")


def test_b5_a_mail_without_a_sender_waits_in_the_tray_with_a_due_time(desk):
    desk.send_raw(b"Subject: Uten avsender\r\n\r\nHei\r\n", sender="nora@sykehus.example", to="ikt@sykehus.example")
    desk.work()
    waits_in_the_tray(desk, "no_sender")


def test_b5_an_absence_reply_joins_its_case_and_wakes_nobody(desk):
    desk.send(desk.cast.nora, "Skriveren svarer ikke.")
    desk.work()
    ticket = assignment.take(ticket=desk.only_ticket(), by=desk.cast.kari)
    waiting.wait_for_requester(
        ticket=ticket, by=desk.cast.kari, words="Hvilket rom?", until=clock.now() + timedelta(days=2)
    )
    desk.work()
    question = desk.inbox(desk.cast.nora)[-1]
    desk.send(
        desk.cast.nora,
        "Jeg er ikke på jobb i dag.",
        subject="Automatisk svar: Skriver",
        in_reply_to=question["Message-ID"],
        auto_submitted="auto-replied",
    )
    desk.work()
    ticket = desk.only_ticket()
    assert ticket.state == "WAITING_REQUESTER"
    assert ticket.messages.filter(kind="AUTOMATIC").count() == 1


def test_b5_our_own_mail_that_comes_back_makes_no_new_case_and_gets_no_answer(desk):
    desk.send(desk.cast.nora, "Hei")
    desk.work()
    receipt = desk.inbox(desk.cast.nora)[0]
    desk.send_raw(receipt.as_bytes(), sender="nora@sykehus.example", to="e-helse@sykehus.example")
    desk.work()
    assert Ticket.objects.count() == 1
    assert len(desk.inboxes.mails) == 1
    assert desk.ledger()[-1].mail_class == "loop"


def test_b5_equal_mails_of_a_monitor_share_one_open_case(desk):
    for minute in range(3):
        desk.send(
            "overvaking@sykehus.example",
            "Disk 91 % full på srv-12",
            subject="VARSEL srv-12",
            auto_submitted="auto-generated",
            date=f"Mon, 23 Nov 2026 08:0{minute}:00 +0100",
        )
    desk.send(
        "overvaking@sykehus.example",
        "Disk 95 % full på srv-12",
        subject="VARSEL srv-12",
        auto_submitted="auto-generated",
    )
    desk.work()
    assert [ticket.messages.count() for ticket in Ticket.objects.all()] == [1, 1]
    assert [row.repeats for row in desk.ledger() if row.outcome == "new_ticket"] == [2, 0]
    assert desk.inboxes.mails == []


def test_b5_a_mail_that_makes_us_stumble_is_set_aside_after_a_few_tries_with_its_raw_text(desk, monkeypatch):
    def stumble(raw):
        raise MemoryError

    monkeypatch.setattr(actions, "read", stumble)
    desk.send(desk.cast.nora, "Hei")
    for _ in range(actions.MAX_ATTEMPTS):
        InboundMail.objects.update(try_at="2020-01-01T00:00:00Z")
        actions.decide_pending()
    (row,) = desk.ledger()
    assert (row.outcome, row.set_aside_reason) == (Outcome.SET_ASIDE, "failed")
    monkeypatch.undo()
    actions.retry(mail=row, by=desk.cast.kari)
    desk.work()
    assert desk.only_ticket().messages.count() == 1


@pytest.mark.parametrize("lines", [b"\n", b"\r\n", b"\r"])
def test_b5_every_kind_of_line_end_is_read(desk, lines, live_cast):
    raw = lines.join([b"From: nora@sykehus.example", b"Subject: Hei", b"", b"En linje", b"To linjer", b""])
    store(raw, mailbox=live_cast.ikt, door="pipe")
    desk.work()
    assert desk.only_ticket().messages.get().text.split() == ["En", "linje", "To", "linjer"]


def test_b5_mails_beside_one_that_kills_the_worker_come_through(desk, live_cast):
    """Workers died five times with both in hand; only the one that is read when they die is given up."""
    for name in ("Uskyldig", "Morder"):
        desk.send(desk.cast.nora, "Hei", subject=name)
    innocent, killer = desk.ledger()
    InboundMail.objects.update(claimed_until="2020-01-01T00:00:00Z")
    for _ in range(actions.MAX_ATTEMPTS + 1):
        for row in actions._claim(50):
            if row.pk == innocent.pk:
                actions.decide(row)
            # the other one kills its worker: its claim runs out
        InboundMail.objects.filter(pending=1).update(claimed_until="2020-01-01T00:00:00Z")
    desk.work()
    outcomes = {row.pk: (row.outcome, row.set_aside_reason) for row in desk.ledger()}
    assert outcomes == {innocent.pk: ("new_ticket", ""), killer.pk: ("set_aside", "failed")}
