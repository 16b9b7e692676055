"""What stands around every page: who is signed in, and the lists with how many cases are in each."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import connection
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from saksgang.access.queries import grants_of, is_head, may, teams_headed
from saksgang.access.roles import ROLES, Permission
from saksgang.console import held
from saksgang.console.models import SavedView
from saksgang.console.pages import ConsoleRequest
from saksgang.inbound.models import Outcome
from saksgang.lib import clock
from saksgang.lib.prepared import prepared
from saksgang.people.models import Membership, Person, TeamKind
from saksgang.tickets.kinds import MajorState, State
from saksgang.tickets.models import Ticket
from saksgang.tickets.queries import COUNT_CAP
from saksgang.tickets.seen import seen_by
from saksgang.tickets.states import PAUSED
from saksgang.tickets.visibility import TicketQuerySet

TALLIES = "T"  # the key that leads to them from anywhere
SOON = timedelta(hours=2)
COUNTED = ("id", "team_id", "assignee_id", "state", "open", "queue_rank", "next_step_due_at")

# One statement for every number of the frame. `visible` is what visible_to() lets the person see; each count stops at one
# more than the cap and runs along one of the case's indexes. NOT MATERIALIZED: both databases would otherwise first write
# out the whole list of visible cases. The triage team is not known to PostgreSQL's planner, which expects many cases of it and
# would read the whole table in search of them; an order that only the index has keeps it to the index.
COUNTS = """
WITH visible AS NOT MATERIALIZED ({visible})
SELECT
  (SELECT COUNT(*) FROM (
     SELECT id FROM (SELECT id FROM visible WHERE {team} AND open = 1 AND next_step_due_at <= %(soon)s LIMIT {cap}) AS a
     UNION
     SELECT id FROM (SELECT id FROM visible WHERE assignee_id = %(me)s AND open = 1 AND next_step_due_at <= %(soon)s
                     LIMIT {cap}) AS b) AS slipping),
  EXISTS (SELECT 1 FROM visible WHERE {team} AND open = 1 AND next_step_due_at < %(now)s),
  (SELECT COUNT(*) FROM (SELECT 1 FROM visible WHERE assignee_id = %(me)s AND open = 1 LIMIT {cap}) AS mine),
  (SELECT COUNT(*) FROM (SELECT 1 FROM visible WHERE {team} AND queue_rank IS NOT NULL LIMIT {cap}) AS team),
  (SELECT COUNT(*) FROM (SELECT 1 FROM visible WHERE {team} AND state = '{new}' LIMIT {cap}) AS untaken),
  (SELECT COUNT(*) FROM (SELECT 1 FROM visible WHERE queue_rank IS NOT NULL LIMIT {cap}) AS everywhere),
  (SELECT COUNT(*) FROM (SELECT 1 FROM visible WHERE {team} AND state IN ({paused}) LIMIT {cap}) AS waiting),
  (SELECT MIN(id) FROM people_team WHERE kind = '{triage}' AND active),
  (SELECT COUNT(*) FROM (SELECT 1 FROM visible WHERE queue_rank IS NOT NULL AND team_id = (
                           SELECT MIN(id) FROM people_team WHERE kind = '{triage}' AND active)
                         ORDER BY queue_rank LIMIT {cap}) AS triage),
  (SELECT COUNT(*) FROM (SELECT 1 FROM inbound_inboundmail WHERE outcome = '{set_aside}' AND handled_at IS NULL
                         UNION ALL
                         SELECT 1 FROM (SELECT 1 FROM inbound_inboundmail WHERE pending = 1 AND due_at IS NOT NULL
                                        ORDER BY try_at LIMIT {cap}) AS again
                         LIMIT {cap}) AS unclear),
  (SELECT COUNT(*) FROM (SELECT 1 {calls} LIMIT {cap}) AS calls),
  EXISTS (SELECT 1 {calls} AND c.due_at < %(now)s),
  (SELECT COUNT(*) FROM (SELECT 1 FROM tickets_majorincident WHERE state = '{going_on}' AND began_at <= %(now)s
                         LIMIT {cap}) AS majors)
