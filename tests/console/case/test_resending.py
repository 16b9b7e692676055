"""«Send på nytt»: an answer that did not arrive goes out once more as it is, and what was owed is told again."""

from __future__ import annotations

from email import message_from_bytes, policy

import pytest

from saksgang.events.actions import claim
from saksgang.lib import clock
from saksgang.outbound import follower
from saksgang.outbound.actions import send_due
from saksgang.outbound.models import DeliveryState, OutboundAttempt, OutboundMail
from saksgang.tickets.actions import answering
from saksgang.tickets.models import Message, TicketRequester
from tests.console.case.help import address, browser, page
from tests.console.case.test_ticket import reply


class Relay:
    def __init__(self, code=250, words="OK"):
        self.answer, self.sent = (code, words), []

    def send(self, *, envelope_from, recipient, raw):
        self.sent.append((recipient, raw))

        class Answer:
            code, words = self.answer
            accepted, refused_for_good = self.answer[0] < 400, self.answer[0] >= 500

        return Answer


@pytest.fixture
def failed(cast):
    """An answer of Kari's that the relay refused, with the relay."""
    ticket = cast.case()
    answering.answer(ticket=ticket, by=cast.kari, words="Prøv nå.", cc=["kopi@sykehus.example"])
    for delivery in claim("outbound"):
        follower.handle(delivery)
    relay = Relay(550, "5.1.1 <nora@sykehus.example>: User unknown")
    send_due(relay)
    ticket.refresh_from_db()
    return ticket, relay


def mails(ticket):
    return list(OutboundMail.objects.filter(ticket=ticket, message__isnull=False).order_by("id"))


def words_in(raw):
    return message_from_bytes(raw, policy=policy.default).get_body(("plain",)).get_content()


def press(person, mail, status=303):
    answer = browser(person).post(f"/deliveries/{mail.pk}/resending")
    assert answer.status_code == status
    return answer.content.decode()


def test_the_page_says_why_in_plain_words_and_offers_it(cast, failed):
    ticket, _relay = failed
    html = page(browser(cast.kari), ticket)
    assert "There is no such address." in html
    assert html.count("Send again") == 2
    shown, _details, hidden = html.partition("Show more")
    assert "User unknown" not in shown
    assert "User unknown" in hidden


def test_the_same_bytes_go_to_the_same_recipient_and_every_try_is_kept(cast, failed):
    ticket, relay = failed
    for mail in mails(ticket):
        press(cast.kari, mail)
    again = Relay()
    send_due(again)
    assert again.sent == relay.sent
    assert [mail.state for mail in mails(ticket)] == [DeliveryState.SENT] * 2
    assert OutboundAttempt.objects.filter(mail=mails(ticket)[0]).count() == 2
    html = page(browser(cast.kari), ticket)
    assert "Delivered at" in html
    assert "The answer did not arrive" not in html
    assert "sent the answer again" in browser(cast.kari).get(address("ticket_history", ticket)).content.decode()


def test_what_was_owed_is_answered_again(cast, failed):
    ticket, _relay = failed
    assert (ticket.answers_owed, ticket.next_step) == (1, "ANSWER_AGAIN")
    first, copy = mails(ticket)
    press(cast.kari, first)
    ticket.refresh_from_db()
    assert (ticket.answers_owed, ticket.next_step) == (0, "ANSWER_AGAIN"), "the copy lies there still"
    press(cast.kari, copy)
    ticket.refresh_from_db()
    assert (ticket.next_step, ticket.answer_failed_at) == ("ASSESS", None)


def test_what_they_have_asked_since_stays_owed(cast, failed):
    ticket, _relay = failed
    reply(cast, ticket, "Hallo?")
    press(cast.kari, mails(ticket)[0])
    assert TicketRequester.objects.get(ticket=ticket).answer_owed_since


def test_one_that_fails_again_is_owed_again(cast, failed):
    ticket, _relay = failed
    press(cast.kari, mails(ticket)[0])
    send_due(Relay(552, "5.2.2 mailbox full"))
    ticket.refresh_from_db()
    assert ticket.answers_owed == 1
    assert "The mailbox is full." in page(browser(cast.kari), ticket)


def test_a_second_press_sends_nothing_more(cast, failed):
    ticket, _relay = failed
    first = mails(ticket)[0]
    press(cast.kari, first)
    assert "Somebody has sent it again already." in press(cast.knut, first, status=422)


