"""Calling a colleague by name in a note: they are told, and the case stays with whoever has it."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from saksgang.access.queries import check_may
from saksgang.access.roles import Permission
from saksgang.events.actions import record
from saksgang.lib import clock
from saksgang.people.models import Person
from saksgang.tickets import policies
from saksgang.tickets.mentions import calls_in
from saksgang.tickets.models import Message, Ticket, TicketMention


def whom(ticket: Ticket, by: Person, words: str) -> list[int]:
    """The persons that a note calls, its writer apart. Raises Refused when a name is several persons'."""
    calls = calls_in(ticket, words)
    for written, names in calls.unclear.items():
        told = {"written": written, "names": ", ".join(names)}
        raise policies.Refused(_("«@%(written)s» may be %(names)s. Write the whole name.") % told)
    return [person for person in calls.names if person != by.pk]


def mention(message: Message, persons: list[int]) -> None:
    TicketMention.objects.bulk_create(
        TicketMention(ticket_id=message.ticket_id, message=message, person_id=person) for person in persons
    )


@transaction.atomic
def tick_off(*, ticket: Ticket, by: Person) -> None:
    """The case leaves the list of the one who was mentioned, who has nothing to say on it."""
    check_may(by, Permission.READ_TICKETS)
    ticket = Ticket.objects.select_for_update().get(pk=ticket.pk)
    theirs = TicketMention.objects.filter(ticket=ticket, person=by, closed_at__isnull=True)
    if not theirs.update(closed_at=clock.now()):
        raise policies.Refused(_("It is ticked off already."))
    record("mention_closed", by=by, subject=ticket, ticket_id=ticket.pk, after={"mentioned_ids": [by.pk]})
