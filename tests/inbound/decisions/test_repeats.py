"""The same mail twice, copies to two mailboxes, and senders who say the same again."""

from __future__ import annotations

from datetime import timedelta

import pytest

from saksgang.inbound.actions import look_again
from saksgang.inbound.models import InboundMail
from saksgang.lib import clock, files
from saksgang.tickets.models import Message, Ticket, TicketMailbox
from tests.cast import SETUP
from tests.inbound.decisions.mails import DAG, MORNING, STRANGER, arrives, mail, reasons

BANNER = "EKSTERN: Denne e-posten kommer fra en avsender utenfor sykehuset. Ikke åpne lenker eller vedlegg du ikke venter.\n\n"
ID = "<en@sykehus.example>"


def dated(words: str = "Skriveren svarer ikke.", *, header_id: str = ID, **facts):
    named = {"message_id": header_id} if header_id else {}
    return mail(words, **({"date": MORNING} | named | facts))


def mailboxes(ticket: Ticket) -> list[str]:
    return sorted(TicketMailbox.objects.filter(ticket=ticket).values_list("mailbox__slug", flat=True))


# One mail


@pytest.mark.parametrize("header_id", [ID, ""])
def test_the_very_same_mail_in_the_same_mailbox_is_a_duplicate(cast, header_id):
    first = arrives(dated(header_id=header_id), cast.ikt)
    again = arrives(dated(header_id=header_id), cast.ikt)
    assert reasons(first) == ["sender:person", "ticket:no_reference", "team:mailbox"]
    assert (again.outcome, again.duplicate_of, again.ticket) == ("duplicate", first, first.ticket)
    assert reasons(again) == ["seen_before:same_mail"]
    assert (Message.objects.count(), mailboxes(first.ticket)) == (1, ["ikt"])


def test_in_another_mailbox_its_case_names_that_one_too(cast):
    first = arrives(dated(), cast.ikt)
    again = arrives(dated(), cast.ehelse)
    assert (again.outcome, again.duplicate_of) == ("duplicate", first)
    assert reasons(again) == ["seen_before:same_mail", "seen_before:other_mailbox"]
    assert mailboxes(first.ticket) == ["e-helse", "ikt"]


def test_a_duplicate_of_what_lies_in_the_tray_names_no_mailbox(cast):
    bounce = dated(sender="mailer-daemon@annet.example", return_path="<>", subject="Undelivered")
    first, again = arrives(bounce, cast.ikt), arrives(bounce, cast.ehelse)
    assert (first.outcome, again.outcome, again.ticket) == ("set_aside", "duplicate", None)
    assert reasons(again) == ["seen_before:same_mail"]


@pytest.mark.parametrize("header_id", [ID, ""])
def test_a_copy_with_a_banner_in_another_mailbox_is_the_same_mail(cast, header_id):
    first = arrives(dated(header_id=header_id), cast.ikt)
    copy = arrives(
        dated(f"{BANNER}Skriveren svarer ikke.", header_id=header_id, subject="[EKSTERN] Skriver"), cast.ehelse
    )
    assert (copy.outcome, copy.duplicate_of) == ("duplicate", first)
    assert (Message.objects.count(), mailboxes(first.ticket)) == (1, ["e-helse", "ikt"])


def test_so_is_one_whose_id_is_longer_than_we_keep(cast):
    long = f"<{'a' * 600}@sykehus.example>"
    first = arrives(dated(header_id=long), cast.ikt)
    assert arrives(dated(f"{BANNER}Skriveren svarer ikke.", header_id=long), cast.ehelse).duplicate_of == first


def test_a_copy_of_the_second_mail_under_one_id_finds_the_second(cast):
    arrives(dated("Ordre 1: pipetter"), cast.ikt)
    second = arrives(dated("Ordre 2: hansker"), cast.ikt)
    copy = arrives(dated(f"{BANNER}Ordre 2: hansker"), cast.ehelse)
    assert (second.outcome, copy.duplicate_of) == ("new_ticket", second)


def test_a_copy_that_says_more_joins_the_case_and_is_read_there(cast):
    first = arrives(dated(), cast.ikt)
    copy = arrives(dated("Helt andre ord."), cast.ehelse)
    assert (copy.outcome, copy.ticket, copy.duplicate_of) == ("reply", first.ticket, None)
    assert reasons(copy) == [
        "seen_before:other_words", "seen_before:other_mailbox", "sender:person", "ticket:other_words",
    ]  # fmt: skip
    assert (Message.objects.count(), mailboxes(first.ticket)) == (2, ["e-helse", "ikt"])


