"""What was said on a case, to whom, and with which files."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from saksgang.people.models import Person
from saksgang.tickets import kinds
from saksgang.tickets.constraints import both_or_neither
from saksgang.tickets.models.ticket import Ticket


class Message(models.Model):
    """Something said on a case. Never changed and never deleted; `redacted_at` makes a tombstone of it."""

    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="messages")
    kind = models.CharField(max_length=15, choices=kinds.MessageKind)
    visibility = models.CharField(max_length=10, choices=kinds.Visibility)
    channel = models.CharField(max_length=10, choices=kinds.Channel)
    at = models.DateTimeField()
    author = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    author_name = models.CharField(max_length=200)  # as it was written, whoever that is today
    author_address = models.CharField(max_length=254, default="")
    sender_role = models.CharField(max_length=10, choices=kinds.SenderRole)
    text = models.TextField()  # whole
    segments = models.JSONField(default=list)  # [[folded, text], …], joined they are the text
    html = models.TextField(default="")  # cleaned
    cleaner_version = models.PositiveSmallIntegerField(default=0)
    outcome = models.CharField(max_length=20, default="")  # of a conversation: reached, not_reached
    inbound_id = models.BigIntegerField(null=True)  # the ledger's row, where it came by mail
    header_id = models.CharField(max_length=500, default="")  # that mail's Message-ID, for threading
    copied = models.JSONField(default=list)  # [[name, address], …]: who else it went to
    inner_name = models.CharField(max_length=200, default="")  # of a forwarded mail: who wrote the one inside
    inner_address = models.CharField(max_length=254, default="")
    # Whence those two are: "" the mail inside, "reply_to" the head of the mail itself.
    inner_source = models.CharField(max_length=10, default="")
    unverified = models.BooleanField(default=False)  # our mail server says that the sender is forged
    undecoded = models.JSONField(default=list)  # what of the mail could not be decoded, in words
    # An agent has said what this message was: more than thanks, the answer, somebody else's matter.
    settled_at = models.DateTimeField(null=True)
    settled_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    taken_back_at = models.DateTimeField(null=True)  # by its writer, before it was sent
    detached_from = models.ForeignKey(Ticket, null=True, on_delete=models.PROTECT, related_name="+")
    # The case that its thread named, where that one lives on in this one: whoever undoes the merge sends it back there.
    came_for = models.ForeignKey(Ticket, null=True, on_delete=models.PROTECT, related_name="+")
    redacted_at = models.DateTimeField(null=True)
    redacted_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["ticket", "id"], name="message_ticket"),
            models.Index(fields=["header_id"], name="message_header_id"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="message_redaction_pair", condition=both_or_neither("redacted_at", "redacted_by")
            ),
            models.CheckConstraint(name="message_settled_pair", condition=both_or_neither("settled_at", "settled_by")),
            models.UniqueConstraint(fields=["inbound_id"], name="message_of_one_mail"),
            models.CheckConstraint(
                name="message_note_is_internal",
                condition=~Q(kind=kinds.MessageKind.NOTE) | Q(visibility=kinds.Visibility.INTERNAL),
            ),
        ]


class TicketMention(models.Model):
    """A colleague who is called by name in a note: the case stands on their list until they say something on it, or tick it off."""

    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="mentions")
    message = models.ForeignKey(Message, on_delete=models.PROTECT, related_name="mentions")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    closed_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["message", "person"], name="mention_once")]
        indexes: ClassVar = [
            models.Index(fields=["person", "ticket"], condition=Q(closed_at__isnull=True), name="mention_open")
        ]


class MessageRecipient(models.Model):
    """Somebody an answer goes to."""

    message = models.ForeignKey(Message, on_delete=models.PROTECT, related_name="recipients")
    person = models.ForeignKey(Person, null=True, on_delete=models.PROTECT)
    name = models.CharField(max_length=200, default="")
    address = models.CharField(max_length=254)
    copy = models.BooleanField(default=False)  # on CC
    cleared_answer = models.BooleanField(default=False)  # if this one fails, an answer is owed again
    owed_since = models.DateTimeField(null=True)  # the claim that it cleared, for taking the message back

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["message", "address"], name="recipient_once"),
            models.CheckConstraint(name="recipient_address", condition=~Q(address="")),
        ]


class Attachment(models.Model):
    """A file that came with a message, or goes with one. The bytes lie in the file store under their hash."""

    message = models.ForeignKey(Message, on_delete=models.PROTECT, related_name="attachments")
    name = models.CharField(max_length=200)
    content_type = models.CharField(max_length=100)
    size = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)
    inline = models.BooleanField(default=False)
    redacted_at = models.DateTimeField(null=True)
    redacted_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="attachment_redaction_pair", condition=both_or_neither("redacted_at", "redacted_by")
            )
        ]
