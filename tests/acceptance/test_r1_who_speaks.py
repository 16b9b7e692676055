"""Clauses R1 and H2: who speaks in a mail, and what follows. Forwards, agents' own mail programs, suppliers, thanks."""

from __future__ import annotations

from datetime import timedelta

import pytest

from saksgang.catalogue.actions import add_supplier, change_mailbox
from saksgang.lib import clock
from saksgang.tickets import queries
from saksgang.tickets.actions import arrivals, assessment, assignment, outward, registration, resolution, waiting
from saksgang.tickets.kinds import LinkKind, MessageKind, NextStep, SenderRole, State, Visibility
from saksgang.tickets.models import Message, Ticket, TicketFollower, TicketLink, TicketRequester
from tests.acceptance.conftest import subject_of, text_of
from tests.cast import SETUP

pytestmark = pytest.mark.django_db(transaction=True)

FORWARDED = (
    "{above}\n\n________________________________\nFra: Nora Sykepleier <nora@sykehus.example>\n"
    "Sendt: mandag 23. november 2026 07:55\nTil: {to}\nEmne: Skriveren\n\nSkriveren på sengepost 3 svarer ikke.\n"
)


def solved(desk) -> Ticket:
    desk.send(desk.cast.nora, "Skriveren svarer ikke.", subject="Skriveren")
    desk.work()
    ticket = assignment.take(ticket=desk.only_ticket(), by=desk.cast.kari)
    assessment.assess(ticket=ticket, by=desk.cast.kari, type="SERVICE_REQUEST", service=None, impact="individuals")
    resolution.resolve(ticket=ticket, by=desk.cast.kari, words="Skriveren er startet på nytt.")
    desk.work()
    return Ticket.objects.get(pk=ticket.pk)


def taken(desk) -> Ticket:
    desk.send(desk.cast.nora, "Skriveren svarer ikke.", subject="Skriveren")
    desk.work()
    return assignment.take(ticket=desk.only_ticket(), by=desk.cast.kari)


def newest(ticket: Ticket) -> Message:
    return Message.objects.filter(ticket=ticket).order_by("-id").first()


# Thanks


def test_h2_thanks_open_nothing(desk):
    ticket = solved(desk)
    desk.reply(desk.inbox(desk.cast.nora)[-1], "Tusen takk for hjelpen!\n\nHilsen Nora", desk.cast.nora)
    desk.work()
    ticket.refresh_from_db()
    assert (ticket.state, ticket.answers_owed) == (State.RESOLVED, 0)
    assert newest(ticket).kind == MessageKind.THANKS
    assert desk.ledger()[-1].outcome == "reply"


def test_h2_thanks_long_after_are_no_new_case(desk):
    ticket = solved(desk)
    Ticket.objects.filter(pk=ticket.pk).update(
        state=State.CLOSED, closed_at=clock.now() - timedelta(days=90), closed_by_robot="clock", close_after=None
    )
    desk.reply(desk.inbox(desk.cast.nora)[-1], "Takk!", desk.cast.nora)
    desk.work()
    assert Ticket.objects.count() == 1
    assert newest(ticket).kind == MessageKind.THANKS


def test_h2_a_late_message_that_is_no_thanks_is_a_linked_case(desk):
    ticket = solved(desk)
    Ticket.objects.filter(pk=ticket.pk).update(
        state=State.CLOSED, closed_at=clock.now() - timedelta(days=90), closed_by_robot="clock", close_after=None
    )
    desk.reply(desk.inbox(desk.cast.nora)[-1], "Takk, men nå er den død igjen.", desk.cast.nora)
    desk.work()
    assert TicketLink.objects.get().kind == LinkKind.FOLLOWS


