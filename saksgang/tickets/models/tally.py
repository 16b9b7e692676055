"""What is only counted."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from saksgang.catalogue.models import Category
from saksgang.people.models import Department, Person, Team
from saksgang.tickets.models.ticket import Ticket


class Tally(models.Model):
    """Something small that was asked, done and answered on the spot, and is only counted: who asked is not kept."""

    category = models.ForeignKey(Category, on_delete=models.PROTECT)
    department = models.ForeignKey(Department, null=True, on_delete=models.PROTECT)
    minutes = models.PositiveSmallIntegerField()
    at = models.DateTimeField()
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="+")
    ticket = models.ForeignKey(Ticket, null=True, on_delete=models.PROTECT, related_name="+")  # the case that it became

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(name="tally_minutes", condition=Q(minutes__gte=1, minutes__lte=240))
        ]
        indexes: ClassVar = [
            models.Index(fields=["category", "department", "at"], name="tally_alike"),
            models.Index(fields=["-at", "-id"], name="tally_newest"),
        ]
