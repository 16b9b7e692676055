"""One fault that many report (samlesak), what everybody is told about it, and which cases hang under it."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from saksgang.catalogue.models import Announcement, Category, Service
from saksgang.people.models import Department, Person, Team
from saksgang.tickets import kinds
from saksgang.tickets.constraints import OF_A_MAJOR_INCIDENT, both_or_neither


class MajorIncident(models.Model):
    """A fault that many report, or downtime that was planned. It ends once, for all of its cases."""

    title = models.CharField(max_length=200)
    # What its cases have that nobody has assessed by themselves.
    service = models.ForeignKey(Service, on_delete=models.PROTECT)
    category = models.ForeignKey(Category, null=True, on_delete=models.PROTECT)
    impact = models.CharField(max_length=20, choices=kinds.Impact)
    consequence = models.CharField(max_length=20, choices=kinds.Consequence)
    began_at = models.DateTimeField()
    department = models.ForeignKey(Department, null=True, on_delete=models.PROTECT)  # where, if it is one place
    team = models.ForeignKey(Team, on_delete=models.PROTECT)
    owner = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    announcement = models.ForeignKey(Announcement, null=True, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, choices=kinds.MajorState, default=kinds.MajorState.OPEN)
    started_at = models.DateTimeField()
    started_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    resolution = models.TextField(default="")
    solved_at = models.DateTimeField(null=True)
    solved_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    redacted_at = models.DateTimeField(null=True)
    redacted_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar = OF_A_MAJOR_INCIDENT
        indexes: ClassVar = [models.Index(fields=["state", "-began_at", "-id"], name="major_newest")]


class MajorUpdate(models.Model):
    """What everybody affected is told: bokmål, and the other languages where somebody wrote them."""

    major = models.ForeignKey(MajorIncident, on_delete=models.PROTECT, related_name="updates")
    words = models.TextField()
    words_nn = models.TextField(default="")
    words_en = models.TextField(default="")
    at = models.DateTimeField()
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    redacted_at = models.DateTimeField(null=True)
    redacted_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(name="major_update_says", condition=~Q(words="")),
            models.CheckConstraint(
                name="major_update_redaction_pair", condition=both_or_neither("redacted_at", "redacted_by")
            ),
        ]


class MajorMember(models.Model):
    """That a case hung under a fault, from when to when, and what it must have back if it was something else."""

    major = models.ForeignKey(MajorIncident, on_delete=models.PROTECT, related_name="members")
    ticket = models.ForeignKey("tickets.Ticket", on_delete=models.PROTECT, related_name="memberships")
    joined_at = models.DateTimeField()
    joined_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    former = models.JSONField(default=dict)  # what the case had, where it was given the fault's facts
    told = models.ForeignKey(MajorUpdate, null=True, on_delete=models.PROTECT, related_name="+")  # the newest, to it
    left_at = models.DateTimeField(null=True)
    left_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["ticket"], condition=Q(left_at__isnull=True), name="major_member_once"),
            models.CheckConstraint(name="major_member_left_pair", condition=both_or_neither("left_at", "left_by")),
        ]
