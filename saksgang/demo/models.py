"""What only the demo keeps: its mark on the database, how far it has told, and the mails that the employees got."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class DemoMark(models.Model):
    """One row: the demo made this database. `told_from` is the moment that all stories were reckoned from."""

    seed = models.PositiveIntegerField()
    told_from = models.DateTimeField()
    ready_at = models.DateTimeField(null=True)  # the first cases stand


class ToldStory(models.Model):
    """A story that has been told, so that a second start goes on where the first one stopped."""

    key = models.CharField(max_length=60, unique=True)
    ticket = models.ForeignKey("tickets.Ticket", null=True, on_delete=models.PROTECT, related_name="+")


class ReceivedMail(models.Model):
    """A mail that reached somebody outside the desk."""

    recipient = models.CharField(max_length=254)
    sender_name = models.CharField(max_length=200, default="")
    sender_address = models.CharField(max_length=254, default="")
    subject = models.CharField(max_length=300, default="")
    header_id = models.CharField(max_length=500, default="")  # Message-ID, without the angle brackets
    raw_sha256 = models.CharField(max_length=64)
    at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["at", "id"], name="received_newest"),
            models.Index(fields=["recipient", "at"], name="received_by_person"),
            models.Index(fields=["header_id"], name="received_header_id"),
        ]