"""
CALLS = """FROM tickets_call c JOIN tickets_message said ON said.id = c.message_id JOIN visible ON visible.id = said.ticket_id
                         WHERE c.done_at IS NULL AND {team}"""
MY_TEAMS = """SELECT m.team_id FROM people_membership m JOIN people_team t ON t.id = m.team_id
              WHERE m.person_id = %(me)s AND t.active"""


@dataclass(frozen=True)
class Counts:
    """How many cases each list holds; one more than `COUNT_CAP` stands for «more than that»."""

    slipping: int
    overdue: bool  # at least one of those that slip is too late already
    mine: int
    team: int
    untaken: int
    everywhere: int
    waiting: int
    triage_team: int | None  # None: there is no triage team
    triage: int
    unclear: int
    calls: int
    calls_overdue: bool
    majors: int


def shell_context(request: ConsoleRequest) -> dict[str, Any]:
    """What ui/console.html draws the frame from, under the name `shell`: the person, the lists, the addresses, whom it is for."""
    person, here = request.person, _here(request)
    views = _saved_views(person)
    if here and any(view["query"] == request.GET.urlencode() for view in views):
        here = ""  # the page is the saved view's
    return {
        "person": person,
        "nav": nav(person, counts(person), here),
        "here": here,
        "views": views,
        "urls": urls(),
        "writer": held.writer(person),
        "live": _live(request),
    }


def _live(request: ConsoleRequest) -> str:
    """Where the page hears of what has changed since it was made; empty where pages are served without streams."""
    path = request.META.get("saksgang.live")
    return f"{path}?since={int(time.time() * 1000)}" if path else ""


@prepared
def _teams(person_id: int) -> QuerySet[Membership, Any]:
    return Membership.objects.filter(person_id=person_id, team__active=True).values_list("person_id", "team_id")


def my_team_ids(person: Person) -> list[int] | None:
    """The teams whose lists one sees first: one's own. None means every team: one works everywhere and belongs nowhere."""
    if "_teams" not in person.__dict__:
        teams = [team for _person, team in _teams(person.pk)]
        if is_head(person):
            teams = sorted({*teams, *teams_headed(person)})
        person.__dict__["_teams"] = teams or (None if _works_everywhere(person) else [])
    known: list[int] | None = person.__dict__["_teams"]
    return known


@prepared
def _own_views(person_id: int) -> QuerySet[SavedView, Any]:
    return SavedView.objects.shown_to(person_id).values_list("name", "query")


def _saved_views(person: Person) -> list[dict[str, str]]:
    """The names at the side. How many cases each holds is fetched by itself (lists/views/saved.py): that is dearer than the frame."""
    return [{"name": name, "query": query} for name, query in _own_views(person.pk)]


def _works_everywhere(person: Person) -> bool:
    return any(team is None and Permission.WORK_TICKETS in ROLES[role] for role, team in grants_of(person))


def counts(person: Person) -> Counts:
    """Every number of the frame, in one query."""
    if not may(person, Permission.READ_TICKETS):
        return Counts(0, False, 0, 0, 0, 0, 0, None, 0, 0, 0, False, 0)
    now = clock.now()
    visible, params = _visible_to(person)
    params |= {"me": person.pk, "now": _stored(now), "soon": _stored(now + SOON)}
    team, ids = _team_condition(person)
    params |= ids
    statement = COUNTS.format(
        visible=visible,
        team=team,
        cap=COUNT_CAP + 1,
        new=State.NEW,
        paused=", ".join(f"'{state}'" for state in sorted(PAUSED)),
        triage=TeamKind.TRIAGE,
        set_aside=Outcome.SET_ASIDE,
        calls=CALLS.format(team=team),
        going_on=MajorState.OPEN,
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, params)
        return Counts(*cursor.fetchone())


def _team_condition(person: Person) -> tuple[str, dict[str, Any]]:
    """«In my teams» as SQL. Where the page has not asked for the teams already, the database looks them up on its way."""
    if "_teams" not in person.__dict__ and not (_works_everywhere(person) or is_head(person)):
        return f"team_id IN ({MY_TEAMS})", {}
    teams = my_team_ids(person)
    if teams is None:
        return "team_id IS NOT NULL", {}
    return f"team_id IN ({', '.join(f'%(t{pk})s' for pk in teams) or 'NULL'})", {f"t{pk}": pk for pk in teams}


@seen_by
def _visible(cases: TicketQuerySet[Ticket]) -> QuerySet[Ticket, Any]:
    return cases.values_list(*COUNTED)


