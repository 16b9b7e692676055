"""The ledger: one row per delivery of a mail to a mailbox, from the moment its bytes are safe until its outcome is known."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import pgettext_lazy

from saksgang.catalogue.models import Mailbox
from saksgang.people.models import Person


class Outcome(models.TextChoices):
    """How a mail ended. There is no outcome «dropped»."""

    NEW_TICKET = "new_ticket", pgettext_lazy("mail outcome", "New case")
    REPLY = "reply", pgettext_lazy("mail outcome", "Joined a case")
    DUPLICATE = "duplicate", pgettext_lazy("mail outcome", "Same mail again")
    BOUNCE = "bounce", pgettext_lazy("mail outcome", "Not delivered")
    SET_ASIDE = "set_aside", pgettext_lazy("mail outcome", "Set aside")
    HEARTBEAT = "heartbeat", pgettext_lazy("mail outcome", "Our own test mail")


class Door(models.TextChoices):
    SMTP = "smtp", "SMTP"
    IMAP = "imap", "IMAP"
    PIPE = "pipe", pgettext_lazy("mail door", "Command")
    DEMO = "demo", pgettext_lazy("mail door", "Demo")


class InboundMail(models.Model):
    """One delivery. The first columns are written before anything is decided and never change."""

    mailbox = models.ForeignKey(Mailbox, on_delete=models.PROTECT)
    door = models.CharField(max_length=10, choices=Door)
    raw_sha256 = models.CharField(max_length=64)
    size = models.PositiveBigIntegerField()
    envelope_from = models.CharField(max_length=254, null=True)  # noqa: DJ001 - empty means a bounce, NULL that nobody said
    envelope_to = models.CharField(max_length=254, default="")
    received_at = models.DateTimeField()
    # Where it lay on an IMAP server. A UID means the same mail only as long as the folder keeps its UIDVALIDITY.
    uidvalidity = models.BigIntegerField(null=True)
    uid = models.BigIntegerField(null=True)

    # Read from the mail when it is decided; for the ledger's page.
    message_id = models.CharField(max_length=500, default="")
    from_name = models.CharField(max_length=200, default="")
    from_address = models.CharField(max_length=254, default="")
    subject = models.CharField(max_length=250, default="")
    search_folded = models.TextField(default="")  # subject and sender, for the mail log's word filter
    sent_at = models.DateTimeField(null=True)
    mail_class = models.CharField(max_length=12, default="")  # human, bounce, automatic, loop

    # The decision.
    outcome = models.CharField(max_length=12, choices=Outcome, null=True)
    reasons = models.JSONField(default=list)  # [[decision, what it found], …] in the order they were asked
    decided_at = models.DateTimeField(null=True)
    ticket = models.ForeignKey("tickets.Ticket", null=True, on_delete=models.PROTECT, related_name="+")
    # The delivery that counts in its stead: of the same mail, or of one whose words it repeats (then its outcome is a reply).
    duplicate_of = models.ForeignKey("self", null=True, on_delete=models.PROTECT)
    repeats = models.PositiveIntegerField(default=0)  # how often its sender wrote the same again
    repeated_at = models.DateTimeField(null=True)  # and when last
    # The case that it names, found before anything is decided: who may not see that one, sees none of its mails either.
    about = models.ForeignKey("tickets.Ticket", null=True, on_delete=models.PROTECT, related_name="+")

    # Set aside: somebody must look, and by when.
    set_aside_reason = models.CharField(max_length=40, default="")
    due_at = models.DateTimeField(null=True)
    handled_at = models.DateTimeField(null=True)
    handled_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    handled_note = models.TextField(default="")

    # Work in hand.
    claimed_until = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    try_at = models.DateTimeField()
    last_error = models.TextField(default="")
    pending = models.PositiveSmallIntegerField(default=1)  # 1 until decided: a small integer, for the index

    purge_after = models.DateTimeField()
    redacted_at = models.DateTimeField(null=True)
    redacted_by_id = models.BigIntegerField(null=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["pending", "try_at", "id"], name="inbound_pending"),
            models.Index(fields=["outcome", "handled_at", "due_at"], name="inbound_tray"),
            models.Index(fields=["ticket"], name="inbound_ticket"),
            models.Index(fields=["received_at", "id"], name="inbound_received"),
            # Whether mails wait for too long, how many became cases within the hour, when a mailbox last had one, and whether
            # a machine has sent the same before: each is asked often, of few rows among all there ever were.
            models.Index(fields=["pending", "received_at"], name="inbound_waiting"),
            models.Index(fields=["outcome", "received_at"], name="inbound_outcome"),
            models.Index(fields=["mailbox", "received_at"], name="inbound_mailbox"),
            models.Index(fields=["from_address", "subject"], name="inbound_sender"),
            models.Index(fields=["message_id"], name="inbound_message_id"),
            models.Index(fields=["raw_sha256"], name="inbound_sha256"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["mailbox", "uidvalidity", "uid"], name="inbound_uid_once"),
            models.CheckConstraint(
                name="inbound_uid_pair",
                condition=Q(uidvalidity__isnull=True, uid__isnull=True)
                | Q(uidvalidity__isnull=False, uid__isnull=False),
            ),
            models.CheckConstraint(
                name="inbound_decided_whole",
                condition=Q(pending=1, outcome__isnull=True, decided_at__isnull=True)
                | Q(pending=0, outcome__isnull=False, decided_at__isnull=False, outcome__in=Outcome.values),
            ),
            models.CheckConstraint(
                name="inbound_has_its_end",
                condition=Q(outcome__isnull=True)
                | Q(outcome__in=["new_ticket", "reply"], ticket__isnull=False)
                | Q(outcome="duplicate", duplicate_of__isnull=False)
                | Q(outcome="bounce", ticket__isnull=False)
                | Q(outcome="heartbeat")
                | (Q(outcome="set_aside", due_at__isnull=False) & ~Q(set_aside_reason="")),
            ),
            models.CheckConstraint(
                name="inbound_handled_pair",
                condition=Q(handled_at__isnull=True, handled_by__isnull=True)
                | Q(handled_at__isnull=False, handled_by__isnull=False),
            ),
            models.CheckConstraint(
                name="inbound_redaction_pair",
                condition=Q(redacted_at__isnull=True, redacted_by_id__isnull=True)
                | Q(redacted_at__isnull=False, redacted_by_id__isnull=False),
            ),
        ]


class MailboxWatch(models.Model):
    """How a mailbox is doing: who reads it now, when it last answered, and whether its books balance."""

    mailbox = models.OneToOneField(Mailbox, on_delete=models.PROTECT, related_name="watch")
    # One worker at a time reads a mailbox by IMAP.
    holder = models.CharField(max_length=100, default="")
    claimed_until = models.DateTimeField(null=True)
    seen_at = models.DateTimeField(null=True)  # when the server last answered and everything was fetched
    failing_since = models.DateTimeField(null=True)
    last_error = models.TextField(default="")
    # The count of mailbox against ledger.
    count_wanted_at = models.DateTimeField(null=True)  # somebody asked for one
    counted_at = models.DateTimeField(null=True)
    waiting = models.PositiveIntegerField(default=0)  # mails in the folder that is read
    kept = models.PositiveIntegerField(default=0)  # mails in the folder of stored ones
    in_ledger = models.PositiveIntegerField(default=0)  # deliveries of this mailbox by IMAP
    missing = models.PositiveIntegerField(default=0)  # mails on the server that the ledger does not know
    # The test mail that loops through the mailbox.
    heartbeat_wanted_at = models.DateTimeField(null=True)  # somebody asked for one
    heartbeat_sent_at = models.DateTimeField(null=True)
    heartbeat_back_at = models.DateTimeField(null=True)
    heartbeat_out_since = models.DateTimeField(null=True)  # the first that has not come back


class MailIdentity(models.Model):
    """Which delivery of a mail counts. The unique key decides when two deliveries are read at once."""

    key = models.CharField(max_length=64, unique=True)  # see `sameness`
    mail = models.ForeignKey(InboundMail, on_delete=models.PROTECT, related_name="identities")


class ReceiptState(models.TextChoices):
    """What became of the receipt for a person's case that came by mail."""

    PROMISED = "promised", pgettext_lazy("receipt", "Sent")
    HELD = "held", pgettext_lazy("receipt", "Held back for now")
    TOLD = "told", pgettext_lazy("receipt", "Told of in a later receipt")
    WITHHELD = "withheld", pgettext_lazy("receipt", "Not sent")
    NEEDLESS = "needless", pgettext_lazy("receipt", "Answered before it could be sent")


class Receipt(models.Model):
    """The receipt that a new case's sender gets, or why none. What a limit held back is sent when the flood is over."""

    ticket = models.OneToOneField("tickets.Ticket", on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, choices=ReceiptState)
    reason = models.CharField(
        max_length=30, default=""
    )  # why it was held or withheld; or what kept it from being counted
    at = models.DateTimeField()  # when it came to be so

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["state", "at"], name="receipt_state"),
            models.Index(fields=["person", "at"], name="receipt_person"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(name="receipt_state_known", condition=Q(state__in=ReceiptState.values)),
            models.CheckConstraint(
                name="receipt_says_why", condition=~Q(state__in=["held", "withheld"]) | ~Q(reason="")
            ),
        ]