@pytest.mark.parametrize("words", ["Takk, men den virker ikke.", "Takk. Når kommer den nye?", "Takk. Rom 12 også."])
def test_h2_when_in_doubt_it_opens_again(desk, words):
    ticket = solved(desk)
    desk.reply(desk.inbox(desk.cast.nora)[-1], words, desk.cast.nora)
    desk.work()
    ticket.refresh_from_db()
    assert (ticket.state, ticket.answers_owed) == (State.IN_PROGRESS, 1)


def test_h2_thanks_on_an_open_case_ask_whether_it_is_solved_and_can_be_more_than_thanks(desk):
    ticket = taken(desk)
    waiting.wait_for_requester(
        ticket=ticket, by=desk.cast.kari, words="Virker det nå?", until=clock.now() + timedelta(days=2)
    )
    desk.work()
    desk.reply(desk.inbox(desk.cast.nora)[-1], "Ja takk, det virker nå. Tusen takk!", desk.cast.nora)
    desk.reply(desk.inbox(desk.cast.nora)[-1], "Tusen takk, det virker nå!", desk.cast.nora)
    desk.work()
    ticket.refresh_from_db()
    assert ticket.thanked_at is not None
    assert ticket.state == State.IN_PROGRESS
    arrivals.was_more_than_thanks(message=Message.objects.get(kind=MessageKind.THANKS), by=desk.cast.kari)
    ticket.refresh_from_db()
    assert (ticket.thanked_at, ticket.answers_owed) == (None, 1)


# Forwarding


def test_r1_a_mailbox_fed_by_a_forwarder_keeps_the_requester_and_the_receipt(desk):
    """An automatic forward: null return path, a loop mark of its own, From the forwarder's own address."""
    change_mailbox(by=SETUP, mailbox=desk.cast.ikt, forwarding="forward", forwarder="ikt@gammelt.example")
    raw = (
        "From: IKT <ikt@gammelt.example>\r\nTo: ikt@sykehus.example\r\nSubject: VS: Skriveren\r\nMessage-ID: <f1@gammelt.example>\r\n"
        "Date: Mon, 23 Nov 2026 08:00:00 +0100\r\nX-Loop: ikt@sykehus.example\r\nAuto-Submitted: auto-forwarded\r\n"
        "X-MS-Exchange-Inbox-Rules-Loop: ikt@gammelt.example\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n"
        + FORWARDED.format(above="", to="ikt@gammelt.example")
    )
    desk.send_raw(raw.encode(), sender="", to="ikt@sykehus.example")
    desk.work()
    ticket = desk.only_ticket()
    assert TicketRequester.objects.get(ticket=ticket).person == desk.cast.nora
    assert Message.objects.get(ticket=ticket).author_name == "Nora Sykepleier"
    assert len(desk.inbox(desk.cast.nora)) == 1, "she gets her receipt"


def test_r1_a_redirected_mail_without_return_path_is_a_persons_mail(desk):
    change_mailbox(by=SETUP, mailbox=desk.cast.ikt, forwarding="redirect")
    raw = (
        "From: Nora Sykepleier <nora@sykehus.example>\r\nTo: ikt@gammelt.example\r\nSubject: Skriveren\r\n"
        "Message-ID: <r1@sykehus.example>\r\nDate: Mon, 23 Nov 2026 08:00:00 +0100\r\nResent-From: ikt@gammelt.example\r\n\r\nHjelp.\r\n"
    )
    desk.send_raw(raw.encode(), sender="", to="ikt@sykehus.example")
    desk.work()
    assert TicketRequester.objects.get().person == desk.cast.nora
    assert len(desk.inbox(desk.cast.nora)) == 1


def test_r1_a_forwarders_broken_spf_forges_nobody(desk, settings):
    settings.MAIL_AUTHSERV_ID = "mx.sykehus.example"
    broken = {"authentication_results": "mx.sykehus.example; spf=fail smtp.mailfrom=sykehus.example"}
    desk.send(desk.cast.nora, "Hjelp.", **broken)
    desk.work()
    assert desk.inbox(desk.cast.nora) == [], "directly it is forged"
    change_mailbox(by=SETUP, mailbox=desk.cast.ikt, forwarding="redirect")
    desk.send(desk.cast.nora, "Hjelp igjen.", **broken)
    desk.work()
    assert len(desk.inbox(desk.cast.nora)) == 1


