"""The one question that every page and action asks."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from saksgang.access.models import RoleGrant
from saksgang.access.roles import IN_TEAM, ROLES, Grants, Permission, Role, allows
from saksgang.people.models import Person, Team


class NotAllowed(Exception):
    """This person may not do this. Pages answer 403."""


def grants_of(person: Person) -> Grants:
    """The person's roles as (role, team id or None), read once for each loaded person."""
    known: Grants | None = person.__dict__.get("_grants")
    if known is None:
        known = list(RoleGrant.objects.filter(person=person).values_list("role", "team_id"))
        person.__dict__["_grants"] = known
    return known


def may(person: Person | None, permission: Permission, *, team: int | None = None) -> bool:
    """Whether `person` holds `permission`; for work in a team, in the team with id `team`.

    Asked without a team, work permissions answer whether they hold in any team at all.
    """
    return person is not None and person.active and allows(grants_of(person), permission, team)


def who_may(permission: Permission, *, team: int | None) -> QuerySet[Person]:
    """Everybody active who holds `permission` in the team, or everywhere. What holds wherever one is asks for no team."""
    holding = [role for role, permissions in ROLES.items() if permission in permissions]
    grants = RoleGrant.objects.filter(role__in=holding)
    if permission in IN_TEAM:
        grants = grants.filter(Q(team__isnull=True) | Q(team=team))
    return Person.objects.filter(active=True, account__is_active=True, pk__in=grants.values("person_id"))


def leaders_of(team_id: int) -> QuerySet[Person]:
    """The active leaders of a team, whoever has led it longest first."""
    grants = RoleGrant.objects.filter(role=Role.TEAM_LEADER, team=team_id)
    return Person.objects.filter(active=True, grants__in=grants).order_by("grants__pk")


def head_of(section: str) -> Person | None:
    """The department head of a section."""
    grants = RoleGrant.objects.filter(role=Role.DEPARTMENT_HEAD, section=section)
    return Person.objects.filter(active=True, grants__in=grants).first() if section else None


def is_head(person: Person) -> bool:
    return any(role == Role.DEPARTMENT_HEAD for role, _team in grants_of(person))


def teams_headed(person: Person) -> list[int]:
    """Ids of the active teams of the section that the person is the head of."""
    sections = RoleGrant.objects.filter(person=person, role=Role.DEPARTMENT_HEAD).values("section")
    return list(Team.objects.filter(section__in=sections, active=True).order_by("pk").values_list("pk", flat=True))


def check_may(person: Person | None, permission: Permission, *, team: int | None = None) -> None:
    """Raises NotAllowed unless `may` says yes."""
    if not may(person, permission, team=team):
        raise NotAllowed(permission)
