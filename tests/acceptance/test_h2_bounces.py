"""Clause H2: an answer that does not arrive is never passed over. Reports of every make, tied to the very mail that came back."""

from __future__ import annotations

import pytest

from saksgang.outbound.models import OutboundMail
from saksgang.tickets.actions import answering, assessment, assignment, resolution
from saksgang.tickets.kinds import MessageKind, State
from saksgang.tickets.models import Message

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def solved(desk):
    """A case of Nora's, solved by Kari; the solution as it reached Nora's mail server, and its return address."""
    desk.send(desk.cast.nora, "Skriveren svarer ikke.")
    desk.work()
    ticket = assignment.take(ticket=desk.only_ticket(), by=desk.cast.kari)
    assessment.assess(ticket=ticket, by=desk.cast.kari, type="SERVICE_REQUEST", service=None, impact="individuals")
    resolution.resolve(ticket=ticket, by=desk.cast.kari, words="Skriveren er startet på nytt.")
    desk.work()
    return ticket, desk.inbox(desk.cast.nora)[-1], OutboundMail.objects.get(kind="solution")


def bounced(desk, ticket) -> tuple[str, str, int]:
    desk.work()
    ticket.refresh_from_db()
    mail = OutboundMail.objects.get(kind="solution")
    return mail.state, mail.bounce, ticket.answers_owed


def words(to: str, subject: str, body: str, sender: str = "MAILER-DAEMON@mx.annet.example") -> bytes:
    return f"From: {sender}\r\nTo: {to}\r\nSubject: {subject}\r\n\r\n{body}\r\n".encode()


def report(to: str, action: str, status: str, recipient: str = "nora.privat@annet.example") -> bytes:
    return (
        f"From: MAILER-DAEMON@mx.annet.example\r\nTo: {to}\r\nSubject: Delivery Status Notification\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\r\n\r\n'
        "--b\r\nContent-Type: text/plain\r\n\r\nSee the report.\r\n"
        "--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.annet.example\r\n\r\n"
        f"Final-Recipient: rfc822; {recipient}\r\nAction: {action}\r\nStatus: {status}\r\n\r\n--b--\r\n"
    ).encode()


def test_h2_every_answer_comes_back_to_an_address_of_its_own(solved):
    _ticket, mail, row = solved
    local = mail["Message-ID"].strip("<>").partition("@")[0]
    assert row.envelope_from == f"ikt+{local}@sykehus.example"
    assert len(row.envelope_from.partition("@")[0]) <= 64


def test_h2_a_report_that_names_nothing_is_tied_by_the_address_it_came_to(desk, solved):
    ticket, _mail, row = solved
    raw = words(row.envelope_from, "failure notice", "I'm afraid I wasn't able to deliver your message.")
    desk.send_raw(raw, sender="", to=row.envelope_from)
    assert bounced(desk, ticket) == ("bounced", "hard", 1)
    assert ticket.state == State.IN_PROGRESS


def test_h2_a_report_about_an_address_that_ours_was_forwarded_to_is_tied_too(desk, solved):
    """Nora's mail server sends on to her own address elsewhere: the report names that one only."""
    ticket, _mail, row = solved
    desk.send_raw(report(row.envelope_from, "failed", "5.1.1"), sender="", to=row.envelope_from)
    assert bounced(desk, ticket) == ("bounced", "hard", 1)


@pytest.mark.parametrize("quoted", ["Message-ID: {id}", "Subject: {subject}"])
def test_h2_a_report_in_plain_words_is_tied_by_what_it_quotes(desk, solved, quoted):
    ticket, mail, _row = solved
    copy = quoted.format(id=mail["Message-ID"], subject=mail["Subject"])
    body = f"<nora@sykehus.example>:\r\nSorry, no mailbox here by that name. (#5.1.1)\r\n\r\n{copy}"
    desk.send_raw(words("ikt@sykehus.example", "failure notice", body), sender="", to="ikt@sykehus.example")
    desk.work()
    assert desk.ledger()[-1].outcome == "bounce"
    assert desk.ledger()[-1].ticket_id == ticket.pk
    if "id" in quoted:
        assert bounced(desk, ticket) == ("bounced", "hard", 1)


