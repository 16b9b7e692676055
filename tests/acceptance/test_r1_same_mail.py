"""Clause R1, mail.md 2 and 8: one mail is one case, by whatever way and in whatever shape; two mails are two."""

from __future__ import annotations

import base64
from email.message import EmailMessage

import pytest

from saksgang.inbound.models import InboundMail
from saksgang.tickets.kinds import MessageKind
from saksgang.tickets.models import Message, Ticket, TicketMailbox

pytestmark = pytest.mark.django_db(transaction=True)

DATE = "Fri, 20 Nov 2026 09:15:00 +0100"
WORDS = "Hei,\n\nSkriveren på sengepost 3 trekker skjeve ark.\n\nHilsen Nora"
BANNER = "EKSTERN: Denne e-posten kommer fra en avsender utenfor sykehuset. Ikke åpne lenker eller vedlegg du ikke venter.\n\n"


def mail(
    words: str = WORDS, *, subject: str = "Skjeve ark", header_id: str = "<en@sykehus.example>", date: str = DATE
) -> EmailMessage:
    made = EmailMessage()
    made["From"], made["To"] = "Nora Sykepleier <nora@sykehus.example>", "ikt@sykehus.example"
    made["Subject"] = subject
    if date:
        made["Date"] = date
    if header_id:
        made["Message-ID"] = header_id
    made.set_content(words)
    return made


def deliver(desk, *mails: EmailMessage | bytes, to: str = "ikt@sykehus.example") -> None:
    for one in mails:
        raw = one if isinstance(one, bytes) else one.as_bytes()
        desk.send_raw(raw, sender="nora@sykehus.example", to=to)
    desk.work()


def outcomes() -> list[str | None]:
    return list(InboundMail.objects.order_by("id").values_list("outcome", flat=True))


def in_base64(words: str, subject: str) -> bytes:
    """As a forwarder makes it: everything encoded anew."""
    head = (
        "From: Nora Sykepleier <nora@sykehus.example>\r\nTo: ikt@sykehus.example\r\n"
        f"Subject: =?utf-8?B?{base64.b64encode(subject.encode()).decode()}?=\r\nDate: {DATE}\r\n"
        "Message-ID: <en@sykehus.example>\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n"
        "Content-Transfer-Encoding: base64\r\n\r\n"
    )
    return head.encode() + base64.encodebytes(words.replace("\n", "\r\n").encode())


def test_r1_direct_to_ikt_and_through_a_forwarder_with_a_banner_and_base64_to_ehelse_is_one_case(desk):
    deliver(desk, mail())
    deliver(desk, in_base64(BANNER + WORDS, "[EKSTERN] Skjeve ark"), to="e-helse@sykehus.example")
    assert outcomes() == ["new_ticket", "duplicate"]
    ticket = desk.only_ticket()
    assert TicketMailbox.objects.filter(ticket=ticket).count() == 2
    assert Message.objects.filter(ticket=ticket).count() == 1
    assert len(desk.inbox(desk.cast.nora)) == 1


def test_r1_the_other_way_round_as_well(desk):
    deliver(desk, in_base64(BANNER + WORDS, "EKSTERN: Skjeve ark"), to="e-helse@sykehus.example")
    deliver(desk, mail())
    assert outcomes() == ["new_ticket", "duplicate"]


@pytest.mark.parametrize(
    "copy",
    [
        mail(WORDS + "\n\n" + "_" * 40 + "\nDenne meldingen er sjekket av virusfilteret.\n"),
        mail(WORDS.replace(" ", "  ").replace("\n\n", "\n\n\n")),
        mail(subject="***SPAM*** Skjeve ark"),
        mail(subject="[EXTERNAL] [EKSTERN] Skjeve ark"),
    ],
)
def test_r1_a_footer_blanks_and_tags_make_no_other_mail(desk, copy):
    deliver(desk, mail())
    deliver(desk, copy, to="e-helse@sykehus.example")
    assert outcomes() == ["new_ticket", "duplicate"]
    assert Message.objects.count() == 1


def test_r1_what_a_copy_says_beyond_the_first_is_seen_on_the_same_case(desk):
    deliver(desk, mail())
    deliver(desk, mail("Helt andre ord om noe annet."), to="e-helse@sykehus.example")
    ticket = desk.only_ticket()
    assert outcomes() == ["new_ticket", "reply"]
    assert list(ticket.messages.order_by("id").values_list("kind", flat=True)) == [MessageKind.INCOMING] * 2
    assert ticket.new_message_at is not None
    assert TicketMailbox.objects.filter(ticket=ticket).count() == 2


