"""What agents have half written."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from saksgang.people.models import Person


class Draft(models.Model):
    """The unsent text of one box on one case. Kept on the server: a ward's shared PC keeps nothing."""

    ticket = models.ForeignKey("tickets.Ticket", on_delete=models.CASCADE, related_name="+")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    box = models.SlugField(max_length=20)  # answer, note, conversation, waiting, resolution, closure, outward
    text = models.TextField()
    changed_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["ticket", "person", "box"], name="draft_once")]
