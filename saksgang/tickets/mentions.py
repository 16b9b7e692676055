"""Who is mentioned on which case, and who can be: they work here, and may see the case."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from saksgang.access.queries import who_may
from saksgang.access.roles import Permission
from saksgang.lib.prepared import prepared
from saksgang.people.models import Person
from saksgang.tickets.models import Ticket, TicketMention
from saksgang.tickets.rules.mentions import Called, called


def mentioned_to(person: Person) -> QuerySet[Ticket]:
    """The cases on which a colleague has mentioned this person, and they have neither said anything nor ticked it off."""
    numbers = [ticket for ticket, _message, _name in _open(person.pk)]
    return Ticket.objects.visible_to(person).filter(pk__in=numbers).order_by("-changed_at", "id")


@prepared
def _open(person_id: int) -> QuerySet[TicketMention, Any]:
    ones = TicketMention.objects.filter(person_id=person_id, closed_at__isnull=True).order_by("id")
    return ones.values_list("ticket_id", "message_id", "message__author_name")


def open_mentions(person: Person) -> dict[int, tuple[int, str]]:
    """Case → the newest message that mentions this person, and who wrote it."""
    return {ticket: (message, name) for ticket, message, name in _open(person.pk)}


def who_can_be_mentioned(ticket: Ticket) -> list[Person]:
    """Everybody who can sign in here and may see the case, in Norwegian order."""
    agents = list(who_may(Permission.READ_TICKETS, team=None).order_by("sort_key", "pk"))
    if not ticket.restricted:
        return agents
    return [one for one in agents if Ticket.objects.visible_to(one).filter(pk=ticket.pk).exists()]


def calls_in(ticket: Ticket, words: str) -> Called:
    """Whom a note on the case calls by name."""
    if "@" not in words:
        return Called({}, {}, [])
    return called(words, {one.pk: one.name for one in who_can_be_mentioned(ticket)})
