"""Which case a mail joins, and by what proof: a signed mark, a thread, a number together with a known sender."""

from __future__ import annotations

from datetime import timedelta

import pytest

from saksgang.catalogue.actions import add_supplier
from saksgang.inbound.decisions.ticket import about
from saksgang.inbound.models import InboundMail, Receipt, ReceiptState
from saksgang.inbound.reading.mail import read
from saksgang.lib import clock
from saksgang.tickets.actions import restriction, waiting
from saksgang.tickets.actions.ties import merging
from saksgang.tickets.kinds import CloseReason, LinkKind, MessageKind, SenderRole, State
from saksgang.tickets.mail_reference import message_id, subject_mark
from saksgang.tickets.models import Message, Ticket, TicketFollower, TicketLink
from tests.cast import SETUP
from tests.inbound.decisions.mails import (
    DAG,
    FORGED,
    NORA,
    OUR_SERVER,
    STRANGER,
    VOUCHED,
    arrives,
    mail,
    newest,
    reasons,
)
from tests.tickets.steps import assess

SUPPLIER = "Ola <ola@skriverfirma.example>"


@pytest.fixture(autouse=True)
def _our_server(settings):
    settings.MAIL_AUTHSERV_ID = OUR_SERVER


def ours(ticket: Ticket) -> str:
    return f"<{message_id(ticket.pk, 5, 0, 'sykehus.example')}>"


def closed(ticket: Ticket, days: int) -> Ticket:
    Ticket.objects.filter(pk=ticket.pk).update(
        state=State.CLOSED, open=0, answers_owed=0, queue_rank=None, next_step=None, next_step_due_at=None,
        closed_at=clock.now() - timedelta(days=days), closed_by_robot="clock", close_reason=CloseReason.SPAM,
    )  # fmt: skip
    return Ticket.objects.get(pk=ticket.pk)


def joined(row: InboundMail) -> tuple:
    """What became of a mail that was about a case; its last reasons."""
    return row.outcome, row.ticket, reasons(row)[1:]


# Proof


def test_a_reply_in_the_thread_of_our_own_mail_joins(cast):
    ticket = cast.case()
    row = arrives(mail("Rom 12.", in_reply_to=ours(ticket)), cast.ikt)
    assert joined(row) == ("reply", ticket, ["ticket:our_message_id"])
    message = newest(ticket)
    assert (message.text.strip(), message.author, message.kind) == ("Rom 12.", cast.nora, MessageKind.INCOMING)
    assert (message.sender_role, message.at) == (SenderRole.REQUESTER, row.received_at)
    assert Message.objects.filter(ticket=ticket).count() == 2


def test_the_newest_of_the_references_counts_first(cast):
    first, second = cast.case(), cast.case()
    row = arrives(mail(sender=STRANGER, references=f"{ours(first)} {ours(second)}"), cast.ikt)
    assert row.ticket == second


def test_of_several_named_cases_the_one_that_the_sender_is_on(cast):
    theirs, other = cast.case(requesters=[cast.dag]), cast.case()
    row = arrives(mail(sender=DAG, in_reply_to=ours(other), references=ours(theirs)), cast.ikt)
    assert joined(row) == ("reply", theirs, ["ticket:our_message_id"])


def test_our_own_mails_id_counts_wherever_it_stands(cast):
    ticket = cast.case()
    tagged = message_id(ticket.pk, 5, 0, "sykehus.example").partition("@")[0]
    for row in (
        arrives(mail("Én."), cast.ikt, envelope_to=f"ikt+{tagged}@sykehus.example"),
        arrives(mail("To.", to=f"ikt+{tagged}@sykehus.example"), cast.ikt),
        arrives(mail("Tre.", cc=f"ikt+{tagged}@sykehus.example"), cast.ikt),
        arrives(mail("Fire.", delivered_to=f"ikt+{tagged}@sykehus.example"), cast.ikt),
    ):
        assert (row.ticket, reasons(row)[-1]) == (ticket, "ticket:our_message_id")


