"""Saying that two cases belong together, and that they do not."""

from __future__ import annotations

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from saksgang.people.models import Person
from saksgang.tickets import policies
from saksgang.tickets.actions.core import lock, store
from saksgang.tickets.kinds import LinkKind
from saksgang.tickets.models import Ticket, TicketLink


@transaction.atomic
def link(*, ticket: Ticket, by: Person, other: Ticket) -> Ticket:
    """The two belong together: each page shows the other to those who may see it. Nothing is moved."""
    ticket = lock(ticket)
    policies.check_may_work(by, ticket)
    if other.pk == ticket.pk:
        raise policies.Refused(_("A case cannot be linked to itself."))
    if _between(ticket, other).exists():
        raise policies.Refused(_("The two cases are linked already."))
    TicketLink.objects.create(ticket=ticket, other=other, kind=LinkKind.RELATED)
    store(ticket, "ticket_linked", by=by, after={"other_ticket_id": other.pk})
    return ticket


@transaction.atomic
def unlink(*, ticket: Ticket, by: Person, other: Ticket) -> Ticket:
    """What somebody linked by hand; how a case came about stays."""
    ticket = lock(ticket)
    policies.check_may_work(by, ticket)
    gone, _rows = _between(ticket, other).filter(kind=LinkKind.RELATED).delete()
    if not gone:
        raise policies.Refused(_("The two cases are not linked."))
    store(ticket, "ticket_unlinked", by=by, after={"other_ticket_id": other.pk})
    return ticket


def _between(one: Ticket, other: Ticket) -> QuerySet[TicketLink]:
    return TicketLink.objects.filter(Q(ticket=one, other=other) | Q(ticket=other, other=one))
