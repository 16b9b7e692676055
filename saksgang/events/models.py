"""What happened, once and for good; and which readers have yet to hear of it."""

from __future__ import annotations

from datetime import timedelta
from typing import ClassVar

from django.db import models
from django.db.models import Q

from saksgang.lib.passing import Passing


class Event(models.Model):
    """One change. Holds ids and enumerated values; free text stands in `reason` only. No foreign keys: it outlives what it names."""

    kind = models.CharField(max_length=60)  # past tense: ticket_taken
    version = models.PositiveSmallIntegerField(default=1)  # of the shape of before and after
    at = models.DateTimeField()
    by_person_id = models.BigIntegerField(null=True)
    by_robot = models.CharField(max_length=40, default="")
    subject_kind = models.CharField(max_length=30)
    subject_id = models.BigIntegerField()
    ticket_id = models.BigIntegerField(null=True)
    before = models.JSONField(default=dict)  # only what changed
    after = models.JSONField(default=dict)
    reason = models.TextField(default="")
    redacted_at = models.DateTimeField(null=True)
    redacted_by_id = models.BigIntegerField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="event_by_one",
                condition=Q(by_person_id__isnull=False, by_robot="") | (Q(by_person_id__isnull=True) & ~Q(by_robot="")),
            ),
            models.CheckConstraint(
                name="event_redaction_pair",
                condition=Q(redacted_at__isnull=True, redacted_by_id__isnull=True)
                | Q(redacted_at__isnull=False, redacted_by_id__isnull=False),
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["ticket_id", "id"], name="event_ticket"),
            models.Index(fields=["kind", "at"], name="event_kind_at"),
        ]


class Alarm(models.Model):
    """Something that is wrong for now. Raised once and ended once; the page, the log and the webhook tell of it."""

    kind = models.CharField(
        max_length=30
    )  # silent_mailbox, mailbox_failing, heartbeat_lost, mailbox_count, mail_storm, relay_failing, clock_wrong, held
    key = models.CharField(max_length=254)  # what it is about: a mailbox's short name, an address
    open = models.PositiveSmallIntegerField(default=1)
    raised_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    details = models.TextField(default="")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["kind", "key"], condition=Q(open=1), name="alarm_once"),
            models.CheckConstraint(
                name="alarm_ended_whole",
                condition=Q(open=1, ended_at__isnull=True) | Q(open=0, ended_at__isnull=False),
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["open", "raised_at"], name="alarm_open")]


class LifeSign(models.Model):
    """When something that goes on by itself last did. Whoever stands still cannot raise an alarm about it.

    The worker's slots tell it too, but the pages may not look into the worker's room.
    """

    name = models.CharField(max_length=30, unique=True)  # worker
    seen_at = models.DateTimeField()


class Listening(Passing):
    """A process that serves pages: how many streams are open in it, and how late it told the last change."""

    LASTS: ClassVar[timedelta] = timedelta(minutes=2)

    process = models.SlugField(max_length=40, unique=True)
    streams = models.PositiveIntegerField()
    lag_ms = models.PositiveIntegerField()


class Delivery(models.Model):
    """A promise that one follower will hear of one event. Deleted when kept; `dead` where a person must look."""

    event = models.ForeignKey(Event, on_delete=models.PROTECT)
    follower = models.CharField(max_length=40)
    due_at = models.DateTimeField()
    claimed_until = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    dead = models.BooleanField(default=False)
    last_error = models.TextField(default="")

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["event", "follower"], name="delivery_once")]
        indexes: ClassVar = [models.Index(fields=["follower", "dead", "due_at"], name="delivery_due")]
