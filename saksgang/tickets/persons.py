"""Which persons somebody may know of: restricted cases don't give away who is in them."""

from __future__ import annotations

from django.db import models
from django.db.models import Exists, OuterRef, Q

from saksgang.people.models import Person, PersonAddress
from saksgang.tickets.models import Message, Ticket, TicketRequester
from saksgang.tickets.seen import seen_by
from saksgang.tickets.visibility import TicketQuerySet


def persons_known_to(viewer: Person) -> models.QuerySet[Person]:
    """Everybody but those of whom the desk knows only by restricted cases that `viewer` may not see."""
    return _known_by(Ticket.objects.visible_to(viewer))


def person_known_to(viewer: Person, pk: int) -> Person | None:
    """The active person with this id, with their department, if `viewer` may know of them."""
    return next(iter(_person(viewer, pk)), None)


@seen_by
def _person(seen: TicketQuerySet[Ticket], pk: int) -> models.QuerySet[Person]:
    return _known_by(seen).select_related("department").filter(pk=pk, active=True)


def _known_by(seen: TicketQuerySet[Ticket]) -> models.QuerySet[Person]:
    hidden = Ticket.objects.filter(restricted=True).exclude(pk__in=seen.filter(restricted=True).values("pk"))
    there = Q(pk__in=TicketRequester.objects.filter(ticket__in=hidden).values("person_id"))
    there |= Q(pk__in=Message.objects.filter(ticket__in=hidden, author__isnull=False).values("author_id"))
    elsewhere = Q(Exists(TicketRequester.objects.filter(person=OuterRef("pk")).exclude(ticket__in=hidden)))
    elsewhere |= Q(Exists(Message.objects.filter(author=OuterRef("pk")).exclude(ticket__in=hidden)))
    vouched = Q(external_id__isnull=False) | Q(account__isnull=False) | Q(department__isnull=False)
    vouched |= Q(Exists(PersonAddress.objects.filter(person=OuterRef("pk"), verified_at__isnull=False)))
    return Person.objects.exclude(there & ~elsewhere & ~vouched)
