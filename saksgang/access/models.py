"""Who holds which role, and where."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from saksgang.access.roles import Role
from saksgang.people.models import Person, Section, Team


class RoleGrant(models.Model):
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="grants")
    role = models.CharField(max_length=20, choices=Role)
    team = models.ForeignKey(Team, null=True, on_delete=models.PROTECT)  # empty: in every team
    section = models.CharField(max_length=10, choices=Section, default="")  # of a department head, and of nobody else

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="grant_head_of_section",
                condition=Q(role=Role.DEPARTMENT_HEAD, team__isnull=True, section__in=Section.values)
                | (~Q(role=Role.DEPARTMENT_HEAD) & Q(section="")),
            ),
            models.UniqueConstraint(fields=["section"], condition=~Q(section=""), name="grant_one_head"),
            models.UniqueConstraint(fields=["person", "role", "team"], name="grant_once"),
            models.UniqueConstraint(
                fields=["person", "role"], condition=Q(team__isnull=True), name="grant_once_everywhere"
            ),
        ]