def test_a_copy_of_what_lies_in_the_tray_is_decided_by_itself(cast):
    absent = {"auto_submitted": "auto-replied", "subject": "Automatisk svar: Skriver"}
    arrives(dated("Borte til mandag.", **absent), cast.ikt)
    copy = arrives(dated("Borte til tirsdag.", **absent), cast.ehelse)
    assert (copy.outcome, copy.set_aside_reason) == ("set_aside", "automatic_without_case")


def test_a_third_copy_finds_the_second_among_its_relatives(cast):
    arrives(dated("Én ting."), cast.ikt)
    second = arrives(dated("Noe helt annet."), cast.ehelse)
    third = arrives(dated(f"{BANNER}Noe helt annet."), cast.ikt)
    assert (third.outcome, third.duplicate_of) == ("duplicate", second)


@pytest.mark.parametrize(
    "second",
    [
        dated("Noe annet."),
        dated("Skriveren svarer ikke. Den lukter brent."),
        dated(subject="Ordre 2"),
    ],
)
def test_other_words_under_the_same_id_in_the_same_mailbox_are_another_mail(cast, second):
    first = arrives(dated(), cast.ikt)
    row = arrives(second, cast.ikt)
    assert (row.outcome, row.ticket == first.ticket) == ("new_ticket", False)


def test_without_an_id_a_mail_of_the_same_second_in_another_mailbox_is_another_unless_it_says_the_same(cast):
    arrives(dated("Dokument 1", header_id=""), cast.ikt)
    assert arrives(dated("Dokument 2", header_id=""), cast.ehelse).outcome == "new_ticket"


@pytest.mark.parametrize("decoy", [{"header_id": "<to@sykehus.example>"}, {"date": "Wed, 11 Mar 2026 09:16:00 +0100"}])
def test_a_mail_of_another_id_or_second_is_no_relative_whatever_its_words(cast, decoy):
    first = arrives(dated(), cast.ikt)
    arrives(dated("Helt andre ord.", **decoy), cast.ikt)
    copy = arrives(dated(f"{BANNER}Helt andre ord."), cast.ehelse)
    assert (copy.outcome, copy.ticket) == ("reply", first.ticket)


def test_a_duplicate_is_nobodys_original(cast):
    arrives(dated(), cast.ikt)
    footer = "Denne meldingen er sjekket av virusfilteret."
    copy = arrives(dated(f"Skriveren svarer ikke.\n\n{'_' * 40}\n{footer}\n"), cast.ehelse)
    assert copy.outcome == "duplicate"
    assert arrives(dated(footer), cast.ikt).outcome == "new_ticket"


def test_nor_is_one_that_is_looked_at_again(cast):
    absent = {"auto_submitted": "auto-replied", "subject": "Automatisk svar: Skriver"}
    first = arrives(dated("Borte til mandag.", **absent), cast.ikt)
    look_again(mail=first, by=SETUP)
    copy = arrives(dated(f"{BANNER}Borte til mandag.", **absent), cast.ehelse)
    assert (copy.outcome, copy.duplicate_of) == ("set_aside", None)


def test_another_senders_mail_under_the_same_id_is_no_copy(cast):
    arrives(dated(), cast.ikt)
    assert arrives(dated(sender=DAG), cast.ehelse).outcome == "new_ticket"


def test_without_a_date_nothing_tells_two_mails_apart_but_their_words(cast):
    first, second = (arrives(mail(words, message_id=ID), cast.ikt) for words in ("En.", "To."))
    assert (first.outcome, second.outcome) == ("new_ticket", "new_ticket")


def test_a_relative_whose_file_is_gone_tells_nothing_and_the_next_is_asked(cast):
    gone = arrives(dated("Ordre 1"), cast.ikt)
    second = arrives(dated("Ordre 2"), cast.ikt)
    files.path_of(gone.raw_sha256).unlink()
    copy = arrives(dated(f"{BANNER}Ordre 2"), cast.ehelse)
    assert (copy.outcome, copy.duplicate_of) == ("duplicate", second)


# The same words in another mail


