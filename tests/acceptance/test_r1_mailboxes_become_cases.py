"""R1: «E-post til ikt@ og e-helse@ blir automatisk saker.»"""

import os
import smtplib
import subprocess
import sys
from pathlib import Path

import pytest

from saksgang.inbound.actions import detach
from saksgang.inbound.models import Outcome
from saksgang.tickets.actions import assignment
from saksgang.tickets.actions.ties import detachment
from saksgang.tickets.models import Message, Ticket, TicketMailbox
from saksgang.worker import receiving
from tests.acceptance.conftest import subject_of, text_of

pytestmark = pytest.mark.django_db(transaction=True)


def test_r1_a_mail_to_ikt_becomes_a_case_of_the_mailbox_team_and_gets_a_receipt(desk):
    desk.send(desk.cast.nora, "Hei, skriveren på sengepost 3 svarer ikke.", subject="Skriveren svarer ikke")
    desk.work()
    ticket = desk.only_ticket()
    assert (ticket.subject, ticket.team, ticket.state) == ("Skriveren svarer ikke", desk.cast.service_desk, "NEW")
    assert (ticket.type, ticket.priority, ticket.assessed_at) == (None, None, None), "never a guessed default"
    (receipt,) = desk.inbox(desk.cast.nora)
    assert str(ticket.pk) in text_of(receipt)
    assert receipt["Auto-Submitted"] == "auto-replied"
    assert "skriveren" not in text_of(receipt).lower(), "the reporter's words are never repeated in a receipt"


def test_r1_a_mail_to_e_helse_goes_to_its_own_team(desk):
    desk.send(desk.cast.dag, "Kan vi få tilgang til kurven?", to="e-helse@sykehus.example")
    desk.work()
    assert desk.only_ticket().team == desk.cast.network


@pytest.mark.parametrize("first", ["ikt@sykehus.example", "e-helse@sykehus.example"])
def test_r1_the_same_mail_to_both_mailboxes_is_one_case_that_names_both(desk, first):
    second = ({"ikt@sykehus.example", "e-helse@sykehus.example"} - {first}).pop()
    raw = (
        b"From: nora@sykehus.example\r\nTo: both\r\nSubject: Hjelp\r\nMessage-ID: <one@x.example>\r\n"
        b"Date: Mon, 23 Nov 2026 08:00:00 +0100\r\n\r\nHei\r\n"
    )
    for address in (first, second):
        desk.send_raw(raw, sender="nora@sykehus.example", to=address)
    desk.work()
    ticket = desk.only_ticket()
    assert sorted(TicketMailbox.objects.filter(ticket=ticket).values_list("mailbox__slug", flat=True)) == [
        "e-helse",
        "ikt",
    ]
    assert sorted(row.outcome for row in desk.ledger()) == [Outcome.DUPLICATE, Outcome.NEW_TICKET]
    assert len(desk.inbox(desk.cast.nora)) == 1, "one receipt"


def test_r1_one_delivery_to_both_mailboxes_at_once_is_one_case(desk):
    desk.send(desk.cast.nora, "Hei", to="ikt@sykehus.example, e-helse@sykehus.example")
    desk.work()
    assert desk.only_ticket().mailboxes.count() == 2


def test_r1_a_reply_joins_its_case_and_says_why(desk):
    desk.send(desk.cast.nora, "Skriveren svarer ikke.", subject="Skriver")
    desk.work()
    (receipt,) = desk.inbox(desk.cast.nora)
    desk.reply(receipt, "Den står i rom 12.", desk.cast.nora)
    desk.work()
    ticket = desk.only_ticket()
    assert ticket.messages.count() == 2
    assert desk.ledger()[-1].reasons[-1] == ["ticket", "our_message_id"]
    assert len(desk.inbox(desk.cast.nora)) == 1, "a reply gets no second receipt"


def test_r1_a_reply_without_thread_headers_joins_by_the_signed_mark_in_its_subject(desk):
    desk.send(desk.cast.nora, "Skriveren svarer ikke.")
    desk.work()
    mark = subject_of(desk.inbox(desk.cast.nora)[0])
    desk.send(desk.cast.nora, "Det haster.", subject="SV: " + mark, date="Mon, 23 Nov 2026 10:00:00 +0100")
    desk.work()
    assert desk.only_ticket().messages.count() == 2
    assert desk.ledger()[-1].reasons[-1] == ["ticket", "signed_subject"]


def test_r1_a_colleague_who_replies_with_proof_joins_and_changes_nobody(desk):
    desk.send(desk.cast.nora, "Skriveren svarer ikke.")
    desk.work()
    desk.reply(desk.inbox(desk.cast.nora)[0], "Hos oss også.", desk.cast.dag)
    desk.work()
    ticket = desk.only_ticket()
    message = ticket.messages.order_by("id").last()
    assert (message.author, message.sender_role) == (desk.cast.dag, "OTHER")
    assert [one.person for one in ticket.requesters.all()] == [desk.cast.nora]
    assert ticket.followers.count() == 0


