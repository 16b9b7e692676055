"""What somebody may see. The only way to load, count, stream or list cases goes through here."""

from __future__ import annotations

from typing import TypeVar

from django.db import models
from django.db.models import Exists, OuterRef, Q

from saksgang.access.queries import grants_of, may
from saksgang.access.roles import ROLES, Permission
from saksgang.people.models import Person

# The case. The models build on this file, so it reaches what it asks of through the case and the person only.
Case = TypeVar("Case", bound=models.Model)


class TicketQuerySet(models.QuerySet[Case]):
    def visible_to(self, person: Person) -> TicketQuerySet[Case]:
        """Unrestricted cases for every agent; restricted ones for their assignee, their named readers and their team's leaders."""
        if not may(person, Permission.READ_TICKETS):
            return self.none()
        teams = [team for role, team in grants_of(person) if Permission.READ_RESTRICTED in ROLES[role]]
        if None in teams:  # given for every team
            return self.all()
        named = Exists(person.ticketreader_set.filter(ticket=OuterRef("pk")))
        return self.filter(Q(restricted=False) | Q(assignee=person) | Q(team_id__in=teams) | named)
