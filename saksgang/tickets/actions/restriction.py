"""Who may read a case: everybody in the desk, or only those who are named."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction
from django.utils.translation import gettext as _

from saksgang.access.queries import check_may
from saksgang.access.roles import Permission
from saksgang.people.models import Person
from saksgang.tickets import policies
from saksgang.tickets.actions.core import lock, store
from saksgang.tickets.actions.major.membership import take_out
from saksgang.tickets.models import Ticket, TicketReader


@transaction.atomic
def restrict(*, ticket: Ticket, by: Person, readers: Iterable[Person], reason: str) -> Ticket:
    """From now on only the assignee, the team's leaders and `readers` see the case. Done again, it names others.

    Whoever restricts it stays a reader. Raises Refused without a reason.
    """
    ticket = _asked(ticket, by, reason)
    named = {*(person.pk for person in readers), by.pk}
    TicketReader.objects.filter(ticket=ticket).exclude(person_id__in=named).delete()
    for pk in sorted(named):
        TicketReader.objects.get_or_create(ticket=ticket, person_id=pk)
    ticket.restricted = True
    if ticket.major_id:
        take_out(ticket, by)  # whoever follows the fault would learn of the case
    store(ticket, "ticket_restricted", by=by, reason=reason.strip(), after={"reader_ids": sorted(named)})
    return ticket


@transaction.atomic
def lift(*, ticket: Ticket, by: Person, reason: str) -> Ticket:
    """Everybody in the desk may read the case again. Raises Refused without a reason, or when it is not restricted."""
    ticket = _asked(ticket, by, reason)
    if not ticket.restricted:
        raise policies.Refused(_("The case is not restricted."))
    TicketReader.objects.filter(ticket=ticket).delete()
    ticket.restricted = False
    store(ticket, "restriction_lifted", by=by, reason=reason.strip())
    return ticket


def _asked(ticket: Ticket, by: Person, reason: str) -> Ticket:
    if not reason.strip():
        raise policies.Refused(_("Say why others may or may not read the case."))
    ticket = lock(ticket)
    check_may(by, Permission.RESTRICT_TICKETS, team=ticket.team_id)
    return ticket
