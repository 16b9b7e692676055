"""Mails to colleagues whom an event concerns: a question that the managers' triage team must not let lie.

They say which case and where, and nothing of what it holds: a mail is read by more eyes than the case.
"""

from __future__ import annotations

from typing import NamedTuple

from django.conf import settings

from saksgang.catalogue.models import Mailbox
from saksgang.catalogue.queries import mail_text
from saksgang.events.models import Event
from saksgang.lib import clock, files
from saksgang.outbound.models import OutboundMail
from saksgang.outbound.rendering import Letter, fill, render
from saksgang.people.models import Person
from saksgang.people.queries import address_of
from saksgang.people.rules import travelling_address
from saksgang.tickets.mail_reference import message_id
from saksgang.tickets.models import Clarification, Ticket

# Apart from the readers of the event's own message, who are numbered from 0.
NTH = 900


class Concerned(NamedTuple):
    person: Person
    address: str
    kind: str  # of the text
    link: str


def concerned(event: Event) -> Concerned | None:
    """Who is told besides the requesters. Nobody who may not see the case."""
    asked = Clarification.objects.filter(pk=event.after.get("clarification_id")).first()
    if asked is None:
        return None
    kind, person = "", None
    if event.kind == "clarification_asked" and asked.urgent:
        kind, person = "clarification_urgent", asked.owner
    if event.kind == "clarification_escalated":
        kind, person = "clarification_waits", asked.escalated_to
    address = address_of(person) if person else ""
    if person is None or not address or not Ticket.objects.visible_to(person).filter(pk=asked.ticket_id).exists():
        return None
    return Concerned(person, address, kind, f"{settings.BASE_URL}/triage/{asked.pk}")


def mail_to(whom: Concerned, event: Event, ticket: Ticket, mailbox: Mailbox) -> OutboundMail:
    """The mail, from the case's mailbox. No robot can answer it, and nothing that fails is owed again."""
    words = {"number": str(ticket.pk), "name": whom.person.name, "link": whom.link}
    written = mail_text(whom.kind, whom.person.language)
    header_id = message_id(ticket.pk, event.pk, NTH, travelling_address(mailbox.address).rpartition("@")[2])
    letter = Letter(
        number=ticket.pk,
        header_id=header_id,
        sender_name=mailbox.name,
        sender_address=mailbox.address,
        recipient=whom.address,
        to=[(whom.person.name, whom.address)],
        cc=[],
        subject=fill(written.subject, words),
        body=fill(written.body, words),
        at=clock.local(event.at),
        automatic="auto-generated",
    )
    return OutboundMail(
        event_id=event.pk,
        ticket=ticket,
        person_id=whom.person.pk,
        kind=whom.kind,
        recipient=whom.address,
        envelope_from="",
        header_id=header_id,
        raw_sha256=files.keep(render(letter)),
        created_at=clock.now(),
        try_at=clock.now(),
    )
