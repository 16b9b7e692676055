"""The queues: who needs what next, in the order it is taken."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy
from django.views.decorators.http import require_POST, require_safe

from saksgang.access.queries import may
from saksgang.access.roles import Permission
from saksgang.console.answers import fragment, page_of
from saksgang.console.lists import filters, saved
from saksgang.console.lists.asked import FILTERS, MORE, Asked, listed, tables, title
from saksgang.console.pages import ConsoleRequest, SeeOther, page
from saksgang.console.shell import capped, my_team_ids
from saksgang.people import queries as people
from saksgang.people.models import Person, Team
from saksgang.tickets import queries
from saksgang.tickets.actions import assignment
from saksgang.tickets.models import Ticket
from saksgang.tickets.policies import Refused
from saksgang.ui.words import once_a_language

# What can be done to several cases at once: verb of console/many → its name on the button and its picture.
VERBS = (  # told in each language by _verbs
    ("take", pgettext_lazy("several cases", "Take"), "check"),
    ("give", pgettext_lazy("several cases", "Give to …"), "person"),
    ("handover", pgettext_lazy("several cases", "Hand over"), "hand-over"),
    ("assess", pgettext_lazy("several cases", "Assess"), "flag"),
    ("wait", pgettext_lazy("several cases", "Let wait"), "clock"),
    ("merge", pgettext_lazy("several cases", "Merge"), "merge"),
    ("major", pgettext_lazy("several cases", "Major incident"), "team"),
    ("close", pgettext_lazy("several cases", "Close"), "archive"),
)


@require_safe
@page(Permission.READ_TICKETS)
def show(request: ConsoleRequest) -> HttpResponse:
    teams = people.active_teams()
    asked = Asked.read(request.GET, teams)
    works = may(request.person, Permission.WORK_TICKETS)
    groups, next_key = tables(request.person, asked, markable=works)
    context: dict[str, Any] = {"asked": asked, "groups": groups, "empty": not any(group["rows"] for group in groups)}
    context |= {"next": asked.query(after=next_key) if next_key else "", "first": asked.query()}
    if "fragment" in request.GET:
        return fragment(request, "console/lists/queue_rows.html", context)
    chosen = asked.filters()
    more = "more" in request.GET or any(name in chosen for name in MORE)
    context |= {
        "title": title(asked),
        "count": capped(queries.capped(listed(request.person, asked))) if chosen else "",
        "poll": asked.query(after=asked.after, fragment="1"),
        "topics": asked.topics,
        "list_query": asked.query(),
        "whose": [(team.pk, team.name) for team in saved.teams_of(request.person, teams)] if chosen else [],
        "reset": asked.query(**dict.fromkeys((*FILTERS, *MORE), "")),
        "filters": filters.bar(asked, teams),
        "more_filters": filters.more(asked) if more else [],
        "with_more": asked.query(more="1"),
        "kept": {name: value for name, value in chosen.items() if name in MORE},
        "kept_by_more": {name: value for name, value in chosen.items() if name in FILTERS},
        "verbs": _verbs() if works else [],
        "may_take": bool(_workplaces(request.person, asked.team)),
    }
    return page_of(request, "console/lists/queue.html", context)


@once_a_language
def _verbs() -> list[tuple[str, str, str]]:
    return [(name, str(label), picture) for name, label, picture in VERBS]


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