def test_r1_s15_a_stranger_with_only_a_number_gets_a_case_of_their_own_that_points_there(desk):
    desk.send(desk.cast.nora, "Skriveren svarer ikke.")
    desk.work()
    first = desk.only_ticket()
    desk.send("ukjent@annet.example", "Hva står i saken?", subject=f"[SAK-{first.pk}] Hei")
    desk.work()
    second = Ticket.objects.exclude(pk=first.pk).get()
    assert first.messages.count() == 1
    assert [link.other for link in second.links.all()] == [first]


def test_r1_the_requester_who_types_the_number_joins_the_case(desk):
    desk.send(desk.cast.nora, "Skriveren svarer ikke.")
    desk.work()
    first = desk.only_ticket()
    desk.send(desk.cast.nora, "Glemte å si: rom 12.", subject=f"Mer om [SAK-{first.pk}]")
    desk.work()
    assert desk.only_ticket().messages.count() == 2


def test_r1_the_same_subject_alone_never_joins(desk):
    for words in ("Skriveren svarer ikke.", "Skjermen er svart."):
        desk.send(desk.cast.nora, words, subject="Hjelp", date=f"Mon, 23 Nov 2026 0{len(words) % 9}:00:00 +0100")
    desk.work()
    assert Ticket.objects.count() == 2


def test_r1_a_message_that_joined_the_wrong_case_is_detached_and_the_ledger_follows(desk):
    desk.send(desk.cast.nora, "Skriveren svarer ikke.")
    desk.work()
    first = desk.only_ticket()
    desk.reply(desk.inbox(desk.cast.nora)[0], "Forresten: jeg trenger ny mobil.", desk.cast.nora)
    desk.work()
    new = detach(message=first.messages.order_by("id").last(), by=desk.cast.kari, reason="Handler om noe annet")
    assert (first.messages.count(), new.messages.count()) == (1, 1)
    assert desk.ledger()[-1].ticket == new
    assert new.requesters.get().person == desk.cast.nora
    assert new.answers_owed == 1


def test_r1_the_pipe_command_stores_a_mail_and_answers_75_on_trouble(desk, tmp_path):
    """In a process of its own, over a database of its own."""
    saksgang = Path(sys.executable).parent / "saksgang"
    environment = os.environ | {
        "SAKSGANG_DATA_DIR": str(tmp_path),
        "SAKSGANG_DATABASE_URL": "",
        "DJANGO_SETTINGS_MODULE": "saksgang.config.settings",
    }
    mail = b"From: nora@sykehus.example\nSubject: Hei\n\nHei\n"

    def receive(*options: str) -> int:
        command = [saksgang, "mail", "receive", *(options or ("--mailbox", "ikt"))]
        return subprocess.run(command, input=mail, env=environment, capture_output=True, check=False).returncode

    assert receive() == 75, "no tables yet"
    subprocess.run([saksgang, "migrate", "--verbosity", "0"], env=environment, check=True)
    assert receive() == 75, "no such mailbox"
    books = [sys.executable, Path(__file__).parent.parent / "kill" / "books.py"]
    root = str(Path(__file__).parent.parent.parent)
    subprocess.run([*books, "fill", "143"], env=environment | {"PYTHONPATH": root}, check=True, capture_output=True)
    assert receive() == 0
    assert receive("--malbox", "ikt") == 75, "a mistyped option must not lose the mail either"
    environment["SAKSGANG_SMTP_IN_PORT"] = "not a number"
    assert receive() == 75, "broken settings are our trouble too"


def test_r1_an_unknown_address_is_refused_at_the_door(desk):
    with pytest.raises(smtplib.SMTPRecipientsRefused):
        desk.send(desk.cast.nora, "Hei", to="finnes-ikke@sykehus.example")
    assert desk.ledger() == []


def test_r1_when_the_store_fails_the_sender_hears_451_and_comes_again(desk, monkeypatch):
    def full_disk(*args, **kwargs):
        raise OSError("No space left on device")

    monkeypatch.setattr(receiving, "store", full_disk)
    with pytest.raises(smtplib.SMTPDataError) as refusal:
        desk.send(desk.cast.nora, "Hei")
    assert refusal.value.smtp_code == 451
    monkeypatch.undo()
    desk.send(desk.cast.nora, "Hei")
    desk.work()
    assert desk.only_ticket()


def test_r1_taken_cases_keep_their_place_when_the_mail_is_detached(desk):
    """The wrong message's case keeps its owner and its own answer owed."""
    desk.send(desk.cast.nora, "Skriveren svarer ikke.")
    desk.work()
    ticket = assignment.take(ticket=desk.only_ticket(), by=desk.cast.kari)
    desk.reply(desk.inbox(desk.cast.nora)[0], "Noe annet.", desk.cast.nora)
    desk.work()
    detachment.detach(message=Message.objects.order_by("id").last(), by=desk.cast.kari, subject="Noe annet")
    ticket.refresh_from_db()
    assert (ticket.assignee, ticket.answers_owed) == (desk.cast.kari, 1)
