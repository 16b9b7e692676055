"""What agents have half written, and who has which case before them just now."""

from __future__ import annotations

from datetime import timedelta
from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from saksgang.lib.passing import Passing
from saksgang.people.models import Person, Team

# What is begun on a case is one text, whichever way it is to leave the desk; only a note's is a text of its own, so that no word
# meant for the desk goes to anybody else without a press that says so.
LEAVES, STAYS = "answer", "note"


class Seen(models.Model):
    """How far a person has read on a case, so that its page opens there. Without a time, and shown to nobody else."""

    ticket = models.ForeignKey("tickets.Ticket", on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    message_id = models.PositiveBigIntegerField()  # the highest that their page has shown; messages are never deleted

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["ticket", "person"], name="seen_once")]


class Draft(models.Model):
    """The unsent text on one case, or of the form for a new one. Kept on the server: a ward's shared PC keeps nothing."""

    ticket = models.ForeignKey("tickets.Ticket", on_delete=models.CASCADE, null=True, related_name="+")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    box = models.SlugField(max_length=20)  # LEAVES or STAYS; registration
    text = models.TextField()  # of registration: its fields, as a form is encoded
    changed_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["ticket", "person", "box"], name="draft_once"),
            models.UniqueConstraint(
                fields=["person", "box"], condition=Q(ticket__isnull=True), name="draft_alone_once"
            ),
        ]


class Presence(Passing):
    """A tab that shows a case. Gone a minute after its last sign: who looked at what, and for how long, is kept nowhere."""

    ticket = models.ForeignKey("tickets.Ticket", on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    tab = models.SlugField(max_length=40)  # a number that the tab has thought of
    writing = models.SlugField(
        max_length=20, default=""
    )  # the box in which something is being written; empty: one reads

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["person", "tab"], name="presence_once")]


class SavedViewQuerySet(models.QuerySet["SavedView"]):
    def shown_to(self, person_id: int) -> SavedViewQuerySet:
        """One's own first, then those of the teams one belongs to, each in its order."""
        of_a_team = Q(team__active=True, team__memberships__person=person_id)
        found = self.filter(Q(person=person_id) | of_a_team)
        return found.order_by(F("person").asc(nulls_last=True), "team__sort_key", "place", "id")


class SavedView(models.Model):
    """A list with its filters, under a name: one person's own, or everybody's in a team."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    team = models.ForeignKey(Team, on_delete=models.PROTECT, null=True, related_name="+")
    name = models.CharField(max_length=60)
    query = models.CharField(max_length=500)  # of the list's address
    place = models.PositiveSmallIntegerField()  # among those of its owner

    objects = SavedViewQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="saved_view_has_one_owner",
                condition=Q(person__isnull=False, team__isnull=True) | Q(person__isnull=True, team__isnull=False),
            ),
            models.UniqueConstraint(fields=["person", "name"], name="saved_view_of_a_person"),
            models.UniqueConstraint(fields=["team", "name"], name="saved_view_of_a_team"),
        ]


class Batch(Passing):
    """What was done to several cases at once: told on a page of its own, from which all of it is taken back."""

    LASTS: ClassVar[timedelta] = timedelta(hours=12)

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    verb = models.SlugField(max_length=20)
    did = models.JSONField(default=list)  # [[number of the case, the event that tells of it], …]
    could_not = models.JSONField(default=list)  # [[number of the case, why], …]
    undone = models.BooleanField(default=False)