def test_a_mail_that_came_back_days_later_is_tried_for_as_long_as_a_new_one(cast, failed):
    ticket, _relay = failed
    first = mails(ticket)[0]
    OutboundMail.objects.filter(pk=first.pk).update(created_at=clock.now().replace(year=2020))
    press(cast.kari, first)
    send_due(Relay(451, "later"))
    assert mails(ticket)[0].state == DeliveryState.QUEUED


@pytest.mark.parametrize(("who", "status"), [("knut", 303), ("liv", 303), ("nils", 403)])
def test_who_may_work_the_case_may_send_again(cast, failed, who, status):
    ticket, _relay = failed
    press(getattr(cast, who), mails(ticket)[0], status)
    assert ("Send again" in page(browser(cast.nils), ticket)) is False


def test_a_removed_message_is_not_sent_again(cast, failed):
    ticket, _relay = failed
    Message.objects.filter(pk=mails(ticket)[0].message_id).update(redacted_at=clock.now(), redacted_by_id=cast.liv.pk)
    assert "The message was removed" in press(cast.kari, mails(ticket)[0], 422)


def test_receipts_and_cases_one_does_not_see_are_not_there(cast, failed):
    from saksgang.tickets.actions.restriction import restrict

    ticket, _relay = failed
    restrict(ticket=ticket, by=cast.kari, readers=[], reason="Gjelder en ansatt")
    press(cast.knut, mails(ticket)[0], 404)


def test_it_goes_to_another_address_when_one_is_known(cast, failed):
    ticket, relay = failed
    first = mails(ticket)[0]
    told = browser(cast.kari).post(f"/deliveries/{first.pk}/resending", {"address": " Nora@Privat.example "})
    assert told.status_code == 303
    again = Relay()
    send_due(again)
    [(recipient, raw)] = again.sent
    assert recipient == "nora@privat.example"
    assert b"To: " in raw
    assert b"nora@privat.example" in raw.split(b"\r\n\r\n")[0]
    assert b"nora@sykehus.example" not in raw.split(b"\r\n\r\n")[0]
    assert words_in(raw) == words_in(relay.sent[0][1])
    ticket.refresh_from_db()
    assert ticket.answers_owed == 0
    assert OutboundAttempt.objects.filter(mail=first).count() == 2
    history = browser(cast.kari).get(address("ticket_history", ticket)).content.decode()
    assert "<del>nora@sykehus.example</del> → <ins>nora@privat.example</ins>" in history


@pytest.mark.parametrize(
    ("written", "why"),
    [
        ("nora", "is not an e-mail address"),
        ("a@b.example, c@d.example", "is not an e-mail address"),
        ("Kopi@sykehus.example", "was sent to kopi@sykehus.example too"),
        ("nora@sykehus.example", "was sent to nora@sykehus.example too"),
    ],
)
def test_an_address_that_is_none_or_has_it_already_is_refused_with_the_reason(cast, failed, written, why):
    ticket, _relay = failed
    first = mails(ticket)[0]
    answer = browser(cast.kari).post(f"/deliveries/{first.pk}/resending", {"address": written})
    assert answer.status_code == 422
    assert why in answer.content.decode()
    first.refresh_from_db()
    assert (first.state, first.recipient) == (DeliveryState.FAILED, "nora@sykehus.example")


def test_another_address_that_comes_back_as_well_is_told_as_that_one(cast, failed):
    ticket, _relay = failed
    browser(cast.kari).post(f"/deliveries/{mails(ticket)[0].pk}/resending", {"address": "nora@privat.example"})
    send_due(Relay(550, "5.1.1 no such user"))
    html = page(browser(cast.kari), ticket)
    assert "nora@privat.example" in html
    ticket.refresh_from_db()
    assert ticket.answers_owed == 1


def test_the_phone_is_offered_with_the_number_the_requester_is_registered_with(cast, failed):
    ticket, _relay = failed

    def conversation():
        return page(browser(cast.kari), ticket).partition('class="ticket-facts"')[0]

    assert conversation().count(f'href="tel:{cast.nora.phone}"') == 1, "nobody knows the number of who got the copy"
    assert 'data-opens="act-conversation"' in conversation()
    type(cast.nora).objects.filter(pk=cast.nora.pk).update(phone="")
    assert 'href="tel:' not in conversation()
    assert 'data-opens="act-conversation"' in conversation()


def test_what_arrived_offers_nothing(cast, failed):
    ticket, _relay = failed
    for mail in mails(ticket):
        press(cast.kari, mail)
    send_due(Relay())
    html = page(browser(cast.kari), ticket)
    assert "Send to another address" not in html
    assert 'data-state="delivered"' in html
