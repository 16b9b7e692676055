"""Faults that many report: those that go on, those that are planned, and those that were solved last."""

from __future__ import annotations

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from saksgang.access.queries import may
from saksgang.access.roles import Permission
from saksgang.console.answers import fragment, page_of
from saksgang.console.major import telling
from saksgang.console.pages import ConsoleRequest, page
from saksgang.lib import clock
from saksgang.tickets import majors


@require_safe
@page(Permission.READ_TICKETS)
def show(request: ConsoleRequest) -> HttpResponse:
    now = clock.now()
    rows = telling.lines(request.person, [*majors.open_ones(), *majors.solved_ones()], now)
    context = {
        "going_on": [row for row in rows if row["begun"] and not row["solved"]],
        "coming": [row for row in rows if not row["begun"] and not row["solved"]],
        "solved": [row for row in rows if row["solved"]],
        "starts": may(request.person, Permission.HAND_OVER_TICKETS),
    }
    if "fragment" in request.GET:
        return fragment(request, "console/major/lists.html", context)
    return page_of(request, "console/major/majors.html", context)
