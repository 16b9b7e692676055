"""The queues: who needs what next, in the order it is taken."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from saksgang.access.queries import may
from saksgang.access.roles import Permission
from saksgang.catalogue.models import Service
from saksgang.console.answers import fragment, page_of
from saksgang.console.lists.asked import FILTERS, Asked, tables, title
from saksgang.console.pages import ConsoleRequest, SeeOther, page
from saksgang.console.shell import my_team_ids
from saksgang.console.states import state_labels
from saksgang.people import queries as people
from saksgang.people.models import Person, Team
from saksgang.tickets import queries
from saksgang.tickets.actions import assignment
from saksgang.tickets.kinds import State, TicketType
from saksgang.tickets.models import Ticket
from saksgang.tickets.policies import Refused
from saksgang.tickets.states import OPEN


@require_safe
@page(Permission.READ_TICKETS)
def show(request: ConsoleRequest) -> HttpResponse:
    teams = people.active_teams()
    asked = Asked.read(request.GET, teams)
    groups, next_key = tables(request.person, asked)
    context: dict[str, Any] = {"asked": asked, "groups": groups, "empty": not any(group["rows"] for group in groups)}
    context |= {"next": asked.query(after=next_key) if next_key else "", "first": asked.query()}
    if "fragment" in request.GET:
        return fragment(request, "console/lists/queue_rows.html", context)
    context |= {
        "title": title(asked),
        "poll": asked.query(after=asked.after, fragment="1"),
        "topics": asked.topics,
        "reset": asked.query(**dict.fromkeys(FILTERS, "")),
        "filters": _filters(asked, teams),
        "may_take": bool(_workplaces(request.person, asked.team)),
    }
    return page_of(request, "console/lists/queue.html", context)


def _filters(asked: Asked, teams: list[Team]) -> list[dict[str, Any]]:
    """The choices above the list: name, label, value, and (value, words) for each."""
    labels = state_labels()
    states = [(state.value, labels[state]) for state in State if state in OPEN]
    types = [(kind.value, str(kind.label)) for kind in TicketType]
    every = _("All") if asked.show in ("all", "mine") else _("Mine")
    found: list[dict[str, Any]] = [
        {"name": "team", "label": _("Team"), "all": every, "options": [(team.slug, team.name) for team in teams]},
        {"name": "state", "label": _("State"), "all": _("All open"), "options": states},
        {"name": "type", "label": _("Type"), "all": _("All"), "options": types},
        {"name": "service", "label": _("Service"), "all": _("All"), "options": _services()},
    ]
    chosen = asked.filters()
    shown = [one for one in found if one["name"] != "team" or asked.show != "triage"]
    return [one | {"value": chosen.get(one["name"], "")} for one in shown]


def _services() -> list[tuple[str, str]]:
    name = f"name_{translation.get_language()}"
    rows = Service.objects.filter(active=True).order_by("sort_key").values_list("pk", name, "name_nb")
    return [(str(pk), own or plain) for pk, own, plain in rows]


@require_POST
@page(Permission.WORK_TICKETS)
def take_next(request: ConsoleRequest) -> HttpResponse:
    """«Ta neste»: the first untaken case of my teams. When somebody is quicker, the one after it."""
    team = next((team for team in people.active_teams() if team.slug == request.POST.get("team")), None)
    places = _workplaces(request.person, team)
    for _attempt in range(5):
        ticket = queries.take_next(Ticket.objects.all(), request.person, places)
        if ticket is None:
            break
        try:
            assignment.take(ticket=ticket, by=request.person)
        except Refused:
            continue
        return SeeOther(reverse("console:ticket", args=[ticket.pk]))
    messages.info(request, _("No case is waiting to be taken."))
    return SeeOther(reverse("console:queue"))


def _workplaces(person: Person, team: Team | None) -> list[int]:
    """The ids of the teams that «Ta neste» looks in: the one shown, else one's own; only where one may work."""
    if team:
        ids = [team.pk]
    else:
        mine = my_team_ids(person)
        ids = [team.pk for team in people.active_teams()] if mine is None else mine
    return [pk for pk in ids if may(person, Permission.WORK_TICKETS, team=pk)]
