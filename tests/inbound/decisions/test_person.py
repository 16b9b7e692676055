"""A person's mail: whose it is, which case it belongs to when it names none, and whom a form or an agent writes for."""

from __future__ import annotations

import pytest

from saksgang.catalogue.actions import add_supplier
from saksgang.people.models import Person, PersonKind
from saksgang.tickets.kinds import Channel
from saksgang.tickets.models import Message, TicketRequester
from tests.cast import SETUP
from tests.inbound.decisions.mails import DAG, NORA, STRANGER, arrives, mail, newest, reasons

INNER = "Fra: Nora Sykepleier <nora@sykehus.example>\nSendt: mandag 9. mars 2026 07:55\nTil: IKT\nEmne: Skriver\n\nDen svarer ikke.\n"


def test_a_new_mail_becomes_a_case_in_the_mailboxs_team(cast):
    row = arrives(mail(subject="Skjeve ark"), cast.ehelse)
    ticket = row.ticket
    assert (row.outcome, row.set_aside_reason, row.duplicate_of) == ("new_ticket", "", None)
    assert reasons(row) == ["sender:person", "ticket:no_reference", "team:mailbox"]
    assert (ticket.team, ticket.subject, ticket.channel) == (cast.network, "Skjeve ark", Channel.EMAIL)
    assert (ticket.received_at, ticket.mailboxes.get().mailbox) == (row.received_at, cast.ehelse)
    assert TicketRequester.objects.get(ticket=ticket).person == cast.nora
    assert (newest(ticket).text.strip(), newest(ticket).author) == ("Skriveren svarer ikke.", cast.nora)


def test_a_stranger_becomes_a_person_with_the_name_they_write(cast):
    row = arrives(mail(sender=STRANGER), cast.ikt)
    person = TicketRequester.objects.get(ticket=row.ticket).person
    assert (person.name, person.kind) == ("Per", PersonKind.PERSON)
    assert person.addresses.get().address == "per@annet.example"


def test_whoever_writes_from_a_suppliers_domain_is_kept_as_a_supplier(cast):
    add_supplier(by=SETUP, name="Skriverfirma", domains=["annet.example"], address="")
    row = arrives(mail(sender=STRANGER), cast.ikt)
    assert TicketRequester.objects.get(ticket=row.ticket).person.kind == PersonKind.SUPPLIER


@pytest.mark.parametrize("sender", ["ikke en adresse", "ola@localhost"])
def test_a_mail_that_nobody_can_be_answered_on_waits_in_the_tray(cast, sender):
    row = arrives(f"From: {sender}\nSubject: Hei\n\nHei".encode(), cast.ikt)
    assert (row.outcome, row.set_aside_reason, row.ticket) == ("set_aside", "no_sender", None)
    assert reasons(row)[-1] == "sender:no_address"


def test_a_mail_forwarded_through_our_own_mailbox_is_the_inner_senders(cast):
    row = arrives(mail(INNER, sender="ikt@sykehus.example", subject="VS: Skriver"), cast.ikt)
    assert reasons(row)[-4:] == ["sender:inner_sender", "sender:person", "ticket:no_reference", "team:mailbox"]
    assert TicketRequester.objects.get(ticket=row.ticket).person == cast.nora
    message = newest(row.ticket)
    assert (message.author_name, message.author_address) == ("Nora Sykepleier", "nora@sykehus.example")
    assert (row.from_name, row.from_address) == ("Nora Sykepleier", "nora@sykehus.example")


def test_an_inner_sender_without_a_name_is_called_by_the_address(cast):
    inner = INNER.replace("Nora Sykepleier <nora@sykehus.example>", "per@annet.example")
    row = arrives(mail(inner, sender="ikt@sykehus.example", subject="VS: Skriver"), cast.ikt)
    assert newest(row.ticket).author_name == "per@annet.example"


def test_forwarded_by_ourselves_with_a_name_alone_it_waits_in_the_tray(cast):
    words = INNER.replace(" <nora@sykehus.example>", "")
    row = arrives(mail(words, sender="ikt@sykehus.example", subject="VS: Skriver"), cast.ikt)
    assert (row.outcome, row.set_aside_reason) == ("set_aside", "no_sender")
    assert reasons(row)[-2:] == ["sender:inner_sender", "sender:no_address"]


