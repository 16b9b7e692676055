"""Every component of the pages in every state, for whoever changes how they look."""

from __future__ import annotations

from django.http import HttpResponse

from saksgang.access.roles import Permission
from saksgang.console.answers import page_of
from saksgang.console.pages import ConsoleRequest, page
from saksgang.lib import clock
from saksgang.ui import samples


@page(Permission.READ_TICKETS)
def show(request: ConsoleRequest) -> HttpResponse:
    return page_of(request, "ui/components.html", samples.context(clock.now()))
