"""All that happened on a case, in sentences."""

from __future__ import annotations

from django.http import HttpResponse

from saksgang.access.roles import Permission
from saksgang.console.answers import page_of
from saksgang.console.case import history
from saksgang.console.pages import ConsoleRequest, page, ticket_or_404
from saksgang.lib import clock
from saksgang.tickets import queries


@page(Permission.READ_TICKETS)
def show(request: ConsoleRequest, number: int) -> HttpResponse:
    ticket = ticket_or_404(request, number)
    days = history.days(queries.history(ticket), clock.now())
    return page_of(request, "console/case/history.html", {"ticket": ticket, "days": days})
