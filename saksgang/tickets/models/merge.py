"""One case that went into another, and what it brought there: enough to give it all back."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from saksgang.people.models import Person
from saksgang.tickets.constraints import both_or_neither
from saksgang.tickets.models.ticket import Ticket


class TicketMerge(models.Model):
    """That `ticket` ended as a part of `into`. Undone, the row stays as what happened."""

    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="merges")
    into = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="absorbed")
    at = models.DateTimeField()
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    message_ids = models.JSONField(default=list)  # that went along
    # What stood where before, as ids and moments, by the names that actions/merging.py gives them.
    before = models.JSONField(default=dict)
    undone_at = models.DateTimeField(null=True)
    undone_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["ticket"], condition=Q(undone_at__isnull=True), name="merge_once"),
            models.CheckConstraint(name="merge_into_another", condition=~Q(ticket=F("into"))),
            models.CheckConstraint(name="merge_undone_pair", condition=both_or_neither("undone_at", "undone_by")),
        ]
