"""Saved views: what one may keep a list under, in which order, and how many cases each holds just now."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from saksgang.access.roles import Permission
from saksgang.console.answers import fragment, page_of
from saksgang.console.lists import saved
from saksgang.console.lists.asked import Asked
from saksgang.console.models import SavedView
from saksgang.console.pages import ConsoleRequest, SeeOther, page
from saksgang.console.shell import capped, urls
from saksgang.lib import text
from saksgang.lib.numbers import whole_number
from saksgang.people import queries as people
from saksgang.tickets.policies import Refused

LONGEST_NAME = 60


@require_http_methods(["GET", "HEAD", "POST"])
@page(Permission.READ_TICKETS)
def show(request: ConsoleRequest) -> HttpResponse:
    """All that one sees, in their order. POST saves the list one comes from."""
    if request.method == "POST":
        return _save(request)
    views = list(saved.shown_to(request.person))
    rows = [{"view": view, "mine": saved.may_change(view, request.person)} for view in views]
    return page_of(request, "console/lists/saved.html", {"rows": rows})


def _save(request: ConsoleRequest) -> HttpResponse:
    teams = people.active_teams()
    asked = Asked.read(QueryDict(request.POST.get("query", "")), teams)
    chosen = whole_number(request.POST.get("whose", ""))
    team = next((team for team in saved.teams_of(request.person, teams) if team.pk == chosen), None)
    name = text.one_line(request.POST.get("name", ""), LONGEST_NAME)
    try:
        saved.save(by=request.person, name=name, query=asked.query(), team=team)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("The view «%(name)s» is saved.") % {"name": name})
    return SeeOther(f"{reverse('console:queue')}?{asked.query()}")


@require_POST
@page(Permission.READ_TICKETS)
def change(request: ConsoleRequest, number: int) -> HttpResponse:
    """`do`: up, down, or remove; `to`: the place it was dragged to."""
    view = get_object_or_404(saved.shown_to(request.person), pk=number)
    steps = {"up": -1, "down": 1}
    do, place = request.POST.get("do", ""), whole_number(request.POST.get("to", ""))
    try:
        if do == "remove":
            saved.remove(view=view, by=request.person)
            messages.success(request, _("The view «%(name)s» is deleted.") % {"name": view.name})
        elif do in steps:
            saved.move(view=view, by=request.person, to=saved.place_of(view) + steps[do])
        elif place is not None:
            saved.move(view=view, by=request.person, to=place)
    except Refused as refusal:
        messages.error(request, str(refusal))
    return SeeOther(reverse("console:views"))


@require_safe
@page(Permission.READ_TICKETS)
def counts(request: ConsoleRequest) -> HttpResponse:
    """The links beside the lists, with how many cases each view holds. `here`: the address of the list one is on."""
    views: list[SavedView] = list(saved.shown_to(request.person))
    numbers = saved.counts(request.person, views)
    rows = [{"name": view.name, "query": view.query, "count": capped(numbers[view.pk])} for view in views]
    context = {"views": rows, "here": request.GET.get("here", ""), "urls": urls()}
    return fragment(request, "ui/nav_views.html", context)
