"""The lists of cases: which cases each holds, its filters, and one page of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Any
from urllib.parse import urlencode

from django.db.models import Q, QuerySet
from django.http import QueryDict
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from saksgang.catalogue.kinds import TicketType
from saksgang.console.lists.rows import Rows
from saksgang.console.live import topics
from saksgang.console.shell import my_team_ids
from saksgang.lib import clock, text
from saksgang.lib.numbers import whole_number
from saksgang.people.models import Person, Team, TeamKind
from saksgang.tickets import queries
from saksgang.tickets.assessments import BY_HAND, NO_KIND
from saksgang.tickets.assessments import since as assessed_since
from saksgang.tickets.kinds import State
from saksgang.tickets.models import Ticket
from saksgang.tickets.seen import SeenBy
from saksgang.tickets.states import DONE, OPEN, PAUSED
from saksgang.tickets.visibility import TicketQuerySet
from saksgang.ui.dates import OSLO
from saksgang.ui.words import once_a_language

SHOWS = ("team", "mine", "untaken", "waiting", "new", "all", "triage")
# What always stands above the list, and what is asked for more seldom.
FILTERS = ("team", "state", "type", "service")
MORE = ("owner", "department", "since", "until", "quiet", "assessed", "how")
FINISHED, ANY = "done", "any"  # beside the states themselves: solved or closed, and every case there is
STATES = (*OPEN, *DONE, FINISHED, ANY)
ME, NOBODY = "me", "nobody"
QUIET_DAYS = (1, 3, 7, 14, 30)
ASSESSED_DAYS = (30, 90)
LONGEST_NAME = 120
MOST_TEAMS = 50  # a person is in; beyond it the list is asked for in the ordinary way


@dataclass(frozen=True)
class Asked:
    """What the address asks for. What no list knows is left out, so that an old bookmark still shows something."""

    show: str
    team: Team | None
    state: str
    type: str
    service: int | None
    owner: str  # ME, NOBODY or a person's id
    department: str  # a part of its name
    since: date | None  # received on this day or later
    until: date | None  # received on this day or before
    quiet: int | None  # days in which the requester has not heard from us
    assessed: int | None  # days in which it was assessed
    how: str  # and how it was: without a kind, with a priority by hand
    after: str

    @classmethod
    def read(cls, query: QueryDict, teams: Iterable[Team]) -> Asked:
        def one_of(name: str, known: Iterable[str], default: str = "") -> str:
            value = query.get(name, default)
            return value if value in known else default

        owner = query.get("owner", "")
        quiet, assessed = whole_number(query.get("quiet", "")), whole_number(query.get("assessed", ""))
        return cls(
            show=one_of("show", SHOWS, "team"),
            team=next((team for team in teams if team.slug == query.get("team")), None),
            state=one_of("state", STATES),
            type=one_of("type", TicketType.values),
            service=whole_number(query.get("service", "")),
            owner=owner if owner in (ME, NOBODY) or whole_number(owner) else "",
            department=text.one_line(query.get("department", ""), LONGEST_NAME),
            since=_day(query.get("since", "")),
            until=_day(query.get("until", "")),
            quiet=quiet if quiet in QUIET_DAYS else None,
            assessed=assessed if assessed in ASSESSED_DAYS else None,
            how=one_of("how", (NO_KIND, BY_HAND)) if assessed in ASSESSED_DAYS else "",
            after=query.get("after", ""),
        )

    def query(self, **changes: str) -> str:
        """The same list as the part of an address after «?»."""
        values = {"show": self.show} | self.filters() | changes
        return urlencode({name: value for name, value in values.items() if value})

    def filters(self) -> dict[str, str]:
        """Those that are set, as the address writes them."""
        values = {"team": self.team.slug if self.team else ""}
        values |= {name: str(getattr(self, name) or "") for name in (*FILTERS, *MORE) if name != "team"}
        return {name: value for name, value in values.items() if value}

    @property
    def topics(self) -> str:
        """What changes this list."""
        if self.show == "mine" or self.owner == ME:
            return topics.MINE
        if self.team:
            return topics.team(self.team.pk)
        return {"all": topics.CASES, "triage": topics.TRIAGE}.get(self.show, topics.OURS)

    @property
    def waits(self) -> bool:
        """Whether the cases asked for wait, and so stand by when they come back and not in the queue."""
        return not self.newest_first and (self.show == "waiting" or self.state in PAUSED)

    @property
    def newest_first(self) -> bool:
        """Whether finished cases are asked for, which no queue orders."""
        return self.state in (*DONE, FINISHED, ANY)

    @property
    def is_plain(self) -> bool:
        """Whether it is the first page of a list in the queue's order, without any filter."""
        return not (self.after or self.waits or self.filters())


def _day(written: str) -> date | None:
    try:
        day = parse_date(written)
    except ValueError:  # the 31st of a month that has none
        return None
    # Far years overflow when a time zone is reckoned with.
    return day if day and 2000 <= day.year <= 2100 else None


def cases(person: Person, asked: Asked) -> TicketQuerySet[Ticket]:
    """Every case of the list that the person may see."""
    return _cases(Ticket.objects.visible_to(person), asked, person.pk, _team_ids(person, asked))


def _team_ids(person: Person, asked: Asked) -> Iterable[int] | None:
    """The teams whose cases are asked for; None: every team's."""
    if asked.team:
        return [asked.team.pk]
    everywhere = asked.show in ("all", "mine", "triage") or asked.owner == ME
    return None if everywhere else my_team_ids(person)


