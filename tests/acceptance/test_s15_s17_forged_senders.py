"""S15 to S17: what a mail that may be forged can do. Nothing but be seen."""

from __future__ import annotations

from datetime import timedelta

import pytest

from saksgang.catalogue.actions import change_mailbox
from saksgang.lib import clock
from saksgang.tickets.actions import arrivals, assessment, assignment, resolution, waiting
from saksgang.tickets.kinds import LinkKind, NextStep, State
from saksgang.tickets.models import Message, Ticket, TicketLink, TicketRequester
from tests.acceptance.conftest import subject_of
from tests.cast import SETUP

pytestmark = pytest.mark.django_db(transaction=True)

FORGED = {"authentication_results": "mx.sykehus.example; spf=pass; dkim=pass; dmarc=fail header.from=sykehus.example"}


@pytest.fixture(autouse=True)
def our_server(settings):
    settings.MAIL_AUTHSERV_ID = "mx.sykehus.example"


def case_of_nora(desk) -> Ticket:
    desk.send(desk.cast.nora, "Skriveren svarer ikke.", subject="Skriveren")
    desk.work()
    ticket = assignment.take(ticket=desk.only_ticket(), by=desk.cast.kari)
    return assessment.assess(
        ticket=ticket, by=desk.cast.kari, type="SERVICE_REQUEST", service=None, impact="individuals"
    )


def forged_reply(desk, words: str = "Bare løs saken, alt er i orden nå.") -> None:
    ours = desk.inbox(desk.cast.nora)[-1]
    desk.send(
        desk.cast.nora, words, subject="SV: " + subject_of(ours), in_reply_to=ours["Message-ID"],
        date="Mon, 23 Nov 2026 09:30:00 +0100", **FORGED,
    )  # fmt: skip
    desk.work()


def waits(desk) -> Ticket:
    ticket = case_of_nora(desk)
    return waiting.wait_for_requester(
        ticket=ticket, by=desk.cast.kari, words="Hvilken skriver?", until=clock.now() + timedelta(days=2)
    )


def planned(desk) -> Ticket:
    ticket = case_of_nora(desk)
    return waiting.plan(
        ticket=ticket,
        by=desk.cast.kari,
        words="Vi kommer tirsdag.",
        until=clock.now() + timedelta(days=2),
        reason="Deler",
    )


def solved(desk) -> Ticket:
    return resolution.resolve(ticket=case_of_nora(desk), by=desk.cast.kari, words="Skriveren er startet på nytt.")


RESTING = [waits, planned, solved]


@pytest.mark.parametrize("rests", RESTING)
def test_s15_a_forged_reply_changes_no_state_and_asks_who_wrote_it(desk, rests):
    ticket = rests(desk)
    desk.work()
    before = (ticket.state, TicketRequester.objects.get().answer_owed_since)
    sent = len(desk.inboxes.mails)
    forged_reply(desk)
    after = Ticket.objects.get(pk=ticket.pk)
    assert (after.state, TicketRequester.objects.get().answer_owed_since) == before
    assert (after.next_step, after.new_message_at is not None) == (NextStep.CONFIRM_SENDER, True)
    assert after.next_step_due_at <= clock.now() + timedelta(days=4)
    assert Message.objects.latest("id").unverified
    assert len(desk.inboxes.mails) == sent
    client = desk.client(desk.cast.knut)
    assert f"/tickets/{ticket.pk}" in client.get("/queue?show=team").content.decode()
    assert f"/tickets/{ticket.pk}" in client.get("/").content.decode()
    assert "avsender ikke bekreftet" in client.get(f"/tickets/{ticket.pk}").content.decode()


def test_s15_a_forged_thank_you_is_no_thank_you(desk):
    ticket = solved(desk)
    desk.work()
    forged_reply(desk, "Tusen takk!")
    assert Ticket.objects.get(pk=ticket.pk).next_step == NextStep.CONFIRM_SENDER


def test_s15_on_a_case_that_is_worked_on_it_shows_as_a_new_reply(desk):
    ticket = case_of_nora(desk)
    forged_reply(desk)
    after = Ticket.objects.get(pk=ticket.pk)
    assert (after.state, after.next_step, after.new_message_at is not None) == (
        State.IN_PROGRESS,
        ticket.next_step,
        True,
    )


@pytest.mark.parametrize("rests", RESTING)
def test_s15_confirmed_it_wakes_the_case_as_any_reply_does(desk, rests):
    ticket = rests(desk)
    desk.work()
    forged_reply(desk, "Den i rom 12.")
    message = Message.objects.latest("id")
    answer = desk.client(desk.cast.kari).post(f"/messages/{message.pk}/sender", {"do": "confirm"})
    assert answer.status_code == 303
    after = Ticket.objects.get(pk=ticket.pk)
    assert (after.state, after.answers_owed, after.set_step) == (State.IN_PROGRESS, 1, None)
    assert not Message.objects.get(pk=message.pk).unverified