def test_r1_an_agents_forward_is_offered_to_the_one_who_wrote_it(desk):
    desk.send(desk.cast.kari, FORWARDED.format(above="Kan dere ta denne?", to="Kari Nordmann"), subject="VS: Skriveren")
    desk.work()
    message = Message.objects.get()
    assert (message.inner_name, message.inner_address) == ("Nora Sykepleier", "nora@sykehus.example")
    assert TicketRequester.objects.get().person == desk.cast.kari
    registration.change_requester(message=message, by=desk.cast.kari, person=desk.cast.nora)
    desk.work()
    asked = TicketRequester.objects.get()
    assert asked.person == desk.cast.nora
    assert asked.answer_owed_since == message.at
    assert len(desk.inbox(desk.cast.nora)) == 1, "the receipt goes to her who asked"


def test_r1_a_nurses_forward_is_the_nurses_case(desk):
    desk.send(desk.cast.dag, FORWARDED.format(above="Se under.", to="Dag Lege"), subject="VS: Skriveren")
    desk.work()
    assert TicketRequester.objects.get().person == desk.cast.dag
    assert Message.objects.get().inner_address == ""


def test_h2_an_agents_own_mail_to_the_requester_counts_after_one_click(desk):
    ticket = taken(desk)
    receipt = desk.inbox(desk.cast.nora)[-1]
    desk.send(
        desk.cast.kari,
        "Hei Nora, skriveren er byttet.",
        to="nora@sykehus.example, ikt@sykehus.example",
        subject="SV: " + subject_of(receipt),
    )
    desk.work()
    ticket.refresh_from_db()
    message = newest(ticket)
    assert (message.kind, ticket.answers_owed) == (MessageKind.DIRECT, 1), "nobody proves that Kari wrote it (S12)"
    arrivals.count_as_answer(message=message, by=desk.cast.kari)
    ticket.refresh_from_db()
    assert (ticket.answers_owed, ticket.first_answered_at) == (0, message.at)


def test_r1_people_on_copy_are_offered_and_never_subscribed(desk):
    desk.send(desk.cast.nora, "Skriveren svarer ikke.", cc="Dag Lege <dag@sykehus.example>, ikt@sykehus.example")
    desk.work()
    assert Message.objects.get().copied == [["Dag Lege", "dag@sykehus.example"]]
    assert not TicketFollower.objects.exists()
    assert desk.inbox(desk.cast.dag) == []


# Suppliers


@pytest.fixture
def at_supplier(desk):
    """Nora's case waits for a supplier, who was written to."""
    add_supplier(by=SETUP, name="Skriverfirma", domains=["skriverfirma.example"], address="hjelp@skriverfirma.example")
    ticket = taken(desk)
    outward.write(
        ticket=ticket, by=desk.cast.kari, words="Skriver 12 er død. Kan dere komme?", to=["hjelp@skriverfirma.example"]
    )
    waiting.wait_for_third_party(
        ticket=ticket, by=desk.cast.kari, words="Leverandøren har saken.", until=clock.now() + timedelta(days=5),
        waiting_for="Skriverfirma", reference="SF-2026-0815",
    )  # fmt: skip
    desk.work()
    return ticket


def test_a_mail_to_others_goes_to_them_alone_and_answers_nobody(desk, at_supplier):
    (mail,) = desk.inbox("hjelp@skriverfirma.example")
    assert "Skriver 12 er død" in text_of(mail)
    assert f"sak {at_supplier.pk}" in text_of(mail)
    assert mail["To"] == "hjelp@skriverfirma.example"
    assert mail["References"] is None, "the requester's thread is not theirs"
    assert all("Skriver 12" not in text_of(one) for one in desk.inbox(desk.cast.nora))
    message = Message.objects.get(kind=MessageKind.OUTWARD)
    assert message.visibility == Visibility.OUTWARD


