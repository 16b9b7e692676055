"""A case as one person sees it: what the parts of its page and its forms ask of it, each read once."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.urls import reverse

from saksgang.access.queries import may
from saksgang.access.roles import Permission
from saksgang.catalogue import queries as catalogue
from saksgang.catalogue.models import Category, Service
from saksgang.console.case import copies, reading
from saksgang.console.models import Draft
from saksgang.console.pages import ConsoleRequest, ticket_or_404
from saksgang.events.models import Event
from saksgang.lib import clock
from saksgang.lib.prepared import prepared
from saksgang.outbound.queries import deliveries
from saksgang.people import queries as people
from saksgang.people.models import Person, Team
from saksgang.tickets import calls, clarifications, majors, neighbours, policies, queries
from saksgang.tickets.actions import freshness
from saksgang.tickets.actions.ending import open_parts
from saksgang.tickets.kinds import NextStep
from saksgang.tickets.models import (
    Call,
    Clarification,
    IdentityProof,
    MajorIncident,
    Message,
    Ticket,
    TicketRequester,
)
from saksgang.tickets.states import MOVES


@prepared
def _drafts(ticket_id: int, person_id: int) -> QuerySet[Draft, Any]:
    return Draft.objects.filter(ticket_id=ticket_id, person_id=person_id).values_list("box", "text")


class Case:
    """One case as one person sees it."""

    def __init__(self, request: ConsoleRequest, number: int) -> None:
        self.request = request
        self.person: Person = request.person
        # Read before the case: what the page shows is never older than what it says it has seen.
        self.newest = queries.newest_event(number)
        self.ticket: Ticket = ticket_or_404(request, number)
        # What was seen by whoever sends a form or fetches a panel. None: they come from no page of the case.
        self.seen = _mark(request.POST.get("seen") or request.GET.get("seen"))
        self.stopped = False

    @property
    def posted(self) -> bool:
        return self.request.method == "POST"

    @cached_property
    def requesters(self) -> list[TicketRequester]:
        return queries.requesters(self.ticket)

    @cached_property
    def conversation(self) -> list[Message]:
        return queries.conversation(self.ticket)

    @cached_property
    def recipients(self) -> dict[int, list[queries.Recipient]]:
        """Message → those it went to."""
        return queries.recipients(self.ticket)

    @cached_property
    def mails_sent(self) -> dict[int | None, list[dict[str, Any]]]:
        """Message (None: receipts) → how its mails fared."""
        return deliveries(self.ticket.pk)

    @cached_property
    def also_written_to(self) -> list[copies.Copied]:
        """Whom «Svar alle» means."""
        return copies.also_written_to(self.conversation, self.recipients, self.addresses)

    @cached_property
    def addresses(self) -> dict[int, list[str]]:
        """Requester → where mail reaches them."""
        return queries.addresses_of_requesters(self.ticket)

    @cached_property
    def links(self) -> list[dict[str, Any]]:
        """The cases that this one hangs together with."""
        return neighbours.links(self.person, self.ticket)

    @cached_property
    def parts(self) -> list[neighbours.Part]:
        """What it is a part of, and what other teams do for it."""
        return neighbours.parts(self.person, self.ticket)

    @cached_property
    def open_parts(self) -> list[Ticket]:
        """Its sub-cases that are not done, whoever may see them."""
        return open_parts(self.ticket)

    @cached_property
    def proposed(self) -> Category | None:
        """The kind that a routing rule proposes, until the case is assessed or somebody has said its kind."""
        ticket = self.ticket
        if ticket.assessed_at or ticket.category_id or not ticket.routing_rule_id:
            return None
        kind = catalogue.routing_rule(ticket.routing_rule_id).proposes
        return kind if kind and kind.active else None

    @cached_property
    def proofs(self) -> dict[int, IdentityProof]:
        """Requester → how they showed who they are."""
        return queries.proofs(self.ticket)

    @cached_property
    def services(self) -> list[Service]:
        return catalogue.services()

    @cached_property
    def teams(self) -> list[Team]:
        return people.active_teams()

    @cached_property
    def clarifications(self) -> list[Clarification]:
        """What the triage team was asked about the case, the newest first."""
        return clarifications.of_case(self.ticket) if self.ticket.clarifications_asked else []

    @cached_property
    def calls(self) -> list[Call]:
        """Whom somebody must phone, or has: looked for where mail does not reach everybody."""
        all_by_mail = all(self.addresses.get(one.person_id) for one in self.requesters)
        return [] if all_by_mail and self.ticket.next_step != NextStep.CALL else calls.of_case(self.ticket)

    @cached_property
    def offered_majors(self) -> list[MajorIncident]:
        """Faults of many that the case may be about."""
        return majors.matching(self.ticket, clock.now(), service_id=self.proposed.service_id if self.proposed else None)

    @cached_property
    def drafts(self) -> dict[str, str]:
        """Box → what this person has half written in it."""
        return dict(_drafts(self.ticket.pk, self.person.pk))

    @cached_property
    def seen_until(self) -> int | None:
        """How far this person had read before this page was made."""
        return reading.seen_until(self.ticket.pk, self.person)

    @cached_property
    def last_message_id(self) -> int:
        return max((message.pk for message in self.conversation), default=0)

    @property
    def mark(self) -> int:
        """The newest event that whoever looks at this page has seen; its forms carry it."""
        return self.newest if self.seen is None or self.stopped else min(self.seen, self.newest)

    @cached_property
    def came(self) -> list[Event]:
        """What others did since the page was made from which a form was just stopped."""
        return freshness.since(self.ticket.pk, self.person, self.seen or 0, self.newest) if self.stopped else []

    @cached_property
    def may_work(self) -> bool:
        return policies.may_work(self.person, self.ticket)

    def holds(self, permission: Permission) -> bool:
        return may(self.person, permission)

    def can(self, move: str) -> bool:
        """Whether a button for the move makes sense: this person may, and the case's state allows it."""
        return self.may_work and move in MOVES and policies.can(move, self.ticket)

    @property
    def url(self) -> str:
        return reverse("console:ticket", args=[self.ticket.pk])

    @property
    def undo_url(self) -> str:
        """Where one's own last change of the facts is undone."""
        return reverse("console:ticket_undoing", args=[self.ticket.pk]) + "?do=undo"


def message_on_case(request: ConsoleRequest, pk: int) -> tuple[Message, Case]:
    """A message and the page of its case, if this person may see it. To everybody else it does not exist."""
    message = get_object_or_404(Message, pk=pk, ticket__in=Ticket.objects.visible_to(request.person))
    return message, Case(request, message.ticket_id)


def _mark(written: str | None) -> int | None:
    """A mark as a page carries it. One that cannot be read has seen nothing."""
    if written is None:
        return None
    return int(written) if written.isascii() and written.isdigit() and len(written) < 19 else 0
