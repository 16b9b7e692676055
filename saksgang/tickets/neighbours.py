"""What stands beside a case: those it hangs together with, its requesters' others, its ward's."""

from __future__ import annotations

from datetime import datetime
from typing import Any, NamedTuple

from django.db.models import Q, QuerySet

from saksgang.lib.prepared import prepared
from saksgang.people.models import Person
from saksgang.tickets.kinds import LinkKind
from saksgang.tickets.models import (
    Ticket,
    TicketLink,
    TicketRequester,
)
from saksgang.tickets.seen import seen_by
from saksgang.tickets.visibility import TicketQuerySet

MOST_ALIKE = 20


@seen_by
def _other_cases(cases: TicketQuerySet[Ticket], ticket_id: int) -> QuerySet[Ticket, Any]:
    people = TicketRequester.objects.filter(ticket_id=ticket_id).values("person_id")
    theirs = TicketRequester.objects.filter(person_id__in=people).values("ticket_id")
    return _short(cases.filter(pk__in=theirs).exclude(pk=ticket_id))


def other_cases(viewer: Person, ticket: Ticket) -> list[ShortCase]:
    """The requesters' other cases: the open ones first, and where something happened last."""
    return [ShortCase(*row) for row in _other_cases(viewer, ticket.pk)]


@seen_by
def _department_cases(cases: TicketQuerySet[Ticket], department_id: int, ticket_id: int) -> QuerySet[Ticket, Any]:
    return _short(cases.filter(affected_department_id=department_id, open=1).exclude(pk=ticket_id))


def department_cases(viewer: Person, ticket: Ticket) -> list[ShortCase]:
    """Open cases of the same department, where something happened last first."""
    if ticket.affected_department_id is None:
        return []
    return [ShortCase(*row) for row in _department_cases(viewer, ticket.affected_department_id, ticket.pk)]


@seen_by
def _open_cases_of_person(cases: TicketQuerySet[Ticket], person_id: int) -> QuerySet[Ticket, Any]:
    theirs = TicketRequester.objects.filter(person_id=person_id).values("ticket_id")
    return _short(cases.filter(pk__in=theirs, open=1))


def open_cases_of_person(viewer: Person, person_id: int) -> list[ShortCase]:
    """What somebody has open already, for whoever answers their call."""
    return [ShortCase(*row) for row in _open_cases_of_person(viewer, person_id)]


@seen_by
def _open_cases_of_department(cases: TicketQuerySet[Ticket], department_id: int) -> QuerySet[Ticket, Any]:
    return _short(cases.filter(affected_department_id=department_id, open=1))


def open_cases_of_department(viewer: Person, department_id: int) -> list[ShortCase]:
    """What is open at a ward, for whoever answers its phone."""
    return [ShortCase(*row) for row in _open_cases_of_department(viewer, department_id)]


class ShortCase(NamedTuple):
    """Another case as a line beside the one that is read."""

    id: int
    subject: str
    state: str
    received_at: datetime
    who: str | None


def _short(cases: QuerySet[Ticket], limit: int = 6) -> QuerySet[Ticket, Any]:
    newest = ("-open", "-changed_at", "-id")
    return cases.order_by(*newest).values_list("id", "subject", "state", "received_at", "assignee__name")[:limit]


@seen_by
def _alike(cases: TicketQuerySet[Ticket], service_id: int, department_id: int, ticket_id: int) -> QuerySet[Ticket, Any]:
    same = cases.filter(service_id=service_id, affected_department_id=department_id, open=1)
    return same.exclude(pk=ticket_id).values_list("id")[:MOST_ALIKE]


def number_alike(viewer: Person, ticket: Ticket, service_id: int) -> int:
    """How many open cases of a service come from the case's own place, this one among them; MOST_ALIKE + 1 and more are one number."""
    if ticket.affected_department_id is None:
        return 1
    return 1 + len(_alike(viewer, service_id, ticket.affected_department_id, ticket.pk))


class Part(NamedTuple):
    """A sub-case, or the case that one is a part of."""

    id: int
    subject: str
    state: str
    team: str
    parent_id: int | None


@seen_by
def _family(cases: TicketQuerySet[Ticket], ticket_id: int, parent_id: int) -> QuerySet[Ticket, Any]:
    near = cases.filter(Q(parent_id=ticket_id) | Q(pk=parent_id)).order_by("id")
    return near.values_list("id", "subject", "state", "team__name", "parent_id")


def parts(viewer: Person, ticket: Ticket) -> list[Part]:
    """The case that this one is a part of, and its own parts with other teams; those one may not see are left out."""
    if not ticket.sub_case_count and ticket.parent_id is None:  # as with most cases
        return []
    return [Part(*row) for row in _family(viewer, ticket.pk, ticket.parent_id or 0)]


# Ways in which cases are tied; of several, the last counts.
TELLING = (LinkKind.RELATED, LinkKind.FOLLOWS, LinkKind.SPLIT, LinkKind.DETACHED, LinkKind.DUPLICATE, LinkKind.MERGED)


@prepared
def _tied(ticket_id: int) -> QuerySet[TicketLink, Any]:
    tied = TicketLink.objects.filter(Q(ticket_id=ticket_id) | Q(other_id=ticket_id)).order_by("id")
    return tied.values_list("kind", "ticket_id", "other_id")


def links(viewer: Person, ticket: Ticket) -> list[dict[str, Any]]:
    """Cases tied to this one, as {kind, id, subject, state, forward}; those one may not see are left out."""
    rows = _tied(ticket.pk)
    if not rows:  # as with most cases
        return []
    ids = {pk for _kind, *both in rows for pk in both} - {ticket.pk}
    cases = {
        row["id"]: row for row in Ticket.objects.visible_to(viewer).filter(pk__in=ids).values("id", "subject", "state")
    }
    # Tied in several ways, the other case stands once, with what tells most.
    sides: dict[int, tuple[str, bool]] = {}
    for kind, one, other in sorted(rows, key=lambda row: TELLING.index(row[0])):
        sides[other if one == ticket.pk else one] = (kind, one == ticket.pk)
    return [{**cases[pk], "kind": kind, "forward": forward} for pk, (kind, forward) in sides.items() if pk in cases]
