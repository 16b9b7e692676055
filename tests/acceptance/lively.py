"""A desk where something stands on every list and on every page: for tests that look at all of them."""

from __future__ import annotations

from saksgang.catalogue import actions as catalogue
from saksgang.events.alarms import raise_alarm
from saksgang.inbound import watching
from saksgang.lib import clock
from saksgang.people import actions as people
from saksgang.tickets.actions import answering, arrivals, assessment, assignment, closure, outward, taking_back
from saksgang.tickets.actions.core import MAIL
from saksgang.tickets.actions.messages import Heard
from tests.acceptance.conftest import Desk
from tests.cast import SETUP
from tests.console.case.test_ticket import ledger


def enliven(desk: Desk, settings) -> None:
    """A case with everything on it, one that was forwarded, one that is closed, and something on every list."""
    cast = desk.cast
    desk.send(
        cast.nora,
        "Hei, skriveren svarer ikke.\n\nMvh\nNora\n\n> Den 1. mars skrev IKT:\n> Hei\n",
        subject="Skriver på sengepost 3",
        cc="Dag Lege <dag@sykehus.example>, leder@sykehus.example",
    )
    desk.send(cast.dag, "Jeg er på ferie.", subject="Automatisk svar: Ferie", auto_submitted="auto-replied")
    desk.work()
    ticket = assignment.take(ticket=desk.only_ticket(), by=cast.kari)
    assessment.assess(
        ticket=ticket, by=cast.kari, type="INCIDENT", service=cast.dips, impact="departments", consequence="degraded"
    )
    answering.note(ticket=ticket, by=cast.kari, words="Prøvde å starte på nytt uten hell.")
    answering.answer(ticket=ticket, by=cast.kari, words="Vi kommer bort til dere nå.")
    answering.log_no_answer(ticket=ticket, by=cast.kari)
    for nth in range(3):
        cast.case(subject=f"Får ikke logget på, rom {nth}")
    past_the_requester(cast, ticket)
    desk.work()
    catalogue.set_imap_door(by=SETUP, mailbox=cast.ehelse, host="imap.sykehus.example", user="e-helse", secret="x")
    watching.note_count(cast.ehelse, waiting=3, kept=12_345, missing=2)
    watching.note_trouble(cast.ehelse, "SignInRefused: the server does not let us in: [AUTHENTICATIONFAILED]")
    forwarded_and_announced(cast)
    closure.close(ticket=cast.case(subject="Feil adresse"), by=cast.kari, reason="SPAM")
    settings.UNDO_SECONDS = 300  # from here on nothing leaves: it stands there to be taken back
    taking_back.take_back(message=answering.answer(ticket=ticket, by=cast.kari, words="Feil sak."), by=cast.kari)
    heard_on(
        ticket,
        arrivals.receive_thanks,
        "Takk!",
        cast.nora,
        copied=(("Dag Lege", "dag@sykehus.example"), ("", "leder@sykehus.example")),
    )
    outward.write(ticket=ticket, by=cast.kari, words="Når kommer det?", to=["sak@skriver.example"])


def forwarded_and_announced(cast):
    """A case that asks whose it is, and says why no receipt went out; alarms and announcements on the front page."""
    heard = Heard(
        "Se under.", cast.kari.name, "kari@ikt.sykehus.example", inner=(cast.nora.name, "nora@sykehus.example")
    )
    ticket = cast.case(subject="VS: Tom for papir", requesters=[cast.kari], heard=heard)
    ledger(cast, ticket, reasons=[["acknowledgement", "forged"]])
    for kind, key in (("mailbox_failing", "ikt"), ("relay_failing", "relay"), ("mail_storm", "*")):
        raise_alarm(kind=kind, key=key, by=MAIL)
    catalogue.announce(by=cast.kari, kind="outage", words="DIPS svarer ikke.", service=cast.dips)
    catalogue.announce(by=cast.kari, kind="planned", words="Telefonene er nede.", starts_at=clock.now())


def past_the_requester(cast, ticket):
    """What is said with a supplier, and by one of us past the desk."""
    catalogue.add_supplier(by=SETUP, name="Skriverservice", domains=["skriver.example"], address="sak@skriver.example")
    supplier = people.add_person(by=SETUP, name="Skriverservice", addresses=["sak@skriver.example"])
    outward.write(ticket=ticket, by=cast.kari, words="Kan dere sende et hjul?", to=["sak@skriver.example"])
    heard_on(ticket, arrivals.receive_from_supplier, "Det er sendt.", supplier)
    heard_on(
        ticket, arrivals.receive_direct, "Jeg kommer.", cast.knut, copied=((cast.nora.name, "nora@sykehus.example"),)
    )


def heard_on(ticket, receive, words, person, **facts):
    heard = Heard(words, person.name, person.addresses.get().address, **facts)
    receive(ticket=ticket, by=MAIL, heard=heard, person=person, received_at=clock.now())