def test_a_sender_rewritten_to_our_address_is_unknown_and_whom_it_names_is_offered(cast):
    named = "Per Hansen <per@annet.example>"
    row = arrives(mail(sender='"Per via IKT" <ikt@sykehus.example>', reply_to=named), cast.ikt)
    assert row.outcome == "new_ticket"
    assert [one for one in reasons(row) if one.startswith("sender")] == ["sender:reply_to", "sender:rewritten"]
    assert (row.from_name, row.from_address) == ("", "")
    unknown = TicketRequester.objects.get(ticket=row.ticket).person
    message = newest(row.ticket)
    assert (message.author_name, message.author_address) == (unknown.name, "")
    assert (message.inner_name, message.inner_address, message.inner_source) == (
        "Per Hansen",
        "per@annet.example",
        "reply_to",
    )
    assert unknown.addresses.count() == 0


def test_a_form_that_writes_as_itself_offers_whom_it_names(cast):
    row = arrives(mail(sender="skjema@intranett.example", reply_to=f"ikt@sykehus.example, {NORA}"), cast.ikt)
    message = newest(row.ticket)
    assert reasons(row)[:2] == ["sender:person", "sender:reply_to"]
    assert (message.inner_name, message.inner_address, message.inner_source) == (
        "Nora",
        "nora@sykehus.example",
        "reply_to",
    )
    assert TicketRequester.objects.get(ticket=row.ticket).person.addresses.get().address == "skjema@intranett.example"


@pytest.mark.parametrize(
    "reply_to", ["Nora <NORA@sykehus.example>", "ikt@sykehus.example", "ikt+x@sykehus.example", "per@x"]
)
def test_nobody_is_offered_who_is_nobody_else(cast, reply_to):
    row = arrives(mail(reply_to=reply_to), cast.ikt)
    assert newest(row.ticket).inner_address == ""
    assert reasons(row)[:2] == ["sender:person", "ticket:no_reference"]


def test_an_agent_who_forwards_offers_the_case_to_whoever_wrote_inside(cast):
    kari = "Kari <kari@ikt.sykehus.example>"
    row = arrives(mail(f"Kan dere ta denne?\n\n{INNER}", sender=kari, subject="VS: Skriver", reply_to=DAG), cast.ikt)
    message = newest(row.ticket)
    assert reasons(row)[:3] == ["sender:person", "sender:agent_forwards", "ticket:no_reference"]
    assert (message.inner_name, message.inner_address, message.inner_source) == (
        "Nora Sykepleier",
        "nora@sykehus.example",
        "",
    )
    assert TicketRequester.objects.get(ticket=row.ticket).person == cast.kari


def test_what_a_nurse_forwards_is_the_nurses_own(cast):
    row = arrives(mail(f"Se under.\n\n{INNER}", sender=DAG, subject="VS: Skriver"), cast.ikt)
    assert reasons(row)[:2] == ["sender:person", "ticket:no_reference"]
    assert newest(row.ticket).inner_address == ""


def test_an_agent_who_forwards_their_own_words_offers_nobody(cast):
    own = INNER.replace("nora@sykehus.example", "kari@ikt.sykehus.example")
    row = arrives(mail(own, sender="kari@ikt.sykehus.example", subject="VS: Skriver"), cast.ikt)
    assert newest(row.ticket).inner_address == ""


def test_a_machines_mail_is_a_case_without_a_requester(cast):
    row = arrives(mail(sender="noreply@intranett.example", reply_to=NORA, auto_submitted="auto-generated"), cast.ikt)
    assert row.outcome == "new_ticket"
    assert reasons(row) == [
        "robot:auto_generated", "sender:machine", "sender:reply_to", "ticket:no_reference", "team:mailbox",
    ]  # fmt: skip
    assert not TicketRequester.objects.filter(ticket=row.ticket).exists()
    assert newest(row.ticket).inner_address == "nora@sykehus.example"
    assert newest(row.ticket).author is None
    assert not Person.objects.filter(addresses__address__startswith="noreply").exists()
    assert Message.objects.count() == 1