@pytest.mark.parametrize("rests", RESTING)
def test_s15_denied_it_stays_marked_and_the_case_rests(desk, rests):
    ticket = rests(desk)
    desk.work()
    forged_reply(desk)
    message = Message.objects.latest("id")
    desk.client(desk.cast.kari).post(f"/messages/{message.pk}/sender", {"do": "deny"})
    after = Ticket.objects.get(pk=ticket.pk)
    assert (after.state, after.next_step == NextStep.CONFIRM_SENDER, after.new_message_at) == (
        ticket.state,
        False,
        None,
    )
    assert (after.queue_rank is None, Message.objects.get(pk=message.pk).unverified) == (True, True)


def test_s15_two_unconfirmed_mails_each_need_a_word(desk):
    ticket = solved(desk)
    desk.work()
    forged_reply(desk, "En.")
    forged_reply(desk, "To.")
    first, second = Message.objects.filter(unverified=True).order_by("id")
    arrivals.deny_sender(message=first, by=desk.cast.kari)
    assert Ticket.objects.get(pk=ticket.pk).next_step == NextStep.CONFIRM_SENDER
    arrivals.deny_sender(message=second, by=desk.cast.kari)
    assert Ticket.objects.get(pk=ticket.pk).next_step is None


def test_s15_a_bare_number_never_joins(desk):
    ticket = case_of_nora(desk)
    desk.send(desk.cast.nora, "Og nå er den helt død.", subject=f"[SAK-{ticket.pk}]", **FORGED)
    desk.work()
    new = Ticket.objects.exclude(pk=ticket.pk).get()
    assert TicketLink.objects.get(ticket=new).kind == LinkKind.FOLLOWS
    assert Message.objects.get(ticket=new).unverified


def test_s15_no_receipt_and_the_case_says_so_and_an_answer_goes_out_as_always(desk):
    desk.send(desk.cast.nora, "Skriveren svarer ikke.", **FORGED)
    desk.work()
    assert desk.inbox(desk.cast.nora) == []
    ticket = desk.only_ticket()
    client = desk.client(desk.cast.kari)
    assert "Kvittering ikke sendt" in client.get(f"/tickets/{ticket.pk}").content.decode()
    from saksgang.tickets.actions import answering

    answering.answer(ticket=ticket, by=desk.cast.kari, words="Vi ser på det.")
    desk.work()
    assert len(desk.inbox(desk.cast.nora)) == 1


def test_s15_a_forwarded_mailbox_stands_outside_unless_its_forwarders_server_is_named(desk):
    change_mailbox(by=SETUP, mailbox=desk.cast.ikt, forwarding="redirect")
    desk.send(desk.cast.nora, "Skriveren svarer ikke.", **FORGED)
    desk.work()
    assert not Message.objects.latest("id").unverified
    assert len(desk.inbox(desk.cast.nora)) == 1
    change_mailbox(by=SETUP, mailbox=desk.cast.ikt, forwarder_authserv_id="edge.gammel.example")
    desk.send(desk.cast.dag, "Hei.", authentication_results="edge.gammel.example; dmarc=fail")
    desk.work()
    assert Message.objects.latest("id").unverified
    assert desk.inbox(desk.cast.dag) == []


# Message-IDs that others know.


def test_s16_an_id_belongs_to_whoever_used_it_first(desk):
    first = desk.send(desk.cast.nora, "Skriveren svarer ikke.", cc="Dag Lege <dag@sykehus.example>")
    desk.work()
    desk.send(desk.cast.dag, "Noe helt annet.", message_id=first, date="Mon, 23 Nov 2026 08:10:00 +0100")
    desk.work()
    hers, his = Ticket.objects.order_by("id")
    desk.send(
        desk.cast.nora,
        "Og nå lukter den brent.",
        subject="SV: Hjelp",
        in_reply_to=first,
        date="Mon, 23 Nov 2026 09:00:00 +0100",
    )
    desk.work()
    assert Message.objects.latest("id").ticket == hers
    assert his.messages.count() == 1


def test_s16_used_before_its_owner_came_it_still_catches_nobody(desk):
    taken = "<lagd@sykehus.example>"
    desk.send(desk.cast.dag, "Noe helt annet.", message_id=taken, date="Mon, 23 Nov 2026 07:50:00 +0100")
    desk.work()
    desk.send(desk.cast.nora, "Skriveren svarer ikke.", message_id=taken)
    desk.work()
    his, hers = Ticket.objects.order_by("id")
    desk.send(
        desk.cast.nora,
        "Og nå lukter den brent.",
        subject="SV: Hjelp",
        in_reply_to=taken,
        date="Mon, 23 Nov 2026 09:00:00 +0100",
    )
    desk.work()
    assert Message.objects.latest("id").ticket == hers
    assert his.messages.count() == 1


def test_s16_references_that_name_two_cases_go_to_the_one_that_the_sender_is_on(desk):
    first = desk.send(desk.cast.nora, "Skriveren svarer ikke.")
    second = desk.send(desk.cast.dag, "Telefonen er stum.")
    desk.work()
    desk.send(
        desk.cast.nora, "Den lukter brent.", subject="SV: Hjelp", in_reply_to=second, references=f"{first} {second}",
        date="Mon, 23 Nov 2026 09:00:00 +0100",
    )  # fmt: skip
    desk.work()
    assert Message.objects.latest("id").ticket == Ticket.objects.order_by("id").first()
