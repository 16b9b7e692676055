"""What the awkward cases need: people, moments and mails, each in a line."""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from saksgang.catalogue.kinds import TicketType
from saksgang.catalogue.models import Mailbox
from saksgang.demo import letters, moments, parts
from saksgang.demo.hospital import Hospital
from saksgang.demo.stories import story
from saksgang.inbound.models import InboundMail
from saksgang.lib import clock
from saksgang.people.models import Person, PersonKind, Team
from saksgang.people.queries import address_of
from saksgang.tickets.actions import answering, assessment, assignment, resolution
from saksgang.tickets.kinds import Impact
from saksgang.tickets.models import Ticket


@dataclass
class Stage:
    """Where an awkward case is told."""

    hospital: Hospital
    rng: random.Random
    told_from: datetime
    key: str

    @contextmanager
    def ago(self, minutes: int, *, night: bool = False) -> Iterator[datetime]:
        """The clock so many working minutes back (`night`: minutes); what was promised inside is delivered then."""
        moment = moments.before(self.told_from, minutes, moments.hours(night))
        with clock.at(moment):
            yield moment
            parts.deliver()

    @property
    def ikt(self) -> Mailbox:
        return self.hospital.mailboxes["ikt"]

    @property
    def desk(self) -> Team:
        return self.hospital.teams[story.SERVICE_DESK]

    def agent(self, team: str = story.SERVICE_DESK) -> Person:
        return self.rng.choice(self.hospital.agents[team])

    def employee(self, place: str = "") -> Person:
        """Somebody with an e-mail address, at a place or anywhere."""
        people = [one for one in self.hospital.employees if one.kind == PersonKind.PERSON and one.department]
        if place:
            people = [one for one in people if one.department and one.department.name == place]
        return self.rng.choice(people)

    def header_id(self) -> str:
        slug = self.key.replace("/", "-").replace("_", "-")
        return f"{slug}.{self.rng.randrange(1_000_000)}@post.sykehuset.example"

    def mail(self, sender: Person, subject: str, words: str, /, **more) -> letters.Written:
        """A mail from somebody to ikt@, signed with their name."""
        facts: dict[str, Any] = {
            "sender_name": sender.name,
            "sender_address": address_of(sender),
            "to": self.ikt.address,
            "subject": subject,
            "words": f"{words}\n\nMvh\n{sender.name}",
            "at": clock.now(),
            "header_id": self.header_id(),
        }
        return letters.Written(**(facts | more))

    def write(self, sender: Person, subject: str, words: str, /, **more) -> InboundMail:
        return parts.arrive(letters.build(self.mail(sender, subject, words, **more)), self.ikt)

    def case_of(self, sender: Person, subject: str, words: str, /, **more) -> Ticket:
        row = self.write(sender, subject, words, **more)
        if row.ticket is None:
            raise RuntimeError(f"{self.key}: {row.outcome} {row.set_aside_reason}")
        return row.ticket

    def take(self, ticket: Ticket, *, by: Person, service: str, type: str = TicketType.SERVICE_REQUEST) -> None:
        """Assessed for a single user, and taken."""
        ticket.refresh_from_db()
        incident = type == TicketType.INCIDENT
        assessment.assess(
            ticket=ticket,
            by=by,
            type=type,
            service=self.hospital.services[service],
            impact=Impact.INDIVIDUALS,
            consequence=story.DETOUR if incident else None,
        )
        assignment.take(ticket=ticket, by=by)

    def answer(self, ticket: Ticket, *, by: Person, words: str) -> None:
        answering.answer(ticket=ticket, by=by, words=words)

    def solve(self, ticket: Ticket, *, by: Person, words: str) -> None:
        resolution.resolve(ticket=ticket, by=by, words=words)

    def reply(self, ticket: Ticket, sender: Person, words: str, /, **more) -> InboundMail:
        """A reply to our newest mail of the case, whoever it went to."""
        mail = parts.last_mail(ticket)
        if mail is None:
            raise RuntimeError(f"{self.key}: there is no mail to reply to")
        below = parts.quoted(mail, self.ikt, sender.name)
        facts = {"answers": mail.header_id, "quoted": below} | more
        return self.write(sender, f"SV: {ticket.subject}", words, **facts)


def hello(person: Person, words: str) -> str:
    return f"Hei {person.name.split()[0]}!\n\n{words}"
