"""Every permission on one screen, every role on the next."""

from __future__ import annotations

from enum import StrEnum, auto

from django.db import models
from django.utils.translation import pgettext_lazy


class Permission(StrEnum):
    READ_TICKETS = auto()  # every unrestricted case: like cases can only be found by who may read them
    REGISTER_TICKETS = auto()  # a case for somebody who phoned, wrote or came by
    WRITE_NOTES = auto()  # an internal note or a logged conversation, on any case one may read; answers nobody
    HAND_OVER_TICKETS = auto()  # move a case to the team that can handle it
    WORK_TICKETS = auto()  # take, assess, answer, wait, plan, solve, close; in the role's team
    RESTRICT_TICKETS = auto()  # say who alone may read a case, and lift that again; in the role's team
    READ_RESTRICTED = auto()  # restricted cases of the role's team
    DECIDE_CLARIFICATIONS = auto()  # what the triage team is asked; in the role's team
    DECIDE_IMPROVEMENTS = auto()  # rank and decide every team's improvements; one's own team's by working in it
    READ_MAIL = auto()  # the ledger and the raw mails
    SORT_MAIL = auto()  # retry, detach and register unclear mail
    ADMINISTER = auto()  # teams, mailboxes, services, texts


# The others hold wherever one is; these hold only in the team that the role was given for.
IN_TEAM = {
    Permission.WORK_TICKETS,
    Permission.RESTRICT_TICKETS,
    Permission.READ_RESTRICTED,
    Permission.DECIDE_CLARIFICATIONS,
}


class Role(models.TextChoices):
    AGENT = "agent", pgettext_lazy("role", "Agent")
    TEAM_LEADER = "team_leader", pgettext_lazy("role", "Team leader")
    DISPATCHER = "dispatcher", pgettext_lazy("role", "Dispatcher")
    TRIAGE_MANAGER = "triage_manager", pgettext_lazy("role", "Triage manager")
    DEPARTMENT_HEAD = "department_head", pgettext_lazy("role", "Department head")
    ADMINISTRATOR = "administrator", pgettext_lazy("role", "Administrator")


_AGENT = frozenset(
    {
        Permission.READ_TICKETS,
        Permission.REGISTER_TICKETS,
        Permission.WRITE_NOTES,
        Permission.HAND_OVER_TICKETS,
        Permission.WORK_TICKETS,
        Permission.RESTRICT_TICKETS,
        Permission.READ_MAIL,
        Permission.SORT_MAIL,
    }
)

ROLES: dict[str, frozenset[Permission]] = {
    Role.AGENT: _AGENT,
    Role.TEAM_LEADER: _AGENT | {Permission.READ_RESTRICTED},
    # Given without a team: works wherever the pressure is, as the service desk does in the morning.
    Role.DISPATCHER: _AGENT,
    # Given for the triage team. Restricted cases are seen by those who are named on them, and by the team's leaders.
    Role.TRIAGE_MANAGER: _AGENT | {Permission.DECIDE_CLARIFICATIONS, Permission.DECIDE_IMPROVEMENTS},
    # Given for a section: looks at its teams' cases, and is told what nobody decides. Does none of their work.
    Role.DEPARTMENT_HEAD: frozenset(
        {Permission.READ_TICKETS, Permission.REGISTER_TICKETS, Permission.WRITE_NOTES, Permission.HAND_OVER_TICKETS}
    ),
    Role.ADMINISTRATOR: frozenset(
        {Permission.READ_TICKETS, Permission.READ_MAIL, Permission.SORT_MAIL, Permission.ADMINISTER}
    ),
}

Grants = list[tuple[str, int | None]]  # (role, id of the team it was given for; None: every team)


def allows(grants: Grants, permission: Permission, team: int | None) -> bool:
    """Whether one of the roles gives the permission; one that holds in a team only, in `team`, or without it in any."""
    return any(
        permission in ROLES[role] and (permission not in IN_TEAM or place is None or team is None or place == team)
        for role, place in grants
    )