def test_r1_a_file_that_only_the_copy_has_is_seen(desk):
    deliver(desk, mail())
    copy = mail()
    copy.add_attachment(b"%PDF-1.4 nytt", maintype="application", subtype="pdf", filename="skann.pdf")
    deliver(desk, copy, to="e-helse@sykehus.example")
    assert desk.only_ticket().messages.count() == 2


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (mail("Ordre 1: pipetter", subject="Ordre 1"), mail("Ordre 2: hansker", subject="Ordre 2")),
        (mail(WORDS), mail(WORDS + "\n\nOg så lukter den brent.")),
        (mail(subject="Ordre 1"), mail(subject="Ordre 2")),
    ],
)
def test_r1_other_words_under_the_same_id_in_the_same_mailbox_are_a_mail_of_their_own(desk, first, second):
    deliver(desk, first, second)
    assert outcomes() == ["new_ticket", "new_ticket"]
    assert Ticket.objects.count() == 2


def scan(content: bytes) -> EmailMessage:
    made = mail(" \n", subject="Skannet fra MFP", header_id="", date="Fri, 20 Nov 2026 11:12 +0100")
    made.add_attachment(content, maintype="application", subtype="pdf", filename="scan.pdf")
    return made


def test_r1_two_scans_of_the_same_minute_without_an_id_are_two_mails(desk):
    deliver(desk, scan(b"%PDF dokument 1"), scan(b"%PDF dokument 2"))
    assert outcomes() == ["new_ticket", "new_ticket"]


def test_r1_two_scans_to_two_mailboxes_are_two_mails(desk):
    deliver(desk, scan(b"%PDF dokument 1"))
    deliver(desk, scan(b"%PDF dokument 2"), to="e-helse@sykehus.example")
    assert outcomes() == ["new_ticket", "new_ticket"]


def test_r1_the_very_same_mail_again_is_a_duplicate(desk):
    deliver(desk, mail(), mail())
    deliver(desk, scan(b"%PDF dokument 1"), scan(b"%PDF dokument 1"))
    assert outcomes() == ["new_ticket", "duplicate", "new_ticket", "duplicate"]


def test_r1_a_copy_of_the_second_of_two_mails_under_one_id_finds_that_one(desk):
    deliver(desk, mail("Ordre 1: pipetter"), mail("Ordre 2: hansker"))
    deliver(desk, mail(BANNER + "Ordre 2: hansker"), to="e-helse@sykehus.example")
    last = InboundMail.objects.latest("id")
    assert (last.outcome, last.duplicate_of.subject, last.ticket.messages.get().text.strip()) == (
        "duplicate", "Skjeve ark", "Ordre 2: hansker",
    )  # fmt: skip


# A sender who repeats themselves.


def test_b5_the_same_words_of_the_last_hour_are_counted_on_the_open_case(desk):
    for nth in range(6):
        deliver(desk, mail(header_id=f"<{nth}@sykehus.example>", date=f"Fri, 20 Nov 2026 09:15:0{nth} +0100"))
    ticket = desk.only_ticket()
    assert outcomes() == ["new_ticket", *["reply"] * 5]
    assert InboundMail.objects.get(outcome="new_ticket").repeats == 5
    assert ticket.messages.count() == 1
    assert len(desk.inbox(desk.cast.nora)) == 1
    page = desk.client(desk.cast.kari).get(f"/tickets/{ticket.pk}").content.decode()
    assert "skrev det samme 6 ganger" in page


def test_b5_other_files_are_other_mails(desk):
    first, second = (
        mail(header_id=f"<{nth}@sykehus.example>", date=f"Fri, 20 Nov 2026 09:15:0{nth} +0100") for nth in range(2)
    )
    for nth, one in enumerate((first, second)):
        one.add_attachment(b"bilde %d" % nth, maintype="image", subtype="png", filename="skjerm.png")
    deliver(desk, first, second)
    assert Ticket.objects.count() == 2


def test_b5_somebody_elses_same_words_are_theirs(desk):
    deliver(desk, mail())
    desk.send(desk.cast.dag, WORDS, subject="Skjeve ark")
    desk.work()
    assert Ticket.objects.count() == 2


def test_b5_the_same_words_after_the_case_was_solved_are_a_new_case(desk):
    deliver(desk, mail())
    Ticket.objects.update(
        state="CLOSED", open=0, answers_owed=0, queue_rank=None, next_step=None, next_step_due_at=None,
        closed_at=desk.only_ticket().received_at, closed_by_robot="clock", close_reason="SPAM",
    )  # fmt: skip
    deliver(desk, mail(header_id="<to@sykehus.example>", date="Fri, 20 Nov 2026 09:20:00 +0100"))
    assert Ticket.objects.count() == 2
