"""Whom somebody must phone, because no mail reaches them."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from saksgang.people.models import Person
from saksgang.tickets import kinds
from saksgang.tickets.models.message import Message


class Call(models.Model):
    """A requester who has no address is told a message by phone: not told until somebody has talked with them.

    The words to say are the message's, and the case is the message's case, wherever the message is moved to.
    """

    message = models.ForeignKey(Message, on_delete=models.PROTECT, related_name="calls")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    due_at = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)  # without getting an answer
    done_at = models.DateTimeField(null=True)
    done_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    outcome = models.CharField(max_length=10, choices=kinds.CallOutcome, default="")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["message", "person"], name="call_once"),
            models.CheckConstraint(
                name="call_done_whole",
                condition=Q(done_at__isnull=True, done_by__isnull=True, outcome="")
                | Q(done_at__isnull=False, done_by__isnull=False, outcome__in=kinds.CallOutcome.values),
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["due_at", "id"], condition=Q(done_at__isnull=True), name="call_open")]
