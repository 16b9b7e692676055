"""What comes from machines: our own mail, absence replies, reports on mail of ours that did not arrive, test mails."""

from __future__ import annotations

import pytest

from saksgang.events.models import Event
from saksgang.inbound.models import MailboxWatch
from saksgang.lib import clock
from saksgang.tickets.actions import answering
from saksgang.tickets.kinds import MessageKind, SenderRole
from saksgang.tickets.mail_reference import heartbeat_mark, loop_mark, message_id, subject_mark
from saksgang.tickets.models import Message, MessageRecipient, Ticket, TicketRequester
from tests.inbound.decisions.mails import arrives, mail, newest, reasons

ABSENT = {"subject": "Automatisk svar: Skriver", "auto_submitted": "auto-replied"}
PRIVATE = "nora.privat@annet.example"


@pytest.fixture
def answered(cast) -> tuple[Ticket, str]:
    """A case that Kari answered Nora and Dag on, and the Message-ID of the mail to Nora."""
    ticket = cast.case(requesters=[cast.nora, cast.dag])
    answering.answer(ticket=ticket, by=cast.kari, words="Vi ser på det.")
    event = Event.objects.filter(ticket_id=ticket.pk, after__has_key="message_id").latest("id")
    return ticket, message_id(ticket.pk, event.pk, place_of(ticket, cast.nora), "sykehus.example")


def place_of(ticket: Ticket, person) -> int:
    told = MessageRecipient.objects.filter(message=newest(ticket)).order_by("id")
    return [one.person for one in told].index(person)


def tagged(header_id: str) -> str:
    return f"ikt+{header_id.partition('@')[0]}@sykehus.example"


# Loops and absence replies


def test_our_own_mail_that_names_no_case_waits_in_the_tray(cast):
    row = arrives(mail(x_saksgang_loop=loop_mark(987654)), cast.ikt)
    assert (row.outcome, row.set_aside_reason, row.ticket) == ("set_aside", "loop", None)
    assert reasons(row) == ["robot:own_loop_mark", "ticket:no_reference"]


def test_an_absence_reply_that_names_no_case_waits_in_the_tray(cast):
    row = arrives(mail("Borte.", **ABSENT), cast.ikt)
    assert (row.outcome, row.set_aside_reason, row.ticket) == ("set_aside", "automatic_without_case", None)
    assert not Ticket.objects.exists()


def test_with_a_number_alone_it_follows_nothing(cast):
    ticket = cast.case(requesters=[cast.dag])
    absent = ABSENT | {"subject": f"Automatisk svar: [SAK-{ticket.pk}]"}
    row = arrives(mail("Borte.", **absent), cast.ikt)
    assert (row.outcome, row.ticket, reasons(row)[1:]) == ("set_aside", None, ["ticket:number_only"])


@pytest.mark.parametrize(
    ("headers", "reason"),
    [(ABSENT, "robot:absence_subject"), ({"x_saksgang_loop": loop_mark(987654)}, "robot:own_loop_mark")],
)
def test_on_its_case_it_is_kept_and_wakes_nobody(answered, cast, headers, reason):
    ticket, ours = answered
    row = arrives(mail("Borte.", in_reply_to=f"<{ours}>", **headers), cast.ikt)
    assert (row.outcome, row.ticket, reasons(row)) == ("reply", ticket, [reason, "ticket:our_message_id"])
    message = newest(ticket)
    assert (message.kind, message.sender_role, message.author) == (MessageKind.AUTOMATIC, SenderRole.MACHINE, None)
    assert Ticket.objects.get(pk=ticket.pk).new_message_at is None
    assert Ticket.objects.get(pk=ticket.pk).answers_owed == 0


def test_an_absence_reply_that_repeats_itself_is_counted_once_more(answered, cast):
    ticket, ours = answered
    first = arrives(mail("Borte.", in_reply_to=f"<{ours}>", **ABSENT), cast.ikt)
    again = arrives(mail("Borte.", **ABSENT), cast.ikt)
    assert (again.outcome, again.ticket, again.duplicate_of) == ("reply", ticket, first)


def test_one_that_may_be_forged_is_kept_as_the_others_are(answered, cast, settings):
    settings.MAIL_AUTHSERV_ID = "mx.sykehus.example"
    ticket, ours = answered
    forged = {"authentication_results": "mx.sykehus.example; dmarc=fail"}
    arrives(mail("Borte.", in_reply_to=f"<{ours}>", **ABSENT, **forged), cast.ikt)
    assert newest(ticket).kind == MessageKind.AUTOMATIC


# Reports on mail of ours