def test_the_same_words_within_the_hour_are_counted_on_the_open_case(cast):
    first = arrives(mail(), cast.ikt)
    again = arrives(mail(), cast.ehelse)
    assert (again.outcome, again.ticket, again.duplicate_of) == ("reply", first.ticket, first)
    assert reasons(again) == ["sender:person", "ticket:repeats"]
    counted = InboundMail.objects.get(pk=first.pk)
    assert (counted.repeats, counted.repeated_at) == (1, again.received_at)
    assert (Message.objects.count(), mailboxes(first.ticket)) == (1, ["e-helse", "ikt"])
    third = arrives(mail(), cast.ikt)
    assert third.duplicate_of == first
    assert InboundMail.objects.get(pk=first.pk).repeats == 2


def test_a_subject_longer_than_we_keep_is_known_all_the_same(cast):
    long = "Skriver " + "a" * 300
    first = arrives(mail(subject=long), cast.ikt)
    assert arrives(mail(subject=long), cast.ikt).duplicate_of == first


def test_in_the_same_mailbox_no_other_is_named(cast):
    first = arrives(mail(), cast.ikt)
    TicketMailbox.objects.filter(ticket=first.ticket).delete()
    arrives(mail(), cast.ikt)
    assert mailboxes(first.ticket) == []


def test_thanks_that_are_said_again_are_counted_and_say_nothing_more(cast):
    arrives(mail("Tusen takk!"), cast.ikt)
    assert reasons(arrives(mail("Tusen takk!"), cast.ikt)) == ["sender:person", "ticket:repeats"]


def test_an_hour_counts_from_the_last_time_a_person_said_it(cast):
    start = clock.now()
    with clock.at(start):
        first = arrives(mail(), cast.ikt)
    with clock.at(start + timedelta(minutes=59)):
        assert arrives(mail(), cast.ikt).duplicate_of == first
    with clock.at(start + timedelta(minutes=118)):
        assert arrives(mail(), cast.ikt).duplicate_of == first
    with clock.at(start + timedelta(minutes=179)):
        assert arrives(mail(), cast.ikt).outcome == "new_ticket"


def test_a_machine_repeats_itself_at_any_time(cast):
    alarm = {"sender": "alarm@intranett.example", "auto_submitted": "auto-generated"}
    first = arrives(mail(**alarm), cast.ikt)
    with clock.at(clock.now() + timedelta(days=3)):
        assert arrives(mail(**alarm), cast.ikt).duplicate_of == first
    assert arrives(mail(sender="alarm@intranett.example"), cast.ikt).outcome == "new_ticket", "a person writes so"


@pytest.mark.parametrize(
    "other", [mail("Noe annet."), mail(subject="Annet"), mail(sender=STRANGER)], ids=["words", "subject", "sender"]
)
def test_other_words_are_another_matter(cast, other):
    arrives(mail(), cast.ikt)
    assert arrives(other, cast.ikt).outcome == "new_ticket"


def test_other_files_are_another_matter_and_the_same_ones_in_another_order_are_not(cast):
    def scans(*contents: bytes):
        made = mail()
        for content in contents:
            made.add_attachment(content, maintype="image", subtype="png", filename="skjerm.png")
        return made

    first = arrives(scans(b"1", b"2"), cast.ikt)
    assert arrives(scans(b"1", b"3"), cast.ikt).outcome == "new_ticket"
    assert arrives(scans(b"2", b"1"), cast.ikt).duplicate_of == first


def test_of_a_closed_case_nothing_is_counted(cast):
    first = arrives(mail(), cast.ikt)
    Ticket.objects.filter(pk=first.ticket.pk).update(
        state="CLOSED", open=0, answers_owed=0, queue_rank=None, next_step=None, next_step_due_at=None,
        closed_at=clock.now(), closed_by_robot="clock", close_reason="SPAM",
    )  # fmt: skip
    assert arrives(mail(), cast.ikt).outcome == "new_ticket"


def test_an_answer_in_the_thread_is_no_repeat(cast):
    first = arrives(mail(message_id=ID), cast.ikt)
    again = arrives(mail(in_reply_to=ID), cast.ikt)
    assert (again.outcome, again.duplicate_of, again.ticket) == ("reply", None, first.ticket)


def test_two_unknown_senders_with_the_same_words_are_two(cast):
    for named in ("Kari <kari.privat@annet.example>", "Ola <ola.privat@annet.example>"):
        assert (
            arrives(mail("Ring meg.", sender="ikt@sykehus.example", reply_to=named), cast.ikt).outcome == "new_ticket"
        )