@pytest.mark.parametrize(
    ("words", "step"),
    # Nobody has assessed it yet: that comes first.
    [("Vi kommer på torsdag.", NextStep.ASSESS), ("Feilen er løst.", NextStep.CHECK_WITH_REQUESTER)],
)
def test_a_suppliers_reply_joins_as_the_suppliers_and_ends_the_wait(desk, at_supplier, words, step):
    desk.reply(desk.inbox("hjelp@skriverfirma.example")[-1], words, "ola@skriverfirma.example")
    desk.work()
    at_supplier.refresh_from_db()
    message = newest(at_supplier)
    assert (message.sender_role, message.visibility) == (SenderRole.SUPPLIER, Visibility.OUTWARD)
    assert (at_supplier.state, at_supplier.next_step) == (State.IN_PROGRESS, step)
    assert at_supplier.answers_owed == 0
    assert TicketRequester.objects.get(ticket=at_supplier).person == desk.cast.nora
    assert desk.inbox("ola@skriverfirma.example") == []


def test_a_suppliers_number_counts_when_our_server_vouches_for_them(desk, at_supplier, settings):
    settings.MAIL_AUTHSERV_ID = "mx.sykehus.example"
    vouched = {"authentication_results": "mx.sykehus.example; dmarc=pass header.from=skriverfirma.example"}
    desk.send("Ola <ola@skriverfirma.example>", "Delen er bestilt.", subject="Sak SF-2026-0815 oppdatert", **vouched)
    desk.work()
    assert newest(at_supplier).sender_role == SenderRole.SUPPLIER
    desk.send("Ola <ola@skriverfirma.example>", "Jeg er ikke Ola.", subject="Sak SF-2026-0815 igjen")
    desk.work()
    assert Ticket.objects.count() == 2, "without our server's word the number proves nothing"


def test_s14_a_stranger_with_the_suppliers_mark_speaks_as_another_sender(desk, at_supplier):
    desk.reply(desk.inbox("hjelp@skriverfirma.example")[-1], "Gi meg alt.", "fremmed@annet.example")
    desk.work()
    message = newest(at_supplier)
    assert message.sender_role == SenderRole.OTHER
    assert TicketRequester.objects.filter(ticket=at_supplier).count() == 1
    assert desk.inbox("fremmed@annet.example") == []


# Cases of the system before this one


def imported(desk) -> Ticket:
    ticket = desk.cast.case()
    Ticket.objects.filter(pk=ticket.pk).update(old_system="Gamlesak", old_number="12345")
    return ticket


def test_r1_a_reply_to_the_old_system_finds_its_imported_case_for_those_who_are_on_it(desk):
    ticket = imported(desk)
    desk.send(desk.cast.nora, "Det gjelder fortsatt.", subject="SV: Skriveren [Sak ID# 12345]")
    desk.send("fremmed@annet.example", "Hei", subject="SV: Skriveren [Sak ID# 12345]")
    desk.work()
    assert Message.objects.filter(ticket=ticket).count() == 2
    assert Ticket.objects.count() == 2, "to a stranger the number says nothing"


@pytest.mark.parametrize("words", ["[Sak ID# 12345]", "SV: [Sak ID# 12345]", "12345"])
def test_r1_an_old_number_is_found_as_it_is_pasted(desk, words):
    ticket = imported(desk)
    Ticket.objects.filter(pk=ticket.pk).update(search_folded="sv: 12345")
    assert [row[0] for row in queries.search(Ticket.objects.all(), words)] == [ticket.pk]
    assert [row[0] for row in queries.search(Ticket.objects.all(), f"#{ticket.pk}")] == [ticket.pk]