def report(
    *blocks: tuple[str, str, str], to: str = "ikt@sykehus.example", original: str = "", diagnostic: str = "smtp; 550 no"
) -> bytes:
    """A delivery report; `blocks`: (whom, action, status)."""
    told = "".join(
        f"Final-Recipient: rfc822; {whom}\nAction: {action}\nStatus: {status}\nDiagnostic-Code: {diagnostic}\n\n"
        for whom, action, status in blocks
    )
    return (
        f"From: MAILER-DAEMON@mx.annet.example\nTo: {to}\nSubject: Delivery Status\nReturn-Path: <>\nMIME-Version: 1.0\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\n\n'
        "--b\nContent-Type: text/plain\n\nSee the report.\n"
        "--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx.annet.example\n"
        + (f"Original-Message-ID: <{original}>\n" if original else "")
        + f"\n{told}--b--\n"
    ).encode()


def letter(words: str, *, to: str = "ikt@sykehus.example", subject: str = "Undelivered", **headers: str) -> bytes:
    made = mail(words, sender="MAILER-DAEMON@mx.annet.example", to=to, subject=subject, return_path="<>", **headers)
    return made.as_bytes()


def failures(ticket: Ticket) -> list[tuple]:
    """(whom, hard or soft, what was said) for each answer that came back."""
    found = Event.objects.filter(ticket_id=ticket.pk, kind="answer_failed").order_by("id")
    addresses = dict(MessageRecipient.objects.values_list("pk", "address"))
    return [(addresses.get(one.after["recipient_id"]), one.after["bounce"], one.reason) for one in found]


NORA = "nora@sykehus.example"


def test_a_report_that_names_no_mail_of_ours_waits_in_the_tray(cast, answered):
    row = arrives(report((NORA, "failed", "5.1.1")), cast.ikt)
    assert (row.outcome, row.set_aside_reason, row.ticket) == ("set_aside", "bounce_without_case", None)
    assert reasons(row) == ["robot:delivery_report", "bounce:unknown_mail"]


def test_a_report_is_tied_to_the_mail_by_the_address_it_came_back_to(cast, answered):
    ticket, ours = answered
    row = arrives(report((PRIVATE, "failed", "5.1.1"), to=tagged(ours)), cast.ikt)
    assert (row.outcome, row.ticket, row.set_aside_reason) == ("bounce", ticket, "")
    assert reasons(row) == ["robot:delivery_report", "bounce:our_mail", "bounce:hard"]
    assert failures(ticket) == [(NORA, "hard", f"{NORA}: 5.1.1 smtp; 550 no")]
    owed = TicketRequester.objects.filter(ticket=ticket, answer_owed_since__isnull=False)
    assert [one.person for one in owed] == [cast.nora]
    message = newest(ticket)
    assert (message.kind, message.author, message.at) == (MessageKind.AUTOMATIC, None, row.received_at)
    assert Event.objects.filter(ticket_id=ticket.pk, kind="answer_failed").get().after["person_id"] == cast.nora.pk


@pytest.mark.parametrize(
    "names",
    [
        lambda ours: report((PRIVATE, "failed", "5.1.1"), original=ours),
        lambda ours: letter("Sorry.", in_reply_to=f"<{ours}>"),
        lambda ours: letter("Sorry.", references=f"<{ours}>"),
        lambda ours: letter(f"Sorry, no mailbox here by that name.\n\nMessage-ID: <{ours}>"),
        lambda ours: (
            b"From: MAILER-DAEMON@mx.annet.example\nReturn-Path: <>\nSubject: Undelivered\nMIME-Version: 1.0\n"
            b'Content-Type: multipart/mixed; boundary="b"\n\n--b\nContent-Type: text/plain\n\nSee below.\n'
            b"--b\nContent-Type: text/rfc822-headers\n\nMessage-ID: <" + ours.encode() + b">\n\n--b--\n"
        ),
    ],
    ids=["report", "reply", "thread", "words", "attached"],
)
def test_or_by_what_it_quotes(cast, answered, names):
    ticket, ours = answered
    row = arrives(names(ours), cast.ikt)
    assert (row.outcome, row.ticket, reasons(row)[-1]) == ("bounce", ticket, "bounce:hard")
    assert [one[:2] for one in failures(ticket)] == [(NORA, "hard")]


def test_without_details_the_subject_tells(cast, answered):
    ticket, ours = answered
    arrives(letter("Sorry.", subject="Kan ikke leveres", to=tagged(ours)), cast.ikt)
    assert failures(ticket) == [(NORA, "hard", f"{NORA}: Kan ikke leveres")]


@pytest.mark.parametrize(
    "words", ["Postkassen er full.", "452 4.2.2 over quota", "Mailbox is full", "Please try again later"]
)
def test_words_of_what_may_pass_make_it_soft(cast, answered, words):
    ticket, ours = answered
    row = arrives(letter(words, to=tagged(ours)), cast.ikt)
    assert [one[1] for one in failures(ticket)] == ["soft"]
    assert reasons(row)[-1] == "bounce:soft"


