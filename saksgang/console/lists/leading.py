"""What the front page shows to those who lead: team leaders, the managers in the triage team, department heads."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.urls import reverse

from saksgang.access.queries import grants_of, is_head, may
from saksgang.access.roles import Permission, Role
from saksgang.console.triage import agenda
from saksgang.lib import clock
from saksgang.people.models import Person, Team
from saksgang.people.queries import active_teams
from saksgang.tickets import overview, queries
from saksgang.tickets.clarifications import first_questions
from saksgang.tickets.models import Ticket
from saksgang.ui.dates import short_when


def manages(person: Person) -> bool:
    """Whether one looks after the whole hospital."""
    return may(person, Permission.DECIDE_CLARIFICATIONS) or is_head(person)


def leads(person: Person) -> bool:
    return manages(person) or any(role == Role.TEAM_LEADER for role, _team in grants_of(person))


def teams_led(person: Person) -> list[Team]:
    """The teams whose work one looks after: all of them for those who manage, one's own for a team leader."""
    grants = {team for role, team in grants_of(person) if role == Role.TEAM_LEADER}
    everywhere = manages(person) or None in grants
    return [team for team in active_teams() if everywhere or team.pk in grants]


def lists(person: Person, looked_after: Any) -> dict[str, QuerySet[Ticket]]:
    """Name → cases. A team leader sees what goes to and fro in their own teams only."""
    if manages(person):
        everywhere = Ticket.objects.visible_to(person)
        return {"urgent": overview.urgent(everywhere), "pingpong": overview.pingpong(everywhere)}
    if any(role == Role.TEAM_LEADER for role, _team in grants_of(person)):
        return {"pingpong": overview.pingpong(looked_after)}
    return {}


def first_rows(person: Person, looked_after: Any) -> dict[str, list[tuple[Any, ...]]]:
    """The same lists, the first rows of each."""
    if manages(person):
        return {"urgent": overview.first_urgent(person), "pingpong": overview.first_pingpong(person)}
    rows = {name: cases.values_list(*queries.ROW_FIELDS) for name, cases in lists(person, looked_after).items()}
    return {name: list(cases[: queries.COUNT_CAP + 1]) for name, cases in rows.items()}


def whole_hospital(person: Person) -> dict[str, Any]:
    """{behind, questions, escalated}: which teams are late, what the triage team is asked, what was left undecided."""
    if not manages(person):
        return {}
    now = clock.now()
    behind = overview.behind(Ticket.objects.visible_to(person), now)
    return {
        "behind": [{"team": one.team, "overdue": one.overdue, "url": _list_of(one)} for one in behind],
        "questions": agenda.lines(first_questions(person), now),
        "escalated": [
            {"id": one.pk, "question": one.question, "number": one.ticket_id, "asked": short_when(one.asked_at, now)}
            for one in (overview.escalated_to(person) if is_head(person) else ())
        ],
    }


def _list_of(one: overview.Behind) -> str:
    return f"{reverse('console:queue')}?show=all&team={one.slug}"
