"""Who else has a case before them: a tab gives its sign (POST) and asks (GET); both are answered with what stands on the page."""

from __future__ import annotations

import re

from django.http import HttpResponse
from django.views.decorators.http import require_http_methods

from saksgang.access.roles import Permission
from saksgang.console.answers import fragment
from saksgang.console.live import presence
from saksgang.console.pages import ConsoleRequest, page, ticket_or_404

# What a tab calls itself, and the box that is written in.
WORD = re.compile(r"[a-z0-9_-]{1,20}")


@require_http_methods(["GET", "HEAD", "POST"])
@page(Permission.READ_TICKETS)
def change(request: ConsoleRequest, number: int) -> HttpResponse:
    ticket = ticket_or_404(request, number)
    tab, writing = request.POST.get("tab", ""), request.POST.get("writing", "")
    if request.method == "POST" and WORD.fullmatch(tab):
        if "gone" in request.POST:
            presence.leave(by=request.person, tab=tab)
        elif not writing or WORD.fullmatch(writing):
            presence.sign(ticket=ticket, by=request.person, tab=tab, writing=writing)
    return fragment(request, "console/live/presence.html", {"lines": presence.lines(ticket, request.person)})