def _cases(
    found: TicketQuerySet[Ticket], asked: Asked, person_id: int, team_ids: Iterable[int] | None
) -> TicketQuerySet[Ticket]:
    if team_ids is not None:
        found = found.filter(team_id__in=list(team_ids))
    if asked.show == "mine" or asked.owner == ME:
        found = found.filter(assignee_id=person_id)
        found = found if asked.newest_first else found.filter(open=1)
    elif asked.show == "triage":
        found = found.filter(team_id__in=_triage_ids())
    found = _narrowed(found, asked)
    if asked.show == "untaken" and not asked.newest_first:
        found = found.filter(state=State.NEW)
    if asked.show == "new":
        found = found.filter(assessed_at__isnull=True)
    return found


def _triage_ids() -> Any:
    return Team.objects.filter(kind=TeamKind.TRIAGE, active=True).values_list("pk", flat=True)


def _narrowed(found: TicketQuerySet[Ticket], asked: Asked) -> TicketQuerySet[Ticket]:
    if asked.state == FINISHED:
        found = found.filter(state__in=sorted(DONE))
    elif asked.state and asked.state != ANY:
        found = found.filter(state=asked.state)
    if asked.type:
        found = found.filter(type=asked.type)
    if asked.service:
        found = found.filter(service_id=asked.service)
    if asked.owner == NOBODY:
        found = found.filter(assignee__isnull=True)
    elif asked.owner and asked.owner != ME:
        found = found.filter(assignee_id=int(asked.owner))
    return _narrowed_further(found, asked)


def _narrowed_further(found: TicketQuerySet[Ticket], asked: Asked) -> TicketQuerySet[Ticket]:
    if asked.department:
        found = found.filter(affected_department__folded__contains=text.fold(asked.department))
    if asked.since:
        found = found.filter(received_at__gte=_midnight(asked.since))
    if asked.until:
        found = found.filter(received_at__lt=_midnight(asked.until + timedelta(days=1)))
    if asked.quiet:
        limit = clock.now() - timedelta(days=asked.quiet)
        unheard = Q(last_word_at__lt=limit) | Q(last_word_at__isnull=True, received_at__lt=limit)
        found = found.filter(unheard, open=1)
    if asked.assessed:
        found = assessed_since(found, clock.now() - timedelta(days=asked.assessed), asked.how)
    return found


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=OSLO)


def listed(person: Person, asked: Asked) -> TicketQuerySet[Ticket]:
    """Every case that the list shows, page after page, in no order."""
    found = cases(person, asked)
    if asked.newest_first or asked.show == "mine":
        return found
    return found.filter(open=1, state__in=sorted(PAUSED)) if asked.waits else found.filter(queue_rank__isnull=False)


def _first_rows(person: Person, asked: Asked) -> list[tuple[Any, ...]]:
    """The rows of a list as the sidebar leads to it, asked for all day long: compiled once, as `cases` says what it holds."""
    team_ids = _team_ids(person, asked)
    given = None if team_ids is None else list(team_ids)
    if given and len(given) > MOST_TEAMS:
        return list(queries.queue_rows(cases(person, asked)))
    return _prepared(asked.show, None if given is None else len(given))(person, person.pk, *(given or ()))


@lru_cache(maxsize=128)
def _prepared(show: str, _teams: int | None) -> SeenBy:
    asked = Asked.read(QueryDict(urlencode({"show": show})), ())
    everywhere = _teams is None

    def rows(visible: TicketQuerySet[Ticket], person_id: int, *team_ids: int) -> QuerySet[Ticket, Any]:
        return queries.queue_rows(_cases(visible, asked, person_id, None if everywhere else team_ids))

    return SeenBy(rows)


def tables(person: Person, asked: Asked, *, markable: bool = False) -> tuple[list[dict[str, Any]], str]:
    """The tables of one page of the list, and the key of the page after it. `markable`: see Rows.draw."""
    found = cases(person, asked)
    states = asked.waits or asked.newest_first or asked.show == "mine"
    rows = Rows(person, teams=asked.show in ("all", "mine"), states=states)
    if asked.newest_first:
        page = queries.newest(found, after=asked.after)
    elif asked.waits:
        page = queries.by_due(queries.waiting(found), after=asked.after)
    elif asked.is_plain:
        page = queries.queue_page(_first_rows(person, asked))
    else:
        page = queries.queue(found, after=asked.after)
    found_tables = [{"rows": rows.lines(page.rows, markable=markable), "caption": title(asked), "title": ""}]
    if asked.show == "mine" and not (page.next_key or asked.waits or asked.newest_first):
        resting = queries.by_due(queries.waiting(found))
        more = asked.query(show="waiting", owner=ME) if resting.next_key else ""
        words = _("Waiting or planned")
        found_tables.append(
            {"rows": rows.lines(resting.rows, markable=markable), "caption": words, "title": words, "more": more}
        )
    return found_tables, page.next_key


def title(asked: Asked) -> str:
    """What the list is called."""
    names = _titles()
    if asked.team:
        return asked.team.name if asked.show in ("team", "all") else f"{names[asked.show]} · {asked.team.name}"
    return names[asked.show]


@once_a_language
def _titles() -> dict[str, str]:
    return {
        "team": _("My team"),
        "mine": _("My cases"),
        "untaken": _("Not taken"),
        "waiting": _("Waiting"),
        "new": pgettext("list of cases", "Not assessed"),
        "all": _("All teams"),
        "triage": _("Triage"),
    }
