"""S13 to S20 of the bad inputs: who one is taken for, by mail."""

from __future__ import annotations

import pytest

from saksgang.outbound.models import OutboundMail
from saksgang.people.actions import change_person
from saksgang.people.models import Account, Person, PersonAddress
from saksgang.tickets.actions import answering, assignment
from saksgang.tickets.kinds import SenderRole, State
from saksgang.tickets.models import Message, Ticket, TicketFollower, TicketLink, TicketRequester
from tests.acceptance.conftest import subject_of
from tests.cast import SETUP

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def answered(desk):
    """Nora's case, answered by Kari, and the answer as Nora has it."""
    desk.send(desk.cast.nora, "Skriveren svarer ikke.")
    desk.work()
    ticket = assignment.take(ticket=desk.only_ticket(), by=desk.cast.kari)
    answering.answer(ticket=ticket, by=desk.cast.kari, words="Vi ser på det.")
    desk.work()
    return ticket, desk.inbox(desk.cast.nora)[-1]


def test_s13_an_agent_whose_access_was_withdrawn_is_a_sender_like_others(desk, answered):
    """Nils left. He still has the mail; what he writes is kept and seen, and is nobody's act."""
    ticket, mail = answered
    change_person(by=SETUP, person=desk.cast.nils, active=False)
    Account.objects.filter(person=desk.cast.nils).update(is_active=False)
    desk.reply(mail, "Lukk saken.", desk.cast.nils)
    desk.work()
    ticket.refresh_from_db()
    message = Message.objects.filter(ticket=ticket).order_by("-id").first()
    assert message.sender_role == SenderRole.OTHER
    assert ticket.state == State.IN_PROGRESS
    assert ticket.assignee == desk.cast.kari
    assert desk.inbox(desk.cast.nils) == [], "he is subscribed to nothing"


def test_s14_a_new_address_with_the_cases_mark_takes_over_neither_case_nor_person(desk, answered):
    ticket, mail = answered
    owners = set(PersonAddress.objects.filter(person=desk.cast.nora).values_list("address", flat=True))
    desk.reply(mail, "Jeg er Nora, send alt hit.", "Nora Sykepleier <nora.privat@annet.example>")
    desk.work()
    assert TicketRequester.objects.get(ticket=ticket).person == desk.cast.nora
    assert set(PersonAddress.objects.filter(person=desk.cast.nora).values_list("address", flat=True)) == owners
    answering.answer(ticket=ticket, by=desk.cast.kari, words="Nå er den i orden.")
    desk.work()
    assert desk.inbox("nora.privat@annet.example") == []
    assert not TicketFollower.objects.exists()


def test_s15_a_number_from_a_stranger_opens_a_linked_case_and_tells_nothing(desk, answered):
    ticket, mail = answered
    desk.send("fremmed@annet.example", "Hva er status?", subject=f"[SAK-{ticket.pk}]")
    desk.work()
    new = Ticket.objects.exclude(pk=ticket.pk).get()
    assert TicketLink.objects.get(ticket=new).other == ticket
    assert Message.objects.filter(ticket=ticket).count() == 2
    (receipt,) = desk.inbox("fremmed@annet.example")
    assert f"[SAK-{new.pk}-" in subject_of(receipt)
    assert f"SAK-{ticket.pk}-" not in receipt.as_string()


@pytest.mark.parametrize(
    "name",
    ["x_saksgang_ticket", "x_zammad_ticket_state", "x_otrs_priority", "x_rt_command", "x_priority", "importance"],
)
def test_s16_headers_from_outside_command_nothing(desk, name):
    desk.send(desk.cast.nora, "Hei", **{name: "1"})
    desk.work()
    ticket = desk.only_ticket()
    assert (ticket.state, ticket.priority, ticket.assignee) == (State.NEW, None, None)


def test_s16_a_made_up_loop_mark_hides_no_mail(desk):
    desk.send(desk.cast.nora, "Hei", x_saksgang_loop="1-aaaaaaaaaaaaaaaa")
    desk.work()
    assert desk.ledger()[0].outcome == "new_ticket"


def test_s17_the_desks_address_used_to_register_elsewhere_tells_the_stranger_nothing(desk):
    """The ticket trick: somebody registers at another service with our address, with themselves on copy of the case."""
    desk.send(
        "fremmed@annet.example", "Hei", cc="medsammensvoren@annet.example, nora@sykehus.example", reply_to="ny@annet.example"
    )  # fmt: skip
    desk.send("no-reply@tjeneste.example", "Din kode er 123456", subject="Bekreft adressen ikt@sykehus.example")
    desk.work()
    assert not TicketFollower.objects.exists()
    assert {mail.recipient for mail in OutboundMail.objects.all()} == {"fremmed@annet.example"}
    confirmation = Ticket.objects.get(subject__startswith="Bekreft")
    assert not TicketRequester.objects.filter(ticket=confirmation).exists()
    assert desk.inbox("fremmed@annet.example")[-1].as_string().find("123456") == -1


def test_s17_a_stranger_cannot_pull_the_code_into_their_own_case(desk):
    """The confirmation is sent to the address that a stranger's case would answer to: the mark in it must be ours and signed."""
    desk.send("fremmed@annet.example", "Hei")
    desk.work()
    ticket = desk.only_ticket()
    desk.send("no-reply@tjeneste.example", "Din kode er 123456", subject=f"Velkommen [SAK-{ticket.pk}]")
    desk.work()
    assert Message.objects.filter(ticket=ticket).count() == 1


@pytest.mark.parametrize("action", ["displayed", "deleted"])
def test_s20_a_forged_word_that_it_was_read_changes_nothing(desk, answered, action):
    ticket, mail = answered
    raw = (
        f"From: fremmed@annet.example\r\nTo: ikt@sykehus.example\r\nSubject: Lest: Hjelp\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/report; report-type=disposition-notification; boundary="b"\r\n\r\n'
        "--b\r\nContent-Type: text/plain\r\n\r\nLest.\r\n--b\r\nContent-Type: message/disposition-notification\r\n\r\n"
        f"Original-Message-ID: {mail['Message-ID']}\r\nFinal-Recipient: rfc822; nora@sykehus.example\r\n"
        f"Disposition: manual-action/MDN-sent-manually; {action}\r\n\r\n--b--\r\n"
    )
    before = (
        OutboundMail.objects.get(kind="answer").state,
        Person.objects.count(),
        Ticket.objects.get(pk=ticket.pk).state,
    )
    desk.send_raw(raw.encode(), sender="fremmed@annet.example", to="ikt@sykehus.example")
    desk.work()
    after = (
        OutboundMail.objects.get(kind="answer").state,
        Person.objects.count(),
        Ticket.objects.get(pk=ticket.pk).state,
    )
    assert before == after