def test_an_id_of_a_case_that_is_not_there_names_none(cast):
    row = arrives(mail(in_reply_to=f"<{message_id(987654, 5, 0, 'sykehus.example')}>"), cast.ikt)
    assert (row.outcome, reasons(row)[1]) == ("new_ticket", "ticket:no_reference")


def test_a_reply_to_a_mail_that_came_to_us_joins_its_case(cast):
    first = arrives(mail(message_id="<en@sykehus.example>"), cast.ikt)
    row = arrives(mail("Rom 12.", sender=DAG, in_reply_to="<en@sykehus.example>"), cast.ikt)
    assert joined(row) == ("reply", first.ticket, ["ticket:known_message_id"])
    assert newest(first.ticket).sender_role == SenderRole.OTHER


def test_an_id_longer_than_we_keep_is_known_all_the_same(cast):
    long = f"<{'a' * 600}@sykehus.example>"
    first = arrives(mail(message_id=long), cast.ikt)
    row = arrives(f"From: {DAG}\nIn-Reply-To: {long}\nSubject: SV: Skriver\n\nRom 12.\n".encode(), cast.ikt)
    assert row.ticket == first.ticket


def test_an_id_that_two_mails_bear_belongs_to_the_case_that_the_sender_is_on_or_the_first(cast):
    first = arrives(mail(message_id="<en@sykehus.example>"), cast.ikt)
    second = arrives(mail("Noe annet.", sender=DAG, message_id="<en@sykehus.example>"), cast.ikt)
    assert second.outcome == "new_ticket", "one's own id names nobody else's case"
    for sender, case in ((DAG, second.ticket), (NORA, first.ticket), (STRANGER, first.ticket)):
        row = arrives(mail("Rom 12.", sender=sender, in_reply_to="<en@sykehus.example>"), cast.ikt)
        assert (row.outcome, row.ticket) == ("reply", case)


def test_the_signed_mark_in_the_subject_joins_whoever_writes(cast):
    ticket = cast.case()
    row = arrives(mail(sender=STRANGER, subject=f"SV: {subject_mark(ticket.pk)}"), cast.ikt)
    assert joined(row) == ("reply", ticket, ["ticket:signed_subject"])


def test_a_mark_with_anothers_signature_is_a_bare_number(cast):
    ticket, other = cast.case(), cast.case()
    forged = subject_mark(other.pk).replace(f"-{other.pk}-", f"-{ticket.pk}-")
    row = arrives(mail(sender=STRANGER, subject=forged), cast.ikt)
    assert (row.outcome, reasons(row)[1:]) == ("new_ticket", ["ticket:number_only", "team:mailbox"])


# A number without proof


def test_a_number_counts_for_whoever_asked_or_follows(cast):
    ticket = cast.case()
    TicketFollower.objects.create(ticket=ticket, address="per@annet.example")
    for sender in (NORA, STRANGER):
        row = arrives(mail("Rom 12.", sender=sender, subject=f"[SAK-999999] [SAK-{ticket.pk}]"), cast.ikt)
        assert joined(row) == ("reply", ticket, ["ticket:number_and_known_sender"])


def test_whoever_follows_another_case_is_no_follower_of_this_one(cast):
    ticket, other = cast.case(), cast.case()
    TicketFollower.objects.create(ticket=ticket, address="ola@annet.example")
    TicketFollower.objects.create(ticket=other, address="per@annet.example")
    row = arrives(mail(sender=STRANGER, subject=f"[SAK-{ticket.pk}]"), cast.ikt)
    assert (row.outcome, reasons(row)[1]) == ("new_ticket", "ticket:number_only")


def test_for_others_it_is_a_case_of_their_own_that_points_there(cast):
    ticket = cast.case()
    row = arrives(mail(sender=DAG, subject=f"[SAK-{ticket.pk}]"), cast.ikt)
    assert (row.outcome, reasons(row)[1:]) == ("new_ticket", ["ticket:number_only", "team:mailbox"])
    assert TicketLink.objects.get(ticket=row.ticket).other == ticket
    assert Message.objects.filter(ticket=ticket).count() == 1


def test_a_number_proves_nothing_when_the_mail_may_be_forged(cast):
    ticket = cast.case()
    row = arrives(mail(subject=f"[SAK-{ticket.pk}]", **FORGED), cast.ikt)
    assert (row.outcome, reasons(row)[1]) == ("new_ticket", "ticket:number_only")


