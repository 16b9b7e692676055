"""What somebody may see. The only way to load, count, stream or list cases goes through here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Exists, OuterRef, Q

from saksgang.access.queries import grants_of, may
from saksgang.access.roles import ROLES, Permission
from saksgang.people.models import Person

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
