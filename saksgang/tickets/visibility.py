"""What somebody may see. The only way to load, count, stream or list cases goes through here."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Exists, OuterRef, Q

from saksgang.access.queries import grants_of, may
from saksgang.access.roles import ROLES, Permission
from saksgang.lib.prepared import Prepared
from saksgang.people.models import Person, PersonAddress

if TYPE_CHECKING:
    from saksgang.tickets.models import Ticket  # noqa: F401 - named in the base class below


class TicketQuerySet(models.QuerySet["Ticket"]):
    def visible_to(self, person: Person) -> TicketQuerySet:
        """Unrestricted cases for every agent; restricted ones for their assignee, their named readers and their team's leaders."""
        if not may(person, Permission.READ_TICKETS):
            return self.none()
        from saksgang.tickets.models import TicketReader

        teams = [team for role, team in grants_of(person) if Permission.READ_RESTRICTED in ROLES[role]]
        if None in teams:  # given for every team
            return self.all()
        named = Exists(TicketReader.objects.filter(ticket=OuterRef("pk"), person=person))
        return self.filter(Q(restricted=False) | Q(assignee=person) | Q(team_id__in=teams) | named)


def persons_known_to(viewer: Person) -> models.QuerySet[Person]:
    """Everybody but those of whom the desk knows only by restricted cases that `viewer` may not see."""
    from saksgang.tickets.models import Message, Ticket, TicketRequester

    seen = Ticket.objects.visible_to(viewer)
    hidden = Ticket.objects.filter(restricted=True).exclude(pk__in=seen.filter(restricted=True).values("pk"))
    there = Q(pk__in=TicketRequester.objects.filter(ticket__in=hidden).values("person_id"))
    there |= Q(pk__in=Message.objects.filter(ticket__in=hidden, author__isnull=False).values("author_id"))
    elsewhere = Q(Exists(TicketRequester.objects.filter(person=OuterRef("pk")).exclude(ticket__in=hidden)))
    elsewhere |= Q(Exists(Message.objects.filter(author=OuterRef("pk")).exclude(ticket__in=hidden)))
    vouched = Q(external_id__isnull=False) | Q(account__isnull=False) | Q(department__isnull=False)
    vouched |= Q(Exists(PersonAddress.objects.filter(person=OuterRef("pk"), verified_at__isnull=False)))
    return Person.objects.exclude(there & ~elsewhere & ~vouched)


class SeenBy:
    """A prepared read of cases. `build` gets the cases that somebody may see, and ids; it is called as read(viewer, *ids).

    What one may see follows from visible_to() and nothing else: it is asked once for each set of roles that anybody has, with
    a stand-in for the person who has them.
    """

    def __init__(self, build: Callable[..., models.QuerySet[Any]]) -> None:
        self.build = build
        self._with = lru_cache(maxsize=256)(self._prepare)

    def __call__(self, viewer: Person, *ids: int) -> list[Any]:
        return self.prepared(viewer)(viewer.pk, *ids)

    def prepared(self, viewer: Person) -> Prepared:
        """The read for somebody with these roles; its first argument is whoever asks."""
        return self._with(viewer.active, tuple(sorted(grants_of(viewer), key=str)))

    def _prepare(self, active: bool, grants: tuple[tuple[str, int | None], ...]) -> Prepared:
        from saksgang.tickets.models import Ticket

        def whole(viewer_id: int, *ids: int) -> models.QuerySet[Any]:
            somebody = Person(pk=viewer_id, active=active)
            somebody.__dict__["_grants"] = list(grants)
            return self.build(Ticket.objects.visible_to(somebody), *ids)

        return Prepared(whole)


def seen_by(build: Callable[..., models.QuerySet[Any]]) -> SeenBy:
    """Makes a prepared read of cases of a function that narrows what somebody may see."""
    return SeenBy(build)