def _visible_to(person: Person) -> tuple[str, dict[str, Any]]:
    """visible_to() as SQL with named parameters, to stand inside another statement."""
    statement = _visible.prepared(person).statement(takes=1)
    if statement is None:
        raise PermissionDenied  # nobody gets here who may not read cases
    values = {f"v{at}": value for at, value in enumerate(statement.filled((person.pk,)))}
    return statement.sql % tuple(f"%({name})s" for name in values), values


def _stored(moment: datetime) -> Any:
    """A moment as this database compares it, for SQL written by hand."""
    return connection.ops.adapt_datetimefield_value(moment)


def capped(number: int) -> str:
    """A count as it is shown: «100+» when there are more than were counted, nothing for none."""
    return f"{COUNT_CAP}+" if number > COUNT_CAP else str(number or "")


def nav(person: Person, numbers: Counts, here: str) -> list[dict[str, Any]]:
    """The lists as ui/nav.html draws them. `here`: the one that the page belongs to."""
    queue = reverse("console:queue")
    mail = may(person, Permission.READ_MAIL)
    late = {"front": numbers.overdue, "calls": numbers.calls_overdue}
    urgent = {"mail_tray", *(name for name, is_late in late.items() if is_late)}
    items = [
        ("front", _("Slipping soon"), reverse("console:front"), numbers.slipping, True),
        ("mine", _("My cases"), f"{queue}?show=mine", numbers.mine, True),
        ("team", _("My team"), f"{queue}?show=team", numbers.team, True),
        ("untaken", _("Not taken"), f"{queue}?show=untaken", numbers.untaken, True),
        ("all", _("All teams"), f"{queue}?show=all", numbers.everywhere, True),
        ("triage", _("Triage"), reverse("console:triage"), numbers.triage, numbers.triage_team is not None),
        ("majors", pgettext("major incident", "Major incidents"), reverse("console:majors"), numbers.majors, True),
        ("waiting", _("Waiting"), f"{queue}?show=waiting", numbers.waiting, True),
        ("calls", pgettext("list", "Phone"), reverse("console:calls"), numbers.calls, True),
        ("improvements", _("Improvements"), reverse("console:improvements"), 0, True),
        ("suppliers", _("With suppliers"), reverse("console:suppliers"), 0, True),
        ("announcements", _("Announcements"), reverse("console:announcements"), 0, True),
        ("tallies", _("Tallies"), reverse("console:tallies"), 0, True),
        ("mail_tray", _("Unclear mail"), reverse("console:mail_tray"), numbers.unclear, mail),
        ("mail", _("Mail log"), reverse("console:mail"), 0, mail),
        ("mailboxes", _("Mailboxes"), reverse("console:mailboxes"), 0, mail),
        ("routing", _("Routing rules"), reverse("console:routing"), 0, True),
    ]
    return [
        {
            "label": label,
            "url": url,
            "count": capped(number),
            "current": name == here,
            "urgent": bool(number) and name in urgent,
            "key": TALLIES if name == "tallies" else "",
        }
        for name, label, url, number, shown in items
        if shown
    ]


# Pages that belong to another one's list.
_WITHIN = {
    "mail_row": "mail",
    "triage_question": "triage",
    "routing_rule": "routing",
    "improvement": "improvements",
    "improvement_facts": "improvements",
    "improvements_of_team": "improvements",
    "major": "majors",
    "major_start": "majors",
}


def _here(request: ConsoleRequest) -> str:
    """Which of the lists the page belongs to."""
    name = request.resolver_match.url_name if request.resolver_match else None
    if name == "queue":
        return request.GET.get("show", "team")
    return _WITHIN.get(name or "", name or "")


def urls() -> dict[str, str]:
    return {
        "home": reverse("console:front"),
        "search": reverse("console:search"),
        "new": reverse("console:registration"),
        "sign_out": reverse("console:sign_out"),
        "sign_in_again": f"{reverse('console:sign_in')}?next={reverse('console:signed_in')}",
        "session": reverse("console:session"),
        "counts": reverse("console:counts"),
        "list": reverse("console:queue"),
        "views": reverse("console:views"),
        "view_counts": reverse("console:view_counts"),
        "language": reverse("console:language"),
        "accessibility": reverse("console:accessibility"),
    }
