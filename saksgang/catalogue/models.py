"""What the desk is set up with: services, calendars, mailboxes, texts, and what this hospital changed of the defaults."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils import translation
from django.utils.translation import pgettext_lazy

from saksgang.catalogue.kinds import TicketType
from saksgang.people.models import Department, Language, Person, Team


class Criticality(models.TextChoices):
    CRITICAL = "critical", pgettext_lazy("criticality", "Critical")
    IMPORTANT = "important", pgettext_lazy("criticality", "Important")
    ORDINARY = "ordinary", pgettext_lazy("criticality", "Ordinary")


class Service(models.Model):
    """A system or service that cases are about."""

    name_nb = models.CharField(max_length=120, unique=True)
    name_nn = models.CharField(max_length=120, default="")
    name_en = models.CharField(max_length=120, default="")
    sort_key = models.CharField(max_length=240)
    criticality = models.CharField(max_length=10, choices=Criticality)
    owner_team = models.ForeignKey(Team, on_delete=models.PROTECT)
    # Somebody may be treated with it: nobody touches it from afar without agreement with its team.
    medical_device = models.BooleanField(default=False)
    active = models.BooleanField(default=True)

    @property
    def name(self) -> str:
        """The name in the language of the page, falling back to bokmål."""
        return getattr(self, f"name_{translation.get_language() or 'nb'}", "") or self.name_nb


class Category(models.Model):
    """A kind of case: what people ask for again and again, with the service and the type that go with it."""

    name_nb = models.CharField(max_length=120, unique=True)
    name_nn = models.CharField(max_length=120, default="")
    name_en = models.CharField(max_length=120, default="")
    words = models.JSONField(default=list)  # what people call it, in any language, as they write it
    sort_key = models.CharField(max_length=240)
    service = models.ForeignKey(Service, on_delete=models.PROTECT)
    type = models.CharField(max_length=20, choices=TicketType)
    # Nobody gets it before we know that they are who they say: passwords, codes, access.
    demands_proof = models.BooleanField(default=False)
    narrow = models.BooleanField(default=False)
    active = models.BooleanField(default=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(name="category_says_type", condition=Q(type__in=TicketType.values))
        ]

    @property
    def name(self) -> str:
        """The name in the language of the page, falling back to bokmål."""
        return getattr(self, f"name_{translation.get_language() or 'nb'}", "") or self.name_nb


class Forwarding(models.TextChoices):
    DIRECT = "direct", pgettext_lazy("forwarding", "Not forwarded")
    REDIRECT = "redirect", pgettext_lazy("forwarding", "Redirected: the sender is kept")
    FORWARD = "forward", pgettext_lazy("forwarding", "Forwarded: the forwarder stands as sender")


class Mailbox(models.Model):
    """An address that employees write to. Its mails become cases of its team."""

    slug = models.SlugField(max_length=40, unique=True)
    address = models.CharField(max_length=254, unique=True)  # folded
    name = models.CharField(max_length=120)  # as it stands beside the address in answers
    team = models.ForeignKey(Team, on_delete=models.PROTECT)
    active = models.BooleanField(default=True)
    added_at = models.DateTimeField(null=True)
    # How mail reaches it, where that is not directly; and which headers then are the forwarder's, not the sender's.
    forwarding = models.CharField(max_length=10, choices=Forwarding, default=Forwarding.DIRECT)
    forwarder = models.CharField(max_length=254, default="")  # folded address that the forwarder puts in From
    forwarder_authserv_id = models.CharField(max_length=253, default="")  # whose Authentication-Results count there
    ignored_headers = models.JSONField(default=list)  # lower case; beside those that the kind of forwarding implies
    # Whether `ikt+mark@` reaches the mailbox: then bounces come back to an address that names the mail that bounced.
    tagged_returns = models.BooleanField(default=True)
    silent_after_minutes = models.PositiveIntegerField(default=900)  # working minutes without mail; 0: no alarm
    heartbeat_minutes = models.PositiveSmallIntegerField(default=0)  # a test mail of our own so often; 0: none
    urgent_phone = models.CharField(max_length=30, default="")  # told off hours, for what cannot wait


class ImapSecurity(models.TextChoices):
    TLS = "tls", "TLS"
    STARTTLS = "starttls", "STARTTLS"
    PLAIN = "plain", pgettext_lazy("imap security", "None (loopback only)")


class ImapSignIn(models.TextChoices):
    PASSWORD = "password", pgettext_lazy("imap sign-in", "Password")
    XOAUTH2 = "xoauth2", "XOAUTH2"


class ImapDoor(models.Model):
    """How a mailbox is read by IMAP. The password or client secret is sealed with a key from the environment."""

    mailbox = models.OneToOneField(Mailbox, on_delete=models.PROTECT, related_name="imap")
    host = models.CharField(max_length=254)
    port = models.PositiveIntegerField(default=993)
    security = models.CharField(max_length=10, choices=ImapSecurity, default=ImapSecurity.TLS)
    user = models.CharField(max_length=254)
    sign_in = models.CharField(max_length=10, choices=ImapSignIn, default=ImapSignIn.PASSWORD)
    sealed_secret = models.TextField(default="")
    token_url = models.CharField(max_length=500, default="")  # of XOAUTH2: where a token is fetched
    client_id = models.CharField(max_length=200, default="")
    scope = models.CharField(max_length=500, default="")
    folder = models.CharField(max_length=200, default="INBOX")
    kept_folder = models.CharField(max_length=200, default="Saksgang/Lagret")  # where a stored mail is moved
    idle = models.BooleanField(default=True)  # waits for word from the server between looks, where it can
    poll_seconds = models.PositiveIntegerField(default=60)
    active = models.BooleanField(default=True)


class Supplier(models.Model):
    """A firm that mends or delivers. Its mails join cases as the supplier's, never as a requester's."""

    name = models.CharField(max_length=120, unique=True)
    sort_key = models.CharField(max_length=240)
    address = models.CharField(max_length=254, default="")  # folded; where cases are reported
    domains = models.JSONField(default=list)  # folded mail domains, without subdomains
    active = models.BooleanField(default=True)


class Disruption(models.TextChoices):
    OUTAGE = "outage", pgettext_lazy("disruption", "Outage")
    PLANNED = "planned", pgettext_lazy("disruption", "Planned downtime")


class Announcement(models.Model):
    """An outage that goes on, or downtime that is planned: told in receipts while it lasts."""

    kind = models.CharField(max_length=10, choices=Disruption)
    service = models.ForeignKey(Service, null=True, on_delete=models.PROTECT)
    words = models.CharField(max_length=300)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="announcement_in_order",
                condition=Q(ends_at__isnull=True) | Q(ends_at__isnull=False, ends_at__gte=models.F("starts_at")),
            )
        ]


class TeamCalendar(models.Model):
    """A team's working hours, where they differ from the default."""

    team = models.OneToOneField(Team, on_delete=models.PROTECT, related_name="calendar")
    # Seven lists, Monday first, of [opens, closes] in minutes after midnight, local time.
    week = models.JSONField()


