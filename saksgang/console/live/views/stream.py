"""Whether somebody may listen to what changes. The stream itself is no page: console/live/stream.py writes it."""

from __future__ import annotations

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from saksgang.access.roles import Permission
from saksgang.console.pages import ConsoleRequest, page


class Listens(HttpResponse):
    """Yes. Where pages are served without streams this goes out as it is, and tells a browser not to come again."""

    status_code = 204

    def __init__(self, request: ConsoleRequest) -> None:
        super().__init__()
        self.listens, self.session_key = request.person, request.session.session_key or ""
        self["Cache-Control"] = "no-store, private"


@require_safe
@page(Permission.READ_TICKETS)
def show(request: ConsoleRequest) -> HttpResponse:
    return Listens(request)
