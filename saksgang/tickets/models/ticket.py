"""A case and who and what belongs to it. What must always hold stands here as constraints, kept by the database itself."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from saksgang.catalogue.kinds import TicketType
from saksgang.catalogue.models import Category, RoutingRule, Service
from saksgang.people.models import Department, Person, Team
from saksgang.tickets import kinds
from saksgang.tickets.constraints import OF_A_TICKET
from saksgang.tickets.visibility import TicketQuerySet


class Ticket(models.Model):
    """One case, from the first word to the last answer. Its number is its id."""

    subject = models.CharField(max_length=250)
    search_folded = models.TextField()  # subject, number, requesters, department and phones, for the one search box
    channel = models.CharField(max_length=10, choices=kinds.Channel)
    type = models.CharField(max_length=20, choices=TicketType, null=True)
    state = models.CharField(max_length=20, choices=kinds.State, default=kinds.State.NEW)

    team = models.ForeignKey(Team, null=True, on_delete=models.PROTECT)
    routing_rule = models.ForeignKey(RoutingRule, null=True, on_delete=models.PROTECT)  # what sent it to its first team
    handed_over_count = models.PositiveSmallIntegerField(
        default=0
    )  # between teams; those taken back are not among them
    assignee = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="assigned_tickets")
    taken_at = models.DateTimeField(null=True)
    affected_department = models.ForeignKey(Department, null=True, on_delete=models.PROTECT)
    restricted = models.BooleanField(default=False)
    parent = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="sub_cases")
    sub_case_count = models.PositiveSmallIntegerField(default=0)  # that were ever opened under it: most cases have none

    received_at = models.DateTimeField()  # when the person wrote or spoke; the queue's order, whatever happens later
    registered_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    state_since = models.DateTimeField()
    team_since = models.DateTimeField()
    lock_version = models.PositiveIntegerField(default=0)  # one higher with each change: a stale form is noticed

    # Assessment: what the priority is computed from.
    assessed_at = models.DateTimeField(null=True)
    assessed_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    service = models.ForeignKey(Service, null=True, on_delete=models.PROTECT)
    category = models.ForeignKey(Category, null=True, on_delete=models.PROTECT)  # of this service and this type
    proofs_lacking = models.PositiveSmallIntegerField(default=0)  # of who asks, where the kind of case demands them
    impact = models.CharField(max_length=20, choices=kinds.Impact, null=True)
    consequence = models.CharField(max_length=20, choices=kinds.Consequence, null=True)
    time_critical = models.BooleanField(default=False)
    needed_by = models.DateTimeField(null=True)
    # The fault of many that it hangs under, and whether it has its type, kind, service, impact and consequence from there.
    major = models.ForeignKey("tickets.MajorIncident", null=True, on_delete=models.PROTECT, related_name="cases")
    facts_lent = models.BooleanField(default=False)
    danger = models.BooleanField(default=False)  # to life and health
    danger_note = models.TextField(default="")
    # Was, or could, a patient have been harmed? None: nobody has said. Where it was, and the deviation that was reported of it.
    patient_harm = models.CharField(max_length=10, choices=kinds.Told, null=True)
    harm_again = models.CharField(max_length=10, choices=kinds.Told, null=True)  # whether it can happen again
    deviation_number = models.CharField(max_length=40, default="")
    deviation_reason = models.TextField(default="")  # why none was reported; nothing about the patient
    deviation_redacted_at = models.DateTimeField(null=True)
    deviation_redacted_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    priority = models.PositiveSmallIntegerField(null=True)
    priority_steps = models.JSONField(default=list)  # [[rule, value after it], …]: the sentence is told from these
    override_priority = models.PositiveSmallIntegerField(null=True)
    override_reason = models.TextField(default="")
    override_at = models.DateTimeField(null=True)
    override_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    override_stale = models.BooleanField(default=False)  # its inputs have changed since

    # The queue: small integers, because SQLite scans on boolean filters.
    open = models.PositiveSmallIntegerField(default=1)
    queue_rank = models.PositiveSmallIntegerField(null=True)

    # What must happen next, and by when.
    next_step = models.CharField(max_length=30, choices=kinds.NextStep, null=True)
    next_step_due_at = models.DateTimeField(null=True)
    set_step = models.CharField(max_length=30, choices=kinds.NextStep, null=True)  # put first by an action, until done
    set_step_due_at = models.DateTimeField(null=True)
    postponed_to = models.DateTimeField(null=True)  # a person moved the next step's time
    postponed_count = models.PositiveSmallIntegerField(default=0)
    clarify_due_at = models.DateTimeField(null=True)  # of the question that the triage team has not decided yet
    clarifications_asked = models.PositiveSmallIntegerField(default=0)
    at_triage = models.BooleanField(default=False)  # the case went there with it; else the question goes beside it
    take_due_at = models.DateTimeField(null=True)
    answer_due_at = models.DateTimeField(null=True)
    solve_due_at = models.DateTimeField(null=True)
    promised_by = models.DateTimeField(null=True)
    wait_until = models.DateTimeField(null=True)  # of the waiting and planned states
    waiting_for = models.CharField(max_length=200, default="")
    waiting_reference = models.CharField(max_length=100, default="")
    paused_since = models.DateTimeField(null=True)
    paused_minutes = models.PositiveIntegerField(default=0)
    pause_count = models.PositiveSmallIntegerField(default=0)

    # Answers.
    answers_owed = models.PositiveSmallIntegerField(default=0)
    first_answered_at = models.DateTimeField(null=True)
    last_word_at = models.DateTimeField(null=True)  # when the requesters last heard from us
    reminders_sent = models.PositiveSmallIntegerField(default=0)  # in the wait for the requester that is going on
    new_message_at = models.DateTimeField(null=True)  # «Nytt svar», until an agent acts on it
    answer_failed_at = models.DateTimeField(null=True)

    # The end. `ends_as`: decided and told to all but those who must be phoned first; what it ends with stands in the texts already.
    ends_as = models.CharField(max_length=20, choices=kinds.EndsAs, null=True)
    resolution = models.TextField(default="")
    technical_resolution = models.TextField(default="")
    resolved_at = models.DateTimeField(null=True)
    resolved_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    close_after = models.DateTimeField(null=True)
    close_reason = models.CharField(max_length=20, choices=kinds.CloseReason, null=True)
    close_note = models.TextField(default="")
    closed_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    closed_by_robot = models.CharField(max_length=40, default="")
    last_assignee = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    reopened_count = models.PositiveSmallIntegerField(default=0)

    given_at = models.DateTimeField(null=True)  # by a colleague to its assignee, who has not begun on it yet
    given_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    thanked_at = models.DateTimeField(null=True)  # said thanks while the case is open: «Solve it?»

    # Facts that help finding it again.
    place = models.CharField(max_length=100, default="")
    callback_number = models.CharField(max_length=30, default="")
    equipment_number = models.CharField(max_length=60, default="")
    old_system = models.CharField(max_length=40, default="")  # where it was imported from, and its number there
    old_number = models.CharField(max_length=40, default="")

    objects = TicketQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = OF_A_TICKET
        indexes: ClassVar = [
            models.Index(fields=["queue_rank", "received_at", "id"], name="ticket_queue"),
            models.Index(fields=["team", "queue_rank", "received_at", "id"], name="ticket_team_queue"),
            models.Index(fields=["assignee", "open", "next_step_due_at"], name="ticket_assignee"),
            models.Index(fields=["open", "next_step_due_at"], name="ticket_due"),
            models.Index(fields=["team", "open", "next_step_due_at"], name="ticket_team_due"),
            models.Index(fields=["open", "answers_owed", "answer_due_at"], name="ticket_owed"),
            models.Index(fields=["open", "next_step", "next_step_due_at"], name="ticket_step"),
            models.Index(fields=["team", "state"], name="ticket_team_state"),
            models.Index(fields=["state", "close_after"], name="ticket_closing"),
            models.Index(fields=["state", "wait_until"], name="ticket_waiting"),
            models.Index(fields=["affected_department", "open", "changed_at"], name="ticket_ward"),
            models.Index(fields=["changed_at"], name="ticket_changed"),
            models.Index(fields=["old_number"], name="ticket_old_number"),
            models.Index(fields=["open", "priority", "received_at", "id"], name="ticket_urgent"),
            models.Index(fields=["open", "handed_over_count"], name="ticket_pingpong"),
            # Few cases have these. Beside all the others a planner would take the index of the foreign key for useless.
            models.Index(fields=["major", "state"], condition=Q(major__isnull=False), name="ticket_of_major"),
            models.Index(fields=["parent", "open"], condition=Q(parent__isnull=False), name="ticket_of_parent"),
            # How teams assess, counted without reading the cases.
            models.Index(
                fields=["team", "assessed_at", "category", "override_priority", "restricted", "facts_lent"],
                condition=Q(restricted=False, facts_lent=False),
                name="ticket_assessed",
            ),
            # The few restricted cases, which lists of other things must leave out.
            models.Index(fields=["id"], condition=Q(restricted=True), name="ticket_restricted"),
        ]

    @property
    def number(self) -> int:
        return self.pk

    @property
    def pingpong(self) -> bool:
        """Whether teams have handed it over so often that somebody must look at where it belongs."""
        return self.handed_over_count >= kinds.PINGPONG


class TicketReader(models.Model):
    """Somebody named who may read a restricted case."""

    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="readers")
    person = models.ForeignKey(Person, on_delete=models.PROTECT)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["ticket", "person"], name="reader_once")]


class TicketRequester(models.Model):
    """Somebody who asked, and whether an answer is owed to them."""

    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="requesters")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="requested_tickets")
    contact_name = models.CharField(max_length=200, default="")  # who spoke for a ward or at a shared phone
    answer_owed_since = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["ticket", "person"], name="requester_once")]
        indexes: ClassVar = [models.Index(fields=["person", "ticket"], name="requester_person")]


class IdentityProof(models.Model):
    """That a requester is who they say, as somebody checked it: for what nobody gets before."""

    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="proofs")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    way = models.CharField(max_length=10, choices=kinds.ProofWay)
    note = models.CharField(max_length=200, default="")  # which leader
    at = models.DateTimeField()
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["ticket", "person"], name="proof_once"),
            models.CheckConstraint(name="proof_says_way", condition=Q(way__in=kinds.ProofWay.values)),
            models.CheckConstraint(name="proof_names_leader", condition=~Q(way=kinds.ProofWay.LEADER) | ~Q(note="")),
            # Nobody checks who they are themselves, and a session proves its own person only.
            models.CheckConstraint(
                name="proof_of_oneself",
                condition=Q(way=kinds.ProofWay.SIGNED_IN, person=F("by"))
                | (~Q(way=kinds.ProofWay.SIGNED_IN) & ~Q(person=F("by"))),
            ),
        ]


class TicketFollower(models.Model):
    """An address on copy. Owed nothing, told only by choice."""

    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="followers")
    address = models.CharField(max_length=254)
    name = models.CharField(max_length=200, default="")

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["ticket", "address"], name="follower_once")]


class TicketMailbox(models.Model):
    """A mailbox that the case came to. The same mail to two of them is one case with both."""

    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="mailboxes")
    mailbox = models.ForeignKey("catalogue.Mailbox", on_delete=models.PROTECT)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["ticket", "mailbox"], name="ticket_mailbox_once")]


class TicketLink(models.Model):
    """How one case hangs together with another."""

    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="links")
    other = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="linked_from")
    kind = models.CharField(max_length=10, choices=kinds.LinkKind)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["ticket", "other", "kind"], name="link_once"),
            models.CheckConstraint(name="link_not_to_itself", condition=~Q(ticket=F("other"))),
        ]