class SpecialDay(models.Model):
    """A day on which the hospital's office hours differ: closed, or shorter."""

    day = models.DateField(unique=True)
    name = models.CharField(max_length=120)
    opens = models.PositiveSmallIntegerField(null=True)  # minutes after midnight; both empty: closed
    closes = models.PositiveSmallIntegerField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="special_day_hours_pair",
                condition=Q(opens__isnull=True, closes__isnull=True)
                | Q(opens__isnull=False, closes__isnull=False, opens__lt=models.F("closes")),
            )
        ]


class MailText(models.Model):
    """A mail text that the hospital wrote in place of the default one."""

    kind = models.CharField(max_length=40)
    language = models.CharField(max_length=2, choices=Language)
    subject = models.CharField(max_length=200)
    body = models.TextField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["kind", "language"], name="mail_text_once")]


class PriorityCell(models.Model):
    """One cell of a priority matrix that the hospital changed."""

    matrix = models.CharField(max_length=10)  # incident, other
    impact = models.CharField(max_length=20)
    criticality = models.CharField(max_length=10, choices=Criticality)
    priority = models.PositiveSmallIntegerField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["matrix", "impact", "criticality"], name="priority_cell_once"),
            models.CheckConstraint(name="priority_cell_range", condition=Q(priority__gte=1, priority__lte=4)),
        ]