def test_the_reports_codes_count_more_than_its_words(cast, answered):
    ticket, ours = answered
    told = (
        (PRIVATE, "failed", "5.1.1"),
        ("to@annet.example", "failed", "4.4.7"),
        ("tre@annet.example", "delivered", "2.0.0"),
    )
    arrives(report(*told, to=tagged(ours), diagnostic="mailbox full"), cast.ikt)
    arrives(report(told[0], to=tagged(ours), diagnostic="mailbox full"), cast.ikt)
    assert failures(ticket) == [
        (NORA, "soft", f"{NORA}: 5.1.1 mailbox full; 4.4.7 mailbox full"),
        (NORA, "hard", f"{NORA}: 5.1.1 mailbox full"),
    ]


def test_a_delay_owes_nothing(cast, answered):
    ticket, ours = answered
    row = arrives(report((NORA, "delayed", "4.4.1"), to=tagged(ours)), cast.ikt)
    assert reasons(row) == ["robot:delivery_delayed", "bounce:our_mail", "bounce:delayed"]
    assert failures(ticket) == []
    late = Event.objects.get(ticket_id=ticket.pk, kind="answer_delayed")
    assert MessageRecipient.objects.get(pk=late.after["recipient_id"]).person == cast.nora
    assert late.reason == f"{NORA}: 4.4.1 smtp; 550 no"


def test_a_report_that_names_the_case_and_each_address_is_tied_to_the_last_mail_to_each(cast, answered):
    ticket, _ours = answered
    answering.answer(ticket=ticket, by=cast.kari, words="Og så dette.", to=[cast.nora.pk])
    answering.answer(ticket=cast.case(), by=cast.kari, words="Det hører til en annen sak.")
    mark = f"Re: {subject_mark(ticket.pk)}"
    blocks = (
        ("NORA@sykehus.example", "failed", "5.1.1"), ("dag@sykehus.example", "failed", "4.4.7"),
        (PRIVATE, "failed", "5.1.1"), ("kari@sykehus.example", "relayed", "2.0.0"),
    )  # fmt: skip
    raw = report(*blocks).replace(b"Subject: Delivery Status", f"Subject: {mark}".encode())
    row = arrives(raw, cast.ikt)
    assert (row.outcome, row.ticket) == ("bounce", ticket)
    assert reasons(row) == ["robot:delivery_report", "bounce:our_mail", "bounce:hard", "bounce:soft"]
    assert failures(ticket) == [
        (NORA, "hard", f"{NORA}: 5.1.1 smtp; 550 no"),
        ("dag@sykehus.example", "soft", "dag@sykehus.example: 4.4.7 smtp; 550 no"),
    ]
    failed = Event.objects.filter(kind="answer_failed").earliest("id").after["recipient_id"]
    assert MessageRecipient.objects.get(pk=failed).message.text == "Og så dette."


def test_an_unproven_number_ties_nothing(cast, answered):
    ticket, _ours = answered
    row = arrives(letter("Sorry.", subject=f"Undelivered: [SAK-{ticket.pk}]"), cast.ikt)
    assert row.set_aside_reason == "bounce_without_case"


def test_a_mark_that_is_quoted_in_words_ties_it_to_the_case(cast, answered):
    ticket, _ours = answered
    gone = subject_mark(987654)
    row = arrives(letter(f"Sorry.\n\nSubject: {gone}\nSubject: {subject_mark(ticket.pk)}"), cast.ikt)
    assert (row.outcome, row.ticket, failures(ticket)) == ("bounce", ticket, [])


def test_an_id_of_a_case_that_is_gone_leaves_it_to_the_next(cast, answered):
    ticket, ours = answered
    gone = message_id(987654, 5, 0, "sykehus.example")
    row = arrives(letter("Sorry.", references=f"<{gone}> <{ours}>"), cast.ikt)
    assert row.ticket == ticket


def test_of_two_cases_that_it_names_only_the_firsts_mail_comes_back(cast, answered):
    ticket, ours = answered
    other = message_id(cast.case().pk, 5, 0, "sykehus.example")
    row = arrives(letter("Sorry.", to=tagged(other), references=f"<{ours}>"), cast.ikt)
    assert row.ticket != ticket
    assert failures(ticket) == []


# Test mails


def test_a_test_mail_that_comes_back_is_noted_for_its_mailbox(cast):
    mark = heartbeat_mark(cast.ikt.pk, 1_773_000_000)
    for made in (mail(x_saksgang_heartbeat=mark), mail(f"Videresendt\n\nheartbeat {mark}\n")):
        MailboxWatch.objects.all().delete()
        row = arrives(made, cast.ikt)
        assert (row.outcome, row.ticket, row.set_aside_reason) == ("heartbeat", None, "")
        assert reasons(row) == ["heartbeat:came_back"]
        watch = MailboxWatch.objects.get()
        assert (watch.mailbox, watch.heartbeat_back_at) == (cast.ikt, row.received_at)
    assert not Message.objects.exists()


def test_another_mailboxs_mark_is_a_mail_like_others(cast):
    mark = heartbeat_mark(cast.ehelse.pk, 1_773_000_000)
    row = arrives(mail(x_saksgang_heartbeat=mark), cast.ikt)
    assert row.outcome == "new_ticket"
    assert row.received_at <= clock.now()