def test_the_old_systems_number_counts_for_whoever_is_on_the_case(cast):
    theirs, other = cast.case(), cast.case(requesters=[cast.dag])
    Ticket.objects.filter(pk__in=[theirs.pk, other.pk]).update(old_system="Gamlesak", old_number="12345")
    subject = "SV: Skriver [Sak ID# 12345]"
    row = arrives(mail("Rom 12.", subject=subject), cast.ikt)
    assert joined(row) == ("reply", theirs, ["ticket:old_number_and_known_sender"])
    for stranger in (mail(sender=STRANGER, subject=subject), mail(subject=subject, **FORGED)):
        row = arrives(stranger, cast.ikt)
        assert (row.outcome, reasons(row)[1]) == ("new_ticket", "ticket:no_reference")


# A supplier's own number


@pytest.fixture
def at_supplier(cast):
    add_supplier(by=SETUP, name="Skriverfirma", domains=["skriverfirma.example"], address="")
    return at(cast, "SF-2026-0815")


def at(cast, reference: str) -> Ticket:
    return waiting.wait_for_third_party(
        ticket=assess(cast, cast.case()), by=cast.kari, words="Skriverfirma har den.",
        until=clock.now() + timedelta(days=5), waiting_for="Skriverfirma", reference=reference,
    )  # fmt: skip


def test_a_suppliers_number_counts_when_our_server_vouches_for_them(cast, at_supplier):
    row = arrives(mail(sender=SUPPLIER, subject="Sak sf-2026-0815: bestilt", **VOUCHED), cast.ikt)
    assert joined(row) == ("reply", at_supplier, ["ticket:supplier_reference", "voice:supplier"])
    assert newest(at_supplier).sender_role == SenderRole.SUPPLIER


@pytest.mark.parametrize(
    ("sender", "subject", "headers"),
    [
        (SUPPLIER, "SF-2026-0815", {}),  # nobody vouches
        (STRANGER, "SF-2026-0815", VOUCHED),  # no supplier
        (SUPPLIER, "SF-2026-08150", VOUCHED),  # another number
    ],
)
def test_otherwise_it_says_nothing(cast, at_supplier, sender, subject, headers):
    row = arrives(mail(sender=sender, subject=subject, **headers), cast.ikt)
    assert (row.outcome, reasons(row)[1]) == ("new_ticket", "ticket:no_reference")


def test_of_two_cases_with_the_number_the_newest_and_none_whose_number_is_shorter_than_four(cast, at_supplier):
    newer, short, exact = at(cast, "sf-2026-0815"), at(cast, "bes"), at(cast, "best")
    assert arrives(mail(sender=SUPPLIER, subject="SF-2026-0815", **VOUCHED), cast.ikt).ticket == newer
    assert arrives(mail("Den.", sender=SUPPLIER, subject="bes", **VOUCHED), cast.ikt).ticket != short
    assert arrives(mail("Der.", sender=SUPPLIER, subject="best", **VOUCHED), cast.ikt).ticket == exact


# Closed, merged, restricted


def test_until_thirty_days_after_it_was_closed_a_case_opens_again(cast):
    ticket = closed(cast.case(), 29)
    assert joined(arrives(mail("Igjen.", in_reply_to=ours(ticket)), cast.ikt)) == (
        "reply", ticket, ["ticket:our_message_id"],
    )  # fmt: skip


def test_later_it_is_a_new_case_that_follows(cast):
    ticket = closed(cast.case(), 31)
    row = arrives(mail("Igjen.", in_reply_to=ours(ticket)), cast.ikt)
    assert row.outcome == "new_ticket"
    assert reasons(row)[1:] == ["ticket:our_message_id", "ticket:closed_too_long_ago", "team:mailbox"]
    link = TicketLink.objects.get(ticket=row.ticket)
    assert (link.other, link.kind) == (ticket, LinkKind.FOLLOWS)