class TargetTime(models.Model):
    """One target that the hospital changed: how soon a case is taken, answered or solved."""

    level = models.CharField(max_length=10)  # 1, 2, 3, 4, order
    step = models.CharField(max_length=10)  # taken, answered, solved
    minutes = models.PositiveIntegerField(null=True)  # working minutes, or
    days = models.PositiveSmallIntegerField(null=True)  # working days

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["level", "step"], name="target_once"),
            models.CheckConstraint(
                name="target_one_unit",
                condition=Q(minutes__isnull=True, days__isnull=False) | Q(minutes__isnull=False, days__isnull=True),
            ),
        ]


class StateLabel(models.Model):
    """What the hospital calls a state."""

    state = models.CharField(max_length=30, unique=True)
    label_nb = models.CharField(max_length=60)
    label_nn = models.CharField(max_length=60, default="")
    label_en = models.CharField(max_length=60, default="")


class Meeting(models.Model):
    """When the triage team meets. Questions to it are due then."""

    starts_at = models.DateTimeField(unique=True)
    place = models.CharField(max_length=120, default="")
    called_off = models.BooleanField(default=False)


class Duty(models.TextChoices):
    """What somebody has the day for."""

    TRIAGE = "triage", pgettext_lazy("duty", "Manager of the day")


class OnCallList(models.Model):
    """Whose day it is, for one duty."""

    duty = models.CharField(max_length=20, choices=Duty, unique=True)
    name = models.CharField(max_length=120)


class OnCallDay(models.Model):
    """A row of an on-call list: from then until then it is this person's day."""

    on_call_list = models.ForeignKey(OnCallList, on_delete=models.PROTECT, related_name="days")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["on_call_list", "starts_at"], name="on_call_day_once"),
            models.CheckConstraint(name="on_call_day_in_order", condition=Q(ends_at__gt=models.F("starts_at"))),
        ]


class RoutingRule(models.Model):
    """Which team a new case goes to, by what is known of it as it comes. The first rule that holds decides (routing.py).

    What a rule says is never rewritten: a change is a new row in the same place, so that each case can tell the rule as it stood.
    """

    position = models.PositiveIntegerField()
    active = models.BooleanField(default=True)
    replaced_at = models.DateTimeField(null=True)  # another row says it differently now
    former = models.OneToOneField("self", null=True, on_delete=models.PROTECT, related_name="successor")
    # When: those that are given must all hold.
    mailbox = models.ForeignKey(Mailbox, null=True, on_delete=models.PROTECT)
    channel = models.CharField(max_length=10, default="")
    sender = models.CharField(max_length=254, default="")  # a folded address, or a folded domain
    department = models.ForeignKey(Department, null=True, on_delete=models.PROTECT)
    service = models.ForeignKey(Service, null=True, on_delete=models.PROTECT)
    category = models.ForeignKey(Category, null=True, on_delete=models.PROTECT)
    words = models.TextField(default="")  # folded, one a line; «lab*» is any word that begins so
    # Then. To the triage team a case goes only with what they are asked.
    team = models.ForeignKey(Team, on_delete=models.PROTECT)
    question = models.CharField(max_length=300, default="")
    proposes = models.ForeignKey(Category, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["position", "id"], condition=Q(replaced_at__isnull=True), name="routing_in_order")
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="routing_has_condition",
                condition=Q(mailbox__isnull=False)
                | ~Q(channel="")
                | ~Q(sender="")
                | Q(department__isnull=False)
                | Q(service__isnull=False)
                | Q(category__isnull=False)
                | ~Q(words=""),
            ),
            models.CheckConstraint(
                name="routing_replaced_rests", condition=Q(replaced_at__isnull=True) | Q(active=False)
            ),
        ]
