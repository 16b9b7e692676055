"""Clause R1 and mail.md 9: a mail that wants its replies elsewhere. Shown, offered, never taken unseen."""

from __future__ import annotations

import pytest

from saksgang.people.models import PersonAddress
from saksgang.tickets.models import Message, TicketRequester

pytestmark = pytest.mark.django_db(transaction=True)

FORM = "skjema@intranett.sykehus.example"


def press(desk, what: str):
    return desk.client(desk.cast.kari).post(f"/messages/{Message.objects.get().pk}/requester", {"do": what})


def test_r1_a_form_writes_as_itself_and_whom_it_names_is_offered(desk):
    desk.send(FORM, "Tastaturet virker ikke.", reply_to="Nora Sykepleier <nora@sykehus.example>")
    desk.work()
    ticket = desk.only_ticket()
    assert TicketRequester.objects.get().person.addresses.get().address == FORM
    page = desk.client(desk.cast.kari).get(f"/tickets/{ticket.pk}").content.decode()
    assert "Nora Sykepleier" in page
    assert "nora@sykehus.example" in page
    assert desk.inbox("nora@sykehus.example") == []
    assert press(desk, "change").status_code == 303
    desk.work()
    assert TicketRequester.objects.get().person == desk.cast.nora
    assert len(desk.inbox("nora@sykehus.example")) == 1


def test_r1_a_robots_form_has_no_requester_until_one_press_gives_it_one(desk):
    desk.send("noreply@intranett.sykehus.example", "Tastaturet virker ikke.", reply_to="nora@sykehus.example")
    desk.work()
    assert not TicketRequester.objects.exists()
    assert press(desk, "change").status_code == 303
    assert TicketRequester.objects.get().person == desk.cast.nora


@pytest.mark.parametrize(
    "reply_to", ["ikt@sykehus.example", "ikt+merke@sykehus.example", "Nora <nora@sykehus.example>", "ikke en adresse"]
)
def test_r1_nothing_is_offered_that_is_nobody_else(desk, reply_to):
    desk.send(desk.cast.nora, "Tastaturet virker ikke.", reply_to=reply_to)
    desk.work()
    assert Message.objects.get().inner_address == ""


REWRITTEN = {"reply_to": "Kari Nordmann <kari.privat@gmail.example>"}


def test_r1_a_sender_rewritten_to_our_own_address_is_unknown_until_somebody_says_who_it_is(desk):
    desk.send('"Kari Nordmann via IKT" <ikt@sykehus.example>', "Jeg kommer ikke inn på e-posten.", **REWRITTEN)
    desk.work()
    assert [row.outcome for row in desk.ledger()] == ["new_ticket"]
    assert TicketRequester.objects.get().person.name == "Ukjent avsender"
    assert desk.inboxes.mails == []
    assert press(desk, "change").status_code == 303
    desk.work()
    assert [recipient for recipient, _mail in desk.inboxes.mails] == ["kari.privat@gmail.example"]
    assert not PersonAddress.objects.filter(address__startswith="ikt").exists()


def test_r1_the_same_words_of_two_unknown_senders_are_two_cases(desk):
    for nth, reply_to in enumerate(("Kari <kari.privat@gmail.example>", "Ola <ola.privat@gmail.example>")):
        desk.send("ikt@sykehus.example", "Ring meg.", reply_to=reply_to, date=f"Mon, 23 Nov 2026 08:00:0{nth} +0100")
    desk.work()
    assert [row.outcome for row in desk.ledger()] == ["new_ticket", "new_ticket"]


def test_r1_nobody_answers_an_unknown_sender_at_our_own_address(desk):
    desk.send("ikt@sykehus.example", "Jeg kommer ikke inn på e-posten.", **REWRITTEN)
    desk.work()
    ticket = desk.only_ticket()
    desk.client(desk.cast.kari).post(
        f"/tickets/{ticket.pk}/answer", {"words": "Hei.", "to": [TicketRequester.objects.get().person_id]}
    )
    desk.work()
    assert desk.inboxes.mails == []
    assert desk.only_ticket().answers_owed == 1


@pytest.mark.parametrize(
    "headers", [{}, {"reply_to": "ikt@sykehus.example"}, {"auto_submitted": "auto-replied", **REWRITTEN}]
)
def test_r1_a_mail_of_ours_that_comes_back_is_still_a_loop(desk, headers):
    desk.send("ikt@sykehus.example", "Vi har fått saken din.", **headers)
    desk.work()
    assert [(row.outcome, row.set_aside_reason) for row in desk.ledger()] == [("set_aside", "loop")]