def test_thanks_join_at_any_time(cast):
    ticket = closed(cast.case(), 90)
    row = arrives(mail("Tusen takk!", in_reply_to=ours(ticket)), cast.ikt)
    assert joined(row) == ("reply", ticket, ["ticket:our_message_id", "voice:thanks"])
    assert newest(ticket).kind == MessageKind.THANKS
    assert Ticket.objects.get(pk=ticket.pk).state == State.CLOSED


def test_a_merged_cases_mails_join_the_one_it_went_into_and_come_back_with_it(cast):
    ticket, into = cast.case(requesters=[cast.dag]), cast.case()
    merging.merge(ticket=ticket, by=cast.kari, into=into)
    row = arrives(mail("Én.", sender="dag@sykehus.example", in_reply_to=ours(ticket)), cast.ikt)
    assert joined(row) == ("reply", into, ["ticket:our_message_id", "ticket:lives_on"])
    assert newest(into).came_for == ticket
    with clock.at(clock.now() + timedelta(minutes=1)):
        arrives(mail("To.", sender="dag@sykehus.example", in_reply_to=ours(into)), cast.ikt)
        merging.undo_merge(ticket=ticket, by=cast.kari)
    assert newest(ticket).text.strip() == "Én."
    assert newest(into).text.strip() == "To."


def test_the_senders_own_thread_of_a_merged_case_comes_back_with_it_too(cast):
    ticket = arrives(
        mail("Skriveren.", sender="dag@sykehus.example", message_id="<en@sykehus.example>"), cast.ikt
    ).ticket
    into = cast.case()
    merging.merge(ticket=ticket, by=cast.kari, into=into)
    row = arrives(mail("Purrer.", sender="dag@sykehus.example", in_reply_to="<en@sykehus.example>"), cast.ikt)
    assert (row.ticket, newest(into).came_for) == (into, ticket)


def test_a_mail_of_a_case_closed_as_a_duplicate_belongs_to_its_original_unless_more_would_read_it_there(cast):
    """As cases were closed before they could be merged."""
    ticket, original = closed(cast.case(), 1), cast.case()
    Ticket.objects.filter(pk=ticket.pk).update(close_reason=CloseReason.DUPLICATE)
    TicketLink.objects.create(ticket=ticket, other=cast.case(), kind=LinkKind.FOLLOWS)
    TicketLink.objects.create(ticket=ticket, other=original, kind=LinkKind.DUPLICATE)
    assert arrives(mail("Én.", in_reply_to=ours(ticket)), cast.ikt).ticket == original
    for secret in (original, ticket):
        Ticket.objects.filter(pk=secret.pk).update(restricted=True)
        assert arrives(mail(f"{secret.pk}.", in_reply_to=ours(ticket)), cast.ikt).ticket == original
    Ticket.objects.filter(pk=original.pk).update(restricted=False)
    assert arrives(mail("To.", in_reply_to=ours(ticket)), cast.ikt).ticket == ticket


def test_what_a_mail_is_about_is_known_before_any_proof_and_a_restricted_case_first(cast):
    plain, secret, old = cast.case(), cast.case(), cast.case()
    restriction.restrict(ticket=secret, by=cast.kari, readers=[], reason="Personalsak")
    Ticket.objects.filter(pk=old.pk).update(old_system="Gamlesak", old_number="12345")
    row = arrives(mail("En annen."), cast.ikt)

    def names(**facts) -> Ticket | None:
        return about(row, read(mail(sender=STRANGER, **facts).as_bytes()))

    assert names(subject=f"[SAK-{plain.pk}]") == plain
    assert names(subject="[Sak ID# 12345]") == old
    assert names(in_reply_to=ours(plain)) == plain
    assert names(in_reply_to=ours(plain), subject=f"[SAK-{secret.pk}]") == secret
    assert names(subject=f"[SAK-{plain.pk}] [SAK-{secret.pk}]") == secret
    assert names(in_reply_to=ours(plain), subject=f"[Sak ID# 12345] [SAK-{old.pk}]") == plain
    assert names(subject="Skriver") is None


# Who speaks


