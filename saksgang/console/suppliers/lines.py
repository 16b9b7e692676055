"""Cases that wait for a supplier, as lines: who has it, their number, since when, and when somebody looks again."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from saksgang.access.queries import may
from saksgang.access.roles import Permission
from saksgang.people.models import Person
from saksgang.people.queries import active_teams
from saksgang.tickets import queries, suppliers
from saksgang.ui.dates import short_when
from saksgang.ui.inputs import options

MOST = 50
MOST_NAMES = 200


def rows(viewer: Person, now: datetime, *, team: str, who: str) -> list[dict[str, Any]]:
    found = suppliers.rows(suppliers.waiting(viewer, team=team, who=who), MOST)
    addresses = suppliers.addresses_of((one.number, one.who) for one in found)
    chased = suppliers.last_chased(one.number for one in found)
    seen = queries.newest_events(one.number for one in found)
    return [
        {
            **one._asdict(),
            "since": short_when(one.since, now),
            "until": short_when(one.until, now),
            "late": one.until < now,
            "address": addresses.get(one.number, ""),
            "chased": short_when(chased[one.number], now) if one.number in chased else "",
            "works": may(viewer, Permission.WORK_TICKETS, team=one.team_id),
            "seen": seen.get(one.number, 0),
        }
        for one in found
    ]


def choices(viewer: Person, *, team: str, who: str) -> dict[str, Any]:
    """The two filters as they are drawn."""
    teams = tuple((one.slug, one.name) for one in active_teams())
    names = tuple((name, name) for name in suppliers.names(viewer, MOST_NAMES))
    return {"teams": options(teams, team), "names": options(names, who)}
