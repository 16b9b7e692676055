"""What the managers' triage team is asked."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from saksgang.catalogue.models import RoutingRule
from saksgang.people.models import Person, Team
from saksgang.tickets import kinds
from saksgang.tickets.constraints import OF_A_CLARIFICATION
from saksgang.tickets.models.ticket import Ticket


class Clarification(models.Model):
    """A question to the triage team of the managers, and what they decided."""

    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="clarifications")
    triage = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="+")  # who is asked
    question = models.TextField()
    asked_at = models.DateTimeField()
    # Who: somebody, or the routing rule that the case fell under as it came.
    asked_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    rule = models.ForeignKey(RoutingRule, null=True, on_delete=models.PROTECT, related_name="+")
    # For whom: the case comes back there with the answer.
    asking_team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="+")
    asking_assignee = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    owner = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")  # who sees to it
    challenge = models.BooleanField(default=False)  # none of the three types: the decision says which, or ends it (M1)
    urgent = models.BooleanField(default=False)
    due_at = models.DateTimeField()
    at_meeting = models.BooleanField(default=False)  # due when the triage team meets
    postponed_count = models.PositiveSmallIntegerField(default=0)  # meetings that it was moved past
    decision = models.CharField(max_length=20, choices=kinds.Decision, null=True)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    reason = models.TextField(default="")
    # Nobody decided it at two meetings: told to the department head, or to nobody where there is none who may see the case.
    escalated_at = models.DateTimeField(null=True)
    escalated_to = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    redacted_at = models.DateTimeField(null=True)
    redacted_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar = OF_A_CLARIFICATION
        indexes: ClassVar = [
            models.Index(fields=["due_at", "id"], condition=Q(decision__isnull=True), name="clarification_open")
        ]
