"""What should become better: a team's ranked list, the cases behind each line, and the word that each requester was promised."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from saksgang.improvements import kinds
from saksgang.people.models import Person, Team
from saksgang.tickets.constraints import both_or_neither


class Improvement(models.Model):
    """Something that a team may make better. Its requesters are those of the cases behind it."""

    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="improvements")
    title = models.CharField(max_length=200)
    folded = models.CharField(max_length=400)  # the title, for finding it as one types
    description = models.TextField(default="")
    note = models.TextField(default="")  # for those who decide
    effort = models.CharField(max_length=10, choices=kinds.Size, default=kinds.Size.UNKNOWN)
    gain = models.CharField(max_length=10, choices=kinds.Size, default=kinds.Size.UNKNOWN)
    step = models.CharField(max_length=10, choices=kinds.Step)
    planned_for = models.DateField(null=True)
    # The place on the team's list, 1 first, without gaps; below nothing only inside a move. NULL: it is over.
    rank = models.IntegerField(null=True)
    due_at = models.DateTimeField(null=True)  # when it must be decided, or was to be done
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    redacted_at = models.DateTimeField(null=True)
    redacted_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["team", "rank"], name="improvement_ranked_once"),
            models.CheckConstraint(name="improvement_has_title", condition=~Q(title="")),
            models.CheckConstraint(
                name="improvement_sizes",
                condition=Q(effort__in=kinds.Size.values, gain__in=kinds.Size.values),
            ),
            models.CheckConstraint(
                name="improvement_step_whole",
                condition=Q(
                    step=kinds.Step.TAKEN_IN, planned_for__isnull=True, rank__isnull=False, due_at__isnull=False
                )
                | Q(step=kinds.Step.PLANNED, planned_for__isnull=False, rank__isnull=False, due_at__isnull=False)
                | Q(
                    step__in=[kinds.Step.DECLINED, kinds.Step.DONE],
                    planned_for__isnull=True,
                    rank__isnull=True,
                    due_at__isnull=True,
                ),
            ),
            models.CheckConstraint(
                name="improvement_redaction_pair", condition=both_or_neither("redacted_at", "redacted_by")
            ),
        ]


class ImprovementCase(models.Model):
    """A case that asked for it. One case stands behind one improvement."""

    improvement = models.ForeignKey(Improvement, on_delete=models.PROTECT, related_name="cases")
    ticket = models.ForeignKey("tickets.Ticket", on_delete=models.PROTECT, related_name="+")
    joined_at = models.DateTimeField()
    joined_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["ticket"], name="improvement_of_a_case")]


class ImprovementStep(models.Model):
    """One decision on an improvement: each of its requesters is told of it once."""

    improvement = models.ForeignKey(Improvement, on_delete=models.PROTECT, related_name="steps")
    step = models.CharField(max_length=10, choices=kinds.Step)
    planned_for = models.DateField(null=True)
    reason = models.TextField(default="")  # for the desk
    decided_at = models.DateTimeField()
    decided_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    redacted_at = models.DateTimeField(null=True)
    redacted_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="improvement_step_says_when",
                condition=Q(step=kinds.Step.PLANNED, planned_for__isnull=False)
                | Q(step__in=[kinds.Step.TAKEN_IN, kinds.Step.DECLINED, kinds.Step.DONE], planned_for__isnull=True),
            ),
            models.CheckConstraint(
                name="improvement_declined_says_why", condition=~Q(step=kinds.Step.DECLINED) | ~Q(reason="")
            ),
            models.CheckConstraint(
                name="improvement_step_redaction", condition=both_or_neither("redacted_at", "redacted_by")
            ),
        ]


class ImprovementWord(models.Model):
    """The promise that one requester is told of one step, once: by the message, or by the call that it made where no mail reaches them."""

    step = models.ForeignKey(ImprovementStep, on_delete=models.PROTECT, related_name="words")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    message = models.ForeignKey("tickets.Message", on_delete=models.PROTECT, related_name="+")  # on a case of theirs

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["step", "person"], name="improvement_word_once")]
