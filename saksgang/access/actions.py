"""Giving and taking roles."""

from __future__ import annotations

from django.db import transaction

from saksgang.access.models import RoleGrant
from saksgang.events.actions import Actor, record
from saksgang.people.models import Person, Team


@transaction.atomic
def grant(*, by: Actor, person: Person, role: str, team: Team | None = None, section: str = "") -> RoleGrant:
    """`section`: of which a department head is the head; a section has one."""
    given = RoleGrant.objects.create(person=person, role=role, team=team, section=section)
    after = {"person_id": person.pk, "role": role, "team_id": team.pk if team else None}
    after |= {"section": section} if section else {}
    record("role_granted", by=by, subject=given, after=after)
    person.__dict__.pop("_grants", None)
    return given


@transaction.atomic
def withdraw(*, by: Actor, grant: RoleGrant, reason: str) -> None:
    before = {"person_id": grant.person_id, "role": grant.role, "team_id": grant.team_id}
    record("role_withdrawn", by=by, subject=grant, before=before, reason=reason)
    grant.delete()
