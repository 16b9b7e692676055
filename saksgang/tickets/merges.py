"""Which cases have gone into which others, and where a case lives on."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from saksgang.lib.prepared import prepared
from saksgang.people.models import Person
from saksgang.tickets.kinds import CloseReason, LinkKind
from saksgang.tickets.models import Message, Ticket, TicketLink, TicketMerge
from saksgang.tickets.policies import Refused
from saksgang.tickets.seen import may_see

LONGEST_WAY = 50  # of cases that went into one another: more are somebody's mistake, and no mail turns in a circle


def standing(ticket: Ticket) -> TicketMerge | None:
    """The merge that ended this case, as long as nobody has undone it."""
    return next(iter(_standing(ticket.pk)), None)


@prepared
def _standing(ticket_id: int) -> QuerySet[TicketMerge]:
    return TicketMerge.objects.filter(ticket_id=ticket_id, undone_at__isnull=True).select_related("into", "by")


def seen_case(viewer: Person, number: int) -> Ticket:
    """The case with this number. Raises Refused, alike for one that `viewer` may not see and one that is not there."""
    found = Ticket.objects.visible_to(viewer).filter(pk=number).first()
    if found is None:
        raise Refused(_("There is no case %(number)s.") % {"number": number})
    return found


def absorbed(into: Ticket) -> QuerySet[TicketMerge]:
    """The merges that brought other cases into this one, as far as they stand."""
    return TicketMerge.objects.filter(into=into, undone_at__isnull=True).select_related("ticket", "by").order_by("id")


def absorbed_seen(viewer: Person, into: Ticket) -> list[TicketMerge]:
    """The same, of those cases that `viewer` may see."""
    return list(absorbed(into).filter(may_see(viewer)))


def family(ticket: Ticket) -> list[int]:
    """Numbers of all cases that live on in this one, at first hand or through others."""
    found: list[int] = []
    newest = [ticket.pk]
    while newest and len(found) < LONGEST_WAY:
        here = TicketMerge.objects.filter(into__in=newest, undone_at__isnull=True)
        newest = [pk for pk in here.values_list("ticket_id", flat=True) if pk not in found]
        found += newest
    return found


def received_without(into: Ticket) -> datetime:
    """The earliest word on a case and those that live on in it, as the merges stand now."""
    first = TicketMerge.objects.filter(into=into).order_by("id").first()
    own = datetime.fromisoformat(first.before["received_at"]) if first else into.received_at
    return min([own, *(one.ticket.received_at for one in absorbed(into))])


def lives_on_in(ticket: Ticket) -> Ticket:
    """Where a case's mails belong: to itself, or to the case that it went into."""
    for _step in range(LONGEST_WAY):
        nearer = _home(ticket)
        if nearer is None:
            break
        ticket = nearer
    return ticket


def homes(tickets: Iterable[Ticket]) -> dict[int, int]:
    """Case → the number of the case that it lives on in, mostly its own; asked once for as many as there are."""
    known = {one.pk: one for one in tickets}
    way: dict[int, int] = {}
    left = {pk for pk, one in known.items() if one.close_reason == CloseReason.MERGED}
    for _step in range(LONGEST_WAY):
        if not left:
            break
        gone = TicketMerge.objects.filter(ticket__in=left, undone_at__isnull=True).values_list("ticket_id", "into_id")
        nearer = {pk: into for pk, into in gone if pk not in way}
        way |= nearer
        left = set(nearer.values())
    way |= {pk: lives_on_in(one).pk for pk, one in known.items() if one.close_reason == CloseReason.DUPLICATE}
    return {pk: _end_of(way, pk) for pk in known}


def _end_of(way: dict[int, int], pk: int) -> int:
    for _step in range(LONGEST_WAY):
        if way.get(pk, pk) == pk:
            break
        pk = way[pk]
    return pk


def _home(ticket: Ticket) -> Ticket | None:
    if ticket.close_reason == CloseReason.MERGED:
        merged = standing(ticket)
        return merged.into if merged else None
    if ticket.close_reason == CloseReason.DUPLICATE:  # as it was closed before cases could be merged
        link = TicketLink.objects.filter(ticket=ticket, kind=LinkKind.DUPLICATE).select_related("other").first()
        return link.other if link and (link.other.restricted or not ticket.restricted) else None
    return None


def origin(message: Message) -> Ticket:
    """The case that a message would be on, had nothing been merged."""
    ticket = message.ticket
    for _step in range(LONGEST_WAY):
        came_with = next((one for one in absorbed(ticket) if message.pk in one.message_ids), None)
        if came_with is None:
            break
        ticket = came_with.ticket
    return ticket
