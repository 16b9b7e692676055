"""Mails that leave: what was promised, the exact bytes, and how each try went."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import pgettext_lazy


class DeliveryState(models.TextChoices):
    QUEUED = "queued", pgettext_lazy("delivery state", "Waiting to be sent")
    SENT = "sent", pgettext_lazy("delivery state", "Delivered")
    DELAYED = "delayed", pgettext_lazy("delivery state", "Delayed")
    FAILED = "failed", pgettext_lazy("delivery state", "Not delivered")
    BOUNCED = "bounced", pgettext_lazy("delivery state", "Came back")
    WITHDRAWN = "withdrawn", pgettext_lazy("delivery state", "Taken back before it was sent")


class Bounce(models.TextChoices):
    HARD = "hard", pgettext_lazy("bounce", "For good: there is no such address")
    SOFT = "soft", pgettext_lazy("bounce", "For now: a full mailbox, a server that was away")


class OutboundMail(models.Model):
    """One mail to one recipient, because of one event. Rendered once; every try sends the same bytes."""

    event_id = models.BigIntegerField()
    ticket = models.ForeignKey("tickets.Ticket", on_delete=models.PROTECT, related_name="+")
    message = models.ForeignKey("tickets.Message", null=True, on_delete=models.PROTECT, related_name="+")
    person_id = models.BigIntegerField(null=True)
    kind = models.CharField(max_length=20)  # acknowledgement, or that of the message
    recipient = models.CharField(max_length=254)
    envelope_from = models.CharField(max_length=254)
    header_id = models.CharField(max_length=300, unique=True)  # the Message-ID, without the angle brackets
    raw_sha256 = models.CharField(max_length=64)
    bulk = models.BooleanField(default=False)  # one of many that say the same, which nothing else waits for
    clears_answer = models.BooleanField(default=False)  # if it fails, an answer is owed again

    state = models.CharField(max_length=10, choices=DeliveryState, default=DeliveryState.QUEUED)
    pending = models.PositiveSmallIntegerField(default=1)  # 1 while it must still be sent: small, for the index
    created_at = models.DateTimeField()
    try_at = models.DateTimeField()
    claimed_until = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    sent_at = models.DateTimeField(null=True)
    failed_at = models.DateTimeField(null=True)
    last_error = models.TextField(default="")
    bounce = models.CharField(max_length=4, choices=Bounce, default="")  # of a mail that came back

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["event_id", "recipient"], name="outbound_once"),
            models.CheckConstraint(
                name="outbound_state_whole",
                condition=Q(state__in=["queued", "delayed"], pending=1, sent_at__isnull=True)
                # Late at somebody else's server: the relay has taken it, and says that it is still trying.
                | Q(state__in=["sent", "bounced", "delayed"], pending=0, sent_at__isnull=False)
                | Q(state="failed", pending=0, failed_at__isnull=False)
                | Q(state="withdrawn", pending=0, sent_at__isnull=True),
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["pending", "try_at", "id"], name="outbound_pending"),
            models.Index(fields=["ticket"], name="outbound_ticket"),
        ]


class OutboundAttempt(models.Model):
    """One try to hand a mail to the relay. Every one is kept."""

    mail = models.ForeignKey(OutboundMail, on_delete=models.PROTECT, related_name="tries")
    at = models.DateTimeField()
    code = models.PositiveSmallIntegerField(null=True)  # the relay's answer; empty when there was none
    answer = models.TextField(default="")