@pytest.mark.parametrize("kept", ["message/rfc822", "text/rfc822-headers"])
def test_h2_a_letter_that_attaches_our_mail_without_a_report_is_tied_by_it(desk, solved, kept):
    ticket, mail, _row = solved
    letter = (
        "From: Mailer-Daemon@annet.example\r\nTo: ikt@sykehus.example\r\nSubject: Message status - undeliverable\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/mixed; boundary="b"\r\n\r\n'
        "--b\r\nContent-Type: text/plain\r\n\r\nThe attached mail could not be delivered.\r\n"
        f"--b\r\nContent-Type: {kept}\r\n\r\nMessage-ID: {mail['Message-ID']}\r\nSubject: Svar\r\n\r\n--b--\r\n"
    )
    desk.send_raw(letter.encode(), sender="", to="ikt@sykehus.example")
    assert bounced(desk, ticket) == ("bounced", "hard", 1)


@pytest.mark.parametrize(("status", "kind"), [("5.1.1", "hard"), ("5.2.2", "soft"), ("4.4.7", "soft")])
def test_h2_for_good_and_for_now_are_told_apart(desk, solved, status, kind):
    ticket, _mail, row = solved
    desk.send_raw(report(row.envelope_from, "failed", status), sender="", to=row.envelope_from)
    assert bounced(desk, ticket) == ("bounced", kind, 1)


def test_h2_a_full_mailbox_told_in_norwegian_words_is_for_now(desk, solved):
    ticket, _mail, row = solved
    raw = words(row.envelope_from, "Kan ikke leveres: Hjelp", "Postkassen er full. Meldingen kunne ikke leveres.")
    desk.send_raw(raw, sender="", to=row.envelope_from)
    assert bounced(desk, ticket) == ("bounced", "soft", 1)


def test_h2_a_delay_is_shown_and_owes_nothing_until_it_fails(desk, solved):
    ticket, _mail, row = solved
    desk.send_raw(report(row.envelope_from, "delayed", "4.4.1"), sender="", to=row.envelope_from)
    assert bounced(desk, ticket) == ("delayed", "", 0)
    assert ticket.state == State.RESOLVED
    assert desk.ledger()[-1].reasons[-1] == ["bounce", "delayed"]
    desk.send_raw(report(row.envelope_from, "failed", "4.4.7"), sender="", to=row.envelope_from)
    assert bounced(desk, ticket) == ("bounced", "soft", 1)


def test_h2_what_came_back_is_shown_on_the_case(desk, solved, sign_in):
    ticket, _mail, row = solved
    desk.send_raw(report(row.envelope_from, "failed", "5.2.2"), sender="", to=row.envelope_from)
    desk.work()
    page = sign_in(desk.cast.kari)
    page.goto(f"{desk.url}/tickets/{ticket.pk}")
    shown = page.locator('.delivery[data-state="failed"]')
    assert shown.count() == 1
    assert "Kom i retur" in shown.inner_text()


def test_h2_a_mailbox_without_tagged_addresses_sends_from_its_plain_one(desk):
    desk.cast.ikt.tagged_returns = False
    desk.cast.ikt.save()
    ticket = desk.cast.case()
    answering.answer(ticket=ticket, by=desk.cast.kari, words="Vi ser på det.")
    desk.work()
    assert OutboundMail.objects.get(kind="answer").envelope_from == "ikt@sykehus.example"


def test_h2_an_invented_return_address_moves_nothing(desk, solved):
    ticket, mail, _row = solved
    local = mail["Message-ID"].strip("<>").partition("@")[0]
    local = local[:-1] + ("b" if local.endswith("a") else "a")
    desk.send_raw(
        report(f"ikt+{local}@sykehus.example", "failed", "5.1.1", "x@y.example"),
        sender="",
        to=f"ikt+{local}@sykehus.example",
    )
    assert bounced(desk, ticket) == ("sent", "", 0)
    assert desk.ledger()[-1].set_aside_reason == "bounce_without_case"


def test_h2_an_absence_reply_without_thread_headers_finds_its_case_by_the_return_address(desk, solved):
    ticket, _mail, row = solved
    raw = (
        f"From: nora@sykehus.example\r\nTo: {row.envelope_from}\r\nSubject: Automatisk svar: Hjelp\r\n"
        "Auto-Submitted: auto-replied\r\n\r\nJeg er på ferie til mandag.\r\n"
    )
    desk.send_raw(raw.encode(), sender="", to=row.envelope_from)
    desk.work()
    ticket.refresh_from_db()
    assert ticket.state == State.RESOLVED
    assert Message.objects.filter(ticket=ticket, kind=MessageKind.AUTOMATIC).count() == 1
