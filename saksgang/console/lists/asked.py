"""The lists of cases: which cases each holds, its filters, and one page of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from saksgang.console.lists.rows import Rows
from saksgang.console.live import topics
from saksgang.console.shell import my_team_ids
from saksgang.lib.numbers import whole_number
from saksgang.people.models import Person, Team, TeamKind
from saksgang.tickets import queries
from saksgang.tickets.kinds import State, TicketType
from saksgang.tickets.models import Ticket
from saksgang.tickets.states import OPEN, PAUSED
from saksgang.tickets.visibility import TicketQuerySet

SHOWS = ("team", "mine", "untaken", "waiting", "new", "all", "triage")
FILTERS = ("team", "state", "type", "service", "owner")


@dataclass(frozen=True)
class Asked:
    """What the address asks for. What no list knows is left out, so that an old bookmark still shows something."""

    show: str
    team: Team | None
    state: str
    type: str
    service: int | None
    owner: str
    after: str

    @classmethod
    def read(cls, query: QueryDict, teams: Iterable[Team]) -> Asked:
        def one_of(name: str, known: Iterable[str], default: str = "") -> str:
            value = query.get(name, default)
            return value if value in known else default

        return cls(
            show=one_of("show", SHOWS, "team"),
            team=next((team for team in teams if team.slug == query.get("team")), None),
            state=one_of("state", OPEN),
            type=one_of("type", TicketType.values),
            service=whole_number(query.get("service", "")),
            owner=one_of("owner", ("me",)),
            after=query.get("after", ""),
        )

    def query(self, **changes: str) -> str:
        """The same list as the part of an address after «?»."""
        values = {"show": self.show} | self.filters() | changes
        return urlencode({name: value for name, value in values.items() if value})

    def filters(self) -> dict[str, str]:
        values = (self.team.slug if self.team else "", self.state, self.type, str(self.service or ""), self.owner)
        return {name: value for name, value in zip(FILTERS, values, strict=True) if value}

    @property
    def topics(self) -> str:
        """What changes this list."""
        if self.show == "mine" or self.owner:
            return topics.MINE
        if self.team:
            return topics.team(self.team.pk)
        return {"all": topics.CASES, "triage": topics.TRIAGE}.get(self.show, topics.OURS)

    @property
    def waits(self) -> bool:
        """Whether the cases asked for wait, and so stand by when they come back and not in the queue."""
        return self.show == "waiting" or self.state in PAUSED


def cases(person: Person, asked: Asked) -> TicketQuerySet[Ticket]:
    """Every case of the list that the person may see."""
    found = _narrowed(_scope(person, asked), asked)
    if asked.show == "untaken":
        found = found.filter(state=State.NEW)
    if asked.show == "new":
        found = found.filter(assessed_at__isnull=True)
    return found


def _scope(person: Person, asked: Asked) -> TicketQuerySet[Ticket]:
    found = Ticket.objects.visible_to(person)
    if asked.team:
        found = found.filter(team=asked.team)
    if asked.show == "mine" or asked.owner:
        return found.filter(assignee=person, open=1)
    if asked.show == "triage":
        return found.filter(team_id__in=_triage_ids())
    teams = my_team_ids(person)
    if asked.show == "all" or asked.team or teams is None:
        return found
    return found.filter(team_id__in=teams)


def _triage_ids() -> Any:
    return Team.objects.filter(kind=TeamKind.TRIAGE, active=True).values_list("pk", flat=True)


def _narrowed(found: TicketQuerySet[Ticket], asked: Asked) -> TicketQuerySet[Ticket]:
    if asked.state:
        found = found.filter(state=asked.state)
    if asked.type:
        found = found.filter(type=asked.type)
    if asked.service:
        found = found.filter(service_id=asked.service)
    return found


def tables(person: Person, asked: Asked) -> tuple[list[dict[str, Any]], str]:
    """The tables of one page of the list, and the key of the page after it."""
    found = cases(person, asked)
    rows = Rows(person, teams=asked.show in ("all", "mine"), states=asked.waits or asked.show == "mine")
    if asked.waits:
        page = queries.by_due(queries.waiting(found), after=asked.after)
        return [{"rows": rows.draw(page.rows), "caption": title(asked), "title": ""}], page.next_key
    page = queries.queue(found, after=asked.after)
    found_tables = [{"rows": rows.draw(page.rows), "caption": title(asked), "title": ""}]
    if asked.show == "mine" and not page.next_key:
        resting = queries.by_due(queries.waiting(found))
        more = asked.query(show="waiting", owner="me") if resting.next_key else ""
        words = _("Waiting or planned")
        found_tables.append({"rows": rows.draw(resting.rows), "caption": words, "title": words, "more": more})
    return found_tables, page.next_key


def title(asked: Asked) -> str:
    """What the list is called."""
    names = {
        "team": _("My team"),
        "mine": _("My cases"),
        "untaken": _("Not taken"),
        "waiting": _("Waiting"),
        "new": pgettext("list of cases", "Not assessed"),
        "all": _("All cases"),
        "triage": _("Triage"),
    }
    if asked.team:
        return asked.team.name if asked.show == "team" else f"{names[asked.show]} · {asked.team.name}"
    return names[asked.show]
