"""One case: all that was said and done, and what can be done next."""

from __future__ import annotations

from django.http import HttpResponse

from saksgang.access.roles import Permission
from saksgang.console.pages import ConsoleRequest, page
from saksgang.console.ticket_page import TicketPage


@page(Permission.READ_TICKETS)
def show(request: ConsoleRequest, number: int) -> HttpResponse:
    return TicketPage(request, number).show(opened=request.GET.get("open", ""))