def test_a_mail_that_may_be_forged_is_shown_and_moves_nothing(cast):
    ticket = cast.case()
    row = arrives(mail("Tusen takk!", in_reply_to=ours(ticket), **FORGED), cast.ikt)
    assert joined(row) == ("reply", ticket, ["ticket:our_message_id", "voice:unverified"])
    message = newest(ticket)
    assert (message.unverified, message.kind, message.at) == (True, MessageKind.INCOMING, row.received_at)
    assert (message.author, message.sender_role) == (cast.nora, SenderRole.REQUESTER)
    assert Message.objects.filter(ticket=ticket).latest("id").text.strip() == "Tusen takk!"


def test_a_forged_new_mail_gets_no_receipt_and_a_known_sender_gets_one(cast):
    for made, state in ((mail(**FORGED), ReceiptState.WITHHELD), (mail("Takk for sist."), ReceiptState.PROMISED)):
        row = arrives(made, cast.ikt)
        receipt = Receipt.objects.get(ticket=row.ticket)
        assert (receipt.state, receipt.person) == (state, cast.nora)


def test_thanks_are_no_thanks_with_a_file(cast):
    ticket = cast.case()
    with_file = mail("Tusen takk!", in_reply_to=ours(ticket))
    with_file.add_attachment(b"%PDF", maintype="application", subtype="pdf", filename="skann.pdf")
    assert joined(arrives(with_file, cast.ikt)) == ("reply", ticket, ["ticket:our_message_id"])
    with_picture = mail("Tusen takk!", in_reply_to=ours(ticket))
    with_picture.add_alternative('<p>Tusen takk!</p><img src="cid:logo">', subtype="html")
    with_picture.get_payload()[1].add_related(b"png", "image", "png", cid="<logo>", filename="logo.png")
    assert reasons(arrives(with_picture, cast.ikt))[-1] == "voice:thanks"


def test_thanks_may_be_signed_with_the_senders_own_name(cast):
    ticket = cast.case()
    assert reasons(arrives(mail("Takk! Nora", in_reply_to=ours(ticket)), cast.ikt))[-1] == "voice:thanks"
    assert reasons(arrives(mail("Takk! Ola", in_reply_to=ours(ticket)), cast.ikt))[-1] != "voice:thanks"


def test_a_supplier_speaks_as_one_save_on_a_case_of_their_own(cast):
    add_supplier(by=SETUP, name="Skriverfirma", domains=["skriverfirma.example"], address="")
    own = arrives(mail(sender=SUPPLIER), cast.ikt)
    row = arrives(mail("Mer.", sender=SUPPLIER, in_reply_to=ours(own.ticket)), cast.ikt)
    assert reasons(row)[-1] == "ticket:our_message_id"
    row = arrives(mail("Tusen takk!", sender=SUPPLIER, in_reply_to=ours(cast.case())), cast.ikt)
    assert reasons(row)[-1] == "voice:supplier"
    assert (newest(row.ticket).at, newest(row.ticket).author_name) == (row.received_at, "Ola")


def test_an_agents_mail_to_whoever_asked_with_us_on_copy_is_past_the_desk(cast):
    ticket = cast.case()
    kari, nora = "Kari <kari@ikt.sykehus.example>", "nora@sykehus.example"

    def voice(sender: str, to: str, on: Ticket = ticket) -> str:
        made = mail(f"Hei, fra {sender} til {to}.", sender=sender, to=to, in_reply_to=ours(on))
        return reasons(arrives(made, cast.ikt))[-1]

    assert voice(kari, f"{nora}, ikt@sykehus.example") == "voice:direct"
    message = newest(ticket)
    assert (message.kind, message.author) == (MessageKind.DIRECT, cast.kari)
    assert voice(kari, "ikt@sykehus.example") == "ticket:our_message_id"
    assert voice(kari, "dag@sykehus.example, ikt@sykehus.example") == "ticket:our_message_id"
    assert voice(DAG, f"{nora}, ikt@sykehus.example") == "ticket:our_message_id"
    assert voice(NORA, f"{nora}, ikt@sykehus.example") == "ticket:our_message_id"
    both = cast.case(requesters=[cast.nora, cast.kari])
    assert voice(kari, f"{nora}, ikt@sykehus.example", both) == "ticket:our_message_id", "it is Kari's own case too"
